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
 * Tests of the words: there are some for every state and reason, in both languages.
 *
 * @package   quizaccess_probity
 * @copyright 2026 The Probity authors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 * @covers    \quizaccess_probity\local\words
 */
final class words_test extends TestCase {
    /**
     * The strings of a language.
     *
     * @param string $language
     * @return string[]
     */
    private static function strings(string $language): array {
        defined('MOODLE_INTERNAL') || define('MOODLE_INTERNAL', true);
        $string = [];
        require(__DIR__ . "/../../lang/$language/quizaccess_probity.php");
        return $string;
    }

    /**
     * The identifier for a student.
     *
     * @param bool $admitted
     * @param string $state
     * @param string $reason
     * @param bool $late
     * @return string
     */
    private static function identifier(bool $admitted, string $state, string $reason, bool $late = false): string {
        $known = new admission($admitted, $state, $reason);
        return words::identifier(new decision($admitted, $state, $reason, true, $known), $late);
    }

    /**
     * Every state and reason has words, those of tomorrow too.
     */
    public function test_all_have_words(): void {
        $strings = self::strings('en');
        foreach (array_merge(words::STATES, ['SOMETHING_NEW']) as $state) {
            $this->assertArrayHasKey(self::identifier(true, $state, 'NONE'), $strings);
            $this->assertArrayHasKey(self::identifier(true, $state, 'NONE', true), $strings);
        }
        foreach (array_merge(words::REASONS, ['SOMETHING_NEW', '']) as $reason) {
            $this->assertArrayHasKey(self::identifier(false, 'PAUSED', $reason), $strings);
        }
        foreach (array_merge(words::REFUSALS, ['SOMETHING_NEW']) as $reason) {
            $this->assertArrayHasKey(words::refusal($reason), $strings);
        }
    }

    /**
     * They are the right ones.
     */
    public function test_which(): void {
        $this->assertSame('reason_capture_lost', self::identifier(false, 'PAUSED', 'CAPTURE_LOST'));
        $this->assertSame('reason_other', self::identifier(false, 'PAUSED', 'NONE'));
        $this->assertSame('state_monitored', self::identifier(true, 'MONITORED', 'NONE'));
        $this->assertSame('state_grace', self::identifier(true, 'MONITORED', 'NONE', true));
        $this->assertSame('state_approved', self::identifier(true, 'APPROVED', 'NONE', true));
    }

    /**
     * Greek says all that English says, with the same places for names.
     */
    public function test_greek_is_whole(): void {
        $english = self::strings('en');
        $greek = self::strings('el');
        $this->assertSame(array_keys($english), array_keys($greek));
        foreach ($english as $name => $text) {
            $this->assertNotSame('', trim($greek[$name]), $name);
            $this->assertSame(self::places($text), self::places($greek[$name]), $name);
        }
    }

    /**
     * The places for names in a string.
     *
     * @param string $text
     * @return string[]
     */
    private static function places(string $text): array {
        preg_match_all('/\{\$a[^}]*\}/', $text, $found);
        sort($found[0]);
        return $found[0];
    }
}
