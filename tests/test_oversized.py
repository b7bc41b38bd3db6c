"""Ten megabytes where a line is meant, against the real web server: refused with a page or a line, and it lives on."""

import http.client
import socket
import sys

import pytest

from tests import product
from tests.servers import ROOT, answers, free_port, process, wait_until

TEN_MEGABYTES = 10 * 1024 * 1024
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def port(fresh_database, prepared_folder, tmp_path):
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "--config", "python:statement_tracker.web", "statement_tracker.wsgi"]
    variables = product.environment(prepared_folder, DATABASE_URL=fresh_database, PORT=str(port), WEB_WORKERS="1")
    with process(command, tmp_path / "web.log", cwd=ROOT, env=variables):
        wait_until(lambda: answers(port), 120, f"the web server starts; see {tmp_path / 'web.log'}")
        yield port


def status_of(port, method, path, body=b"", **headers):
    """The status; "closed" where the server hung up on what it had read enough of."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request(method, path, body, headers)
        return connection.getresponse().status
    except (ConnectionError, http.client.BadStatusLine):
        return "closed"
    finally:
        connection.close()


def test_ten_megabytes_of_head_or_body_are_refused_and_the_server_lives_on(port):
    big = "x" * TEN_MEGABYTES
    login = "/account/login/"
    tries = {
        "a head": status_of(port, "GET", login, Cookie=f"sid={big}"),
        "an address": status_of(port, "GET", f"{login}?next={big}"),
        "a form": status_of(port, "POST", login, f"login={big}".encode(), **{"Content-Type": FORM}),
        "a form that says it is JSON": status_of(
            port, "POST", login, b"[" * TEN_MEGABYTES, **{"Content-Type": "application/json"}
        ),
        "a length that is none": status_of(port, "POST", login, **{"Content-Length": "9" * 30, "Content-Type": FORM}),
    }

    assert {name: status for name, status in tries.items() if status != "closed" and not 400 <= status < 500} == {}
    assert status_of(port, "GET", "/healthz") == 200


def test_heads_that_two_servers_could_read_differently_are_refused(port):
    """Request smuggling: both lengths at once, and a line folded into the next."""
    for head in (
        b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: b\r\n folded\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost : 127.0.0.1\r\n\r\n",
    ):
        with socket.create_connection(("127.0.0.1", port), timeout=30) as line:
            line.sendall(head)
            assert line.recv(4096).split(b"\r\n")[0].split()[1] == b"400", head
