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

namespace quizaccess_probity\form;

defined('MOODLE_INTERNAL') || die();

require_once($CFG->libdir . '/formslib.php');

/**
 * A decision of a teacher, with why: on an alert, or on letting a student in.
 *
 * @package   quizaccess_probity
 * @copyright 2026 The Probity authors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class decision_form extends \moodleform {
    /**
     * A form among those of a page.
     *
     * @param \moodle_url $page
     * @param string $id of this form among those of the page
     * @param string[] $choices words by button name
     * @return self
     */
    public static function on_page(\moodle_url $page, string $id, array $choices): self {
        $custom = ['id' => $id, 'choices' => $choices];
        return new self($page->out(false), $custom, 'post', '', ['data-random-ids' => true]);
    }

    /**
     * The fields. The custom data: id (of this form among those of the page), choices (button name => words).
     */
    protected function definition() {
        $mform = $this->_form;
        $mform->addElement(
            'textarea',
            'note',
            get_string('report:note', 'quizaccess_probity'),
            ['rows' => 2, 'maxlength' => 1000]
        );
        $mform->setType('note', PARAM_TEXT);
        $mform->addRule('note', null, 'required');
        $mform->addRule('note', get_string('maximumchars', '', 1000), 'maxlength', 1000);
        $buttons = [];
        foreach ($this->_customdata['choices'] as $name => $words) {
            $buttons[] = $mform->createElement('submit', $name, $words);
        }
        $mform->addGroup($buttons, 'buttons', get_string('report:decide', 'quizaccess_probity'), ' ', false);
    }

    /**
     * Which form of the page was sent is told by its identifier.
     *
     * @return string
     */
    protected function get_form_identifier() {
        return 'probity_decision_' . $this->_customdata['id'];
    }
}
