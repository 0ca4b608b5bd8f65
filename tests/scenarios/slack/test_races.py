"""What people, admins and outages do between a question and its answer counts, and once."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.helpers.sounds import music, write
from tests.helpers.waiting import free_port, until
from tests.loopback.slack.checks import Json
from tests.loopback.slack.workspace import BOT, GENERAL
from tests.scenarios.slack.world import SlackWorld, picks, slack_world, text_of

SEEDS = itertools.count(41_000)
DIRECT = "D0alice"


@pytest.fixture(scope="module")
def slack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SlackWorld]:
    port = free_port()
    with slack_world(tmp_path_factory.mktemp("slack"), SOUNDMAP_HEALTH_PORT=port) as made:
        yield made
        assert made.problems == []
        assert "Traceback" not in made.log()


@pytest.fixture(autouse=True)
def usual(slack: SlackWorld) -> Iterator[None]:
    yield
    slack.failing.clear()
    slack.outside.clear()
    slack.is_down = slack.holds_files = False
    until(lambda: slack.connected and slack.is_silent, 40)


def new_sound(slack: SlackWorld, folder: Path) -> Json:
    """A sound that was never heard before."""
    number = next(SEEDS)
    return slack.file(write(folder / f"{number}.wav", music(3, 22_050, number), 22_050))


@contextmanager
def busy(slack: SlackWorld) -> Iterator[None]:
    """No file arrives meanwhile."""
    slack.holds_files = True
    try:
        yield
    finally:
        slack.holds_files = False


def votes(slack: SlackWorld, user: str) -> list[tuple[int, int]]:
    query = f"SELECT rank, value FROM votes WHERE person = '{slack.person(user)}'"
    return sorted(slack.rows(query))


def become(slack: SlackWorld, user: str, expected: list[tuple[int, int]]) -> None:
    until(lambda: votes(slack, user) == expected, 15)


# ---------------------------------------------------------------------- votes


def test_a_reaction_to_a_message_that_becomes_an_answer_is_a_vote(
    slack: SlackWorld, tmp_path: Path
) -> None:
    posted = slack.post("listen", (new_sound(slack, tmp_path),))
    n_before = len(slack.messages)
    with busy(slack):
        slack.shortcut("similar", posted)
        shown = slack.next(n_before, lambda it: "Fetching" in text_of(it))
        slack.react(shown, "+1", "ann")
        slack.react(shown, "two", "ann")
        slack.react(shown, "-1", "ann")
        slack.react(shown, "+1", "ann", added=False)
        slack.told_after(lambda: slack.slash("/about"))
    assert picks(slack.next(n_before, picks))
    become(slack, "ann", [(0, -1), (2, 1)])


@pytest.fixture
def answer(slack: SlackWorld, demo: Path) -> Json:
    return slack.answer_to(lambda: slack.post(files=(slack.file(demo),), channel=DIRECT))


def test_a_reaction_that_is_told_late_does_not_undo_what_came_after(
    slack: SlackWorld, answer: Json
) -> None:
    slack.react(answer, "one", "bea", lost=True)
    slack.react(answer, "one", "bea", added=False)
    slack.react(answer, "two", "bea")
    become(slack, "bea", [(2, 1)])
    slack.react(answer, "two", "bea", added=False, lost=True)
    slack.react(answer, "two", "bea")
    slack.react(answer, "three", "bea")
    become(slack, "bea", [(2, 1), (3, 1)])
    slack.do(slack.drop(politely=False))
    until(lambda: not slack.unacknowledged and slack.is_silent, 30)
    assert votes(slack, "bea") == [(2, 1), (3, 1)]


def test_reactions_of_a_long_outage_are_read_when_it_is_over(
    slack: SlackWorld, answer: Json
) -> None:
    slack.react(answer, "one", "cid")
    become(slack, "cid", [(1, 1)])
    slack.is_down = True
    slack.do(slack.drop(politely=False))
    slack.react(answer, "one", "cid", added=False, told=False)
    slack.react(answer, "five", "cid", told=False)
    until(lambda: "abandoned by disconnect()" in slack.log(), 35)  # so it begins anew
    slack.is_down = False
    become(slack, "cid", [(5, 1)])


# ---------------------------------------------------------------------- where it is and listens


def test_what_waits_where_listening_is_switched_off_is_not_answered(
    slack: SlackWorld, tmp_path: Path
) -> None:
    n_before = len(slack.messages)
    slack.slash("/listen", "on")
    slack.next(n_before, lambda it: "every audio file" in text_of(it))
    n_before = len(slack.messages)
    with busy(slack):
        slack.post(files=(new_sound(slack, tmp_path),), user="dee")
        slack.post(f"<@{BOT}>", (new_sound(slack, tmp_path),), user="eva")
        until(lambda: len(eyes(slack)) == 2, 20)
        slack.slash("/listen", "off")
        slack.next(n_before, lambda it: "only when I am mentioned" in text_of(it))
    slack.next(n_before, picks)
    until(lambda: slack.is_silent, 20)
    assert len([it for it in slack.messages[n_before:] if picks(it)]) == 1
    assert eyes(slack) == []


def eyes(slack: SlackWorld) -> list[tuple[str, str, str]]:
    return [it for it in slack.reactions if it[2] == "eyes"]


def test_an_answer_promises_no_reactions_where_the_bot_was_taken_out(
    slack: SlackWorld, tmp_path: Path
) -> None:
    posted = slack.post("listen", (new_sound(slack, tmp_path),))
    shown = slack.answer_to(lambda: slack.shortcut("similar", posted))
    assert "👍" in text_of(shown)
    until(lambda: len([it for it in slack.reactions if it[1] == shown["ts"]]) == 7, 20)
    slack.outside.add(GENERAL)
    shown = slack.answer_to(lambda: slack.shortcut("similar", posted))
    assert "may not react" in text_of(shown)


def test_an_outage_while_too_many_wait_does_not_lose_those_that_may(
    slack: SlackWorld, tmp_path: Path
) -> None:
    n_before = len(slack.messages)
    with busy(slack):
        slack.failing["chat.postMessage", GENERAL] = "internal_error"
        slack.post(f"<@{BOT}>", tuple(new_sound(slack, tmp_path) for _ in range(7)), user="fay")
        until(lambda: "internal_error" in slack.log(), 20)
        slack.failing.clear()
    until(lambda: sum(bool(picks(it)) for it in slack.messages[n_before:]) == 5, 60)
    again = (new_sound(slack, tmp_path),)
    assert slack.answer_to(lambda: slack.post(f"<@{BOT}>", again, user="fay"))
