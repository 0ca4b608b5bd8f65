"""The map and paths on Discord: what a person sees of them."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from soundmap.bundle.listener import Listener
from tests.helpers.waiting import until
from tests.scenarios.discord.seen import picks, urls, within_limits
from tests.scenarios.discord.world import Json, World, file, world


@pytest.fixture(scope="module")
def discord(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(tmp_path_factory.mktemp("world")) as made:
        yield made


def picture(discord: World, sent: Json) -> Image.Image:
    shown = Image.open(io.BytesIO(discord.content(sent)))
    shown.load()
    assert shown.format == "PNG" and sent["size"] <= 200_000 and sent["description"]
    return shown


def test_a_list_brings_a_map_with_it(discord: World, demo: Path) -> None:
    shown = discord.slash("recommend", options={"file": file(demo)})["shown"]
    heard, listed = shown["embeds"]
    spectrogram, drawn = shown["files"]
    assert heard["image"]["url"] == spectrogram["url"]
    assert listed["image"]["url"] == drawn["url"]
    assert picture(discord, drawn).size == (800, 600)


def test_more_like_brings_a_map_of_its_own(discord: World, demo: Path) -> None:
    shown = discord.slash("recommend", options={"file": file(demo)}, user="mia")["shown"]
    more = discord.press(shown, label="More like #2", user="mia")["shown"]
    (drawn,) = more["files"]
    assert picture(discord, drawn) and more["embeds"][1]["image"]["url"] == drawn["url"]


def test_the_map_shows_the_last_sound_large_with_its_list(discord: World, demo: Path) -> None:
    cold = discord.slash("map", user="nora")["shown"]
    assert cold["ephemeral_to"] and "not heard anything" in cold["content"]
    listed = discord.slash("recommend", options={"file": file(demo)}, user="nora")["shown"]
    shown = discord.slash("map", user="nora")["shown"]
    (drawn,) = shown["files"]
    assert picture(discord, drawn).width == 1_000 and urls(shown) == urls(listed)
    assert discord.press(shown, label="Another five", user="nora")["shown"]["embeds"]


def test_the_map_of_a_given_file_is_its_own(discord: World, demo: Path) -> None:
    shown = discord.slash("map", options={"file": file(demo)}, user="olga")["shown"]
    assert len(picks(shown)) == 5 and picture(discord, shown["files"][0]).width == 1_000


def test_the_map_of_a_taste_is_for_that_person_alone(discord: World, demo: Path) -> None:
    asked = {"taste": True}
    cold = discord.slash("map", options=asked, user="pam")["shown"]
    assert cold["ephemeral_to"] and "do not know what you like" in cold["content"]
    listed = discord.slash("recommend", options={"file": file(demo)}, user="pam")["shown"]
    until(lambda: "👎" in discord.message(listed["id"])["reactions"], 30)
    discord.do("reaction", message=listed["id"], emoji="1️⃣", user="pam", op="add")
    until(lambda: discord.rows("SELECT 1 FROM votes"), 30)
    shown = discord.slash("map", options=asked, user="pam")["shown"]
    assert shown["ephemeral_to"] and picture(discord, shown["files"][0]).width == 1_000


def test_a_path_leads_from_a_file_to_a_track_that_was_chosen_as_it_was_typed(
    discord: World, demo: Path, listener: Listener
) -> None:
    track = listener.catalog.track(1_000)
    typed = f"{track.artist} {track.title}"[:60]
    offered = discord.do("autocomplete", command="path", option="to", value=typed)
    choice = next(it for it in offered["choices"] if it["value"] == f"#{track.track_id}")
    assert track.title[:20] in choice["name"]
    asked = {"from_file": file(demo), "to": choice["value"], "count": 4}
    shown = discord.slash("path", options=asked)["shown"]
    text = shown["embeds"][0]["description"]
    assert [pick.rank for pick in picks(shown)] == [1, 2, 3, 4]
    assert text.startswith("**A** · demo.wav") and "\n\n**B** · " in text
    assert re.search(r"longest of 5 steps is \d\.\d times", shown["embeds"][0]["footer"]["text"])
    assert picture(discord, shown["files"][0]).size == (800, 600) and within_limits(shown)


def test_a_path_of_ten_is_within_what_discord_takes(discord: World) -> None:
    shown = discord.slash("path", options={"from": "2", "to": "#141", "count": 10})["shown"]
    assert len(picks(shown)) == 10 and within_limits(shown)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"from": "2"}, "two ends"),
        ({}, "two ends"),
        ({"from": "2", "to": "no such track at all"}, "no track no such track at all"),
        ({"from": "2", "to": "love"}, "several tracks"),
        ({"from": "2", "to": "#2"}, "same sound"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_is_no_path_is_told_to_who_asked(discord: World, options: Json, said: str) -> None:
    shown = discord.slash("path", options=options, user=f"u{abs(hash(said + str(options)))}")[
        "shown"
    ]
    assert shown["ephemeral_to"] and said in shown["content"]


def test_where_nothing_is_typed_nothing_is_offered(discord: World) -> None:
    for value in ("", " ", "\u200b", "no such track"):
        offered = discord.do("autocomplete", command="path", option="from", value=value)
        assert offered["choices"] == []


def test_in_korean_all_of_it_is_korean(discord: World, demo: Path) -> None:
    cold = discord.slash("map", user="rin", locale="ko")["shown"]
    assert "아직 들은 소리가 없습니다" in cold["content"]
    asked = {"from_file": file(demo), "to": "2", "count": 2}
    shown = discord.slash("path", options=asked, user="rin", locale="ko")["shown"]
    assert "A에서 B까지" in shown["embeds"][0]["title"]
    assert "평균의" in shown["embeds"][0]["footer"]["text"]
