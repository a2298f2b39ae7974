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
use quizaccess_probity\local\site_key;
use quizaccess_probity\local\tokens;
use stdClass;

/**
 * Opens Probity's pages for the browser of the person who asks, and makes students known who have not come to one.
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
        return self::opened('student', '/capture/', $quizobj, $settings, $attemptid);
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
        return self::opened('teacher', '/review/', $quizobj, $settings, null);
    }

    /**
     * Makes a student known at Probity who never opened the capture page: approval is for those without a camera.
     *
     * @param int $quizid
     * @param int $userid
     * @throws service_exception
     */
    public static function introduce(int $quizid, int $userid): void {
        $settings = gate::settings($quizid);
        $user = \core_user::get_user($userid);
        if (!$settings || !$user) {
            throw new service_exception(get_string('error:notasked', 'quizaccess_probity'));
        }
        $quizobj = quiz_settings::create($quizid, $userid);
        $attemptid = gate::attempt_under_way($quizid, $userid);
        (new client())->launch(self::token('student', $user, $user->lang, $quizobj, $settings, $attemptid));
    }

    /**
     * A page of Probity, with a launch of the current user.
     *
     * @param string $role
     * @param string $page
     * @param quiz_settings $quizobj
     * @param stdClass $settings
     * @param int|null $attemptid
     * @return array url, token, expires (epoch seconds)
     * @throws service_exception
     */
    private static function opened(
        string $role,
        string $page,
        quiz_settings $quizobj,
        stdClass $settings,
        ?int $attemptid
    ): array {
        global $USER;
        $address = config::public_address();
        if ($address === null) {
            throw self::not_set_up();
        }
        // Which site it is opened by: only that one may have it in a frame.
        $url = $address . $page . '?site=' . self::key()->connection;
        $expires = time() + tokens::LAUNCH_LIFE;
        $token = self::token($role, $USER, current_language(), $quizobj, $settings, $attemptid);
        return ['url' => $url, 'token' => $token, 'expires' => $expires];
    }

    /**
     * The token of a launch.
     *
     * @param string $role
     * @param stdClass $user
     * @param string $language
     * @param quiz_settings $quizobj
     * @param stdClass $settings
     * @param int|null $attemptid
     * @return string
     * @throws service_exception
     */
    private static function token(
        string $role,
        stdClass $user,
        string $language,
        quiz_settings $quizobj,
        stdClass $settings,
        ?int $attemptid
    ): string {
        $claims = launch_claims::of(
            $role,
            $user,
            $quizobj->get_quiz(),
            $quizobj->get_course(),
            $settings,
            $language,
            $attemptid
        );
        return client::tokens(self::key())->launch($claims, time());
    }

    /**
     * The key of this site.
     *
     * @return site_key
     * @throws service_exception
     */
    private static function key(): site_key {
        return config::site_key() ?? throw self::not_set_up();
    }

    /**
     * Why there is no launch on a site without an address or a key.
     *
     * @return service_exception
     */
    private static function not_set_up(): service_exception {
        return new service_exception(get_string('error:notsetup', 'quizaccess_probity'));
    }
}
