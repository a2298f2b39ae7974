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

use quizaccess_probity\local\decision;
use quizaccess_probity\local\held_fields;
use quizaccess_probity\output\identify;
use stdClass;

/**
 * Closes the two scripts that take answers without asking an access rule: processattempt.php and autosave.ajax.php.
 *
 * @package   quizaccess_probity
 * @copyright 2026 The Probity authors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class hook_callbacks {
    /**
     * Runs at the start of every request; does nothing for any but those two scripts.
     *
     * @param \core\hook\after_config $hook
     */
    public static function after_config(\core\hook\after_config $hook): void {
        global $CFG;
        if (CLI_SCRIPT || during_initial_install() || !empty($CFG->upgraderunning)) {
            return;
        }
        // Which file PHP is running: unlike the names in $_SERVER nothing in the request can change it.
        $running = get_included_files();
        foreach (['processattempt.php' => false, 'autosave.ajax.php' => true] as $script => $ajax) {
            if (in_array(realpath("$CFG->dirroot/mod/quiz/$script"), $running, true)) {
                self::guard($ajax);
                return;
            }
        }
    }

    /**
     * Lets the request through if its student is admitted; otherwise answers it, so that the browser keeps the answers.
     *
     * What is no attempt of this user is left to the script, which refuses it.
     *
     * @param bool $ajax whether it is the autosave
     */
    private static function guard(bool $ajax): void {
        global $DB, $USER;
        if (!isloggedin() || !confirm_sesskey()) {
            return;
        }
        $attempt = $DB->get_record('quiz_attempts', [
            'id' => optional_param('attempt', 0, PARAM_INT),
            'userid' => $USER->id,
            'preview' => 0,
        ]);
        if (!$attempt || !gate::settings($attempt->quiz)) {
            return;
        }
        $cm = get_coursemodule_from_instance('quiz', $attempt->quiz);
        if (!$cm || !gate::holds(\context_module::instance($cm->id), $USER->id)) {
            return;
        }
        $decision = gate::decide($attempt->quiz, $USER->id, true);
        if ($decision->admitted) {
            return;
        }
        event\access_prevented::of($cm, $attempt, $decision->reason)->trigger();
        if ($ajax) {
            self::answer_autosave($decision);
        } else {
            self::answer_page($cm, $attempt, $decision);
        }
    }

    /**
     * Answers an autosave with an error: the page goes on trying, and what was typed stays in it.
     *
     * @param decision $decision
     */
    private static function answer_autosave(decision $decision): void {
        @header('Content-Type: application/json; charset=utf-8');
        echo json_encode(['error' => gate::words($decision), 'errorcode' => 'notadmitted']);
        die();
    }

    /**
     * Answers with a page that holds what was sent, and sends it again once the student is admitted.
     *
     * A redirect would lose it.
     *
     * @param stdClass $cm
     * @param stdClass $attempt
     * @param decision $decision
     */
    private static function answer_page(stdClass $cm, stdClass $attempt, decision $decision): void {
        global $OUTPUT, $PAGE;
        $PAGE->set_url('/mod/quiz/view.php', ['id' => $cm->id]);
        require_login($cm->course, false, get_fast_modinfo($cm->course)->get_cm($cm->id));
        $PAGE->set_cacheable(false);
        $PAGE->set_pagelayout('secure');
        $PAGE->set_title(get_string('held:title', 'quizaccess_probity'));
        $PAGE->set_heading(format_string($cm->name));
        $PAGE->activityheader->disable();
        $state = identify::html($cm->id, $decision, '#quizaccess_probity_held', true);
        echo $OUTPUT->header();
        echo $OUTPUT->render_from_template('quizaccess_probity/held', [
            'action' => (new \moodle_url('/mod/quiz/processattempt.php'))->out(false),
            // The scripts read parameters of either kind, those of the body first.
            'fields' => held_fields::of($_POST + $_GET),
            'state' => $state,
        ]);
        echo $OUTPUT->footer();
        die();
    }
}
