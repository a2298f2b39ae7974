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

use quizaccess_probity\local\address;
use quizaccess_probity\local\site_key;

/**
 * The site's settings, checked.
 *
 * @package   quizaccess_probity
 * @copyright 2026 The Probity authors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class config {
    /** Seconds that the longest wait for Probity may be set to: students wait as long. */
    private const LONGEST = 10;

    /**
     * Where this server reaches Probity.
     *
     * @return string|null without a slash at the end; null when it is not set, or is no address that may be used
     */
    public static function address(): ?string {
        return address::normalise(self::text('address'));
    }

    /**
     * Where browsers reach Probity.
     *
     * @return string|null as in address()
     */
    public static function public_address(): ?string {
        $set = self::text('publicaddress');
        return $set === '' ? self::address() : address::normalise($set);
    }

    /**
     * The key of this site.
     *
     * The settings page encrypts it; a value that stands in config.php or was set from the command line is plain.
     *
     * @return site_key|null null when it is not set, or cannot be read
     */
    public static function site_key(): ?site_key {
        $set = self::text('sitekey');
        $plain = site_key::parse($set);
        if ($plain || $set === '') {
            return $plain;
        }
        try {
            return site_key::parse(\core\encryption::decrypt($set));
        } catch (\Throwable $e) {
            debugging('quizaccess_probity: the site key cannot be decrypted', DEBUG_DEVELOPER);
            return null;
        }
    }

    /**
     * Whether Probity can be asked at all.
     *
     * @return bool
     */
    public static function is_set_up(): bool {
        return self::address() !== null && self::site_key() !== null;
    }

    /**
     * Seconds for a connection to Probity to come about.
     *
     * @return int
     */
    public static function connect_timeout(): int {
        return self::seconds('connecttimeout', 2);
    }

    /**
     * Seconds for a whole call.
     *
     * @return int
     */
    public static function timeout(): int {
        return self::seconds('timeout', 3);
    }

    /**
     * Seconds for which Probity's last answer carries an attempt on when it does not answer any more.
     *
     * @return int
     */
    public static function outage_grace(): int {
        $set = get_config('quizaccess_probity', 'outagegrace');
        return $set === false ? 10 * MINSECS : max(0, (int) $set);
    }

    /**
     * A setting as text.
     *
     * @param string $name
     * @return string
     */
    private static function text(string $name): string {
        return trim((string) get_config('quizaccess_probity', $name));
    }

    /**
     * A setting in seconds, within what a student can be asked to wait.
     *
     * @param string $name
     * @param int $usual
     * @return int
     */
    private static function seconds(string $name, int $usual): int {
        $set = (int) get_config('quizaccess_probity', $name);
        return $set > 0 ? min($set, self::LONGEST) : $usual;
    }
}
