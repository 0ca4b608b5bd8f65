"""Votes, buttons and what is kept about a person, through a restart too."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers.waiting import until
from tests.scenarios.discord.seen import footer, labels, list_id, picks, urls
from tests.scenarios.discord.world import Json, World, file, react, unhurried

Votes = set[tuple[int, str, int]]


@pytest.fixture(scope="module")
def discord(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Without rate limits, for speed: every list gets seven reactions."""
    with unhurried(tmp_path_factory.mktemp("world")) as made:
        yield made


@pytest.fixture
def shown(discord: World, demo: Path) -> Json:
    """A fresh answer to alice."""
    return ask(discord, demo)


def ask(discord: World, sound: Path, user: str = "alice") -> Json:
    return dict(discord.slash("recommend", options={"file": file(sound)}, user=user)["shown"])


def votes(discord: World, shown: Json) -> Votes:
    """(rank, whose, value) of all votes on an answer."""
    query = f"SELECT rank, person, value FROM votes WHERE list_id = {list_id(shown)}"
    names = {discord.person(user): user for user in ("alice", "bob", "carol", "probe-bot")}
    return {(rank, names[person], value) for rank, person, value in discord.rows(query)}


def become(discord: World, shown: Json, expected: Votes) -> None:
    until(lambda: votes(discord, shown) == expected, 10)


def tracks(discord: World, shown: Json) -> set[int]:
    """Ids of its picks."""
    found = discord.rows(f"SELECT track_id FROM picks WHERE list_id = {list_id(shown)}")
    return {track for (track,) in found}


def press(discord: World, shown: Json, label: str, user: str = "alice") -> Json:
    return dict(discord.press(shown, label=label, user=user)["shown"])


# ---------------------------------------------------------------------- votes


def test_a_number_likes_a_pick_and_a_thumb_judges_the_list(discord: World, shown: Json) -> None:
    react(discord, shown, "1️⃣", "5️⃣", "👎")
    become(discord, shown, {(1, "alice", 1), (5, "alice", 1), (0, "alice", -1)})


def test_whoever_changes_their_mind_has_one_vote(discord: World, shown: Json) -> None:
    react(discord, shown, "👍")
    become(discord, shown, {(0, "alice", 1)})
    react(discord, shown, "👎")
    become(discord, shown, {(0, "alice", -1)})
    react(discord, shown, "👍", op="remove")
    react(discord, shown, "2️⃣")
    become(discord, shown, {(0, "alice", -1), (2, "alice", 1)})


def test_a_reaction_taken_away_takes_the_vote_away(discord: World, shown: Json) -> None:
    react(discord, shown, "3️⃣", "👍")
    become(discord, shown, {(3, "alice", 1), (0, "alice", 1)})
    react(discord, shown, "3️⃣", "👍", op="remove")
    become(discord, shown, set())


def test_everybody_votes_for_themselves(discord: World, shown: Json) -> None:
    react(discord, shown, "👍", "1️⃣")
    react(discord, shown, "👎", "1️⃣", user="bob")
    both = {(0, "alice", 1), (1, "alice", 1), (0, "bob", -1), (1, "bob", 1)}
    become(discord, shown, both)
    react(discord, shown, "1️⃣", user="bob", op="remove")
    become(discord, shown, both - {(1, "bob", 1)})


def test_other_reactions_and_the_bots_own_are_no_votes(discord: World, shown: Json) -> None:
    until(lambda: len(discord.message(shown["id"])["reactions"]) == 7, 30)
    react(discord, shown, "🎉", "9️⃣", "❤️")
    react(discord, shown, "4️⃣", user="bob")
    become(discord, shown, {(4, "bob", 1)})


def test_reactions_to_other_messages_are_no_votes(discord: World, shown: Json) -> None:
    said = discord.do("message", content="what a song", user="bob")
    (before,) = discord.rows("SELECT count(*) FROM votes")
    react(discord, said, "👍", "1️⃣")
    react(discord, shown, "👍")
    become(discord, shown, {(0, "alice", 1)})
    assert discord.rows("SELECT count(*) FROM votes") == [(before[0] + 1,)]


def test_votes_count_in_direct_messages_too(discord: World, demo: Path) -> None:
    answer = discord.post(demo, dm=True)
    react(discord, answer, "2️⃣")
    become(discord, answer, {(2, "alice", 1)})


# ---------------------------------------------------------------------- buttons


