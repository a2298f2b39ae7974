<?php
// Loads the plugin's classes, as Moodle does.

spl_autoload_register(function (string $class): void {
    $prefix = 'quizaccess_probity\\';
    if (strncmp($class, $prefix, strlen($prefix)) === 0) {
        $file = strtr(substr($class, strlen($prefix)), '\\', '/') . '.php';
        require(__DIR__ . '/../../moodle-plugin/classes/' . $file);
    }
});
