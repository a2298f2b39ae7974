<?php
// Gives a user a role of its own with one capability in a quiz. Input: prefix, user, cmid, capability.

require(__DIR__ . '/bootstrap.php');

$context = context_module::instance($input->cmid);
$role = create_role("Exempt $input->prefix", "exempt$input->prefix", '');
set_role_contextlevels($role, [CONTEXT_MODULE]);
assign_capability($input->capability, CAP_ALLOW, $role, context_system::instance()->id, true);
role_assign($role, $input->user, $context->id);
answer(has_capability($input->capability, $context, $input->user));
