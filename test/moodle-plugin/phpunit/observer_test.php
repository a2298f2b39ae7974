<?php
namespace quizaccess_probity;

use mod_quiz\event\attempt_deleted;
use PHPUnit\Framework\TestCase;
use quizaccess_probity\doubles\world;

/**
 * Tests of what Probity is told of attempts.
 *
 * @covers \quizaccess_probity\observer
 */
final class observer_test extends TestCase {
    /**
     * Every event of an attempt that is watched has its word. One that is opened again is on again.
     */
    public function test_attempts(): void {
        require(__DIR__ . '/../../../moodle-plugin/db/events.php');
        $told = [];
        foreach ($observers as $observer) {
            if ($observer['callback'] !== '\quizaccess_probity\observer::attempt') {
                continue;
            }
            world::begin([['quizid' => 12, 'enabled' => 1]], []);
            ($observer['callback'])(new $observer['eventname']());
            $told[substr(strrchr($observer['eventname'], '\\'), 1)] = world::$calls;
        }
        $this->assertSame([
            'attempt_abandoned' => ['quiz:12 5 41 ABANDONED 2026-11-27T09:00:00Z'],
            'attempt_deleted' => ['quiz:12 5 41 ABANDONED 2026-11-27T09:00:00Z'],
            'attempt_reopened' => ['quiz:12 5 41 STARTED 2026-11-27T09:00:00Z'],
            'attempt_started' => ['quiz:12 5 41 STARTED 2026-11-27T09:00:00Z'],
            'attempt_submitted' => ['quiz:12 5 41 SUBMITTED 2026-11-27T09:00:00Z'],
        ], $told);
    }

    /**
     * One that was over when it was deleted is over: a later one may be on.
     */
    public function test_deleted(): void {
        foreach (['inprogress' => 1, 'overdue' => 1, 'finished' => 0, 'abandoned' => 0] as world::$state => $times) {
            world::begin([['quizid' => 12, 'enabled' => 1]], []);
            observer::attempt(new attempt_deleted());
            $this->assertCount($times, world::$calls, world::$state);
        }
        world::$state = 'inprogress';
    }
}
