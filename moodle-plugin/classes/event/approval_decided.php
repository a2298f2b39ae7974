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
 * A teacher let a student in without biometrics, or took that back.
 *
 * @package   quizaccess_probity
 * @copyright 2026 The Probity authors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class approval_decided extends event_base {
    /**
     * Makes the event.
     *
     * @param \stdClass|\cm_info $cm
     * @param int $userid
     * @param bool $approve
     * @return self
     */
    public static function of($cm, int $userid, bool $approve): self {
        return self::about($cm, $userid, ['approve' => $approve]);
    }

    /**
     * A decision is a change.
     */
    protected function init() {
        parent::init();
        $this->data['crud'] = 'u';
        $this->data['edulevel'] = self::LEVEL_TEACHING;
    }

    /**
     * What happened.
     *
     * @return string
     */
    public function get_description() {
        $what = $this->other['approve'] ? 'approved' : 'took back the approval of';
        return "The user with id '$this->userid' $what the user with id '$this->relateduserid' " .
            "in the quiz with id '$this->objectid'.";
    }
}
