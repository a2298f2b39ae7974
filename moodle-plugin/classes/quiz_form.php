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

use MoodleQuickForm;
use stdClass;

/**
 * The fields in a quiz's settings, and what they are kept in.
 *
 * @package   quizaccess_probity
 * @copyright 2026 The Probity authors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class quiz_form {
    /** Seconds between two pictures that can be chosen. */
    public const INTERVALS = [2, 5, 10, 15, 20, 30];

    /** Seconds for which a lost capture is borne that can be chosen. */
    public const GRACES = [30, 60, 120, 180, 300, 600];

    /** The names of the columns, with what a new quiz has. */
    private const USUAL = ['challenge' => 1, 'monitor' => 1, 'frameinterval' => 10, 'grace' => 60];

    /**
     * Adds the fields.
     *
     * @param MoodleQuickForm $mform
     */
    public static function add(MoodleQuickForm $mform): void {
        $mform->addElement('header', 'probityheader', get_string('quiz:header', 'quizaccess_probity'));
        $mform->addElement('advcheckbox', 'probity_enabled', get_string('quiz:enabled', 'quizaccess_probity'));
        $mform->addHelpButton('probity_enabled', 'quiz:enabled', 'quizaccess_probity');
        $mform->addElement('advcheckbox', 'probity_challenge', get_string('quiz:challenge', 'quizaccess_probity'));
        $mform->addHelpButton('probity_challenge', 'quiz:challenge', 'quizaccess_probity');
        $mform->addElement('advcheckbox', 'probity_monitor', get_string('quiz:monitor', 'quizaccess_probity'));
        $mform->addHelpButton('probity_monitor', 'quiz:monitor', 'quizaccess_probity');
        $mform->addElement(
            'select',
            'probity_frameinterval',
            get_string('quiz:frameinterval', 'quizaccess_probity'),
            self::seconds(self::INTERVALS)
        );
        $mform->addHelpButton('probity_frameinterval', 'quiz:frameinterval', 'quizaccess_probity');
        $mform->addElement('select', 'probity_grace', get_string('quiz:grace', 'quizaccess_probity'), self::seconds(self::GRACES));
        $mform->addHelpButton('probity_grace', 'quiz:grace', 'quizaccess_probity');
        foreach (self::USUAL as $name => $value) {
            $mform->setDefault('probity_' . $name, $value);
            $mform->hideIf('probity_' . $name, 'probity_enabled', 'notchecked');
        }
        $mform->hideIf('probity_frameinterval', 'probity_monitor', 'notchecked');
        $mform->hideIf('probity_grace', 'probity_monitor', 'notchecked');
    }

    /**
     * Looks at what was sent.
     *
     * @param array $data
     * @return array errors by field
     */
    public static function errors(array $data): array {
        if (empty($data['probity_enabled'])) {
            return [];
        }
        $errors = [];
        if (!config::is_set_up()) {
            $errors['probity_enabled'] = get_string('error:notsetup', 'quizaccess_probity');
        }
        if (!in_array((int) ($data['probity_frameinterval'] ?? self::USUAL['frameinterval']), self::INTERVALS, true)) {
            $errors['probity_frameinterval'] = get_string('error:choice', 'quizaccess_probity');
        }
        if (!in_array((int) ($data['probity_grace'] ?? self::USUAL['grace']), self::GRACES, true)) {
            $errors['probity_grace'] = get_string('error:choice', 'quizaccess_probity');
        }
        return $errors;
    }

    /**
     * Keeps what was sent.
     *
     * @param stdClass $quiz the form's data, with the id of the quiz
     */
    public static function save(stdClass $quiz): void {
        global $DB;
        $known = $DB->get_record('quizaccess_probity', ['quizid' => $quiz->id]);
        if (empty($quiz->probity_enabled)) {
            $DB->delete_records('quizaccess_probity', ['quizid' => $quiz->id]);
            return;
        }
        $row = ['quizid' => $quiz->id, 'enabled' => 1];
        foreach (self::USUAL as $name => $value) {
            $row[$name] = (int) ($quiz->{'probity_' . $name} ?? $known->$name ?? $value);
        }
        if ($known) {
            $DB->update_record('quizaccess_probity', (object) (['id' => $known->id] + $row));
        } else {
            $DB->insert_record('quizaccess_probity', (object) $row);
        }
    }

    /**
     * The SQL that loads them with the quiz.
     *
     * @return array fields, joins, params
     */
    public static function sql(): array {
        $fields = array_map(fn($name) => "probity.$name AS probity_$name", array_merge(['enabled'], array_keys(self::USUAL)));
        return [implode(', ', $fields), 'LEFT JOIN {quizaccess_probity} probity ON probity.quizid = quiz.id', []];
    }

    /**
     * A choice of seconds.
     *
     * @param int[] $choices
     * @return string[] by seconds
     */
    private static function seconds(array $choices): array {
        return array_combine($choices, array_map('format_time', $choices));
    }
}
