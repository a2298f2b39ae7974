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
use core_external\external_multiple_structure;
use core_external\external_single_structure;
use core_external\external_value;
use quizaccess_probity\gate;
use quizaccess_probity\state_store;

/**
 * Probity tells which students are admitted now.
 *
 * @package   quizaccess_probity
 * @copyright 2026 The Probity authors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class set_states extends external_api {
    /**
     * Parameters.
     *
     * @return external_function_parameters
     */
    public static function execute_parameters(): external_function_parameters {
        return new external_function_parameters([
            'states' => new external_multiple_structure(new external_single_structure([
                'quizid' => new external_value(PARAM_INT, 'The quiz'),
                'userid' => new external_value(PARAM_INT, 'The student'),
                'admitted' => new external_value(PARAM_BOOL, 'Whether the student may start and go on'),
                'state' => new external_value(PARAM_ALPHANUMEXT, 'NOT_IDENTIFIED, IDENTIFIED, MONITORED, APPROVED or PAUSED'),
                'reason' => new external_value(PARAM_ALPHANUMEXT, 'Why not; NONE when admitted', VALUE_DEFAULT, 'NONE'),
                'revision' => new external_value(PARAM_INT, 'Grows with each change; an older one is ignored'),
            ])),
        ]);
    }

    /**
     * Keeps them.
     *
     * @param array $states
     * @return array
     */
    public static function execute(array $states): array {
        ['states' => $states] = self::validate_parameters(self::execute_parameters(), ['states' => $states]);
        $context = \context_system::instance();
        self::validate_context($context);
        require_capability('quizaccess/probity:sync', $context);

        $accepted = 0;
        $now = time();
        foreach ($states as $state) {
            // Only of whom came to the quiz: who was deleted here does not come back by what Probity holds still.
            $row = gate::settings($state['quizid']) ? state_store::find($state['quizid'], $state['userid']) : null;
            if (!$row || $row->revision >= $state['revision']) {
                continue;
            }
            $said = array_intersect_key($state, array_flip(['admitted', 'state', 'reason', 'revision']));
            state_store::update($row, ['timechecked' => $now] + $said);
            $accepted++;
        }
        return ['accepted' => $accepted];
    }

    /**
     * What is answered.
     *
     * @return external_single_structure
     */
    public static function execute_returns(): external_single_structure {
        return new external_single_structure([
            'accepted' => new external_value(PARAM_INT, 'How many were new'),
        ]);
    }
}
