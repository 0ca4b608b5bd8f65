"""Measures workers: ``python -m bot.workers.trial FILE [FOLDER [SECONDS]]`` prints JSON.

It measures the first answer of a cold worker and its memory afterwards, and the files per second of
one worker, of one while another process keeps a core busy, and of two.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from bot.types import Heard
from bot.workers.pool import Workers
from soundmap.bundle.manifest import DEFAULT_BUNDLE

_MEMORY_MB, _DEADLINE_S = 1024, 60.0


async def trial(path: Path, bundle: Path, seconds: float) -> dict[str, float | None]:
    """The measurements; None where the system does not report one."""
    started = time.perf_counter()
    async with Workers(bundle, 1, _DEADLINE_S, _MEMORY_MB) as one:
        await _hear(one, path)
        cold_s, (pid,) = time.perf_counter() - started, one.pids
        took = {"cold_start_s": cold_s, "cold_start_processor_s": _processor_s(pid)}
        memory = _memory(pid)
        alone = await _rate(one, path, seconds)
        with subprocess.Popen([sys.executable, "-c", "while True: pass"]) as busy:
            beside = await _rate(one, path, seconds)
            busy.kill()
    async with Workers(bundle, 2, _DEADLINE_S, _MEMORY_MB) as two:
        while two.alive < 2:
            await asyncio.sleep(0.01)
        both = await _rate(two, path, seconds, 2)
    rates = {"one_per_s": alone, "two_per_s": both, "beside_busy_core_per_s": beside}
    return {**took, **memory, **rates}


async def _hear(workers: Workers, path: Path) -> None:
    heard = await workers.listen(path)
    if not isinstance(heard, Heard):
        raise SystemExit(f"{path}: {heard.code}")


async def _rate(workers: Workers, path: Path, seconds: float, at_once: int = 1) -> float:
    """Files heard per second."""
    started, done = time.perf_counter(), 0

    async def keep_asking() -> None:
        nonlocal done
        while time.perf_counter() - started < seconds:
            await _hear(workers, path)
            done += 1

    await asyncio.gather(*(keep_asking() for _ in range(at_once)))
    return done / (time.perf_counter() - started)


def _processor_s(pid: int) -> float | None:
    """Processor time of a process in seconds."""
    with suppress(OSError):
        facts = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        return sum(map(int, facts[11:13])) / os.sysconf("SC_CLK_TCK")
    return None


def _memory(pid: int) -> dict[str, float | None]:
    """Memory of a process in MB, now and at its peak."""
    names: dict[str, str] = {"rss_mb": "VmRSS:", "peak_rss_mb": "VmHWM:"}
    with suppress(OSError):
        words = Path(f"/proc/{pid}/status").read_text(encoding="ascii").split()
        return {name: int(words[words.index(word) + 1]) / 1000 for name, word in names.items()}
    return dict.fromkeys(names)


if __name__ == "__main__":
    file, folder, length = (*sys.argv[1:], *("", str(DEFAULT_BUNDLE), "4")[len(sys.argv) - 1 :])
    print(json.dumps(asyncio.run(trial(Path(file), Path(folder), float(length)))))
