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

namespace quizaccess_probity\external;

use context_module;
use mod_quiz\quiz_settings;
use quizaccess_probity\gate;
use stdClass;

/**
 * What the functions that a student's browser calls have in common.
 *
 * @package   quizaccess_probity
 * @copyright 2026 The Probity authors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
trait student {
    /**
     * Sees that the current user may attempt this quiz, and that it asks for identification.
     *
     * @param int $cmid
     * @return array the quiz (quiz_settings) and what it asks (row of quizaccess_probity)
     */
    private static function quiz(int $cmid): array {
        global $USER;
        $context = context_module::instance($cmid);
        self::validate_context($context);
        require_capability('mod/quiz:attempt', $context);
        $quizobj = quiz_settings::create_for_cmid($cmid, $USER->id);
        $settings = gate::settings($quizobj->get_quizid());
        if (!$settings) {
            throw new \moodle_exception('error:notasked', 'quizaccess_probity');
        }
        return [$quizobj, $settings];
    }
}
