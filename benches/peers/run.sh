#!/usr/bin/env bash
# Makes a virtual environment below target/, installs the pinned peers, and measures them: run.sh --help
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
environment="$here/../../target/peers/environment"
[ -x "$environment/bin/python" ] || python3 -m venv "$environment"
"$environment/bin/python" -m pip install --quiet --disable-pip-version-check --requirement "$here/requirements.txt"
# Compiled modules stay out of the tree.
export PYTHONPATH="$here" PYTHONPYCACHEPREFIX="$here/../../target/peers/pycache"
exec "$environment/bin/python" -m peers "$@"
