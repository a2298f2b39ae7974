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

namespace quizaccess_probity\report;

use cm_info;
use context_module;
use stdClass;

/**
 * What the teacher who looks may see of a quiz, and do. Who may see some groups only sees their students only.
 *
 * @package   quizaccess_probity
 * @copyright 2026 The Probity authors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class rights {
    /**
     * Constructor.
     *
     * @param cm_info $cm of the quiz
     * @param context_module $context
     */
    public function __construct(
        /** @var cm_info of the quiz */
        private readonly cm_info $cm,
        /** @var context_module its context */
        private readonly context_module $context,
    ) {
    }

    /**
     * Whether they may let students in.
     *
     * @return bool
     */
    public function may_approve(): bool {
        return has_capability('quizaccess/probity:approve', $this->context);
    }

    /**
     * Whether they may decide on alerts.
     *
     * @return bool
     */
    public function may_decide(): bool {
        return has_capability('quizaccess/probity:decide', $this->context);
    }

    /**
     * Whether they may open Probity's own page. It knows no groups: all students of the quiz are on it.
     *
     * @return bool
     */
    public function may_review(): bool {
        return $this->may_decide() && $this->sees_all_groups();
    }

    /**
     * Refuses to show somebody whom they may not see in this quiz.
     *
     * @param int $userid
     */
    public function require_student(int $userid): void {
        if (!is_enrolled($this->context, $userid, 'mod/quiz:attempt') ||
                !groups_user_groups_visible($this->cm->get_course(), $userid, $this->cm)) {
            throw new \moodle_exception('invaliduser');
        }
    }

    /**
     * The students whom they may see, of the group that they chose, by name.
     *
     * @param string $search part of a name or of an identity field; empty for all
     * @return stdClass[] by id
     */
    public function students(string $search): array {
        global $DB;
        $group = groups_get_activity_group($this->cm, true);
        if (!$group && !$this->sees_all_groups()) {
            return [];
        }
        $identity = $this->identity();
        [$enrolled, $params] = get_enrolled_sql($this->context, 'mod/quiz:attempt', (int) $group);
        [$found, $searched] = users_search_sql($search, 'u', USER_SEARCH_CONTAINS, $identity);
        [$order] = users_order_by_sql('u');
        $fields = \core_user\fields::for_name()->including('id', ...$identity)->get_sql('u', false, '', '', false)->selects;
        $sql = "SELECT $fields FROM {user} u JOIN ($enrolled) e ON e.id = u.id WHERE $found ORDER BY $order";
        return $DB->get_records_sql($sql, $params + $searched);
    }

    /**
     * What beside the name they may see of students, such as the e-mail address: as everywhere on this site.
     *
     * @return string[] names of fields of users
     */
    public function identity(): array {
        return \core_user\fields::get_identity_fields($this->context, false);
    }

    /**
     * Whether groups keep nobody from them.
     *
     * @return bool
     */
    private function sees_all_groups(): bool {
        return groups_get_activity_groupmode($this->cm) != SEPARATEGROUPS ||
            has_capability('moodle/site:accessallgroups', $this->context);
    }
}
