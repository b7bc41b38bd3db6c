"""`manage.py up`: web, worker and beat live with their supervisor, are started again, and leave nothing behind."""

import asyncio
import os
import shutil
import signal
import socket
import sys
import time
from pathlib import Path

import pytest
from django.core.management import call_command

from commitments.management.commands.up import listening
from commitments.models import Commitment, Paragraph, Party, User
from statement_tracker import supervisor
from statement_tracker.supervisor import Service, Supervisor, touched
from tests.product import Product, processes_of
from tests.servers import wait_until

PARTS = {"web": "gunicorn", "worker": "celery .* worker", "beat": "celery .* beat"}


def service(script: str, *, name: str = "child", patience: float = 60, **options) -> Service:
    async def alive() -> bool:
        return True

    options.setdefault("alive", alive)
    return Service(name, [sys.executable, "-c", script], patience=patience, **options)


def supervise(services: list[Service], *, until, seconds: float = 20) -> list[str]:
    """Run the supervisor until the condition over what it has said holds, then stop it; gives what it said."""
    said: list[str] = []

    async def run() -> None:
        supervised = Supervisor(services, say=said.append, ready=lambda: said.append("ready"))

        async def stop() -> None:
            deadline = time.monotonic() + seconds
            while not until(said) and time.monotonic() < deadline:
                await asyncio.sleep(0.05)
            supervised.stop()

        await asyncio.gather(supervised.run(), stop())

    asyncio.run(run())
    return said


def lines(file: Path) -> list[str]:
    return file.read_text().splitlines() if file.exists() else []


def test_output_of_a_child_is_shown_with_its_name(capfd):
    script = (
        "import sys, time; print('hello', flush=True); sys.stderr.write('no end'); sys.stderr.flush(); time.sleep(60)"
    )

    supervise([service(script, name="web")], until=lambda said: "ready" in said)

    out = capfd.readouterr().out
    assert "web    | hello\n" in out
    assert "web    | no end\n" in out


def test_a_child_that_ends_is_started_again_with_longer_and_longer_pauses(tmp_path):
    starts = tmp_path / "starts"
    script = f"import time; open({str(starts)!r}, 'a').write(f'{{time.time()}}\\n'); raise SystemExit(3)"

    said = supervise([service(script)], until=lambda _: len(lines(starts)) == 3)

    assert [line for line in said if "exit code 3" in line][:2] == [
        "child ended (exit code 3); it starts again in 1 s.",
        "child ended (exit code 3); it starts again in 2 s.",
    ]
    first, second, third = map(float, lines(starts)[:3])
    assert second - first >= 1
    assert third - second >= 2


def test_a_child_that_falls_silent_is_killed_and_starts_again(tmp_path):
    pulse, starts = tmp_path / "pulse", tmp_path / "starts"
    script = f"""
import pathlib, signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
open({str(starts)!r}, 'a').write('start\\n')
pathlib.Path({str(pulse)!r}).touch()
time.sleep(60)
"""
    said = supervise(
        [service(script, name="silent", patience=1, alive=touched(pulse))], until=lambda _: len(lines(starts)) >= 2
    )

    assert "silent gave no sign of life for 1 s; it starts again in 1 s." in said


def test_a_child_whose_file_was_removed_is_ended_and_starts_again(tmp_path):
    held, starts = tmp_path / "held", tmp_path / "starts"
    script = f"""
import pathlib, time
pathlib.Path({str(held)!r}).touch()
open({str(starts)!r}, 'a').write('start\\n')
time.sleep(60)
"""

    def removed(_: list[str]) -> bool:
        if len(lines(starts)) == 1 and time.time() - starts.stat().st_mtime > 3:
            held.unlink(missing_ok=True)
        return len(lines(starts)) == 2

    said = supervise([service(script, name="holder", holds=(held,))], until=removed)

    assert "holder held a file that is gone; it starts again in 1 s." in said
    assert len([line for line in said if "starts again" in line]) == 1


def test_what_a_child_started_ends_with_it(tmp_path):
    pid = tmp_path / "pid"
    script = f"""
import subprocess, sys
grandchild = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])
open({str(pid)!r}, 'w').write(f'{{grandchild.pid}}\\n')
raise SystemExit(1)
"""
    supervise([service(script)], until=lambda said: any("exit code" in line for line in said))

    for number in lines(pid):
        wait_until(lambda number=number: not Path(f"/proc/{number}/cwd").exists(), 5, "the grandchild has ended")


def test_a_child_that_does_not_stop_is_killed_in_the_end(monkeypatch, tmp_path):
    monkeypatch.setattr(supervisor, "STOP_SECONDS", 1)
    started = tmp_path / "started"
    script = f"""
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
open({str(started)!r}, 'w').write('start\\n')
time.sleep(60)
"""
    supervise([service(script)], until=lambda _: lines(started))  # returns: that is the claim


