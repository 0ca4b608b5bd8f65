"""What a child process is kept from: by its parent as it starts, and by itself before it works.

It covers:

- secrets: of the parent's environment, only what ``_KEPT`` names is passed on;
- the parent's main module, which ``spawn`` would otherwise import again;
- memory beyond a limit: an allocation fails, in Python as MemoryError;
- outliving the parent, core dumps, more than one thread of BLAS.

It does not cover: files, the network, system calls.  A decoder that is taken over by a file has
the rights of the bot's user and can reach into the bot, since answers cross as pickles.  Limits
and the end with the parent are Linux's; elsewhere a child ends when it next waits for work.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import parent_process
from types import ModuleType

_KEPT = {"HOME", "LANG", "LC_ALL", "LC_CTYPE", "LD_LIBRARY_PATH", "PATH", "TMPDIR", "TZ"}
_KEPT |= {"PYTHONDONTWRITEBYTECODE", "PYTHONHOME", "PYTHONPATH", "PYTHONPYCACHEPREFIX"}
_ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"), "1"
)
_NICENESS = 5  # the bot's own loop goes first
_PR_SET_PDEATHSIG = 1  # from linux/prctl.h


@contextmanager
def clean_start() -> Iterator[None]:
    """Processes started inside get a bare environment and no main module.

    Both are the whole process's, and are put back after the milliseconds that starting takes.
    """
    everything, main = dict(os.environ), sys.modules["__main__"]
    try:
        for name in everything:
            if name not in _KEPT:
                del os.environ[name]
        os.environ.update(_ONE_THREAD)
        sys.modules["__main__"] = ModuleType("__main__")
        yield
    finally:
        sys.modules["__main__"] = main
        for name in _ONE_THREAD:
            del os.environ[name]
        os.environ.update(everything)


def confine(memory_mb: int) -> None:
    """Confines this process: at most ``memory_mb`` MiB of data, and no life without its parent."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # a handler would wait for native code to return
    os.nice(_NICENESS)
    if sys.platform == "linux":
        _die_with_parent()
        _limit(memory_mb)


def _die_with_parent() -> None:
    """SIGKILL as soon as the thread that started this process ends; at once, if it did already."""
    import ctypes

    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    parent = parent_process()
    if parent is not None and os.getppid() != parent.pid:
        os._exit(1)


def _limit(memory_mb: int) -> None:
    """No core dumps, and at most so much data.

    RLIMIT_DATA counts what is written to: heap, arrays and stacks.  RLIMIT_AS would count
    libraries and address space that malloc only sets aside too: more than twice as much, and
    never the same.  Native code that does not look at what malloc returns may crash instead.
    """
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_DATA, (memory_mb << 20, memory_mb << 20))
