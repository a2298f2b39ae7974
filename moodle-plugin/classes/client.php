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

use Firebase\JWT\JWT;
use quizaccess_probity\local\breaker;
use quizaccess_probity\local\launch_claims;
use quizaccess_probity\local\site_key;
use quizaccess_probity\local\tokens;

/**
 * Calls of this server to Probity: bounded in time, and left out for a moment after one failed.
 *
 * @package   quizaccess_probity
 * @copyright 2026 The Probity authors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class client {
    /** The most pages of a list that are read. */
    private const MOST_PAGES = 100;

    /** Entries on a page of a list, which has to come within the time of a call. */
    private const PAGE = 100;

    /** @var string Probity's address */
    private string $address;

    /** @var tokens what signs */
    private tokens $tokens;

    /**
     * Constructor.
     *
     * @throws service_exception when the site is not set up
     */
    public function __construct() {
        $address = config::address();
        $key = config::site_key();
        if ($address === null || $key === null) {
            throw new service_exception(get_string('error:notsetup', 'quizaccess_probity'));
        }
        $this->address = $address;
        $this->tokens = self::tokens($key);
    }

    /**
     * What signs this site's tokens.
     *
     * @param site_key $key
     * @return tokens
     */
    public static function tokens(site_key $key): tokens {
        global $CFG;
        return new tokens($key, $CFG->wwwroot, fn(array $payload, string $secret, string $kid, string $typ) =>
            JWT::encode($payload, $secret, 'HS256', $kid, ['typ' => $typ]));
    }

    /**
     * Who Probity takes us for.
     *
     * @return array organisation, connection, address, serverTime, publicUrl, plugin
     * @throws service_exception
     */
    public function site(): array {
        return $this->exchange('GET', '/site');
    }

    /**
     * The state of one student.
     *
     * @param int $quizid
     * @param int $userid
     * @return array see {@see local\admission}
     * @throws service_exception
     */
    public function student(int $quizid, int $userid): array {
        return $this->call('GET', self::student_path($quizid, $userid));
    }

    /**
     * The states of all students of a quiz whom Probity knows.
     *
     * @param int $quizid
     * @return array[] as student(), with sub and displayName
     * @throws service_exception
     */
    public function students(int $quizid): array {
        return $this->pages(self::activity_path($quizid) . '/students', 'students');
    }

    /**
     * The alerts of a quiz.
     *
     * @param int $quizid
     * @param int|null $userid of one student only
     * @return array[]
     * @throws service_exception
     */
    public function alerts(int $quizid, ?int $userid = null): array {
        $filter = $userid === null ? [] : ['sub' => (string) $userid];
        return $this->pages(self::activity_path($quizid) . '/alerts', 'alerts', $filter);
    }

    /**
     * Approves a student, or takes that back.
     *
     * @param int $quizid
     * @param int $userid
     * @param bool $approve
     * @param string $note
     * @param array $actor sub, email, name of who does it
     * @throws service_exception
     */
    public function approve(int $quizid, int $userid, bool $approve, string $note, array $actor): void {
        $this->call('POST', self::student_path($quizid, $userid) . '/approval', [
            'approve' => $approve,
            'note' => $note,
            'actor' => $actor,
        ]);
    }

    /**
     * Asks for approval.
     *
     * @param int $quizid
     * @param int $userid
     * @param string $note
     * @throws service_exception
     */
    public function request_approval(int $quizid, int $userid, string $note): void {
        $this->call('POST', self::student_path($quizid, $userid) . '/approval-request', ['note' => $note]);
    }

    /**
     * Decides on an alert.
     *
     * @param int $quizid
     * @param string $alert
     * @param string $decision
     * @param string $note
     * @param array $actor sub, email, name of who does it
     * @throws service_exception
     */
    public function review(int $quizid, string $alert, string $decision, string $note, array $actor): void {
        $this->call('POST', self::activity_path($quizid) . '/alerts/' . rawurlencode($alert) . '/review', [
            'decision' => $decision,
            'note' => $note,
            'actor' => $actor,
        ]);
    }

    /**
     * Makes known whom a launch names, as their browser would.
     *
     * @param string $token
     * @throws service_exception
     */
    public function launch(string $token): void {
        $this->call('POST', '/launches', ['token' => $token]);
    }

    /**
     * Tells what became of an attempt.
     *
     * @param array $notice activity, sub, attempt, event, time
     * @throws service_exception
     */
    public function attempt(array $notice): void {
        $this->call('POST', '/site/attempts', $notice);
    }

    /**
     * All that Probity holds of a person.
     *
     * @param int $userid
     * @return array|null null when it knows nobody of that name
     * @throws service_exception
     */
    public function export_person(int $userid): ?array {
        try {
            return $this->long_call('GET', '/site/people/' . $userid . '/export');
        } catch (service_exception $e) {
            if ($e->status === 404) {
                return null;
            }
            throw $e;
        }
    }

    /**
     * Erases a person.
     *
     * @param int $userid
     * @throws service_exception
     */
    public function erase_person(int $userid): void {
        try {
            $this->long_call('DELETE', '/site/people/' . $userid);
        } catch (service_exception $e) {
            if ($e->status !== 404) {
                throw $e;
            }
        }
    }

    /**
     * The path of a quiz.
     *
     * @param int $quizid
     * @return string
     */
    private static function activity_path(int $quizid): string {
        return '/site/activities/' . rawurlencode(launch_claims::activity($quizid));
    }

    /**
     * The path of a student in a quiz.
     *
     * @param int $quizid
     * @param int $userid
     * @return string
     */
    private static function student_path(int $quizid, int $userid): string {
        return self::activity_path($quizid) . '/students/' . $userid;
    }

    /**
     * Reads a list to its end.
     *
     * @param string $path
     * @param string $name of the list in the answer
     * @param array $filter
     * @return array[]
     * @throws service_exception
     */
    private function pages(string $path, string $name, array $filter = []): array {
        $all = [];
        $token = '';
        for ($page = 0; $page < self::MOST_PAGES; $page++) {
            $query = $filter + ['pageSize' => self::PAGE] + ($token === '' ? [] : ['pageToken' => $token]);
            $answer = $this->long_call('GET', $path . '?' . http_build_query($query, '', '&'));
            array_push($all, ...array_values(array_filter($answer[$name] ?? [], 'is_array')));
            $token = (string) ($answer['nextPageToken'] ?? '');
            if ($token === '') {
                break;
            }
        }
        return $all;
    }

    /**
     * One call. When it fails Probity is left alone for a moment.
     *
     * @param string $method
     * @param string $path
     * @param array|null $body
     * @return array the answer, empty when it has no body
     * @throws service_exception
     */
    private function call(string $method, string $path, ?array $body = null): array {
        $this->must_be_well();
        try {
            return $this->exchange($method, $path, $body);
        } catch (service_exception $e) {
            if ($e->is_outage()) {
                self::health()->set('failed', time());
            }
            throw $e;
        }
    }

    /**
     * One call that may take longer than an answer about one student: that it failed is no reason to close the gate.
     *
     * @param string $method
     * @param string $path
     * @return array the answer, empty when it has no body
     * @throws service_exception
     */
    private function long_call(string $method, string $path): array {
        $this->must_be_well();
        return $this->exchange($method, $path);
    }

    /**
     * Refuses while Probity is left alone.
     *
     * @throws service_exception
     */
    private function must_be_well(): void {
        if (breaker::open((int) self::health()->get('failed'), time())) {
            throw new service_exception('not tried: the last call failed a moment ago');
        }
    }

    /**
     * When Probity last failed to answer.
     *
     * @return \cache
     */
    private static function health(): \cache {
        return \cache::make('quizaccess_probity', 'health');
    }

    /**
     * One request and its answer.
     *
     * @param string $method
     * @param string $path
     * @param array|null $body
     * @return array the answer, empty when it has no body
     * @throws service_exception
     */
    private function exchange(string $method, string $path, ?array $body = null): array {
        global $CFG;
        require_once($CFG->libdir . '/filelib.php');

        $curl = new \curl();
        $curl->setHeader([
            'Authorization: Bearer ' . $this->tokens->site(time()),
            'Accept: application/json',
            'Content-Type: application/json',
        ]);
        $options = [
            'CURLOPT_CONNECTTIMEOUT' => config::connect_timeout(),
            'CURLOPT_TIMEOUT' => config::timeout(),
            'CURLOPT_FOLLOWLOCATION' => 0,
            'CURLOPT_SSL_VERIFYPEER' => 1,
            'CURLOPT_CUSTOMREQUEST' => $method,
        ];
        $url = $this->address . '/probity/v1' . $path;
        $text = $body === null ? $curl->get($url, [], $options) : $curl->post($url, json_encode($body), $options);

        // A call that this Moodle's own rules forbid has no information at all.
        $info = $curl->get_info() ?: [];
        $status = (int) ($info['http_code'] ?? 0);
        $answer = json_decode((string) $text, true);
        if ($status >= 200 && $status < 300) {
            self::health()->delete('failed');
            return is_array($answer) ? $answer : [];
        }
        $blocked = $status === 0 && !$curl->get_errno();
        $said = fn(string $name): string => is_string($answer[$name] ?? null) ? $answer[$name] : '';
        $detail = $status === 0 ? (string) $curl->error : ($said('detail') ?: $said('title'));
        throw new service_exception("$method $path: $status $detail", $status, $blocked, $said('reason'));
    }
}
