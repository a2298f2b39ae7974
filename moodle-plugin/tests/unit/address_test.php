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

use PHPUnit\Framework\TestCase;

/**
 * Tests of addresses.
 *
 * @package   quizaccess_probity
 * @copyright 2026 The Probity authors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 * @covers    \quizaccess_probity\local\address
 */
final class address_test extends TestCase {
    /**
     * What comes of an address.
     *
     * @dataProvider addresses
     * @param string $text
     * @param string|null $expected
     */
    public function test_normalise(string $text, ?string $expected): void {
        $this->assertSame($expected, address::normalise($text));
    }

    /**
     * Addresses, good and bad.
     *
     * @return array
     */
    public static function addresses(): array {
        return [
            ['https://probity.example.org', 'https://probity.example.org'],
            [' https://Probity.Example.org:443/ ', 'https://probity.example.org'],
            ['https://example.org:8443/probity/', 'https://example.org:8443/probity'],
            ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
            ['http://localhost:8080/', 'http://localhost:8080'],
            ['http://[::1]:8080', 'http://[::1]:8080'],
            ['http://probity.example.org', null],
            ['http://127.0.0.1.example.org', null],
            ['ftp://localhost', null],
            ['https://user:secret@example.org', null],
            ['https://example.org/?a=b', null],
            ['https://example.org/#a', null],
            ['probity.example.org', null],
            ['https://', null],
            ['', null],
        ];
    }

    /**
     * The origin is as browsers write it.
     */
    public function test_origin(): void {
        $this->assertSame('https://example.org', address::origin('https://Example.org:443/probity'));
        $this->assertSame('https://example.org:8443', address::origin('https://example.org:8443/probity'));
        $this->assertSame('http://localhost', address::origin('http://localhost:80'));
        $this->assertSame('http://127.0.0.1:8080', address::origin('http://127.0.0.1:8080/a/b'));
    }
}
