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

namespace quizaccess_probity\privacy;

use context;
use context_module;
use core_privacy\local\metadata\collection;
use core_privacy\local\request\approved_contextlist;
use core_privacy\local\request\approved_userlist;
use core_privacy\local\request\contextlist;
use core_privacy\local\request\transform;
use core_privacy\local\request\userlist;
use core_privacy\local\request\writer;
use quizaccess_probity\client;
use quizaccess_probity\config;
use quizaccess_probity\service_exception;
use quizaccess_probity\state_store;

/**
 * What is held of people: rows here, and what Probity holds.
 *
 * Probity holds a person, not a person in a quiz. It is asked to erase them when the last of them here is deleted by this.
 *
 * @package   quizaccess_probity
 * @copyright 2026 The Probity authors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class provider implements
    \core_privacy\local\metadata\provider,
    \core_privacy\local\request\core_userlist_provider,
    \core_privacy\local\request\plugin\provider {
    /**
     * What is held.
     *
     * @param collection $collection
     * @return collection
     */
    public static function get_metadata(collection $collection): collection {
        $collection->add_database_table(state_store::TABLE, [
            'userid' => 'privacy:metadata:state:userid',
            'state' => 'privacy:metadata:state:state',
            'timechecked' => 'privacy:metadata:state:timechecked',
            'requestnote' => 'privacy:metadata:state:requestnote',
            'approvedby' => 'privacy:metadata:state:approvedby',
            'approvalnote' => 'privacy:metadata:state:approvalnote',
        ], 'privacy:metadata:state');
        $collection->add_external_location_link('probity', [
            'id' => 'privacy:metadata:probity:id',
            'name' => 'privacy:metadata:probity:name',
            'email' => 'privacy:metadata:probity:email',
            'language' => 'privacy:metadata:probity:language',
            'quiz' => 'privacy:metadata:probity:quiz',
            'attempt' => 'privacy:metadata:probity:attempt',
            'note' => 'privacy:metadata:probity:note',
        ], 'privacy:metadata:probity');
        return $collection;
    }

    /**
     * The quizzes in which something is held of a user.
     *
     * @param int $userid
     * @return contextlist
     */
    public static function get_contexts_for_userid(int $userid): contextlist {
        $sql = "SELECT c.id
                  FROM {" . state_store::TABLE . "} s
                  JOIN {course_modules} cm ON cm.instance = s.quizid
                  JOIN {modules} m ON m.id = cm.module AND m.name = :modname
                  JOIN {context} c ON c.instanceid = cm.id AND c.contextlevel = :level
                 WHERE s.userid = :student OR s.approvedby = :teacher";
        $contextlist = new contextlist();
        $contextlist->add_from_sql($sql, [
            'modname' => 'quiz',
            'level' => CONTEXT_MODULE,
            'student' => $userid,
            'teacher' => $userid,
        ]);
        return $contextlist;
    }

    /**
     * The users of whom something is held in a quiz.
     *
     * @param userlist $userlist
     */
    public static function get_users_in_context(userlist $userlist) {
        $quizid = self::quiz($userlist->get_context());
        if ($quizid === null) {
            return;
        }
        $table = '{' . state_store::TABLE . '}';
        $userlist->add_from_sql('userid', "SELECT userid FROM $table WHERE quizid = :quizid", ['quizid' => $quizid]);
        $userlist->add_from_sql(
            'approvedby',
            "SELECT approvedby FROM $table WHERE quizid = :quizid AND approvedby > 0",
            ['quizid' => $quizid]
        );
    }

    /**
     * Gives a user what is held of them, here and at Probity.
     *
     * @param approved_contextlist $contextlist
     */
    public static function export_user_data(approved_contextlist $contextlist) {
        global $DB;
        $userid = (int) $contextlist->get_user()->id;
        $first = null;
        foreach ($contextlist->get_contexts() as $context) {
            $quizid = self::quiz($context);
            if ($quizid === null) {
                continue;
            }
            $row = state_store::find($quizid, $userid);
            if ($row) {
                $first ??= $context;
                writer::with_context($context)->export_data(self::path(), (object) [
                    'admitted' => transform::yesno($row->admitted),
                    'state' => $row->state,
                    'reason' => $row->reason,
                    'timechecked' => $row->timechecked ? transform::datetime($row->timechecked) : null,
                    'requestnote' => $row->requestnote,
                    'approvalnote' => $row->approvalnote,
                ]);
            }
            $approved = $DB->count_records(state_store::TABLE, ['quizid' => $quizid, 'approvedby' => $userid]);
            if ($approved) {
                writer::with_context($context)->export_related_data(self::path(), 'approved', (object) ['students' => $approved]);
            }
        }
        if ($first) {
            writer::with_context($first)->export_related_data(self::path(), 'probity', self::remote($userid));
        }
    }

    /**
     * Removes what is held of everybody in a quiz.
     *
     * @param context $context
     */
    public static function delete_data_for_all_users_in_context(context $context) {
        $quizid = self::quiz($context);
        if ($quizid !== null) {
            state_store::erase('quizid = :quizid', ['quizid' => $quizid]);
        }
    }

    /**
     * Removes what is held of a user in quizzes.
     *
     * @param approved_contextlist $contextlist
     */
    public static function delete_data_for_user(approved_contextlist $contextlist) {
        foreach ($contextlist->get_contexts() as $context) {
            $quizid = self::quiz($context);
            if ($quizid !== null) {
                self::delete($quizid, [$contextlist->get_user()->id]);
            }
        }
    }

    /**
     * Removes what is held of users in a quiz.
     *
     * @param approved_userlist $userlist
     */
    public static function delete_data_for_users(approved_userlist $userlist) {
        $quizid = self::quiz($userlist->get_context());
        if ($quizid !== null) {
            self::delete($quizid, $userlist->get_userids());
        }
    }

    /**
     * Removes users' rows of a quiz, and their names as approving teachers.
     *
     * @param int $quizid
     * @param array $userids
     */
    private static function delete(int $quizid, array $userids): void {
        global $DB;
        foreach ($userids as $userid) {
            state_store::erase('quizid = :quizid AND userid = :userid', ['quizid' => $quizid, 'userid' => $userid]);
            $DB->set_field(state_store::TABLE, 'approvedby', 0, ['quizid' => $quizid, 'approvedby' => $userid]);
        }
    }

    /**
     * What Probity holds of a user.
     *
     * @param int $userid
     * @return \stdClass
     */
    private static function remote(int $userid): \stdClass {
        if (!config::is_set_up()) {
            return (object) [];
        }
        try {
            return (object) ((new client())->export_person($userid) ?? []);
        } catch (service_exception $e) {
            return (object) ['error' => get_string('privacy:unreachable', 'quizaccess_probity')];
        }
    }

    /**
     * Where in an export it stands.
     *
     * @return string[]
     */
    private static function path(): array {
        return [get_string('pluginname', 'quizaccess_probity')];
    }

    /**
     * The quiz of a context.
     *
     * @param context $context
     * @return int|null null when it is of no quiz
     */
    private static function quiz(context $context): ?int {
        if (!$context instanceof context_module) {
            return null;
        }
        $cm = get_coursemodule_from_id('quiz', $context->instanceid);
        return $cm ? (int) $cm->instance : null;
    }
}
