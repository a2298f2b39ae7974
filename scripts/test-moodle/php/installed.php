<?php
// Whether Moodle wants an upgrade, and which version of a component it has. Input: component.

require(__DIR__ . '/bootstrap.php');

answer([
    'needed' => (bool) moodle_needs_upgrading(),
    'version' => (string) get_config($input->component, 'version'),
    'release' => $CFG->release,
]);
