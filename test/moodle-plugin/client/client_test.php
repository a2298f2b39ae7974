<?php
namespace quizaccess_probity;

use PHPUnit\Framework\TestCase;

/**
 * Tests of which calls leave Probity alone for a moment when they fail, and for which it is.
 *
 * @covers \quizaccess_probity\client
 */
final class client_test extends TestCase {
    /**
     * Makes a call.
     *
     * @param callable $do with a client
     * @return string|null why it failed; null when it did not
     */
    private static function failure(callable $do): ?string {
        try {
            $do(new client());
            return null;
        } catch (service_exception $e) {
            return $e->getMessage();
        }
    }

    /**
     * Begins with a Probity that was well.
     *
     * @param string $hangs part of the addresses that do not answer
     */
    private static function begin(string $hangs): void {
        global $CFG;
        require_once($CFG->libdir . '/filelib.php');
        \cache::purge();
        \curl::$hangs = $hangs;
        \curl::$asked = [];
    }

    /**
     * What may take long: the lists of the report and of cron, export, erasure, and the connection test beside them.
     *
     * @return callable[][] by what is asked
     */
    public static function long_calls(): array {
        $quiz = '/activities/quiz%3A12';
        return [
            "GET $quiz/students?pageSize=100" => [fn(client $client) => $client->students(12)],
            "GET $quiz/alerts?sub=5&pageSize=100" => [fn(client $client) => $client->alerts(12, 5)],
            'GET /people/5/export' => [fn(client $client) => $client->export_person(5)],
            'DELETE /people/5' => [fn(client $client) => $client->erase_person(5)],
            'GET ' => [fn(client $client) => $client->site()],
        ];
    }

    /**
     * One that takes too long closes the gate to nobody.
     *
     * @dataProvider long_calls
     * @param callable $do
     */
    public function test_long_calls(callable $do): void {
        self::begin('https://');
        $this->assertStringContainsString('timed out', self::failure($do));
        $this->assertSame([$this->dataName()], \curl::$asked);
        \curl::$hangs = '';
        $this->assertNull(self::failure(fn(client $client) => $client->student(12, 5)));
    }

    /**
     * What the gate asks does: nothing but a connection test is tried after it, and that ends the pause.
     */
    public function test_gate(): void {
        self::begin('/students/5');
        $gate = fn(client $client) => $client->student(12, 5);
        $this->assertStringContainsString('timed out', self::failure($gate));
        foreach ([$gate, fn(client $client) => $client->students(12), fn(client $client) => $client->erase_person(5)] as $do) {
            $this->assertStringContainsString('not tried', self::failure($do));
        }
        $this->assertCount(1, \curl::$asked);
        $this->assertNull(self::failure(fn(client $client) => $client->site()));
        \curl::$hangs = '';
        $this->assertNull(self::failure($gate));
    }
}
