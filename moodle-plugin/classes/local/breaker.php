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
 * After a failure Probity is left alone for a moment: pages of a whole class must not each wait for it.
 *
 * @package   quizaccess_probity
 * @copyright 2026 The Probity authors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class breaker {
    /** Seconds without a call after a failure. */
    public const PAUSE = 10;

    /**
     * Whether it is too soon to try again.
     *
     * @param int $failed when the last call failed, epoch seconds, 0 for not since the last success
     * @param int $now
     * @return bool
     */
    public static function open(int $failed, int $now): bool {
        return $failed > 0 && $now >= $failed && $now - $failed < self::PAUSE;
    }
}
