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

use quizaccess_probity\local\words;

/**
 * How what a teacher did went, in words.
 *
 * @package   quizaccess_probity
 * @copyright 2026 The Probity authors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class outcome {
    /**
     * Constructor.
     *
     * @param bool $good whether it counts now
     * @param string $text
     */
    private function __construct(
        /** @var bool whether it counts now */
        public readonly bool $good,
        /** @var string how it went */
        public readonly string $text,
    ) {
    }

    /**
     * It counts.
     *
     * @param string $identifier of the string that says so
     * @return self
     */
    public static function good(string $identifier): self {
        return new self(true, get_string($identifier, 'quizaccess_probity'));
    }

    /**
     * Probity did not take it, and nothing was changed.
     *
     * @param service_exception $e
     * @return self
     */
    public static function failed(service_exception $e): self {
        if (!$e->is_refusal()) {
            return new self(false, get_string('report:failed', 'quizaccess_probity'));
        }
        $why = get_string(words::refusal($e->reason), 'quizaccess_probity', s($e->reason));
        return new self(false, get_string('report:refused', 'quizaccess_probity', $why));
    }
}
