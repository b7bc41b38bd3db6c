"""Signs of life: a process touches its file, and whoever watches it reads how long ago that was."""

import os
import socket
import time
from pathlib import Path

from django.conf import settings


def path(name: str) -> Path:
    return Path(settings.DATA_DIR) / "run" / f"{name}.pulse"


def beat(name: str) -> None:
    """Show that the process NAME lives: to the supervisor by its file, to systemd by its socket."""
    file = path(name)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch()
    _tell_systemd()


def age(name: str) -> float | None:
    """Seconds since the last sign of life; None where there was never one on this machine."""
    try:
        return max(0.0, time.time() - path(name).stat().st_mtime)
    except FileNotFoundError:
        return None


def _tell_systemd() -> None:
    """WATCHDOG=1 as in sd_notify(3); a unit with WatchdogSec= is started again when it falls silent."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    if address.startswith("@"):
        address = f"\0{address[1:]}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notifier:
        notifier.sendto(b"WATCHDOG=1", address)
