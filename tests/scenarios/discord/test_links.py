"""Links, wherever people paste them: to a server on loopback that only these tests allow."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers.evil import Evil, evil_thread
from tests.helpers.waiting import free_port, until
from tests.scenarios.discord.seen import picks
from tests.scenarios.discord.world import Json, World, world

MANAGE_CHANNELS = 1 << 4
ORDINARY = 0x80008C00 | 1 << 6 | 1 << 14 | 1 << 16  # view, send, embed, attach, read, react, use


@pytest.fixture(scope="module")
def server(demo: Path) -> Iterator[Evil]:
    with evil_thread(demo) as running:
        yield running


@pytest.fixture(scope="module")
def discord(tmp_path_factory: pytest.TempPathFactory, server: Evil) -> Iterator[World]:
    folder, port = tmp_path_factory.mktemp("world"), {"SOUNDMAP_HEALTH_PORT": free_port()}
    with world(folder, SOUNDMAP_TEST_ADDRESSES=server.allowed[0], **port) as made:
        yield made


def n_picks(shown: Json) -> int:
    return len(picks(shown))


def first_text(shown: Json) -> str:
    return str(shown["embeds"][0].get("description") or "")


def answer_to(discord: World, message: Json, seconds: float = 30) -> Json:
    def answered() -> Json | None:
        replies = [it for it in discord.replies_to(message["id"]) if it["embeds"] or it["content"]]
        return replies[0] if replies else None

    return until(answered, seconds) or {}


def test_a_link_to_a_file_is_answered_and_named(discord: World, server: Evil) -> None:
    shown = discord.slash("recommend", options={"link": f"{server.base}/song.mp3"})["shown"]
    assert n_picks(shown) == 5
    assert "song.mp3" in first_text(shown) and "127.0.0.1" in first_text(shown)
    heard = discord.slash("genre", options={"link": f"<{server.base}/wrong-type>"})["shown"]
    assert heard["files"][0]["filename"] == "soundmap.png"


def test_a_page_is_read_by_ytdlp_and_its_title_shown(discord: World, server: Evil) -> None:
    shown = discord.slash("recommend", options={"link": f"{server.base}/page/song.mp3"})["shown"]
    assert n_picks(shown) == 5
    assert "A page" in first_text(shown)


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("to-loopback.mp3", "private network"),
        ("page/two", "playlist"),
        ("empty.html", "no sound on that page"),
        ("nothing", "answered 404"),
    ],
)
def test_a_bad_link_is_refused_in_private(
    discord: World, server: Evil, path: str, said: str
) -> None:
    shown = discord.slash("genre", options={"link": f"{server.base}/{path}"})["shown"]
    assert said in shown["content"]
    assert shown["ephemeral_to"]
    assert server.trapped == []


def test_a_link_where_the_bot_is_named_or_in_a_direct_message(discord: World, server: Evil) -> None:
    for how in ({"mention_bot": True}, {"dm": True}):
        posted = discord.do("message", content=f"what is ({server.base}/song.mp3)?", **how)
        assert n_picks(answer_to(discord, posted)) == 5


def test_naming_the_bot_in_reply_to_somebodys_sound_is_about_that(
    discord: World, server: Evil
) -> None:
    posted = discord.do("message", content=f"{server.base}/song.mp3", user="bob")
    asked = discord.do("message", content="this?", mention_bot=True, reply_to=posted["id"])
    assert n_picks(answer_to(discord, asked)) == 5


def test_the_menu_of_a_message_with_a_link(discord: World, server: Evil) -> None:
    posted = discord.do("message", content=f"listen: {server.base}/song.mp3")
    opened = discord.do("menu", command="Find similar music", message=posted["id"], wait=0.01)
    assert n_picks(discord.settled(opened["id"])["shown"]) == 5


def test_naming_the_bot_with_nothing_to_hear_says_what_it_reads(discord: World) -> None:
    posted = discord.do("message", content="hello", mention_bot=True)
    assert "no sound in that message" in answer_to(discord, posted)["content"]


def test_where_it_listens_it_answers_links_to_music_and_keeps_quiet_about_others(
    discord: World, server: Evil
) -> None:
    discord.do("permissions", allow=ORDINARY | MANAGE_CHANNELS)
    discord.slash("listen on", channel="music")
    discord.do("permissions", allow=None)
    n_asked = len(server.asked)
    others = [
        discord.do("message", channel="music", content=text)
        for text in (f"{server.base}/empty.html", f"{server.base}/to-loopback.mp3", "no link")
    ]
    music = discord.do("message", channel="music", content=f"{server.base}/song.mp3", user="bob")
    assert n_picks(answer_to(discord, music)) == 5
    discord.all_said()
    assert all(discord.replies_to(message["id"]) == [] for message in others)
    assert "/empty.html" not in [path for path, _ in server.asked[n_asked:]]


def test_nothing_is_left_of_what_was_fetched(discord: World) -> None:
    folders = list((discord.folder / "tmp").glob("soundmap-bot-*-*"))
    assert [folder for folder in folders if any(folder.rglob("sound"))] == []
