<?php
// Prints the hidden fields that hold a form, as JSON: reads the form's fields from standard input, as JSON too.

use quizaccess_probity\local\held_fields;

require(__DIR__ . '/../../moodle-plugin/tests/unit/bootstrap.php');

echo json_encode(held_fields::of(json_decode(stream_get_contents(STDIN), true)));
