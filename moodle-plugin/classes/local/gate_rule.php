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

namespace quizaccess_probity\local;

/**
 * The rule of the gate: what to make of an answer, and of none.
 *
 * @package   quizaccess_probity
 * @copyright 2026 The Probity authors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class gate_rule {
    /** Seconds for which an answer is used again: a click in a quiz is two or three requests. */
    public const FRESH = 2;

    /** Seconds for which an approval counts that was given here and could not be told: as long as Probity's own do. */
    public const APPROVAL = 86400;

    /**
     * Constructor.
     *
     * @param int $outagegrace seconds after Probity's last answer for which that answer carries an attempt on
     */
    public function __construct(
        /** @var int seconds after Probity's last answer for which that answer carries an attempt on */
        private readonly int $outagegrace,
    ) {
    }

    /**
     * Whether Probity must be asked.
     *
     * @param int $timechecked when it last answered, epoch seconds, 0 for never
     * @param int $now
     * @return bool
     */
    public function must_ask(int $timechecked, int $now): bool {
        return $now - $timechecked > self::FRESH || $timechecked > $now;
    }

    /**
     * Decides.
     *
     * A start needs an answer. An attempt under way lives on the last one for a time, never on a refusal. An approval that
     * was given here and has not reached Probity yet counts for a time: there is always a way in without it.
     *
     * @param admission $known the last answer
     * @param int $timechecked when it came, epoch seconds, 0 for never
     * @param bool $reachable whether Probity answers now
     * @param bool $inattempt whether an attempt is under way
     * @param int $timeapproved when an approval was given that waits here to be sent, epoch seconds, 0 for none
     * @param int $now
     * @return decision
     */
    public function decide(
        admission $known,
        int $timechecked,
        bool $reachable,
        bool $inattempt,
        int $timeapproved,
        int $now
    ): decision {
        if (self::approved_here($timeapproved, $now)) {
            return new decision(true, 'APPROVED', 'NONE', $reachable, $known);
        }
        if ($reachable) {
            return new decision($known->admitted, $known->state, $known->reason, true, $known);
        }
        $age = $now - $timechecked;
        $remembered = $inattempt && $known->admitted && $age >= 0 && $age <= $this->outagegrace;
        return new decision($remembered, $known->state, $remembered ? $known->reason : 'UNREACHABLE', false, $known);
    }

    /**
     * Whether an approval that waits here counts.
     *
     * @param int $timeapproved epoch seconds, 0 for none
     * @param int $now
     * @return bool
     */
    public static function approved_here(int $timeapproved, int $now): bool {
        return $timeapproved > 0 && $now - $timeapproved <= self::APPROVAL;
    }
}
