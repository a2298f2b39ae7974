<?php
namespace quizaccess_probity;

use core\event\user_deleted;
use PHPUnit\Framework\TestCase;
use quizaccess_probity\doubles\world;
use quizaccess_probity\external\set_states;
use quizaccess_probity\task\erase_person;
use quizaccess_probity\task\refresh;

/**
 * Tests of who is erased at Probity, and of what does not stand in the way of it.
 *
 * @covers \quizaccess_probity
 * @covers \quizaccess_probity\external\set_states
 * @covers \quizaccess_probity\observer
 * @covers \quizaccess_probity\state_store
 * @covers \quizaccess_probity\task\erase_person
 * @covers \quizaccess_probity\task\refresh
 */
final class erasure_test extends TestCase {
    /** Two students: one in a quiz, one in two. */
    private const ROWS = [
        ['quizid' => 12, 'userid' => 5, 'enabled' => 1],
        ['quizid' => 12, 'userid' => 6, 'enabled' => 1],
        ['quizid' => 13, 'userid' => 6, 'enabled' => 1],
    ];

    /** What Probity says of both. */
    private const SAID = ['admitted' => true, 'state' => 'MONITORED', 'reason' => 'NONE', 'revision' => '7'];

    /**
     * Whom Probity is to erase.
     *
     * @return int[]
     */
    private static function asked(): array {
        return array_map(fn(erase_person $task): int => $task->get_custom_data()->userid, world::$tasks);
    }

    /**
     * Of whom something is kept.
     *
     * @return string[]
     */
    private static function kept(): array {
        global $DB;
        return array_values(array_map(fn($row): string => "$row->quizid/$row->userid $row->state", $DB->rows));
    }

    /**
     * Of whom no row is left Probity is asked to erase them; not of whom there is one in another quiz.
     */
    public function test_with_the_last_row(): void {
        world::begin(self::ROWS, []);
        state_store::erase('quizid = :quizid', ['quizid' => 12]);
        $this->assertSame([5], self::asked());
        state_store::erase('quizid = :quizid AND userid = :userid', ['quizid' => 13, 'userid' => 6]);
        $this->assertSame([5, 6], self::asked());
    }

    /**
     * A quiz goes, and what is kept here of it. A right to edit it is none to erase people.
     */
    public function test_not_with_a_quiz(): void {
        require_once(__DIR__ . '/../../../moodle-plugin/rule.php');
        world::begin(self::ROWS, []);
        \quizaccess_probity::delete_settings((object) ['id' => 12]);
        $this->assertSame(['13/6 NOT_IDENTIFIED'], self::kept());
        $this->assertSame([], world::$tasks);

        world::begin([['quizid' => 11, 'userid' => 5], ...self::ROWS], []);
        (new refresh())->execute();
        $this->assertCount(3, self::kept());
        $this->assertSame([], world::$tasks);
    }

    /**
     * A user is deleted: their rows go, and Probity is asked even if there was none. Not where there is no Probity.
     */
    public function test_with_a_user(): void {
        foreach ([true, false] as world::$setup) {
            world::begin([['quizid' => 12, 'userid' => 41], ...self::ROWS], []);
            observer::user_deleted(new user_deleted());
            $this->assertCount(3, self::kept());
            $this->assertSame(world::$setup ? [41] : [], self::asked());
        }
        world::$setup = true;
    }

    /**
     * What Probity says brings nobody back whose rows were deleted. What their own page does is kept, and they are erased.
     */
    public function test_not_dropped(): void {
        world::begin(self::ROWS, []);
        state_store::erase('quizid = :quizid AND userid = :userid', ['quizid' => 12, 'userid' => 5]);

        world::$answers = [[['sub' => '5'] + self::SAID, ['sub' => '6'] + self::SAID], null];
        (new refresh())->execute();
        $said = ['revision' => 8, 'state' => 'PAUSED'] + self::SAID;
        $this->assertSame(
            ['accepted' => 1],
            set_states::execute([['quizid' => 12, 'userid' => 5] + $said, ['quizid' => 12, 'userid' => 6] + $said])
        );
        $this->assertSame(['12/6 PAUSED', '13/6 NOT_IDENTIFIED'], self::kept());

        world::$answers = [new service_exception('in an exam', 409, false, 'REFERENCE_IN_USE'), self::SAID, null];
        try {
            world::$tasks[0]->execute();
            $this->fail('It is done though Probity refused');
        } catch (service_exception $e) {
            $this->assertSame('REFERENCE_IN_USE', $e->reason);
        }
        gate::decide(12, 5, true);
        $this->assertContains('12/5 MONITORED', self::kept());
        world::$calls = [];
        world::$tasks[0]->execute();
        $this->assertSame(['erase 5'], world::$calls);
    }
}
