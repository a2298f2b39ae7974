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

/**
 * One page of the courses that have changed.
 *
 * @package   quizaccess_probity
 * @copyright 2026 The Probity authors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class change_page {
    /** The most courses on a page. */
    public const MOST = 500;

    /**
     * Seconds that are told again by the next reading. A change bears the time at which it was noted, by the clock of the
     * server that noted it, and can be read when it has been committed: that may be after a reading of a later time.
     */
    public const OVERLAP = 60;

    /**
     * How many courses a page has.
     *
     * @param int $asked
     * @return int
     */
    public static function size(int $asked): int {
        return max(1, min($asked, self::MOST));
    }

    /**
     * The page.
     *
     * @param array $rows courseid, timechanged: by courseid, one more than fits if there are more
     * @param int $size
     * @param int $now this server's clock when the rows were read
     * @return array time, more, courses
     */
    public static function of(array $rows, int $size, int $now): array {
        $courses = [];
        foreach (array_slice(array_values($rows), 0, $size) as $row) {
            $courses[] = ['id' => (int) $row->courseid, 'timechanged' => (int) $row->timechanged];
        }
        return ['time' => $now - self::OVERLAP, 'more' => count($rows) > $size, 'courses' => $courses];
    }
}
