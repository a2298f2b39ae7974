<?php
namespace quizaccess_probity;

use PHPUnit\Framework\TestCase;
use quizaccess_probity\doubles\world;
use quizaccess_probity\local\gate_rule;

/**
 * Tests of approvals: what is told to Probity, what counts here meanwhile, and what a teacher is told of it.
 *
 * @covers    \quizaccess_probity\approvals
 * @covers    \quizaccess_probity\gate
 * @covers    \quizaccess_probity\outcome
 * @covers    \quizaccess_probity\service_exception
 * @covers    \quizaccess_probity\state_store
 */
final class approvals_test extends TestCase {
    /** The student, in the quiz. */
    private const STUDENT = ['quizid' => 12, 'userid' => 5];

    /**
     * Probity does not answer.
     *
     * @return service_exception
     */
    private static function silence(): service_exception {
        return new service_exception('nobody there');
    }

    /**
     * Probity refuses.
     *
     * @param int $status
     * @param string $reason
     * @return service_exception
     */
    private static function refusal(int $status, string $reason): service_exception {
        return new service_exception("refused: $status", $status, false, $reason);
    }

    /**
     * The teacher decides, Probity answers so.
     *
     * @param bool $approve
     * @param array $row what is kept of the student before
     * @param array $answers
     * @return string what the teacher is told
     */
    private static function decide(bool $approve, array $row, array $answers): string {
        world::begin($row ? [self::STUDENT + $row] : [], $answers);
        $outcome = approvals::decide((object) ['instance' => 12], 5, $approve, 'Seen.');
        $event = ($approve ? 'approved' : 'revoked') . ' 12/5';
        self::assertSame($outcome->good ? [$event] : [], world::$events);
        return $outcome->text;
    }

    /**
     * What is kept of the student.
     *
     * @return \stdClass|null
     */
    private static function kept(): ?\stdClass {
        return state_store::find(12, 5);
    }

    /**
     * Which failures are refusals, and which are none of this decision.
     */
    public function test_refusals(): void {
        $this->assertTrue(self::refusal(409, 'EXAM_STATE')->is_refusal());
        $this->assertTrue(self::refusal(403, 'ACCOUNT_CONFLICT')->is_refusal());
        $this->assertTrue(self::refusal(400, 'INVALID_FIELDS')->is_refusal());
        foreach ([[401, 'TOKEN_INVALID'], [429, 'TOO_MANY_ATTEMPTS'], [503, 'DRAINING'], [404, ''], [0, '']] as [$status, $reason]) {
            $this->assertFalse(self::refusal($status, $reason)->is_refusal(), "$status $reason");
        }
    }

    /**
     * Probity knows it: nothing waits here, and what was remembered is asked for anew.
     */
    public function test_approved(): void {
        $this->assertSame('report:saved', self::decide(true, ['timechecked' => time()], [null]));
        $this->assertSame(['approve 12/5: Seen.'], world::$calls);
        $this->assertEquals(0, self::kept()->timeapproved);
        world::$answers = [['admitted' => true, 'state' => 'APPROVED', 'revision' => '9']];
        $this->assertTrue(gate::decide(12, 5, false)->admitted);
    }

    /**
     * Probity does not answer: it waits, and counts, for a time.
     */
    public function test_approved_in_an_outage(): void {
        $this->assertSame('report:savedhere', self::decide(true, [], [self::silence()]));
        $this->assertGreaterThan(0, self::kept()->timeapproved);

        world::$answers = [self::silence(), self::silence()];
        $this->assertSame('APPROVED', gate::decide(12, 5, false)->state);

        state_store::write(12, 5, ['timeapproved' => time() - gate_rule::APPROVAL - 1]);
        world::$answers = [self::silence(), self::silence()];
        $this->assertFalse(gate::decide(12, 5, true)->admitted);
    }

    /**
     * Once Probity answers again it is told at the next question, and its answer holds.
     */
    public function test_told_before_the_next_question(): void {
        world::begin([self::STUDENT + ['timeapproved' => time(), 'approvalnote' => 'Seen.']], [
            null,
            ['admitted' => false, 'state' => 'PAUSED', 'reason' => 'OTHER_PERSON', 'revision' => '8'],
        ]);
        $this->assertFalse(gate::decide(12, 5, true)->admitted);
        $this->assertSame(['approve 12/5: Seen.', 'state 12/5'], world::$calls);
    }

