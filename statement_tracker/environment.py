"""Reads settings from the environment: one function for each shape of value."""

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off", ""}


def text(name: str, default: str = "") -> str:
    """The variable NAME, or the content of the file that NAME_FILE points to (for secrets)."""
    path = os.environ.get(f"{name}_FILE", "")
    if path:
        return Path(path).read_text("utf-8").strip()
    return os.environ.get(name, default)


def flag(name: str, default: bool) -> bool:
    value = text(name, "1" if default else "0").strip().lower()
    if value in TRUE:
        return True
    if value in FALSE:
        return False
    raise ImproperlyConfigured(f"{name} is {value!r}: write 1 or 0.")


def number(name: str, default: int) -> int:
    value = text(name, str(default)).strip()
    try:
        return int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} is {value!r}: write a whole number.") from None


def words(name: str, default: str = "") -> list[str]:
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def database(url: str, sqlite_file: Path) -> dict[str, object]:
    """Django's settings for DATABASE_URL; the embedded SQLite file where it is empty.

    postgresql://user:password@host:port/name, or postgresql:///name?host=/socket/folder;
    sqlite:////absolute/path. Raises ImproperlyConfigured for any other scheme.
    """
    parts = urlsplit(url)
    if parts.scheme in ("", "sqlite"):
        return sqlite(Path(unquote(parts.path)) if parts.path.strip("/") else sqlite_file)
    if parts.scheme in ("postgres", "postgresql"):
        query = dict(parse_qsl(parts.query))
        return postgresql(
            name=unquote(parts.path.lstrip("/")),
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            host=query.pop("host", parts.hostname or ""),
            port=str(parts.port or query.pop("port", "")),
            query=query,
        )
    raise ImproperlyConfigured(f"DATABASE_URL begins with {parts.scheme!r}: use postgresql:// or sqlite://.")


def sqlite(path: Path) -> dict[str, object]:
    """SQLite that loses nothing it has confirmed: write-ahead log, full sync, one writer at a time.

    recursive_triggers lets the triggers of locked rows see INSERT OR REPLACE as the DELETE it is.
    """
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA recursive_triggers=ON;",
        },
    }


def postgresql(*, name: str, user: str, password: str, host: str, port: str, query: dict) -> dict[str, object]:
    """PostgreSQL with connections kept, and time limits that end a stuck statement or lock."""
    limits = "-c lock_timeout=5s -c statement_timeout=30s -c idle_in_transaction_session_timeout=60s"
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": user,
        "PASSWORD": password,
        "HOST": host,
        "PORT": port,
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"options": limits, **query},
    }
