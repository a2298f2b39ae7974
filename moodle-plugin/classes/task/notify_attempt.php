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
use quizaccess_probity\service_exception;

/**
 * Tells Probity what became of an attempt, when it did not take it at once. Moodle tries again until it has.
 *
 * @package   quizaccess_probity
 * @copyright 2026 The Probity authors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class notify_attempt extends \core\task\adhoc_task {
    /** Seconds after which it is of no use any more. */
    private const OLD = DAYSECS;

    /**
     * Tells it now, or as soon as it can be.
     *
     * @param array $notice activity, sub, attempt, event, time
     */
    public static function tell(array $notice): void {
        try {
            (new client())->attempt($notice);
        } catch (service_exception $e) {
            if ($e->is_refusal()) {
                debugging('quizaccess_probity: ' . $e->getMessage(), DEBUG_DEVELOPER);
                return;
            }
            $task = new self();
            $task->set_custom_data(['notice' => $notice, 'made' => time()]);
            \core\task\manager::queue_adhoc_task($task);
        }
    }

    /**
     * Tells it.
     *
     * @throws service_exception when it must be tried again
     */
    public function execute() {
        $data = $this->get_custom_data();
        if (time() - $data->made > self::OLD) {
            mtrace('Too old to be told: ' . $data->notice->event . ' of attempt ' . $data->notice->attempt);
            return;
        }
        try {
            (new client())->attempt((array) $data->notice);
        } catch (service_exception $e) {
            if (!$e->is_refusal()) {
                throw $e;
            }
            mtrace($e->getMessage());
        }
    }
}
