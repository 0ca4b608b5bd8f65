"""Mixes: several sounds in, one list out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from soundmap.bundle.listener import Listener
from soundmap.errors import BadRequest, BadSound
from soundmap.mix.find import Mix, find_mix
from soundmap.paths.find import End
from soundmap.recommendation.request import Request
from soundmap.wording import note_sentence


def end(listener: Listener, row: int) -> End:
    catalog = listener.catalog
    return End(listener.manifest.analysis_of(catalog, row), catalog.track(row))


def draws(listener: Listener, size: int, n: int = 4) -> list[list[End]]:
    """Some groups of random tracks."""
    audible = np.flatnonzero(listener.catalog.audible)
    rng = np.random.default_rng(11)
    return [
        [end(listener, int(row)) for row in rng.choice(audible, size, replace=False)]
        for _ in range(n)
    ]


def ids(mix: Mix) -> list[int]:
    return [it.pick.track.track_id for it in mix]


def test_one_sound_gives_the_list_of_recommend(listener: Listener) -> None:
    for (seed,) in draws(listener, 1):
        for wishes in ({}, {"roam": "wide"}, {"metric": "cosine"}, {"license": "permissive"}):
            request = Request(count=20, **wishes)  # type: ignore[arg-type]
            found = find_mix([seed], [], listener.catalog, request, same_artists=True)
            plain = listener.recommend(seed.analysis, request)
            assert [it.pick for it in found] == list(plain.picks)


def test_each_pick_is_told_by_the_seed_it_is_nearest_to(listener: Listener) -> None:
    catalog = listener.catalog
    for seeds in draws(listener, 5):
        found = find_mix(seeds, [], catalog, Request(count=20))
        assert len(found.picks) == 20
        assert [it.pick.rank for it in found] == list(range(1, 21))
        for it in found:
            row = catalog.row_of(it.pick.track.track_id)
            points = np.stack([seed.analysis.embedding for seed in seeds]).astype(np.float64)
            distances = np.linalg.norm(points - catalog.points.values[row], axis=1)
            assert it.seed == distances.argmin()
            assert it.pick.distance == pytest.approx(distances.min())


def test_a_sound_that_cannot_be_heard_is_told_and_the_others_stay(
    listener: Listener, demo: Path, tmp_path: Path
) -> None:
    empty = tmp_path / "empty.mp3"
    empty.touch()
    found = listener.mix([empty, demo, "no such track", "141"], without=[str(empty), "2"])
    assert [seed.track and seed.track.track_id for seed in found.seeds] == [None, 141]
    assert [seed.track and seed.track.track_id for seed in found.without] == [2]
    assert len(found.picks) == 5
    said = [note_sentence(note) for note in found.notes]
    assert said[0] == f"{empty} is left out: The file is empty."
    assert said[1].startswith("no such track is left out: There is no file and no track")
    assert len(said) == 3
    assert "빈 파일입니다." in note_sentence(found.notes[0], "ko")


def test_where_no_seed_can_be_heard_there_is_one_error(listener: Listener, tmp_path: Path) -> None:
    with pytest.raises(BadRequest) as nothing:
        listener.mix([])
    assert nothing.value.code == "mix_asks"
    with pytest.raises(BadSound) as one:
        listener.mix([tmp_path / "none.mp3"])
    assert one.value.code == "missing_file"
    with pytest.raises(BadSound) as several:
        listener.mix([tmp_path / "none.mp3", "no such track"], without=["2"])
    assert several.value.code == "none_heard"
    assert "there is no file" in str(several.value).casefold()
