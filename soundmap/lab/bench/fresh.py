"""Times fresh processes: a worker's first answer and its memory, two workers, the command line."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

_LEAST_S, _USUAL_S = 1.0, 5.0
_RUNS = 3


def workers(path: Path, bundle: Path, quick: bool) -> dict[str, float | None]:
    """What ``bot.workers.trial`` measures, and how two workers, and one beside a busy core, compare
    with one alone; empty where the bot's packages are not installed.
    """
    if importlib.util.find_spec("pebble") is None or importlib.util.find_spec("bot") is None:
        return {}
    seconds = str(_LEAST_S if quick else _USUAL_S)
    command = [sys.executable, "-m", "bot.workers.trial", str(path), str(bundle.resolve()), seconds]
    found: dict[str, Any] = json.loads(subprocess.check_output(command, text=True))
    alone = found["one_per_s"]
    found["two_workers"] = found["two_per_s"] / alone
    found["lost_beside_busy_core"] = 1 - found["beside_busy_core_per_s"] / alone
    return found


def recommending(path: Path, bundle: Path, quick: bool) -> dict[str, float | None]:
    """The fastest of a few runs of ``soundmap recommend``, each in a process of its own."""
    command = [sys.executable, "-m", "soundmap", "recommend", str(path), "--bundle", str(bundle)]
    runs = [_run(command) for _ in range(1 if quick else _RUNS)]
    wall, processor = min(runs)
    return {"cold_recommend_s": wall, "cold_recommend_processor_s": processor}


def _run(command: list[str]) -> tuple[float, float]:
    """Seconds of wall-clock and of processor time."""
    started = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    return time.perf_counter() - started, used.ru_utime + used.ru_stime
