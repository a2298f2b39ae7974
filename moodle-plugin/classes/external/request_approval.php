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

namespace quizaccess_probity\external;

use core_external\external_api;
use core_external\external_function_parameters;
use core_external\external_single_structure;
use core_external\external_value;
use quizaccess_probity\approvals;

/**
 * Asks the teachers to let the current user in without biometrics.
 *
 * @package   quizaccess_probity
 * @copyright 2026 The Probity authors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class request_approval extends external_api {
    use student;

    /**
     * Parameters.
     *
     * @return external_function_parameters
     */
    public static function execute_parameters(): external_function_parameters {
        return new external_function_parameters([
            'cmid' => new external_value(PARAM_INT, 'Course module of the quiz'),
            'note' => new external_value(PARAM_RAW, 'What the student says, plain text', VALUE_DEFAULT, ''),
        ]);
    }

    /**
     * Asks.
     *
     * @param int $cmid
     * @param string $note
     * @return array
     */
    public static function execute(int $cmid, string $note = ''): array {
        global $USER;
        ['cmid' => $cmid, 'note' => $note] = self::validate_parameters(
            self::execute_parameters(),
            ['cmid' => $cmid, 'note' => $note]
        );
        [$quizobj] = self::quiz($cmid);
        approvals::request($quizobj, $USER, \core_text::substr(trim(fix_utf8($note)), 0, 1000));
        return ['requested' => true];
    }

    /**
     * What is answered.
     *
     * @return external_single_structure
     */
    public static function execute_returns(): external_single_structure {
        return new external_single_structure([
            'requested' => new external_value(PARAM_BOOL, 'True: the teachers can see it'),
        ]);
    }
}
