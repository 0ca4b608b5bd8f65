"""Which permissions listening needs is said when it is switched on, and when one is lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers.waiting import free_port, until
from tests.loopback.discord.flags import (
    ADD_REACTIONS,
    ATTACH,
    HISTORY,
    MANAGE_CHANNELS,
    SEND,
    SEND_IN_THREADS,
    VIEW,
)
from tests.scenarios.discord.seen import picks
from tests.scenarios.discord.world import Json, World, file


@pytest.fixture(scope="module")
def discord(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with World(tmp_path_factory.mktemp("world"), SOUNDMAP_HEALTH_PORT=free_port()) as made:
        made.do("config", rate_limits=False)
        made.start()
        made.do("thread", name="release", parent="music", user="bob")
        made.do("thread", name="post", parent="forum", user="bob")
        made.do("thread", name="other post", parent="forum", user="bob")
        yield made
        assert "Traceback" not in made.log()


@pytest.fixture(autouse=True)
def rights(discord: World) -> Iterator[int]:
    """What everybody may do: as usual, and manage channels."""
    usual = int(discord.do("permissions", allow=None)["allow"]) | MANAGE_CHANNELS
    discord.do("permissions", allow=usual)
    yield usual
    discord.do("permissions", allow=usual)
    for name in ("music", "release", "post", "general", "voice", "stage"):
        discord.slash("listen off", channel=name)
    discord.do("permissions", allow=None)


def said(made: Json) -> str:
    return str(made["shown"]["content"])


@pytest.mark.parametrize(
    ("channel", "bit", "name"),
    [
        ("music", VIEW, "View Channel"),
        ("music", SEND, "Send Messages"),
        ("release", SEND_IN_THREADS, "Send Messages in Threads"),
        ("post", SEND_IN_THREADS, "Send Messages in Threads"),
        ("music", ATTACH, "Attach Files"),
        ("release", HISTORY, "Read Message History"),
    ],
)
def test_what_is_missing_is_named_as_discord_names_it(
    discord: World, rights: int, channel: str, bit: int, name: str
) -> None:
    discord.do("permissions", allow=rights & ~bit)
    text = said(discord.slash("listen on", channel=channel))
    assert f"permissions there: {name}." in text


@pytest.mark.parametrize("channel", ["voice", "stage"])
def test_it_listens_beside_a_call_and_is_told_so_by_managers_alone(
    discord: World, rights: int, channel: str, demo: Path
) -> None:
    discord.do("permissions", allow=rights & ~MANAGE_CHANNELS)
    assert "anage" in said(discord.slash("listen on", channel=channel, user="bob"))
    discord.do("permissions", allow=rights & ~ATTACH)
    assert "Attach Files" in said(discord.slash("listen on", channel=channel))
    discord.do("permissions", allow=rights)
    posted = discord.do("message", files=[file(demo)], channel=channel, user="bob")
    assert picks(until(lambda: discord.replies_to(posted["id"]), 30)[0])


@pytest.mark.parametrize(("channel", "bit"), [("music", SEND_IN_THREADS), ("release", SEND)])
def test_what_is_not_needed_there_is_not_missed(
    discord: World, rights: int, channel: str, bit: int
) -> None:
    discord.do("permissions", allow=rights & ~bit)
    text = said(discord.slash("listen on", channel=channel))
    assert "every audio file" in text and "permissions" not in text


def test_in_a_post_listening_is_for_the_whole_forum(discord: World, demo: Path) -> None:
    forum = discord.state()["channels"]["forum"]
    assert f"<#{forum}>" in said(discord.slash("listen on", channel="post"))
    for name in ("other post", "post"):
        posted = discord.do("message", files=[file(demo)], channel=name, user="bob")
        assert picks(until(lambda p=posted: discord.replies_to(p["id"]), 30)[0])  # type: ignore[misc]
    discord.do("thread", name="a later post", parent="forum", user="carol")
    posted = discord.do("message", files=[file(demo)], channel="a later post", user="carol")
    assert picks(until(lambda: discord.replies_to(posted["id"]), 30)[0])
    assert f"<#{forum}>" in said(discord.slash("listen off", channel="other post"))
    posted = discord.do("message", files=[file(demo)], channel="post", user="bob")
    discord.all_said()
    assert discord.replies_to(posted["id"]) == []


def test_a_lost_permission_is_said_once_where_it_listens(discord: World, rights: int) -> None:
    discord.slash("listen on", channel="music")

    def told() -> list[str]:
        found = [it["content"] for it in discord.see("messages?author=bot&channel=music")]
        return [it for it in found if it.startswith("I lack permissions")]

    discord.do("permissions", allow=rights & ~ATTACH)
    until(told, 10)
    discord.do("permissions", allow=rights & ~(ATTACH | ADD_REACTIONS))
    until(lambda: len(told()) == 2, 10)
    assert "Attach Files" in told()[0] and "Add Reactions" in told()[1]
    assert "Attach" not in told()[1]


def test_a_channel_that_is_closed_to_the_bot_is_named_in_the_log(
    discord: World, rights: int
) -> None:
    discord.slash("listen on", channel="general")
    before = discord.log().count("no longer allowed")
    discord.do("permissions", allow=rights & ~SEND, channel="general")
    until(lambda: discord.log().count("no longer allowed") > before, 30)
    discord.do("permissions", allow=rights, channel="general")


def test_a_permission_that_is_lost_while_listening_is_switched_on_is_said(
    discord: World, rights: int
) -> None:
    opened = discord.do("slash", command="listen on", channel="music", wait=0)
    discord.do("permissions", allow=rights & ~HISTORY)
    discord.settled(opened["id"])

    def told() -> bool:
        found = [it["content"] for it in discord.see("messages?author=bot&channel=music")]
        return any(it.startswith("I lack") and "History" in it for it in found)

    until(told, 30)
