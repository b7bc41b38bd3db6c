"""For load balancers and watchdogs: is the process alive, and can the product do its work?"""

from collections.abc import Callable

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu.exceptions import OperationalError

from statement_tracker import pulse
from statement_tracker.celery import app

SILENT_SECONDS = 300


@require_safe
@never_cache
@login_not_required
def healthz(request: HttpRequest) -> JsonResponse:
    """200 as long as this process answers; asks nothing of any other."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
@login_not_required
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when database and broker answer and the periodic tasks ran lately, else 503; the parts say which."""
    parts = {"database": database(), "broker": broker(), "tasks": tasks()}
    ready = all(part["ok"] for part in parts.values())
    return JsonResponse({"ready": ready, **parts}, status=200 if ready else 503)


def database() -> dict[str, object]:
    return {"ok": succeeds(_ask_database, DatabaseError)}


def broker() -> dict[str, object]:
    return {"ok": succeeds(_ask_broker, OperationalError)}


def tasks() -> dict[str, object]:
    """Age in seconds of the last sign of life of beat and worker; null where they never ran on this machine."""
    ages = {name: pulse.age(name) for name in ("beat", "worker")}
    lately = all(age is not None and age < SILENT_SECONDS for age in ages.values())
    return {"ok": lately, **{f"{name}_age": age and round(age) for name, age in ages.items()}}


def succeeds(ask: Callable[[], None], failure: type[Exception]) -> bool:
    try:
        ask()
    except failure:
        return False
    return True


def _ask_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _ask_broker() -> None:
    with app.connection_for_write() as broker_connection:
        broker_connection.ensure_connection(max_retries=1, interval_start=0, interval_step=0, timeout=3)
