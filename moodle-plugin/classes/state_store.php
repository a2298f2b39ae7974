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

use quizaccess_probity\local\admission;
use quizaccess_probity\task\erase_person;
use stdClass;

/**
 * Rows of quizaccess_probity_state.
 *
 * @package   quizaccess_probity
 * @copyright 2026 The Probity authors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class state_store {
    /** The table. */
    public const TABLE = 'quizaccess_probity_state';

    /**
     * The row of a student in a quiz.
     *
     * @param int $quizid
     * @param int $userid
     * @return stdClass|null
     */
    public static function find(int $quizid, int $userid): ?stdClass {
        global $DB;
        return $DB->get_record(self::TABLE, ['quizid' => $quizid, 'userid' => $userid]) ?: null;
    }

    /**
     * Keeps an answer of Probity.
     *
     * @param int $quizid
     * @param int $userid
     * @param admission $said
     * @param int $now
     */
    public static function keep(int $quizid, int $userid, admission $said, int $now): void {
        self::write($quizid, $userid, $said->to_row() + ['timechecked' => $now]);
    }

    /**
     * Keeps what waits to be told to Probity.
     *
     * @param int $quizid
     * @param int $userid
     * @param array $columns
     */
    public static function write(int $quizid, int $userid, array $columns): void {
        global $DB;
        $row = self::find($quizid, $userid);
        if (!$row) {
            try {
                $DB->insert_record(self::TABLE, (object) (['quizid' => $quizid, 'userid' => $userid] + $columns));
                return;
            } catch (\dml_write_exception $e) {
                // Another request of the same student was faster.
                $row = self::find($quizid, $userid);
            }
        }
        self::update($row, $columns);
    }

    /**
     * Changes a row. One that was deleted meanwhile stays deleted.
     *
     * @param stdClass $row
     * @param array $columns
     */
    public static function update(stdClass $row, array $columns): void {
        global $DB;
        $DB->update_record(self::TABLE, (object) (['id' => $row->id] + $columns));
    }

    /**
     * Rows of which Probity has still to be told.
     *
     * @return stdClass[]
     */
    public static function unsent(): array {
        global $DB;
        return $DB->get_records_select(self::TABLE, 'timerequested > 0 OR timeapproved > 0', [], 'id');
    }

    /**
     * Gives up what has waited for too long.
     *
     * @param int $before epoch seconds
     */
    public static function give_up(int $before): void {
        global $DB;
        foreach (['timerequested', 'timeapproved'] as $column) {
            $DB->set_field_select(self::TABLE, $column, 0, "$column > 0 AND $column < :before", ['before' => $before]);
        }
    }

    /**
     * Removes rows. What Probity holds stays: it ends by Probity's retention.
     *
     * @param string $select
     * @param array $params
     */
    public static function delete(string $select, array $params): void {
        global $DB;
        $DB->delete_records_select(self::TABLE, $select, $params);
    }

    /**
     * Removes rows, and has Probity erase whom no row is left of: it holds a person, not a person in a quiz.
     *
     * @param string $select
     * @param array $params
     */
    public static function erase(string $select, array $params): void {
        global $DB;
        $userids = array_unique($DB->get_fieldset_select(self::TABLE, 'userid', $select, $params));
        self::delete($select, $params);
        foreach ($userids as $userid) {
            if (!$DB->record_exists(self::TABLE, ['userid' => $userid])) {
                erase_person::ask((int) $userid);
            }
        }
    }
}
