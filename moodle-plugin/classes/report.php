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
use context_module;
use html_table;
use html_writer;
use moodle_url;
use quizaccess_probity\form\decision_form;
use quizaccess_probity\local\admission;
use stdClass;

/**
 * What a teacher sees of a quiz, and does. A teacher who may see some groups only sees their students only.
 *
 * @package   quizaccess_probity
 * @copyright 2026 The Probity authors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class report {
    /** What a teacher may decide on an alert, as Probity calls it, by the name of the button. */
    private const DECISIONS = ['dismiss' => 'DISMISSED', 'confirm' => 'CONFIRMED'];

    /** @var array|null alerts of the student that is looked at, once they were asked for */
    private ?array $alerts = null;

    /** @var bool whether Probity failed to answer */
    private bool $outage = false;

    /**
     * Constructor.
     *
     * @param cm_info $cm of the quiz
     * @param context_module $context
     */
    public function __construct(
        /** @var cm_info of the quiz */
        private readonly cm_info $cm,
        /** @var context_module its context */
        private readonly context_module $context,
    ) {
    }

    /**
     * Refuses to show somebody whom this teacher may not see in this quiz.
     *
     * @param int $userid
     */
    public function require_student(int $userid): void {
        if (!is_enrolled($this->context, $userid, 'mod/quiz:attempt') ||
                !groups_user_groups_visible($this->cm->get_course(), $userid, $this->cm)) {
            throw new \moodle_exception('invaliduser');
        }
    }

    /**
     * The list of students.
     *
     * @param moodle_url $here
     * @return string HTML
     */
    public function students(moodle_url $here): string {
        global $OUTPUT;
        $users = $this->visible_users();
        $states = $this->states();
        $output = $this->outage_notice() . $this->review_button($here);
        if (!$users) {
            return $output . $OUTPUT->notification(get_string('report:none', 'quizaccess_probity'), 'info', false);
        }
        $table = new html_table();
        $table->caption = get_string('report:title', 'quizaccess_probity');
        $table->captionhide = true;
        $table->head = array_map(
            fn($name) => get_string("report:$name", 'quizaccess_probity'),
            ['student', 'state', 'heard', 'alerts', 'actions']
        );
        foreach ($users as $user) {
            $state = $states[$user->id] ?? self::nothing();
            $table->data[] = [
                s(fullname($user)),
                $this->state_cell($state),
                $state->heard ? userdate($state->heard, get_string('strftimedatetimeshort', 'langconfig')) :
                    get_string('report:never', 'quizaccess_probity'),
                $state->admission->openalerts,
                html_writer::link(
                    new moodle_url($here, ['userid' => $user->id]),
                    get_string('report:details', 'quizaccess_probity'),
                    ['aria-label' => get_string('report:details', 'quizaccess_probity') . ': ' . fullname($user)]
                ),
            ];
        }
        return $output . html_writer::table($table);
    }

    /**
     * The page of one student.
     *
     * @param int $userid
     * @param moodle_url $here
     * @return string HTML
     */
    public function student(int $userid, moodle_url $here): string {
        global $OUTPUT;
        $state = $this->states()[$userid] ?? self::nothing();
        $alerts = $this->alerts($userid);
        $output = $this->outage_notice();
        $output .= $OUTPUT->heading(s(fullname(\core_user::get_user($userid, '*', MUST_EXIST))), 3);
        $output .= html_writer::div($this->state_cell($state), 'mb-3');
        if ($this->may_approve()) {
            $output .= $OUTPUT->heading(get_string('report:approve', 'quizaccess_probity'), 4);
            $output .= $this->approval_form()->render();
            $override = new moodle_url('/mod/quiz/overrides.php', ['cmid' => $this->cm->id, 'mode' => 'user']);
            $output .= html_writer::tag('p', get_string('report:time', 'quizaccess_probity', $override->out()));
        }
        $output .= $OUTPUT->heading(get_string('report:attempts', 'quizaccess_probity'), 4);
        foreach ($this->by_attempt($userid, $alerts) as $title => $some) {
            $output .= $OUTPUT->heading($title, 5);
            $output .= $some ? $this->alert_list($some) :
                html_writer::tag('p', get_string('report:noalerts', 'quizaccess_probity'));
        }
        return $output . $this->review_button($here);
    }

    /**
     * Does what was sent.
     *
     * @param int $userid
     * @return stdClass|null good (bool) and text; null when nothing was sent
     */
    public function serve_forms(int $userid): ?stdClass {
        global $USER;
        if (!data_submitted()) {
            return null;
        }
        if ($this->may_approve() && ($data = $this->approval_form()->get_data())) {
            $done = approvals::decide($this->cm, $userid, !empty($data->approve), $data->note);
            return self::said($done !== 'failed', "report:$done");
        }
        if (!has_capability('quizaccess/probity:decide', $this->context)) {
            return null;
        }
        foreach ($this->alerts($userid) as $alert) {
            $data = $this->alert_form($alert)->get_data();
            foreach ($data ? self::DECISIONS : [] as $button => $decision) {
                if (empty($data->$button)) {
                    continue;
                }
                try {
                    $actor = approvals::actor($USER);
                    (new client())->review((int) $this->cm->instance, $alert['id'], $decision, $data->note, $actor);
                } catch (service_exception $e) {
                    return self::said(false, 'report:failed');
                }
                event\alert_reviewed::of($this->cm, $userid, $alert['id'], $decision)->trigger();
                return self::said(true, 'report:saved');
            }
        }
        return null;
    }

    /**
     * The students whom this teacher may see.
     *
     * @return stdClass[] by id
     */
    private function visible_users(): array {
        $group = groups_get_activity_group($this->cm, true);
        $restricted = groups_get_activity_groupmode($this->cm) == SEPARATEGROUPS &&
            !has_capability('moodle/site:accessallgroups', $this->context);
        if ($restricted && !$group) {
            return [];
        }
        $fields = \core_user\fields::for_name()->including('id')->get_sql('u', false, '', '', false)->selects;
        [$sort] = users_order_by_sql('u');
        return get_enrolled_users($this->context, 'mod/quiz:attempt', (int) $group, $fields, $sort);
    }

    /**
     * How things stand: from Probity, otherwise as it last said, with what waits here.
     *
     * @return stdClass[] by user id: admission, heard (epoch seconds or 0), waits (bool), asks (string or null)
     */
    private function states(): array {
        global $DB;
        $quizid = (int) $this->cm->instance;
        $states = [];
        foreach ($DB->get_records(state_store::TABLE, ['quizid' => $quizid]) as $row) {
            $state = self::nothing();
            $state->admission = admission::from_row($row);
            $state->waits = $row->timeapproved > 0;
            $state->asks = $row->timerequested || $row->approvalrequested ? (string) $row->requestnote : null;
            $states[$row->userid] = $state;
        }
        try {
            foreach ((new client())->students($quizid) as $student) {
                $userid = (int) ($student['sub'] ?? 0);
                $states[$userid] ??= self::nothing();
                $states[$userid]->admission = admission::from_answer($student);
                $states[$userid]->heard = (int) strtotime((string) ($student['lastHeartbeatTime'] ?? ''));
                if ($states[$userid]->admission->approvalrequested) {
                    $states[$userid]->asks ??= '';
                }
            }
        } catch (service_exception | \UnexpectedValueException $e) {
            $this->outage = true;
        }
        return $states;
    }

    /**
     * The alerts of a student.
     *
     * @param int $userid
     * @return array[]
     */
    private function alerts(int $userid): array {
        if ($this->alerts === null) {
            try {
                $all = (new client())->alerts((int) $this->cm->instance, $userid);
                $this->alerts = array_values(array_filter($all, fn($alert) => is_string($alert['id'] ?? null)));
            } catch (service_exception $e) {
                $this->outage = true;
                $this->alerts = [];
            }
        }
        return $this->alerts;
    }

    /**
     * Alerts by the attempt in which they began; those outside of any come first.
     *
     * @param int $userid
     * @param array[] $alerts
     * @return array[] by title
     */
    private function by_attempt(int $userid, array $alerts): array {
        global $DB;
        $attempts = $DB->get_records(
            'quiz_attempts',
            ['quiz' => $this->cm->instance, 'userid' => $userid, 'preview' => 0],
            'attempt',
            'id, attempt, timestart, timefinish'
        );
        $groups = [];
        foreach ($attempts as $attempt) {
            $title = get_string('report:attempt', 'quizaccess_probity', $attempt->attempt) . ' (' .
                userdate($attempt->timestart, get_string('strftimedatetimeshort', 'langconfig')) . ')';
            $end = $attempt->timefinish ?: PHP_INT_MAX;
            $within = fn($alert) => self::time($alert, 'beganTime') >= $attempt->timestart && self::time($alert, 'beganTime') <= $end;
            $groups[$title] = array_filter($alerts, $within);
            $alerts = array_filter($alerts, fn($alert) => !$within($alert));
        }
        if ($alerts || !$groups) {
            $groups = [get_string('report:timeline', 'quizaccess_probity') => $alerts] + $groups;
        }
        return $groups;
    }

    /**
     * Alerts in the order in which they began, each with its decision or the form for it.
     *
     * @param array[] $alerts
     * @return string HTML
     */
    private function alert_list(array $alerts): string {
        global $OUTPUT;
        usort($alerts, fn($a, $b) => self::time($a, 'beganTime') <=> self::time($b, 'beganTime'));
        $decides = has_capability('quizaccess/probity:decide', $this->context);
        $format = get_string('strftimedatetimeshortaccurate', 'langconfig');
        return $OUTPUT->render_from_template('quizaccess_probity/alerts', [
            'alerts' => array_map(function (array $alert) use ($decides, $format): array {
                $undecided = self::undecided($alert);
                $scored = is_numeric($alert['score'] ?? null) && is_numeric($alert['threshold'] ?? null);
                return [
                    'what' => (string) ($alert['reason'] ?? $alert['type'] ?? ''),
                    'began' => userdate(self::time($alert, 'beganTime'), $format),
                    'ended' => self::time($alert, 'endedTime') ? userdate(self::time($alert, 'endedTime'), $format) : '',
                    'scores' => !$scored ? '' : get_string('report:scores', 'quizaccess_probity', [
                        'score' => format_float((float) $alert['score'], 3),
                        'threshold' => format_float((float) $alert['threshold'], 3),
                    ]),
                    'model' => (string) ($alert['modelId'] ?? ''),
                    'decision' => $undecided ? get_string('report:undecided', 'quizaccess_probity') :
                        $this->decision_words((string) $alert['decision']),
                    'note' => (string) ($alert['decisionNote'] ?? ''),
                    'form' => $undecided && $decides ? $this->alert_form($alert)->render() : '',
                ];
            }, $alerts),
        ]);
    }

    /**
     * A decision in words.
     *
     * @param string $decision as Probity calls it
     * @return string
     */
    private function decision_words(string $decision): string {
        $button = array_search($decision, self::DECISIONS, true);
        return $button === false ? $decision : get_string("report:$button", 'quizaccess_probity');
    }

    /**
     * The form that lets a student in, or takes that back.
     *
     * @return decision_form
     */
    private function approval_form(): decision_form {
        return $this->form('approval', [
            'approve' => get_string('report:approve', 'quizaccess_probity'),
            'revoke' => get_string('report:revoke', 'quizaccess_probity'),
        ]);
    }

    /**
     * The form that decides on an alert.
     *
     * @param array $alert
     * @return decision_form
     */
    private function alert_form(array $alert): decision_form {
        $id = preg_replace('/[^A-Za-z0-9]/', '', $alert['id']);
        return $this->form($id, [
            'dismiss' => get_string('report:dismiss', 'quizaccess_probity'),
            'confirm' => get_string('report:confirm', 'quizaccess_probity'),
        ]);
    }

    /**
     * A form of this page.
     *
     * @param string $id among those of the page
     * @param string[] $choices
     * @return decision_form
     */
    private function form(string $id, array $choices): decision_form {
        global $PAGE;
        $custom = ['id' => $id, 'choices' => $choices];
        return new decision_form($PAGE->url->out(false), $custom, 'post', '', ['data-random-ids' => true]);
    }

    /**
     * How things stand, in words.
     *
     * @param stdClass $state
     * @return string HTML
     */
    private function state_cell(stdClass $state): string {
        $known = $state->admission;
        $admitted = $known->admitted || $state->waits;
        $words = get_string($admitted ? 'report:admitted' : 'report:notadmitted', 'quizaccess_probity');
        $lines = [html_writer::tag('strong', $words) . ' ' . s(trim($known->state . ' ' . ($admitted ? '' : $known->reason)))];
        if ($state->waits) {
            $lines[] = get_string('report:waits', 'quizaccess_probity');
        } else if ($state->asks !== null && !$admitted) {
            $lines[] = $state->asks === '' ? get_string('report:asks', 'quizaccess_probity') :
                get_string('report:asksnote', 'quizaccess_probity', s($state->asks));
        }
        return implode(html_writer::empty_tag('br'), $lines);
    }

    /**
     * The button that opens Probity's own page.
     *
     * @param moodle_url $here
     * @return string HTML
     */
    private function review_button(moodle_url $here): string {
        global $OUTPUT;
        if (!has_capability('quizaccess/probity:decide', $this->context)) {
            return '';
        }
        return $OUTPUT->single_button(new moodle_url($here, ['open' => 1]), get_string('report:review', 'quizaccess_probity'), 'post');
    }

    /**
     * Says that Probity does not answer, if it does not.
     *
     * @return string HTML
     */
    private function outage_notice(): string {
        global $OUTPUT;
        return $this->outage ? $OUTPUT->notification(get_string('report:outage', 'quizaccess_probity'), 'warning', false) : '';
    }

    /**
     * Whether this teacher may let students in.
     *
     * @return bool
     */
    private function may_approve(): bool {
        return has_capability('quizaccess/probity:approve', $this->context);
    }

    /**
     * How things stand of somebody of whom nothing is known.
     *
     * @return stdClass
     */
    private static function nothing(): stdClass {
        return (object) ['admission' => admission::none(), 'heard' => 0, 'waits' => false, 'asks' => null];
    }

    /**
     * Whether nobody has decided on an alert.
     *
     * @param array $alert
     * @return bool
     */
    private static function undecided(array $alert): bool {
        return !in_array($alert['decision'] ?? null, self::DECISIONS, true);
    }

    /**
     * A time of an alert.
     *
     * @param array $alert
     * @param string $name
     * @return int epoch seconds, 0 for none
     */
    private static function time(array $alert, string $name): int {
        return (int) strtotime((string) ($alert[$name] ?? ''));
    }

    /**
     * How it went.
     *
     * @param bool $good
     * @param string $name of the words
     * @return stdClass
     */
    private static function said(bool $good, string $name): stdClass {
        return (object) ['good' => $good, 'text' => get_string($name, 'quizaccess_probity')];
    }
}
