<?php
// This file is part of quizaccess_probity, a plugin for Moodle - https://moodle.org/
//
// This program is free software: you can redistribute it and/or modify
// it under the terms of the GNU General Public License as published by
// the Free Software Foundation, either version 3 of the License, or
// (at your option) any later version.
//
// This program is distributed in the hope that it will be useful,
// but WITHOUT ANY WARRANTY; without even the implied warranty of
// MERCHANTABILITY or FITNESS FOR A PARTICULAR PURPOSE.  See the
// GNU General Public License for more details.
//
// You should have received a copy of the GNU General Public License
// along with this program.  If not, see <https://www.gnu.org/licenses/>.

/**
 * Site settings of quizaccess_probity.
 *
 * @package   quizaccess_probity
 * @copyright 2026 The Probity authors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

defined('MOODLE_INTERNAL') || die();

if ($hassiteconfig) {
    $settings->add(new admin_setting_heading(
        'quizaccess_probity/connection',
        get_string('settings:connection', 'quizaccess_probity'),
        get_string(
            'settings:connection_desc',
            'quizaccess_probity',
            (new moodle_url('/mod/quiz/accessrule/probity/test.php'))->out()
        )
    ));
    $settings->add(new admin_setting_configtext(
        'quizaccess_probity/address',
        get_string('settings:address', 'quizaccess_probity'),
        get_string('settings:address_desc', 'quizaccess_probity'),
        '',
        PARAM_URL
    ));
    $settings->add(new admin_setting_encryptedpassword(
        'quizaccess_probity/sitekey',
        get_string('settings:sitekey', 'quizaccess_probity'),
        get_string('settings:sitekey_desc', 'quizaccess_probity')
    ));
    $settings->add(new admin_setting_configtext(
        'quizaccess_probity/publicaddress',
        get_string('settings:publicaddress', 'quizaccess_probity'),
        get_string('settings:publicaddress_desc', 'quizaccess_probity'),
        '',
        PARAM_URL
    ));

    $settings->add(new admin_setting_heading(
        'quizaccess_probity/failure',
        get_string('settings:failure', 'quizaccess_probity'),
        get_string('settings:failure_desc', 'quizaccess_probity')
    ));
    $settings->add(new admin_setting_configtext(
        'quizaccess_probity/connecttimeout',
        get_string('settings:connecttimeout', 'quizaccess_probity'),
        get_string('settings:connecttimeout_desc', 'quizaccess_probity'),
        2,
        PARAM_INT
    ));
    $settings->add(new admin_setting_configtext(
        'quizaccess_probity/timeout',
        get_string('settings:timeout', 'quizaccess_probity'),
        get_string('settings:timeout_desc', 'quizaccess_probity'),
        3,
        PARAM_INT
    ));
    $settings->add(new admin_setting_configduration(
        'quizaccess_probity/outagegrace',
        get_string('settings:outagegrace', 'quizaccess_probity'),
        get_string('settings:outagegrace_desc', 'quizaccess_probity'),
        10 * MINSECS
    ));
}
