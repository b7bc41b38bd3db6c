"""Many officers save notes at once: each on an assignment of their own, then twenty of one body on the same one."""

import re
import sqlite3
import threading
import time
from contextlib import closing

import psycopg

from bench.measure import Visitor, WrongAnswerError, percentile
from bench.results import Saved
from bench.sites import Tracker
from bench.subjects_of import Place, Subjects

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
VERSION = re.compile(r'name="version" value="(\d+)"')
STATUS = re.compile(r'name="seen_status" value="(\w+)"')
TRIES = 200  # a note on a hot assignment is shown what was saved meanwhile, and saved again


class Officer:
    """One officer with the note's form open, who saves until it is saved."""

    def __init__(self, port: int, place: Place) -> None:
        self.place = place
        self.page = f"/statements/{place.slug}/{place.ref}/"
        self.visitor = Visitor(port, {"sid": place.session})
        self.times: list[float] = []
        self.conflicts = 0
        answer = self.visitor.get(self.page)
        if answer.status != 200:
            raise WrongAnswerError(f"{self.page} answered {answer.status}")
        self.read(answer.body.decode())

    def read(self, page: str) -> None:
        """Token, version and status as the form on the page holds them."""
        form = page[page.index(f"{self.page}{self.place.party}/note/") :]
        self.token = TOKEN.search(form)[1]
        self.version, self.status = VERSION.search(form)[1], STATUS.search(form)[1]

    def save(self, text: str) -> None:
        """Save the note; after a conflict on top of what was saved meanwhile, as the page offers."""
        for _ in range(TRIES):
            fields = {"text": text, "status": self.status, "visibility": "both", "version": self.version}
            fields |= {"seen_status": self.status, "csrfmiddlewaretoken": self.token}
            answer = self.visitor.post(f"{self.page}{self.place.party}/note/", fields)
            self.times.append(answer.seconds)
            if answer.status == 302:
                self.version = str(int(self.version) + 1)
                return
            if answer.status != 409:
                raise WrongAnswerError(f"{self.page} answered {answer.status} to a note")
            self.conflicts += 1
            self.read(answer.body.decode())
        raise WrongAnswerError(f"{self.page}: not saved in {TRIES} tries")


def save_at_once(tracker: Tracker, subjects: Subjects, each: int) -> list[Saved]:
    """Everybody on an assignment of the own, then colleagues on one; raises where a note is lost or refused."""
    own, hot = subjects.officers, subjects.colleagues
    return [save("each on one of their own", tracker, own, each), save("all on the same one", tracker, hot, 1)]


def save(name: str, tracker: Tracker, places: list[Place], each: int) -> Saved:
    before = rows(tracker.variables["DATABASE_URL"])
    officers = [Officer(tracker.port, place) for place in places]
    faults: list[Exception] = []

    def work(number: int, officer: Officer) -> None:
        try:
            for turn in range(each):
                officer.save(f"Note {turn + 1} of officer {number + 1}.")
        except (OSError, WrongAnswerError) as fault:
            faults.append(fault)

    begin = time.perf_counter()
    threads = [threading.Thread(target=work, args=found) for found in enumerate(officers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - begin
    if faults:
        raise faults[0]
    expected = len(officers) * each
    if (kept := rows(tracker.variables["DATABASE_URL"])) != [number + expected for number in before]:
        raise WrongAnswerError(f"{expected} notes were saved; notes and history went from {before} to {kept}")
    times = [taken for officer in officers for taken in officer.times]
    conflicts = sum(officer.conflicts for officer in officers)
    return Saved(name, len(officers), expected, conflicts, percentile(times, 0.5), percentile(times, 0.95), seconds)


def rows(url: str) -> list[int]:
    """How many notes there are, and how many rows of history tell of one."""
    questions = (
        "SELECT count(*) FROM commitments_progressnote",
        "SELECT count(*) FROM commitments_change WHERE act = 'note_added'",
    )
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite://"))) as connection:
            return [connection.execute(question).fetchone()[0] for question in questions]
    with psycopg.connect(url) as connection:
        return [connection.execute(question).fetchone()[0] for question in questions]
