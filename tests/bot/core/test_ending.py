"""However a process hangs, a signal ends it in time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PROGRAM = """
import asyncio, sys, threading, time
from bot.core import ending
from bot.core.mouths import Mouths

ending.MARGIN_S = {margin}

async def stuck(how):
    print("begun", flush=True)
    while how == "busy":
        pass
    if how == "blocked":
        time.sleep(600)
    while how == "deaf":
        try:
            await asyncio.sleep(600)
        except asyncio.CancelledError:
            pass
    if how == "thread":
        threading.Thread(target=time.sleep, args=(600,)).start()
        await asyncio.Event().wait()
    await asyncio.Event().wait()

async def run(how):
    end = ending.Ending({grace})
    with end.listening():
        mouths = Mouths()
        mouths.start("It", lambda mouth: stuck(how))
        await end.asked.wait()
        await mouths.close(0.4)

asyncio.run(run(sys.argv[1]))
"""


def started(how: str, grace: float = 0.5, margin: float = 0.5) -> subprocess.Popen[str]:
    program = PROGRAM.format(grace=grace, margin=margin)
    process = subprocess.Popen(
        [sys.executable, "-c", program, how],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout and process.stdout.readline() == "begun\n"
    return process


def ended(process: subprocess.Popen[str]) -> tuple[int, str]:
    try:
        _, said = process.communicate(timeout=20)
    finally:
        process.kill()
    return process.returncode, said


@pytest.mark.process
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_what_can_end_ends_by_itself(number: int) -> None:
    process = started("asleep")
    process.send_signal(number)
    assert ended(process) == (0, "")


@pytest.mark.process
@pytest.mark.parametrize("how", ["busy", "blocked", "deaf", "thread"])
def test_what_hangs_is_ended_by_force_and_says_so(how: str) -> None:
    process = started(how)
    begun = time.monotonic()
    process.send_signal(signal.SIGTERM)
    status, said = ended(process)
    assert status == 1
    assert "ended by force: it did not end in time" in said
    assert 0.9 < time.monotonic() - begun < 4


@pytest.mark.process
def test_the_second_signal_leaves_it_less_time_and_the_third_none() -> None:
    process = started("blocked", grace=600)
    for _ in range(3):
        time.sleep(0.3)
        process.send_signal(signal.SIGTERM)
    begun = time.monotonic()
    assert ended(process)[0] == 1
    assert time.monotonic() - begun < 2
