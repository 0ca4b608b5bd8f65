"""What a child process is kept from: by its parent as it starts, and by itself before it works.

It is kept from:

- secrets: of the parent's environment, only what ``_KEPT`` names is passed on; on Linux 5.13 and
  newer it cannot look into the parent either (``/proc``, ptrace);
- the rights of root, but to read everybody's files;
- the parent's main module, which ``spawn`` would otherwise import again, and standard input;
- memory beyond a limit: an allocation fails, in Python as MemoryError;
- processor time beyond a job's deadline, even if the parent is stuck: the kernel ends it;
- writing: no byte can be added to any file, and it has no folder for temporary ones; on Linux
  5.13 and newer it cannot open, make, rename or delete one either;
- running programs (from Linux 5.13 on), TCP (6.7), signals to others (6.12);
- more open files than ``_OPEN_FILES``; new processes and threads, where the user is not root;
- outliving the parent, core dumps, more than one thread of BLAS, the telemetry of ONNX Runtime.

It is not kept from, should a file take a decoder over:

- reading whatever the bot's user may read: a person at the console may name any file;
- UDP and local sockets, and the rest of the system's calls;
- lying: answers cross as pickles, by which it can reach into the bot;
- raising its own limit of processor time, which has to grow with every job.

Limits and the end with the parent are Linux's; elsewhere a child ends when it next waits for work.
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
_KEPT |= {"PYTHONDONTWRITEBYTECODE", "PYTHONHOME", "PYTHONPATH", "PYTHONPYCACHEPREFIX"}
_ADDED = {
    **THREAD_SETTINGS,
    "ORT_DISABLE_TELEMETRY": "1",  # else it writes to HOME and reports to its maker
}
_NICENESS = 5  # the bot's own loop goes first
_OPEN_FILES = 64  # some 12 are open when idle
_CPU_MARGIN_S = 2.0  # the parent is to notice first
_PR_SET_PDEATHSIG = 1  # from linux/prctl.h
_CAPABILITY_VERSION = 0x20080522  # from linux/capability.h, as the next
_CAP_DAC_READ_SEARCH = 1 << 2


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
        os.environ.update(_ADDED)
        sys.modules["__main__"] = ModuleType("__main__")
        yield
    finally:
        sys.modules["__main__"] = main
        for name in _ADDED:
            del os.environ[name]
        os.environ.update(everything)


def confine(memory_mb: int) -> None:
    """Confines this process as it starts: ``memory_mb`` MiB of data, no life without its parent."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # a handler would wait for native code to return
    os.nice(_NICENESS)
    _close_input()
    if sys.platform == "linux":
        _die_with_parent()
        _limit_memory(memory_mb)


def seal() -> None:
    """Confines this process for good, once all it needs is imported and open."""
    os.environ["TMPDIR"] = tempfile.tempdir = os.devnull  # no folder: nothing can be made in it
    if sys.platform == "linux":
        _limit(resource.RLIMIT_FSIZE, 0)
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # then writing is an error
        _limit(resource.RLIMIT_NOFILE, _OPEN_FILES)
        _limit(resource.RLIMIT_NPROC, 0)
        _give_up_rights()
        forbid(writing_but=os.devnull)


def allow_seconds(seconds: float) -> None:
    """Ends this process when it has computed for so many seconds from now on, and a margin."""
    if sys.platform == "linux":
        used_s = sum(os.times()[:2])
        _limit(resource.RLIMIT_CPU, math.ceil(used_s + seconds + _CPU_MARGIN_S), for_good=False)


def _close_input() -> None:
    """``spawn`` closes Python's standard input; the descriptor is the parent's still."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)


def _die_with_parent() -> None:
    """SIGKILL as soon as the thread that started this process ends; at once, if it did already."""
    import ctypes

    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    parent = parent_process()
    if parent is not None and os.getppid() != parent.pid:
        os._exit(1)


def _limit_memory(memory_mb: int) -> None:
    """No core dumps, and at most so much data.

    RLIMIT_DATA counts what is written to: heap, arrays and stacks.  RLIMIT_AS would count
    libraries and address space that malloc only sets aside too: more than twice as much, and
    never the same.  Native code that does not look at what malloc returns may crash instead.
    """
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_DATA, memory_mb << 20)


def _give_up_rights() -> None:
    """Of what root may do, only reading is kept."""
    import ctypes

    system, whose = ctypes.CDLL(None), struct.pack("=Ii", _CAPABILITY_VERSION, 0)
    has = ctypes.create_string_buffer(24)
    system.capget(whose, has)
    kept = _CAP_DAC_READ_SEARCH & struct.unpack_from("=I", has)[0]
    system.capset(whose, struct.pack("=6I", kept, kept, 0, 0, 0, 0))


def _limit(number: int, most: int, for_good: bool = True) -> None:
    """Sets a limit; one that the parent has already is not raised."""
    _, given = resource.getrlimit(number)
    least = most if given == resource.RLIM_INFINITY else min(most, given)
    resource.setrlimit(number, (least, least if for_good else given))
