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

use moodle_url;
use stdClass;

/**
 * Notices to people of this site, by the ways that each has chosen.
 *
 * @package   quizaccess_probity
 * @copyright 2026 The Probity authors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class notice {
    /**
     * Sends one to several.
     *
     * @param string $provider its name in db/messages.php
     * @param stdClass[] $people
     * @param string $subject
     * @param string $text
     * @param moodle_url $url where something can be done about it
     * @param string $place what is there
     */
    public static function send(
        string $provider,
        array $people,
        string $subject,
        string $text,
        moodle_url $url,
        string $place
    ): void {
        foreach ($people as $person) {
            $message = new \core\message\message();
            $message->component = 'quizaccess_probity';
            $message->name = $provider;
            $message->userfrom = \core_user::get_noreply_user();
            $message->userto = $person;
            $message->notification = 1;
            $message->subject = $subject;
            $message->fullmessage = $text;
            $message->fullmessageformat = FORMAT_PLAIN;
            $message->fullmessagehtml = '';
            $message->smallmessage = $subject;
            $message->contexturl = $url->out(false);
            $message->contexturlname = $place;
            message_send($message);
        }
    }
}
