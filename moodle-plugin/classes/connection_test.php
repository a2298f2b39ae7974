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

namespace quizaccess_probity;

use stdClass;

/**
 * Tries the connection to Probity, and says in words what is wrong with it.
 *
 * @package   quizaccess_probity
 * @copyright 2026 The Probity authors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class connection_test {
    /** Seconds by which two clocks may differ: half the life of a token. */
    private const CLOCKS = 30;

    /**
     * Tries it.
     *
     * @return stdClass good (bool), problems (string[]), facts (lang string name => value)
     */
    public static function run(): stdClass {
        global $CFG;
        $result = (object) ['good' => false, 'problems' => [], 'facts' => []];
        try {
            $site = (new client())->site();
        } catch (service_exception $e) {
            $result->problems[] = self::problem($e);
            return $result;
        }
        $result->good = true;
        $apart = abs(time() - (int) strtotime((string) ($site['serverTime'] ?? '')));
        if ($apart > self::CLOCKS) {
            $result->problems[] = get_string('test:clock_bad', 'quizaccess_probity', $apart);
        }
        if (rtrim((string) ($site['address'] ?? ''), '/') !== rtrim($CFG->wwwroot, '/')) {
            $result->problems[] = get_string('test:differs', 'quizaccess_probity', s($CFG->wwwroot));
        }
        $result->facts = [
            'test:organisation' => (string) ($site['organisation'] ?? ''),
            'test:connection' => (string) ($site['connection'] ?? ''),
            'test:address' => (string) ($site['address'] ?? ''),
            'test:publicurl' => (string) ($site['publicUrl'] ?? ''),
            'test:clock' => get_string('test:clock_seconds', 'quizaccess_probity', $apart),
        ];
        return $result;
    }

    /**
     * What is wrong, and what to do.
     *
     * @param service_exception $e
     * @return string
     */
    private static function problem(service_exception $e): string {
        if ($e->blocked) {
            return get_string('test:blocked', 'quizaccess_probity');
        }
        $name = $e->status === 0 ? 'test:silent' : 'test:refused';
        return get_string($name, 'quizaccess_probity', s($e->getMessage()));
    }
}