    /**
     * A refusal is no outage: it neither counts nor waits, and the teacher is told why.
     */
    public function test_refused(): void {
        $this->assertSame(
            'report:refused (refusal_exam_state (EXAM_STATE))',
            self::decide(true, [], [self::refusal(409, 'EXAM_STATE')])
        );
        $this->assertSame(
            'report:refused (refusal_other (SOMETHING_NEW))',
            self::decide(true, [], [self::refusal(400, 'SOMETHING_NEW')])
        );
        $this->assertEquals(0, self::kept()->timeapproved);
        world::$answers = [self::silence()];
        $this->assertFalse(gate::decide(12, 5, false)->admitted);
    }

    /**
     * Who never opened the capture page is made known, and approved then.
     */
    public function test_unknown_student(): void {
        $unknown = self::refusal(404, 'USER_NOT_FOUND');
        $this->assertSame('report:saved', self::decide(true, [], [$unknown, null, null]));
        $this->assertSame(['approve 12/5: Seen.', 'introduce 12/5', 'approve 12/5: Seen.'], world::$calls);
        $this->assertEquals(0, self::kept()->timeapproved);

        $taken = self::refusal(403, 'ACCOUNT_CONFLICT');
        $this->assertStringContainsString('refusal_account_conflict', self::decide(true, [], [$unknown, $taken]));
        $this->assertEquals(0, self::kept()->timeapproved);
    }

    /**
     * A request that waits is answered by the approval; one of another row is told with its note.
     */
    public function test_requests(): void {
        self::decide(true, ['timerequested' => 800], [null]);
        $this->assertSame(['approve 12/5: Seen.'], world::$calls);

        world::begin([self::STUDENT + ['timerequested' => 800, 'requestnote' => 'Broken.']], [self::silence(), null]);
        $this->assertNotNull(approvals::send(self::kept()));
        $this->assertEquals(800, self::kept()->timerequested);
        $this->assertNull(approvals::send(self::kept()));
        $this->assertEquals(0, self::kept()->timerequested);
        $this->assertSame(['request 12/5: Broken.', 'request 12/5: Broken.'], world::$calls);
    }

    /**
     * Who asks in the middle of an attempt is carried on as before when Probity goes silent then.
     */
    public function test_asking_costs_nothing(): void {
        $monitored = ['admitted' => 1, 'state' => 'MONITORED', 'timechecked' => time(), 'timerequested' => time()];
        world::begin([self::STUDENT + $monitored], [null, self::silence()]);
        $this->assertNull(approvals::send(self::kept()));
        $this->assertTrue(gate::decide(12, 5, true)->admitted);
    }

    /**
     * What waited for too long is given up, and nothing else.
     */
    public function test_given_up(): void {
        world::begin([self::STUDENT + ['timeapproved' => 800, 'timerequested' => 900]], []);
        state_store::give_up(900);
        $this->assertEquals([0, 900], [self::kept()->timeapproved, self::kept()->timerequested]);
    }

    /**
     * What Probity cannot be told is not taken back: the last answer carries the attempt on as before.
     */
    public function test_not_revoked_in_an_outage(): void {
        $now = time();
        $approved = ['admitted' => 1, 'state' => 'APPROVED', 'reason' => 'NONE', 'timechecked' => $now - 60];
        $this->assertSame('report:failed', self::decide(false, $approved, [self::silence()]));
        $this->assertEquals($now - 60, self::kept()->timechecked);
        world::$answers = [self::silence()];
        $this->assertTrue(gate::decide(12, 5, true)->admitted);
    }

    /**
     * What waited here is taken back here, and the teacher is told that Probity does not know.
     */
    public function test_revoked_here(): void {
        $this->assertSame('report:revokedhere', self::decide(false, ['timeapproved' => 900], [self::silence()]));
        $this->assertEquals(0, self::kept()->timeapproved);
    }

    /**
     * Probity knows that it was taken back, or never knew: nothing that was remembered holds.
     */
    public function test_revoked(): void {
        $asked = ['timerequested' => 800, 'approvalrequested' => 1];
        $approved = ['admitted' => 1, 'state' => 'APPROVED', 'timechecked' => time()] + $asked;
        foreach ([null, self::refusal(404, 'USER_NOT_FOUND')] as $answer) {
            $this->assertSame('report:saved', self::decide(false, $approved, [$answer]));
            $this->assertSame(['revoke 12/5: Seen.'], world::$calls);
            $this->assertEquals([0, 0], [self::kept()->timechecked, self::kept()->timerequested]);
            $this->assertEquals(0, self::kept()->approvalrequested);
            world::$answers = [self::silence()];
            $this->assertFalse(gate::decide(12, 5, true)->admitted);
        }
    }
}
