# Statement Tracker. On a machine with Python 3.11 or newer and make:
#   make run     the tracker of the Türkiye–Malaysia statement on http://127.0.0.1:8000 (PORT= moves it, DEMO=0 leaves
#                out the sample data)
#   make test    every check: style, migrations, all tests on SQLite and on PostgreSQL, Redis, mail, browser
#   make setup   the environment alone, from the lock file
.PHONY: run test setup
.DEFAULT_GOAL := help

help:
	@sed -n 's/^# \{0,1\}//p' Makefile

run: setup
	@.venv/bin/python -m statement_tracker.first_start && exec .venv/bin/python manage.py up --prepare

setup:
	@sh deploy/setup.sh

test:
	@sh deploy/setup.sh --dev
	@sh deploy/test.sh
