"""The web server's entry: `gunicorn statement_tracker.wsgi`."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.template import engines
from django.urls import get_resolver
from django.utils import translation

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "statement_tracker.settings")


def load_all() -> None:
    """Load what requests would load one by one: views, words and templates; gunicorn's workers then share them."""
    get_resolver().url_patterns  # noqa: B018 reading it loads every view
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            translation.gettext("Overview")
    engine = engines["django"]
    for folder in engine.dirs:
        for file in sorted(folder.rglob("*.html")):
            engine.get_template(file.relative_to(folder).as_posix())


application = get_wsgi_application()
load_all()
