"""What one event, one person or a poor machine cannot do: end it for the others."""

from __future__ import annotations

import itertools
import json
import os
import resource
import signal
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.sounds import music, write
from tests.helpers.waiting import free_port, until
from tests.scenarios.discord.test_faults import (
    answered,
    asked,
    fetch,
    list_of,
    metrics,
    stopped,
    told,
    warm,
)
from tests.scenarios.discord.world import Json, World, file

SEEDS = itertools.count(9_000)
AUTHOR: Json = {"id": "900000000000000001", "username": "eve", "discriminator": "0"}
AUTHOR |= {"avatar": None, "global_name": None, "bot": False}


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    return write(tmp_path / "sound.wav", music(3, 22_050, next(SEEDS)), 22_050)


@pytest.fixture(scope="module")
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("odd")
    with World(folder, SOUNDMAP_HEALTH_PORT=free_port(), SOUNDMAP_WORKERS=1) as made:
        yield made.start()


@pytest.fixture
def discord(lasting: World) -> Iterator[World]:
    warm(lasting)
    yield lasting
    lasting.do("faults/clear")


# ---------------------------------------------------------------------- odd events


def message(discord: World, **more: Any) -> Json:
    """A message of the general channel, as Discord tells of it."""
    state = discord.state()
    told: Json = {"id": str(10**18 + next(SEEDS)), "channel_id": state["channels"]["general"]}
    told |= {"guild_id": state["guild_id"], "author": AUTHOR, "content": "", "type": 0, "flags": 0}
    told |= {"timestamp": "2026-01-01T00:00:00+00:00", "edited_timestamp": None, "tts": False}
    told |= {"mention_everyone": False, "mentions": [], "mention_roles": [], "pinned": False}
    told |= {"attachments": [], "embeds": [], "components": [], "member": {"roles": []}}
    return told | more


def itself(discord: World) -> Json:
    """The bot, as it is mentioned."""
    roles = {"roles": [], "joined_at": "2024-01-01T00:00:00+00:00", "deaf": False, "mute": False}
    return {**AUTHOR, "id": discord.state()["bot_id"], "member": {**roles, "flags": 0}}


def of_nobody(discord: World) -> Json:
    """A command that does not say whose it is."""
    told = of_alice(discord, 2, {"id": "1", "name": "recommend", "type": 1})
    return {name: it for name, it in told.items() if name != "member"}


def odd_events(discord: World) -> Iterator[tuple[str, Any]]:
    """Events that Discord has sent to somebody, or might."""
    poll: Json = {
        "question": {"text": "?"},
        "answers": [],
        "expiry": None,
        "allow_multiselect": False,
    }
    yield "MESSAGE_CREATE", message(discord, poll=poll)
    yield "MESSAGE_CREATE", message(discord, poll={})
    yield "MESSAGE_CREATE", message(discord, message_snapshots=[{"message": {"content": "x"}}])
    yield "MESSAGE_CREATE", message(discord, message_snapshots=[{}])
    yield "MESSAGE_CREATE", message(discord, attachments=[{"id": "1", "filename": "a.mp3"}])
    yield "MESSAGE_CREATE", message(discord, attachments=[{}])
    yield "MESSAGE_CREATE", message(discord, attachments=None)
    yield "MESSAGE_CREATE", message(discord, reactions=[{"emoji": None}])
    yield "MESSAGE_CREATE", message(discord, timestamp="yesterday")
    yield "MESSAGE_CREATE", message(discord, timestamp=None)
    yield "MESSAGE_CREATE", message(discord, author=None)
    yield "MESSAGE_CREATE", message(discord, embeds=[{"timestamp": 7}])
    yield "MESSAGE_CREATE", message(discord, components=[{"type": 1}])
    yield "MESSAGE_CREATE", message(discord, channel_id=None)
    yield "MESSAGE_CREATE", message(discord, content=None, mentions=[itself(discord)])
    yield "MESSAGE_CREATE", {k: it for k, it in message(discord).items() if k != "mentions"}
    yield "MESSAGE_CREATE", {}
    yield "MESSAGE_CREATE", None
    yield "MESSAGE_CREATE", []
    yield "MESSAGE_CREATE", "a text"
    yield "MESSAGE_UPDATE", {"id": "1"}
    yield "MESSAGE_REACTION_ADD", {"user_id": "1", "message_id": "1", "channel_id": "1"}
    yield "MESSAGE_REACTION_ADD", {"emoji": {"name": "👍", "id": None}}
    there: Json = {"user_id": AUTHOR["id"], "message_id": "1", "channel_id": "1", "type": 0}
    yield "MESSAGE_REACTION_ADD", there | {"emoji": {"name": 7, "id": None}}
    yield "INTERACTION_CREATE", of_nobody(discord)
    yield "MESSAGE_REACTION_REMOVE_ALL", {}
    yield "INTERACTION_CREATE", {"id": "5", "type": 2}
    yield "INTERACTION_CREATE", {"id": "5", "type": 999, "token": "x"}
    yield "CHANNEL_CREATE", {"id": "1", "type": 0}
    yield "THREAD_CREATE", {"id": "1"}
    yield "GUILD_CREATE", {"id": "77"}
    yield "GUILD_ROLE_UPDATE", {"guild_id": "x"}
    yield "GUILD_MEMBER_UPDATE", {}
    yield "SOMETHING_NEW", {"a": 1}
    yield "READY", {}
    yield "RESUMED", None


