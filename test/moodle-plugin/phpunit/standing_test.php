<?php
namespace quizaccess_probity\report;

use PHPUnit\Framework\TestCase;
use quizaccess_probity\doubles\world;
use quizaccess_probity\local\admission;
use quizaccess_probity\local\words;

/**
 * Tests of how things stand of a student, in words.
 *
 * @covers \quizaccess_probity\report\standing
 * @covers \quizaccess_probity\local\words
 */
final class standing_test extends TestCase {
    /**
     * The names of an enum of Probity, without the one for what is not given.
     *
     * @param string $enum its prefix
     * @return string[]
     */
    private static function names(string $enum): array {
        $proto = file_get_contents(__DIR__ . '/../../../proto/probity/exams/v1/admission.proto');
        preg_match_all("/^ +{$enum}_(\w+) = [1-9]\d*;/m", $proto, $found);
        return $found[1];
    }

    /**
     * Whatever Probity says has words of its own, in both languages; what a later one says is shown as it is.
     */
    public function test_all_have_words(): void {
        $states = self::names('ADMISSION_STATE');
        $reasons = self::names('ADMISSION_REASON');
        $this->assertContains('PAUSED', $states);
        $this->assertContains('OTHER_PERSON', $reasons);
        $identifiers = array_merge(
            array_map([words::class, 'report_state'], $states),
            array_map([words::class, 'report_reason'], $reasons)
        );
        $this->assertNotContains('standing_state_other', $identifiers);
        $this->assertNotContains('standing_reason_other', $identifiers);
        foreach (['en', 'el'] as $language) {
            $strings = world::strings($language);
            foreach ([...$identifiers, 'standing_state_other', 'standing_reason_other'] as $identifier) {
                $this->assertArrayHasKey($identifier, $strings, $language);
            }
        }
    }

    /**
     * Whether, how and why not; never a name as Probity's programmers have it.
     */
    public function test_html(): void {
        $html = fn(admission $known, bool $waits = false): string => (new standing($known, 0, $waits))->html();
        $this->assertSame(
            '<strong>not admitted</strong> (not identified: the identification has run out)',
            $html(new admission(false, 'NOT_IDENTIFIED', 'EXPIRED'))
        );
        $this->assertSame(
            '<strong>admitted</strong> (identified, and watched now)',
            $html(new admission(true, 'MONITORED', 'NONE'))
        );
        $this->assertSame(
            '<strong>admitted</strong> (not identified)<br>Approved here; Probity does not know it yet.',
            $html(admission::none(), true)
        );
        $this->assertSame('<strong>not admitted</strong> (NEW: &lt;)', $html(new admission(false, 'NEW', '<')));
    }
}
