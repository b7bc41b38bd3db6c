"""The Celery application. It rings bells only: every task is safe to lose and safe to run twice."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "statement_tracker.settings")

app = Celery("statement_tracker")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
