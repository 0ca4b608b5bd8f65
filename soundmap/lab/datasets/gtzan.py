"""GTZAN (Tzanetakis and Cook, 2002) in the fault-filtered, artist-aware split of the literature.

1,000 excerpts of 30 s at 22,050 Hz, 100 in each of 10 genres, with repetitions, wrong labels and
distortions (Sturm, arXiv:1306.1461).  Kereliuk, Sturm and Larsen, "Deep Learning and Music
Adversaries" (IEEE Transactions on Multimedia 17, 2015), drop the faulty ones and keep artists
apart: 443 excerpts to train, 197 to validate, 290 to test.  Their lists are read from files and
never made up.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from soundmap.errors import BadDataset
from soundmap.lab.datasets.sources import Entry, Source, check_counts, check_files
from soundmap.lab.datasets.splits import TEST, TRAINING, VALIDATION

GENRES = (
    *("blues", "classical", "country", "disco", "hiphop"),
    *("jazz", "metal", "pop", "reggae", "rock"),
)
PER_GENRE = 100
LISTS = {
    TRAINING: "train_filtered.txt",
    VALIDATION: "valid_filtered.txt",
    TEST: "test_filtered.txt",
}
LENGTHS = {TRAINING: 443, VALIDATION: 197, TEST: 290}
BROKEN = "jazz.00054"
"""No decoder reads it; many copies of the data set lack it."""
_ENDINGS = {".wav", ".au"}
_FOLDERS = ("genres", "genres_original", ".")
_SECONDS = 30.0
_RATE_HZ = 22_050


def read_gtzan(
    folder: Path,
    lists: Path | None = None,
    per_genre: int = PER_GENRE,
    lengths: Mapping[str, int] = LENGTHS,
) -> Source:
    """GTZAN in ``folder``, as ``genres/blues/blues.00000.wav`` and so on (or .au).

    Three text files in ``lists``, by default in ``folder``, give the sides, one name a line.
    Raises BadDataset ``no_gtzan``, ``other_counts``, ``no_lists``, ``bad_list`` or
    ``missing_audio``.
    """
    root = _root(folder)
    files = {path.stem: path for path in root.glob("*/*") if path.suffix in _ENDINGS}
    there = {**files, BROKEN: Path(BROKEN)}
    check_counts(root, (name.split(".")[0] for name in there), dict.fromkeys(GENRES, per_genre))
    sides = _sides(lists or folder, lengths)
    entries = tuple(_entry(name, side, files, root) for name, side in sides.items())
    check_files(entries, root)
    return Source("gtzan", entries, _RATE_HZ, _SECONDS)


def _root(folder: Path) -> Path:
    """The folder that holds a folder for each genre."""
    for name in _FOLDERS:
        if all((folder / name / genre).is_dir() for genre in GENRES):
            return folder / name
    raise BadDataset("no_gtzan", path=folder, genres=", ".join(GENRES))


def _entry(name: str, side: str, files: Mapping[str, Path], root: Path) -> Entry:
    genre, number = name.split(".")
    path = files.get(name, root / genre / f"{name}.wav")
    return Entry(GENRES.index(genre) * 1000 + int(number), path, genre, side, title=name)


def _sides(folder: Path, lengths: Mapping[str, int]) -> dict[str, str]:
    """The side of every listed excerpt, by a name such as ``blues.00029``.  Raises BadDataset."""
    if missing := [name for name in LISTS.values() if not (folder / name).is_file()]:
        raise BadDataset("no_lists", path=folder, lists=", ".join(missing))
    found: dict[str, str] = {}
    for side, file in LISTS.items():
        names = _names(folder / file)
        if len(names) != lengths[side] or found.keys() & set(names) or len(set(names)) < len(names):
            reason = f"it should have {lengths[side]} names that stand in no list twice"
            raise BadDataset("bad_list", path=folder / file, n=len(names), reason=reason)
        found.update(dict.fromkeys(names, side))
    return found


def _names(path: Path) -> list[str]:
    """The names in a list as ``blues.00029``; a line may also say ``blues/blues.00029.wav`` or
    ``blues.00029.au``.
    """
    try:
        lines = path.read_text(encoding="utf-8").split()
    except (OSError, UnicodeDecodeError) as error:
        raise BadDataset("unreadable_dataset", path=path, reason=error) from error
    names = [".".join(line.split("/")[-1].split(".")[:2]) for line in lines]
    for name in names:
        genre, _, number = name.partition(".")
        if genre not in GENRES or not (number.isascii() and number.isdigit()):
            reason = f"{name} is no name like blues.00029"
            raise BadDataset("bad_list", path=path, n=len(names), reason=reason)
    return names
