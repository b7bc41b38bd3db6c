"""Celery as beat needs it: broker and schedule, without Django's apps, which would cost it half of its memory."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "statement_tracker.settings")

app = Celery("statement_tracker", fixups=[])
app.config_from_object("django.conf:settings", namespace="CELERY")
