"""The web server's entry: `gunicorn statement_tracker.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "statement_tracker.settings")

application = get_wsgi_application()
