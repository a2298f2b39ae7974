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

use stdClass;
use UnexpectedValueException;

/**
 * What Probity says of one student in one quiz.
 *
 * @package   quizaccess_probity
 * @copyright 2026 The Probity authors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class admission {
    /** Seconds without a sign of life that are worth a word: one comes every second, and clocks may differ a little. */
    public const LATE = 15;

    /**
     * Constructor.
     *
     * @param bool $admitted whether the student may start and go on
     * @param string $state NOT_IDENTIFIED, IDENTIFIED, MONITORED, APPROVED or PAUSED
     * @param string $reason why not, NONE when admitted
     * @param int $revision grows with each change
     * @param bool $monitored whether a capture runs now
     * @param int $verifieduntil epoch seconds, 0 when nothing runs out
     * @param int $graceuntil epoch seconds until which the last sign of life is good, 0 when none is owed
     * @param bool $approvalrequested
     * @param int $openalerts alerts that last and that nobody dismissed
     */
    public function __construct(
        /** @var bool whether the student may start and go on */
        public readonly bool $admitted,
        /** @var string NOT_IDENTIFIED, IDENTIFIED, MONITORED, APPROVED or PAUSED */
        public readonly string $state,
        /** @var string why not, NONE when admitted */
        public readonly string $reason,
        /** @var int grows with each change */
        public readonly int $revision = 0,
        /** @var bool whether a capture runs now */
        public readonly bool $monitored = false,
        /** @var int epoch seconds, 0 when nothing runs out */
        public readonly int $verifieduntil = 0,
        /** @var int epoch seconds until which the last sign of life is good, 0 when none is owed */
        public readonly int $graceuntil = 0,
        /** @var bool whether the student has asked for manual approval */
        public readonly bool $approvalrequested = false,
        /** @var int alerts that last and that nobody dismissed */
        public readonly int $openalerts = 0,
    ) {
    }

    /**
     * Whether the capture seems lost, while the time to repair it runs.
     *
     * @param int $now epoch seconds
     * @param int $grace seconds for which a sign of life is good in this quiz
     * @return bool
     */
    public function late(int $now, int $grace): bool {
        return $this->admitted && $this->graceuntil > 0 && $now - ($this->graceuntil - $grace) > self::LATE;
    }

    /**
     * What holds of somebody of whom Probity has said nothing yet.
     *
     * @return self
     */
    public static function none(): self {
        return new self(false, 'NOT_IDENTIFIED', 'NOT_YET');
    }

    /**
     * Reads an answer of Probity.
     *
     * @param array $answer
     * @return self
     * @throws UnexpectedValueException when it is not an answer: nobody is admitted by a guess
     */
    public static function from_answer(array $answer): self {
        if (!is_bool($answer['admitted'] ?? null) || !is_string($answer['state'] ?? null) ||
                !preg_match('/^\d{1,18}$/', (string) ($answer['revision'] ?? ''))) {
            throw new UnexpectedValueException('not an answer about a student');
        }
        return new self(
            $answer['admitted'],
            self::name($answer['state']),
            self::name($answer['reason'] ?? 'NONE'),
            (int) $answer['revision'],
            ($answer['monitored'] ?? false) === true,
            self::seconds($answer['verifiedUntil'] ?? null),
            self::seconds($answer['graceUntil'] ?? null),
            ($answer['approvalRequested'] ?? false) === true,
            (int) ($answer['openAlerts'] ?? 0),
        );
    }

    /**
     * Reads a row of quizaccess_probity_state.
     *
     * @param stdClass $row
     * @return self
     */
    public static function from_row(stdClass $row): self {
        return new self(
            (bool) $row->admitted,
            $row->state,
            $row->reason,
            (int) $row->revision,
            (bool) $row->monitored,
            (int) $row->verifieduntil,
            (int) $row->graceuntil,
            (bool) $row->approvalrequested,
            (int) $row->openalerts,
        );
    }

    /**
     * The columns of quizaccess_probity_state.
     *
     * @return array
     */
    public function to_row(): array {
        return array_map(fn($value) => is_bool($value) ? (int) $value : $value, get_object_vars($this));
    }

    /**
     * A name in UPPER_SNAKE, cut to what the table holds.
     *
     * @param mixed $text
     * @return string
     */
    private static function name($text): string {
        return is_string($text) ? substr(preg_replace('/[^A-Z0-9_]/', '', $text), 0, 40) : '';
    }

    /**
     * A time of Probity (ISO 8601 or null) in epoch seconds, 0 for none.
     *
     * @param mixed $time
     * @return int
     */
    private static function seconds($time): int {
        return is_string($time) ? (int) strtotime($time) : 0;
    }
}
