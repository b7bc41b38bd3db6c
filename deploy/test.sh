#!/bin/sh
# Every check, one after the other; all of them run, and one that fails fails the whole.
cd "$(dirname "$0")/.." || exit 1
PATH="$PWD/.venv/bin:$PATH"
status=0

check() {
    echo "== $*"
    "$@" || status=1
}

check ruff check .
check ruff format --check .
check env DJANGO_SETTINGS_MODULE=tests.settings python manage.py makemigrations --check --dry-run
check python deploy/audit.py
check pytest --numprocesses 2 --database=sqlite
check pytest --numprocesses 2 --database=postgresql
[ "$status" = 0 ] && echo "All checks passed." || echo "A check failed; see above."
exit "$status"
