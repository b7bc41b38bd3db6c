#!/bin/sh
# Creates .venv from uv.lock; with --dev also the tools that `make test` needs. Wants Python 3.11 or newer, no more.
# PYTHON= names another Python; EXTRAS=s3 adds what evidence in a bucket needs. A second call ends at once when nothing
# has changed.
set -eu
cd "$(dirname "$0")/.."
UV_VERSION=0.13.9
export UV_SYSTEM_CERTS=1 UV_NATIVE_TLS=1 # trust what this machine trusts: many ministries inspect traffic

fail() {
    echo "$*" >&2
    exit 1
}

if [ "${1:-}" = --dev ]; then
    stamp=.venv/.dev
    groups="--dev --all-extras"
elif [ "${EXTRAS:-}" = s3 ]; then
    stamp=.venv/.s3
    groups="--no-dev --extra s3"
elif [ -z "${EXTRAS:-}" ]; then
    stamp=.venv/.runtime
    groups=--no-dev
else
    fail "EXTRAS=$EXTRAS is unknown: s3 is the one there is."
fi
if [ -e "$stamp" ] && [ ! uv.lock -nt "$stamp" ] && [ ! pyproject.toml -nt "$stamp" ] && .venv/bin/python -c '' 2>/dev/null
then
    exit 0
fi

python=
for candidate in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11 python}; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        python=$candidate
        break
    fi
done
[ -n "$python" ] || fail "Python 3.11 or newer is needed, ${PYTHON:-python3} is: $("${PYTHON:-python3}" --version 2>&1 || :). PYTHON=/path/to/python names another."

if command -v uv >/dev/null 2>&1; then
    uv=uv
else
    uv=.tools/bin/uv
    if [ "$("$uv" --version 2>/dev/null | cut -d' ' -f2)" != "$UV_VERSION" ]; then
        "$python" -c 'import ensurepip, venv' 2>/dev/null ||
            fail "Python's venv module is missing: install it (Debian, Ubuntu: apt install python3-venv), or uv."
        echo "Installing uv $UV_VERSION into .tools …"
        "$python" -m venv .tools
        .tools/bin/python -m pip install --quiet --disable-pip-version-check "uv==$UV_VERSION" ||
            fail "uv could not be installed: can this machine reach the package index?"
    fi
fi

"$uv" sync --frozen --inexact $groups --python "$python" --no-python-downloads ||
    fail "The environment could not be made from uv.lock; the lines above say why."
touch .venv/.runtime "$stamp"
