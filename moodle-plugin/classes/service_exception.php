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

/**
 * Probity did not answer, or refused.
 *
 * @package   quizaccess_probity
 * @copyright 2026 The Probity authors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class service_exception extends \Exception {
    /**
     * Constructor.
     *
     * @param string $message for administrators, without secrets
     * @param int $status the HTTP status; 0 when there was no answer
     * @param bool $blocked whether this Moodle's own rules forbade the call
     * @param string $reason Probity's name of why it refused, such as EXAM_STATE; empty when it gave none
     */
    public function __construct(
        string $message,
        /** @var int the HTTP status; 0 when there was no answer */
        public readonly int $status = 0,
        /** @var bool whether this Moodle's own rules forbade the call */
        public readonly bool $blocked = false,
        /** @var string Probity's name of why it refused, such as EXAM_STATE; empty when it gave none */
        public readonly string $reason = '',
    ) {
        parent::__construct($message);
    }

    /**
     * Whether the call may succeed later as it is.
     *
     * @return bool
     */
    public function is_outage(): bool {
        return $this->status === 0 || $this->status === 429 || $this->status >= 500;
    }

    /**
     * Whether Probity read what it was told and said no: telling it again is of no use.
     *
     * Who is refused as a site (401: a revoked key, a clock that is off) was not read.
     *
     * @return bool
     */
    public function is_refusal(): bool {
        return $this->reason !== '' && $this->status !== 401 && !$this->is_outage();
    }
}
