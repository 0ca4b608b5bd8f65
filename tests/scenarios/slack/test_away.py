"""Votes that are made on Slack while the bot is away."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers.waiting import until
from tests.loopback.slack.checks import Json
from tests.scenarios.slack.world import SlackWorld


@pytest.fixture
def answer(slack: SlackWorld, demo: Path) -> Json:
    return slack.answer_to(lambda: slack.post(files=(slack.file(demo),), channel="D0alice"))


def become(slack: SlackWorld, user: str, expected: list[tuple[int, int]]) -> None:
    person = slack.person(user)
    query = f"SELECT rank, value FROM votes WHERE person = '{person}'"
    until(lambda: sorted(slack.rows(query)) == expected, 15)


@pytest.mark.parametrize("name", ["+1", "+1::skin-tone-2", "+1::skin-tone-6"])
def test_thumbs_of_every_skin_tone_count(slack: SlackWorld, answer: Json, name: str) -> None:
    user = f"ann{name[-1]}"
    slack.react(answer, name, user)
    become(slack, user, [(0, 1)])


def test_reactions_of_the_time_without_the_bot_are_read(slack: SlackWorld, answer: Json) -> None:
    slack.react(answer, "one", "bea")
    slack.react(answer, "+1", "bea")
    slack.react(answer, "four", "cid")
    become(slack, "bea", [(0, 1), (1, 1)])
    slack.stop()
    slack.react(answer, "one", "bea", added=False)
    slack.react(answer, "+1", "bea", added=False)
    slack.react(answer, "-1::skin-tone-4", "bea")
    slack.react(answer, "five", "dee")
    slack.start()
    become(slack, "bea", [(0, -1)])
    become(slack, "dee", [(5, 1)])
    become(slack, "cid", [(4, 1)])
