"""The product's own settings under test: nothing from this machine's environment, a data folder that is thrown away."""

import atexit
import os
import shutil
import tempfile

FOLDER = "TRACKER_TEST_FOLDER"  # made by the process that starts the test run, inherited by its workers

if FOLDER not in os.environ:
    os.environ[FOLDER] = tempfile.mkdtemp(prefix="tracker-")
    atexit.register(shutil.rmtree, os.environ[FOLDER], ignore_errors=True)

for name in ("DATABASE_URL", "REDIS_URL", "EMAIL_HOST", "SITE_URL", "ALLOWED_HOSTS", "HTTPS", "PORT", "DEBUG", "DEMO"):
    os.environ.pop(name, None)
os.environ["ENV_FILE"] = os.devnull
os.environ["DATA_DIR"] = f"{os.environ[FOLDER]}/data"
os.environ["SECRET_KEY"] = "a key for tests, which protects nothing, of more than fifty characters"
os.environ["HISTORY_KEY"] = "a history key for tests"

from statement_tracker.settings import *  # noqa: E402, F403 the environment comes first

STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