RAW = (
    '{"op": 0, "t": ["MESSAGE_CREATE"], "s": null, "d": {}}',
    '{"op": 0, "t": {"a": 1}, "s": null, "d": null}',
    '{"op": "zero", "t": null, "s": null, "d": null}',
    '{"op": 10, "t": null, "s": null, "d": {}}',
    "[]",
    "7",
    "{}",
)


def test_no_event_of_one_ends_anything_for_others(discord: World, sound: Path) -> None:
    n_log, n_gateway = len(discord.log()), len(discord.state()["gateway_log"])
    with stopped(discord.workers()):
        call = asked(discord, sound, "recommend")
        until(lambda: discord.interaction(call["id"])["acked"], 5)
        for _ in range(2):
            for event, data in odd_events(discord):
                discord.do("dispatch", event=event, data=data)
            for text in RAW:
                discord.do("raw", text=text)
    assert answered(discord.settled(call["id"]))
    assert not discord.ended
    assert len(discord.state()["gateway_log"]) == n_gateway  # nor was it connected anew
    log = discord.log()[n_log:]
    assert "Traceback" not in log
    odd = [line for line in log.splitlines() if "sent an odd " in line]
    skipped = [line.split("skipped: ")[1] for line in odd]
    places = [line.rpartition(" at ")[2] for line in skipped]
    assert len(places) > 20
    assert len(skipped) == len(set(skipped))  # each is logged once
    assert AUTHOR["id"] not in log


def test_a_payload_that_is_no_json_costs_a_connection_and_nothing_else(
    discord: World, sound: Path
) -> None:
    with stopped(discord.workers()):
        call = asked(discord, sound)
        until(lambda: discord.interaction(call["id"])["acked"], 5)
        discord.do("raw", text="{no json")
    assert answered(discord.settled(call["id"]))
    until(lambda: fetch(discord.settings["SOUNDMAP_HEALTH_PORT"], "ready")[0] == 200, 20)


def test_a_system_message_in_a_direct_message_is_ignored(discord: World) -> None:
    said = discord.do("message", dm=True, content="hello", user="alice")
    until(lambda: discord.replies_to(said["id"]), 10)
    direct, n_before = said["channel"], len(discord.see("messages?author=bot"))
    for kind in (6, 3, 7, 21, 46):  # pinned, a call, a welcome, a thread's start, a poll's result
        told = message(discord, type=kind, channel_id=direct)
        del told["guild_id"], told["member"]
        discord.do("dispatch", event="MESSAGE_CREATE", data=told)
    discord.slash("help")
    assert len(discord.see("messages?author=bot")) == n_before + 1  # the help itself


def test_a_server_that_came_without_the_bot_itself_is_no_traceback(
    discord: World, sound: Path
) -> None:
    n_log, state = len(discord.log()), discord.state()
    itself = {**AUTHOR, "id": state["bot_id"]}
    left = {"guild_id": state["guild_id"], "user": itself}
    discord.do("dispatch", event="GUILD_MEMBER_REMOVE", data=left)
    reply = discord.post(sound, mention_bot=True)
    assert reply["embeds"]
    assert "Traceback" not in discord.log()[n_log:]


# ---------------------------------------------------------------------- other versions


def of_alice(discord: World, kind: int, data: Json) -> Json:
    """An interaction with a command, as Discord tells of it."""
    state, number = discord.state(), str(10**18 + next(SEEDS))
    told: Json = {"id": number, "application_id": state["app_id"], "type": kind, "version": 1}
    told |= {"token": f"token-{number}", "guild_id": state["guild_id"], "data": data}
    told |= {"channel_id": state["channels"]["general"], "app_permissions": "8"}
    told |= {"channel": {"id": state["channels"]["general"], "type": 0}, "locale": "en-US"}
    told |= {"member": {"user": AUTHOR, "roles": [], "permissions": "8", "flags": 0}}
    told["member"] |= {"joined_at": "2024-01-01T00:00:00+00:00", "deaf": False, "mute": False}
    told |= {"authorizing_integration_owners": {"0": state["guild_id"]}, "context": 0}
    told |= {"attachment_size_limit": 10_485_760}
    return told | {"entitlements": [], "guild_locale": "en-US"}


def option(name: str, kind: int, value: object, **more: object) -> Json:
    return {"name": name, "type": kind, "value": value, **more}


