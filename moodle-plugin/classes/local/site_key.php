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
 * The key of this site, as Probity's administrator gave it: probity_CONNECTION_SECRET.
 *
 * The secret signs tokens and never travels.
 *
 * @package   quizaccess_probity
 * @copyright 2026 The Probity authors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class site_key {
    /** The form of a key: a UUID and 32 bytes in base64url. */
    private const FORM = '/^probity_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})_([A-Za-z0-9_-]{43})$/';

    /**
     * Constructor.
     *
     * @param string $connection the UUID of the connection at Probity
     * @param string $secret 32 raw bytes
     */
    private function __construct(
        /** @var string the UUID of the connection at Probity */
        public readonly string $connection,
        /** @var string 32 raw bytes */
        public readonly string $secret,
    ) {
    }

    /**
     * Reads a key.
     *
     * @param string $text the key as it was pasted; white space around it does not matter
     * @return self|null null when it is not a key
     */
    public static function parse(string $text): ?self {
        if (!preg_match(self::FORM, trim($text), $parts)) {
            return null;
        }
        $secret = base64_decode(strtr($parts[2], '-_', '+/') . '=', true);
        return $secret !== false && strlen($secret) === 32 ? new self($parts[1], $secret) : null;
    }
}
