"""For load balancers and watchdogs: is the process alive, and does the product do its work?"""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu.exceptions import OperationalError

from commitments.models.outbox import DEAD_STATES, OutgoingMail
from commitments.models.reminder import PlannerState
from statement_tracker import pulse
from statement_tracker.celery import app

LATE = timedelta(minutes=15)

Part = dict[str, object]


@require_safe
@never_cache
@login_not_required
def healthz(request: HttpRequest) -> JsonResponse:
    """200 as long as this process answers; asks nothing of any other. For load balancers."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
@login_not_required
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when every part does its work, else 503; the parts say which does not. For monitoring.

    Numbers only: it is read without signing in.
    """
    now = timezone.now()
    parts = {
        "database": database(),
        "broker": broker(),
        "planning": asked(planning, now),
        "mail": asked(mail, now),
        "processes": processes(),
    }
    ready = all(part["ok"] for part in parts.values())
    return JsonResponse({"ready": ready, **parts}, status=200 if ready else 503)


def database() -> Part:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return {"ok": False}
    return {"ok": True}


def broker() -> Part:
    try:
        with app.connection_for_write() as queue:
            queue.ensure_connection(max_retries=1, interval_start=0, interval_step=0, timeout=3)
    except OperationalError:
        return {"ok": False}
    return {"ok": True}


def asked(question: Callable[[datetime], Part], now: datetime) -> Part:
    try:
        return question(now)
    except DatabaseError:
        return {"ok": False}


def planning(now: datetime) -> Part:
    """Whether reminders were planned in the last minutes, and by no alarm stopped; the age in seconds."""
    state = PlannerState.objects.get(pk=1)
    age = state.last_ok_at and round((now - state.last_ok_at).total_seconds())
    return {"ok": not state.is_stale(now) and not state.alarm, "age": age, "alarm": bool(state.alarm)}


def mail(now: datetime) -> Part:
    """Mails that wait, those that wait longer than they should, and those that only a person can help."""
    waiting = OutgoingMail.objects.claimable(now)
    late = waiting.filter(available_at__lt=now - LATE).count()
    failed = OutgoingMail.objects.filter(state__in=DEAD_STATES).count()
    return {"ok": not late, "waiting": waiting.count(), "late": late, "failed": failed}


def processes() -> Part:
    """Seconds since beat and worker last showed life on this machine; null where they run on another."""
    ages = {name: pulse.age(name) for name in ("beat", "worker")}
    return {"ok": True, **{name: None if age is None else round(age) for name, age in ages.items()}}
