"""Lists of one song, made by different looks at it."""

from __future__ import annotations

from pathlib import Path

import pytest

from soundmap.audio.windows import DEFAULT_WINDOWS
from soundmap.bundle.listener import Listener
from soundmap.errors import BadDataset
from soundmap.lab.evaluation.looks import WAYS, another_part, measure_looks
from tests.helpers.cli import answer
from tests.helpers.sounds import music, write


def song(path: Path, seconds: int = 70) -> Path:
    return write(path, music(seconds, 44_100, seed=1), 44_100)


def test_two_looks_at_a_sound_that_never_changes_agree(tmp_path: Path) -> None:
    found = another_part(Listener(), [song(tmp_path / "a.wav")])
    assert found["songs"] == 1
    assert found["keeps_genre"] == 1
    assert found["picks_shared"] >= 5


def test_short_sounds_and_what_is_none_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("no sound")
    files = [song(tmp_path / "a.wav", 20), tmp_path / "letter.txt"]
    assert another_part(Listener(), files)["songs"] == 0
    with pytest.raises(BadDataset, match="no songs of a minute"):
        measure_looks(Listener(), tmp_path)


def test_the_table_has_a_row_for_every_way(tmp_path: Path) -> None:
    song(tmp_path / "a.wav")
    found = answer("evaluate", "--songs", tmp_path)
    assert [row["way"] for row in found["ways"]] == [way.name for way in WAYS]
    assert all(0 <= row["picks_shared"] <= 10 and 0 <= row["apart"] <= 1 for row in found["ways"])
    assert [row["windows"] for row in found["processor"]] == [1, 2, 3, 5, DEFAULT_WINDOWS]
    assert all(row["ms"] > 0 for row in found["processor"])
