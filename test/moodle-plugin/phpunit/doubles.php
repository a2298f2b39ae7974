<?php
/*
 * As much of Moodle, and of the classes that need more of it, as approvals, the rows that they keep, what is told of
 * attempts and erased, and the rights and the list in the report use.
 */

namespace quizaccess_probity\doubles {
    /** What the doubles saw and are to do. */
    final class world {
        /** @var string[] calls to Probity, in their order */
        public static array $calls = [];

        /** @var array what each call does, in their order: null, or an exception to throw; after the last, nothing more */
        public static array $answers = [];

        /** @var \core\task\adhoc_task[] that were queued */
        public static array $tasks = [];

        /** @var string[] notices that were sent: to whom, and what about */
        public static array $notices = [];

        /** @var string[] events that were triggered */
        public static array $events = [];

        /** @var string[] capabilities of who looks */
        public static array $capabilities = [];

        /** @var bool whether the site has Probity's address and a key */
        public static bool $setup = true;

        /** @var int the group mode of the quiz */
        public static int $groupmode = 0;

        /** @var int the group that who looks has chosen, 0 for none */
        public static int $group = 0;

        /** @var string[] fields beside the name that who looks may see */
        public static array $identity = [];

        /** @var string the state of the attempt */
        public static string $state = 'inprogress';

        /** @var int[] the quizzes that there are, in each of which somebody sits */
        public static array $quizzes = [12, 13];

        /**
         * Begins anew, with a database that has these rows.
         *
         * @param array $rows
         * @param array $answers
         */
        public static function begin(array $rows, array $answers): void {
            global $DB, $USER;
            self::$calls = self::$tasks = self::$notices = self::$events = [];
            self::$answers = $answers;
            $DB = new database($rows);
            $USER = (object) ['id' => 3, 'email' => 'teacher@example.org'];
        }

        /**
         * The strings of a language.
         *
         * @param string $language
         * @return string[]
         */
        public static function strings(string $language): array {
            defined('MOODLE_INTERNAL') || define('MOODLE_INTERNAL', true);
            $string = [];
            require(__DIR__ . "/../../../moodle-plugin/lang/$language/quizaccess_probity.php");
            return $string;
        }

        /**
         * A call.
         *
         * @param string $call
         * @return mixed
         */
        public static function called(string $call) {
            self::$calls[] = $call;
            $answer = array_shift(self::$answers);
            if ($answer instanceof \Exception) {
                throw $answer;
            }
            return $answer;
        }
    }

    /** A database of one table: that of the states, in which a quiz that asks has a row with `enabled`. */
    final class database {
        private const TABLE = 'quizaccess_probity_state';

        /** @var array rows by id */
        public array $rows = [];

        public function __construct(array $rows) {
            foreach ($rows as $row) {
                $this->insert_record('', (object) $row);
            }
        }

        private function found(array $conditions): array {
            return array_filter($this->rows, fn($row) => array_intersect_assoc($conditions, (array) $row) === $conditions);
        }

        private function selected(string $select, array $params): array {
            if (str_contains($select, 'NOT EXISTS')) {
                return array_filter($this->rows, fn($row) => !in_array($row->quizid, world::$quizzes, true));
            }
            preg_match_all('/(\w+) ([=<>]) (?::(\w+)|(\d+))/', $select, $tests, PREG_SET_ORDER);
            return array_filter($this->rows, function ($row) use ($tests, $params) {
                foreach ($tests as $test) {
                    [, $column, $operator, $name] = $test;
                    $order = $row->$column <=> ($name === '' ? (int) $test[4] : $params[$name]);
                    if ($order !== ['=' => 0, '<' => -1, '>' => 1][$operator]) {
                        return false;
                    }
                }
                return true;
            });
        }

        public function get_record(string $table, array $conditions) {
            return array_map(fn($row) => clone $row, array_values($this->found($conditions)))[0] ?? false;
        }

        public function get_records_sql(string $sql, array $params): array {
            world::$calls[] = $sql;
            return [];
        }

        public function record_exists(string $table, array $conditions): bool {
            return $this->found($conditions) !== [];
        }

        public function insert_record(string $table, \stdClass $row): void {
            $id = count($this->rows) + 1;
            $usual = [
                'id' => $id, 'admitted' => 0, 'state' => 'NOT_IDENTIFIED', 'reason' => 'NOT_YET', 'revision' => 0, 'monitored' => 0,
                'verifieduntil' => 0, 'graceuntil' => 0, 'approvalrequested' => 0, 'openalerts' => 0, 'timechecked' => 0,
                'timerequested' => 0, 'requestnote' => null, 'timeapproved' => 0, 'approvedby' => 0, 'approvalnote' => null,
            ];
            $this->rows[$id] = (object) ((array) $row + $usual);
        }

