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

/**
 * The alerts of a student, in the order in which they began, by attempt.
 *
 * @package   quizaccess_probity
 * @copyright 2026 The Probity authors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class timeline {
    /**
     * Constructor.
     *
     * @param decisions|null $decisions the forms that go with alerts on which nobody has decided; null for none
     */
    public function __construct(
        /** @var decisions|null the forms that go with alerts on which nobody has decided; null for none */
        private readonly ?decisions $decisions,
    ) {
    }

    /**
     * The HTML.
     *
     * @param int $quizid
     * @param int $userid
     * @param array[] $alerts
     * @return string
     */
    public function html(int $quizid, int $userid, array $alerts): string {
        global $OUTPUT;
        $output = '';
        foreach (self::by_attempt($quizid, $userid, $alerts) as $title => $some) {
            $output .= $OUTPUT->heading($title, 5);
            $output .= $some ? $this->alert_list($some) :
                \html_writer::tag('p', get_string('report:noalerts', 'quizaccess_probity'));
        }
        return $output;
    }

    /**
     * Alerts by the attempt in which they began; those outside of any come first.
     *
     * @param int $quizid
     * @param int $userid
     * @param array[] $alerts
     * @return array[] by title
     */
    private static function by_attempt(int $quizid, int $userid, array $alerts): array {
        global $DB;
        $attempts = $DB->get_records(
            'quiz_attempts',
            ['quiz' => $quizid, 'userid' => $userid, 'preview' => 0],
            'attempt',
            'id, attempt, timestart, timefinish'
        );
        $groups = [];
        foreach ($attempts as $attempt) {
            $title = get_string('report:attempt', 'quizaccess_probity', $attempt->attempt) . ' (' .
                userdate($attempt->timestart, get_string('strftimedatetimeshort', 'langconfig')) . ')';
            $end = $attempt->timefinish ?: PHP_INT_MAX;
            $within = function (array $alert) use ($attempt, $end): bool {
                $began = self::time($alert, 'beganTime');
                return $began >= $attempt->timestart && $began <= $end;
            };
            $groups[$title] = array_filter($alerts, $within);
            $alerts = array_filter($alerts, fn($alert) => !$within($alert));
        }
        if ($alerts || !$groups) {
            $groups = [get_string('report:timeline', 'quizaccess_probity') => $alerts] + $groups;
        }
        return $groups;
    }

    /**
     * Alerts, each with its decision or the form for it.
     *
     * @param array[] $alerts
     * @return string HTML
     */
    private function alert_list(array $alerts): string {
        global $OUTPUT;
        usort($alerts, fn($a, $b) => self::time($a, 'beganTime') <=> self::time($b, 'beganTime'));
        return $OUTPUT->render_from_template('quizaccess_probity/alerts', ['alerts' => array_map([$this, 'view'], $alerts)]);
    }

    /**
     * An alert, for the template.
     *
     * @param array $alert
     * @return array
     */
    private function view(array $alert): array {
        $format = get_string('strftimedatetimeshortaccurate', 'langconfig');
        $ended = self::time($alert, 'endedTime');
        $scored = is_numeric($alert['score'] ?? null) && is_numeric($alert['threshold'] ?? null);
        return [
            'what' => (string) ($alert['reason'] ?? $alert['type'] ?? ''),
            'began' => userdate(self::time($alert, 'beganTime'), $format),
            'ended' => $ended ? userdate($ended, $format) : '',
            'scores' => !$scored ? '' : get_string('report:scores', 'quizaccess_probity', [
                'score' => format_float((float) $alert['score'], 3),
                'threshold' => format_float((float) $alert['threshold'], 3),
            ]),
            'model' => (string) ($alert['modelId'] ?? ''),
            'decision' => decisions::words($alert),
            'note' => (string) ($alert['decisionNote'] ?? ''),
            'form' => $this->decisions && decisions::is_open($alert) ? $this->decisions->form($alert)->render() : '',
        ];
    }

    /**
     * A time of an alert.
     *
     * @param array $alert
     * @param string $name
     * @return int epoch seconds, 0 for none
     */
    private static function time(array $alert, string $name): int {
        return (int) strtotime((string) ($alert[$name] ?? ''));
    }
}
