"""Settings come from the environment, refuse what is unsafe, and are all named in `.env.example`."""

import ast
import os
import re
import secrets
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from statement_tracker import environment, first_start
from tests.servers import ROOT

KEYS = {name: secrets.token_urlsafe(50) for name in ("SECRET_KEY", "HISTORY_KEY")}
HTTPS = {"SITE_URL": "https://tracker.example.gov"}


def manage(*arguments: str, folder: Path, **variables: str) -> subprocess.CompletedProcess:
    """A command of the product in an environment that holds these variables alone."""
    surroundings = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    settings = {"ENV_FILE": os.devnull, "DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "statement_tracker.settings"}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=surroundings | settings | variables,
        capture_output=True,
        text=True,
        timeout=60,
    )


def shown(expression: str, folder: Path, **variables: str) -> str:
    code = f"from django.conf import settings; print({expression})"
    done = manage("shell", "--no-imports", "--command", code, folder=folder, **KEYS, **variables)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize("missing", KEYS)
def test_a_missing_key_stops_the_start(tmp_path, missing):
    kept = {name: value for name, value in KEYS.items() if name != missing}

    done = manage("check", folder=tmp_path, **kept)

    assert done.returncode != 0
    assert f"{missing} is missing" in done.stderr.splitlines()[-1]


def test_the_deployment_check_finds_nothing_with_https(tmp_path):
    done = manage("check", "--deploy", "--fail-level", "WARNING", folder=tmp_path, **KEYS, **HTTPS)

    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


def test_in_service_coordinators_and_administrators_must_have_a_second_step(tmp_path):
    roles = "settings.MFA_REQUIRED_ROLES"

    assert shown(roles, tmp_path, **HTTPS) == "['coordinator', 'administrator']"
    assert shown(roles, tmp_path, **HTTPS, MFA_REQUIRED_ROLES="") == "[]"
    assert shown(roles, tmp_path) == "[]"
    assert shown(roles, tmp_path, **HTTPS, DEMO="1") == "[]"


def test_a_role_that_is_none_stops_the_start():
    with pytest.raises(ImproperlyConfigured, match="cordinator"):
        environment.required_roles(["cordinator"])


def test_debug_is_off_unless_asked_for(tmp_path):
    assert shown("settings.DEBUG", tmp_path) == "False"


def test_cookies_are_bound_to_the_host_with_https_and_work_without(tmp_path):
    names = "settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.SESSION_COOKIE_SECURE"

    assert shown(names, tmp_path, **HTTPS) == "__Host-sid __Host-csrf True"
    assert shown(names, tmp_path) == "sid csrf False"


def test_the_host_of_the_site_is_always_allowed(tmp_path):
    hosts = shown("settings.ALLOWED_HOSTS", tmp_path, ALLOWED_HOSTS="other.example", **HTTPS)

    assert ast.literal_eval(hosts)[:2] == ["other.example", "tracker.example.gov"]


def test_the_environment_goes_before_the_file(tmp_path, monkeypatch):
    file = tmp_path / ".env"
    file.write_text('# a comment\n\nTRACKER_A="from the file"\nTRACKER_B=from the file\n')
    monkeypatch.setenv("TRACKER_B", "from the environment")
    monkeypatch.delenv("TRACKER_A", raising=False)

    environment.load(file)

    assert environment.text("TRACKER_A") == "from the file"
    assert environment.text("TRACKER_B") == "from the environment"
    monkeypatch.delenv("TRACKER_A")


def test_a_line_of_the_file_that_is_no_setting_is_named(tmp_path):
    file = tmp_path / ".env"
    file.write_text("A=1\nnonsense\n")

    with pytest.raises(ImproperlyConfigured, match="line 2"):
        environment.load(file)


def test_a_secret_may_stand_in_a_file(tmp_path, monkeypatch):
    file = tmp_path / "secret"
    file.write_text("words\n")
    monkeypatch.setenv("TRACKER_SECRET_FILE", str(file))

    assert environment.text("TRACKER_SECRET") == "words"


def test_a_file_of_a_secret_that_cannot_be_read_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("TRACKER_SECRET_FILE", str(tmp_path / "none"))

    with pytest.raises(ImproperlyConfigured, match="TRACKER_SECRET_FILE"):
        environment.text("TRACKER_SECRET")


