"""Mixes on Slack: several sounds in, one list out; gathered in a channel, for an hour."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from soundmap.bundle.listener import Listener
from tests.helpers.sounds import music, write
from tests.helpers.waiting import until
from tests.loopback.slack.checks import Json
from tests.loopback.slack.workspace import GENERAL
from tests.scenarios.slack.world import SlackWorld, actions, picks, text_of

DIRECT = "D0alice"


@pytest.fixture(scope="module")
def link(slack: SlackWorld, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = write(tmp_path_factory.mktemp("song") / "song.wav", music(6), 44_100)
    return slack.on_the_web(path)


@pytest.fixture(scope="module")
def track(listener: Listener) -> str:
    return f"#{listener.catalog.track_ids[1_000]}"


@pytest.fixture
def listed(slack: SlackWorld, link: str, track: str) -> Json:
    return slack.answer_to(lambda: slack.slash("/mix", f"<{link}> {track}"))


@pytest.fixture
def cleared(slack: SlackWorld) -> None:
    for user in ("alice", "bob"):
        told(slack, "clear", user=user)


def told(slack: SlackWorld, text: str, user: str = "alice", channel: str = GENERAL) -> str:
    """What a person alone is told about their mix."""
    return slack.told_after(lambda: slack.slash("/mix", text, user=user, channel=channel))


def add_pick(slack: SlackWorld, shown: Json, rank: int, user: str = "alice", times: int = 1) -> str:
    menu = next(it for it in actions(shown) if it.startswith("sm:mixin:"))
    option = {"value": str(rank)}
    press = lambda: slack.press(shown, menu, user, times, selected_option=option)  # noqa: E731
    return slack.told_after(press)


def last_told(slack: SlackWorld) -> Json:
    return next(it for it in reversed(slack.messages) if it.get("to"))


def test_each_pick_says_which_of_the_named_sounds_it_is_nearest_to(listed: Json) -> None:
    top = text_of(listed).split("\n")
    assert top[0] == "*A mix of 2 sounds*" and top[1].startswith("*A* · ") and "*B* · " in top[2]
    assert len(picks(listed)) == 5
    assert all(re.search(r"_nearest to [AB]; \w", pick) for pick in picks(listed))


def test_its_buttons_work_like_those_of_every_list(slack: SlackWorld, listed: Json) -> None:
    kinds = [it.split(":")[1] for it in actions(listed)]
    assert kinds == ["more"] * 5 + ["mixin", "another", "credits", "file", "hide", "why"]
    by_kind = dict(zip(kinds, actions(listed), strict=True))
    why = slack.told_after(lambda: slack.press(listed, by_kind["why"]))
    assert len(re.findall("nearest to [AB]", why)) == 5
    assert "*A* · " in why and "*B* · " in why and "Your sound" not in why
    more = slack.answer_to(lambda: slack.press(listed, by_kind["another"]))
    assert "*A mix of 2 sounds*" in text_of(more) and len(picks(more)) == 5
    assert not {it.split("\n")[0][3:] for it in picks(more)} & {
        it.split("\n")[0][3:] for it in picks(listed)
    }
    slack.react(listed, "two")
    until(lambda: (2, 1) in slack.rows("SELECT rank, value FROM votes"), 10)


def test_names_need_no_quotes_and_without_stays_away(
    slack: SlackWorld, link: str, listener: Listener
) -> None:
    catalog = listener.catalog
    first, second = (catalog.track(row) for row in (1_000, 3_000))
    text = f"{first.artist} - {first.title}, “{second.artist} - {second.title}” without <{link}>"
    shown = slack.answer_to(lambda: slack.slash("/mix", f"{text} count=10"))
    assert "*A mix of 2 sounds*" in text_of(shown) and "Away from: " in text_of(shown)
    assert len(picks(shown)) == 10


def test_one_refused_sound_is_named_and_does_not_lose_the_others(
    slack: SlackWorld, track: str
) -> None:
    shown = slack.answer_to(lambda: slack.slash("/mix", f'{track} "<!channel> *no* track"'))
    assert "*A mix of one sound*" in text_of(shown) and len(picks(shown)) == 5
    assert "Left out: &lt;!channel&gt; ∗no∗ track. There is no" in text_of(shown)
    said = told(slack, "zzyx such track, zzyx again")
    assert said.startswith("None of these sounds can be used.\nLeft out: zzyx such track. There is")
    assert "Left out: zzyx again." in said


def test_make_may_be_said_as_in_discord_and_help_helps(slack: SlackWorld, track: str) -> None:
    first, second = (
        slack.answer_to(lambda word=word: slack.slash("/mix", f"{word} {track}"))  # type: ignore[misc]
        for word in ("make", "")
    )
    assert picks(first) == picks(second)
    assert "*/mix LINK" in told(slack, "help")


def test_six_are_too_many(slack: SlackWorld, listener: Listener) -> None:
    six = " ".join(f"#{it}" for it in listener.catalog.track_ids[:6])
    assert "5 sounds at most, not 6" in told(slack, six)
    assert "10 tracks" in told(slack, f"{six} count=11")


@pytest.mark.usefixtures("cleared")
def test_sounds_are_gathered_from_messages_and_picks_and_then_mixed(
    slack: SlackWorld, tmp_path: Path, listed: Json
) -> None:
    song = write(tmp_path / "my song.wav", music(6, seed=3), 44_100)
    notes = tmp_path / "notes.mp3"
    notes.write_text("no sound at all")
    assert "is empty" in told(slack, "show")
    posted = slack.post("these", (slack.file(song), slack.file(notes)))
    said = slack.told_after(lambda: slack.shortcut("mix", posted))
    assert "mix here: 1." in said and "Left out: notes.mp3. " in said
    assert "*A* · my song.wav" in said
    assert "*B* · " in add_pick(slack, listed, 1) and "*C* · " in add_pick(slack, listed, 3)
    assert "already: 1." in add_pick(slack, listed, 3)
    slack.stop()
    slack.start()
    assert "*C* · " in told(slack, "show")
    shown = last_told(slack)
    assert actions(shown) == ["sm:mix", "sm:unmix"]
    made = slack.answer_to(lambda: slack.press(shown, "sm:mix"))
    assert "*A mix of 3 sounds*" in text_of(made) and not made.get("to") and len(picks(made)) == 5
    assert "is empty now" in slack.told_after(lambda: slack.press(shown, "sm:unmix"))
    assert "is empty" in slack.told_after(lambda: slack.press(shown, "sm:mix"))


@pytest.mark.usefixtures("cleared")
def test_everybody_gathers_a_mix_of_their_own_in_each_channel(
    slack: SlackWorld, listed: Json, track: str
) -> None:
    add_pick(slack, listed, 1, times=3)
    assert "is empty" in told(slack, "show", user="bob")
    assert "is empty" in told(slack, "show", channel=DIRECT)
    assert "*B*" not in told(slack, "show")
    assert "*B*" in told(slack, f"add {track}")


@pytest.mark.usefixtures("cleared")
def test_five_fit_and_a_sixth_says_so(slack: SlackWorld, listed: Json, listener: Listener) -> None:
    five = " ".join(f"#{it}" for it in listener.catalog.track_ids[:500:100])
    assert "*E*" in told(slack, f"add {five}")
    assert "no more fit" in add_pick(slack, listed, 1)
    assert "no more fit" in told(slack, f"add #{listener.catalog.track_ids[700]}")


@pytest.mark.usefixtures("cleared")
def test_what_is_no_pick_or_no_list_any_more_is_refused(slack: SlackWorld, listed: Json) -> None:
    nothing = slack.post("no sound here")
    said = slack.told_after(lambda: slack.shortcut("mix", nothing))
    assert "no sound in that message" in said
    assert "something to add" in told(slack, "add")
    for behind in ("without #2", "genre=rock", "count=3"):
        assert "Only sounds go behind" in told(slack, f"add #2 {behind}")
    assert "is empty" in told(slack, "show")
    assert "no number 9" in add_pick(slack, listed, 9)
    with closing(sqlite3.connect(slack.database)) as database:
        database.execute("DELETE FROM lists")
        database.commit()
    assert "no longer know that list" in add_pick(slack, listed, 1)
