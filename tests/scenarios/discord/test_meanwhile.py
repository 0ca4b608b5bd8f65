"""What happens on Discord while somebody waits, and what counts as a sound for the bot."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.sounds import music, write
from tests.helpers.waiting import free_port, until
from tests.loopback.discord.flags import (
    ADD_REACTIONS,
    ATTACH,
    EMBED,
    MANAGE_CHANNELS,
    SEND,
)
from tests.scenarios.discord.seen import footer, picks
from tests.scenarios.discord.world import Json, World, file, last_word, world

SORRY = "went wrong on my side"


@pytest.fixture(scope="module")
def discord(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with World(tmp_path_factory.mktemp("world"), SOUNDMAP_HEALTH_PORT=free_port()) as made:
        made.do("config", rate_limits=False)
        made.start()
        made.do("thread", name="release", parent="music", user="bob")
        yield made
        assert "Traceback" not in made.log()
        assert not any(SORRY in it["content"] for it in made.see("messages?author=bot"))


@pytest.fixture(autouse=True)
def rights(discord: World) -> Iterator[int]:
    """What everybody may do, as it is before and after each test."""
    yield int(discord.do("permissions", allow=None)["allow"])
    discord.do("permissions", allow=None)
    discord.do("faults/clear")


@pytest.fixture(scope="module")
def sounds(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("sounds")
    return [write(folder / f"take-{n}.wav", music(4 + n / 4), 44_100) for n in range(8)]


@pytest.fixture
def slow(discord: World) -> None:
    """The next file arrives late, so that there is time for something to happen."""
    discord.do("fault", status=503, method="GET", path="attachments", count=2)


def reply_to(discord: World, message: Json, seconds: float = 30) -> Json:
    return until(lambda: discord.replies_to(message["id"]), seconds)[0]


def thinking(discord: World, command: str, path: Path, **how: Any) -> Json:
    """A command at work, and its message that says so."""
    made = discord.do("slash", command=command, options={"file": file(path)}, wait=0.01, **how)
    until(lambda: discord.interaction(made["id"])["response"], 10)
    return dict(discord.interaction(made["id"]))


def settled(discord: World) -> None:
    """Waits until what was sent before has had its turn."""
    discord.slash("about")


# ---------------------------------------------------------------------- messages that go away


@pytest.mark.usefixtures("slow")
def test_an_answer_whose_thinking_was_deleted_is_posted_anew(discord: World, demo: Path) -> None:
    made = thinking(discord, "recommend", demo)
    discord.do("delete", message=made["response"]["id"])
    shown = discord.settled(made["id"])["shown"]
    assert len(picks(shown)) == 5 and shown["id"] != made["response"]["id"]
    until(lambda: len(discord.message(shown["id"])["reactions"]) == 7, 20)


@pytest.mark.usefixtures("slow")
def test_a_refusal_whose_thinking_was_deleted_is_told_to_the_person(
    discord: World, tmp_path: Path
) -> None:
    noise = tmp_path / "a.wav"
    noise.write_bytes(b"no sound at all")
    made = thinking(discord, "genre", noise)
    discord.do("delete", message=made["response"]["id"])
    shown = discord.settled(made["id"])["shown"]
    assert "not audio" in shown["content"] and shown["ephemeral_to"]


def test_a_private_answer_that_was_dismissed_comes_anew_and_stays_private(
    discord: World, demo: Path
) -> None:
    shown = discord.slash("recommend", options={"file": file(demo)})["shown"]
    discord.do("fault", status=404, method="PATCH", path="@original", count=1)
    said = discord.press(shown, label="Why?")["shown"]
    assert said["ephemeral_to"] and "distance" in said["embeds"][0]["description"]


@pytest.mark.usefixtures("slow")
def test_where_it_may_no_longer_write_an_answer_is_dropped_quietly(
    discord: World, demo: Path, rights: int
) -> None:
    posted = discord.do("message", files=[file(demo)], mention_bot=True)
    until(lambda: any(it["path"].endswith("/typing") for it in discord.see("requests")), 10)
    discord.do("permissions", allow=rights & ~SEND)
    settled(discord)
    until(lambda: "this way is closed" in discord.log(), 30)
    assert discord.replies_to(posted["id"]) == []


@pytest.mark.usefixtures("slow")
def test_what_it_may_no_longer_do_meanwhile_is_left_out(
    discord: World, demo: Path, rights: int
) -> None:
    posted = discord.do("message", files=[file(demo)], mention_bot=True)
    settled(discord)
    discord.do("permissions", allow=rights & ~(EMBED | ATTACH | ADD_REACTIONS))
    shown = reply_to(discord, posted)
    assert len(picks(shown)) == 5 and not shown["embeds"] and not shown["files"]


@pytest.mark.usefixtures("slow")
def test_a_thread_that_is_locked_meanwhile_is_no_mistake_of_the_bot(
    discord: World, demo: Path
) -> None:
    before = discord.log().count("this way is closed")
    posted = discord.do("message", files=[file(demo)], mention_bot=True, channel="release")
    discord.do("thread", name="release", locked=True)
    until(lambda: discord.log().count("this way is closed") > before, 30)
    discord.do("thread", name="release", locked=False)
    assert discord.replies_to(posted["id"]) == []


@pytest.mark.usefixtures("slow")
def test_an_answer_in_a_channel_that_is_gone_is_dropped_quietly(discord: World, demo: Path) -> None:
    before = discord.log().count("this way is closed")
    discord.do("message", files=[file(demo)], mention_bot=True)
    discord.do("fault", status=404, method="POST", path="/messages", count=4)
    until(lambda: discord.log().count("this way is closed") > before, 30)


@pytest.mark.usefixtures("slow")
@pytest.mark.parametrize("place", [{"dm": True}, {"channel": "release"}, {"channel": "voice"}])
def test_a_sound_that_is_deleted_meanwhile_is_answered_all_the_same(
    discord: World, demo: Path, place: Json
) -> None:
    n_before = len(discord.see("messages?author=bot"))
    posted = discord.do("message", files=[file(demo)], mention_bot=True, user="gone", **place)
    settled(discord)
    discord.do("delete", message=posted["id"])

    def answers() -> list[Json]:
        return [it for it in discord.see("messages?author=bot")[n_before:] if picks(it)]

    shown = until(answers, 30)[0]
    assert shown["channel_id"] == posted["channel_id"] and not shown["reply_to"]


@pytest.mark.usefixtures("slow")
def test_a_thinking_that_is_cleared_away_with_others_is_posted_anew(
    discord: World, demo: Path
) -> None:
    other = discord.do("message", content="spam")
    made = thinking(discord, "recommend", demo)
    discord.do("delete", messages=[other["id"], made["response"]["id"]])
    assert len(picks(discord.settled(made["id"])["shown"])) == 5


@pytest.mark.usefixtures("slow")
def test_a_mention_that_an_edit_takes_away_was_one_and_is_answered_once(
    discord: World, demo: Path
) -> None:
    posted = discord.do("message", files=[file(demo)], mention_bot=True, content="this?")
    discord.do("edit", message=posted["id"], content="never mind")
    assert picks(reply_to(discord, posted))
    discord.all_said()
    assert len(discord.replies_to(posted["id"])) == 1


@pytest.mark.parametrize("action", ["reconnect", "invalidate"])
def test_a_gateway_that_sends_the_bot_away_costs_no_answer(
    discord: World, demo: Path, action: str
) -> None:
    discord.do("fault", status=503, method="GET", path="attachments", count=2)
    made = thinking(discord, "recommend", demo)
    posted = discord.do("message", files=[file(demo)], mention_bot=True, user="bob")
    settled(discord)
    n_before = len(discord.state()["gateway_log"])
    discord.do("gateway", action=action)
    assert picks(discord.settled(made["id"])["shown"]) and picks(reply_to(discord, posted))
    back = {"reconnect": "resume", "invalidate": "identify"}[action]
    until(lambda: back in [it["event"] for it in discord.state()["gateway_log"][n_before:]], 30)


def test_one_reaction_that_fails_does_not_end_the_offering(discord: World, demo: Path) -> None:
    discord.do("fault", status=400, method="PUT", path="reactions", count=1)
    shown = discord.slash("recommend", options={"file": file(demo)})["shown"]
    until(lambda: len(discord.message(shown["id"])["reactions"]) == 6, 20)


# ---------------------------------------------------------------------- in turn


def test_several_files_are_answered_in_turn_each_by_its_name(
    discord: World, sounds: list[Path]
) -> None:
    files = [file(path) for path in sounds[:3]]
    first = discord.do("message", files=files, mention_bot=True, user="bob")
    second = discord.do("message", files=[file(sounds[3])], mention_bot=True, user="bob")
    until(lambda: len(discord.replies_to(first["id"])) == 3, 60)
    said = [it["embeds"][0]["description"] for it in discord.replies_to(first["id"])]
    assert all(path.name in text for path, text in zip(sounds, said, strict=False))
    assert "take-" not in str(reply_to(discord, second)["embeds"][0].get("description"))
    assert not any("One sound" in it["content"] for it in discord.see("messages?author=bot"))


def test_a_file_among_several_that_is_no_sound_is_named(discord: World, sounds: list[Path]) -> None:
    files = [{"filename": "broken.mp3", "text": "no"}, file(sounds[0])]
    posted = discord.do("message", files=files, mention_bot=True)
    until(lambda: len(discord.replies_to(posted["id"])) == 2, 30)
    bad, good = discord.replies_to(posted["id"])
    assert "broken.mp3" in bad["content"] and "not audio" in bad["content"] and picks(good)


def test_more_than_wait_are_said_once(discord: World, sounds: list[Path]) -> None:
    posted = [
        discord.do("message", files=[file(path)], mention_bot=True, user="hugo") for path in sounds
    ]
    many = discord.do("message", files=[file(it) for it in sounds], mention_bot=True, user="ida")

    def replies() -> list[Json]:
        return [it for message in posted for it in discord.replies_to(message["id"])]

    until(lambda: sum(bool(picks(it)) for it in replies()) >= 5, 90)
    assert sum("at most 5 from one person" in it["content"] for it in replies()) == 1
    until(lambda: sum(bool(picks(it)) for it in discord.replies_to(many["id"])) == 5, 90)
    told = [it["content"] for it in discord.replies_to(many["id"]) if not it["embeds"]]
    assert len(told) == 1


def test_a_pause_between_sounds_is_waited_for(tmp_path: Path, sounds: list[Path]) -> None:
    with world(tmp_path, SOUNDMAP_COOLDOWN_SECONDS=2) as discord:
        posted = discord.do("message", files=[file(it) for it in sounds[:2]], mention_bot=True)
        until(lambda: len(discord.replies_to(posted["id"])) == 2, 60)
        assert all(picks(it) for it in discord.replies_to(posted["id"]))


# ---------------------------------------------------------------------- what is for the bot


def test_a_mention_of_the_bots_role_is_a_mention(discord: World, demo: Path) -> None:
    roles = discord.state()["roles"]
    named = discord.do("message", files=[file(demo)], content=f"<@&{roles['probe-bot']}> this?")
    fans = discord.do("message", files=[file(demo)], content=f"<@&{roles['fans']}> listen")
    assert picks(reply_to(discord, named))
    bare = discord.do("message", content=f"<@&{roles['probe-bot']}>")
    assert "no sound" in reply_to(discord, bare)["content"]
    assert discord.replies_to(fans["id"]) == []


def test_a_mention_that_an_edit_adds_is_answered_once(discord: World, demo: Path) -> None:
    bot = discord.state()["bot_id"]
    posted = discord.do("message", files=[file(demo)], content="like this")
    discord.do("edit", message=posted["id"], content=f"<@{bot}> like this")
    assert picks(reply_to(discord, posted))
    discord.do("edit", message=posted["id"], content=f"<@{bot}> like this!")
    discord.all_said()
    assert len(discord.replies_to(posted["id"])) == 1


def test_an_edit_of_what_was_answered_is_not_answered_again(discord: World, demo: Path) -> None:
    posted = discord.do("message", files=[file(demo)], mention_bot=True, content="this?")
    assert picks(reply_to(discord, posted))
    bot = discord.state()["bot_id"]
    discord.do("edit", message=posted["id"], content=f"<@{bot}> or this?")
    discord.all_said()
    assert len(discord.replies_to(posted["id"])) == 1


def test_an_edit_in_a_direct_message_without_a_sound_is_not_answered(discord: World) -> None:
    posted = discord.do("message", content="hello", dm=True)
    assert "no sound" in reply_to(discord, posted)["content"]
    discord.do("edit", message=posted["id"], content="hello there")
    discord.all_said()
    assert len(discord.replies_to(posted["id"])) == 1


@pytest.fixture
def listening(discord: World, rights: int) -> Iterator[None]:
    discord.do("permissions", allow=rights | MANAGE_CHANNELS)
    discord.slash("listen on", channel="music")
    yield
    discord.slash("listen off", channel="music")


@pytest.mark.usefixtures("listening")
def test_a_forwarded_sound_is_heard_where_it_listens(discord: World, demo: Path) -> None:
    source = discord.do("message", files=[file(demo)], user="bob")
    posted = discord.do("message", forward=source["id"], channel="music", user="carol")
    assert picks(reply_to(discord, posted))


@pytest.mark.usefixtures("listening")
def test_several_files_where_it_listens_are_answered_without_a_scolding(
    discord: World, sounds: list[Path]
) -> None:
    posted = [
        discord.do("message", files=[file(path)], channel="music", user="dan")
        for path in sounds[:3]
    ]
    assert all(picks(reply_to(discord, it, 60)) for it in posted)


@pytest.mark.parametrize("kind", [1, 3, 6, 7, 18, 21, 46])
def test_discords_own_notes_are_not_answered(discord: World, kind: int) -> None:
    posted = discord.do("message", content="a note", dm=True, user="bob", type=kind)
    discord.all_said()
    assert discord.replies_to(posted["id"]) == []


def test_a_server_without_the_bots_own_member_is_no_traceback(tmp_path: Path, demo: Path) -> None:
    with World(tmp_path) as discord:
        discord.do("config", shows_own_member=False)
        discord.start()
        assert picks(discord.post(demo, mention_bot=True))
        assert "Traceback" not in discord.log()


def test_a_reply_to_a_sound_that_is_withheld_is_told_so(tmp_path: Path, demo: Path) -> None:
    with World(tmp_path) as discord:
        discord.do("config", allowed_privileged=0)
        discord.start()
        posted = discord.do("message", files=[file(demo)], user="bob")
        asked = discord.do("message", reply_to=posted["id"], mention_bot=True)
        assert "may not read that message" in reply_to(discord, asked)["content"]
        role = discord.state()["roles"]["probe-bot"]
        named = discord.do("message", files=[file(demo)], content=f"<@&{role}>")
        assert "may not read that message" in reply_to(discord, named)["content"]


# ---------------------------------------------------------------------- files


@pytest.mark.parametrize("status", [503, 429, 504])
def test_a_file_host_that_is_busy_is_asked_again(
    discord: World, sounds: list[Path], status: int
) -> None:
    discord.do("fault", status=status, method="GET", path="attachments", count=3)
    assert picks(discord.post(sounds[status % 8], mention_bot=True))


def test_typed_text_has_no_effect(discord: World) -> None:
    for typed in ("**bold**", "[free](https://x.example)"):
        made = discord.slash("recommend", options={"genre": typed})
        assert typed not in str(last_word(made))


def test_the_small_print_promises_reactions_only_where_they_can_be_added(
    discord: World, demo: Path, rights: int
) -> None:
    discord.do("permissions", allow=rights & ~ADD_REACTIONS)
    shown = discord.slash("recommend", options={"file": file(demo)})["shown"]
    assert "may not react" in footer(shown)
