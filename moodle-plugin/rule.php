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

/**
 * The access rule: a student starts and goes on with an attempt only while Probity, or a teacher, says who they are.
 *
 * @package   quizaccess_probity
 * @copyright 2026 The Probity authors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

use mod_quiz\form\preflight_check_form;
use mod_quiz\local\access_rule_base;
use mod_quiz\quiz_settings;
use quizaccess_probity\config;
use quizaccess_probity\gate;
use quizaccess_probity\local\decision;
use quizaccess_probity\output\identify;
use quizaccess_probity\quiz_form;
use quizaccess_probity\state_store;

/**
 * The access rule.
 *
 * Nothing is prevented by prevent_access: its messages would also close the way to the form in which a student gets
 * identified. The form is required for as long as the student is not admitted, before and during an attempt, and
 * {@see \quizaccess_probity\hook_callbacks} closes the two scripts that never ask an access rule.
 *
 * @package   quizaccess_probity
 * @copyright 2026 The Probity authors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class quizaccess_probity extends access_rule_base {
    /** @var decision[] what was decided in this request, by attempt id (0: none yet) */
    private array $decisions = [];

    /**
     * The rule for a quiz and the current user.
     *
     * @param quiz_settings $quizobj
     * @param int $timenow
     * @param bool $canignoretimelimits
     * @return self|null null when the quiz does without, or the user is exempt
     */
    public static function make(quiz_settings $quizobj, $timenow, $canignoretimelimits) {
        $quiz = $quizobj->get_quiz();
        if (empty($quiz->probity_enabled)) {
            return null;
        }
        if (has_capability('quizaccess/probity:exempt', $quizobj->get_context(), null, false)) {
            return null;
        }
        return new self($quizobj, $timenow);
    }

    /**
     * What the quiz's page says of this rule.
     *
     * @return string[] HTML
     */
    public function description() {
        $messages = [get_string('description', 'quizaccess_probity')];
        if (has_capability('quizaccess/probity:viewreport', $this->quizobj->get_context())) {
            $messages[] = html_writer::link(
                new moodle_url('/mod/quiz/accessrule/probity/report.php', ['cmid' => $this->quizobj->get_cmid()]),
                get_string('report:open', 'quizaccess_probity')
            );
        }
        return $messages;
    }

    /**
     * Whether the student must be identified now.
     *
     * @param int|null $attemptid
     * @return bool
     */
    public function is_preflight_check_required($attemptid) {
        return $this->holds() && !$this->decision($attemptid)->admitted;
    }

    /**
     * Shows how things stand, and the button that opens the capture window.
     *
     * @param preflight_check_form $quizform
     * @param MoodleQuickForm $mform
     * @param int|null $attemptid
     */
    public function add_preflight_check_form_fields(preflight_check_form $quizform, MoodleQuickForm $mform, $attemptid) {
        $mform->addElement('header', 'probityheader', get_string('preflight:header', 'quizaccess_probity'));
        // A clock is the student's own to start.
        $continues = $attemptid || empty($this->quiz->timelimit);
        $mform->addElement(
            'static',
            'probitystate',
            '',
            identify::html($this->quizobj->get_cmid(), $this->decision($attemptid), '#mod_quiz_preflight_form', $continues)
        );
    }

    /**
     * Asks Probity. Nothing of the form is looked at.
     *
     * @param array $data
     * @param array $files
     * @param array $errors
     * @param int|null $attemptid
     * @return array
     */
    public function validate_preflight_check($data, $files, $errors, $attemptid) {
        if ($this->holds() && !$this->decision($attemptid)->admitted) {
            $errors['probitystate'] = gate::words($this->decision($attemptid));
        }
        return $errors;
    }

    /**
     * Sets the pages of an attempt up: the banner while it runs, the end of the capture after it.
     *
     * @param moodle_page $page
     */
    public function setup_attempt_page($page) {
        global $USER;
        $origin = config::public_address();
        if ($origin === null || !$this->holds()) {
            return;
        }
        $modes = [
            'mod-quiz-attempt' => 'attempt',
            'mod-quiz-summary' => 'attempt',
            'mod-quiz-review' => 'end',
        ];
        $mode = $modes[$page->pagetype] ?? null;
        if ($mode === null) {
            return;
        }
        identify::strings($page);
        $page->requires->js_call_amd('quizaccess_probity/monitor', 'init', [[
            'mode' => $mode,
            'cmid' => (int) $this->quizobj->get_cmid(),
            'attempt' => (int) gate::attempt_under_way($this->quizobj->get_quizid(), $USER->id),
            'origin' => \quizaccess_probity\local\address::origin($origin),
            'monitored' => !empty($this->quiz->probity_monitor),
        ]]);
    }

    /**
     * Adds the fields to the settings of a quiz.
     *
     * @param mod_quiz_mod_form $quizform
     * @param MoodleQuickForm $mform
     */
    public static function add_settings_form_fields(mod_quiz_mod_form $quizform, MoodleQuickForm $mform) {
        quiz_form::add($mform);
    }

    /**
     * Looks at the settings of a quiz.
     *
     * @param array $errors
     * @param array $data
     * @param array $files
     * @param mod_quiz_mod_form $quizform
     * @return array
     */
    public static function validate_settings_form_fields(array $errors, array $data, $files, mod_quiz_mod_form $quizform) {
        return $errors + quiz_form::errors($data);
    }

    /**
     * Keeps the settings of a quiz.
     *
     * @param stdClass $quiz
     */
    public static function save_settings($quiz) {
        quiz_form::save($quiz);
    }

    /**
     * Removes what is kept of a quiz.
     *
     * @param stdClass $quiz
     */
    public static function delete_settings($quiz) {
        global $DB;
        $DB->delete_records('quizaccess_probity', ['quizid' => $quiz->id]);
        state_store::delete('quizid = :quizid', ['quizid' => $quiz->id]);
    }

    /**
     * The SQL that loads the settings with the quiz.
     *
     * @param int $quizid
     * @return array
     */
    public static function get_settings_sql($quizid): array {
        return quiz_form::sql();
    }

    /**
     * Whether the current user has to be identified.
     *
     * @return bool
     */
    private function holds(): bool {
        global $USER;
        return gate::holds($this->quizobj->get_context(), $USER->id);
    }

    /**
     * What holds of the current user, decided once a request.
     *
     * @param int|null $attemptid
     * @return decision
     */
    private function decision($attemptid): decision {
        global $USER;
        return $this->decisions[(int) $attemptid] ??= gate::decide($this->quizobj->get_quizid(), $USER->id, (bool) $attemptid);
    }
}
