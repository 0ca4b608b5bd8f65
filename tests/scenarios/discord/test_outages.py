"""What one person, one event or an outage of Discord cannot do: end it for the others."""

from __future__ import annotations

import itertools
import json
import os
import resource
import signal
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, suppress
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
from tests.scenarios.discord.world import Json, World, file, last_word

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


@pytest.fixture(scope="module")
def stopping(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A world whose bot every test starts and ends."""
    folder = tmp_path_factory.mktemp("stopping")
    how = {"SOUNDMAP_SHUTDOWN_SECONDS": 1, "SOUNDMAP_WORKERS": 1}
    with World(folder, SOUNDMAP_HEALTH_PORT=free_port(), **how) as made:
        yield made


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
    yield "MESSAGE_CREATE", {}
    yield "MESSAGE_CREATE", None
    yield "MESSAGE_CREATE", []
    yield "MESSAGE_CREATE", "a text"
    yield "MESSAGE_UPDATE", {"id": "1"}
    yield "MESSAGE_REACTION_ADD", {"user_id": "1", "message_id": "1", "channel_id": "1"}
    yield "MESSAGE_REACTION_ADD", {"emoji": {"name": "👍", "id": None}}
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
    skipped = [line.split("skipped: ")[1] for line in log.splitlines() if "skipped: " in line]
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


# ---------------------------------------------------------------------- what it keeps


def test_a_database_that_is_taken_away_is_noticed_and_lost_by_nobody(
    frozen: World, sound: Path
) -> None:
    shown = frozen.start().slash("recommend", options={"file": file(sound)})["shown"]
    frozen.do("reaction", message=shown["id"], emoji="👍", user="bob")
    until(lambda: frozen.rows("SELECT value FROM votes") == [(1,)], 10)
    n_log, port = len(frozen.log()), frozen.settings["SOUNDMAP_HEALTH_PORT"]
    frozen.database.unlink()
    until(lambda: fetch(port, "ready")[0] == 503, 5)
    assert json.loads(fetch(port, "ready")[1])["store"] is False
    assert "notebook" in told(frozen.slash("recommend", options={"file": file(sound)}))
    [copy] = frozen.folder.glob("soundmap.db.rescued-*")
    with closing(sqlite3.connect(copy)) as rescued:
        assert rescued.execute("SELECT value FROM votes").fetchall() == [(1,)]
    assert frozen.log()[n_log:].count(copy.name) == 1
    assert ended_within(frozen, signal.SIGTERM) == 0


# ---------------------------------------------------------------------- the end


IN_TIME_S = 1 + 5 + 1  # what it may take: the setting, the margin, a busy machine


@pytest.fixture
def frozen(stopping: World) -> Iterator[World]:
    """A world whose Discord hears and says nothing any more once its bot is asked to end."""
    yield stopping
    stopping._server.send_signal(signal.SIGCONT)
    stopping.stop(signal.SIGKILL)
    stopping.do("faults/clear")


def ended_within(discord: World, number: int, seconds: float = IN_TIME_S) -> int:
    begun = time.monotonic()
    status = discord.stop(number, seconds)
    print(f"ended {status} after {time.monotonic() - begun:.1f} s")
    return status


@pytest.mark.parametrize("cut", [True, False])
def test_a_discord_that_freezes_holds_up_no_end(frozen: World, sound: Path, cut: bool) -> None:
    frozen.start()
    asked(frozen, sound)
    if cut:
        frozen.do("gateway", action="drop")
    frozen._server.send_signal(signal.SIGSTOP)
    time.sleep(0.5)
    assert ended_within(frozen, signal.SIGTERM) == 0
    assert "Traceback" not in frozen.log()


def test_hanging_up_means_the_same(frozen: World) -> None:
    frozen.start()
    n_log = len(frozen.log())
    assert ended_within(frozen, signal.SIGHUP) == 0
    assert "stopping" in frozen.log()[n_log:]


def test_a_second_signal_makes_haste(frozen: World, sound: Path) -> None:
    frozen.settings["SOUNDMAP_SHUTDOWN_SECONDS"] = 60
    warm(frozen.start())
    with stopped(frozen.workers()):
        call = asked(frozen, sound)
        until(lambda: frozen.interaction(call["id"])["acked"], 5)
        assert frozen.bot is not None
        frozen.bot.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        assert not frozen.ended
        assert ended_within(frozen, signal.SIGINT) == 0
    assert "restart" in str(last_word(frozen.interaction(call["id"])))
    frozen.settings["SOUNDMAP_SHUTDOWN_SECONDS"] = 1


def test_it_ends_as_well_before_it_ever_reached_discord(frozen: World) -> None:
    frozen.do("fault", path="users/@me", page=True, status=429, count=99)
    before = frozen.log()
    frozen.begin()
    until(lambda: "is away" in frozen.log()[len(before) :], 20)
    assert ended_within(frozen, signal.SIGTERM) == 0


# ---------------------------------------------------------------------- no network


def test_an_outage_at_the_start_is_one_line_and_passes(frozen: World) -> None:
    frozen.do("fault", path="users/@me", page=True, status=429, count=1)
    frozen.do("fault", path="users/@me", kind="reset", count=1)
    frozen.do("fault", path="gateway/bot", page=True, status=503, count=1)
    n_log = len(frozen.log())
    frozen.start()
    port = frozen.settings["SOUNDMAP_HEALTH_PORT"]
    until(lambda: fetch(port, "ready")[0] == 200, 10)
    lines = frozen.log()[n_log:].splitlines()
    assert len([line for line in lines if "is away" in line]) == 1
    assert len(lines) < 20
    assert not [line for line in lines if "Traceback" in line or "<html" in line]


def test_ready_follows_the_connection_and_the_log_stays_calm(frozen: World) -> None:
    frozen.start()
    port = frozen.settings["SOUNDMAP_HEALTH_PORT"]
    until(lambda: fetch(port, "ready")[0] == 200, 10)
    n_log = len(frozen.log())
    frozen.do("gateway", action="drop", hold=0.5)
    until(lambda: fetch(port, "ready")[0] == 503, 5, 0.01)
    assert json.loads(fetch(port, "ready")[1])["mouths"] == {"Discord": "connecting"}
    until(lambda: fetch(port, "ready")[0] == 200, 30)
    lines = frozen.log()[n_log:].splitlines()
    assert len([line for line in lines if "is away" in line]) == 1
    assert len(lines) < 10, lines
    assert not [line for line in lines if "Traceback" in line]


def test_a_token_that_only_calls_reveal_as_revoked_ends_it_with_a_sentence(frozen: World) -> None:
    frozen.start()
    frozen.do("config", token="another.than.ours")
    frozen.do("slash", command="help", wait=0.1)
    frozen.do("message", content="hello", mention_bot=True)
    assert frozen.bot is not None
    assert frozen.bot.wait(15) == 1
    assert "does not accept DISCORD_TOKEN" in frozen.log().splitlines()[-1]
    frozen.do("config", token=frozen.token)


@pytest.mark.parametrize("code", [4004, 4010, 4013])
def test_what_is_refused_for_good_is_one_sentence(frozen: World, code: int) -> None:
    frozen.start()
    n_log = len(frozen.log())
    frozen.do("gateway", action="close", code=code)
    assert frozen.bot is not None
    assert frozen.bot.wait(15) == 1
    lines = frozen.log()[n_log:].splitlines()
    assert lines[-1].startswith("soundmap-bot: ")
    assert not [line for line in lines if "Traceback" in line]


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
        option("count", 4, 99),
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
