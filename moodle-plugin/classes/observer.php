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

use core\event\base;
use quizaccess_probity\local\launch_claims;
use quizaccess_probity\task\erase_person;
use quizaccess_probity\task\notify_attempt;

/**
 * Watches events. Nothing that goes wrong here may reach the student's request: Moodle catches no Error.
 *
 * @package   quizaccess_probity
 * @copyright 2026 The Probity authors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class observer {
    /** What Probity calls what became of an attempt. */
    private const ATTEMPTS = [
        'attempt_abandoned' => 'ABANDONED',
        'attempt_deleted' => 'ABANDONED',
        'attempt_reopened' => 'STARTED',
        'attempt_started' => 'STARTED',
        'attempt_submitted' => 'SUBMITTED',
    ];

    /** States of an attempt under way. */
    private const UNDER_WAY = ['inprogress', 'overdue'];

    /**
     * An attempt began, ended, or goes on after its end.
     *
     * @param base $event
     */
    public static function attempt(base $event): void {
        self::safely(function () use ($event): void {
            // The event of a start does not name the quiz: the attempt does.
            $attempt = $event->get_record_snapshot('quiz_attempts', $event->objectid);
            $what = self::name($event);
            if ($what === 'attempt_deleted' && !in_array($attempt->state, self::UNDER_WAY, true)) {
                return;
            }
            $asked = !$attempt->preview && gate::settings((int) $attempt->quiz);
            if (!$asked || !gate::holds($event->get_context(), (int) $attempt->userid)) {
                return;
            }
            notify_attempt::tell([
                'activity' => launch_claims::activity((int) $attempt->quiz),
                'sub' => (string) $attempt->userid,
                'attempt' => (string) $attempt->id,
                'event' => self::ATTEMPTS[$what],
                'time' => gmdate('Y-m-d\TH:i:s\Z', $event->timecreated),
            ]);
        });
    }

    /**
     * Something of a course changed.
     *
     * @param base $event
     */
    public static function course_changed(base $event): void {
        self::safely(function () use ($event): void {
            global $DB;
            if ((int) $event->courseid > 0) {
                changes::note([(int) $event->courseid]);
            } else if ($event->contextlevel == CONTEXT_COURSECAT) {
                // A role in a category holds in every course beneath.
                $select = 'contextlevel = :level AND ' . $DB->sql_like('path', ':path');
                $params = ['level' => CONTEXT_COURSE, 'path' => $event->get_context()->path . '/%'];
                changes::note(array_map('intval', $DB->get_fieldset_select('context', 'instanceid', $select, $params)));
            }
        });
    }

    /**
     * Something of a user changed, in all their courses.
     *
     * @param base $event
     */
    public static function user_changed(base $event): void {
        self::safely(function () use ($event): void {
            changes::note(array_map('intval', array_keys(enrol_get_all_users_courses($event->objectid, false, 'id'))));
        });
    }

    /**
     * A user was deleted: nothing of them is kept, here or at Probity, of whatever quizzes.
     *
     * @param base $event
     */
    public static function user_deleted(base $event): void {
        self::safely(function () use ($event): void {
            state_store::delete('userid = :userid', ['userid' => $event->objectid]);
            if (config::is_set_up()) {
                erase_person::ask((int) $event->objectid);
            }
        });
    }

    /**
     * The name of an event without where it is from.
     *
     * @param base $event
     * @return string
     */
    private static function name(base $event): string {
        $parts = explode('\\', get_class($event));
        return end($parts);
    }

    /**
     * Does something of which no failure goes further.
     *
     * @param callable $do
     */
    private static function safely(callable $do): void {
        try {
            $do();
        } catch (\Throwable $e) {
            debugging('quizaccess_probity: ' . $e->getMessage(), DEBUG_DEVELOPER);
        }
    }
}