def test_more_like_a_pick_shows_what_is_new(discord: World, demo: Path) -> None:
    first = ask(discord, demo)
    second = press(discord, first, "More like #1")
    third = press(discord, second, "More like #3")
    pick = picks(first)[0]
    assert (
        pick.title in second["embeds"][0]["title"] and pick.artist in second["embeds"][0]["title"]
    )
    lists = [tracks(discord, answer) for answer in (first, second, third)]
    assert [len(found) for found in lists] == [5, 5, 5]
    assert len(set().union(*lists)) == 15


def test_another_five_never_repeats_itself(discord: World, shown: Json) -> None:
    seen, answer = [*urls(shown)], shown
    for _ in range(3):
        answer = press(discord, answer, "Another five")
        seen += urls(answer)
    assert len(seen) == len(set(seen)) == 20


def test_a_hidden_artist_is_hidden_from_that_person_only(discord: World, demo: Path) -> None:
    shown = ask(discord, demo, "bob")
    artist = picks(shown)[0].artist
    hide(discord, shown, ["0"], user="bob")
    assert artist not in artists(ask(discord, demo, "bob"))
    assert artist in artists(ask(discord, demo, "carol"))

    said = hide(discord, shown, [], user="bob")
    assert "None of these artists is hidden" in said["content"]
    assert artist in artists(ask(discord, demo, "bob"))


def hide(discord: World, shown: Json, chosen: list[str], user: str) -> Json:
    """Opens the menu and chooses; what is said then."""
    menu = press(discord, shown, "Hide artist", user)
    assert menu["ephemeral_to"] == discord.state()["users"][user]
    (select,) = menu["components"]
    assert [option["label"] for option in select["options"]] == artists(shown)
    said = discord.press(menu, custom_id=select["custom_id"], values=chosen, user=user)["shown"]
    assert said["ephemeral_to"] == menu["ephemeral_to"]
    return dict(said)


def artists(shown: Json) -> list[str]:
    return [re.sub(r"\\(.)", r"\1", pick.artist) for pick in picks(shown)]


def test_the_menu_knows_who_is_hidden_already(discord: World, shown: Json) -> None:
    said = hide(discord, shown, ["1", "3"], user="carol")
    assert artists(shown)[1] in said["content"] and artists(shown)[3] in said["content"]
    (select,) = press(discord, shown, "Hide artist", "carol")["components"]
    marked = [option["value"] for option in select["options"] if option.get("default")]
    assert marked == ["1", "3"]
    hide(discord, shown, [], user="carol")


def test_why_is_told_to_the_one_who_asks(discord: World, shown: Json) -> None:
    told = press(discord, shown, "Why?", "bob")
    text = told["embeds"][0]["description"]
    assert told["ephemeral_to"] == discord.state()["users"]["bob"]
    assert len(re.findall(r"distance \d+\.\d\d", text)) == 5
    assert all(pick.url in text for pick in picks(shown))


def test_a_second_tap_adds_no_vote(discord: World, shown: Json) -> None:
    query = f"SELECT rank FROM more_likes WHERE list_id = {list_id(shown)}"
    for _ in range(2):
        press(discord, shown, "More like #2")
    assert discord.rows(query) == [(2,)]
    press(discord, shown, "More like #2", "bob")
    assert discord.rows(query) == [(2,), (2,)]


def test_a_tap_on_a_list_nobody_remembers_is_answered(discord: World, shown: Json) -> None:
    discord.slash("mydata forget")
    for label in ("More like #1", "Another five", "Hide artist", "Why?"):
        told = press(discord, shown, label)
        assert told["ephemeral_to"] and "Post the sound again" in told["content"]


def test_all_of_it_outlives_a_restart(discord: World, shown: Json) -> None:
    react(discord, shown, "1️⃣")
    become(discord, shown, {(1, "alice", 1)})
    assert discord.stop() == 0
    discord.start()

    react(discord, shown, "1️⃣", op="remove")
    react(discord, shown, "👍", user="bob")
    become(discord, shown, {(0, "bob", 1)})
    more, another = (press(discord, shown, label) for label in ("More like #1", "Another five"))
    assert len(set(urls(more))) == len(set(urls(another))) == 5
    assert not (set(urls(more)) | set(urls(another))) & set(urls(shown))
    assert "distance" in press(discord, shown, "Why?")["embeds"][0]["description"]
    assert artists(shown)[2] in hide(discord, shown, ["2"], user="alice")["content"]
    hide(discord, shown, [], user="alice")


def test_a_menu_opened_before_a_restart_still_works(discord: World, shown: Json) -> None:
    menu = press(discord, shown, "Hide artist")
    discord.stop()
    discord.start()
    (select,) = menu["components"]
    said = discord.press(menu, custom_id=select["custom_id"], values=["4"])["shown"]
    assert artists(shown)[4] in said["content"]
    assert press(discord, shown, "Hide artist")["components"][0]["options"][4]["default"]
    hide(discord, shown, [], user="alice")


