"""Child processes that cannot outlive the process that started them."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from typing import Any

PR_SET_PDEATHSIG = 1  # linux/prctl.h


def start_child(command: list[str], **options: Any) -> subprocess.Popen:
    """A process that the kernel kills when this one ends, even by SIGKILL.

    Linux keeps the wish over exec and ties it to the thread that forks, so start children from the main thread.
    Other systems know no such wish; there the child ends only when its parent stops it.
    """
    return subprocess.Popen(command, preexec_fn=_dies_with_parent(), **options)  # noqa: PLW1509 calls the kernel only


def _dies_with_parent() -> Callable[[], None]:
    if sys.platform != "linux":
        return lambda: None
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    parent = os.getpid()

    def ask_the_kernel() -> None:
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # the parent ended between fork and here
            os._exit(1)

    return ask_the_kernel
