"""What a person likes changes what that person hears next, and nobody else; all on Discord."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from soundmap.bundle.listener import Listener
from soundmap.taste.lists import NEAREST
from tests.helpers.waiting import until
from tests.scenarios.discord.seen import list_id, picks, urls
from tests.scenarios.discord.test_feedback import artists, hide
from tests.scenarios.discord.world import Json, World, file, world

LIKES = ("1️⃣", "2️⃣", "3️⃣", "4️⃣", "5️⃣")


@pytest.fixture(scope="module")
def discord(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(tmp_path_factory.mktemp("world")) as made:
        yield made


def listed(discord: World, demo: Path, user: str) -> Json:
    shown = discord.slash("recommend", options={"file": file(demo)}, user=user)["shown"]
    wait_for_reactions(discord, shown)
    return dict(shown)


def wait_for_reactions(discord: World, shown: Json) -> None:
    until(lambda: "👎" in discord.message(shown["id"])["reactions"], 30)


def n_votes(discord: World) -> int:
    return int(discord.rows("SELECT count(*) FROM votes")[0][0])


def react(discord: World, message: Json, emojis: tuple[str, ...], user: str, op: str) -> None:
    expected = n_votes(discord) + (len(emojis) if op == "add" else -len(emojis))
    for emoji in emojis:
        discord.do("reaction", message=message["id"], emoji=emoji, user=user, op=op)
    until(lambda: n_votes(discord) == expected, 30)


def test_five_votes_change_that_persons_list_only_and_taking_them_away_brings_it_back(
    discord: World, demo: Path
) -> None:
    first = listed(discord, demo, "ann")
    react(discord, first, LIKES, "ann", "add")
    hers, his = listed(discord, demo, "ann"), listed(discord, demo, "ben")
    assert urls(hers) != urls(first)
    assert urls(his) == urls(first)
    assert any("because you liked" in pick.reason for pick in picks(hers))
    react(discord, first, LIKES, "ann", "remove")
    assert urls(listed(discord, demo, "ann")) == urls(first)


def test_why_repeats_whom_a_pick_is_there_for_as_long_as_that_is_true(
    discord: World, demo: Path
) -> None:
    first = listed(discord, demo, "kim")
    react(discord, first, LIKES, "kim", "add")
    hers = listed(discord, demo, "kim")
    told = [pick.reason.partition(";")[0] for pick in picks(hers)]
    told = [reason for reason in told if "because you liked" in reason]
    why = [why_of(discord, hers, user) for user in ("kim", "ben")]
    assert told and all(reason in text for reason in told for text in why)
    react(discord, first, LIKES[:1], "kim", "remove")
    hide(discord, first, ["1", "2", "3", "4"], "kim")
    assert "because you liked" not in why_of(discord, hers, "kim")


def why_of(discord: World, shown: Json, user: str) -> str:
    return str(discord.press(shown, label="Why?", user=user)["shown"]["embeds"][0]["description"])


def test_two_likes_and_a_hidden_artist_change_nothing_but_who_is_hidden(
    discord: World, demo: Path
) -> None:
    first = listed(discord, demo, "hal")
    react(discord, first, LIKES[:2], "hal", "add")
    hide(discord, first, ["1"], "hal")
    shown = listed(discord, demo, "hal")
    assert urls(shown)[:4] == [url for url in urls(first) if url != urls(first)[1]]
    assert not any("because you liked" in pick.reason for pick in picks(shown))


def test_until_ten_votes_three_of_five_stay_and_nothing_comes_from_far_away(
    discord: World, demo: Path, listener: Listener
) -> None:
    rows = listener.catalog
    near = rows.nearest(listener.listen(demo).embedding, NEAREST, keep=rows.audible)[0]
    plain = latest = listed(discord, demo, "ivy")
    for votes in range(5, 21, 5):
        react(discord, latest, LIKES, "ivy", "add")
        shown = listed(discord, demo, "ivy")
        found = discord.rows(f"SELECT track_id FROM picks WHERE list_id = {list_id(shown)}")
        assert {track for (track,) in found} <= set(rows.track_ids[near].tolist())
        assert votes >= 10 or len({*urls(plain)} & {*urls(shown)}) >= 3
        latest = discord.press(shown, label="Another five", user="ivy")["shown"]
        wait_for_reactions(discord, latest)


def test_a_hidden_artist_is_no_reason_for_anything(discord: World, demo: Path) -> None:
    first = listed(discord, demo, "jon")
    react(discord, first, LIKES, "jon", "add")
    hidden = artists(first)[:4]
    hide(discord, first, ["0", "1", "2", "3"], "jon")
    for shown in (listed(discord, demo, "jon"), discord.slash("recommend", user="jon")["shown"]):
        text = str(shown["embeds"])
        assert len(picks(shown)) == 5 and not any(f"by {artist}" in text for artist in hidden)
        assert not set(artists(shown)) & set(hidden)


def test_whoever_is_forgotten_is_cold(discord: World, demo: Path) -> None:
    first = listed(discord, demo, "cara")
    react(discord, first, LIKES, "cara", "add")
    assert urls(listed(discord, demo, "cara")) != urls(first)
    discord.slash("mydata forget", user="cara")
    assert urls(listed(discord, demo, "cara")) == urls(first)


def test_what_was_rejected_is_not_shown_again(discord: World, demo: Path) -> None:
    first = listed(discord, demo, "dora")
    react(discord, first, ("👎",), "dora", "add")
    assert not set(urls(listed(discord, demo, "dora"))) & set(urls(first))


def test_with_no_sound_the_taste_answers_with_something_new_each_time(
    discord: World, demo: Path
) -> None:
    cold = discord.slash("recommend", user="eve")["shown"]
    assert "do not know your taste" in cold["content"] and cold["ephemeral_to"]
    first = listed(discord, demo, "eve")
    react(discord, first, LIKES[:3], "eve", "add")
    seen = set(urls(first))
    for _ in range(3):
        shown = discord.slash("recommend", user="eve")["shown"]
        assert "From your taste" in shown["embeds"][0]["title"]
        assert len(picks(shown)) == 5 and not seen & set(urls(shown))
        seen |= set(urls(shown))


def test_taste_is_shown_corrected_switched_and_reset_in_private(discord: World, demo: Path) -> None:
    first = listed(discord, demo, "fay")
    react(discord, first, LIKES, "fay", "add")
    shown = discord.slash("taste show", user="fay")["shown"]
    assert shown["ephemeral_to"] and "Votes so far: 5" in shown["embeds"][0]["description"]
    picture = discord.content(shown["files"][0])
    assert Image.open(io.BytesIO(picture)).width == 800
    menu = shown["components"][0]
    genre = next(option for option in menu["options"] if option["value"].startswith("genre:"))
    said = discord.press(shown, custom_id=menu["custom_id"], values=[genre["value"]], user="fay")
    assert genre["value"].removeprefix("genre:") in said["shown"]["content"]
    again = discord.slash("taste show", user="fay")["shown"]
    left = [o["value"] for part in again["components"] for o in part.get("options", [])]
    assert genre["value"] not in left
    restored = discord.slash("taste restore", user="fay")["shown"]
    assert "count again: 1" in restored["content"]
    discord.slash("taste off", user="fay")
    assert urls(listed(discord, demo, "fay")) == urls(first)
    assert "Switched off" in str(discord.slash("taste show", user="fay")["shown"]["embeds"])
    discord.slash("taste on", user="fay")
    assert "5 votes" in discord.slash("taste reset", user="fay")["shown"]["content"]
    assert "Nothing yet" in str(discord.slash("taste show", user="fay")["shown"]["embeds"])


def test_impressions_are_kept_with_their_propensity(discord: World, demo: Path) -> None:
    first = listed(discord, demo, "gil")
    for _ in range(2):
        react(discord, first, LIKES, "gil", "add")
        first = discord.press(first, label="Another five", user="gil")["shown"]
        wait_for_reactions(discord, first)
    rungs = {rung for (rung,) in discord.rows("SELECT rung FROM lists")}
    chances = [chance for (chance,) in discord.rows("SELECT propensity FROM picks")]
    assert {"plain", "rocchio", "bayes"} <= rungs
    assert all(0 < chance <= 1 for chance in chances) and min(chances) < 1
