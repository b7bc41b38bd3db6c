# Statement Tracker. On a machine with Python 3.11 or newer and make:
#   make run     the tracker of the Türkiye–Malaysia statement on http://127.0.0.1:8000 (PORT= moves it, DEMO=0 leaves
#                out the sample data)
#   make test    every check: style, migrations, all tests on SQLite and on PostgreSQL, Redis, mail, browser
#   make bench   times of every page beside a bare Django project, at 1,000 and 100,000 commitments (SIZES=, ROUNDS=)
#   make bench-reminders  a day's planning at 1,000 and 100,000 open commitments, and the rate of sending
#   make bench-dossiers   time and memory of the dossier in Word, PDF and Excel, up to 2,000 commitments
#   make evaluate     how well statements are read: precision, recall and F1 over the labelled texts
#   make screenshots  the pictures of README and docs, from the running product
#   make setup   the environment alone, from the lock file (EXTRAS=s3 for evidence in a bucket)
.PHONY: run test bench bench-reminders bench-dossiers evaluate screenshots setup
.DEFAULT_GOAL := help
SIZES ?= 1000,100000
ROUNDS ?= 21

help:
	@sed -n 's/^# \{0,1\}//p' Makefile

run: setup
	@.venv/bin/python -m statement_tracker.first_start && exec .venv/bin/python manage.py up --prepare

setup:
	@sh deploy/setup.sh

test:
	@sh deploy/setup.sh --dev
	@sh deploy/test.sh

bench:
	@sh deploy/setup.sh --dev
	@.venv/bin/python -m bench.run --sizes $(SIZES) --rounds $(ROUNDS) --output docs/performance.md

bench-reminders:
	@sh deploy/setup.sh --dev
	@.venv/bin/python -m bench.reminders --output docs/performance.md

bench-dossiers:
	@sh deploy/setup.sh --dev
	@.venv/bin/python -m bench.dossiers --output docs/performance.md

evaluate:
	@sh deploy/setup.sh
	@SECRET_KEY=evaluation HISTORY_KEY=evaluation .venv/bin/python manage.py evaluate_reading

screenshots:
	@sh deploy/setup.sh --dev
	@.venv/bin/python -m tests.browser.pictures
