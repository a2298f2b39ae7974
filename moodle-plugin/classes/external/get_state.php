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

/**
 * Says how things stand for the current user.
 *
 * @package   quizaccess_probity
 * @copyright 2026 The Probity authors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class get_state extends external_api {
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
     * How things stand.
     *
     * @param int $cmid
     * @return array
     */
    public static function execute(int $cmid): array {
        global $USER;
        ['cmid' => $cmid] = self::validate_parameters(self::execute_parameters(), ['cmid' => $cmid]);
        [$quizobj, $settings] = self::quiz($cmid);
        $quizid = (int) $quizobj->get_quizid();
        $decision = gate::decide($quizid, $USER->id, gate::attempt_under_way($quizid, $USER->id) !== null);
        $late = $settings->monitor && $decision->admission->late(time(), (int) $settings->grace);
        return [
            'admitted' => $decision->admitted || !gate::holds($quizobj->get_context(), $USER->id),
            'state' => $decision->state,
            'reason' => $decision->reason,
            'words' => gate::words($decision, $late),
            'monitored' => $decision->admission->monitored,
            'graceuntil' => $late ? $decision->admission->graceuntil : 0,
            'approvalrequested' => $decision->admission->approvalrequested,
            'reachable' => $decision->reachable,
            'time' => time(),
        ];
    }

    /**
     * What is answered.
     *
     * @return external_single_structure
     */
    public static function execute_returns(): external_single_structure {
        return new external_single_structure([
            'admitted' => new external_value(PARAM_BOOL, 'Whether the student may start and go on'),
            'state' => new external_value(PARAM_ALPHANUMEXT, 'NOT_IDENTIFIED, IDENTIFIED, MONITORED, APPROVED or PAUSED'),
            'reason' => new external_value(PARAM_ALPHANUMEXT, 'Why not; NONE when admitted'),
            'words' => new external_value(PARAM_TEXT, 'The same for the student'),
            'monitored' => new external_value(PARAM_BOOL, 'Whether a capture runs'),
            'graceuntil' => new external_value(PARAM_INT, 'Until when a lost capture is borne, epoch seconds, 0 for none lost'),
            'approvalrequested' => new external_value(PARAM_BOOL, 'Whether manual approval has been asked for'),
            'reachable' => new external_value(PARAM_BOOL, 'Whether Probity answered'),
            'time' => new external_value(PARAM_INT, 'This server\'s clock, epoch seconds'),
        ]);
    }
}
