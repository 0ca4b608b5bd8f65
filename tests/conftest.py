from __future__ import annotations

import csv
from pathlib import Path

import pytest

from soundmap.audio.demo import write_demo
from soundmap.bundle.listener import Listener

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def listener() -> Listener:
    """The shipped bundle."""
    return Listener()


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("demo") / "demo.wav"
    write_demo(path)
    return path


@pytest.fixture(scope="session")
def clips() -> dict[int, Path]:
    """Real clips by track id."""
    folder = SHARED / "clips"
    if not (folder / "clips.csv").exists():
        pytest.skip("no shared clips beside this checkout: nothing real to listen to")
    with (folder / "clips.csv").open(encoding="utf-8") as file:
        ids = [int(row["track_id"]) for row in csv.DictReader(file)]
    return {track_id: folder / f"{track_id:06d}.mp3" for track_id in ids}


@pytest.fixture(scope="session")
def data() -> Path:
    """The real data set."""
    if not (SHARED / "data" / "tracks.csv").exists():
        pytest.skip("no shared data set beside this checkout: nothing real to score")
    return SHARED / "data"
