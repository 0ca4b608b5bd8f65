"""Turns the times of all rounds into the rows of the document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

from soundmap.lab.bench.timing import Times

PLAIN, BEYOND, PEER = "plain", "beyond", "bliss-audio"
Round = Mapping[str, Times]
"""Milliseconds of each stage, by contender."""
Rows = list[dict[str, Any]]


def rows_of(cases: Mapping[str, Sequence[Round]]) -> dict[str, Rows]:
    """``end_to_end`` and ``stages``: our pipeline beside the plain one, medians over the rounds.

    ``beyond`` is what an answer takes on top, ``peers`` what other programs take for their own
    work.
    """
    found: dict[str, Rows] = {"end_to_end": [], "stages": [], "beyond": [], "peers": []}
    for case, rounds in cases.items():
        for spec in (who for who in rounds[0] if who not in (PLAIN, BEYOND, PEER)):
            for stage in rounds[0][spec]:
                ms = {who: _median(rounds, who, stage) for who in (PLAIN, spec)}
                found["stages"].append({**_row(spec, case, ms), "stage": stage})
            ms = {who: _median(rounds, who) for who in (PLAIN, spec)}
            found["end_to_end"].append(_row(spec, case, ms))
        beyond = {name: _median(rounds, BEYOND, name) for name in rounds[0][BEYOND]}
        found["beyond"].append({"case": case, **{f"{name}_ms": ms for name, ms in beyond.items()}})
        if PEER in rounds[0]:
            found["peers"].append({"peer": PEER, "case": case, "ms": _median(rounds, PEER)})
    return found


def _row(spec: str, case: str, ms: Mapping[str, float]) -> dict[str, Any]:
    ratio = ms[PLAIN] / max(ms[spec], 1e-6)
    return {"spec": spec, "case": case, "plain_ms": ms[PLAIN], "ours_ms": ms[spec], "ratio": ratio}


def _median(rounds: Sequence[Round], who: str, stage: str | None = None) -> float:
    """The median of one stage or, without one, of the sum of all."""
    taken = (times[who] for times in rounds)
    return median(sum(ms.values()) if stage is None else ms[stage] for ms in taken)
