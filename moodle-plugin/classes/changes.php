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

/**
 * Notes when courses changed, for Probity to ask.
 *
 * @package   quizaccess_probity
 * @copyright 2026 The Probity authors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class changes {
    /** The table. */
    private const TABLE = 'quizaccess_probity_change';

    /**
     * Notes that courses changed now.
     *
     * @param int[] $courseids
     */
    public static function note(array $courseids): void {
        global $DB;
        $now = time();
        foreach (array_chunk($courseids, 1000) as $some) {
            [$in, $params] = $DB->get_in_or_equal($some, SQL_PARAMS_NAMED);
            $known = $DB->get_fieldset_select(self::TABLE, 'courseid', "courseid $in", $params);
            $older = "courseid $in AND timechanged < :now";
            $DB->set_field_select(self::TABLE, 'timechanged', $now, $older, $params + ['now' => $now]);
            foreach (array_diff($some, $known) as $courseid) {
                self::insert($courseid, $now);
            }
        }
    }

    /**
     * Notes the first change of a course.
     *
     * @param int $courseid
     * @param int $now
     */
    private static function insert(int $courseid, int $now): void {
        global $DB;
        try {
            $DB->insert_record(self::TABLE, (object) ['courseid' => $courseid, 'timechanged' => $now]);
        } catch (\dml_write_exception $e) {
            // Another request was faster.
            $DB->set_field(self::TABLE, 'timechanged', $now, ['courseid' => $courseid]);
        }
    }
}
