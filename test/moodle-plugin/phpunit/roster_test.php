<?php
namespace quizaccess_probity\report;

use PHPUnit\Framework\TestCase;
use quizaccess_probity\doubles\world;
use quizaccess_probity\local\admission;

/**
 * Tests of the order of the list, and of what may be asked for.
 *
 * @covers \quizaccess_probity\report\roster
 * @covers \quizaccess_probity\report\standing
 */
final class roster_test extends TestCase {
    /**
     * Students by name, and how things stand of them: of the last nothing is known.
     *
     * @return array users, standings by user id
     */
    private static function quiz(): array {
        $admitted = new admission(true, 'MONITORED', 'NONE');
        $paused = new admission(false, 'PAUSED', 'OTHER_PERSON');
        $standings = [
            1 => new standing($admitted),
            2 => new standing($admitted, 0, false, null, 1),
            3 => new standing($paused, 0, false, null, 1),
            4 => new standing($paused, 0, true),
            5 => new standing(admission::none(), 0, false, ''),
            6 => new standing($admitted, 0, false, 'My camera is broken.'),
        ];
        return [array_map(fn(int $id): \stdClass => (object) ['id' => $id], range(1, 7)), $standings];
    }

    /**
     * Who waits comes first, then who is held, then alerts; the others as they came.
     */
    public function test_order(): void {
        $this->assertSame([5, 3, 2, 1, 4, 6, 7], array_column(roster::arrange(...[...self::quiz(), '']), 'id'));
    }

    /**
     * Each kind has its students, in the same order. Of something else all are shown.
     */
    public function test_kinds(): void {
        $shown = fn(string $kind): array => array_column(roster::arrange(...[...self::quiz(), $kind]), 'id');
        $this->assertSame(
            ['asks' => [5], 'held' => [3], 'undecided' => [3, 2], 'notyet' => [5, 7], 'admitted' => [2, 1, 4, 6]],
            array_combine(standing::KINDS, array_map($shown, standing::KINDS))
        );
        $this->assertCount(7, $shown('else'));
    }

    /**
     * What Probity says now, with what waits here. One that does not count undecided alerts counts those that last.
     */
    public function test_answer(): void {
        $waits = new standing(admission::none(), 0, true);
        $answer = ['admitted' => false, 'state' => 'PAUSED', 'revision' => '3', 'openAlerts' => 1];
        $this->assertSame(1, $waits->with_answer($answer)->undecided);
        $answer += ['undecidedAlerts' => 4, 'approvalRequested' => true];
        $this->assertSame(4, $waits->with_answer($answer)->undecided);
        $this->assertTrue($waits->with_answer($answer)->is('admitted'));
        $this->assertTrue((new standing(admission::none()))->with_answer($answer)->is('asks'));
    }

    /**
     * Who was answered asks no more, whatever is kept here; whose request Probity does not know yet does.
     */
    public function test_answered_request(): void {
        $row = admission::none()->to_row() + ['timeapproved' => 0, 'requestnote' => 'Broken.'];
        $of = fn(int $timerequested): standing =>
            standing::from_row((object) (['approvalrequested' => 1, 'timerequested' => $timerequested] + $row));
        $declined = ['admitted' => false, 'state' => 'NOT_IDENTIFIED', 'revision' => '3', 'approvalRequested' => false];
        $this->assertTrue($of(0)->is('asks'));
        $this->assertFalse($of(0)->with_answer($declined)->is('asks'));
        $this->assertTrue($of(800)->with_answer($declined)->is('asks'));
        $this->assertTrue($of(0)->with_answer(['approvalRequested' => true] + $declined)->is('asks'));
    }

    /**
     * Each kind has words, in both languages.
     */
    public function test_words(): void {
        foreach (['en', 'el'] as $language) {
            foreach (standing::KINDS as $kind) {
                $this->assertArrayHasKey("report:show_$kind", world::strings($language));
            }
        }
    }
}