def foreign() -> Iterator[Json]:
    """Commands of other versions, and with options of other types."""
    yield {"id": "1", "name": "guess", "type": 1}
    yield {"id": "1", "name": "guess", "type": 3, "target_id": "1", "resolved": {}}
    yield {"id": "1", "name": "guess", "type": 2, "target_id": "1", "resolved": {}}
    yield {"id": "1", "name": "listen", "type": 1}
    yield {"id": "1", "name": "listen", "type": 1, "options": [{"name": "maybe", "type": 1}]}
    for wrong in (
        option("file", 3, "song.mp3"),
        option("file", 11, "12345"),
        option("count", 3, "many"),
        option("count", 4, None),
        option("mood", 3, "sad"),
        option("link", 5, True),
        option("genre", 10, 1.5),
    ):
        yield {"id": "1", "name": "recommend", "type": 1, "options": [wrong]}


def made_to(discord: World, path: str) -> list[Json]:
    """The calls to a path."""
    return [it for it in discord.see("requests") if it["path"] == path]


def test_a_command_of_another_version_is_a_sentence_and_no_traceback(discord: World) -> None:
    n_log = len(discord.log())
    for data in foreign():
        told_of = of_alice(discord, 2, data)
        discord.do("dispatch", event="INTERACTION_CREATE", data=told_of)
        path = f"/interactions/{told_of['id']}/{told_of['token']}/callback"
        call = until(lambda: made_to(discord, path), 5)  # noqa: B023
        assert "changed" in call[0]["body"]["data"]["content"], data
    log = discord.log()[n_log:]
    assert "Traceback" not in log
    assert AUTHOR["id"] not in log


def test_a_completion_that_comes_too_late_is_no_traceback(discord: World) -> None:
    n_log = len(discord.log())
    discord.do("fault", method="POST", path="/callback", status=404)
    for command, name in (("recommend", "genre"), ("recommend", "mood"), ("guess", "genre")):
        typed = [option(name, 3, "ro", focused=True)]
        data = {"id": "1", "name": command, "type": 1, "options": typed}
        discord.do("dispatch", event="INTERACTION_CREATE", data=of_alice(discord, 4, data))
    discord.slash("help")
    log = discord.log()[n_log:]
    assert "Traceback" not in log
    assert AUTHOR["id"] not in log
    assert log.count("\n") <= 3, log


# ---------------------------------------------------------------------- the machine


def test_who_asks_a_machine_without_free_descriptors_is_told_that_it_is_the_machine(
    discord: World, sound: Path
) -> None:
    assert discord.bot is not None
    pid, n_log = discord.bot.pid, len(discord.log())
    before = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    n_open = len(list(Path(f"/proc/{pid}/fd").iterdir()))
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (n_open, before[1]))
    try:
        said = told(discord.slash("genre", options={"file": file(sound)}))
    finally:
        resource.prlimit(pid, resource.RLIMIT_NOFILE, before)
    assert "machine" in said
    assert "Too many open files" in discord.log()[n_log:]
    assert answered(discord.slash("genre", options={"file": file(sound)}))
    assert "Traceback" not in discord.log()[n_log:]


def test_who_asks_a_machine_that_can_start_no_worker_is_told_that_it_is_the_machine(
    discord: World, sound: Path
) -> None:
    n_log, over = len(discord.log()), threading.Event()

    def kill() -> None:
        while not over.wait(0.05):
            for pid in discord.workers():
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    port = discord.settings["SOUNDMAP_HEALTH_PORT"]
    try:
        until(lambda: json.loads(fetch(port, "ready")[1])["workers"] == 0, 10, 0.01)
        said = told(discord.slash("genre", options={"file": file(sound)}))
    finally:
        over.set()
        killer.join()
    assert "machine" in said
    assert discord.rows("SELECT * FROM kills") == []
    assert discord.log()[n_log:].count("no worker can start") == 1
    warm(discord)
    assert answered(discord.slash("genre", options={"file": file(sound)}))


# ---------------------------------------------------------------------- the bound


def test_a_crowd_of_lists_in_one_channel_is_shown_and_forgotten(
    discord: World, sound: Path
) -> None:
    """Reactions come four a second; whoever waits for them holds no picture meanwhile."""
    shown = discord.slash("recommend", options={"file": file(sound)})["shown"]
    another = {"custom_id": f"sm:another:{list_of(shown)}"}
    opened = [
        discord.do("component", message=shown["id"], user=f"fan{number}", wait=0, **another)
        for number in range(30)
    ]
    for call in opened:
        assert discord.settled(call["id"], 60)["shown"]
    until(lambda: metrics(discord)["soundmap_conversations"] == 0, 2)
    latest = discord.interaction(opened[-1]["id"])["response"]
    assert latest["components"]
    until(lambda: discord.message(latest["id"])["reactions"], 30)
    offered = [discord.interaction(call["id"])["response"]["reactions"] for call in opened]
    assert offered.count({}) > 10  # those who waited longest go without
