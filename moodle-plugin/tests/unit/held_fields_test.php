<?php
// This file is part of quizaccess_probity, a plugin for Moodle - https://moodle.org/
//
// This program is free software: you can redistribute it and/or modify
// it under the terms of the GNU General Public License as published by
// the Free Software Foundation, either version 3 of the License, or
// (at your option) any later version.
//
// This program is distributed in the hope that it will be useful,
// but WITHOUT ANY WARRANTY; without even the implied warranty of
// MERCHANTABILITY or FITNESS FOR A PARTICULAR PURPOSE.  See the
// GNU General Public License for more details.
//
// You should have received a copy of the GNU General Public License
// along with this program.  If not, see <https://www.gnu.org/licenses/>.

namespace quizaccess_probity\local;

use PHPUnit\Framework\TestCase;

/**
 * Tests of the fields that hold answers, and of the pages of changes.
 *
 * @package   quizaccess_probity
 * @copyright 2026 The Probity authors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 * @covers    \quizaccess_probity\local\held_fields
 * @covers    \quizaccess_probity\local\change_page
 */
final class held_fields_test extends TestCase {
    /**
     * What was sent comes back the same when a browser has read the fields and sends them.
     */
    public function test_round_trip(): void {
        $post = [
            'attempt' => '7',
            'q12:1_answer' => "line one\nline \"two\" <b>&amp;</b> 'ελληνικά' &#60;p&#x3e; &lt;",
            'choice' => ['a' => '1', 'b' => ['c' => '2', '0' => '3']],
            'list' => ['x', 'y'],
            'empty' => '',
        ];
        $fields = held_fields::of($post);
        $this->assertCount(8, $fields);
        $sent = fn(string $html): string => rawurlencode(html_entity_decode($html, ENT_QUOTES | ENT_HTML5));
        $query = implode('&', array_map(fn($f) => $sent($f['name']) . '=' . $sent($f['value']), $fields));
        parse_str($query, $again);
        $this->assertSame($post, $again);
    }

    /**
     * A list of changes is read to its end, each course once, whatever the size of a page; the next begins a minute earlier.
     */
    public function test_pages(): void {
        $all = [];
        for ($id = 1; $id <= 23; $id++) {
            $all[] = (object) ['courseid' => (string) ($id * 3), 'timechanged' => '500'];
        }
        foreach ([1, 2, 22, 23, 24, 500] as $limit) {
            $size = change_page::size($limit);
            $after = 0;
            $seen = [];
            do {
                $rows = array_filter($all, fn($row) => $row->courseid > $after);
                $page = change_page::of(array_slice($rows, 0, $size + 1), $size, 900);
                $this->assertSame(840, $page['time']);
                $this->assertLessThanOrEqual($size, count($page['courses']));
                foreach ($page['courses'] as $course) {
                    $seen[] = $course['id'];
                    $after = $course['id'];
                }
            } while ($page['more']);
            $this->assertSame(array_map(fn($row) => (int) $row->courseid, $all), $seen);
        }
    }

    /**
     * A page has a size that can be served.
     */
    public function test_size(): void {
        $this->assertSame(1, change_page::size(0));
        $this->assertSame(1, change_page::size(-7));
        $this->assertSame(500, change_page::size(100000));
    }
}
