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

namespace quizaccess_probity\event;

/**
 * Answers were held back because the student was not admitted.
 *
 * @package   quizaccess_probity
 * @copyright 2026 The Probity authors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class access_prevented extends event_base {
    /**
     * Makes the event.
     *
     * @param \stdClass|\cm_info $cm
     * @param \stdClass $attempt
     * @param string $reason
     * @return self
     */
    public static function of($cm, \stdClass $attempt, string $reason): self {
        return self::about($cm, (int) $attempt->userid, ['attempt' => (int) $attempt->id, 'reason' => $reason]);
    }

    /**
     * What happened.
     *
     * @return string
     */
    public function get_description() {
        return "Answers of the user with id '$this->relateduserid' in attempt '{$this->other['attempt']}' were held back: " .
            "'{$this->other['reason']}'.";
    }
}
