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

namespace quizaccess_probity\report;

use html_writer;
use quizaccess_probity\local\admission;
use quizaccess_probity\local\gate_rule;
use quizaccess_probity\local\words;
use stdClass;

/**
 * How things stand of one student, as the report shows it.
 *
 * @package   quizaccess_probity
 * @copyright 2026 The Probity authors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class standing {
    /** What may be asked for, those first that need somebody: the student waits, or an alert does. */
    public const KINDS = ['asks', 'held', 'undecided', 'notyet', 'admitted'];

    /** How many of the kinds need somebody. */
    private const URGENT = 3;

    /**
     * Constructor.
     *
     * @param admission $admission
     * @param int $heard when a sign of life came last, epoch seconds, 0 for never
     * @param bool $waits whether an approval counts here of which Probity does not know
     * @param string|null $asks what the student says who asks for manual approval; null when they do not ask
     * @param int $undecided alerts on which nobody has decided; while Probity does not answer, of those that last
     * @param bool $unsent whether they ask for it here, and Probity does not know
     */
    public function __construct(
        /** @var admission what Probity says, or said last */
        public readonly admission $admission,
        /** @var int when a sign of life came last, epoch seconds, 0 for never */
        public readonly int $heard = 0,
        /** @var bool whether an approval counts here of which Probity does not know */
        private readonly bool $waits = false,
        /** @var string|null what the student says who asks for manual approval; null when they do not ask */
        private readonly ?string $asks = null,
        /** @var int alerts on which nobody has decided; while Probity does not answer, of those that last */
        public readonly int $undecided = 0,
        /** @var bool whether they ask for it here, and Probity does not know */
        private readonly bool $unsent = false,
    ) {
    }

    /**
     * As it is kept here.
     *
     * @param stdClass $row of quizaccess_probity_state
     * @return self
     */
    public static function from_row(stdClass $row): self {
        $asks = $row->timerequested || $row->approvalrequested ? (string) $row->requestnote : null;
        $waits = gate_rule::approved_here((int) $row->timeapproved, time());
        $known = admission::from_row($row);
        return new self($known, 0, $waits, $asks, $known->openalerts, (bool) $row->timerequested);
    }

    /**
     * As Probity says it now, with what waits here.
     *
     * @param array $answer
     * @return self
     * @throws \UnexpectedValueException when it is not an answer
     */
    public function with_answer(array $answer): self {
        $admission = admission::from_answer($answer);
        $heard = (int) strtotime((string) ($answer['lastHeartbeatTime'] ?? ''));
        // What Probity knows of was answered when it says that nobody asks.
        $asks = $admission->approvalrequested || $this->unsent ? $this->asks ?? '' : null;
        $undecided = (int) ($answer['undecidedAlerts'] ?? $admission->openalerts);
        return new self($admission, $heard, $this->waits, $asks, $undecided, $this->unsent);
    }

    /**
     * Whether it is of a kind. A student may be of several.
     *
     * @param string $kind one of KINDS
     * @return bool
     */
    public function is(string $kind): bool {
        $paused = $this->admission->state === 'PAUSED';
        return match ($kind) {
            'asks' => $this->asks !== null && !$this->admitted(),
            'held' => $paused && !$this->admitted(),
            'undecided' => $this->undecided > 0,
            'notyet' => !$paused && !$this->admitted(),
            'admitted' => $this->admitted(),
        };
    }

    /**
     * How soon somebody should look at it.
     *
     * @return int 0 for at once, more for later
     */
    public function urgency(): int {
        foreach (array_slice(self::KINDS, 0, self::URGENT) as $rank => $kind) {
            if ($this->is($kind)) {
                return $rank;
            }
        }
        return self::URGENT;
    }

    /**
     * Whether the student may go on.
     *
     * @return bool
     */
    private function admitted(): bool {
        return $this->admission->admitted || $this->waits;
    }

    /**
     * In words.
     *
     * @return string HTML
     */
    public function html(): string {
        $known = $this->admission;
        $admitted = $this->admitted();
        $verdict = get_string($admitted ? 'report:admitted' : 'report:notadmitted', 'quizaccess_probity');
        $why = [get_string(words::report_state($known->state), 'quizaccess_probity', s($known->state))];
        if (!$admitted) {
            $why[] = get_string(words::report_reason($known->reason), 'quizaccess_probity', s($known->reason));
        }
        $lines = [html_writer::tag('strong', $verdict) . ' (' . implode(': ', $why) . ')'];
        if ($this->waits) {
            $lines[] = get_string('report:waits', 'quizaccess_probity');
        } else if ($this->is('asks')) {
            $lines[] = $this->asks === '' ? get_string('report:asks', 'quizaccess_probity') :
                get_string('report:asksnote', 'quizaccess_probity', s($this->asks));
        }
        return implode(html_writer::empty_tag('br'), $lines);
    }
}
