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

namespace quizaccess_probity\event;

/**
 * What the events of the plugin have in common: they are about a student in a quiz.
 *
 * @package   quizaccess_probity
 * @copyright 2026 The Probity authors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
abstract class event_base extends \core\event\base {
    /**
     * Makes the event.
     *
     * @param \stdClass|\cm_info $cm of the quiz
     * @param int|null $userid the student
     * @param array $other
     * @return static
     */
    protected static function about($cm, ?int $userid, array $other = []): static {
        return static::create([
            'objectid' => (int) $cm->instance,
            'context' => \context_module::instance($cm->id),
            'relateduserid' => $userid,
            'other' => $other,
        ]);
    }

    /**
     * The quiz.
     */
    protected function init() {
        $this->data['objecttable'] = 'quiz';
        $this->data['crud'] = 'r';
        $this->data['edulevel'] = self::LEVEL_OTHER;
    }

    /**
     * The name.
     *
     * @return string
     */
    public static function get_name() {
        $class = explode('\\', static::class);
        return get_string('event:' . end($class), 'quizaccess_probity');
    }

    /**
     * The teacher's report on the student.
     *
     * @return \moodle_url
     */
    public function get_url() {
        $student = $this->relateduserid ? ['userid' => $this->relateduserid] : [];
        return new \moodle_url(
            '/mod/quiz/accessrule/probity/report.php',
            ['cmid' => $this->contextinstanceid] + $student
        );
    }

    /**
     * How a restored log finds the quiz.
     *
     * @return array
     */
    public static function get_objectid_mapping() {
        return ['db' => 'quiz', 'restore' => 'quiz'];
    }

    /**
     * Nothing else needs to be found.
     *
     * @return bool
     */
    public static function get_other_mapping() {
        return false;
    }
}
