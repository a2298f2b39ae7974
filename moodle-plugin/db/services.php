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

/**
 * Web-service functions of quizaccess_probity, and the service that Probity uses.
 *
 * @package   quizaccess_probity
 * @copyright 2026 The Probity authors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

defined('MOODLE_INTERNAL') || die();

$functions = [
    'quizaccess_probity_set_states' => [
        'classname' => 'quizaccess_probity\external\set_states',
        'description' => 'Tells which students are admitted to a quiz now.',
        'type' => 'write',
        'capabilities' => 'quizaccess/probity:sync',
    ],
    'quizaccess_probity_get_changes' => [
        'classname' => 'quizaccess_probity\external\get_changes',
        'description' => 'Lists the courses of which something changed since a time.',
        'type' => 'read',
        'capabilities' => 'quizaccess/probity:sync',
    ],
    'quizaccess_probity_get_launch' => [
        'classname' => 'quizaccess_probity\external\get_launch',
        'description' => 'Gives the browser of a student a short-lived token for the capture page.',
        'type' => 'read',
        'ajax' => true,
        'capabilities' => 'mod/quiz:attempt',
        'readonlysession' => true,
        'services' => [MOODLE_OFFICIAL_MOBILE_SERVICE],
    ],
    'quizaccess_probity_get_state' => [
        'classname' => 'quizaccess_probity\external\get_state',
        'description' => 'Says whether the student may start or go on, in words too.',
        'type' => 'read',
        'ajax' => true,
        'capabilities' => 'mod/quiz:attempt',
        'readonlysession' => true,
        'services' => [MOODLE_OFFICIAL_MOBILE_SERVICE],
    ],
    'quizaccess_probity_request_approval' => [
        'classname' => 'quizaccess_probity\external\request_approval',
        'description' => 'Asks the teachers to let the student in without biometrics.',
        'type' => 'write',
        'ajax' => true,
        'capabilities' => 'mod/quiz:attempt',
        'services' => [MOODLE_OFFICIAL_MOBILE_SERVICE],
    ],
];

$services = [
    'Probity' => [
        'shortname' => 'probity',
        'functions' => [
            'quizaccess_probity_set_states',
            'quizaccess_probity_get_changes',
            'core_webservice_get_site_info',
            'core_course_get_courses_by_field',
            'core_enrol_get_enrolled_users',
            'core_enrol_get_users_courses',
            'core_user_get_users_by_field',
            'mod_assign_get_assignments',
            'mod_quiz_get_overrides',
            'mod_quiz_get_quiz_access_information',
            'mod_quiz_get_quizzes_by_courses',
        ],
        'restrictedusers' => 1,
        'enabled' => 1,
        'downloadfiles' => 0,
        'uploadfiles' => 0,
    ],
];
