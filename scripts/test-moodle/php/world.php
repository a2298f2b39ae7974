<?php
// A course with a quiz of four pages, a teacher and students, and what a token needs. Input: prefix, password,
// students (names by key). Answers ids and user names.

require(__DIR__ . '/bootstrap.php');
require_once($CFG->libdir . '/testing/generator/lib.php');
require_once($CFG->libdir . '/adminlib.php');
require_once($CFG->libdir . '/questionlib.php');
require_once($CFG->dirroot . '/question/format.php');
require_once($CFG->dirroot . '/question/format/gift/format.php');
require_once($CFG->dirroot . '/mod/quiz/locallib.php');

// As the administrator's pages do: web services over REST, and those of the mobile app, for the students.
set_config('enablewebservices', 1);
set_config('webserviceprotocols', 'rest');
(new admin_setting_enablemobileservice('enablemobilewebservice', '', '', 0))->write_setting('1');
set_config('autosaveperiod', 5, 'quiz');

$generator = new testing_data_generator();
$course = $generator->create_course(['fullname' => "Histories $input->prefix", 'shortname' => $input->prefix]);
$person = function (string $key, string $firstname, string $lastname, string $role) use ($generator, $course, $input) {
    $username = "$input->prefix-$key";
    $user = $generator->create_user([
        'username' => $username, 'password' => $input->password, 'firstname' => $firstname, 'lastname' => $lastname,
        'email' => "$username@example.org",
    ]);
    $generator->enrol_user($user->id, $course->id, $role);
    return ['id' => (int) $user->id, 'username' => $username, 'email' => $user->email, 'name' => "$firstname $lastname"];
};
$students = [];
foreach ($input->students as $key => $lastname) {
    $students[$key] = $person($key, 'Student', $lastname, 'student');
}
$teacher = $person('teacher', 'Hypatia', 'Teacher', 'editingteacher');

$quiz = $generator->create_module('quiz', [
    'course' => $course->id, 'name' => "Midterm $input->prefix", 'timeopen' => time() - 60, 'timeclose' => time() + 7200,
]);
$category = question_make_default_categories([context_module::instance($quiz->cmid)]);
$file = make_request_directory() . '/questions.gift';
file_put_contents($file, implode("\n\n", array_map(
    fn(int $n): string => "::Page $n:: What is written on page $n? {=word$n}",
    range(1, 4),
)));
$import = new qformat_gift();
$import->setCategory($category);
$import->setCourse($course);
$import->setFilename($file);
$import->setRealfilename('questions.gift');
$import->set_display_progress(false);
if (!$import->importpreprocess() || !$import->importprocess() || !$import->importpostprocess()) {
    throw new moodle_exception('importerror', 'question');
}
foreach ($import->questionids as $page => $questionid) {
    quiz_add_quiz_question($questionid, $quiz, $page + 1);
}
\mod_quiz\quiz_settings::create($quiz->id)->get_grade_calculator()->recompute_quiz_sumgrades();

answer([
    'course' => (int) $course->id,
    'quiz' => ['id' => (int) $quiz->id, 'cmid' => (int) $quiz->cmid, 'name' => $quiz->name],
    'teacher' => $teacher,
    'students' => $students,
]);
