"""The product's own settings under test: no `.env`, keys that are no secret, a data folder that is thrown away."""

import os
import tempfile

os.environ["ENV_FILE"] = os.devnull
os.environ["SECRET_KEY"] = "a key for tests, which protects nothing, of more than fifty characters"
os.environ["HISTORY_KEY"] = "a history key for tests"
os.environ.setdefault("DATA_DIR", tempfile.mkdtemp(prefix="tracker-test-data-"))

from statement_tracker.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