# ---------------------------------------------------------------------- what is kept


def test_mydata_shows_and_hands_over_what_is_kept(discord: World, demo: Path) -> None:
    made = ask(discord, demo, "dora")
    react(discord, made, "2️⃣", user="dora")
    press(discord, made, "More like #3", "dora")
    hide_first(discord, made, "dora")
    until(lambda: "votes: 1" in show(discord, "dora"), 10)
    assert all(it in show(discord, "dora") for it in ("asked for: 2", "like”: 1", "artists: 1"))

    told = discord.slash("mydata export", user="dora")["shown"]
    kept = json.loads(discord.content(told["files"][0]))
    assert told["ephemeral_to"] and told["files"][0]["filename"].endswith(".json")
    assert [len(kept["lists"]), len(kept["votes"]), len(kept["more_like"])] == [2, 1, 1]
    assert len(kept["lists"][0]["track_ids"]) == 5
    assert [it["artist"] for it in kept["hidden_artists"]] == artists(made)[:1]


def show(discord: World, user: str) -> str:
    told = discord.slash("mydata show", user=user)["shown"]
    assert told["ephemeral_to"]
    return str(told["content"])


def hide_first(discord: World, shown: Json, user: str) -> None:
    menu = press(discord, shown, "Hide artist", user)
    (select,) = menu["components"]
    discord.press(menu, custom_id=select["custom_id"], values=["0"], user=user)


def test_forget_leaves_no_trace(discord: World, demo: Path) -> None:
    made = ask(discord, demo, "emil")
    react(discord, made, "👍", "1️⃣", user="emil")
    react(discord, made, "👎", user="bob")
    press(discord, made, "More like #1", "emil")
    hide_first(discord, made, "emil")
    until(lambda: "votes: 2" in show(discord, "emil"), 10)
    key = discord.person("emil")
    assert traces(discord, key)

    told = discord.slash("mydata forget", user="emil")["shown"]
    assert told["ephemeral_to"] and "votes: 2" in told["content"]
    assert traces(discord, key) == []
    assert "asked for: 0" in show(discord, "emil")
    assert votes_of(discord, "bob") > 0


def traces(discord: World, key: str) -> list[str]:
    """Tables and files in which a person's key is found."""
    tables = discord.rows("SELECT name FROM sqlite_master WHERE type = 'table'")
    found = [table for (table,) in tables if key in str(discord.rows(f'SELECT * FROM "{table}"'))]
    files = discord.folder.glob(f"{discord.database.name}*")
    return found + [path.name for path in files if key.encode() in path.read_bytes()]


def votes_of(discord: World, user: str) -> int:
    person = discord.person(user)
    return int(discord.rows(f"SELECT count(*) FROM votes WHERE person = '{person}'")[0][0])


# ---------------------------------------------------------------------- words


def test_about_is_six_lines_with_an_honest_accuracy(discord: World) -> None:
    told = discord.slash("about")["shown"]
    lines = told["embeds"][0]["description"].splitlines()
    assert told["ephemeral_to"] and len(lines) == 6
    assert re.search(r"\d+\.\d% of \d+ validation tracks .*guessing 12\.5%", lines[2])


def test_help_names_every_command(discord: World) -> None:
    text = discord.slash("help")["shown"]["embeds"][0]["description"]
    for command in discord.state()["commands"]:
        assert command["name"] in text or command["name"] == "help"


@pytest.mark.parametrize("command", ["about", "help", "mydata show", "mydata forget"])
def test_koreans_are_told_in_korean(discord: World, command: str) -> None:
    told = discord.slash(command, locale="ko", user="hana")["shown"]
    text = told["content"] or told["embeds"][0]["description"]
    assert all(re.search("[가-힣]", line) for line in text.splitlines())


def test_koreans_are_answered_in_korean(discord: World, demo: Path) -> None:
    made = discord.slash("recommend", options={"file": file(demo)}, locale="ko", user="hana")
    answer = made["shown"]
    assert "음악" in answer["embeds"][1]["title"] and "곡 추천" in footer(answer)
    assert all(re.search("[가-힣]", pick.reason) for pick in picks(answer))
    assert all(re.search("[가-힣]", label) for label in labels(answer))
    refused = discord.slash("recommend", locale="ko", user="hana")["shown"]
    assert "취향을 모릅니다" in refused["content"]
