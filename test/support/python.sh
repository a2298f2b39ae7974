#!/usr/bin/env bash
# The Python example's environment and stubs, made once and kept in node_modules/.cache. Prints its interpreter.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
export PROBITY_PYTHON_VENV=$root/node_modules/.cache/probity-python
"$root/examples/python/setup.sh" >&2
echo "$PROBITY_PYTHON_VENV/bin/python"
