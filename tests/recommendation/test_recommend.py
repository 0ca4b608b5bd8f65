from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from soundmap.bundle.listener import Listener
from soundmap.catalog.searches import search_of
from soundmap.catalog.table import COLUMNS, Catalog, Space
from soundmap.errors import BadRequest
from soundmap.recommendation.nearest import explain, own_rows, recommend
from soundmap.recommendation.request import Request
from soundmap.types import Analysis, Recommendation, Traits
from soundmap.wording import note_sentence

LABELS = ("Folk", "Rock")
TRAITS = Traits(120, 1500, 0.4, 10, 0.02)
LICENSES = {"permissive": "CC BY", "restricted": "CC BY-NC-ND"}
ROWS = (  # distance of the embedding, artist, genre, license class, upload, audible, tempo
    (0.0, "Self", "Rock", "restricted", 1, 1, 120),
    (0.0, "Twin", "Rock", "restricted", 1, 1, 120),
    (0.4, "Near", "Rock", "restricted", 3, 1, 240),
    (0.5, "near", "Rock", "permissive", 4, 1, 60),
    (0.6, "Again", "Rock", "permissive", 3, 1, 119),
    (0.7, "Mute", "Folk", "permissive", 6, 0, 0),
    (0.8, "Folk", "Folk", "restricted", 7, 1, 90),
    (0.9, "Last", "Rock", "permissive", 8, 1, 90),
)


def catalog(same_sound_distance: float = 0.1) -> Catalog:
    embeddings = np.zeros((len(ROWS), 40), np.float32)
    embeddings[:, 0] = [row[0] + 1 for row in ROWS]
    probabilities = np.array([[0.2, 0.8] if row[2] == "Rock" else [0.9, 0.1] for row in ROWS])
    cells = [
        (
            *(i, f"Title {i}", artist, genre, genre, LICENSES[license_class], license_class),
            *("", upload, audible),
            *(tempo, 500 * i, 0.1 * i, 2 * i, 0.01 * i),
        )
        for i, (_, artist, genre, license_class, upload, audible, tempo) in enumerate(ROWS)
    ]
    columns = zip(*(map(str, row) for row in cells), strict=True)
    return Catalog(
        embeddings,
        probabilities.astype(np.float32),
        dict(zip(COLUMNS, columns, strict=True)),
        Space("test-1", same_sound_distance),
    )


def analysis(**changes: object) -> Analysis:
    embedding = np.zeros(40, np.float32)
    embedding[0] = 1
    base = Analysis(
        bundle_id="test-1",
        clip_sha256="",
        seconds=30,
        labels=LABELS,
        probabilities=np.array([0.3, 0.7], np.float32),
        embedding=embedding,
        traits=TRAITS,
        sure=True,
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def ask(**wanted: object) -> Recommendation:
    request = Request(**wanted)  # type: ignore[arg-type]
    return recommend(analysis(), catalog(), request)


def ids(answer: Recommendation) -> list[int]:
    return [pick.track.track_id for pick in answer.picks]


def test_no_self_no_twin_no_artist_twice_no_recording_twice_no_silence() -> None:
    answer = ask(count=4)
    assert ids(answer) == [2, 6, 7]
    assert [pick.rank for pick in answer.picks] == [1, 2, 3]
    assert [pick.distance for pick in answer.picks] == pytest.approx([0.4, 0.8, 0.9])
    assert answer.notes[0].code == "fewer_picks"


def test_the_own_track_can_be_kept() -> None:
    assert ids(ask(count=2, include_self=True)) == [0, 2]


def test_filters() -> None:
    assert ids(ask(license="permissive")) == [3, 4, 7]
    assert ids(ask(genre="folk")) == [6]


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (
            {"genre": "Folk", "license": "permissive"},
            "genre Folk and license permissive (CC0, public domain, CC BY)",
        ),
        ({"genre": "Jazz"}, None),
    ],
)
def test_an_emptied_list_says_which_filter_did_it(wanted: dict[str, str], said: str | None) -> None:
    if said is None:
        with pytest.raises(BadRequest, match=r"no genre Jazz\. Choose one of Folk, Rock"):
            ask(**wanted)
    else:
        answer = ask(**wanted)
        assert answer.picks == ()
        sentences = [note_sentence(note) for note in answer.notes]
        assert sentences == [f"Nothing is left that passes: {said}."]


