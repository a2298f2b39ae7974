<?php
// Takes a user out of a course. Input: course, user.

require(__DIR__ . '/bootstrap.php');

$instance = $DB->get_record('enrol', ['courseid' => $input->course, 'enrol' => 'manual'], '*', MUST_EXIST);
enrol_get_plugin('manual')->unenrol_user($instance, $input->user);
answer(true);
