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
 * A form that was sent, as the hidden fields that send it again, to the byte.
 *
 * What {{ }} of a template makes of a text is not enough: Moodle leaves numbered entities in it as they are, so that a
 * student who typed &#60; would hand in <.
 *
 * @package   quizaccess_probity
 * @copyright 2026 The Probity authors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class held_fields {
    /**
     * The fields.
     *
     * @param array $post as in $_POST, where name[a][b] has become nested arrays
     * @return array of ['name' => string, 'value' => string], escaped for an attribute in quotes
     */
    public static function of(array $post): array {
        $fields = [];
        foreach ($post as $name => $value) {
            self::add($fields, (string) $name, $value);
        }
        return $fields;
    }

    /**
     * Adds one value and what lies in it.
     *
     * @param array $fields
     * @param string $name
     * @param mixed $value
     */
    private static function add(array &$fields, string $name, $value): void {
        if (!is_array($value)) {
            $fields[] = ['name' => self::escaped($name), 'value' => self::escaped((string) $value)];
            return;
        }
        foreach ($value as $key => $inner) {
            self::add($fields, $name . '[' . $key . ']', $inner);
        }
    }

    /**
     * A text for an attribute in quotes.
     *
     * @param string $text
     * @return string
     */
    private static function escaped(string $text): string {
        return htmlspecialchars($text, ENT_QUOTES | ENT_SUBSTITUTE, 'UTF-8');
    }
}
