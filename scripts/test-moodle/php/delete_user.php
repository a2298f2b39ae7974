<?php
// Deletes a user, as an administrator does. Input: user.

require(__DIR__ . '/bootstrap.php');

answer(delete_user(core_user::get_user($input->user, '*', MUST_EXIST)));
