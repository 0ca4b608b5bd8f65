"""Has workers listen to files that mean harm, and holds every outcome against the laws.

As a command, ``python -m tests.fuzz --seconds 600 --seed 1`` goes on with new files until the
time is over, tells how far it is, and ends with how often each outcome came.  A file that breaks
a law is kept, and the exit status is 1.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import astuple, dataclass, field
from itertools import chain, count
from pathlib import Path

import numpy as np

from bot.types import Heard, Refusal
from bot.wording import refusal_sentence
from bot.workers.pool import Workers
from soundmap.audio.windows import MOST_SECONDS
from soundmap.bundle.manifest import DEFAULT_BUNDLE
from soundmap.wording import note_sentence
from tests.fuzz.absurd import absurd
from tests.fuzz.mutants import Mutant, mutants, originals

N_WORKERS = 2
DEADLINE_S = 5.0
SLACK_S = 5.0  # to notice and to end it, on a machine that is busy
MEMORY_MB = 1024
_CODES = {
    "empty_file",
    "not_audio",
    "playlist",
    "no_audio_stream",
    "damaged",
    "unsupported_rate",
    "coded",
    "headless",
}
_CODES |= {"not_finite", "too_short", "silent", "worker_deadline"}
_PROGRESS_S = 10.0


@dataclass
class Report:
    """How often each outcome came, how long the longest took, which files broke a law, and which
    took too long to be heard: those may be worth a look, or the machine was busy.
    """

    outcomes: Counter[str] = field(default_factory=Counter)
    slowest: dict[str, float] = field(default_factory=dict)
    broken: list[tuple[Mutant, str]] = field(default_factory=list)
    slow: list[tuple[Mutant, str]] = field(default_factory=list)

    def add(self, mutant: Mutant, outcome: Heard | Refusal, seconds: float) -> None:
        """Holds one outcome against the laws."""
        code = outcome.code if isinstance(outcome, Refusal) else "heard"
        self.outcomes[code] += 1
        self.slowest[code] = max(seconds, self.slowest.get(code, 0.0))
        if code == "worker_deadline":
            self.slow.append((mutant, "stopped at its deadline"))
        late = "it took too long" if seconds > DEADLINE_S + SLACK_S else None
        if trouble := late or trouble_of(outcome):
            self.broken.append((mutant, trouble))

    def table(self) -> str:
        """One line for each outcome, the most frequent first."""
        lines = [
            f"{code:18}{n:8}{self.slowest[code]:10.2f} s" for code, n in self.outcomes.most_common()
        ]
        return "\n".join([f"{'outcome':18}{'files':>8}{'slowest':>12}", *lines])


def trouble_of(outcome: Heard | Refusal) -> str | None:
    """Which law an outcome breaks."""
    if isinstance(outcome, Heard):
        return _implausible(outcome)
    if outcome.code not in _CODES:
        return f"{outcome.code} {outcome.facts}"
    for language in ("en", "ko"):
        refusal_sentence(outcome, language)
    return None


def _implausible(heard: Heard) -> str | None:
    analysis = heard.analysis
    for note in analysis.notes:
        note_sentence(note, "en"), note_sentence(note, "ko")
    holds = {
        "embedding": analysis.embedding.shape == (40,) and np.isfinite(analysis.embedding).all(),
        "probabilities": analysis.probabilities.min() >= 0
        and abs(float(analysis.probabilities.sum()) - 1) < 1e-4,
        "seconds": 0.5 <= analysis.seconds <= MOST_SECONDS + 0.1,
        "traits": all(np.isfinite(trait) for trait in astuple(analysis.traits)),
        "notes": all(np.isfinite(fact) for note in analysis.notes for fact in _numbers(note.facts)),
        "picture": heard.picture.startswith(b"\x89PNG"),
    }
    wrong = [name for name, good in holds.items() if not good]
    return f"implausible {', '.join(wrong)}" if wrong else None


def _numbers(facts: dict[str, object]) -> list[float]:
    return [float(fact) for fact in facts.values() if isinstance(fact, int | float)]


async def listen_to(files: Iterator[Mutant], report: Report) -> None:
    """Gives the files to a pool of workers, as many at once as there are workers."""
    originals()  # takes seconds, for which nothing else would run
    with tempfile.TemporaryDirectory() as folder:
        async with Workers(DEFAULT_BUNDLE, N_WORKERS, DEADLINE_S, MEMORY_MB) as workers:
            async with asyncio.TaskGroup() as lines:
                for _ in range(N_WORKERS):
                    lines.create_task(_line(files, workers, Path(folder), report))
            pids = workers.pids
        if left := [path.name for path in Path(folder).iterdir()]:
            raise AssertionError(f"files are left: {left}")
    if left_pids := [pid for pid in pids if Path(f"/proc/{pid}").exists()]:
        raise AssertionError(f"processes are left: {left_pids}")


async def _line(files: Iterator[Mutant], workers: Workers, folder: Path, report: Report) -> None:
    for mutant in files:
        path = folder / mutant.name
        path.write_bytes(mutant.content)
        while workers.alive < N_WORKERS:  # so that no time is spent waiting for one
            await asyncio.sleep(0.01)
        began = time.monotonic()
        outcome = await workers.listen(path)
        report.add(mutant, outcome, time.monotonic() - began)
        if path.read_bytes() != mutant.content:
            report.broken.append((mutant, "it was changed"))
        path.unlink()


def endless(seed: int) -> Iterator[Mutant]:
    """The files made by hand, then changes by chance of this seed and the next ones."""
    return chain(absurd(), chain.from_iterable(_turn(number) for number in count(seed)))


def _turn(seed: int) -> Iterator[Mutant]:
    """As many files as tell most of what a seed has to tell."""
    return (mutant for mutant, _ in zip(mutants(seed), range(_PER_SEED), strict=False))


_PER_SEED = 2_000


def _timed(files: Iterator[Mutant], seconds: float, report: Report) -> Iterator[Mutant]:
    began = told = time.monotonic()
    for mutant in files:
        now = time.monotonic()
        if now - began > seconds:
            return
        if now - told > _PROGRESS_S:
            told = now
            done = report.outcomes.total()
            print(f"{now - began:6.0f} s  {done} files, next {mutant.name}", flush=True)
        yield mutant


def main() -> int:
    """The command: 1 where a law was broken."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--seconds", type=float, default=600, help="how long to go on")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="where chance begins")
    parser.add_argument("--keep", type=Path, metavar="FOLDER",
                        default=Path(tempfile.gettempdir()) / "soundmap-fuzz",
                        help="where files go that break a law or are slow")  # fmt: skip
    asked = parser.parse_args()
    logging.basicConfig(stream=sys.stdout, format="%(message)s")
    print(f"seed {asked.seed}", flush=True)
    report = Report()
    asyncio.run(listen_to(_timed(endless(asked.seed), asked.seconds, report), report))
    print(report.table())
    for mutant, trouble in report.slow + report.broken:
        asked.keep.mkdir(parents=True, exist_ok=True)
        (asked.keep / mutant.name).write_bytes(mutant.content)
        print(f"{asked.keep / mutant.name}: {trouble}")
    return 1 if report.broken else 0


if __name__ == "__main__":
    sys.exit(main())
