<?php
namespace quizaccess_probity\task;

use PHPUnit\Framework\TestCase;
use quizaccess_probity\doubles\world;
use quizaccess_probity\service_exception;

/**
 * Tests of what is told to Probity later, and until when.
 *
 * @covers \quizaccess_probity\notice
 * @covers \quizaccess_probity\task\erase_person
 * @covers \quizaccess_probity\task\notify_attempt
 */
final class tasks_test extends TestCase {
    /** What became of an attempt. */
    private const NOTICE = ['activity' => 'quiz:12', 'event' => 'SUBMITTED', 'attempt' => '41'];

    /**
     * Runs the one task that was queued.
     *
     * @param \Exception|null $answer of Probity
     * @return string|null what it ended with; null when it is done
     */
    private static function run_queued(?\Exception $answer): ?string {
        self::assertCount(1, world::$tasks);
        world::$answers = [$answer];
        try {
            world::$tasks[0]->execute();
            return null;
        } catch (service_exception $e) {
            return $e->getMessage();
        }
    }

    /**
     * What was not read is told again: silence, a revoked key, a clock that is off. What was refused is not.
     */
    public function test_attempts(): void {
        foreach ([[0, ''], [503, 'DRAINING'], [401, 'TOKEN_INVALID'], [404, '']] as [$status, $reason]) {
            $failure = new service_exception('not read', $status, false, $reason);
            world::begin([], [$failure]);
            notify_attempt::tell(self::NOTICE);
            $this->assertSame('not read', self::run_queued($failure), "$status $reason");
            $this->assertNull(self::run_queued(null));
            $this->assertSame(array_fill(0, 3, 'quiz:12 SUBMITTED 41'), world::$calls);
        }
        $refusal = new service_exception('refused', 404, false, 'USER_NOT_FOUND');
        $this->assertNull(self::run_queued($refusal));
        world::begin([], [$refusal]);
        notify_attempt::tell(self::NOTICE);
        $this->assertSame([], world::$tasks);
    }

    /**
     * Whom this site may not erase is not asked for again, and the administrators are told. An exam passes, and so does a fault.
     */
    public function test_erasure(): void {
        world::begin([], []);
        erase_person::ask(5);
        foreach ([[0, ''], [401, 'TOKEN_INVALID'], [409, 'REFERENCE_IN_USE']] as [$status, $reason]) {
            $this->assertSame('not now', self::run_queued(new service_exception('not now', $status, false, $reason)));
        }
        $this->assertSame(99, world::$tasks[0]->get_attempts_available());
        $this->assertSame([], world::$notices);
        $this->assertNull(self::run_queued(new service_exception('never', 403, false, 'ACCOUNT_CONFLICT')));
        $this->assertSame(['2: erasurerefused message:erasesubject (5)'], world::$notices);
        $this->assertSame(array_fill(0, 4, 'erase 5'), world::$calls);
    }
}
