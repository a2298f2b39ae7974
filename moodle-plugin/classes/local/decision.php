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
 * Whether a student may start or go on, and what to tell them.
 *
 * @package   quizaccess_probity
 * @copyright 2026 The Probity authors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class decision {
    /**
     * Constructor.
     *
     * @param bool $admitted
     * @param string $state
     * @param string $reason
     * @param bool $reachable whether Probity answered
     * @param admission $admission what is known of the student
     */
    public function __construct(
        /** @var bool whether the student may start or go on */
        public readonly bool $admitted,
        /** @var string as in admission */
        public readonly string $state,
        /** @var string as in admission, or UNREACHABLE */
        public readonly string $reason,
        /** @var bool whether Probity answered */
        public readonly bool $reachable,
        /** @var admission what is known of the student */
        public readonly admission $admission,
    ) {
    }
}
