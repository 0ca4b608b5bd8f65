"""Filters, credit and a clean workspace, as people in Slack have them."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from soundmap.bundle.listener import Listener
from soundmap.catalog.strong import is_strong
from soundmap.playlists.reading import read_playlist
from tests.scenarios.discord.corner import corner_of
from tests.scenarios.slack.world import SlackWorld, actions, picks, text_of


def recommend(slack: SlackWorld, text: str) -> list[str]:
    return picks(slack.answer_to(lambda: slack.slash("/recommend", text)))


@pytest.fixture(scope="module")
def link(slack: SlackWorld, demo: Path) -> str:
    return slack.on_the_web(demo)


def test_a_page_is_a_page_and_a_search_says_so(slack: SlackWorld, link: str) -> None:
    shown = slack.answer_to(lambda: slack.slash("/recommend", f"{link} count=10"))
    for pick in picks(shown):
        assert ("🔍 <https://freemusicarchive.org/search?" in pick) != ("🔗 page" in pick)
        assert "not known" not in pick
    unknown = any("license: " not in pick for pick in picks(shown))
    assert text_of(shown).count("License not known: ") == unknown


def test_credits_are_one_tap_away_and_one_command(slack: SlackWorld, link: str) -> None:
    shown = slack.answer_to(lambda: slack.slash("/recommend", f"{link} page=yes license=by"))
    assert all("🔗 page" in it and "license: CC BY" in it for it in picks(shown))
    credit = text_of_private(slack, shown)
    assert credit.count("```“") == 5 and "creativecommons.org/licenses/by/" in credit
    assert slack.told_after(lambda: slack.slash("/credit", "2")).count("```“") == 1
    assert "has no number" in slack.told_after(lambda: slack.slash("/credit", "9"))
    assert "has no number" in slack.told_after(lambda: slack.slash("/credit", "two"))


def test_a_list_is_one_tap_away_as_a_file_for_a_player(
    slack: SlackWorld, link: str, tmp_path: Path
) -> None:
    shown = slack.answer_to(lambda: slack.slash("/recommend", link))
    (button,) = [it for it in actions(shown) if it.startswith("sm:file:")]
    said = slack.told_after(lambda: slack.press(shown, button, user="hank"))
    assert "in a direct message" in said and "not files to play: 5 of 5." in said
    (number,) = [k for k, v in slack.files.items() if v.get("channel") == "D0hank"]
    (tmp_path / "list.m3u8").write_bytes(slack.contents[number])
    entries = read_playlist(tmp_path / "list.m3u8").entries
    assert len(entries) == 5 and all(entry.is_page for entry in entries)
    assert all(entry.location in pick for entry, pick in zip(entries, picks(shown), strict=True))


def test_a_path_is_one_tap_away_as_a_file_and_as_credits(slack: SlackWorld, tmp_path: Path) -> None:
    n_before = len(slack.messages)
    slack.slash("/path", "2 -> 141 count=10")
    shown = slack.next(n_before, lambda it: "From A to B" in text_of(it))
    (button,) = [it for it in actions(shown) if it.startswith("sm:way:")]
    said = slack.told_after(lambda: slack.press(shown, button, user="iris"))
    assert "in a direct message" in said
    (number,) = [k for k, v in slack.files.items() if v.get("channel") == "D0iris"]
    (tmp_path / "list.m3u8").write_bytes(slack.contents[number])
    found = [entry.location for entry in read_playlist(tmp_path / "list.m3u8").entries]
    assert len(found) == 10 and all(it in text_of(shown) for it in found)

    (button,) = [it for it in actions(shown) if it.startswith("sm:waycredits:")]
    credit = slack.told_after(lambda: slack.press(shown, button, user="iris"))
    assert credit.count("```“") == 10 and "Credits, ready to copy" in credit


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ("tempo=fast", "range of BPM"),
        ("clean=maybe", "clean is yes or no"),
        ("license=mine", "Choose one of"),
    ],
)
def test_a_wish_that_cannot_be_is_refused(
    slack: SlackWorld, link: str, wish: str, said: str
) -> None:
    assert said in slack.told_after(lambda: slack.slash("/recommend", f"{link} {wish}"))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("order=smooth", "There is no choice order=smooth here. Choose one of count"),
        ("gerne=rock", "There is no choice gerne=rock here. Did you mean genre?"),
        ("--order smooth", "There is no choice --order here."),
        ("--tempo=90", "There is no choice --tempo=90 here. Did you mean tempo?"),
    ],
)
def test_what_is_like_an_option_and_is_none_is_not_passed_over(
    slack: SlackWorld, link: str, typed: str, said: str
) -> None:
    for line in (f"{link} {typed}", f"{typed} {link}", typed):
        assert said in slack.told_after(partial(slack.slash, "/recommend", line))
    for command in ("/genre", "/map"):
        assert said in slack.told_after(partial(slack.slash, command, f"{link} {typed}"))


def test_an_option_that_does_not_apply_is_not_passed_over(slack: SlackWorld, link: str) -> None:
    for command, line, known in (
        ("/genre", f"{link} genre=rock", "start"),
        ("/genre", f"count=3 {link} start=1", "start"),
        ("/path", "2 -> 141 start=3", "count, genre"),
        ("/path", "2 -> 141 roam=wide", "count, genre"),
        ("/mix", "#2 #141 start=3", "count, genre"),
    ):
        said = slack.told_after(lambda command=command, line=line: slack.slash(command, line))  # type: ignore[misc]
        assert "There is no choice " in said and f"Choose one of {known}" in said
    shown = slack.answer_to(lambda: slack.slash("/map", f"{link} count=3 page=yes"))
    assert len(picks(shown)) == 3 and all("🔗 page" in it for it in picks(shown))


def test_an_empty_list_names_its_filter(slack: SlackWorld, link: str) -> None:
    n_before = len(slack.messages)
    slack.slash("/recommend", f"{link} tempo=1-2 instrumental=yes")
    slack.next(n_before, lambda it: "that passes: 1 to 2 BPM." in text_of(it))


def test_a_clean_workspace_is_clean(slack: SlackWorld, link: str, listener: Listener) -> None:
    wishes = " ".join(f"{name}={value}" for name, value in corner_of(listener).items())
    assert any(map(is_strong, recommend(slack, f"{link} {wishes}")))
    assert not any(map(is_strong, recommend(slack, f"{link} {wishes} clean=yes")))
    assert "may manage" in slack.told_after(lambda: slack.slash("/clean", "on", user="bob"))
    n_before = len(slack.messages)
    slack.slash("/clean", "on")
    slack.next(n_before, lambda it: "leave out strong language" in text_of(it))
    assert "leave out" in slack.told_after(lambda: slack.slash("/clean"))
    assert not any(map(is_strong, recommend(slack, f"{link} {wishes}")))


def text_of_private(slack: SlackWorld, shown: dict[str, object]) -> str:
    """The credits that a button shows."""
    (button,) = [it for it in actions(shown) if it.startswith("sm:credits:")]
    return slack.told_after(lambda: slack.press(shown, button, user="bob"))
