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
use quizaccess_probity\local\change_page;

/**
 * Lists the courses of which something changed.
 *
 * @package   quizaccess_probity
 * @copyright 2026 The Probity authors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class get_changes extends external_api {
    /**
     * Parameters.
     *
     * @return external_function_parameters
     */
    public static function execute_parameters(): external_function_parameters {
        return new external_function_parameters([
            'since' => new external_value(PARAM_INT, 'The time that the first page of the last reading gave, epoch seconds'),
            'aftercourse' => new external_value(PARAM_INT, 'The last course of the page before, 0 for the first', VALUE_DEFAULT, 0),
            'limit' => new external_value(PARAM_INT, 'Courses on a page, at most 500', VALUE_DEFAULT, change_page::MOST),
        ]);
    }

    /**
     * The page.
     *
     * @param int $since
     * @param int $aftercourse
     * @param int $limit
     * @return array
     */
    public static function execute(int $since, int $aftercourse = 0, int $limit = change_page::MOST): array {
        global $DB;
        [
            'since' => $since,
            'aftercourse' => $aftercourse,
            'limit' => $limit,
        ] = self::validate_parameters(
            self::execute_parameters(),
            ['since' => $since, 'aftercourse' => $aftercourse, 'limit' => $limit]
        );
        $context = \context_system::instance();
        self::validate_context($context);
        require_capability('quizaccess/probity:sync', $context);

        // The clock is read first: no change falls between it and the rows.
        $now = time();
        $size = change_page::size($limit);
        $rows = $DB->get_records_select(
            'quizaccess_probity_change',
            'timechanged >= :since AND courseid > :after',
            ['since' => $since, 'after' => $aftercourse],
            'courseid',
            'id, courseid, timechanged',
            0,
            $size + 1
        );
        return change_page::of($rows, $size, $now);
    }

    /**
     * What is answered.
     *
     * @return external_single_structure
     */
    public static function execute_returns(): external_single_structure {
        return new external_single_structure([
            'time' => new external_value(PARAM_INT, 'The next since, from the first page: a minute ago, epoch seconds'),
            'more' => new external_value(PARAM_BOOL, 'Whether there is another page'),
            'courses' => new external_multiple_structure(new external_single_structure([
                'id' => new external_value(PARAM_INT, 'The course'),
                'timechanged' => new external_value(PARAM_INT, 'Epoch seconds'),
            ])),
        ]);
    }
}
