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
 * Which words tell a student, or a teacher in the report, how things stand.
 *
 * @package   quizaccess_probity
 * @copyright 2026 The Probity authors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class words {
    /** Reasons that have words of their own (lang string reason_NAME in small letters). */
    public const REASONS = ['NOT_YET', 'EXPIRED', 'CAPTURE_LOST', 'OTHER_PERSON', 'CAMERA_LOST', 'UNREACHABLE'];

    /** States that have words of their own (lang string state_NAME in small letters). */
    public const STATES = ['IDENTIFIED', 'MONITORED', 'APPROVED'];

    /** States that the report has words for (lang string standing_state_NAME in small letters). */
    public const REPORT_STATES = ['NOT_IDENTIFIED', 'IDENTIFIED', 'MONITORED', 'APPROVED', 'PAUSED'];

    /** Reasons that the report has words for (lang string standing_reason_NAME in small letters). */
    public const REPORT_REASONS = ['NONE', 'NOT_YET', 'EXPIRED', 'CAPTURE_LOST', 'CAMERA_LOST', 'OTHER_PERSON'];

    /** Refusals of Probity that have words of their own (lang string refusal_NAME in small letters). */
    public const REFUSALS = ['ACCOUNT_CONFLICT', 'EXAM_STATE'];

    /**
     * The identifier of the language string for a decision.
     *
     * @param decision $decision
     * @param bool $late whether the capture seems lost
     * @return string
     */
    public static function identifier(decision $decision, bool $late = false): string {
        if ($decision->admitted) {
            if ($late && $decision->state !== 'APPROVED') {
                return 'state_grace';
            }
            return in_array($decision->state, self::STATES, true) ? self::named('state', $decision->state) : 'state_admitted';
        }
        return self::among(self::REASONS, 'reason', $decision->reason);
    }

    /**
     * The identifier of the language string for a state in the report.
     *
     * @param string $state
     * @return string
     */
    public static function report_state(string $state): string {
        return self::among(self::REPORT_STATES, 'standing_state', $state);
    }

    /**
     * The identifier of the language string for a reason in the report.
     *
     * @param string $reason
     * @return string
     */
    public static function report_reason(string $reason): string {
        return self::among(self::REPORT_REASONS, 'standing_reason', $reason);
    }

    /**
     * The identifier of the language string for a refusal.
     *
     * @param string $reason
     * @return string
     */
    public static function refusal(string $reason): string {
        return self::among(self::REFUSALS, 'refusal', $reason);
    }

    /**
     * The identifier of a name; that of all others where it is none of those that have words.
     *
     * @param string[] $names that have words
     * @param string $prefix
     * @param string $name
     * @return string
     */
    private static function among(array $names, string $prefix, string $name): string {
        return in_array($name, $names, true) ? self::named($prefix, $name) : $prefix . '_other';
    }

    /**
     * The identifier of a state or a reason.
     *
     * @param string $prefix
     * @param string $name
     * @return string
     */
    private static function named(string $prefix, string $name): string {
        return $prefix . '_' . strtolower($name);
    }
}
