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

use quizaccess_probity\client;
use quizaccess_probity\local\admission;
use quizaccess_probity\service_exception;
use quizaccess_probity\state_store;

/**
 * What is known of the students of a quiz: from Probity, otherwise as it last said.
 *
 * @package   quizaccess_probity
 * @copyright 2026 The Probity authors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class source {
    /** @var bool whether Probity failed to answer */
    private bool $outage = false;

    /** @var array[][] alerts that were asked for, by user id */
    private array $alerts = [];

    /**
     * Constructor.
     *
     * @param int $quizid
     */
    public function __construct(
        /** @var int the quiz */
        private readonly int $quizid,
    ) {
    }

    /**
     * How things stand of everybody of whom something is known.
     *
     * @return standing[] by user id
     */
    public function standings(): array {
        global $DB;
        $standings = [];
        foreach ($DB->get_records(state_store::TABLE, ['quizid' => $this->quizid]) as $row) {
            $standings[$row->userid] = standing::from_row($row);
        }
        $this->ask(function (client $client) use (&$standings): void {
            foreach ($client->students($this->quizid) as $answer) {
                $userid = (int) ($answer['sub'] ?? 0);
                $standings[$userid] = ($standings[$userid] ?? self::nothing())->with_answer($answer);
            }
        });
        return $standings;
    }

    /**
     * How things stand of a student.
     *
     * @param int $userid
     * @return standing
     */
    public function standing(int $userid): standing {
        $row = state_store::find($this->quizid, $userid);
        $standing = $row ? standing::from_row($row) : self::nothing();
        $this->ask(function (client $client) use (&$standing, $userid): void {
            $standing = $standing->with_answer($client->student($this->quizid, $userid));
        });
        return $standing;
    }

    /**
     * How things stand of somebody of whom nothing is known.
     *
     * @return standing
     */
    public static function nothing(): standing {
        return new standing(admission::none());
    }

    /**
     * The alerts of a student.
     *
     * @param int $userid
     * @return array[] each with an id
     */
    public function alerts(int $userid): array {
        if (!isset($this->alerts[$userid])) {
            $all = [];
            $this->ask(function (client $client) use (&$all, $userid): void {
                $all = $client->alerts($this->quizid, $userid);
            });
            $this->alerts[$userid] = array_values(array_filter($all, fn($alert) => is_string($alert['id'] ?? null)));
        }
        return $this->alerts[$userid];
    }

    /**
     * Says that Probity does not answer, if it did not.
     *
     * @return string HTML
     */
    public function outage_notice(): string {
        global $OUTPUT;
        return $this->outage ? $OUTPUT->notification(get_string('report:outage', 'quizaccess_probity'), 'warning', false) : '';
    }

    /**
     * Asks Probity; what it does not answer stays as it was known.
     *
     * @param callable $do with a client
     */
    private function ask(callable $do): void {
        try {
            $do(new client());
        } catch (service_exception | \UnexpectedValueException $e) {
            $this->outage = true;
        }
    }
}
