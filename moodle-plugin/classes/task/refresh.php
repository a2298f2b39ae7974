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

use quizaccess_probity\approvals;
use quizaccess_probity\client;
use quizaccess_probity\local\admission;
use quizaccess_probity\local\gate_rule;
use quizaccess_probity\service_exception;
use quizaccess_probity\state_store;

/**
 * Tells Probity what waits, refreshes the states of attempts under way, and removes what nobody needs.
 *
 * @package   quizaccess_probity
 * @copyright 2026 The Probity authors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class refresh extends \core\task\scheduled_task {
    /** Seconds for which a change of a course is remembered: Probity reads more often, or reads everything anew. */
    private const CHANGES_KEPT = 90 * DAYSECS;

    /**
     * The name.
     *
     * @return string
     */
    public function get_name() {
        return get_string('task:refresh', 'quizaccess_probity');
    }

    /**
     * Does it.
     */
    public function execute() {
        $this->clean();
        foreach (state_store::unsent() as $row) {
            try {
                $failure = approvals::send($row);
            } catch (\moodle_exception $e) {
                // Of a quiz that is being deleted: what others wait for is told all the same.
                $failure = $e;
            }
            if ($failure) {
                mtrace("Of user $row->userid in quiz $row->quizid: " . $failure->getMessage());
            }
        }
        try {
            $this->refresh_states();
        } catch (service_exception $e) {
            mtrace($e->getMessage());
        }
    }

    /**
     * Refreshes the states of the quizzes in which somebody sits.
     *
     * @throws service_exception
     */
    private function refresh_states(): void {
        global $DB;
        $sql = "SELECT DISTINCT p.quizid
                  FROM {quizaccess_probity} p
                  JOIN {quiz_attempts} a ON a.quiz = p.quizid AND a.state = :state AND a.preview = 0";
        $quizids = $DB->get_fieldset_sql($sql, ['state' => 'inprogress']);
        if (!$quizids) {
            return;
        }
        $client = new client();
        foreach ($quizids as $quizid) {
            foreach ($client->students((int) $quizid) as $student) {
                try {
                    $said = admission::from_answer($student);
                } catch (\UnexpectedValueException $e) {
                    mtrace("Quiz $quizid: " . $e->getMessage());
                    continue;
                }
                // Only of whom came to the quiz: who was deleted here does not come back by what Probity holds still.
                $row = state_store::find((int) $quizid, (int) ($student['sub'] ?? 0));
                if ($row) {
                    state_store::update($row, $said->to_row() + ['timechecked' => time()]);
                }
            }
        }
    }

    /**
     * Removes what nobody needs.
     */
    private function clean(): void {
        global $DB;
        $orphan = fn(string $table): string => 'NOT EXISTS (SELECT 1 FROM {quiz} q WHERE q.id = {' . $table . '}.quizid)';
        $DB->delete_records_select('quizaccess_probity', $orphan('quizaccess_probity'));
        state_store::delete($orphan(state_store::TABLE), []);
        state_store::give_up(time() - gate_rule::APPROVAL);
        $DB->delete_records_select(
            'quizaccess_probity_change',
            'timechanged < :old',
            ['old' => time() - self::CHANGES_KEPT]
        );
    }
}
