"""``soundmap dataset prepare``: a folder of audio to the files that training and ladder read."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from rich.console import Console
from rich.markup import escape

from soundmap.analyze import tiles_of
from soundmap.audio import decode
from soundmap.errors import BadDataset, BadRequest, SoundMapError
from soundmap.ladder.inputs import FACTS
from soundmap.ladder.mfcc import N_FRAMES, mfcc
from soundmap.ladder.sources import Entry, Source
from soundmap.licenses import license_class
from soundmap.tiles import SPECS, Steps
from soundmap.traits import tempo_bpm
from soundmap.types import Clip, Floats

SIDES = ("training", "validation", "test")
_CHUNK = 4
_SLACK_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Cut:
    """A track's ``tiles`` uint8 (n_tiles, n_mels, n_columns), ``mfcc`` float32 (130, 20), tempo."""

    tiles: Steps
    mfcc: Floats
    tempo_bpm: float


@dataclass(frozen=True, slots=True)
class Job:
    """A file to cut, and what it must be like."""

    entry: Entry
    spec: str
    rate_hz: int | None
    seconds: float | None


def prepare(
    source: Source,
    out: Path,
    spec: str = "overview",
    workers: int | None = None,
    progress: Callable[[float], None] | None = None,
) -> dict[str, Any]:
    """Cuts every file of a source in ``workers`` processes and writes ``out``.

    Written are tiles-SIDE.npz, features-SIDE.npz, tracks.csv, dataset.json and, where files
    failed, failures.csv with a reason for each.  Returns what dataset.json holds.  Raises
    BadRequest ``bad_workers`` or BadDataset ``nothing_cut``.
    """
    if workers is not None and workers < 1:
        raise BadRequest("bad_workers", workers=workers)
    jobs = [Job(entry, spec, source.rate_hz, source.seconds) for entry in source.entries]
    cuts: list[tuple[Entry, Cut]] = []
    failures: list[tuple[Entry, str]] = []
    for done, (job, result) in enumerate(zip(jobs, _all(jobs, workers), strict=True)):
        if isinstance(result, str):
            failures.append((job.entry, result))
        else:
            cuts.append((job.entry, result))
        if progress:
            progress(done + 1)
    for side in ("training", "validation"):
        if not any(entry.side == side for entry, _ in cuts):
            reason = failures[0][1].rstrip(".") if failures else "the source has no track on it"
            raise BadDataset("nothing_cut", side=side, reason=reason)
    return _write(source.name, spec, out, cuts, failures)


def show(facts: dict[str, Any], out: Path) -> None:
    """What was written, for a person to read."""
    console = Console(highlight=False)
    tracks = ", ".join(f"{n:,} {side}" for side, n in facts["tracks"].items())
    lines = [f"{facts['name']} as {facts['spec']} tiles in {out}: {tracks} tracks"]
    if facts["failures"]:
        lines.append(f"{facts['failures']:,} files failed; {out / 'failures.csv'} says why")
    for line in lines:
        console.print(escape(line), soft_wrap=True)


def cut(job: Job) -> Cut | str:
    """Tiles and MFCCs of a file, or why there are none, as a sentence."""
    try:
        clip = decode(job.entry.path)
    except SoundMapError as error:
        return str(error)
    if job.rate_hz not in (None, clip.sample_rate_hz):
        return f"It is at {clip.sample_rate_hz:,} Hz; {job.rate_hz:,} Hz was expected."
    if job.seconds and (clip.seconds < job.seconds - _SLACK_SECONDS or clip.start_s):
        length = "longer" if clip.start_s else f"{clip.seconds:.1f} s long"
        return f"It is {length}; {job.seconds:g} s were expected."
    return _cut(clip, job.spec)


def _cut(clip: Clip, name: str) -> Cut | str:
    spec = SPECS[name]
    tiles, _ = tiles_of(clip, spec)
    frames = mfcc(clip)[:N_FRAMES]
    if tiles.shape[2] < spec.n_columns or len(frames) < N_FRAMES:
        return f"It is {clip.seconds:.1f} s long: too short for a whole tile."
    return Cut(np.rint(tiles * 255).astype(np.uint8), frames, tempo_bpm(clip))


def _all(jobs: list[Job], workers: int | None) -> Iterator[Cut | str]:
    """Results in the order of the jobs; a process has one thread, since there are many."""
    with ProcessPoolExecutor(workers or os.cpu_count()) as pool:
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
            _save(out / f"tiles-{side}.npz", **_tiles(chosen))
            ids = np.array([entry.track_id for entry, _ in chosen], np.int32)
            values = np.array([one.mfcc for _, one in chosen], np.float16)
            _save(out / f"features-{side}.npz", track_id=ids, mfcc=values)
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


def _save(path: Path, **arrays: npt.NDArray[Any]) -> None:
    beside = path.with_suffix(".tmp")
    with beside.open("wb") as file:
        np.savez_compressed(file, **arrays)  # type: ignore[arg-type]
    beside.replace(path)


def _table(path: Path, rows: list[dict[str, object]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def _failure(entry: Entry, reason: str) -> dict[str, object]:
    return {"track_id": entry.track_id, "path": entry.path, "reason": reason}


def _facts(entry: Entry, one: Cut) -> dict[str, object]:
    """A row of the table, with every column that building a catalog asks for."""
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
