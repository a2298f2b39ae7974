<?php
// Deletes an attempt, as a teacher does on the quiz's results. Input: attempt.

require(__DIR__ . '/bootstrap.php');
require_once($CFG->dirroot . '/mod/quiz/locallib.php');

$attempt = $DB->get_record('quiz_attempts', ['id' => $input->attempt], '*', MUST_EXIST);
quiz_delete_attempt($attempt, $DB->get_record('quiz', ['id' => $attempt->quiz], '*', MUST_EXIST));
answer(true);
