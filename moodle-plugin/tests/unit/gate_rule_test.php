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
 * Tests of the rule of the gate.
 *
 * @package   quizaccess_probity
 * @copyright 2026 The Probity authors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 * @covers    \quizaccess_probity\local\gate_rule
 * @covers    \quizaccess_probity\local\decision
 * @covers    \quizaccess_probity\local\breaker
 */
final class gate_rule_test extends TestCase {
    /** Seconds for which an attempt is carried on. */
    private const GRACE = 600;

    /** Now. */
    private const NOW = 1000000;

    /**
     * Decides.
     *
     * @param bool $admitted what was said last
     * @param int $age seconds since
     * @param bool $reachable
     * @param bool $inattempt
     * @param int $timeapproved
     * @return decision
     */
    private static function decide(
        bool $admitted,
        int $age,
        bool $reachable,
        bool $inattempt,
        int $timeapproved = 0
    ): decision {
        $known = $admitted ? new admission(true, 'MONITORED', 'NONE') : new admission(false, 'PAUSED', 'OTHER_PERSON');
        return (new gate_rule(self::GRACE))->decide(
            $known,
            self::NOW - $age,
            $reachable,
            $inattempt,
            $timeapproved,
            self::NOW
        );
    }

    /**
     * While Probity answers, its answer holds.
     */
    public function test_answer_holds(): void {
        foreach ([true, false] as $inattempt) {
            $this->assertTrue(self::decide(true, 0, true, $inattempt)->admitted);
            $refused = self::decide(false, 0, true, $inattempt);
            $this->assertFalse($refused->admitted);
            $this->assertSame('OTHER_PERSON', $refused->reason);
        }
    }

    /**
     * Nobody starts without an answer, however good the last one was.
     */
    public function test_fails_closed_for_a_start(): void {
        $decision = self::decide(true, 3, false, false);
        $this->assertFalse($decision->admitted);
        $this->assertSame('UNREACHABLE', $decision->reason);
    }

    /**
     * An attempt goes on by the last answer, to the second.
     */
    public function test_carries_an_attempt_on(): void {
        $this->assertTrue(self::decide(true, 3, false, true)->admitted);
        $this->assertTrue(self::decide(true, self::GRACE, false, true)->admitted);
        $late = self::decide(true, self::GRACE + 1, false, true);
        $this->assertFalse($late->admitted);
        $this->assertSame('UNREACHABLE', $late->reason);
    }

    /**
     * An outage admits nobody who was not, nor by a time that has not come.
     */
    public function test_an_outage_helps_nobody(): void {
        $this->assertFalse(self::decide(false, 3, false, true)->admitted);
        $this->assertFalse(self::decide(true, -5, false, true)->admitted);
        $never = (new gate_rule(self::GRACE))->decide(admission::none(), 0, false, true, 0, self::NOW);
        $this->assertFalse($never->admitted);
    }

    /**
     * A teacher's approval that waits lets a student in whatever Probity says, or does not, for as long as one of Probity's.
     */
    public function test_approval_here_counts(): void {
        foreach ([true, false] as $reachable) {
            foreach ([true, false] as $inattempt) {
                $decision = self::decide(false, 3, $reachable, $inattempt, self::NOW - gate_rule::APPROVAL);
                $this->assertTrue($decision->admitted);
                $this->assertSame('APPROVED', $decision->state);
                $late = self::decide(false, 3, $reachable, $inattempt, self::NOW - gate_rule::APPROVAL - 1);
                $this->assertFalse($late->admitted);
            }
        }
    }

    /**
     * Nobody is admitted but by a fresh yes, a remembered yes in an attempt, or an approval: over all cases.
     */
    public function test_all_cases(): void {
        foreach ([true, false] as $admitted) {
            foreach ([0, 1, self::GRACE, self::GRACE + 1, self::NOW] as $age) {
                foreach ([true, false] as $reachable) {
                    foreach ([true, false] as $inattempt) {
                        foreach ([0, self::NOW] as $approved) {
                            $expected = $approved > 0 || $admitted && ($reachable || $inattempt && $age <= self::GRACE);
                            $decision = self::decide($admitted, $age, $reachable, $inattempt, $approved);
                            $this->assertSame($expected, $decision->admitted);
                        }
                    }
                }
            }
        }
    }

    /**
     * An answer is used for a moment; one out of the future is not believed.
     */
    public function test_must_ask(): void {
        $rule = new gate_rule(self::GRACE);
        $this->assertFalse($rule->must_ask(self::NOW, self::NOW));
        $this->assertFalse($rule->must_ask(self::NOW - gate_rule::FRESH, self::NOW));
        $this->assertTrue($rule->must_ask(self::NOW - gate_rule::FRESH - 1, self::NOW));
        $this->assertTrue($rule->must_ask(self::NOW + 1, self::NOW));
        $this->assertTrue($rule->must_ask(0, self::NOW));
    }

    /**
     * After a failure there is a pause, and it ends.
     */
    public function test_breaker(): void {
        $this->assertFalse(breaker::open(0, self::NOW));
        $this->assertTrue(breaker::open(self::NOW, self::NOW));
        $this->assertTrue(breaker::open(self::NOW - breaker::PAUSE + 1, self::NOW));
        $this->assertFalse(breaker::open(self::NOW - breaker::PAUSE, self::NOW));
        $this->assertFalse(breaker::open(self::NOW + 1, self::NOW));
    }
}
