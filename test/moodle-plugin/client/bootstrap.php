<?php
// Loads the client itself, which the tests beside this folder have a double of, and doubles of what it needs of Moodle.

namespace quizaccess_probity {
    use quizaccess_probity\local\site_key;

    final class config {
        public static function address(): string {
            return 'https://probity.test';
        }

        public static function site_key(): site_key {
            return site_key::parse('probity_00000000-0000-4000-8000-000000000000_' . str_repeat('A', 43));
        }

        public static function connect_timeout(): int {
            return 2;
        }

        public static function timeout(): int {
            return 3;
        }
    }
}

namespace Firebase\JWT {
    final class JWT {
        public static function encode(): string {
            return 'token';
        }
    }
}

namespace {
    $CFG = (object) ['libdir' => __DIR__, 'wwwroot' => 'https://moodle.test'];

    /** A cache of one value. */
    final class cache {
        private static array $values = [];

        public static function make(string $component, string $area): self {
            return new self();
        }

        public static function purge(): void {
            self::$values = [];
        }

        public function get(string $key) {
            return self::$values[$key] ?? false;
        }

        public function set(string $key, int $value): void {
            self::$values[$key] = $value;
        }

        public function delete(string $key): void {
            unset(self::$values[$key]);
        }
    }

    require(__DIR__ . '/../autoload.php');
}