@pytest.mark.parametrize("wanted", [{"count": 0}, {"count": 101}, {"license": "mine"}])
def test_impossible_wishes_are_refused(wanted: dict[str, object]) -> None:
    with pytest.raises(BadRequest):
        ask(**wanted)


def test_looks_past_a_prolific_artist() -> None:
    n = 300
    embeddings = np.zeros((n, 40), np.float32)
    embeddings[:, 0] = np.arange(n)
    cells = [
        (
            *(i, "T", "Prolific" if i < n - 1 else "Other", "Rock", "Rock", "CC0", "permissive"),
            *("", i, 1, 100, 1000, 0.5, 9, 0.1),
        )
        for i in range(n)
    ]
    columns = dict(zip(COLUMNS, zip(*(map(str, row) for row in cells), strict=True), strict=True))
    large = Catalog(embeddings, np.full((n, 2), 0.5, np.float32), columns)
    answer = recommend(analysis(), large, Request(count=2))
    assert ids(answer)[1] == n - 1


def test_a_track_without_a_page_has_a_search_that_finds_it() -> None:
    track = catalog().track(0)
    assert track.url == track.search_url == search_of("Self", "Title 0")
    assert track.url_kind == "search"
    paged = replace(track, page_url="https://example.org/a")
    assert (paged.url, paged.url_kind) == ("https://example.org/a", "page")
    assert replace(track, search_url="").url_kind == ""


def test_roaming_goes_further_and_shortens_no_list(listener: Listener) -> None:
    rows = listener.catalog
    seed = listener.manifest.analysis_of(rows, 100)
    lists = {
        roam: recommend(seed, rows, Request(roam=roam)).picks
        for roam in ("closer", "wide", "wider")
    }
    last = [lists[roam][-1].distance for roam in ("closer", "wide", "wider")]
    assert last == sorted(last) and last[0] < last[1] < last[2]
    for picks in lists.values():
        assert len({pick.track.artist.casefold() for pick in picks}) == 5
        assert [pick.distance for pick in picks] == sorted(pick.distance for pick in picks)


def test_a_short_rest_is_given_whole_however_far_one_roams() -> None:
    near = recommend(analysis(), catalog(), Request(count=10)).picks
    wide = recommend(analysis(), catalog(), Request(count=10, roam="wider")).picks
    assert {pick.track.track_id for pick in wide} == {pick.track.track_id for pick in near}


def test_what_is_excluded_does_not_come_back_in_any_spelling_or_upload() -> None:
    request = Request(count=10, excluded_artists=("NEAR",), excluded_tracks=(7,))
    artists = [pick.track.artist for pick in recommend(analysis(), catalog(), request).picks]
    assert artists == ["Again", "Folk"]
    twice = Request(count=10, excluded_tracks=(2,))  # its other upload is track 4
    artists = [pick.track.artist for pick in recommend(analysis(), catalog(), twice).picks]
    assert "Again" not in artists and "near" in artists


def test_a_list_is_explained_as_it_was_given(listener: Listener) -> None:
    rows = listener.catalog
    seed = listener.manifest.analysis_of(rows, 7)
    picks = recommend(seed, rows, Request()).picks
    assert explain(seed, rows, [pick.track.track_id for pick in picks]) == picks
    with pytest.raises(KeyError):
        explain(seed, rows, [-1])


def test_a_tracks_own_analysis_finds_itself_among_its_own(listener: Listener) -> None:
    rows = listener.catalog
    seed = listener.manifest.analysis_of(rows, 7)
    assert own_rows(seed, rows)[7]
