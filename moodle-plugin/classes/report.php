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

use cm_info;
use html_writer;
use moodle_url;
use quizaccess_probity\form\decision_form;
use quizaccess_probity\report\decisions;
use quizaccess_probity\report\rights;
use quizaccess_probity\report\roster;
use quizaccess_probity\report\source;
use quizaccess_probity\report\timeline;

/**
 * What a teacher sees of a quiz, and does.
 *
 * @package   quizaccess_probity
 * @copyright 2026 The Probity authors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class report {
    /** @var source what is known */
    private readonly source $source;

    /**
     * Constructor.
     *
     * @param cm_info $cm of the quiz
     * @param rights $rights of who looks
     * @param moodle_url $here the list of students, with what was searched for
     */
    public function __construct(
        /** @var cm_info of the quiz */
        private readonly cm_info $cm,
        /** @var rights of who looks */
        private readonly rights $rights,
        /** @var moodle_url the list of students */
        private readonly moodle_url $here,
    ) {
        $this->source = new source((int) $cm->instance);
    }

    /**
     * The page of one student.
     *
     * @param int $userid
     * @return moodle_url
     */
    public function url(int $userid): moodle_url {
        return new moodle_url($this->here, ['userid' => $userid]);
    }

    /**
     * The list of students.
     *
     * @param roster $roster
     * @param int $page from 0
     * @return string HTML
     */
    public function students(roster $roster, int $page): string {
        $users = $this->rights->students($roster->search);
        $list = $roster->html($users, $this->source->standings(), $this->rights->identity(), $page);
        return $this->source->outage_notice() . $this->review_button() . $list;
    }

    /**
     * The page of one student.
     *
     * @param int $userid
     * @return string HTML
     */
    public function student(int $userid): string {
        global $OUTPUT;
        $standing = $this->source->standing($userid);
        $alerts = $this->source->alerts($userid);
        $output = $this->source->outage_notice();
        $output .= $OUTPUT->heading(s(fullname(\core_user::get_user($userid, '*', MUST_EXIST))), 3);
        $output .= html_writer::div($standing->html(), 'mb-3');
        if ($this->rights->may_approve()) {
            $output .= $OUTPUT->heading(get_string('report:approve', 'quizaccess_probity'), 4);
            $output .= $this->approval_form($userid)->render();
            $override = new moodle_url('/mod/quiz/overrides.php', ['cmid' => $this->cm->id, 'mode' => 'user']);
            $output .= html_writer::tag('p', get_string('report:time', 'quizaccess_probity', $override->out()));
        }
        $output .= $OUTPUT->heading(get_string('report:attempts', 'quizaccess_probity'), 4);
        $timeline = new timeline($this->rights->may_decide() ? $this->decisions($userid) : null);
        $back = html_writer::tag('p', html_writer::link($this->here, get_string('report:back', 'quizaccess_probity')));
        return $output . $timeline->html((int) $this->cm->instance, $userid, $alerts) . $this->review_button() . $back;
    }

    /**
     * Does what was sent.
     *
     * @param int $userid
     * @return outcome|null null when nothing was sent
     */
    public function serve_forms(int $userid): ?outcome {
        if (!data_submitted()) {
            return null;
        }
        if ($this->rights->may_approve() && ($data = $this->approval_form($userid)->get_data())) {
            return approvals::decide($this->cm, $userid, !empty($data->approve), $data->note);
        }
        return $this->rights->may_decide() ? $this->decisions($userid)->serve($userid, $this->source->alerts($userid)) : null;
    }

    /**
     * The form that lets a student in, or takes that back.
     *
     * @param int $userid
     * @return decision_form
     */
    private function approval_form(int $userid): decision_form {
        return decision_form::on_page($this->url($userid), 'approval', [
            'approve' => get_string('report:approve', 'quizaccess_probity'),
            'revoke' => get_string('report:revoke', 'quizaccess_probity'),
        ]);
    }

    /**
     * What may be decided on the alerts of a student.
     *
     * @param int $userid
     * @return decisions
     */
    private function decisions(int $userid): decisions {
        return new decisions($this->cm, $this->url($userid));
    }

    /**
     * The button that opens Probity's own page.
     *
     * @return string HTML
     */
    private function review_button(): string {
        global $OUTPUT;
        if (!$this->rights->may_review()) {
            return '';
        }
        $open = new moodle_url($this->here, ['open' => 1]);
        return $OUTPUT->single_button($open, get_string('report:review', 'quizaccess_probity'), 'post');
    }
}
