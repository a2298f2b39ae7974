<?php
namespace quizaccess_probity\report;

use PHPUnit\Framework\TestCase;
use quizaccess_probity\doubles\world;

/**
 * Tests of who may open Probity's own page.
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
}
