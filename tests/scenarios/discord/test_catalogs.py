"""A server whose lists come from music of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers.sounds import catalog_of
from tests.helpers.waiting import until
from tests.scenarios.discord.seen import labels, list_id, picks
from tests.scenarios.discord.test_ways_in import recommend, refusal
from tests.scenarios.discord.world import Json, World, world

MANAGE_SERVER = 1 << 5


@pytest.fixture(scope="module")
def discord(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("world")
    catalog_of(folder / "music", folder / "catalogs", 12)
    with world(folder, SOUNDMAP_CATALOGS=folder / "catalogs") as made:
        yield made
        assert "Traceback" not in made.log() and str(folder / "music") not in made.log()


def titles(message: Json) -> list[str]:
    """First lines of the picks, which have no address to lead to."""
    parts = message["embeds"][-1]["description"].split("\n\n")
    return [part.split("\n")[0] for part in parts if part.startswith("**")]


def test_a_catalog_is_chosen_and_its_buttons_stay_in_it(discord: World, demo: Path) -> None:
    offered = discord.do("autocomplete", command="recommend", option="catalog", value="")
    assert [it["value"] for it in offered["choices"]] == ["fma", "mine"]
    shown = recommend(discord, demo, catalog="mine")
    picked = shown["embeds"][-1]
    assert picked["title"] == "Sounds like it, in mine"
    assert picked["description"].count("file: song ") == 5
    assert "/" not in picked["description"] and "http" not in picked["description"]
    assert "Another five" in labels(shown)
    for button in (f"sm:another:{list_id(shown)}", f"sm:more:{list_id(shown)}:1"):
        again = discord.press(shown, custom_id=button)["shown"]
        assert again["embeds"][-1]["title"] == "Sounds like it, in mine"
        assert not set(titles(again)) & set(titles(shown))


def test_a_recording_of_a_catalog_is_not_its_own_neighbor(discord: World) -> None:
    for number in (0, 7):
        shown = recommend(discord, discord.folder / "music" / f"song {number}.wav", catalog="mine")
        assert len(titles(shown)) == 5
        assert not any(f"song {number}" in title for title in titles(shown))


def test_a_manager_chooses_for_the_whole_server(discord: World, demo: Path) -> None:
    usual = discord.do("permissions", allow=None)["allow"]
    assert "may manage this server" in refusal(
        discord.slash("catalog use", options={"name": "mine"})
    )
    discord.do("permissions", allow=usual | MANAGE_SERVER)
    unknown = refusal(discord.slash("catalog use", options={"name": "yours"}))
    assert "fma, mine" in unknown
    said = discord.slash("catalog use", options={"name": "mine"})["shown"]
    assert "come from mine" in said["content"] and not said["ephemeral_to"]
    assert "**mine**" in discord.slash("catalog show")["shown"]["content"]
    assert recommend(discord, demo)["embeds"][-1]["title"] == "Sounds like it, in mine"
    assert len(picks(recommend(discord, demo, catalog="fma"))) == 5
    discord.slash("catalog use", options={"name": "fma"})
    assert len(picks(recommend(discord, demo))) == 5
    discord.do("permissions", allow=None)
    until(lambda: discord.rows("SELECT catalog FROM place_catalogs") == [("",)], 5)
