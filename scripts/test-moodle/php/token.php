<?php
// A web-service token of a new service user with the rights that the plugin's service needs. Input: prefix, service,
// capabilities.

require(__DIR__ . '/bootstrap.php');
require_once($CFG->libdir . '/testing/generator/lib.php');

$service = $DB->get_record('external_services', ['shortname' => $input->service], '*', MUST_EXIST);
$DB->set_field('external_services', 'enabled', 1, ['id' => $service->id]);
$system = context_system::instance();
$user = (new testing_data_generator())->create_user([
    'username' => "$input->prefix-service", 'firstname' => 'Probity', 'lastname' => 'Service',
    'email' => "$input->prefix-service@example.org",
]);
$role = create_role("Probity $input->prefix", "probity$input->prefix", 'Reads what Probity syncs');
set_role_contextlevels($role, [CONTEXT_SYSTEM]);
foreach ($input->capabilities as $capability) {
    assign_capability($capability, CAP_ALLOW, $role, $system->id, true);
}
role_assign($role, $user->id, $system->id);
if ($service->restrictedusers) {
    $DB->insert_record('external_services_users', (object) [
        'externalserviceid' => $service->id, 'userid' => $user->id, 'timecreated' => time(),
    ]);
}
answer([
    'user' => (int) $user->id,
    'token' => \core_external\util::generate_token(EXTERNAL_TOKEN_PERMANENT, $service, $user->id, $system),
]);