@pytest.mark.parametrize(("read", "value"), [(environment.flag, "perhaps"), (environment.number, "many")])
def test_a_value_of_the_wrong_shape_is_refused(monkeypatch, read, value):
    monkeypatch.setenv("TRACKER_VALUE", value)

    with pytest.raises(ImproperlyConfigured, match=value):
        read("TRACKER_VALUE", 0)


@pytest.mark.parametrize("url", ["http://tracker.example.gov", "tracker.example.gov", "ftp://tracker.example.gov", ""])
def test_an_address_without_https_is_refused_for_other_machines(url):
    with pytest.raises(ImproperlyConfigured, match="SITE_URL"):
        environment.site(url)


@pytest.mark.parametrize("url", ["http://localhost:8000", "http://127.0.0.1", "http://[::1]:8000"])
def test_plain_http_is_allowed_on_this_machine(url):
    host, https = environment.site(url)

    assert host in environment.LOOPBACK
    assert not https


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "postgresql://ayşe:p%40ss@db.example:6432/tracker",
            {"NAME": "tracker", "USER": "ayşe", "PASSWORD": "p@ss", "HOST": "db.example", "PORT": "6432"},
        ),
        ("postgresql:///tracker?host=/run/postgresql", {"NAME": "tracker", "HOST": "/run/postgresql", "PORT": ""}),
        ("postgres://db/tracker?sslmode=verify-full", {"HOST": "db", "NAME": "tracker"}),
        ("sqlite:////data/tracker.sqlite3", {"NAME": "/data/tracker.sqlite3"}),
        ("", {"NAME": "/embedded.sqlite3"}),
    ],
)
def test_an_address_of_a_database_is_read(url, expected):
    database = environment.database(url, Path("/embedded.sqlite3"))

    assert {name: database[name] for name in expected} == expected


def test_further_parts_of_the_address_reach_postgresql():
    options = environment.database("postgres://db/tracker?sslmode=verify-full", Path("x"))["OPTIONS"]

    assert options["sslmode"] == "verify-full"
    assert "statement_timeout=30s" in options["options"]


def test_behind_pgbouncer_nothing_is_asked_that_it_refuses():
    database = environment.database("postgres://db/tracker", Path("x"), pgbouncer=True)

    assert "options" not in database["OPTIONS"]
    assert database["DISABLE_SERVER_SIDE_CURSORS"]


def test_an_unknown_database_is_refused():
    with pytest.raises(ImproperlyConfigured, match="mysql"):
        environment.database("mysql://db/tracker", Path("x"))


def test_the_first_start_makes_keys_for_its_owner_alone_and_later_ones_keep_them(tmp_path):
    folder = tmp_path / "var"

    assert first_start.make_local_settings(folder)
    first = (folder / "local.env").read_text()
    assert not first_start.make_local_settings(folder)

    assert (folder / "local.env").read_text() == first
    assert stat.S_IMODE((folder / "local.env").stat().st_mode) == 0o600
    assert [path.name for path in folder.iterdir()] == ["local.env"]


@pytest.mark.parametrize(("name", "demo"), [("", "1"), ("SITE_URL", "0"), ("DATABASE_URL", "0")])
def test_sample_data_is_for_a_first_try_only(monkeypatch, name, demo):
    for variable in ("DEMO", "SITE_URL", "DATABASE_URL"):
        monkeypatch.delenv(variable, raising=False)
    if name:
        monkeypatch.setenv(name, "something")

    assert f"DEMO={demo}" in first_start.local_settings()


def names_read(file: Path) -> set[str]:
    """The variables that the module takes from the environment through statement_tracker.environment."""
    readers = {"text", "flag", "number", "words", "secret"}
    calls = [node for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, ast.Call)]
    return {
        call.args[0].value
        for call in calls
        if isinstance(call.func, ast.Attribute) and call.func.attr in readers and ast.unparse(call.func.value) == "env"
    }


def test_the_example_names_every_setting_and_no_other():
    files = (ROOT / "statement_tracker").glob("*.py")
    read = set().union(*(names_read(file) for file in files))
    source = (ROOT / "statement_tracker" / "environment.py").read_text("utf-8")
    read |= {f"OIDC_TR{ending}" for ending in re.findall(r'\{prefix\}(_[A-Z_]+)"', source)}

    named = set(re.findall(r"^#?([A-Z0-9_]+)=", (ROOT / ".env.example").read_text("utf-8"), re.MULTILINE))

    assert named == read
