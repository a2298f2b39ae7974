<?php
// Loads the plugin's classes, and doubles of what they need of Moodle: phpunit -c test/moodle-plugin/phpunit. These tests
// are not in the plugin, because Moodle's own PHPUnit would run them where there is a Moodle already.

require(__DIR__ . '/doubles.php');

require(__DIR__ . '/../autoload.php');
