"""The Free Music Archive as its data set is packed (Defferrard et al., ISMIR 2017).

``fma_small/000/000002.mp3`` and so on, and ``fma_metadata/tracks.csv`` with three header rows.  The
sides are the official ones, which keep artists apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from soundmap.errors import BadDataset
from soundmap.lab.datasets.sources import Entry, Source, check_archive, check_counts, check_files
from soundmap.library.published import Row, read_tracks

SUBSETS = ("small", "medium", "large")
TRACKS = {"small": 8_000, "medium": 25_000, "large": 106_574}
N_GENRES = 8
"""Genres of fma_small, each with equally many tracks."""
SHA1 = {
    "fma_metadata.zip": "f0df49ffe5f2a6008d7dc83c6915b31835dfe733",
    "fma_small.zip": "ade154f733639d52e35e32f5593efe5be76c6d70",
    "fma_medium.zip": "c67b69ea232021025fca9231fc1c7c1a063ab50b",
    "fma_large.zip": "497109f4dd721066b5ce5e5f250ec604dc78939e",
    "fma_full.zip": "0f0ace23fbe9ba30ecb7e95f763e435ea802b8ab",
}


def read_fma(
    folder: Path, tracks: Mapping[str, int] = TRACKS, sha1: Mapping[str, str] = SHA1
) -> Source:
    """The subset in ``folder``, which is ``fma_small`` (or another) or holds it; ``fma_metadata``
    lies beside the subset.

    Archives that lie there too are checked against their published SHA-1.  Tracks without a top
    genre are left out.  Raises BadDataset: ``no_fma``, ``bad_archive``, ``bad_table``,
    ``other_counts``, ``missing_audio``.
    """
    audio, subset = _audio(folder)
    for name in ("fma_metadata.zip", f"{audio.name}.zip"):
        check_archive(audio.parent / name, sha1[name])
    table = audio.parent / "fma_metadata" / "tracks.csv"
    wanted = SUBSETS[: SUBSETS.index(subset) + 1]
    rows = {i: row for i, row in read_tracks(table).items() if row["subset"] in wanted}
    if len(rows) != tracks[subset]:
        reason = f"it lists {len(rows):,} tracks of {audio.name}, not {tracks[subset]:,}"
        raise BadDataset("bad_table", path=table, reason=reason)
    entries = tuple(_entry(i, row, audio) for i, row in rows.items() if row["genre"])
    if subset == "small":
        each = dict.fromkeys({entry.genre for entry in entries}, tracks[subset] // N_GENRES)
        check_counts(table, (entry.genre for entry in entries), each)
    check_files(entries, audio)
    return Source(audio.name, entries)


def _audio(folder: Path) -> tuple[Path, str]:
    """The folder of a subset, and the name of the subset."""
    for subset in SUBSETS:
        for audio in (folder, folder / f"fma_{subset}"):
            if audio.resolve().name == f"fma_{subset}" and audio.is_dir():
                return audio.resolve(), subset
    raise BadDataset("no_fma", path=folder)


def _entry(track_id: int, row: Row, audio: Path) -> Entry:
    name = f"{track_id:06d}"
    path = audio / name[:3] / f"{name}.mp3"
    facts = {key: row[key] for key in ("genre", "side", "title", "artist", "artist_id", "album")}
    return Entry(track_id, path, license=row["license"], **facts)
