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
use quizaccess_probity\gate;
use quizaccess_probity\launcher;
use quizaccess_probity\service_exception;

/**
 * Gives the browser of a student a launch of the capture page.
 *
 * @package   quizaccess_probity
 * @copyright 2026 The Probity authors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class get_launch extends external_api {
    use student;

    /**
     * Parameters.
     *
     * @return external_function_parameters
     */
    public static function execute_parameters(): external_function_parameters {
        return new external_function_parameters([
            'cmid' => new external_value(PARAM_INT, 'Course module of the quiz'),
        ]);
    }

    /**
     * The launch.
     *
     * @param int $cmid
     * @return array
     */
    public static function execute(int $cmid): array {
        global $USER;
        ['cmid' => $cmid] = self::validate_parameters(self::execute_parameters(), ['cmid' => $cmid]);
        [$quizobj, $settings] = self::quiz($cmid);
        try {
            return launcher::capture($quizobj, $settings, gate::attempt_under_way($quizobj->get_quizid(), $USER->id));
        } catch (service_exception $e) {
            throw new \moodle_exception('error:notsetup', 'quizaccess_probity');
        }
    }

    /**
     * What is answered.
     *
     * @return external_single_structure
     */
    public static function execute_returns(): external_single_structure {
        return new external_single_structure([
            'url' => new external_value(PARAM_URL, 'The capture page; the token goes behind #launch='),
            'token' => new external_value(PARAM_RAW, 'Signed, good once and for a short time'),
            'expires' => new external_value(PARAM_INT, 'Epoch seconds'),
        ]);
    }
}
