#!/usr/bin/env bash
# Makes the virtual environment and generates the stubs into gen/. Does nothing when both are up to date.
# PROBITY_PYTHON_VENV puts the environment elsewhere.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
protos=$here/../../proto
venv=${PROBITY_PYTHON_VENV:-$here/.venv}

made_of=$(cd "$protos" && find probity -name '*.proto' -print0 | sort -z | xargs -0 cat "$here/requirements.txt" | sha256sum)
if [ "$(cat "$venv/made-of" 2>/dev/null)" = "$made_of" ] && [ -d "$here/gen/probity" ]; then exit 0; fi

python3 -m venv "$venv"
"$venv/bin/pip" install --quiet --disable-pip-version-check --requirement "$here/requirements.txt"

rm -rf "$here/gen"
mkdir -p "$here/gen"
cd "$protos"
find probity -name '*.proto' -print0 | xargs -0 "$venv/bin/python" -m grpc_tools.protoc --proto_path=. \
    --python_out="$here/gen" --pyi_out="$here/gen" --grpc_python_out="$here/gen"
echo "$made_of" >"$venv/made-of"
