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

namespace quizaccess_probity\task;

use quizaccess_probity\client;
use quizaccess_probity\notice;
use quizaccess_probity\service_exception;

/**
 * Has Probity erase a person. Moodle tries again until it has, or has said that it is not this site's to ask.
 *
 * @package   quizaccess_probity
 * @copyright 2026 The Probity authors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class erase_person extends \core\task\adhoc_task {
    /** Probity's reason for not erasing an account with a password: its owner does, or Probity's administrator. */
    private const NOT_OURS = 'ACCOUNT_CONFLICT';

    /** Times that it is tried: the most that Moodle's table holds, three months. Moodle's usual 12 end within two days. */
    private const ATTEMPTS = 99;

    /**
     * Asks for it.
     *
     * @param int $userid
     */
    public static function ask(int $userid): void {
        $task = new self();
        $task->set_custom_data(['userid' => $userid]);
        $task->set_attempts_available(self::ATTEMPTS);
        \core\task\manager::queue_adhoc_task($task, true);
    }

    /**
     * Erases, also whom there is a row of again: the page of a student asks on. Probity itself refuses while they sit an exam.
     *
     * @throws service_exception when it must be tried again
     */
    public function execute() {
        $userid = (int) $this->get_custom_data()->userid;
        try {
            (new client())->erase_person($userid);
        } catch (service_exception $e) {
            if ($e->reason !== self::NOT_OURS) {
                throw $e;
            }
            mtrace($e->getMessage());
            self::tell_administrators($userid);
        }
    }

    /**
     * Tells the administrators of this site that somebody is still held at Probity.
     *
     * @param int $userid
     */
    private static function tell_administrators(int $userid): void {
        notice::send(
            'erasurerefused',
            get_admins(),
            get_string('message:erasesubject', 'quizaccess_probity', $userid),
            get_string('message:erasebody', 'quizaccess_probity', $userid),
            new \moodle_url('/admin/settings.php', ['section' => 'modsettingsquizcatprobity']),
            get_string('pluginname', 'quizaccess_probity')
        );
    }
}
