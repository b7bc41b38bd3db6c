"""The virus scanner: a real conversation with a daemon that speaks clamd's language, and one that is away."""

import socket
import struct
import threading

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile

from commitments.exchange.clamav import ScannerAwayError, Verdict, scan
from commitments.exchange.scanned_storage import ScannedStorage
from tests.servers import free_port

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Daemon:
    """Finds the EICAR test file; `answer` makes it say something else."""

    def __init__(self, port):
        self.answer, self.sizes = None, []
        self.socket = socket.create_server(("127.0.0.1", port))
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self):
        while True:
            try:
                line, _ = self.socket.accept()
            except OSError:
                return
            with line, line.makefile("rb") as sent:
                assert sent.read(10) == b"zINSTREAM\0"
                content = b""
                while size := struct.unpack("!I", sent.read(4))[0]:
                    content += sent.read(size)
                self.sizes.append(len(content))
                found = b"stream: Eicar-Signature FOUND" if EICAR in content else b"stream: OK"
                line.sendall((self.answer or found) + b"\0")

    def close(self):
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        self.thread.join()


@pytest.fixture
def daemon(settings):
    port = free_port()
    settings.CLAMAV_ADDRESS = f"tcp://127.0.0.1:{port}"
    daemon = Daemon(port)
    yield daemon
    daemon.close()


@pytest.fixture
def away(settings):
    settings.CLAMAV_ADDRESS = f"tcp://127.0.0.1:{free_port()}"


@pytest.fixture
def storage(tmp_path):
    return ScannedStorage(location=tmp_path)


def test_a_clean_file_is_kept_whole(daemon, storage):
    content = b"A report. " * 100_000

    storage.save("one", ContentFile(content))

    assert storage.open("one").read() == content
    assert daemon.sizes == [len(content)]


def test_an_infected_file_is_refused_and_not_kept(daemon, storage, tmp_path):
    with pytest.raises(ValidationError) as refusal:
        storage.save("one", ContentFile(EICAR))

    assert refusal.value.code == "infected"
    assert list(tmp_path.iterdir()) == []


def test_while_the_scanner_is_away_a_file_is_kept_aside_and_not_served(away, storage):
    assert storage.save("one", ContentFile(b"A report")) == "one"

    assert not storage.exists("one")
    with pytest.raises(FileNotFoundError):
        storage.open("one")


def test_what_was_kept_aside_is_looked_at_when_the_scanner_is_back(away, storage, settings):
    storage.save("clean", ContentFile(b"A report"))
    storage.save("infected", ContentFile(EICAR))
    port = free_port()
    settings.CLAMAV_ADDRESS = f"tcp://127.0.0.1:{port}"
    daemon = Daemon(port)

    done = storage.look_again()
    daemon.close()

    assert done == {Verdict.CLEAN: 1, Verdict.INFECTED: 1}
    assert storage.open("clean").read() == b"A report"
    assert not storage.exists("infected")
    assert not storage.exists("aside/infected")


def test_a_scanner_that_is_still_away_changes_nothing(away, storage):
    storage.save("one", ContentFile(b"A report"))

    assert storage.look_again() == {}
    assert storage.exists("aside/one")


@pytest.mark.parametrize("answer", [b"INSTREAM size limit exceeded. ERROR", b"", b"\xff\xfe"])
def test_what_is_no_verdict_counts_as_away(daemon, answer):
    daemon.answer = answer or b" "

    with pytest.raises(ScannerAwayError):
        scan([b"A report"], f"tcp://127.0.0.1:{daemon.socket.getsockname()[1]}")
