"""A file without a row goes in time; a file with one never does, whatever happened in between."""

import os
import subprocess
import sys
from datetime import datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from commitments.actions.stored_files import GRACE, remove_orphans
from commitments.exchange.uploads import store
from commitments.models import StoredFile
from commitments.tasks.files import remove_orphaned_files
from tests.make import AT
from tests.servers import ROOT, free_port

ORPHAN = "0" * 32
CRASH = """
import os, sys
import django
django.setup()
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from commitments.exchange import uploads

class Killed:
    def get_or_create(self, **values):
        os._exit(9)
    def filter(self, **values):
        return KEPT.filter(**values)

KEPT = uploads.StoredFile.objects
uploads.StoredFile.objects = Killed()
uploads.store(SimpleUploadedFile("a.txt", b"never committed"), at=timezone.now())
"""


@pytest.fixture(autouse=True)
def clock():
    """The real clock: files get their times from the disk."""


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.MEDIA_ROOT.mkdir()
    return settings.MEDIA_ROOT


def put(folder, name, age=GRACE + timedelta(hours=1)):
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"x")
    grow_old(path, age)
    return path


def grow_old(path, age=GRACE + timedelta(hours=1)):
    then = (datetime.now() - age).timestamp()
    os.utime(path, (then, then))


def known(folder, content=b"A report"):
    path = folder / store(SimpleUploadedFile("a.txt", content), at=AT).name
    grow_old(path)
    return path


@pytest.mark.django_db
def test_an_old_file_without_a_row_goes_and_one_with_a_row_stays(folder):
    kept, orphan, aside = known(folder), put(folder, ORPHAN), put(folder, f"aside/{ORPHAN}")

    assert remove_orphans(at=timezone.now()) == 2

    assert kept.exists()
    assert not orphan.exists()
    assert not aside.exists()


@pytest.mark.django_db
def test_a_file_that_waits_for_the_scanner_and_has_a_row_stays(folder):
    kept = known(folder)
    waiting = put(folder, f"aside/{kept.name}")

    assert remove_orphans(at=timezone.now()) == 0
    assert waiting.exists()


@pytest.mark.django_db
def test_a_young_file_and_what_is_not_ours_stay(folder):
    known(folder)
    young, foreign = put(folder, ORPHAN, timedelta(days=6)), put(folder, "README.txt")

    assert remove_orphans(at=timezone.now()) == 0
    assert young.exists()
    assert foreign.exists()


@pytest.mark.django_db
def test_the_store_of_another_database_is_left_alone(folder, caplog):
    orphan = put(folder, ORPHAN)

    assert remove_orphans(at=timezone.now()) == 0
    assert orphan.exists()
    assert "Is this its database?" in caplog.text


@pytest.mark.django_db
def test_a_store_that_is_away_is_no_failure(settings, caplog):
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "commitments.exchange.bucket.BucketStorage",
            "OPTIONS": {
                "bucket": "b", "endpoint": f"http://127.0.0.1:{free_port()}", "region": "x", "key": "k", "secret": "s"
            },
        }
    }  # fmt: skip

    remove_orphaned_files()

    assert "does not answer" in caplog.text


def test_a_crash_between_file_and_row_leaves_a_file_that_goes_in_time(fresh_database, folder):
    kept = known(folder)
    surroundings = os.environ | {"DJANGO_SETTINGS_MODULE": "statement_tracker.settings", "DATA_DIR": str(folder.parent)}

    crashed = subprocess.run([sys.executable, "-c", CRASH], cwd=ROOT, env=surroundings, timeout=120)

    assert crashed.returncode == 9
    assert StoredFile.objects.count() == 1
    (left,) = set(folder.iterdir()) - {kept}
    assert remove_orphans(at=timezone.now()) == 0, "a save may still be under way"
    grow_old(left)
    assert remove_orphans(at=timezone.now()) == 1
    assert list(folder.iterdir()) == [kept]
    again = store(SimpleUploadedFile("a.txt", b"never committed"), at=AT)
    assert (folder / again.name).read_bytes() == b"never committed"
