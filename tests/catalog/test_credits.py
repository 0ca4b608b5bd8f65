"""A line of credit says title, artist, source and license, and admits what is not known."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soundmap.catalog.licenses import license_of
from soundmap.types import Pick, Track, Traits
from soundmap.wording import note_sentence
from soundmap.wording.credits import credit_line, license_notes, link_word

PAGE = "https://freemusicarchive.org/music/a/b"
TRAITS = Traits(120, 1_500, 0.4, 10, 0.02)


def track(license_: str, page: str = PAGE, title: str = "One", artist: str = "Ann") -> Track:
    found, named = license_of(license_), (7, title, artist, "Rock", ())
    return Track(*named, found.name, "", page, TRAITS, license_url=found.url)


@pytest.mark.parametrize(
    ("license_", "said"),
    [
        (
            "CC BY-SA 3.0 Germany",
            "is licensed under CC BY-SA 3.0 Germany"
            " (https://creativecommons.org/licenses/by-sa/3.0/de/).",
        ),
        (
            "CC BY",
            "is licensed under CC BY, version not stated"
            " (https://creativecommons.org/licenses/by/4.0/ is the latest).",
        ),
        (
            "CC0",
            "is in the public domain: CC0 1.0 (https://creativecommons.org/publicdomain/zero/1.0/).",
        ),
        ("", "License not known."),
        ("All rights reserved", "License: All rights reserved."),
    ],
)
def test_it_has_title_artist_source_and_license(license_: str, said: str) -> None:
    line = credit_line(track(license_))
    joint = "." if "icense" in said[:8] else ""
    assert line == f"“One” by Ann ({PAGE}){joint} {said}"
    spoken = credit_line(track(license_), "ko")
    assert spoken.startswith(f"Ann의 “One” ({PAGE})") and license_of(license_).url in spoken


def test_a_search_is_no_source() -> None:
    found = replace(track("CC BY 4.0", page=""), search_url="https://example.org/?q=One")
    assert "(page not known; search: https://example.org/?q=One)" in credit_line(found)
    assert (link_word(found.url_kind), link_word("search", "ko")) == ("search", "검색")
    assert (link_word(track("").url_kind), link_word("page", "ko")) == ("page", "페이지")
    assert credit_line(track("CC BY 4.0", page="")).startswith("“One” by Ann is licensed")
    assert track("", page="").url_kind == ""


@given(st.text(max_size=60), st.text(max_size=60), st.sampled_from(["en", "ko"]))
def test_it_is_one_line_whatever_it_credits(title: str, artist: str, language: str) -> None:
    line = credit_line(track("CC BY 4.0", title=title, artist=artist), language)
    assert len(line.splitlines()) == 1 and line == " ".join(line.split())
    assert "{" not in line or "{" in title + artist
    assert line.count("https://") >= 2


def test_whose_license_is_not_known_is_said_once() -> None:
    tracks = (track("CC BY"), track(""), replace(track(""), file="a.wav"), track(""))
    picks = [Pick(rank, it, 1.0, ()) for rank, it in enumerate(tracks, start=1)]
    said = [note_sentence(note) for note in license_notes(picks)]
    assert [text.split(". ")[0] for text in said] == [
        "License not known: 2, 4",
        "No license is stated: 3",
    ]
    assert license_notes(picks[:1]) == () == license_notes(())
