<?php
// The attempts of a user at a quiz with what is saved as the answer of each slot. Input: quiz, user.

require(__DIR__ . '/bootstrap.php');
require_once($CFG->dirroot . '/mod/quiz/locallib.php');

$attempts = [];
foreach ($DB->get_records('quiz_attempts', ['quiz' => $input->quiz, 'userid' => $input->user], 'id') as $record) {
    $usage = question_engine::load_questions_usage_by_activity($record->uniqueid);
    $answers = [];
    foreach ($usage->get_slots() as $slot) {
        // The last answer that was saved, by a page change or by itself: `-answer` is Moodle's name of the latter.
        $saved = null;
        foreach ($usage->get_question_attempt($slot)->get_full_step_iterator() as $step) {
            $saved = $step->get_qt_var('answer') ?? $saved;
        }
        $answers[$slot] = $saved;
    }
    $attempts[] = ['id' => (int) $record->id, 'state' => $record->state, 'answers' => (object) $answers];
}
answer($attempts);
