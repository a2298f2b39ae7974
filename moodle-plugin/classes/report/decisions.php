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

namespace quizaccess_probity\report;

use cm_info;
use moodle_url;
use quizaccess_probity\approvals;
use quizaccess_probity\client;
use quizaccess_probity\event\alert_reviewed;
use quizaccess_probity\form\decision_form;
use quizaccess_probity\outcome;
use quizaccess_probity\service_exception;

/**
 * What a teacher decides on alerts.
 *
 * @package   quizaccess_probity
 * @copyright 2026 The Probity authors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class decisions {
    /** What may be decided, as Probity calls it, by the name of the button. */
    private const BUTTONS = ['dismiss' => 'DISMISSED', 'confirm' => 'CONFIRMED'];

    /**
     * Constructor.
     *
     * @param cm_info $cm of the quiz
     * @param moodle_url $page where the forms are sent
     */
    public function __construct(
        /** @var cm_info of the quiz */
        private readonly cm_info $cm,
        /** @var moodle_url where the forms are sent */
        private readonly moodle_url $page,
    ) {
    }

    /**
     * Whether nobody has decided on an alert.
     *
     * @param array $alert
     * @return bool
     */
    public static function is_open(array $alert): bool {
        return !in_array($alert['decision'] ?? null, self::BUTTONS, true);
    }

    /**
     * What was decided on an alert, in words.
     *
     * @param array $alert
     * @return string
     */
    public static function words(array $alert): string {
        $button = array_search($alert['decision'] ?? null, self::BUTTONS, true);
        return get_string($button === false ? 'report:undecided' : "report:$button", 'quizaccess_probity');
    }

    /**
     * The form that decides on an alert.
     *
     * @param array $alert
     * @return decision_form
     */
    public function form(array $alert): decision_form {
        return decision_form::on_page($this->page, preg_replace('/[^A-Za-z0-9]/', '', $alert['id']), [
            'dismiss' => get_string('report:dismiss', 'quizaccess_probity'),
            'confirm' => get_string('report:confirm', 'quizaccess_probity'),
        ]);
    }

    /**
     * Passes on what was decided by a form that was sent.
     *
     * @param int $userid
     * @param array[] $alerts of the student
     * @return outcome|null null when none was sent
     */
    public function serve(int $userid, array $alerts): ?outcome {
        foreach ($alerts as $alert) {
            $data = $this->form($alert)->get_data();
            foreach ($data ? self::BUTTONS : [] as $button => $decision) {
                if (!empty($data->$button)) {
                    return $this->decide($userid, $alert['id'], $decision, $data->note);
                }
            }
        }
        return null;
    }

    /**
     * Passes a decision on.
     *
     * @param int $userid
     * @param string $alert
     * @param string $decision
     * @param string $note
     * @return outcome
     */
    private function decide(int $userid, string $alert, string $decision, string $note): outcome {
        global $USER;
        try {
            (new client())->review((int) $this->cm->instance, $alert, $decision, $note, approvals::actor($USER));
        } catch (service_exception $e) {
            return outcome::failed($e);
        }
        alert_reviewed::of($this->cm, $userid, $alert, $decision)->trigger();
        return outcome::good('report:saved');
    }
}
