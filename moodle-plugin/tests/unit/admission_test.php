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
use UnexpectedValueException;

/**
 * Tests of what Probity says of a student.
 *
 * @package   quizaccess_probity
 * @copyright 2026 The Probity authors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 * @covers    \quizaccess_probity\local\admission
 */
final class admission_test extends TestCase {
    /** An answer. */
    private const ANSWER = [
        'admitted' => true,
        'state' => 'MONITORED',
        'reason' => 'NONE',
        'verifiedUntil' => '2026-11-27T10:00:00.000Z',
        'monitored' => true,
        'lastHeartbeatTime' => '2026-11-27T09:00:00.000Z',
        'graceUntil' => null,
        'approvalRequested' => false,
        'openAlerts' => 2,
        'revision' => '17',
    ];

    /**
     * An answer is read, and comes back the same out of the table.
     */
    public function test_answer(): void {
        $said = admission::from_answer(self::ANSWER);
        $this->assertTrue($said->admitted);
        $this->assertSame('MONITORED', $said->state);
        $this->assertSame(17, $said->revision);
        $this->assertSame(1795773600, $said->verifieduntil);
        $this->assertSame(0, $said->graceuntil);
        $this->assertSame(2, $said->openalerts);
        $row = (object) array_map('strval', $said->to_row());
        $this->assertEquals($said, admission::from_row($row));
    }

    /**
     * Nobody is admitted by what is not an answer.
     *
     * @dataProvider nonsense
     * @param array $answer
     */
    public function test_nonsense(array $answer): void {
        $this->expectException(UnexpectedValueException::class);
        admission::from_answer($answer);
    }

    /**
     * What is not an answer.
     *
     * @return array
     */
    public static function nonsense(): array {
        return [
            'nothing' => [[]],
            'an error' => [['title' => 'Not found', 'status' => 404]],
            'a word for yes' => [['admitted' => 'true'] + self::ANSWER],
            'a number for yes' => [['admitted' => 1] + self::ANSWER],
            'no state' => [['state' => null] + self::ANSWER],
            'no revision' => [['revision' => 'x'] + self::ANSWER],
            'a revision too long for the table' => [['revision' => str_repeat('9', 19)] + self::ANSWER],
        ];
    }

    /**
     * A name can hold nothing that a page or the table could not.
     */
    public function test_names(): void {
        $said = admission::from_answer(['state' => '<b>PAUSED</b>' . str_repeat('X', 60), 'reason' => ['a']] + self::ANSWER);
        $this->assertSame('PAUSED' . str_repeat('X', 34), $said->state);
        $this->assertSame('', $said->reason);
    }

    /**
     * The time to repair a capture is told of once signs of life are missing, not while they come.
     */
    public function test_late(): void {
        $monitored = fn(bool $admitted, int $graceuntil) =>
            new admission($admitted, 'MONITORED', 'NONE', 1, true, 0, $graceuntil);
        $last = 1000;
        $known = $monitored(true, $last + 60);
        $this->assertFalse($known->late($last, 60));
        $this->assertFalse($known->late($last + admission::LATE, 60));
        $this->assertTrue($known->late($last + admission::LATE + 1, 60));
        $this->assertFalse($monitored(false, $last + 60)->late($last + 59, 60));
        $this->assertFalse($monitored(true, 0)->late($last, 60));
    }

    /**
     * Without a word of Probity nobody is admitted.
     */
    public function test_none(): void {
        $this->assertFalse(admission::none()->admitted);
    }
}
