"""The audit of dependencies fails on an advisory, and says so where it could not ask."""

import json
import os
import subprocess
import sys
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.servers import ROOT, free_port

ADVISORY = {
    "id": "PYSEC-2099-1",
    "details": "Made for this test.",
    "affected": [
        {
            "package": {"name": "django", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "99.1"}]}],
        }
    ],
}


@contextmanager
def advisories(**known):
    """A source on this machine: package name → advisory. Gives its address and the names it was asked about."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            query = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            name = query["package"]["name"]
            asked.append(name)
            body = json.dumps({"vulns": [known[name]]} if name in known else {}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1/query", asked
    finally:
        server.shutdown()
        server.server_close()


def audit(address):
    return subprocess.run(
        [sys.executable, "deploy/audit.py"],
        cwd=ROOT,
        env=os.environ | {"AUDIT_OSV_URL": address},
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_an_advisory_on_a_package_of_the_lock_fails():
    with advisories(django=ADVISORY) as (address, _asked):
        done = audit(address)

    assert done.returncode == 1, done.stderr
    assert "PYSEC-2099-1, mended in 99.1" in done.stdout


def test_every_package_of_the_lock_is_asked_about():
    with advisories() as (address, asked):
        done = audit(address)

    assert done.returncode == 0, done.stderr
    assert {"django", "celery", "boto3", "pytest"} <= set(asked)
    assert f"{len(asked)} packages asked about at osv; 0 advisories." in done.stdout


def test_where_nobody_answers_it_says_that_it_did_not_run():
    done = audit(f"http://127.0.0.1:{free_port()}/")

    assert done.returncode == 0
    assert "DID NOT RUN" in done.stdout
    assert "osv: " in done.stdout
