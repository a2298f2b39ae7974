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

use mod_quiz\quiz_settings;
use quizaccess_probity\local\gate_rule;
use stdClass;

/**
 * Manual approval: the way in without biometrics. What cannot be told to Probity now waits here, and counts here.
 *
 * @package   quizaccess_probity
 * @copyright 2026 The Probity authors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class approvals {
    /** Probity's reason for refusing of whom it knows nothing. */
    private const UNKNOWN = 'USER_NOT_FOUND';

    /**
     * A student asks.
     *
     * @param quiz_settings $quizobj
     * @param stdClass $user
     * @param string $note
     */
    public static function request(quiz_settings $quizobj, stdClass $user, string $note): void {
        $quizid = (int) $quizobj->get_quizid();
        $again = !empty(state_store::find($quizid, $user->id)->approvalrequested);
        state_store::write($quizid, $user->id, [
            'approvalrequested' => 1,
            'timerequested' => time(),
            'requestnote' => $note,
        ]);
        self::send(state_store::find($quizid, $user->id));
        event\approval_requested::of($quizobj->get_cm(), $user->id)->trigger();
        if (!$again) {
            self::tell_teachers($quizobj, $user, $note);
        }
    }

    /**
     * A teacher approves, or takes the approval back.
     *
     * @param stdClass|\cm_info $cm
     * @param int $userid the student
     * @param bool $approve
     * @param string $note
     * @return outcome
     */
    public static function decide($cm, int $userid, bool $approve, string $note): outcome {
        $quizid = (int) $cm->instance;
        $outcome = $approve ? self::approve($quizid, $userid, $note) : self::revoke($quizid, $userid, $note);
        if ($outcome->good) {
            event\approval_decided::of($cm, $userid, $approve)->trigger();
        }
        return $outcome;
    }

    /**
     * Tells Probity what waits in a row. What it refuses does not wait any more, and does not count.
     *
     * @param stdClass $row
     * @return service_exception|null why something was not taken, of an approval rather than of a request
     */
    public static function send(stdClass $row): ?service_exception {
        $asked = $row->timerequested ? self::pass_on($row, 'timerequested', function (client $client) use ($row): void {
            $client->request_approval($row->quizid, $row->userid, (string) $row->requestnote);
        }) : null;
        $approved = $row->timeapproved ? self::pass_on($row, 'timeapproved', function (client $client) use ($row): void {
            $actor = self::actor(\core_user::get_user($row->approvedby) ?: \core_user::get_noreply_user());
            $client->approve($row->quizid, $row->userid, true, (string) $row->approvalnote, $actor);
        }) : null;
        return $approved ?? $asked;
    }

    /**
     * Approves: it counts here while Probity cannot be told.
     *
     * @param int $quizid
     * @param int $userid
     * @param string $note
     * @return outcome
     */
    private static function approve(int $quizid, int $userid, string $note): outcome {
        global $USER;
        state_store::write($quizid, $userid, [
            'timeapproved' => time(),
            'approvedby' => $USER->id,
            'approvalnote' => $note,
            // It answers a request that waits.
            'timerequested' => 0,
        ]);
        $failure = self::send(state_store::find($quizid, $userid));
        if ($failure && $failure->is_refusal()) {
            return outcome::failed($failure);
        }
        return outcome::good($failure ? 'report:savedhere' : 'report:saved');
    }

    /**
     * Takes an approval back. What Probity knows it must be told; until then what it said last holds.
     *
     * @param int $quizid
     * @param int $userid
     * @param string $note
     * @return outcome
     */
    private static function revoke(int $quizid, int $userid, string $note): outcome {
        global $USER;
        $waits = !empty(state_store::find($quizid, $userid)->timeapproved);
        $failure = self::tell(fn(client $client) => $client->approve($quizid, $userid, false, $note, self::actor($USER)));
        // Of somebody unknown there is nothing that could be taken back.
        if (!$failure || $failure->reason === self::UNKNOWN) {
            state_store::write($quizid, $userid, [
                'timeapproved' => 0,
                // It answers a request, whether it waits or not.
                'timerequested' => 0,
                'approvalrequested' => 0,
                'timechecked' => 0,
            ]);
            return outcome::good('report:saved');
        }
        if ($waits) {
            state_store::write($quizid, $userid, ['timeapproved' => 0]);
            return outcome::good('report:revokedhere');
        }
        return outcome::failed($failure);
    }

    /**
     * Tells Probity something about a student, whom it comes to know by it if need be; what it takes or refuses waits no more.
     *
     * @param stdClass $row as it was read
     * @param string $column that says that it waits
     * @param callable $do with a client
     * @return service_exception|null why it was not taken
     */
    private static function pass_on(stdClass $row, string $column, callable $do): ?service_exception {
        $failure = self::tell($do);
        if ($failure && $failure->reason === self::UNKNOWN) {
            $failure = self::tell(function (client $client) use ($row, $do): void {
                launcher::introduce($row->quizid, $row->userid);
                $do($client);
            });
        }
        if (!$failure || $failure->is_refusal()) {
            self::sent($row, $column);
        }
        return $failure;
    }

    /**
     * Tells Probity something.
     *
     * @param callable $do with a client
     * @return service_exception|null why it was not taken
     */
    private static function tell(callable $do): ?service_exception {
        try {
            $do(new client());
            return null;
        } catch (service_exception $e) {
            // Somebody unknown is no fault: they never opened the capture page.
            if ($e->reason !== self::UNKNOWN) {
                debugging('quizaccess_probity: ' . $e->getMessage(), DEBUG_DEVELOPER);
            }
            return $e;
        }
    }

    /**
     * Tells those who may approve, of the student's groups where those are kept apart.
     *
     * @param quiz_settings $quizobj
     * @param stdClass $user
     * @param string $note
     */
    private static function tell_teachers(quiz_settings $quizobj, stdClass $user, string $note): void {
        $cm = $quizobj->get_cm();
        $words = (object) [
            'student' => fullname($user),
            'quiz' => format_string($quizobj->get_quiz_name(), true, ['context' => $quizobj->get_context()]),
            'note' => $note,
        ];
        $groups = groups_get_activity_groupmode($cm) == SEPARATEGROUPS ?
            array_keys(groups_get_activity_allowed_groups($cm, $user->id)) : '';
        $teachers = get_users_by_capability(
            $quizobj->get_context(),
            'quizaccess/probity:approve',
            groups: $groups,
            useviewallgroups: true
        );
        notice::send(
            'approvalrequest',
            $teachers,
            get_string('message:subject', 'quizaccess_probity', $words),
            get_string('message:body', 'quizaccess_probity', $words),
            new \moodle_url('/mod/quiz/accessrule/probity/report.php', ['cmid' => $cm->id, 'userid' => $user->id]),
            get_string('report:title', 'quizaccess_probity')
        );
    }

    /**
     * Who acts, for Probity.
     *
     * @param stdClass $user
     * @return array sub, email, name
     */
    public static function actor(stdClass $user): array {
        return ['sub' => (string) $user->id, 'email' => (string) $user->email, 'name' => fullname($user)];
    }

    /**
     * Notes that it waits no more, unless something newer has come to wait.
     *
     * @param stdClass $row as it was sent
     * @param string $column
     */
    private static function sent(stdClass $row, string $column): void {
        global $DB;
        $DB->set_field(state_store::TABLE, $column, 0, ['id' => $row->id, $column => $row->$column]);
        // What was remembered is older than this: it is asked for anew, and carries an attempt on until then.
        $old = time() - gate_rule::FRESH - 1;
        $DB->set_field_select(state_store::TABLE, 'timechecked', $old, 'id = :id AND timechecked > :old', [
            'id' => $row->id,
            'old' => $old,
        ]);
    }
}
