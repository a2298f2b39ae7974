#!/usr/bin/env bash
# Sets up what is needed, then plays the exam. Arguments go to exam_loop.py: try --help.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
"$here/setup.sh"
exec "${PROBITY_PYTHON_VENV:-$here/.venv}/bin/python" "$here/exam_loop.py" "$@"
