"""Mixes on Discord: several sounds in, one list out; gathered in a channel, for an hour."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.discord.markdown import neutral
from soundmap.bundle.listener import Listener
from soundmap.catalog.names import name_of
from tests.helpers.sounds import music, write
from tests.helpers.waiting import until
from tests.scenarios.discord.seen import labels, list_id, picks, within_limits
from tests.scenarios.discord.test_ways_in import refusal, troubles
from tests.scenarios.discord.world import Json, World, file, world

ADD = "Add to mix"


@pytest.fixture(scope="module")
def discord(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(tmp_path_factory.mktemp("world")) as made:
        yield made
        assert troubles(made) == [], troubles(made)
        assert made.leftovers() == []
        assert "Traceback" not in made.log()


@pytest.fixture(scope="module")
def song(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("song") / "a song.wav", music(6), 44_100)


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("broken") / "notes.mp3"
    path.write_text("no sound at all")
    return path


@pytest.fixture(scope="module")
def track(listener: Listener) -> str:
    return f"#{listener.catalog.track_ids[1_000]}"


def make(discord: World, user: str = "alice", locale: str = "en-US", **options: object) -> Json:
    return discord.slash("mix make", 120, options=options, user=user, locale=locale)


def said(made: Json) -> str:
    """What a person alone is told about their mix."""
    assert made["shown"]["ephemeral_to"]
    return str(made["shown"]["content"])


def menu_of(shown: Json) -> Json:
    """The menu below a list that adds its picks to a mix."""
    return next(it for it in shown["components"] if it["custom_id"].startswith("sm:mixin:"))


def add_picks(discord: World, shown: Json, *ranks: int, user: str = "alice", **how: Any) -> Json:
    values, menu = [str(rank) for rank in ranks], menu_of(shown)["custom_id"]
    return discord.press(shown, custom_id=menu, values=values, user=user, **how)


@pytest.fixture
def listed(discord: World, song: Path, track: str) -> Json:
    """The list of a mix of a file and a track."""
    return dict(make(discord, file=file(song), sound=track)["shown"])


@pytest.fixture
def cleared(discord: World) -> None:
    for user in ("alice", "bob"):
        discord.slash("mix clear", user=user)


def test_each_pick_says_which_of_the_named_sounds_it_is_nearest_to(
    listed: Json, listener: Listener
) -> None:
    top, below = listed["embeds"]
    assert top["title"] == "A mix of 2 sounds"
    first, second = top["description"].split("\n")
    assert first == f"**A** · {neutral(name_of(listener.catalog.track(1_000)), 50)}"
    assert second == r"**B** · a\_song.wav"
    assert below["title"] == "Near these sounds, free to hear"
    assert len(picks(listed)) == 5 and within_limits(listed)
    for pick in picks(listed):
        assert re.match(r"nearest to [AB]; \w", pick.reason)


def test_its_picks_are_voted_on_hidden_and_explained_like_those_of_every_list(
    discord: World, listed: Json
) -> None:
    assert {"Another five", "Credits", "Hide artist", "Playlist", "Why?"} <= set(labels(listed))
    why = discord.press(listed, label="Why?")["shown"]["embeds"][0]["description"]
    assert len(re.findall(r"• nearest to [AB]", why)) == 5
    assert re.match(r"\*\*A\*\* · .* dynamics\n\*\*B\*\* · .* dynamics\n\n\*\*1\. ", why)
    credit = discord.press(listed, label="Credits")["shown"]["embeds"][0]["description"]
    assert credit.count("```") == 10
    (select,) = discord.press(listed, label="Hide artist")["shown"]["components"]
    assert len(select["options"]) == 5
    more = discord.press(listed, label="Another five")["shown"]
    assert more["embeds"][0]["title"] == "A mix of 2 sounds" and len(picks(more)) == 5
    assert not {it.title for it in picks(more)} & {it.title for it in picks(listed)}
    assert "**B** · Heard as" in more["embeds"][0]["description"].replace("Not sure", "Heard as")
    discord.do("reaction", message=listed["id"], emoji="2️⃣", user="alice")
    votes = "SELECT rank, value FROM votes WHERE list_id = ?"
    until(lambda: discord.rows(votes.replace("?", str(list_id(listed)))) == [(2, 1)], 10)


def test_ten_picks_of_five_sounds_are_within_discords_limits(
    discord: World, listener: Listener
) -> None:
    ids = listener.catalog.track_ids
    sounds = {f"sound{n or ''}": f"#{ids[900 * n]}" for n in (0, 2, 3, 4, 5)}
    shown = make(discord, **sounds, count=10)["shown"]
    assert shown["embeds"][0]["title"] == "A mix of 5 sounds" and within_limits(shown)
    assert len(picks(shown)) == 10 and all("nearest to" in it.reason for it in picks(shown))
    assert len(menu_of(shown)["options"]) == 10


def test_one_refused_sound_is_named_and_does_not_lose_the_others(
    discord: World, song: Path, broken: Path
) -> None:
    shown = make(discord, file=file(song), file2=file(broken), sound="@everyone *no* track")[
        "shown"
    ]
    assert len(picks(shown)) == 5 and shown["embeds"][0]["title"] == "A mix of one sound"
    lines = shown["embeds"][0]["description"].split("\n")
    assert [it.partition(". ")[0] for it in lines[1:]] == [
        "Left out: @?everyone \\*no\\* track",
        "Left out: notes.mp3",
    ]
    told = refusal(make(discord, file=file(broken), sound="@everyone *no* track"))
    assert told.startswith("None of these sounds can be used.\nLeft out: @")
    assert "@everyone" not in told


def test_without_stays_away_and_is_named(discord: World, track: str, song: Path) -> None:
    shown = make(discord, sound=track, without_file=file(song))["shown"]
    assert "Away from: a" in shown["embeds"][0]["description"] and len(picks(shown)) == 5


def test_tracks_are_completed_as_for_a_path(discord: World) -> None:
    for command, option in (("mix make", "sound"), ("mix make", "without"), ("mix add", "sound")):
        asked = discord.do("autocomplete", command=command, option=option, value="love")
        same = discord.do("autocomplete", command="path", option="from", value="love")
        assert asked["choices"] == same["choices"] and asked["choices"]


@pytest.mark.usefixtures("cleared")
def test_sounds_are_gathered_from_messages_and_picks_and_then_mixed(
    discord: World, song: Path, broken: Path, listed: Json
) -> None:
    assert "is empty" in refusal(discord.slash("mix show"))
    posted = discord.do("message", files=[file(song), file(broken)])
    told = said(discord.menu(ADD, posted))
    assert "mix here: 1." in told and "Left out: notes.mp3. That is not audio" in told
    assert r"**A** · a\_song.wav" in told
    discord.do("delete", messages=[posted["id"]])
    told = said(add_picks(discord, listed, 1, 3))
    assert "mix here: 2." in told and "**C** · " in told and "**D**" not in told
    assert "already: 2." in said(add_picks(discord, listed, 3, 1))
    assert discord.start()
    shown = discord.slash("mix show")["shown"]
    assert "**C** · " in shown["content"] and labels(shown) == ["Mix these", "Clear"]
    made = discord.press(shown, label="Mix these")["shown"]
    assert made["embeds"][0]["title"] == "A mix of 3 sounds" and not made["ephemeral_to"]
    assert {it.title for it in picks(made)}.isdisjoint({picks(listed)[0].title})
    assert "is empty now" in said(discord.press(shown, label="Clear"))
    assert "is empty" in refusal(discord.press(shown, label="Mix these"))


@pytest.mark.usefixtures("cleared")
def test_everybody_gathers_a_mix_of_their_own_in_each_channel(discord: World, listed: Json) -> None:
    add_picks(discord, listed, 1, user="alice")
    assert "is empty" in refusal(discord.slash("mix show", user="bob"))
    add_picks(discord, listed, 2, 4, user="bob")
    assert "**B**" not in said(discord.slash("mix show", user="alice"))
    assert "**B**" in said(discord.slash("mix show", user="bob"))
    assert "is empty" in refusal(discord.slash("mix show", user="alice", dm=True))
    assert "is empty" in refusal(discord.slash("mix show", user="alice", channel="music"))


@pytest.mark.usefixtures("cleared")
def test_after_an_hour_it_is_empty_in_each_way_in(discord: World, listed: Json) -> None:
    add_picks(discord, listed, 1, 2)
    shown = discord.slash("mix show")["shown"]
    with closing(sqlite3.connect(discord.database)) as database:
        database.execute("UPDATE mix_sounds SET at = at - 3601")
        database.commit()
    for told in (discord.slash("mix show"), discord.press(shown, label="Mix these"), make(discord)):
        assert "is empty: what you add is kept for an hour" in refusal(told)
    assert "**B**" not in said(add_picks(discord, listed, 3))
    assert "**A**" in said(discord.slash("mix show"))


@pytest.mark.usefixtures("cleared")
def test_a_message_of_many_sounds_fills_it_with_those_that_can_be_heard(
    discord: World, broken: Path, tmp_path: Path
) -> None:
    songs = [write(tmp_path / f"{n}.wav", music(6, seed=n), 44_100) for n in range(6)]
    posted = discord.do("message", files=[file(it) for it in (broken, *songs)])
    told = said(discord.menu(ADD, posted, 120))
    assert "mix here: 5." in told and "Left out: notes.mp3." in told and "**E** · 4.wav" in told
    assert "A mix has 5 sounds at most. Left out: 1." in told


@pytest.mark.usefixtures("cleared")
def test_five_fit_and_a_sixth_says_so(discord: World, listed: Json, track: str) -> None:
    assert "**E**" in said(add_picks(discord, listed, 1, 2, 3, 4, 5))
    assert "no more fit" in refusal(discord.slash("mix add", options={"sound": track}))
    more = discord.press(listed, label="Another five")["shown"]
    assert "no more fit" in refusal(add_picks(discord, more, 1))
    assert "**E**" in said(discord.slash("mix show"))


@pytest.mark.usefixtures("cleared")
def test_what_is_no_pick_or_no_list_any_more_is_refused(discord: World, listed: Json) -> None:
    nothing = discord.do("message", content="no sound here")
    assert "no sound in that message" in refusal(discord.menu(ADD, nothing))
    assert "something to add" in refusal(discord.slash("mix add"))
    with closing(sqlite3.connect(discord.database)) as database:
        database.execute("DELETE FROM lists WHERE id = ?", (list_id(listed),))
        database.commit()
    assert "no longer know that list" in refusal(add_picks(discord, listed, 1))


@pytest.mark.usefixtures("cleared")
def test_it_is_spoken_in_korean(discord: World, listed: Json, broken: Path, track: str) -> None:
    user: Json = {"user": "hana", "locale": "ko"}
    shown = make(discord, sound=track, file=file(broken), **user)["shown"]
    text = str([embed.get("description") for embed in shown["embeds"]])
    assert "A에 가장 가까움" in text and "뺀 소리: notes.mp3" in text
    told = said(add_picks(discord, listed, 1, **user))
    assert "1개를 넣었습니다" in told and "한 시간" in told
    assert "비웠습니다" in said(discord.slash("mix clear", **user))
