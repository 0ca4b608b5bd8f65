"""What people filter by, what a server leaves out, and credit where it is due."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from soundmap.bundle.listener import Listener
from soundmap.catalog.strong import is_strong
from soundmap.playlists.reading import read_playlist
from tests.scenarios.discord.corner import corner_of
from tests.scenarios.discord.seen import labels, list_id, picks
from tests.scenarios.discord.test_ways_in import recommend, refusal
from tests.scenarios.discord.world import Json, World, file, unhurried

MANAGE_SERVER = 1 << 5


@pytest.fixture(scope="module")
def discord(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with unhurried(tmp_path_factory.mktemp("world")) as made:
        yield made


@pytest.fixture(scope="module")
def corner(listener: Listener) -> Json:
    return corner_of(listener)


def strong_in(shown: Json) -> list[str]:
    """The picks of an answer that have strong language in them."""
    return [pick.title for pick in picks(shown) if is_strong(f"{pick.title} {pick.artist}")]


def test_a_page_is_a_page_and_a_search_says_so(discord: World, demo: Path) -> None:
    paged = picks(recommend(discord, demo, page=True, count=10))
    assert len(paged) == 10 and {pick.kind for pick in paged} == {"page"}
    assert all("/search" not in pick.url for pick in paged)
    some = picks(recommend(discord, demo, count=10))
    assert {pick.kind for pick in some} <= {"page", "search"}
    for pick in some:
        assert (pick.kind == "search") == ("/search?quicksearch=" in pick.url)


def test_an_unknown_license_is_said_once_below_the_list(discord: World, demo: Path) -> None:
    shown = recommend(discord, demo, count=10)
    text = shown["embeds"][-1]["description"]
    unknown = ", ".join(str(pick.rank) for pick in picks(shown) if not pick.license)
    assert text.count("not known") == bool(unknown)
    assert not unknown or f"License not known: {unknown}." in text
    known = recommend(discord, demo, count=10, license="known")["embeds"][-1]["description"]
    assert "not known" not in known


@pytest.mark.parametrize(
    ("wish", "holds"),
    [("by-sa", r"CC BY-SA"), ("by-sa+", r"CC BY(-SA)?\b(?!-)|CC0|Public"), ("cc0", r"CC0|Public")],
)
def test_a_license_is_had_exactly_or_wider(
    discord: World, demo: Path, wish: str, holds: str
) -> None:
    found = picks(recommend(discord, demo, license=wish, count=5))
    assert len(found) == 5 and all(re.match(holds, pick.license) for pick in found)


def test_an_empty_list_names_its_filter_and_a_bad_one_is_refused(
    discord: World, demo: Path
) -> None:
    options = {"tempo": "1-2", "clean": True, "genre": "Rock"}
    shown = recommend(discord, demo, **options)
    assert "Nothing is left that passes: 1 to 2 BPM." in shown["embeds"][-1]["description"]
    from_file = {"file": {"path": str(demo), "filename": "demo.wav"}}
    bad = discord.slash("recommend", options={**from_file, "tempo": "fast @everyone"})
    assert "write a range of BPM" in refusal(bad)
    assert len(picks(recommend(discord, demo, instrumental=True, tempo="60-"))) == 5


def test_credits_are_one_tap_away_and_one_command(discord: World, demo: Path) -> None:
    shown = recommend(discord, demo, license="by", page=True)
    assert "Credits" in labels(shown)
    credit = discord.press(shown, custom_id=f"sm:credits:{list_id(shown)}", user="bob")["shown"]
    assert credit["ephemeral_to"]
    blocks = credit["embeds"][0]["description"].split("```")[1::2]
    for pick, block in zip(picks(shown), blocks, strict=True):
        assert pick.url in block and "https://creativecommons.org/licenses/by/" in block
        assert block.strip().startswith("“")
    one = discord.slash("credit", options={"number": 2})["shown"]
    assert one["ephemeral_to"] and one["embeds"][0]["description"].split("```")[1] == blocks[1]
    korean = discord.slash("credit", options={"number": 2}, locale="ko")["shown"]
    assert "라이선스" in korean["embeds"][0]["description"]
    assert "no number 9" in refusal(discord.slash("credit", options={"number": 9}))
    assert "not heard anything" in refusal(discord.slash("credit", user="carol"))


def test_a_list_is_one_tap_away_as_a_file_for_a_player(
    discord: World, demo: Path, tmp_path: Path
) -> None:
    shown = recommend(discord, demo)
    assert "Playlist" in labels(shown)
    for locale, said in (
        ("en-US", "not files to play: 5 of 5."),
        ("ko", "브라우저로 열 웹 페이지"),
    ):
        button = f"sm:file:{list_id(shown)}"
        told = discord.press(shown, custom_id=button, user="bob", locale=locale)["shown"]
        assert told["ephemeral_to"] and said in told["content"]
        (file,) = told["files"]
        assert file["filename"] == "soundmap-list.m3u8"
        (tmp_path / "list.m3u8").write_bytes(discord.content(file))
        entries = read_playlist(tmp_path / "list.m3u8").entries
        assert all(entry.is_page for entry in entries)
        assert [entry.location for entry in entries] == [pick.url for pick in picks(shown)]


def test_a_path_is_one_tap_away_as_a_file_for_a_player(discord: World, tmp_path: Path) -> None:
    shown = discord.slash("path", options={"from": "#2", "to": "#141", "count": 10})["shown"]
    button = next(it["custom_id"] for it in shown["components"] if it["label"] == "Playlist")
    told = discord.press(shown, custom_id=button, user="bob")["shown"]
    assert told["ephemeral_to"] and "not files to play: 10 of 10." in told["content"]
    (tmp_path / "list.m3u8").write_bytes(discord.content(told["files"][0]))
    found = [entry.location for entry in read_playlist(tmp_path / "list.m3u8").entries]
    assert len(found) == 10 and all(it in shown["embeds"][0]["description"] for it in found)


def test_a_path_has_credits_too_also_after_a_restart(discord: World) -> None:
    asked = {"from": "#2", "to": "#141", "count": 10}
    korean = discord.slash("path", options=asked, locale="ko")["shown"]
    assert labels(korean) == ["재생 목록", "출처 표기"]
    shown = discord.slash("path", options=asked)["shown"]
    assert labels(shown) == ["Playlist", "Credits"]
    _, button = (it["custom_id"] for it in shown["components"])
    discord.start()
    credit = discord.press(shown, custom_id=button, user="bob")["shown"]
    assert credit["ephemeral_to"]
    blocks = credit["embeds"][0]["description"].split("```")[1::2]
    for pick, block in zip(picks(shown), blocks, strict=True):
        assert block.strip().startswith("“") and (pick.kind == "search" or pick.url in block)


def test_a_clean_server_is_clean_but_for_its_adults(
    discord: World, demo: Path, corner: Json
) -> None:
    old = recommend(discord, demo, **corner)
    assert strong_in(old) and not strong_in(recommend(discord, demo, clean=True, **corner))
    assert "may manage this server" in refusal(discord.slash("clean on"))
    assert "may have strong language" in discord.slash("clean show")["shown"]["content"]
    usual = discord.do("permissions", allow=None)["allow"]
    discord.do("permissions", allow=usual | MANAGE_SERVER)
    said = discord.slash("clean on")["shown"]
    assert "leave out strong language" in said["content"] and not said["ephemeral_to"]
    korean = discord.slash("clean show", locale="ko")["shown"]["content"]
    assert "거친 말이 있는 곡을 뺍니다. 성인 전용 채널은 예외입니다." in korean

    assert picks(recommend(discord, demo, **corner))
    assert not strong_in(recommend(discord, demo, **corner))
    for button in (f"sm:another:{list_id(old)}", f"sm:more:{list_id(old)}:1"):
        assert not strong_in(discord.press(old, custom_id=button)["shown"])
    typed = {"command": "path", "option": "from", "value": "fucked"}
    assert discord.do("autocomplete", **typed)["choices"] == []

    discord.do("adults", channel="music")
    how: Json = {"options": {"file": file(demo), **corner}, "channel": "music"}
    assert strong_in(discord.slash("recommend", **how)["shown"])
    assert strong_in(discord.slash("map", channel="music")["shown"])
    assert picks(discord.slash("map")["shown"]) and not strong_in(discord.slash("map")["shown"])
    discord.do("adults", channel="music", only=False)
    assert not strong_in(discord.slash("recommend", **how)["shown"])

    discord.slash("clean off")
    assert strong_in(recommend(discord, demo, **corner))
    assert discord.do("autocomplete", **typed)["choices"]
    discord.do("permissions", allow=None)
