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
 * Where Probity is.
 *
 * @package   quizaccess_probity
 * @copyright 2026 The Probity authors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class address {
    /**
     * The address without a slash at its end, or null when it is none that may be used.
     *
     * Answers are believed because the connection is Probity's: so https, or this machine itself.
     *
     * @param string $text
     * @return string|null
     */
    public static function normalise(string $text): ?string {
        $parts = parse_url(trim($text));
        if (!is_array($parts) || empty($parts['host']) || isset($parts['query']) || isset($parts['fragment']) ||
                isset($parts['user']) || isset($parts['pass'])) {
            return null;
        }
        $scheme = strtolower($parts['scheme'] ?? '');
        $here = in_array(strtolower($parts['host']), ['localhost', '127.0.0.1', '[::1]'], true);
        if ($scheme !== 'https' && !($scheme === 'http' && $here)) {
            return null;
        }
        return self::origin($parts) . rtrim($parts['path'] ?? '', '/');
    }

    /**
     * The origin of an address, as a browser writes it in a message: scheme, host, and the port where it is not the usual one.
     *
     * @param string|array $address an address, or what parse_url made of it
     * @return string
     */
    public static function origin($address): string {
        $parts = is_array($address) ? $address : parse_url($address);
        $scheme = strtolower($parts['scheme']);
        $port = $parts['port'] ?? null;
        $usual = $port === null || ($scheme === 'https' && $port === 443) || ($scheme === 'http' && $port === 80);
        return $scheme . '://' . strtolower($parts['host']) . ($usual ? '' : ':' . $port);
    }
}
