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
 * Tests of the key of a site.
 *
 * @package   quizaccess_probity
 * @copyright 2026 The Probity authors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 * @covers    \quizaccess_probity\local\site_key
 */
final class site_key_test extends TestCase {
    /** A connection. */
    private const CONNECTION = '0b36a1f2-1c1e-4ad4-9a31-0f5f4d3c2b1a';

    /**
     * A key is read to its connection and its 32 bytes, whatever they are.
     */
    public function test_reads_a_key(): void {
        foreach ([str_repeat("\0", 32), str_repeat("\xff", 32), random_bytes(32)] as $secret) {
            $text = rtrim(strtr(base64_encode($secret), '+/', '-_'), '=');
            $key = site_key::parse("  probity_" . self::CONNECTION . "_$text\n");
            $this->assertNotNull($key);
            $this->assertSame(self::CONNECTION, $key->connection);
            $this->assertSame($secret, $key->secret);
        }
    }

    /**
     * What is no key is none.
     *
     * @dataProvider others
     * @param string $text
     */
    public function test_refuses_others(string $text): void {
        $this->assertNull(site_key::parse($text));
    }

    /**
     * No keys.
     *
     * @return array
     */
    public static function others(): array {
        $secret = str_repeat('A', 43);
        return [
            'nothing' => [''],
            'no prefix' => [self::CONNECTION . "_$secret"],
            'too short' => ['probity_' . self::CONNECTION . '_' . substr($secret, 1)],
            'too long' => ['probity_' . self::CONNECTION . "_A$secret"],
            'base64 with plus' => ['probity_' . self::CONNECTION . '_+' . substr($secret, 1)],
            'no connection' => ["probity__$secret"],
            'two lines' => ['probity_' . self::CONNECTION . "_$secret\nprobity"],
        ];
    }
}
