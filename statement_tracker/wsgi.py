"""The web server's entry: `gunicorn statement_tracker.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "statement_tracker.settings")

application = get_wsgi_application()
get_resolver().url_patterns  # noqa: B018 every view is loaded here, before gunicorn forks, and not by the first request
