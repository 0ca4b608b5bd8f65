"""What one event, an outage of Slack or a revoked token does, and what it does not."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.waiting import free_port, until
from tests.loopback.slack.workspace import APP_TOKEN, BOT_TOKEN, GENERAL
from tests.scenarios.discord.test_faults import fetch
from tests.scenarios.discord.world import file, world
from tests.scenarios.slack.world import SlackWorld, picks

DIRECT = "D0alice"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SlackWorld]:
    """A workspace whose bot every test starts and ends."""
    folder, port = tmp_path_factory.mktemp("slack"), free_port()
    with SlackWorld(folder, SOUNDMAP_HEALTH_PORT=port, SOUNDMAP_SHUTDOWN_SECONDS=1) as made:
        yield made


@pytest.fixture
def slack(workspace: SlackWorld) -> Iterator[SlackWorld]:
    yield workspace
    workspace.revoked.clear()
    workspace.pages = 0
    workspace.stop(signal.SIGKILL)
    until(lambda: not workspace.connected, 10)


def new_lines(slack: SlackWorld, n_before: int) -> list[str]:
    return slack.log()[n_before:].splitlines()


def ready(slack: SlackWorld) -> int:
    return fetch(slack.settings["SOUNDMAP_HEALTH_PORT"], "ready")[0]


@pytest.mark.parametrize(("token", "setting"), [(APP_TOKEN, "APP"), (BOT_TOKEN, "BOT")])
def test_a_token_taken_back_while_it_runs_ends_it_with_a_sentence(
    slack: SlackWorld, token: str, setting: str
) -> None:
    slack.start()
    n_log = len(slack.log())
    slack.revoked[token] = "token_revoked"
    if token == APP_TOKEN:
        slack.do(slack.drop(politely=False))
    else:
        slack.post("a link https://example.org/a.mp3", channel=DIRECT)
    assert slack.bot is not None
    assert slack.bot.wait(20) == 1
    lines = new_lines(slack, n_log)
    assert f"Slack does not accept SLACK_{setting}_TOKEN" in lines[-1]
    assert len(lines) < 12
    assert not [line for line in lines if "Traceback" in line]


def test_an_outage_at_the_start_is_one_line_and_passes(slack: SlackWorld) -> None:
    slack.pages, n_log = 3, len(slack.log())
    slack.start()
    until(lambda: ready(slack) == 200, 10)
    lines = new_lines(slack, n_log)
    assert len([line for line in lines if "is away" in line]) == 1
    assert len(lines) < 15
    assert not [line for line in lines if "Traceback" in line or "<html" in line]


def test_ready_follows_the_socket(slack: SlackWorld) -> None:
    slack.start()
    until(lambda: ready(slack) == 200, 10)
    slack.links_down = 1
    slack.do(slack.drop(politely=False))
    until(lambda: ready(slack) == 503, 5, 0.01)
    until(lambda: ready(slack) == 200, 20)


def test_a_slack_that_freezes_holds_up_no_end(slack: SlackWorld, demo: Path) -> None:
    slack.start()
    slack.post(files=(slack.file(demo),), channel=DIRECT)
    slack._loop.call_soon_threadsafe(time.sleep, 8)
    begun = time.monotonic()
    assert slack.stop(signal.SIGTERM, 7.5) == 0
    print(f"{time.monotonic() - begun:.1f} s")


def odd_events() -> Iterator[tuple[str, Any]]:
    yield "reaction_added", {"type": "reaction_added", "user": "U1"}
    yield "reaction_added", {"type": "reaction_added", "reaction": "+1", "item": None}
    yield "reaction_removed", {"type": "reaction_removed", "reaction": "+1", "user": "U1"}
    yield "message.im", {"type": "message", "channel_type": "im"}
    yield "message.im", {"type": "message", "channel": DIRECT, "channel_type": "im", "ts": "1.1"}
    yield "message.channels", {"type": "message", "channel": GENERAL, "files": None}
    yield "message.channels", {"type": "message", "channel": GENERAL, "files": [None], "user": "U1"}
    sized = {"name": "a.mp3", "size": "large", "url_private": "https://files.slack.com/a"}
    direct = {"type": "message", "channel": DIRECT, "channel_type": "im", "user": "U1"}
    yield "message.im", direct | {"ts": "1.2", "files": [sized]}
    yield "app_mention", {"type": "app_mention"}
    yield "app_mention", {"type": "app_mention", "channel": GENERAL, "text": None, "user": "U1"}


def test_no_event_ends_anything_and_each_is_logged_once(slack: SlackWorld, demo: Path) -> None:
    slack.start()
    n_log = len(slack.log())
    for _ in range(2):
        for kind, event in odd_events():
            slack.event(kind, event)
        slack.do(slack.send("slash_commands", {"command": "/recommend"}))
        slack.do(slack.send("interactive", {"type": "block_actions", "actions": []}))
        slack.do(slack.send("interactive", {"type": "message_action"}))
        slack.do(slack.send("events_api", {}))
    assert picks(slack.answer_to(lambda: slack.post(files=(slack.file(demo),), channel=DIRECT)))
    lines = new_lines(slack, n_log)
    assert not [line for line in lines if "Traceback" in line], lines
    skipped = [line.split("sent an odd ")[1] for line in lines if "sent an odd " in line]
    assert skipped
    assert len(skipped) == len(set(skipped))


def test_a_mouth_that_is_given_up_takes_no_other_with_it(tmp_path: Path, demo: Path) -> None:
    port = free_port()
    with SlackWorld(tmp_path) as slack:
        way = {"SLACK_API": slack.api, "SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_APP_TOKEN": APP_TOKEN}
        with world(tmp_path, SOUNDMAP_HEALTH_PORT=port, **way) as discord:
            until(lambda: fetch(port, "ready")[0] == 200, 20)
            slack.revoked[APP_TOKEN] = "invalid_auth"
            slack.do(slack.drop(politely=False))
            until(lambda: fetch(port, "ready")[0] == 503, 10)
            until(lambda: "SLACK_APP_TOKEN" in discord.log(), 20)
            states = json.loads(fetch(port, "ready")[1])["mouths"]
            assert states == {"Slack": "ended", "Discord": "connected"}
            assert discord.slash("genre", options={"file": file(demo)})["shown"]["embeds"]
            assert discord.stop() == 0
