"""What goes wrong between Slack and the bot: sent twice, dropped, too often, forged, led astray."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers.waiting import free_port, until
from tests.loopback.slack.checks import Json
from tests.loopback.slack.workspace import BOT
from tests.scenarios.slack.world import SlackWorld, picks, slack_world, text_of

DIRECT = "D0alice"


@pytest.fixture(scope="module")
def slack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SlackWorld]:
    how = {"SOUNDMAP_LOG_LEVEL": "debug", "SOUNDMAP_HEALTH_PORT": free_port()}
    with slack_world(tmp_path_factory.mktemp("slack"), **how) as made:
        yield made
        assert made.hosts_shown_token == []


@pytest.fixture(scope="module")
def by_http(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SlackWorld]:
    folder = tmp_path_factory.mktemp("slack")
    with slack_world(folder, http=True, SOUNDMAP_LOG_LEVEL="debug") as made:
        yield made


def settled(slack: SlackWorld) -> None:
    """Waits until what was sent before has had its turn, and nobody is being answered."""
    slack.told_after(lambda: slack.slash("/about"))
    until(lambda: slack.is_silent, 30)


def test_an_event_that_is_sent_again_is_answered_once(slack: SlackWorld, demo: Path) -> None:
    n_before = len(slack.messages)
    message = {
        **{"type": "message", "channel": DIRECT, "channel_type": "im", "user": "alice"},
        **{"ts": slack.new_ts(), "files": [slack.file(demo)], "subtype": "file_share", "text": ""},
    }
    for _ in range(3):
        slack.event("message.im", message, event_id="EvTwice")
    slack.next(n_before, picks)
    settled(slack)
    assert len([it for it in slack.messages[n_before:] if not it.get("to")]) == 1
    assert not slack.unacknowledged


@pytest.mark.parametrize("politely", [True, False])
def test_a_dropped_socket_reconnects_and_nothing_is_lost(
    slack: SlackWorld, demo: Path, politely: bool
) -> None:
    before, n_before = slack.connections, len(slack.messages)
    slack.post(files=(slack.file(demo),), channel=DIRECT, lost=True)
    slack.do(slack.drop(politely))  # after that, the bot may be back before anything is posted
    slack.next(n_before, picks, 60)
    assert slack.connections > before and not slack.unacknowledged


def test_an_address_that_leads_nowhere_is_not_tried_twice(slack: SlackWorld, demo: Path) -> None:
    n_before, slack.links_down = len(slack.messages), 2
    slack.post(files=(slack.file(demo),), channel=DIRECT, lost=True)
    slack.do(slack.drop(politely=True))
    slack.next(n_before, picks, 60)
    assert not slack.links_down and not slack.unacknowledged


def test_an_answer_outlives_a_socket_that_drops_meanwhile(slack: SlackWorld, demo: Path) -> None:
    n_before = len(slack.messages)
    slack.post(files=(slack.file(demo),), channel=DIRECT)
    slack.do(slack.drop(politely=False))
    slack.next(n_before, picks, 60)
    until(lambda: slack.connected, 30)
    settled(slack)
    assert len([it for it in slack.messages[n_before:] if not it.get("to")]) == 1


def test_slack_says_how_long_to_wait_and_it_is_waited(slack: SlackWorld, demo: Path) -> None:
    slack.limited["chat.postMessage"] = 2
    shown = slack.answer_to(lambda: slack.post(files=(slack.file(demo),), channel=DIRECT))
    first, second = (at for method, at in slack.times_limited if method == "chat.postMessage")
    assert picks(shown) and second - first >= 1


def test_the_token_is_shown_to_no_other_host(slack: SlackWorld, demo: Path) -> None:
    slack.redirects_files, n_before = True, len(slack.messages)
    try:
        slack.post(files=(slack.file(demo),), channel=DIRECT)
        said = text_of(slack.next(n_before, bool))
    finally:
        slack.redirects_files = False
    assert "files:read" in said and not picks(slack.messages[-1])
    assert slack.elsewhere_hits == [] and slack.hosts_shown_token == []


def test_a_file_that_another_host_keeps_is_asked_for_without_the_token(
    slack: SlackWorld, demo: Path
) -> None:
    n_before = len(slack.messages)
    url = f"http://127.0.0.1:{slack.other_port}/kept"
    slack.post(files=(slack.file(demo, url_private_download=url),), channel=DIRECT)
    assert text_of(slack.next(n_before, bool))
    assert slack.hosts_shown_token == []


def test_buttons_and_votes_outlive_a_restart(slack: SlackWorld, demo: Path) -> None:
    shown = slack.answer_to(lambda: slack.post(files=(slack.file(demo),), channel=DIRECT))
    assert slack.stop() == 0
    slack.start()
    action = next(
        it["action_id"]
        for block in shown["blocks"]
        for it in block.get("elements", ())
        if it.get("action_id", "").startswith("sm:another:")
    )
    assert picks(slack.answer_to(lambda: slack.press(shown, action)))
    slack.react(shown, "five")
    until(lambda: (5, 1) in slack.rows("SELECT rank, value FROM votes"), 10)


def test_whoever_is_being_answered_when_it_stops_is_answered(slack: SlackWorld, demo: Path) -> None:
    n_before, eyes = len(slack.messages), len(slack.reactions)
    slack.post(files=(slack.file(demo),), channel=DIRECT)
    until(lambda: len(slack.reactions) > eyes or len(slack.messages) > n_before, 20, 0.005)
    assert slack.stop() == 0
    assert picks(slack.next(n_before, picks, 1))
    slack.start()


def test_a_token_that_slack_does_not_know_is_one_sentence(slack: SlackWorld) -> None:
    other = {"SOUNDMAP_DATABASE": slack.folder / "other.db", "SOUNDMAP_HEALTH_PORT": ""}
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"):
        done = slack.run(**{name: "wrong", **other})
        assert done.returncode == 1 and "Traceback" not in done.stderr
        assert f"Slack does not accept {name}." in done.stderr.splitlines()[-1]


# ---------------------------------------------------------------------- HTTP


def message(slack: SlackWorld, demo: Path) -> Json:
    return {
        **{"type": "message", "channel": DIRECT, "channel_type": "im", "user": "alice"},
        **{"ts": slack.new_ts(), "files": [slack.file(demo)], "subtype": "file_share", "text": ""},
    }


def test_a_signed_request_is_answered(by_http: SlackWorld, demo: Path) -> None:
    slack = by_http
    shown = slack.answer_to(lambda: slack.http_event(message(slack, demo)))
    assert len(picks(shown)) == 5
    n_before = len(slack.messages)
    assert slack.http_slash("/help") == 200
    assert slack.next(n_before, lambda it: it.get("to"))


def test_a_request_sent_again_by_http_is_answered_once(by_http: SlackWorld, demo: Path) -> None:
    slack, event, n_before = by_http, message(by_http, demo), len(by_http.messages)
    assert [slack.http_event(event, "EvAgain") for _ in range(3)] == [200, 200, 200]
    slack.next(n_before, picks)
    assert slack.http_slash("/about") == 200
    slack.next(n_before, lambda it: it.get("to"))
    assert len([it for it in slack.messages[n_before:] if not it.get("to")]) == 1


def test_a_stale_or_wrongly_signed_request_is_refused(by_http: SlackWorld, demo: Path) -> None:
    slack, n_before = by_http, len(by_http.messages)
    assert slack.http_event(message(slack, demo), age_s=6 * 60) == 401
    assert slack.http_event(message(slack, demo), secret="guessed") == 401
    assert slack.http_slash("/about", secret="guessed") == 401
    assert slack.http_slash("/help") == 200
    slack.next(n_before, lambda it: it.get("to"))
    assert len(slack.messages) == n_before + 1


def test_slack_may_ask_whether_the_address_is_right(by_http: SlackWorld) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "abc", "token": "t"}).encode()
    assert by_http.http(body, "application/json") == 200
    assert by_http.http(body, "application/json", secret="guessed") == 401


def test_the_bots_own_messages_are_not_answered(slack: SlackWorld, demo: Path) -> None:
    n_before = len(slack.messages)
    slack.post(files=(slack.file(demo),), channel=DIRECT, user=BOT, bot_id="B1")
    settled(slack)
    assert not any(picks(it) for it in slack.messages[n_before:])
