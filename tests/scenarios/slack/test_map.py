"""The map and paths on Slack: what a person sees of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers.pictures import width_of
from tests.loopback.slack.checks import Json
from tests.scenarios.slack.world import SlackWorld, actions, picks, text_of


@pytest.fixture(scope="module")
def link(slack: SlackWorld, demo: Path) -> str:
    return slack.on_the_web(demo)


def widths(slack: SlackWorld, message: Json) -> list[int]:
    """How wide each picture of a message is."""
    shown = [it for it in message.get("blocks") or () if it["type"] == "image"]
    assert all(it["alt_text"] for it in shown)
    contents = [slack.contents[it["slack_file"]["id"]] for it in shown]
    return [width_of(content) for content in contents]


def test_a_list_brings_a_map_below_it(slack: SlackWorld, link: str) -> None:
    answer = slack.answer_to(lambda: slack.slash("/recommend", link))
    assert widths(slack, answer) == [800, 800] and len(picks(answer)) == 5
    kinds = [block["type"] for block in answer["blocks"]]
    assert kinds[1] == "image" and kinds[kinds.index("context") - 1] == "image"


def test_the_map_shows_the_last_sound_or_a_link_large(slack: SlackWorld, link: str) -> None:
    assert "not heard anything" in slack.told_after(lambda: slack.slash("/map", user="mona"))
    listed = slack.answer_to(lambda: slack.slash("/recommend", link, user="mona"))
    for text in ("", link):
        shown = slack.answer_to(lambda text=text: slack.slash("/map", text, user="mona"))  # type: ignore[misc]
        assert widths(slack, shown) == [1_000] and picks(shown) == picks(listed)
        assert actions(shown)
    assert "listen to" in slack.told_after(lambda: slack.slash("/map", "what?", user="mona"))
    cold = slack.told_after(lambda: slack.slash("/map", "taste", user="mona"))
    assert "do not know what you like" in cold


def test_a_path_leads_from_a_link_to_a_track(slack: SlackWorld, link: str) -> None:
    asked = f"{link} -> #141 count=3 license=permissive"
    shown = slack.answer_to(lambda: slack.slash("/path", asked))
    text = text_of(shown)
    assert len(picks(shown)) == 3 and widths(slack, shown) == [800]
    assert "From A to B" in text and "Alec K. Redfearn" in text and "times the mean" in text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "arrow"),
        ("2", "arrow"),
        ("2 -> ", "arrow"),
        ("2 -> 141 -> 3", "arrow"),
        ("2 -> no such track at all", "no track"),
        ("2 -> 141 count=99", "not 99"),
        ("2 -> #2", "same sound"),
    ],
)
def test_what_is_no_path_is_told_to_who_asked(slack: SlackWorld, text: str, said: str) -> None:
    assert said in slack.told_after(lambda: slack.slash("/path", text, user="nina"))
