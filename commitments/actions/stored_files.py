"""Clears the store of files that no row names: an upload whose save was never finished leaves such a file."""

import logging
import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.core.files.storage import Storage, default_storage

from commitments.exchange.scanned_storage import ASIDE
from commitments.models.progress import StoredFile

GRACE = timedelta(days=7)  # long enough for a save that is under way, and to notice a database that was put back
OURS = re.compile(r"[0-9a-f]{32}(_\w{1,20})?$")  # the names that `store` gives, and a storage that finds one taken
BATCH = 500  # names asked about at a time

log = logging.getLogger(__name__)


def remove_orphans(*, at: datetime) -> int:
    """Delete what lies in the store for longer than GRACE without a row, and tell how much that was.

    The row is asked for once more just before a file goes. Where not one file has a row, nothing is deleted: that is
    a store of another database, not a heap of orphans. Files of names that are not ours are left alone.
    """
    gone, known = [], 0
    for batch in batches(names_in(default_storage)):
        rows = StoredFile.objects.filter(name__in=[own_name(name) for name in batch])
        with_row = set(rows.values_list("name", flat=True))
        known += len(with_row)
        gone += [name for name in batch if own_name(name) not in with_row and is_old(name, at)]
    if gone and not known:
        log.error("Nothing is deleted: %d old files, and not one has a row. Is this its database?", len(gone))
        return 0
    return sum(removed(name) for name in gone)


def names_in(storage: Storage) -> Iterator[str]:
    """Our files, those that wait for the virus scanner included."""
    for folder in ("", ASIDE):
        try:
            _folders, files = storage.listdir(folder)
        except FileNotFoundError:
            continue
        yield from (f"{folder}/{name}" if folder else name for name in files if OURS.match(name))


def own_name(name: str) -> str:
    return name.rpartition("/")[2]


def batches(names: Iterator[str]) -> Iterator[list[str]]:
    waiting: list[str] = []
    for name in names:
        waiting.append(name)
        if len(waiting) == BATCH:
            yield waiting
            waiting = []
    if waiting:
        yield waiting


def is_old(name: str, at: datetime) -> bool:
    try:
        return default_storage.get_modified_time(name) < at - GRACE
    except FileNotFoundError:  # it took its place since the folder was read
        return False


def removed(name: str) -> bool:
    if StoredFile.objects.filter(name=own_name(name)).exists():
        return False
    default_storage.delete(name)
    log.info("A file without a row was deleted from the store: %s", name)
    return True
