"""What passes a list's filters, and which of them emptied it."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from soundmap.bundle.listener import Listener
from soundmap.catalog.licenses import LICENSES, license_of, passes
from soundmap.catalog.strong import is_strong
from soundmap.errors import BadRequest
from soundmap.recommendation.filters import Filter, emptied_by, filters_of, passing_all
from soundmap.recommendation.nearest import recommend
from soundmap.recommendation.request import Request, tempo_in
from soundmap.types import Track
from soundmap.wording import note_sentence

MASKS = st.lists(st.lists(st.booleans(), min_size=4, max_size=4), min_size=1, max_size=5)
HOLDS = {
    "page": lambda track: track.url_kind == "page",
    "clean": lambda track: not is_strong(track.title) and not is_strong(track.artist),
    "instrumental": lambda track: (
        "instrumental" in " ".join((*track.subgenres, track.genre, track.title)).casefold()
    ),
}


def found(listener: Listener, **wanted: object) -> list[Track]:
    asked = listener.manifest.analysis_of(listener.catalog, 100)
    request = Request(count=100, roam="wide", **wanted)  # type: ignore[arg-type]
    return [pick.track for pick in recommend(asked, listener.catalog, request)]


@pytest.mark.parametrize("name", HOLDS)
def test_a_filter_holds_for_every_pick(listener: Listener, name: str) -> None:
    assert all(map(HOLDS[name], found(listener, **{name: True})))
    assert not all(map(HOLDS[name], map(listener.catalog.track, range(len(listener.catalog)))))


@pytest.mark.parametrize("wish", LICENSES)
def test_a_license_asked_for_is_had(listener: Listener, wish: str) -> None:
    tracks = found(listener, license=wish)
    assert tracks and all(passes(license_of(it.license), wish) for it in tracks)


def test_tempo_is_within_the_range(listener: Listener) -> None:
    tracks = found(listener, tempo_bpm=(90.0, 100.0))
    assert tracks and all(90 <= track.traits.tempo_bpm <= 100 for track in tracks)


@pytest.mark.parametrize(
    ("text", "bpm"),
    [
        ("90-110", (90, 110)),
        ("110 – 90 BPM", (90, 110)),
        ("120-", (120, 999)),
        ("120+", (120, 999)),
        ("-90", (0, 90)),
        ("100", (96, 104)),
        ("90 to 95", (90, 95)),
    ],
)
def test_a_tempo_may_be_written_in_ways(text: str, bpm: tuple[float, float]) -> None:
    assert tempo_in(text) == bpm


@pytest.mark.parametrize("text", ["", "-", "fast", "1e9", "90-110-120", "90 110", "\x00", "9999"])
def test_what_is_no_tempo_is_refused(text: str) -> None:
    with pytest.raises(BadRequest, match="write a range of BPM"):
        tempo_in(text)


@pytest.mark.parametrize("tempo", [(1.0,), (2.0, 1.0), (-1.0, 5.0)])
def test_an_impossible_range_is_refused(tempo: tuple[float, ...]) -> None:
    with pytest.raises(BadRequest):
        Request(tempo_bpm=tempo).checked(("Folk",))


@given(MASKS)
def test_the_blamed_filters_suffice_and_none_could_be_spared(rows: list[list[bool]]) -> None:
    base = Filter("base", np.array([True, True, False, False]), is_asked=False)
    filters = [base, *(Filter(str(at), np.array(row)) for at, row in enumerate(rows))]
    if passing_all(filters).any():
        return
    blamed = emptied_by(filters)
    assert base not in blamed and not passing_all([base, *blamed]).any()
    for fewer in combinations(blamed, len(blamed) - 1):
        assert passing_all([base, *fewer]).any()


def test_what_holds_for_every_list_is_blamed_if_it_alone_leaves_nothing() -> None:
    nothing, all_ = np.zeros(3, np.bool_), np.ones(3, np.bool_)
    silent = Filter("heard", nothing, is_asked=False)
    filters = [Filter("apart", all_, is_asked=False), silent, Filter("page", nothing)]
    assert emptied_by(filters) == (silent,)


def test_an_empty_list_names_what_emptied_it_alone(listener: Listener) -> None:
    catalog = listener.catalog
    asked = listener.manifest.analysis_of(catalog, 100)

    def said(language: str = "en", **wanted: object) -> str:
        answer = recommend(asked, catalog, Request(**wanted))  # type: ignore[arg-type]
        assert answer.picks == ()
        return note_sentence(answer.notes[0], language)

    slow: dict[str, Any] = {}
    slow |= {"tempo_bpm": (1.0, 2.0), "genre": "Rock", "clean": True, "license": "by-sa+"}
    assert said(**slow) == "Nothing is left that passes: 1 to 2 BPM."
    assert said("ko", **slow).endswith("조건에 모두 맞는 곡이 없습니다: 1–2 BPM.")
    assert said(tempo_bpm=(300.0, 999.0)) == "Nothing is left that passes: 300 BPM or more."
    assert said(tempo_bpm=(0.0, 20.0)) == "Nothing is left that passes: 20 BPM or less."
    everything = tuple(int(number) for number in catalog.track_ids)
    assert said(excluded_tracks=everything).endswith(": not shown before.")
    names = tuple(set(catalog.columns["artist"]))
    assert said(excluded_artists=names, page=True).endswith(": by no hidden artist.")


def test_filters_are_named_as_people_know_them(listener: Listener) -> None:
    request = Request(license="by-sa+", page=True, clean=True, instrumental=True)
    kinds = [it.kind for it in filters_of(listener.catalog, replace(request, tempo_bpm=(1.0, 2.0)))]
    assert kinds == ["heard", "license", "page", "clean", "instrumental", "tempo"]
    answer = recommend(
        listener.manifest.analysis_of(listener.catalog, 100),
        listener.catalog,
        replace(request, count=100, tempo_bpm=(40.0, 200.0)),
    )
    sentence = note_sentence(answer.notes[0])
    assert "license CC BY-SA or wider and a known page and no strong language" in sentence
    assert "라이선스 CC BY-SA 이상, 페이지가 알려진 곡" in note_sentence(answer.notes[0], "ko")
