"""Confines a child process: by its parent when it starts, and by itself before it works.

It is kept from:

- secrets: of the parent's environment it gets only ``_KEPT``; on Linux 5.13 and newer it cannot
  inspect the parent either (``/proc``, ptrace);
- the rights of root, except to read any file;
- the parent's main module, which ``spawn`` would import again, and its standard input;
- memory above a limit: an allocation fails, in Python with MemoryError;
- processor time beyond a job's deadline, even if the parent hangs: the kernel kills it;
- writing: no byte can be added to any file, and there is no folder for temporary files; on Linux
  5.13 and newer it cannot open a file for writing, nor make, rename or delete one;
- running programs (Linux 5.13), TCP (6.7), signals to other processes (6.12);
- more open files than ``_OPEN_FILES``; new processes and threads, unless the user is root;
- outliving the parent, core dumps, more than one BLAS thread, the telemetry of ONNX Runtime.

If a file takes over a decoder, the child is not kept from:

- reading any file that the bot's user may read, since a person at the console may name any;
- UDP, local sockets and other system calls;
- lying: answers are sent as pickles, through which it can run code in the bot;
- raising its own limit of processor time, which has to grow with each job.

Resource limits and death with the parent work on Linux; elsewhere a child whose parent died ends
when it next waits for work.
"""

from __future__ import annotations

import math
import os
import signal
import struct
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import parent_process
from types import ModuleType

from bot.workers.landlock import forbid
from soundmap.engines.threads import THREAD_SETTINGS

if sys.platform != "win32":
    import resource

_KEPT = {"HOME", "LANG", "LC_ALL", "LC_CTYPE", "LD_LIBRARY_PATH", "PATH", "TMPDIR", "TZ"}
_KEPT |= {"SOUNDMAP_HOME", "XDG_CACHE_HOME", "LOCALAPPDATA"}  # where the converted graph is
_KEPT |= {"PYTHONDONTWRITEBYTECODE", "PYTHONHOME", "PYTHONPATH", "PYTHONPYCACHEPREFIX"}
_ADDED = {
    **THREAD_SETTINGS,
    "ORT_DISABLE_TELEMETRY": "1",  # else it writes to HOME and sends telemetry
}
_NICENESS = 5  # the bot's own loop goes first
_OPEN_FILES = 64  # about 12 are open when idle
_CPU_MARGIN_S = 2.0  # so that the parent notices first
_PR_SET_PDEATHSIG = 1  # from linux/prctl.h
_CAPABILITY_VERSION = 0x20080522  # from linux/capability.h, as the next
_CAP_DAC_READ_SEARCH = 1 << 2


@contextmanager
def clean_start() -> Iterator[None]:
    """Gives processes started inside a bare environment and no main module.

    Both are changed for this whole process and restored at the end, a few milliseconds later.
    """
    everything, main = dict(os.environ), sys.modules["__main__"]
    try:
        for name in everything:
            if name not in _KEPT:
                del os.environ[name]
        os.environ.update(_ADDED)
        sys.modules["__main__"] = ModuleType("__main__")
        yield
    finally:
        sys.modules["__main__"] = main
        for name in _ADDED:
            del os.environ[name]
        os.environ.update(everything)


def confine(memory_mb: int) -> None:
    """Confines this process at its start: ``memory_mb`` MiB of data, and death with its parent."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # a handler would have to wait for native code
    os.nice(_NICENESS)
    _close_input()
    if sys.platform == "linux":
        _die_with_parent()
        _limit_memory(memory_mb)


def seal() -> None:
    """Confines this process for good, after all it needs is imported and open."""
    os.environ["TMPDIR"] = tempfile.tempdir = os.devnull  # not a folder: no files there
    if sys.platform == "linux":
        _limit(resource.RLIMIT_FSIZE, 0)
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # so that writing raises an error
        _limit(resource.RLIMIT_NOFILE, _OPEN_FILES)
        _limit(resource.RLIMIT_NPROC, 0)
        _give_up_rights()
        forbid(writing_but=os.devnull)


def allow_seconds(seconds: float) -> None:
    """Lets this process use ``seconds`` more of processor time, and a margin."""
    if sys.platform == "linux":
        used_s = sum(os.times()[:2])
        _limit(resource.RLIMIT_CPU, math.ceil(used_s + seconds + _CPU_MARGIN_S), for_good=False)


def _close_input() -> None:
    """Redirects descriptor 0, which is still the parent's; ``spawn`` closes only ``sys.stdin``."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)


def _die_with_parent() -> None:
    """Has the kernel kill this process when the thread that started it ends."""
    import ctypes

    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    parent = parent_process()
    if parent is not None and os.getppid() != parent.pid:
        os._exit(1)


def _limit_memory(memory_mb: int) -> None:
    """Limits data to ``memory_mb`` MiB and forbids core dumps.

    RLIMIT_DATA counts heap, arrays and stacks.  RLIMIT_AS would also count libraries and address
    space that malloc only reserves: more than twice as much, and different each time.  Native code
    that does not check the result of malloc may crash.
    """
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_DATA, memory_mb << 20)


def _give_up_rights() -> None:
    """Gives up all rights of root except reading any file."""
    import ctypes

    system, whose = ctypes.CDLL(None), struct.pack("=Ii", _CAPABILITY_VERSION, 0)
    has = ctypes.create_string_buffer(24)
    system.capget(whose, has)
    kept = _CAP_DAC_READ_SEARCH & struct.unpack_from("=I", has)[0]
    system.capset(whose, struct.pack("=6I", kept, kept, 0, 0, 0, 0))


def _limit(number: int, most: int, for_good: bool = True) -> None:
    """Sets a resource limit, but not above the one that the process has."""
    _, given = resource.getrlimit(number)
    least = most if given == resource.RLIM_INFINITY else min(most, given)
    resource.setrlimit(number, (least, least if for_good else given))
