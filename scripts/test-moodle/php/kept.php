<?php
// What the plugin keeps for each quiz of a name. Input: name.

require(__DIR__ . '/bootstrap.php');

answer(array_values(array_map(function (stdClass $quiz) use ($DB) {
    $settings = $DB->get_record('quizaccess_probity', ['quizid' => $quiz->id]) ?: null;
    if ($settings) {
        unset($settings->id, $settings->quizid);
    }
    return ['quiz' => (int) $quiz->id, 'settings' => $settings];
}, $DB->get_records('quiz', ['name' => $input->name], 'id'))));