def test_two_supervisors_do_not_share_a_folder(tmp_path):
    with supervisor.only_one(tmp_path), pytest.raises(supervisor.AlreadyRunningError), supervisor.only_one(tmp_path):
        pytest.fail("a second supervisor took the folder")

    with supervisor.only_one(tmp_path):
        pass


def test_preparing_twice_doubles_nothing(fresh_database, settings, tmp_path, capsys):
    settings.DEMO = True
    settings.STATIC_ROOT = tmp_path / "static"
    models = (Party, Paragraph, Commitment, User)

    call_command("prepare")
    once = [model.objects.count() for model in models]
    capsys.readouterr()
    call_command("prepare")

    assert [model.objects.count() for model in models] == once
    assert once[1:3] == [20, 64]
    assert once[3] > 0
    assert capsys.readouterr().out == ""


def test_what_was_not_prepared_is_not_started(tmp_path):
    done = Product(tmp_path / "data").manage("up")

    assert done.stderr == (
        "CommandError: Database or static files are not up to date: run `manage.py prepare` first.\n"
    )


def test_sample_data_is_not_added_to_a_tracker_that_has_people(fresh_database, settings, tmp_path):
    settings.STATIC_ROOT = tmp_path / "static"
    settings.DEMO = False
    call_command("prepare")
    User.objects.create_user("somebody@example.org")

    settings.DEMO = True
    call_command("prepare")

    assert not User.objects.filter(is_sample=True).exists()


@pytest.fixture
def product(request, fresh_database, prepared_folder, tmp_path):
    """The embedded parts with SQLite; with PostgreSQL the real ones, Redis too."""
    shutil.copytree(prepared_folder / "static", tmp_path / "data" / "static")
    real = {"REDIS_URL": request.getfixturevalue("redis_url")} if fresh_database.startswith("postgresql") else {}
    product = Product(tmp_path / "data", DATABASE_URL=fresh_database, **real)
    try:
        product.start()
        yield product
    finally:
        product.end()


@pytest.mark.faults
def test_what_is_killed_comes_back_and_the_web_server_refuses_nobody(product):
    before = {name: product.pid(pattern) for name, pattern in PARTS.items()}
    assert all(before.values())
    running = processes_of(product.folder).keys() - {product.process.pid}

    for pid in before.values():
        os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not running & processes_of(product.folder).keys(), 5, "the killed are gone")

    assert product.get("/healthz")[0] == 200  # waits for the new server on the socket that stayed open
    for name, pattern in PARTS.items():
        wait_until(lambda p=pattern, n=name: product.pid(p) not in (None, before[n]), 20, f"{name} is back")
    wait_until(lambda: product.get("/readyz")[0] == 200, 30, "the product is ready again")
    assert product.json("/readyz")["ready"]


@pytest.mark.faults
def test_nothing_outlives_a_supervisor_that_is_killed(product):
    assert len(processes_of(product.folder)) >= 6

    product.process.kill()
    product.process.wait()

    wait_until(lambda: not processes_of(product.folder), 3, "every process has ended")


@pytest.mark.faults
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_everything_and_the_exit_is_clean(product, number):
    begun = time.monotonic()

    assert product.stop(number) == 0

    assert time.monotonic() - begun < supervisor.STOP_SECONDS
    assert not processes_of(product.folder)
    assert "Traceback" not in product.output()


@pytest.mark.faults
def test_a_second_start_and_a_taken_port_are_refused_in_one_line(product, tmp_path):
    second = product.manage("up")
    other = Product(tmp_path / "other", DATABASE_URL=product.variables["DATABASE_URL"])
    other.variables["PORT"] = str(product.port)
    taken = other.manage("up")

    assert second.returncode == taken.returncode == 1
    assert second.stderr == f"CommandError: It already runs on the data folder {product.folder}.\n"
    assert taken.stderr == (
        f"CommandError: Port {product.port} of 127.0.0.1 cannot be used (Address already in use): "
        "take another with PORT=.\n"
    )


def test_a_data_folder_that_cannot_be_written_is_told_in_one_line():
    done = Product(Path("/proc/tracker"), make=False).manage("up")

    assert done.stderr == (
        "CommandError: The data folder /proc/tracker cannot be written (No such file or directory): "
        "choose another with DATA_DIR=.\n"
    )


def test_a_port_that_is_only_resting_after_a_stop_can_be_used_at_once(tmp_path):
    """A connection in TIME_WAIT does not keep the next `make run` away."""

    with listening("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)):
            accepted, _ = first.accept()
            accepted.close()
    with listening("127.0.0.1", port):
        pass
