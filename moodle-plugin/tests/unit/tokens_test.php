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
use stdClass;

/**
 * Tests of the tokens and of what a launch says.
 *
 * @package   quizaccess_probity
 * @copyright 2026 The Probity authors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 * @covers    \quizaccess_probity\local\tokens
 * @covers    \quizaccess_probity\local\launch_claims
 */
final class tokens_test extends TestCase {
    /** A key whose secret is 32 zero bytes. */
    private const KEY = 'probity_0b36a1f2-1c1e-4ad4-9a31-0f5f4d3c2b1a_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';

    /** @var array what was signed: payload, secret, kid, typ */
    private array $signed = [];

    /**
     * Tokens with a double that keeps what it should sign.
     *
     * @return tokens
     */
    private function tokens(): tokens {
        return new tokens(site_key::parse(self::KEY), 'https://moodle.example.org', function (...$given): string {
            $this->signed = $given;
            return 'signed';
        });
    }

    /**
     * The site's token: short, for Probity, named by the connection, signed with the raw bytes.
     */
    public function test_site(): void {
        $this->assertSame('signed', $this->tokens()->site(1000));
        [$payload, $secret, $kid, $typ] = $this->signed;
        $this->assertSame('probity-site+jwt', $typ);
        $this->assertSame('0b36a1f2-1c1e-4ad4-9a31-0f5f4d3c2b1a', $kid);
        $this->assertSame(str_repeat("\0", 32), $secret);
        $this->assertSame(['iss', 'aud', 'iat', 'exp', 'jti'], array_keys($payload));
        $this->assertSame('https://moodle.example.org', $payload['iss']);
        $this->assertSame('probity', $payload['aud']);
        $this->assertSame(1000, $payload['iat']);
        $this->assertSame(1060, $payload['exp']);
    }

    /**
     * No two tokens have the same name, and it cannot be guessed.
     */
    public function test_names_differ(): void {
        $tokens = $this->tokens();
        $names = [];
        for ($i = 0; $i < 100; $i++) {
            $tokens->site(1000);
            $this->assertMatchesRegularExpression('/^[0-9a-f]{32}$/', $this->signed[0]['jti']);
            $names[$this->signed[0]['jti']] = true;
        }
        $this->assertCount(100, $names);
    }

    /**
     * A launch lives at most five minutes, and no claim can take the place of the token's own.
     */
    public function test_launch(): void {
        $this->tokens()->launch(['sub' => '7', 'iss' => 'https://evil.example.org', 'exp' => 9999], 1000);
        [$payload, , , $typ] = $this->signed;
        $this->assertSame('probity-launch+jwt', $typ);
        $this->assertSame('7', $payload['sub']);
        $this->assertSame('https://moodle.example.org', $payload['iss']);
        $this->assertSame(1180, $payload['exp']);
        $this->assertLessThanOrEqual(300, tokens::LAUNCH_LIFE);
    }

    /**
     * The claims of a launch.
     */
    public function test_launch_claims(): void {
        $claims = launch_claims::of(
            'student',
            self::row([
                'id' => '7', 'email' => 'maria@example.org', 'firstname' => 'Μαρία', 'lastname' => 'Νέου', 'password' => 'x',
            ]),
            self::row(['id' => '12', 'name' => 'Midterm', 'timeopen' => '100', 'timeclose' => '0', 'timelimit' => '3600']),
            self::row(['id' => '3', 'fullname' => 'Logic']),
            self::row(['challenge' => '1', 'monitor' => '0', 'frameinterval' => '10', 'grace' => '60']),
            'el_gr',
            41
        );
        $this->assertSame([
            'sub' => '7',
            'email' => 'maria@example.org',
            'givenName' => 'Μαρία',
            'familyName' => 'Νέου',
            'lang' => 'el',
            'role' => 'student',
            'activity' => [
                'id' => 'quiz:12',
                'name' => 'Midterm',
                'course' => ['id' => '3', 'name' => 'Logic'],
                'opens' => 100,
                'closes' => 0,
                'limit' => 3600,
            ],
            'policy' => ['challenge' => true, 'interval' => 10, 'grace' => 60, 'monitor' => false],
            'attempt' => '41',
        ], $claims);
    }

    /**
     * Before an attempt there is none to name.
     */
    public function test_launch_claims_without_attempt(): void {
        $claims = launch_claims::of(
            'teacher',
            self::row(['id' => 7, 'email' => '', 'firstname' => '', 'lastname' => '']),
            self::row(['id' => 12, 'name' => '', 'timeopen' => 0, 'timeclose' => 0, 'timelimit' => 0]),
            self::row(['id' => 3, 'fullname' => '']),
            self::row(['challenge' => 0, 'monitor' => 1, 'frameinterval' => 2, 'grace' => 30]),
            'en',
            null
        );
        $this->assertSame('', $claims['attempt']);
        $this->assertSame('en', $claims['lang']);
        // Names are never empty at Probity.
        $this->assertSame('-', $claims['givenName']);
        $this->assertSame('-', $claims['activity']['course']['name']);
    }

    /**
     * Long names leave the token within 4096 characters, whatever they are of, and are cut between characters.
     *
     * @dataProvider letters
     * @param string $letter
     */
    public function test_long_names(string $letter): void {
        $claims = launch_claims::of(
            'student',
            self::row([
                'id' => PHP_INT_MAX,
                'email' => str_repeat('e', 88) . '@example.org',
                'firstname' => ' ' . str_repeat($letter, 100),
                'lastname' => str_repeat($letter, 100),
            ]),
            self::row([
                'id' => PHP_INT_MAX,
                'name' => str_repeat($letter, 1333),
                'timeopen' => 4102444800,
                'timeclose' => 4102444800,
                'timelimit' => 864000,
            ]),
            self::row(['id' => PHP_INT_MAX, 'fullname' => str_repeat($letter, 1333)]),
            self::row(['challenge' => 1, 'monitor' => 1, 'frameinterval' => 30, 'grace' => 600]),
            'zh_tw',
            PHP_INT_MAX
        );
        $this->assertSame($claims['givenName'], mb_scrub($claims['givenName']));
        $this->assertStringStartsWith($letter . $letter, $claims['familyName']);
        $this->tokens()->launch($claims, 1795773600);
        // Header and signature together are below 250 characters.
        $this->assertLessThan(4096 - 250 - 100, strlen(base64_encode(json_encode($this->signed[0]))));
    }

    /**
     * Letters of one to twelve bytes in JSON.
     *
     * @return array
     */
    public static function letters(): array {
        return [['a'], ['"'], ['ώ'], ['漢'], ['🎓']];
    }

    /**
     * A row as Moodle's database gives it.
     *
     * @param array $columns
     * @return stdClass
     */
    private static function row(array $columns): stdClass {
        return (object) $columns;
    }
}
