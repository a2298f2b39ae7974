#!/usr/bin/env bash
# Sees that the system has what `make start` or `make test` needs. As root on Debian it installs what is missing,
# otherwise it says what to install.
set -euo pipefail

need=()
want() { # want COMMAND PACKAGE
    command -v "$1" >/dev/null 2>&1 || [ -x "/usr/sbin/$1" ] || need+=("$2")
}

if ! node -e 'const [major, minor] = process.versions.node.split("."); process.exit(major === "20" && minor >= 19 ? 0 : 1)' 2>/dev/null; then
    echo "Probity runs on Node 20 (20.19 or later); this is $(node --version 2>/dev/null || echo 'no Node at all')." >&2
    exit 1
fi
want npm npm
if [ "${1:-start}" = test ]; then
    want mariadbd mariadb-server
    want chromium chromium
    want firefox-esr firefox-esr
    want php php-cli
    [ -d /usr/share/simplesamlphp ] || need+=(simplesamlphp)
    want python3 python3
    python3 -c 'import venv, ensurepip' 2>/dev/null || need+=(python3-venv)
    # The Moodle plugin's own logic.
    want phpunit phpunit
    php -r 'exit(extension_loaded("mbstring") && extension_loaded("dom") ? 0 : 1);' 2>/dev/null || need+=(php-mbstring php-xml)
fi
[ ${#need[@]} -eq 0 ] && exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing ${need[*]} …"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${need[@]}" >/dev/null
else
    echo "Missing on this machine: ${need[*]}. On Debian: apt-get install ${need[*]}" >&2
    exit 1
fi
