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
 * Says whether this site reaches Probity, and is known there.
 *
 * @package   quizaccess_probity
 * @copyright 2026 The Probity authors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

use quizaccess_probity\connection_test;

require_once(__DIR__ . '/../../../../config.php');

require_login();
$context = context_system::instance();
require_capability('moodle/site:config', $context);

$PAGE->set_context($context);
$PAGE->set_url('/mod/quiz/accessrule/probity/test.php');
$PAGE->set_pagelayout('admin');
$PAGE->set_title(get_string('test:title', 'quizaccess_probity'));
$PAGE->set_heading($SITE->fullname);

$result = connection_test::run();

echo $OUTPUT->header();
echo $OUTPUT->heading(get_string('test:title', 'quizaccess_probity'));
foreach ($result->problems as $problem) {
    echo $OUTPUT->notification($problem, $result->good ? 'warning' : 'error', false);
}
if ($result->good) {
    echo $OUTPUT->notification(get_string('test:good', 'quizaccess_probity'), 'success', false);
    $table = new html_table();
    $table->caption = get_string('test:title', 'quizaccess_probity');
    $table->captionhide = true;
    foreach ($result->facts as $name => $value) {
        $head = new html_table_cell(get_string($name, 'quizaccess_probity'));
        $head->header = true;
        $head->scope = 'row';
        $table->data[] = [$head, s($value)];
    }
    echo html_writer::table($table);
}
echo html_writer::link(
    new moodle_url('/admin/settings.php', ['section' => 'modsettingsquizcatprobity']),
    get_string('test:back', 'quizaccess_probity')
);
echo $OUTPUT->footer();
