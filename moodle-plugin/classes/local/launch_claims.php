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

namespace quizaccess_probity\local;

use stdClass;

/**
 * What a launch says: who, in which quiz, when it is open for them, and what the quiz asks.
 *
 * @package   quizaccess_probity
 * @copyright 2026 The Probity authors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class launch_claims {
    /** The most bytes of a name as JSON, where a Greek letter takes six: four of them leave room in a token of 4096. */
    private const NAME = 480;

    /**
     * The name of a quiz at Probity.
     *
     * @param int $quizid
     * @return string
     */
    public static function activity(int $quizid): string {
        return 'quiz:' . $quizid;
    }

    /**
     * The claims.
     *
     * @param string $role student or teacher
     * @param stdClass $user id, email, firstname, lastname
     * @param stdClass $quiz id, name, timeopen, timeclose, timelimit: for a student with their overrides applied
     * @param stdClass $course id, fullname
     * @param stdClass $settings challenge, monitor, frameinterval, grace: what the quiz asks
     * @param string $language of the page the person sees, such as en or el
     * @param int|null $attemptid
     * @return array
     */
    public static function of(
        string $role,
        stdClass $user,
        stdClass $quiz,
        stdClass $course,
        stdClass $settings,
        string $language,
        ?int $attemptid
    ): array {
        return [
            'sub' => (string) $user->id,
            'email' => (string) $user->email,
            'givenName' => self::named($user->firstname),
            'familyName' => self::named($user->lastname),
            'lang' => explode('_', $language)[0],
            'role' => $role,
            'activity' => [
                'id' => self::activity((int) $quiz->id),
                'name' => self::named($quiz->name),
                'course' => ['id' => (string) $course->id, 'name' => self::named($course->fullname)],
                'opens' => (int) $quiz->timeopen,
                'closes' => (int) $quiz->timeclose,
                'limit' => (int) $quiz->timelimit,
            ],
            'policy' => [
                'challenge' => (bool) $settings->challenge,
                'interval' => (int) $settings->frameinterval,
                'grace' => (int) $settings->grace,
                'monitor' => (bool) $settings->monitor,
            ],
            'attempt' => $attemptid === null ? '' : (string) $attemptid,
        ];
    }

    /**
     * A name as Probity takes it: never empty, as a name may be here, nor so long that the token gets too long.
     *
     * @param string $text
     * @return string
     */
    private static function named(string $text): string {
        $name = trim($text);
        while (strlen(json_encode($name)) > self::NAME) {
            $name = trim(mb_substr($name, 0, -1));
        }
        return $name === '' ? '-' : $name;
    }
}
