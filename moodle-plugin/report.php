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
 * The report: who was verified in a quiz, what was noticed, and what a teacher decides.
 *
 * @package   quizaccess_probity
 * @copyright 2026 The Probity authors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

use mod_quiz\quiz_settings;
use quizaccess_probity\event\report_viewed;
use quizaccess_probity\gate;
use quizaccess_probity\launcher;
use quizaccess_probity\report;
use quizaccess_probity\report\rights;
use quizaccess_probity\report\roster;
use quizaccess_probity\service_exception;

require_once(__DIR__ . '/../../../../config.php');

$cmid = required_param('cmid', PARAM_INT);
$userid = optional_param('userid', 0, PARAM_INT);
$open = optional_param('open', 0, PARAM_BOOL);
$search = trim(optional_param('search', '', PARAM_TEXT));
$show = optional_param('show', '', PARAM_ALPHA);
$page = optional_param('page', 0, PARAM_INT);

[$course, $cm] = get_course_and_cm_from_cmid($cmid, 'quiz');
require_login($course, false, $cm);
$context = context_module::instance($cm->id);
require_capability('quizaccess/probity:viewreport', $context);
$settings = gate::settings((int) $cm->instance);

$here = new moodle_url('/mod/quiz/accessrule/probity/report.php', ['cmid' => $cm->id] + array_filter(
    ['search' => $search, 'show' => $show],
    fn(string $value): bool => $value !== ''
));
$rights = new rights($cm, $context);
$report = new report($cm, $rights, $here);
$url = $userid ? $report->url($userid) : $here;
$PAGE->set_url($url);
$PAGE->set_pagelayout('report');
$PAGE->set_title($course->shortname . ': ' . get_string('report:title', 'quizaccess_probity'));
$PAGE->set_heading($course->fullname);
if (!$settings) {
    throw new moodle_exception('error:notasked', 'quizaccess_probity', new moodle_url('/mod/quiz/view.php', ['id' => $cm->id]));
}

if ($open) {
    // The token travels behind #, which no server sees.
    require_sesskey();
    require_capability('quizaccess/probity:decide', $context);
    if (!$rights->may_review()) {
        throw new required_capability_exception($context, 'moodle/site:accessallgroups', 'nopermissions', '');
    }
    try {
        $launch = launcher::review(quiz_settings::create((int) $cm->instance), $settings);
    } catch (service_exception $e) {
        throw new moodle_exception('error:notsetup', 'quizaccess_probity', $url);
    }
    redirect($launch['url'] . '#launch=' . $launch['token']);
}

if ($userid) {
    $rights->require_student($userid);
    $outcome = $report->serve_forms($userid);
    if ($outcome !== null) {
        $kind = $outcome->good ? \core\output\notification::NOTIFY_SUCCESS : \core\output\notification::NOTIFY_ERROR;
        redirect($url, $outcome->text, null, $kind);
    }
}
report_viewed::of($cm, $userid ?: null)->trigger();

echo $OUTPUT->header();
echo $OUTPUT->heading(get_string('report:title', 'quizaccess_probity'));
if ($userid) {
    echo $report->student($userid);
} else {
    groups_print_activity_menu($cm, $here);
    echo $report->students(new roster($here, $search, $show), $page);
}
echo $OUTPUT->footer();
