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

namespace quizaccess_probity\local;

/**
 * The tokens that this site signs (HS256) for itself and for its people's browsers.
 *
 * @package   quizaccess_probity
 * @copyright 2026 The Probity authors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class tokens {
    /** Seconds that a token of the site is good for. */
    public const SITE_LIFE = 60;

    /** Seconds in which a browser must have handed a launch to Probity. */
    public const LAUNCH_LIFE = 180;

    /** @var callable(array, string, string, string): string payload, secret, kid, typ to a compact JWT */
    private $sign;

    /**
     * Constructor.
     *
     * @param site_key $key
     * @param string $issuer the address of this Moodle (wwwroot), the same as the connection has at Probity
     * @param callable $sign function(array $payload, string $secret, string $kid, string $typ): string, HS256
     */
    public function __construct(
        /** @var site_key the key of the site */
        private readonly site_key $key,
        /** @var string the address of this Moodle */
        private readonly string $issuer,
        callable $sign,
    ) {
        $this->sign = $sign;
    }

    /**
     * A token with which this server speaks for itself.
     *
     * @param int $now epoch seconds
     * @return string
     */
    public function site(int $now): string {
        return $this->signed('probity-site+jwt', [], $now, self::SITE_LIFE);
    }

    /**
     * A token with which one person's browser opens a page of Probity, once.
     *
     * @param array $claims see {@see launch_claims}
     * @param int $now epoch seconds
     * @return string
     */
    public function launch(array $claims, int $now): string {
        return $this->signed('probity-launch+jwt', $claims, $now, self::LAUNCH_LIFE);
    }

    /**
     * Adds what every token has, and signs.
     *
     * @param string $typ
     * @param array $claims
     * @param int $now
     * @param int $life seconds
     * @return string
     */
    private function signed(string $typ, array $claims, int $now, int $life): string {
        $payload = [
            'iss' => $this->issuer,
            'aud' => 'probity',
            'iat' => $now,
            'exp' => $now + $life,
            'jti' => bin2hex(random_bytes(16)),
        ] + $claims;
        return ($this->sign)($payload, $this->key->secret, $this->key->connection, $typ);
    }
}
