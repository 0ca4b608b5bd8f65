"""Votes that a moderator takes away, that are made without the bot, and of other databases."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers.waiting import until
from tests.scenarios.discord.seen import list_id, picks
from tests.scenarios.discord.world import Json, World, file, react, unhurried

Votes = set[tuple[int, str, int]]


@pytest.fixture(scope="module")
def discord(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with unhurried(tmp_path_factory.mktemp("world")) as made:
        yield made


@pytest.fixture
def shown(discord: World, demo: Path) -> Json:
    """A fresh answer to alice, with all its reactions."""
    answer = discord.slash("recommend", options={"file": file(demo)})["shown"]
    until(lambda: len(discord.message(answer["id"])["reactions"]) == 7, 20)
    return dict(answer)


def become(discord: World, shown: Json, expected: Votes) -> None:
    names = {discord.person(user): user for user in ("alice", "bob", "carol", "probe-bot")}
    query = f"SELECT rank, person, value FROM votes WHERE list_id = {list_id(shown)}"

    def votes() -> Votes:
        return {(rank, names[person], value) for rank, person, value in discord.rows(query)}

    until(lambda: votes() == expected, 15)


@pytest.mark.parametrize("tone", ["", "🏻", "🏼", "🏽", "🏾", "🏿"])
def test_thumbs_of_every_skin_tone_count(discord: World, shown: Json, tone: str) -> None:
    react(discord, shown, f"👎{tone}")
    react(discord, shown, f"👍{tone}", user="bob")
    become(discord, shown, {(0, "alice", -1), (0, "bob", 1)})
    react(discord, shown, f"👎{tone}", op="remove")
    become(discord, shown, {(0, "bob", 1)})


def test_one_of_two_thumbs_taken_away_leaves_the_vote(discord: World, shown: Json) -> None:
    react(discord, shown, "👍", "👍🏽", "1️⃣")
    become(discord, shown, {(0, "alice", 1), (1, "alice", 1)})
    react(discord, shown, "👍🏽", "1️⃣", op="remove")
    become(discord, shown, {(0, "alice", 1)})
    react(discord, shown, "👍", op="remove")
    become(discord, shown, set())


def test_a_keycap_counts_with_and_without_its_color(discord: World, shown: Json) -> None:
    react(discord, shown, "2\u20e3")
    become(discord, shown, {(2, "alice", 1)})


def test_a_moderator_who_clears_all_reactions_takes_the_votes_away(
    discord: World, shown: Json
) -> None:
    react(discord, shown, "1️⃣", "👍")
    react(discord, shown, "👎", user="bob")
    become(discord, shown, {(1, "alice", 1), (0, "alice", 1), (0, "bob", -1)})
    discord.do("clear_reactions", message=shown["id"])
    become(discord, shown, set())


def test_a_moderator_who_clears_one_reaction_takes_those_votes_away(
    discord: World, shown: Json
) -> None:
    react(discord, shown, "1️⃣", "👍")
    react(discord, shown, "1️⃣", "👎", user="bob")
    both = {(1, "alice", 1), (0, "alice", 1), (1, "bob", 1), (0, "bob", -1)}
    become(discord, shown, both)
    discord.do("clear_reactions", message=shown["id"], emoji="1️⃣")
    become(discord, shown, {(0, "alice", 1), (0, "bob", -1)})
    discord.do("clear_reactions", message=shown["id"], emoji="👎")
    become(discord, shown, {(0, "alice", 1)})


def test_reactions_of_the_time_without_the_bot_are_read(discord: World, shown: Json) -> None:
    react(discord, shown, "1️⃣", "👍")
    react(discord, shown, "3️⃣", user="carol")
    become(discord, shown, {(1, "alice", 1), (0, "alice", 1), (3, "carol", 1)})
    discord.stop()
    react(discord, shown, "1️⃣", "👍", op="remove")
    react(discord, shown, "2️⃣", "👎🏽")
    react(discord, shown, "👍", user="bob")
    discord.start()
    away = {(2, "alice", 1), (0, "alice", -1), (0, "bob", 1), (3, "carol", 1)}
    become(discord, shown, away)


def test_super_reactions_are_votes_too(discord: World, shown: Json) -> None:
    for emoji, user in (("1️⃣", "alice"), ("👎", "bob")):
        discord.do("reaction", message=shown["id"], emoji=emoji, user=user, burst=True)
    become(discord, shown, {(1, "alice", 1), (0, "bob", -1)})
    discord.stop()
    discord.do("reaction", message=shown["id"], emoji="👎", user="bob", op="remove", burst=True)
    discord.do("reaction", message=shown["id"], emoji="2️⃣", user="carol", burst=True)
    react(discord, shown, "2️⃣", user="bob")
    discord.start()
    become(discord, shown, {(1, "alice", 1), (2, "carol", 1), (2, "bob", 1)})


def test_votes_of_a_list_whose_messages_were_deleted_at_once_stay(
    discord: World, shown: Json
) -> None:
    react(discord, shown, "1️⃣")
    become(discord, shown, {(1, "alice", 1)})
    discord.do("delete", messages=[shown["id"]])
    discord.stop()
    discord.start()
    discord.slash("about")
    become(discord, shown, {(1, "alice", 1)})


def test_reactions_cleared_while_the_bot_was_away_are_no_votes(discord: World, shown: Json) -> None:
    react(discord, shown, "4️⃣")
    become(discord, shown, {(4, "alice", 1)})
    discord.stop()
    discord.do("clear_reactions", message=shown["id"])
    discord.start()
    become(discord, shown, set())


@pytest.mark.parametrize("command", ["taste reset", "mydata forget"])
def test_what_was_taken_back_does_not_come_again_with_the_bot(
    discord: World, shown: Json, command: str
) -> None:
    react(discord, shown, "1️⃣", "👍", user="bob")
    become(discord, shown, {(1, "bob", 1), (0, "bob", 1)})
    discord.slash(command, user="bob")
    become(discord, shown, set())
    other = discord.slash("recommend", options={"link": "https://example.com"}, user="carol")
    discord.stop()
    discord.start()
    discord.slash("about")
    react(discord, shown, "5️⃣", user="carol")
    become(discord, shown, {(5, "carol", 1)})
    assert other


@pytest.mark.parametrize("backup", [True, False])
def test_old_buttons_and_reactions_lead_to_nobody_elses_list(
    tmp_path: Path, demo: Path, backup: bool
) -> None:
    with World(tmp_path) as discord:
        discord.do("config", rate_limits=False)
        discord.start()
        copy = tmp_path / "copy.db"
        assert discord.run("backup", str(copy)).returncode == 0
        old = discord.slash("recommend", options={"file": file(demo)})["shown"]
        discord.stop()
        for name in ("soundmap.db", "soundmap.db-wal", "soundmap.db-shm"):
            (tmp_path / name).unlink(missing_ok=True)
        if backup:
            shutil.copy(copy, tmp_path / "soundmap.db")
        discord.start()
        new = discord.slash("recommend", options={"file": file(demo)}, user="bob")["shown"]
        for label in ("Why?", "Another five", "More like #1", "Hide artist"):
            said = discord.press(old, label=label, user="carol")["shown"]
            assert "no longer know that list" in said["content"]
        discord.do("reaction", message=old["id"], emoji="👎", user="carol")
        react(discord, new, "👍", user="carol")
        become(discord, new, {(0, "carol", 1)})
        assert len(picks(new)) == 5 and len(discord.rows("SELECT * FROM votes")) == 1
