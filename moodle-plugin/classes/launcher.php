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

namespace quizaccess_probity;

use mod_quiz\quiz_settings;
use quizaccess_probity\local\launch_claims;
use stdClass;

/**
 * Opens Probity's pages for the browser of the person who asks.
 *
 * @package   quizaccess_probity
 * @copyright 2026 The Probity authors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class launcher {
    /**
     * A launch of the capture page for the current user.
     *
     * @param quiz_settings $quizobj made for this user: their overrides are in it
     * @param stdClass $settings row of quizaccess_probity
     * @param int|null $attemptid
     * @return array url, token, expires (epoch seconds)
     * @throws service_exception when the site is not set up
     */
    public static function capture(quiz_settings $quizobj, stdClass $settings, ?int $attemptid): array {
        return self::launch('student', '/capture/', $quizobj, $settings, $attemptid);
    }

    /**
     * A launch of the review page for the current user.
     *
     * @param quiz_settings $quizobj
     * @param stdClass $settings row of quizaccess_probity
     * @return array url, token, expires (epoch seconds)
     * @throws service_exception when the site is not set up
     */
    public static function review(quiz_settings $quizobj, stdClass $settings): array {
        return self::launch('teacher', '/review/', $quizobj, $settings, null);
    }

    /**
     * Makes a launch.
     *
     * @param string $role
     * @param string $page
     * @param quiz_settings $quizobj
     * @param stdClass $settings
     * @param int|null $attemptid
     * @return array
     * @throws service_exception
     */
    private static function launch(
        string $role,
        string $page,
        quiz_settings $quizobj,
        stdClass $settings,
        ?int $attemptid
    ): array {
        global $USER;
        $address = config::public_address();
        $key = config::site_key();
        if ($address === null || $key === null) {
            throw new service_exception(get_string('error:notsetup', 'quizaccess_probity'));
        }
        $now = time();
        $tokens = client::tokens($key);
        $claims = launch_claims::of(
            $role,
            $USER,
            $quizobj->get_quiz(),
            $quizobj->get_course(),
            $settings,
            current_language(),
            $attemptid
        );
        return [
            'url' => $address . $page,
            'token' => $tokens->launch($claims, $now),
            'expires' => $now + $tokens::LAUNCH_LIFE,
        ];
    }
}
