"""The whole path: on sounds made for it, and on real music where there is some."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from soundmap.audio.decode import decode
from soundmap.bundle.listener import Listener
from soundmap.cli.show import recommendation_json
from soundmap.features.traits import tempo_bpm
from soundmap.lab.datasets.arrays import read_table
from soundmap.recommendation.request import Request
from tests.helpers.sounds import music, write

TINY = 0.2
"""Largest share of the distance to the next track at which a clip finds itself."""


@pytest.fixture(scope="module")
def sounds(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("sounds")
    made = [write(folder / f"{seed}.wav", music(5, seed=seed), 44_100) for seed in range(3)]
    return [demo, *made]


def test_every_sound_has_five_picks_by_five_artists(listener: Listener, sounds: list[Path]) -> None:
    for path in sounds:
        answer = recommendation_json(listener.recommend(path, Request()))
        probabilities = [row["probability"] for row in answer["genres"]]
        assert len(probabilities) == 8
        assert abs(sum(probabilities) - 1) < 1e-5
        assert probabilities == sorted(probabilities, reverse=True)
        picks = answer["picks"]
        assert len({pick["artist"] for pick in picks}) == len(picks) == 5
        assert all(1 <= len(pick["reasons"]) <= 3 for pick in picks)


def test_no_clip_is_its_own_neighbor(listener: Listener, clips: dict[int, Path]) -> None:
    for track_id, path in clips.items():
        picks = listener.recommend(path, Request()).picks
        assert track_id not in {pick.track.track_id for pick in picks}


def test_every_clip_finds_itself_first(listener: Listener, clips: dict[int, Path]) -> None:
    for track_id, path in clips.items():
        answer = listener.recommend(path, Request(count=2, include_self=True))
        own, second = answer.picks
        assert own.track.track_id == track_id
        assert own.distance < TINY * second.distance
        assert own.distance < listener.manifest.same_sound_distance


def test_permissive_means_permissive(listener: Listener, sounds: list[Path]) -> None:
    for path in sounds:
        answer = listener.recommend(path, Request(count=8, license="permissive"))
        assert len(answer.picks) == 8
        for pick in answer.picks:
            assert pick.track.license_class == "permissive"
            assert pick.track.license.startswith(("CC BY", "CC0", "Public Domain"))
            assert "NC" not in pick.track.license and "ND" not in pick.track.license


def test_tempos_are_those_of_the_table(clips: dict[int, Path], data: Path) -> None:
    table = {int(row["track_id"]): row for row in read_table(data / "tracks.csv")}
    ratios = np.array(
        [tempo_bpm(decode(path)) / float(table[i]["tempo_bpm"]) for i, path in clips.items()]
    )
    assert (np.abs(ratios - 1) < 0.04).mean() > 0.9
