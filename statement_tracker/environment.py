"""Reads settings from the environment: one function for each shape of value."""

import os
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from commitments.domain.codes import Role

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off", ""}
LOOPBACK = ("127.0.0.1", "localhost", "::1")


def load(path: Path) -> None:
    """Take NAME=value lines from the file, where there is one; a variable that is already set stays as it is.

    Blank lines and lines that begin with # say nothing; quotes around a value are taken off, as systemd does.
    """
    if not path.is_file():
        return
    for number_of_line, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        name, equals, value = line.partition("=")
        if not equals:
            raise ImproperlyConfigured(f"{path}, line {number_of_line}: write NAME=value.")
        value = value.strip()
        if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
            value = value[1:-1]
        os.environ.setdefault(name.strip(), value)


def text(name: str, default: str = "") -> str:
    """The variable NAME, or the content of the file that NAME_FILE points to (for secrets)."""
    path = os.environ.get(f"{name}_FILE", "")
    if os.environ.get(name) or not path:
        return os.environ.get(name, default)
    try:
        return Path(path).read_text("utf-8").strip()
    except OSError as error:
        raise ImproperlyConfigured(f"{name}_FILE cannot be read: {error}") from None


def secret(name: str) -> str:
    """A variable without which nothing starts."""
    value = text(name)
    if not value:
        raise ImproperlyConfigured(
            f"{name} is missing: set it (or {name}_FILE) in the environment or in .env. `make run` makes its own."
        )
    return value


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


def required_roles(roles: list[str]) -> list[str]:
    """Roles that must have a second step; a name that is none would silently protect nobody, so it stops the start."""
    known = [*Role, "administrator"]
    if unknown := [role for role in roles if role not in known]:
        raise ImproperlyConfigured(f"MFA_REQUIRED_ROLES holds {unknown[0]!r}: write {', '.join(known)}.")
    return roles


def site(url: str) -> tuple[str, bool]:
    """Host and HTTPS of the site's address; plain http is for this machine alone, so that no password travels open."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ImproperlyConfigured(f"SITE_URL is {url!r}: write https://host.")
    https = parts.scheme == "https"
    if not https and parts.hostname not in LOOPBACK:
        raise ImproperlyConfigured(f"SITE_URL is {url!r}: only this machine may be reached by plain http; use https.")
    return parts.hostname, https


def pairs(name: str) -> dict[str, str]:
    """NAME=from:to,from:to as a table."""
    found = {}
    for word in words(name):
        key, colon, value = word.partition(":")
        if not colon or not key.strip() or not value.strip():
            raise ImproperlyConfigured(f"{name} holds {word!r}: write value:CODE, with commas between.")
        found[key.strip()] = value.strip()
    return found


def sign_on(party: str) -> dict[str, object]:
    """One government's own sign-on (OpenID Connect), as OIDC_<PARTY>_… describe it; people are known by its `sub`."""
    prefix = f"OIDC_{party.upper()}"
    issuer = text(f"{prefix}_ISSUER").rstrip("/")
    parts = urlsplit(issuer)
    if not issuer or (parts.scheme != "https" and parts.hostname not in LOOPBACK):
        raise ImproperlyConfigured(f"{prefix}_ISSUER is {issuer!r}: write https://…, the issuer's address.")
    return {
        "provider_id": party.lower(),
        "name": text(f"{prefix}_NAME", party),
        "client_id": secret(f"{prefix}_CLIENT_ID"),
        "secret": text(f"{prefix}_CLIENT_SECRET"),
        "settings": {
            "server_url": issuer,
            "uid_field": "sub",
            "party": party,
            "acr": words(f"{prefix}_ACR"),
            "body_claim": text(f"{prefix}_BODY_CLAIM", "body"),
            "role_claim": text(f"{prefix}_ROLE_CLAIM", "role"),
            "bodies": pairs(f"{prefix}_BODIES"),
            "roles": pairs(f"{prefix}_ROLES"),
        },
    }


def evidence_storage(
    bucket: str, *, prefix: str, endpoint: str, region: str, key: str, secret: str, scanned: bool
) -> dict[str, object]:
    """Django's storage of evidence: the bucket, else (no name) a folder; with a virus scanner or without.

    Plain http to the bucket's server is for this machine alone, as for the site itself.
    """
    if not bucket:
        folder = "django.core.files.storage.FileSystemStorage"
        return {"BACKEND": "commitments.exchange.scanned_storage.ScannedStorage" if scanned else folder}
    if not find_spec("boto3"):
        raise ImproperlyConfigured("S3_BUCKET needs a package that is not installed: `make setup EXTRAS=s3`.")
    parts = urlsplit(endpoint)
    if endpoint and parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise ImproperlyConfigured(f"S3_ENDPOINT is {endpoint!r}: write https://host.")
    folder = prefix.strip("/")
    place = {"bucket": bucket, "prefix": f"{folder}/" if folder else "", "endpoint": endpoint, "region": region}
    return {
        "BACKEND": f"commitments.exchange.bucket.{'ScannedBucketStorage' if scanned else 'BucketStorage'}",
        "OPTIONS": {**place, "key": key, "secret": secret},
    }


def origins(addresses: Iterable[str]) -> list[str]:
    """Scheme and host of each address, as a content policy names them."""
    return ["://".join(urlsplit(address)[:2]) for address in addresses]


def database(url: str, sqlite_file: Path, *, seconds: int = 30, pgbouncer: bool = False) -> dict[str, object]:
    """Django's settings for DATABASE_URL; the embedded SQLite file where it is empty.

    postgresql://user:password@host:port/name, or postgresql:///name?host=/socket/folder;
    sqlite:////absolute/path. Raises ImproperlyConfigured for any other scheme.
    """
    parts = urlsplit(url)
    if parts.scheme in ("", "sqlite"):
        path = unquote(parts.path).strip("/")
        return sqlite(Path("/", path) if path else sqlite_file)
    if parts.scheme in ("postgres", "postgresql"):
        query = dict(parse_qsl(parts.query))
        address = {
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": query.pop("host", parts.hostname or ""),
            "PORT": query.pop("port", str(parts.port or "")),
        }
        return address | postgresql(query, seconds=seconds, pgbouncer=pgbouncer)
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


def postgresql(query: dict[str, str], *, seconds: int, pgbouncer: bool) -> dict[str, object]:
    """PostgreSQL with connections kept, and time limits that end a stuck statement or lock.

    PgBouncer refuses limits in the start-up packet and moves a connection between transactions, so behind it the
    limits belong to the role (ALTER ROLE ... SET) and cursors stay on the client.
    """
    limits = f"-c lock_timeout=5s -c statement_timeout={seconds}s -c idle_in_transaction_session_timeout=60s"
    return {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": pgbouncer,
        "OPTIONS": query if pgbouncer else {"options": limits, **query},
    }
