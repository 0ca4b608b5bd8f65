"""The link that adds the bot to a server asks for what it needs, and for nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.discord.invite import PERMISSIONS
from bot.wording import say
from tests.helpers.waiting import until
from tests.house.source import ROOT
from tests.loopback.discord.flags import (
    ADD_REACTIONS,
    ATTACH,
    EMBED,
    HISTORY,
    MANAGE_CHANNELS,
    SEND,
    SEND_IN_THREADS,
    USE_COMMANDS,
    VIEW,
)
from tests.scenarios.discord.seen import picks
from tests.scenarios.discord.world import World, file

NEEDED = VIEW | SEND | SEND_IN_THREADS | EMBED | ATTACH | ADD_REACTIONS | HISTORY


@pytest.fixture(scope="module")
def discord(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with World(tmp_path_factory.mktemp("world")) as made:
        made.do("config", rate_limits=False)
        made.start()
        yield made


@pytest.fixture(scope="module")
def link(discord: World) -> str:
    done = discord.run("invite")
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_the_command_prints_a_link_of_this_application(discord: World, link: str) -> None:
    address = urlsplit(link)
    asked = parse_qs(address.query)
    assert f"{address.scheme}://{address.netloc}{address.path}".startswith("https://discord.com/")
    assert asked["client_id"] == [discord.state()["app_id"]]
    assert asked["scope"] == ["bot applications.commands"]
    assert asked["permissions"] == [str(NEEDED)]


def test_the_log_and_about_have_the_same_link(discord: World, link: str) -> None:
    assert link in discord.log()
    for locale in ("en-US", "ko"):
        text = discord.slash("about", locale=locale)["shown"]["embeds"][0]["description"]
        assert f"({link})" in text.splitlines()[-1]


def test_the_page_on_discord_names_the_same_permissions() -> None:
    text = " ".join((ROOT / "docs" / "discord.md").read_text(encoding="utf-8").split())
    listed = re.search(r"permissions \*([^*]+)\*", text)
    assert listed
    wanted = {say(f"may_{name}") for name in PERMISSIONS}
    assert {name.replace("Channels", "Channel") for name in listed[1].split(", ")} == wanted


def test_with_these_permissions_everything_works(discord: World, link: str, demo: Path) -> None:
    allow = int(parse_qs(urlsplit(link).query)["permissions"][0])
    discord.do("thread", name="release", parent="music", user="bob")
    discord.do("permissions", allow=allow | USE_COMMANDS | MANAGE_CHANNELS)  # the latter for people
    for channel in ("music", "release"):
        told = str(discord.slash("listen on", channel=channel)["shown"]["content"])
        assert "every audio file" in told and "permissions" not in told
        posted = discord.do("message", files=[file(demo)], channel=channel, user="bob")
        shown = until(lambda p=posted: discord.replies_to(p["id"]), 30)[0]  # type: ignore[misc]
        assert picks(shown) and shown["files"]
        until(lambda it=shown: discord.message(it["id"])["reactions"], 20)  # type: ignore[misc]
    assert discord.see("problems") == []


@pytest.mark.parametrize(
    ("settings", "status", "sentence"),
    [
        ({"DISCORD_TOKEN": ""}, 2, "DISCORD_TOKEN="),
        ({"DISCORD_TOKEN": "of.somebody.else"}, 1, "DISCORD_TOKEN"),
        ({"DISCORD_API": "http://127.0.0.1:1"}, 1, "Discord cannot be asked"),
    ],
    ids=["none", "wrong", "away"],
)
def test_where_there_is_no_link_a_sentence_says_why(
    discord: World, settings: dict[str, str], status: int, sentence: str
) -> None:
    done = discord.run("invite", **settings)
    assert (done.returncode, done.stdout) == (status, "")
    assert sentence in done.stderr and done.stderr.count("\n") == 1
