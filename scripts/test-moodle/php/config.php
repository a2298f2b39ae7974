<?php
// Sets and reads settings. Input: set (a list of [name, value, plugin or null]), get (a list of [name, plugin or null]).

require(__DIR__ . '/bootstrap.php');

foreach ($input->set ?? [] as [$name, $value, $plugin]) {
    set_config($name, $value, $plugin);
}
answer(array_map(function (array $setting) {
    $value = get_config($setting[1] ?? 'core', $setting[0]);
    return $value === false ? null : $value;
}, $input->get ?? []));
