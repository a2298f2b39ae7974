<?php
namespace quizaccess_probity\report;

use PHPUnit\Framework\TestCase;
use quizaccess_probity\doubles\world;

/**
 * Tests of who may open Probity's own page, and of whom they see in the report.
 *
 * @covers    \quizaccess_probity\report\rights
 */
final class rights_test extends TestCase {
    /**
     * Where groups are kept apart it is only for those who see them all: all students are on that page.
     */
    public function test_review_page(): void {
        $rights = new rights(new \cm_info(), new \context_module());
        $all = 'moodle/site:accessallgroups';
        $decide = 'quizaccess/probity:decide';
        foreach (
            [
                [NOGROUPS, [$decide], true], [VISIBLEGROUPS, [$decide], true], [SEPARATEGROUPS, [$decide], false],
                [SEPARATEGROUPS, [$decide, $all], true], [SEPARATEGROUPS, [$all], false], [NOGROUPS, [$all], false],
            ] as [world::$groupmode, world::$capabilities, $may]
        ) {
            $this->assertSame($may, $rights->may_review());
        }
    }

    /**
     * Students are searched for by what the viewer may see of them, and by nothing else.
     */
    public function test_search(): void {
        $rights = new rights(new \cm_info(), new \context_module());
        [world::$groupmode, world::$group, world::$capabilities] = [SEPARATEGROUPS, 7, []];
        foreach (
            [
                [[], 'SELECT name, id FROM {user} u JOIN (mod/quiz:attempt 7) e ON e.id = u.id WHERE ada in name  ORDER BY u.lastname'],
                [['email'], 'SELECT name, id, email FROM {user} u JOIN (mod/quiz:attempt 7) e ON e.id = u.id ' .
                    'WHERE ada in name email ORDER BY u.lastname'],
            ] as [world::$identity, $sql]
        ) {
            world::begin([], []);
            $rights->students('ada');
            $this->assertSame([$sql], world::$calls);
        }
    }

    /**
     * Where groups are kept apart, who is in none sees nobody.
     */
    public function test_no_group(): void {
        [world::$groupmode, world::$group, world::$capabilities] = [SEPARATEGROUPS, 0, []];
        world::begin([], []);
        $this->assertSame([], (new rights(new \cm_info(), new \context_module()))->students(''));
        $this->assertSame([], world::$calls);
    }
}
