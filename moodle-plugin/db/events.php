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
 * Events that quizaccess_probity watches: attempts, and whatever changes what Probity reads of a course.
 *
 * None is internal: they are told after the database has committed, so that nothing waits for Probity within a
 * transaction, and a change is not told of before it can be read.
 *
 * @package   quizaccess_probity
 * @copyright 2026 The Probity authors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

defined('MOODLE_INTERNAL') || die();

$observers = [];

foreach (['attempt_abandoned', 'attempt_deleted', 'attempt_reopened', 'attempt_started', 'attempt_submitted'] as $event) {
    $observers[] = [
        'eventname' => '\mod_quiz\event\\' . $event,
        'callback' => '\quizaccess_probity\observer::attempt',
        'internal' => false,
    ];
}

$changes = [
    'core' => [
        'course_created', 'course_updated', 'course_restored', 'course_deleted',
        'course_module_created', 'course_module_updated', 'course_module_deleted',
        'user_enrolment_created', 'user_enrolment_updated', 'user_enrolment_deleted',
        'role_assigned', 'role_unassigned',
        'group_created', 'group_updated', 'group_deleted', 'group_member_added', 'group_member_removed',
    ],
    'mod_quiz' => [
        'user_override_created', 'user_override_updated', 'user_override_deleted',
        'group_override_created', 'group_override_updated', 'group_override_deleted',
    ],
    'mod_assign' => [
        'user_override_created', 'user_override_updated', 'user_override_deleted',
        'group_override_created', 'group_override_updated', 'group_override_deleted',
        'extension_granted',
    ],
];
foreach ($changes as $component => $events) {
    foreach ($events as $event) {
        $observers[] = [
            'eventname' => "\\$component\\event\\$event",
            'callback' => '\quizaccess_probity\observer::course_changed',
            'internal' => false,
        ];
    }
}

foreach (['user_updated', 'user_deleted'] as $event) {
    $observers[] = [
        'eventname' => '\core\event\\' . $event,
        'callback' => '\quizaccess_probity\observer::user_changed',
        'internal' => false,
    ];
}

$observers[] = [
    'eventname' => '\core\event\user_deleted',
    'callback' => '\quizaccess_probity\observer::user_deleted',
    'internal' => false,
];