        public function update_record(string $table, \stdClass $row): void {
            $this->rows[$row->id] = (object) ((array) $row + (array) $this->rows[$row->id]);
        }

        public function set_field(string $table, string $column, $value, array $conditions): void {
            foreach ($this->found($conditions) as $row) {
                $row->$column = $value;
            }
        }

        public function set_field_select(string $table, string $column, $value, string $select, array $params): void {
            foreach ($this->selected($select, $params) as $row) {
                $row->$column = $value;
            }
        }

        public function get_fieldset_select(string $table, string $column, string $select, array $params): array {
            return array_map(fn($row) => $row->$column, array_values($this->selected($select, $params)));
        }

        public function get_fieldset_sql(string $sql, array $params): array {
            return world::$quizzes;
        }

        public function get_records_select(string $table, string $select, array $params, string $sort): array {
            return [];
        }

        public function delete_records(string $table, array $conditions): void {
            if ($table === self::TABLE) {
                $this->rows = array_diff_key($this->rows, $this->found($conditions));
            }
        }

        public function delete_records_select(string $table, string $select, array $params = []): void {
            if ($table === self::TABLE) {
                $this->rows = array_diff_key($this->rows, $this->selected($select, $params));
            }
        }
    }
}

namespace quizaccess_probity {
    use quizaccess_probity\doubles\world;

    final class client {
        public function request_approval(int $quizid, int $userid, string $note): void {
            world::called("request $quizid/$userid: $note");
        }

        public function approve(int $quizid, int $userid, bool $approve, string $note, array $actor): void {
            world::called(($approve ? 'approve' : 'revoke') . " $quizid/$userid: $note");
        }

        public function student(int $quizid, int $userid): array {
            return world::called("state $quizid/$userid");
        }

        public function students(int $quizid): array {
            return world::called("states $quizid") ?? [];
        }

        public function attempt(array $notice): void {
            world::called(implode(' ', $notice));
        }

        public function erase_person(int $userid): void {
            world::called("erase $userid");
        }
    }

    final class launcher {
        public static function introduce(int $quizid, int $userid): void {
            world::called("introduce $quizid/$userid");
        }
    }

    final class config {
        public static function outage_grace(): int {
            return 600;
        }

        public static function is_set_up(): bool {
            return world::$setup;
        }
    }

    function has_capability(string $capability, \context_module $context, int $userid): bool {
        return false;
    }

    function debugging(string $message, int $level): void {
    }

    function fullname(\stdClass $user): string {
        return 'Teacher';
    }

    function get_string(string $identifier, string $component, ?string $a = null): string {
        return $identifier . ($a === null ? '' : " ($a)");
    }

    function s(string $text): string {
        return htmlspecialchars($text);
    }

    function message_send(\core\message\message $message): void {
        world::$notices[] = "{$message->userto->id}: $message->name $message->subject";
    }
}

namespace quizaccess_probity\report {
    use quizaccess_probity\doubles\world;

    function has_capability(string $capability, \context_module $context): bool {
        return in_array($capability, world::$capabilities, true);
    }

    function groups_get_activity_groupmode(\cm_info $cm): int {
        return world::$groupmode;
    }

    function groups_get_activity_group(\cm_info $cm, bool $update): int {
        return world::$group;
    }

    function get_enrolled_sql(\context_module $context, string $capability, int $group): array {
        return ["$capability $group", []];
    }

    function users_search_sql(string $search, string $table, int $type, array $fields): array {
        return ["$search in name " . implode(' ', $fields), []];
    }

    function users_order_by_sql(string $table): array {
        return ["$table.lastname", []];
    }

    function get_string(string $identifier, string $component, string $a = ''): string {
        return str_replace('{$a}', $a, world::strings('en')[$identifier]);
    }

    function s(string $text): string {
        return htmlspecialchars($text);
    }
}

namespace core_user {
    use quizaccess_probity\doubles\world;

    final class fields {
        private array $names = ['name'];

        public static function get_identity_fields(\context_module $context, bool $custom): array {
            return world::$identity;
        }

        public static function for_name(): self {
            return new self();
        }

        public function including(string ...$names): self {
            array_push($this->names, ...$names);
            return $this;
        }

