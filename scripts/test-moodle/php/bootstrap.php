<?php
// Every script beside this one is called `php NAME.php MOODLE_DIR JSON`, runs inside that Moodle as its administrator,
// and prints one JSON value on the last line. They use Moodle's code, so their licence is the GNU GPL, version 3 or later.

define('CLI_SCRIPT', true);
// What Moodle itself prints (progress, debugging) goes to the standard error: the answer is alone on standard output.
ob_start(function (string $printed): string {
    fwrite(STDERR, $printed);
    return '';
}, 1);
require($argv[1] . '/config.php');
\core\session\manager::set_user(get_admin());
$input = json_decode($argv[2], false, 512, JSON_THROW_ON_ERROR);

/**
 * Prints the answer of a script and ends it.
 *
 * @param mixed $value
 */
function answer($value): void {
    fwrite(STDOUT, "\n" . json_encode($value, JSON_THROW_ON_ERROR | JSON_UNESCAPED_SLASHES | JSON_PARTIAL_OUTPUT_ON_ERROR));
    exit(0);
}
