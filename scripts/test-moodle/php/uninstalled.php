<?php
// What is left of a component: tables, settings, capabilities, scheduled tasks, web-service functions. Input: component.

require(__DIR__ . '/bootstrap.php');

$left = [];
foreach ($DB->get_tables(false) as $table) {
    if (str_starts_with($table, $input->component)) {
        $left[] = "table $table";
    }
}
$rows = [
    'config_plugins' => 'plugin', 'capabilities' => 'component', 'task_scheduled' => 'component',
    'external_functions' => 'component', 'external_services' => 'component',
];
foreach ($rows as $table => $column) {
    $count = $DB->count_records($table, [$column => $input->component]);
    if ($count > 0) {
        $left[] = "$count in $table";
    }
}
answer($left);
