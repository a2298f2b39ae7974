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

use quizaccess_probity\local\admission;
use quizaccess_probity\local\decision;
use quizaccess_probity\local\gate_rule;
use quizaccess_probity\local\words;
use stdClass;

/**
 * The one place that says whether a student may start or go on. Nothing of a form or a browser comes into it.
 *
 * @package   quizaccess_probity
 * @copyright 2026 The Probity authors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class gate {
    /**
     * What a quiz asks.
     *
     * @param int $quizid
     * @return stdClass|null row of quizaccess_probity; null when the quiz does without
     */
    public static function settings(int $quizid): ?stdClass {
        global $DB;
        return $DB->get_record('quizaccess_probity', ['quizid' => $quizid, 'enabled' => 1]) ?: null;
    }

    /**
     * Whether somebody has to be identified in a quiz that asks for it.
     *
     * Who may preview is staff. The exemption must have been given: administrators have it not by being administrators.
     *
     * @param \context_module $context of the quiz
     * @param int $userid
     * @return bool
     */
    public static function holds(\context_module $context, int $userid): bool {
        return !has_capability('mod/quiz:preview', $context, $userid) &&
            !has_capability('quizaccess/probity:exempt', $context, $userid, false);
    }

    /**
     * Decides on a student.
     *
     * @param int $quizid
     * @param int $userid
     * @param bool $inattempt whether an attempt is under way
     * @return decision
     */
    public static function decide(int $quizid, int $userid, bool $inattempt): decision {
        $now = time();
        $rule = new gate_rule(config::outage_grace());
        $row = self::told($quizid, $userid);
        $known = $row ? admission::from_row($row) : admission::none();
        $checked = $row ? (int) $row->timechecked : 0;
        $reachable = true;
        if ($rule->must_ask($checked, $now)) {
            try {
                $known = admission::from_answer((new client())->student($quizid, $userid));
                state_store::keep($quizid, $userid, $known, $now);
                $checked = $now;
            } catch (service_exception | \UnexpectedValueException $e) {
                $reachable = false;
                debugging('quizaccess_probity: ' . $e->getMessage(), DEBUG_DEVELOPER);
            }
        }
        return $rule->decide($known, $checked, $reachable, $inattempt, $row ? (int) $row->timeapproved : 0, $now);
    }

    /**
     * The row of a student. An approval that waits is told first: it counts here only while Probity cannot be told of it.
     *
     * @param int $quizid
     * @param int $userid
     * @return stdClass|null
     */
    private static function told(int $quizid, int $userid): ?stdClass {
        $row = state_store::find($quizid, $userid);
        if (!$row || !$row->timeapproved) {
            return $row;
        }
        approvals::send($row);
        return state_store::find($quizid, $userid);
    }

    /**
     * What to tell the student.
     *
     * @param decision $decision
     * @param bool $late whether the capture seems lost
     * @return string plain text
     */
    public static function words(decision $decision, bool $late = false): string {
        return get_string(words::identifier($decision, $late), 'quizaccess_probity');
    }

    /**
     * The attempt of a student that is under way.
     *
     * @param int $quizid
     * @param int $userid
     * @return int|null its id
     */
    public static function attempt_under_way(int $quizid, int $userid): ?int {
        global $DB;
        $id = $DB->get_field_select(
            'quiz_attempts',
            'MAX(id)',
            'quiz = :quizid AND userid = :userid AND preview = 0 AND state IN (:inprogress, :overdue)',
            ['quizid' => $quizid, 'userid' => $userid, 'inprogress' => 'inprogress', 'overdue' => 'overdue']
        );
        return $id ? (int) $id : null;
    }
}
