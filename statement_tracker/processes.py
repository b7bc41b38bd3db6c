"""Child processes that cannot outlive the process that started them."""

import ctypes
import os
import signal
import subprocess
import sys
from functools import partial
from typing import Any

PR_SET_PDEATHSIG = 1  # linux/prctl.h
libc = ctypes.CDLL(None, use_errno=True)


def start_child(command: list[str], **options: Any) -> subprocess.Popen:
    """A process that the kernel kills when this one ends, even by SIGKILL."""
    return subprocess.Popen(command, preexec_fn=partial(die_with, os.getpid()), **options)  # noqa: PLW1509 one call


def die_with(parent: int) -> None:
    """Ask the kernel to kill this process when its parent ends.

    Linux keeps the wish over exec and ties it to the thread that forked, so children are started from the main thread.
    Other systems know no such wish; there a child ends only when its parent stops it.
    """
    if sys.platform != "linux":
        return
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # the parent ended before the kernel knew
        os._exit(1)
