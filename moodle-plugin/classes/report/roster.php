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

use html_table;
use html_writer;
use moodle_url;
use stdClass;

/**
 * The list of the students of a quiz: those who need somebody first, then by name.
 *
 * @package   quizaccess_probity
 * @copyright 2026 The Probity authors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class roster {
    /** Students on a page. */
    private const PER_PAGE = 50;

    /**
     * Constructor.
     *
     * @param moodle_url $url of the list, with what was searched for and which students are shown
     * @param string $search part of a name, or of an identity field that the viewer may see
     * @param string $show one of standing::KINDS; anything else shows all
     */
    public function __construct(
        /** @var moodle_url of the list, with what was searched for and which students are shown */
        private readonly moodle_url $url,
        /** @var string part of a name, or of an identity field that the viewer may see */
        public readonly string $search,
        /** @var string one of standing::KINDS; anything else shows all */
        private readonly string $show,
    ) {
    }

    /**
     * The HTML.
     *
     * @param stdClass[] $users by id, found by the search
     * @param standing[] $standings by user id
     * @param string[] $identity names of identity fields that the viewer may see
     * @param int $page from 0
     * @return string
     */
    public function html(array $users, array $standings, array $identity, int $page): string {
        global $OUTPUT;
        $output = html_writer::div($this->search_box() . $this->choice($users, $standings));
        $shown = self::arrange($users, $standings, $this->show);
        if (!$shown) {
            $none = $users || $this->search !== '' ? 'report:nomatch' : 'report:none';
            return $output . $OUTPUT->notification(get_string($none, 'quizaccess_probity'), 'info', false);
        }
        $total = count($shown);
        $page = max(0, min($page, intdiv($total - 1, self::PER_PAGE)));
        $here = array_slice($shown, $page * self::PER_PAGE, self::PER_PAGE);
        return $output . $this->table($here, $standings, $identity) .
            $OUTPUT->paging_bar($total, $page, self::PER_PAGE, $this->url);
    }

    /**
     * Those of a kind, the most urgent first, otherwise in the order in which they came.
     *
     * @param stdClass[] $users
     * @param standing[] $standings by user id
     * @param string $show one of standing::KINDS; anything else for all
     * @return stdClass[] from 0
     */
    public static function arrange(array $users, array $standings, string $show): array {
        $of = fn(stdClass $user): standing => $standings[$user->id] ?? source::nothing();
        if (in_array($show, standing::KINDS, true)) {
            $users = array_filter($users, fn(stdClass $user): bool => $of($user)->is($show));
        }
        usort($users, fn(stdClass $a, stdClass $b): int => $of($a)->urgency() <=> $of($b)->urgency());
        return $users;
    }

    /**
     * Where to search.
     *
     * @return string HTML
     */
    private function search_box(): string {
        global $OUTPUT;
        $kept = array_diff_key($this->url->params(), ['search' => '']);
        return $OUTPUT->render_from_template('core/search_input', [
            'action' => $this->url->out_omit_querystring(),
            'inputname' => 'search',
            'searchstring' => get_string('report:search', 'quizaccess_probity'),
            'query' => $this->search,
            'extraclasses' => 'd-inline-block me-3 mb-3',
            'hiddenfields' => array_map(
                fn($name, $value) => ['name' => $name, 'value' => $value],
                array_keys($kept),
                array_values($kept)
            ),
        ]);
    }

    /**
     * Which students to show, and how many they are.
     *
     * @param stdClass[] $users
     * @param standing[] $standings
     * @return string HTML
     */
    private function choice(array $users, array $standings): string {
        global $OUTPUT;
        $options = ['' => get_string('report:show_all', 'quizaccess_probity') . ' (' . count($users) . ')'];
        foreach (standing::KINDS as $kind) {
            $count = count(self::arrange($users, $standings, $kind));
            $options[$kind] = get_string("report:show_$kind", 'quizaccess_probity') . " ($count)";
        }
        $url = new moodle_url($this->url);
        $url->remove_params('show');
        return $OUTPUT->single_select($url, 'show', $options, $this->show, null, null, [
            'label' => get_string('report:show', 'quizaccess_probity'),
        ]);
    }

    /**
     * A page of the list.
     *
     * @param stdClass[] $users
     * @param standing[] $standings
     * @param string[] $identity
     * @return string HTML
     */
    private function table(array $users, array $standings, array $identity): string {
        $words = fn(string $name): string => get_string("report:$name", 'quizaccess_probity');
        $table = new html_table();
        $table->caption = $words('title');
        $table->captionhide = true;
        $table->head = [
            $words('student'),
            ...array_map([\core_user\fields::class, 'get_display_name'], $identity),
            ...array_map($words, ['state', 'heard', 'alerts', 'actions']),
        ];
        foreach ($users as $user) {
            $standing = $standings[$user->id] ?? source::nothing();
            $details = new moodle_url($this->url, ['userid' => $user->id]);
            $table->data[] = [
                s(fullname($user)),
                ...array_map(fn(string $field): string => s($user->$field), $identity),
                $standing->html(),
                $standing->heard ? userdate($standing->heard, get_string('strftimedatetimeshort', 'langconfig')) :
                    $words('never'),
                $standing->undecided,
                html_writer::link($details, $words('details'), ['aria-label' => $words('details') . ': ' . fullname($user)]),
            ];
        }
        return html_writer::table($table);
    }
}
