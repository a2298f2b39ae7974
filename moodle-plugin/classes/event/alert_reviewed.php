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
 * A teacher decided on an alert.
 *
 * @package   quizaccess_probity
 * @copyright 2026 The Probity authors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class alert_reviewed extends event_base {
    /**
     * Makes the event.
     *
     * @param \stdClass|\cm_info $cm
     * @param int $userid the student
     * @param string $alert
     * @param string $decision
     * @return self
     */
    public static function of($cm, int $userid, string $alert, string $decision): self {
        return self::about($cm, $userid, ['alert' => $alert, 'decision' => $decision]);
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
        return "The user with id '$this->userid' decided '{$this->other['decision']}' on the alert '{$this->other['alert']}' " .
            "of the user with id '$this->relateduserid'.";
    }
}
