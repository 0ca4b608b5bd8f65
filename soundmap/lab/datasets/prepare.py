"""``soundmap dataset prepare``: turns a folder of audio into the files that training and the ladder
read.
"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Generator, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from soundmap.catalog.licenses import license_class
from soundmap.errors import BadDataset, BadRequest
from soundmap.lab.datasets.cut import Cut, Job, cut
from soundmap.lab.datasets.sources import FACTS, Entry, Source
from soundmap.lab.datasets.splits import LEARNING_SIDES, SIDES
from soundmap.lab.datasets.unfinished import FOLDER, Unfinished, save
from soundmap.types import Progress, silent

_CHUNK = 4


def prepare(
    source: Source,
    out: Path,
    spec: str = "overview",
    workers: int | None = None,
    progress: Progress = silent,
) -> dict[str, Any]:
    """Cuts every file of a source in ``workers`` processes and writes the results to ``out``.

    These are tiles-SIDE.npz, features-SIDE.npz, tracks.csv, dataset.json and, where files failed,
    failures.csv with a reason for each.  A run that was stopped is resumed.  Returns what
    dataset.json holds.  Raises BadRequest ``bad_workers`` or BadDataset ``nothing_cut``.
    """
    if workers is not None and workers < 1:
        raise BadRequest("bad_workers", workers=workers)
    jobs = [Job(entry, spec, source.rate_hz, source.seconds) for entry in source.entries]
    kept = Unfinished(out / FOLDER)
    cuts: list[tuple[Entry, Cut]] = []
    failures: list[tuple[Entry, str]] = []
    with progress("Cutting", len(jobs)) as advance:
        for job, result in zip(jobs, _all(jobs, workers, kept), strict=True):
            if isinstance(result, str):
                failures.append((job.entry, result))
            else:
                cuts.append((job.entry, result))
            advance(len(cuts) + len(failures))
    for side in LEARNING_SIDES:
        if not any(entry.side == side for entry, _ in cuts):
            reason = failures[0][1].rstrip(".") if failures else "the source has no track on it"
            raise BadDataset("nothing_cut", side=side, reason=reason)
    facts = _write(source.name, spec, out, cuts, failures)
    kept.forget()
    return facts


def _all(jobs: list[Job], workers: int | None, kept: Unfinished) -> Iterator[Cut | str]:
    """Results in the order of the jobs: those of an earlier run, and new ones, which are kept."""
    known = [kept.read(job) for job in jobs]
    missing = [job for job, cut_before in zip(jobs, known, strict=True) if cut_before is None]
    with (
        ProcessPoolExecutor(workers or os.cpu_count()) as pool,
        closing(_mapped(pool, missing)) as made,  # after an error no more are cut
    ):
        for job, cut_before in zip(jobs, known, strict=True):
            result = next(made) if cut_before is None else cut_before
            if cut_before is None and isinstance(result, Cut):
                kept.keep(job, result)
            yield result


def _mapped(pool: Executor, jobs: list[Job]) -> Generator[Cut | str]:
    yield from pool.map(cut, jobs, chunksize=_CHUNK)


def _write(
    name: str,
    spec: str,
    out: Path,
    cuts: list[tuple[Entry, Cut]],
    failures: list[tuple[Entry, str]],
) -> dict[str, Any]:
    out.mkdir(parents=True, exist_ok=True)
    counts = {}
    for side in SIDES:
        if chosen := [pair for pair in cuts if pair[0].side == side]:
            counts[side] = len(chosen)
            save(out / f"tiles-{side}.npz", **_tiles(chosen))
            ids = np.array([entry.track_id for entry, _ in chosen], np.int32)
            values = np.array([one.mfcc for _, one in chosen], np.float16)
            save(out / f"features-{side}.npz", track_id=ids, mfcc=values)
    _table(out / "tracks.csv", [_facts(*pair) for pair in cuts])
    (out / "failures.csv").unlink(missing_ok=True)
    if failures:
        _table(out / "failures.csv", [_failure(*pair) for pair in failures])
    facts = {"name": name, "spec": spec, "tracks": counts, "failures": len(failures)}
    (out / FACTS).write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")
    return facts


def _tiles(chosen: list[tuple[Entry, Cut]]) -> dict[str, npt.NDArray[Any]]:
    repeats = [len(one.tiles) for _, one in chosen]
    ids = np.array([entry.track_id for entry, _ in chosen], np.int32).repeat(repeats)
    genres = np.array([entry.genre for entry, _ in chosen]).repeat(repeats)
    tiles = np.concatenate([one.tiles for _, one in chosen])
    return {"track_id": ids, "tile": tiles, "genre": genres}


def _table(path: Path, rows: list[dict[str, object]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def _failure(entry: Entry, reason: str) -> dict[str, object]:
    return {"track_id": entry.track_id, "path": entry.path, "reason": reason}


def _facts(entry: Entry, one: Cut) -> dict[str, object]:
    """A row of the track table, with every column that building a catalog needs."""
    return {
        "track_id": entry.track_id,
        "title": entry.title,
        "artist": entry.artist,
        "artist_id": entry.artist_id,
        "album": entry.album,
        "genre": entry.genre,
        "subgenres": entry.genre,
        "split": entry.side,
        "licence": entry.license,
        "licence_class": license_class(entry.license),
        "page_url": "",
        "tempo_bpm": f"{one.tempo_bpm:g}",
    }