        public function get_sql(string $alias, bool $named, string $prefix, string $id, bool $comma): \stdClass {
            return (object) ['selects' => implode(', ', $this->names)];
        }
    }
}

namespace core\task {
    use quizaccess_probity\doubles\world;

    abstract class scheduled_task {
    }

    abstract class adhoc_task {
        private string $data;
        private int $attempts = 12;

        public function set_custom_data(array $data): void {
            $this->data = json_encode($data);
        }

        public function get_custom_data(): \stdClass {
            return json_decode($this->data);
        }

        public function set_attempts_available(int $attempts): void {
            $this->attempts = $attempts;
        }

        public function get_attempts_available(): int {
            return $this->attempts;
        }
    }

    final class manager {
        public static function queue_adhoc_task(adhoc_task $task, bool $once = false): void {
            world::$tasks[] = $task;
        }
    }
}

namespace core_external {
    abstract class external_api {
        public static function validate_parameters(external_structure $description, array $params): array {
            return $params;
        }

        public static function validate_context(\context_system $context): void {
        }
    }

    class external_structure {
        public function __construct(...$description) {
        }
    }

    final class external_function_parameters extends external_structure {
    }

    final class external_multiple_structure extends external_structure {
    }

    final class external_single_structure extends external_structure {
    }

    final class external_value extends external_structure {
    }
}

namespace core\message {
    final class message extends \stdClass {
    }
}

namespace core\event {
    use quizaccess_probity\doubles\world;

    abstract class base {
        public int $objectid = 41;
        public int $timecreated = 1795770000;

        public function get_context(): \context_module {
            return new \context_module();
        }

        public function get_record_snapshot(string $table, int $id): \stdClass {
            return (object) ['id' => $id, 'quiz' => 12, 'userid' => 5, 'preview' => 0, 'state' => world::$state];
        }
    }
}

namespace core\event {
    final class user_deleted extends base {
    }
}

namespace mod_quiz\local {
    abstract class access_rule_base {
    }
}

namespace mod_quiz\event {
    final class attempt_abandoned extends \core\event\base {
    }

    final class attempt_deleted extends \core\event\base {
    }

    final class attempt_reopened extends \core\event\base {
    }

    final class attempt_started extends \core\event\base {
    }

    final class attempt_submitted extends \core\event\base {
    }
}

namespace quizaccess_probity\task {
    function debugging(string $message, int $level): void {
    }

    function mtrace(string $message): void {
    }

    function get_admins(): array {
        return [(object) ['id' => 2]];
    }

    function get_string(string $identifier, string $component, ?string $a = null): string {
        return \quizaccess_probity\get_string($identifier, $component, $a);
    }
}

namespace quizaccess_probity\external {
    function require_capability(string $capability, \context_system $context): void {
    }
}

namespace quizaccess_probity\event {
    use quizaccess_probity\doubles\world;

    final class approval_decided {
        private string $what;

        public static function of($cm, int $userid, bool $approve): self {
            $event = new self();
            $event->what = ($approve ? 'approved' : 'revoked') . " $cm->instance/$userid";
            return $event;
        }

        public function trigger(): void {
            world::$events[] = $this->what;
        }
    }
}

namespace {
    define('DAYSECS', 86400);
    define('DEBUG_DEVELOPER', 1);
    define('FORMAT_PLAIN', 2);
    define('MOODLE_INTERNAL', true);
    define('NOGROUPS', 0);
    define('PARAM_ALPHANUMEXT', 'alphanumext');
    define('PARAM_BOOL', 'bool');
    define('PARAM_INT', 'int');
    define('SEPARATEGROUPS', 1);
    define('USER_SEARCH_CONTAINS', 1);
    define('VALUE_DEFAULT', 0);
    define('VISIBLEGROUPS', 2);

    final class cm_info {
    }

    final class html_writer {
        public static function tag(string $name, string $contents): string {
            return "<$name>$contents</$name>";
        }

        public static function empty_tag(string $name): string {
            return "<$name>";
        }
    }

    final class context_module {
    }

    final class context_system {
        public static function instance(): self {
            return new self();
        }
    }

    final class core_user {
        public static function get_user(int $id): stdClass {
            return (object) ['id' => $id, 'email' => 'teacher@example.org'];
        }

        public static function get_noreply_user(): stdClass {
            return (object) ['id' => -10];
        }
    }

    final class moodle_url {
        public function out(): string {
            return '';
        }
    }
}
