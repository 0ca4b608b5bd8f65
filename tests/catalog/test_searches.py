"""A search is made of the words that find a track, whatever it is called."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soundmap.bundle.listener import Listener
from soundmap.catalog.searches import MOST_LETTERS, SEARCH_URL, search_of


def words(artist: str, title: str) -> str:
    """What is searched for, as the archive reads it; empty if there is no search."""
    found = search_of(artist, title)
    return parse_qs(urlsplit(found).query)["quicksearch"][0] if found else ""


@pytest.mark.parametrize(
    ("artist", "title", "searched"),
    [
        ("Ann", "One", "Ann One"),
        ("Ann", "Ann - One", "Ann One"),
        ("ANN", "One by Ann", "One by Ann"),
        ("Talk Talk", "Talk Talk", "Talk Talk"),
        ("Ann", "One Instrumental {Ann, Bob & Cy}", "Ann One Instrumental"),
        ("Ann", "One {Bob", "Ann One"),
        ("Ann", "…", "Ann"),
        ("Ann", "...", "Ann"),
        ("???", "^!^", ""),
        ("", "", ""),
        ("Ann", "One...Two", "Ann One Two"),
        ("Ann", "One (feat. Bob & Cy)", "Ann One"),
        ("Ann", "One [Featuring Bob] (Live)", "Ann One Live"),
        ("Ann ft. Bob", "One", "Ann One"),
        ("Ann", "One (Edit) feat. Bob", "Ann One Edit"),
        ("Ann", "One ft Bob - Two", "Ann One Two"),
        ("Ann", "One (prod. by Bob)", "Ann One"),
        ("Ann", "One（feat. Bob）", "Ann One"),
        ("봄날", "노래【feat. Bob】", "봄날 노래"),
        ("Ann", "One 「Two」", "Ann One Two"),
        ("Ann", "One (CC BY-NC-SA 3.0)", "Ann One"),
        ("Ann", "One [Creative Commons]", "Ann One"),
        ("Ann", "One (by-nc-nd 3.0)", "Ann One"),
        ("Ann", "One (licensed under a CC BY 4.0 license) (Live)", "Ann One Live"),
        ("Ann", "One - CC BY-SA 3.0", "Ann One"),
        ("Ann", "One (public domain)", "Ann One"),
        ("Ann", "One (https://creativecommons.org/licenses/by/3.0/)", "Ann One"),
        ("Ann", "One (cc-by) feat. Bob", "Ann One"),
        ("Ann", "One http://creativecommons.org/licenses/by/3.0/ Two", "Ann One Two"),
        ("Ann", "One (Attribution 4.0 International license)", "Ann One"),
        ("CC Band", "Public Domain (CC Remix)", "CC Band Public Domain CC Remix"),
        ("Zero", "By No Works (New Zealand)", "Zero By No Works New Zealand"),
        ("Ann", "CC BY 4.0", "Ann CC BY 4.0"),
        ("Ann", "Ft. Lauderdale", "Ann Ft Lauderdale"),
        ("Ann", "One.mp3", "Ann One"),
        ("AC/DC & friends", "50 % off?", "AC/DC friends 50 off"),
        ("R&B", "Rock'n'roll don’t", "R&B Rock'n'roll don’t"),
        ("U.S. Girls", "-x -y", "U.S Girls x y"),
        ("हिन्दी", "संगीत", "हिन्दी संगीत"),
        ("봄날", "노래 (라이브)", "봄날 노래 라이브"),
        ("a\x00b\u202e", "c\r\nSet-Cookie: d\udc80", "a b c Set-Cookie d"),
        ("<script>", "&quicksearch=other#x", "script quicksearch other x"),
    ],
)
def test_it_searches_for_the_words(artist: str, title: str, searched: str) -> None:
    assert words(artist, title) == searched


@given(st.text(max_size=200), st.text(max_size=200))
def test_no_text_makes_a_search_that_finds_nothing(artist: str, title: str) -> None:
    found = search_of(artist, title)
    assert not found or found.startswith(SEARCH_URL)
    assert len(found) <= len(SEARCH_URL) + MOST_LETTERS
    assert found.isascii() and not set(found) & set(" <>\"'()[]{}\\\n\r\t")
    said = words(artist, title)
    assert said == " ".join(said.split()) and said.isprintable()
    for word in said.split():
        assert any(letter.isalnum() for letter in word) or not word.isascii()


@given(st.sampled_from(["Ann", "봄날", "AC/DC"]), st.text("abc …{}()-", max_size=30))
def test_the_artist_is_named_once(artist: str, title: str) -> None:
    for called in (title, f"{artist} - {title}", f"{title} {{{artist}}}"):
        assert words(artist, called).split().count(artist) == 1


def test_every_track_of_the_archive_is_searched_for(listener: Listener) -> None:
    columns = listener.catalog.columns
    for artist, title in zip(columns["artist"], columns["title"], strict=True):
        said = words(artist, title)
        assert said and "{" not in said and "…" not in said, (artist, title)
