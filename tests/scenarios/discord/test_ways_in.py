"""Every way in answers with five picks for a real sound, or says why it does not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from soundmap.bundle.listener import Listener
from tests.helpers.sounds import music, write
from tests.helpers.waiting import until
from tests.scenarios.discord.seen import footer, labels, picks, urls, within_limits
from tests.scenarios.discord.world import Json, World, file, world

EMBED_LINKS, ATTACH_FILES, ADD_REACTIONS = 1 << 14, 1 << 15, 1 << 6
SEND_MESSAGES, READ_HISTORY, MANAGE_CHANNELS = 1 << 11, 1 << 16, 1 << 4
OFFERED = {"1️⃣", "2️⃣", "3️⃣", "4️⃣", "5️⃣", "👍", "👎"}
SIMILAR, WHICH = "Find similar music", "What genre is this?"


@pytest.fixture(scope="module")
def discord(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(tmp_path_factory.mktemp("world")) as made:
        yield made
        made.do("permissions", allow=None)
        assert troubles(made) == []
        assert reactions_in_vain(made) == []
        assert made.leftovers() == []
        assert "Traceback" not in made.log()


@pytest.fixture(scope="module")
def voice(tmp_path_factory: pytest.TempPathFactory) -> Json:
    """A voice message, as phones send it."""
    path = tmp_path_factory.mktemp("voice") / "voice-message.ogg"
    return {**file(write(path, music(4, 48_000), 48_000)), "content_type": "audio/ogg"}


@pytest.fixture
def rights(discord: World) -> Iterator[int]:
    """What everybody may do in the server's channels, as it is before and after the test."""
    usual = discord.do("permissions", allow=None)["allow"]
    yield usual
    discord.do("permissions", allow=None)


def troubles(discord: World) -> list[Json]:
    """What Discord would not have taken; to be slowed down is no trouble."""
    return [it for it in discord.see("problems") if it["kind"] != "rate limit hit"]


def reactions_in_vain(discord: World) -> list[str]:
    """Attempts to react to answers that say the bot may not."""
    paths = [it["path"] for it in discord.see("requests") if "/reactions/" in it["path"]]
    bare = [
        it["id"]
        for it in discord.see("messages?author=bot")
        if it["embeds"] and "may not react" in it["embeds"][-1].get("footer", {}).get("text", "")
    ]
    return [path for path in paths if any(f"/{number}/" in path for number in bare)]


def recommend(discord: World, demo: Path, **options: object) -> Json:
    made = discord.slash("recommend", options={"file": file(demo), **options})
    assert made["ack_ms"] < 3_000
    return dict(made["shown"])


def refusal(made: Json) -> str:
    """What a person alone is told."""
    shown = made["shown"]
    assert shown["ephemeral_to"] and not shown["embeds"]
    return str(shown["content"])


def is_answer(shown: Json, n: int = 5) -> bool:
    return len(picks(shown)) == n and len(shown["embeds"]) == 2 and within_limits(shown)


# ---------------------------------------------------------------------- the answer


def test_a_file_is_answered_with_a_picture_and_five_picks(discord: World, demo: Path) -> None:
    shown = recommend(discord, demo)
    heard, _ = shown["embeds"]
    assert is_answer(shown) and not shown["ephemeral_to"]
    assert re.search(r"(Heard as|Not sure; most like) [\w-]+ \(\d+%\)", heard["title"])
    assert heard["image"]["url"] == shown["files"][0]["url"]
    assert [pick.rank for pick in picks(shown)] == [1, 2, 3, 4, 5]
    assert all(pick.title and pick.artist and pick.kind and pick.reason for pick in picks(shown))
    assert len({pick.artist for pick in picks(shown)}) == 5


def test_its_small_print_names_the_model_and_the_time(
    discord: World, demo: Path, listener: Listener
) -> None:
    text = footer(recommend(discord, demo))
    assert text.startswith(listener.manifest.id)
    assert re.search(r"· \d+\.\d s ·", text)


def test_its_picture_can_be_looked_at_and_read_aloud(discord: World, demo: Path) -> None:
    sent, _ = recommend(discord, demo)["files"]
    picture = Image.open(BytesIO(discord.content(sent)))
    picture.load()
    assert picture.format == "PNG"
    assert 400 <= picture.width <= 1_200 and 300 <= picture.height <= 1_200
    assert 5_000 < sent["size"] < 500_000
    assert re.search(r"[\w-]+ \d+%", sent["description"])


def test_votes_are_offered_below_it(discord: World, demo: Path) -> None:
    shown = recommend(discord, demo)
    until(lambda: set(discord.message(shown["id"])["reactions"]) == OFFERED, 20)
    assert labels(shown) == [
        *(f"More like #{rank}" for rank in range(1, 6)),
        *("Another five", "Credits", "Hide artist", "Playlist", "Why?"),
    ]


# ---------------------------------------------------------------------- /recommend


@pytest.mark.parametrize("count", [1, 10])
def test_as_many_tracks_as_were_asked_for(discord: World, demo: Path, count: int) -> None:
    shown = recommend(discord, demo, count=count)
    assert is_answer(shown, count)
    assert f"Another {count}" in labels(shown)


def test_a_genre_is_completed_and_taken_in_any_case(discord: World, demo: Path) -> None:
    offered = discord.do("autocomplete", command="recommend", option="genre", value="HIP")
    assert [choice["value"] for choice in offered["choices"]] == ["Hip-Hop"]
    shown = recommend(discord, demo, genre="hip-hop")
    assert {pick.genre for pick in picks(shown)} == {"Hip-Hop"}


def test_all_genres_are_offered_before_anything_is_typed(
    discord: World, listener: Listener
) -> None:
    offered = discord.do("autocomplete", command="recommend", option="genre", value="")
    assert [it["value"] for it in offered["choices"]] == list(listener.manifest.labels)


def test_an_unknown_genre_is_refused_with_those_there_are(
    discord: World, demo: Path, listener: Listener
) -> None:
    made = discord.slash("recommend", options={"file": file(demo), "genre": "Polka"})
    assert all(label in refusal(made) for label in listener.manifest.labels)


def test_permissive_means_music_one_may_build_on(discord: World, demo: Path) -> None:
    shown = recommend(discord, demo, license="permissive", count=10)
    assert is_answer(shown, 10)
    assert all(re.match(r"CC0|Public Domain|CC BY(?!-)", pick.license) for pick in picks(shown))


def test_roaming_wider_finds_other_music(discord: World, demo: Path) -> None:
    closer, wider = (urls(recommend(discord, demo, roam=roam)) for roam in ("closer", "wider"))
    assert wider[0] == closer[0]
    assert not set(closer[1:]) & set(wider[1:])


def test_one_sound_must_be_given_and_not_two(discord: World, demo: Path) -> None:
    for command, neither in (("recommend", "do not know your taste"), ("genre", "attach a `file`")):
        both = discord.slash(command, options={"file": file(demo), "link": "https://example.com"})
        assert neither in refusal(discord.slash(command))
        assert "not both" in refusal(both)


@pytest.mark.parametrize(
    ("link", "sentence"), [("a song", "Give me a link"), ("file:///etc/passwd", "Give me a link")]
)
def test_what_is_no_link_is_refused(discord: World, link: str, sentence: str) -> None:
    assert sentence in refusal(discord.slash("recommend", options={"link": link}))


def test_a_link_into_a_private_network_is_not_followed(discord: World, demo: Path) -> None:
    posted = discord.do("message", files=[file(demo)])
    made = discord.slash("recommend", options={"link": posted["files"][0]["url"]})
    assert "private network" in refusal(made)


def test_a_file_that_is_no_sound_is_refused_in_private(discord: World) -> None:
    made = discord.slash("recommend", options={"file": {"filename": "a.mp3", "text": "hello"}})
    assert "not audio" in refusal(made)
    assert made["response"]["ephemeral_to"] or made["response"]["deleted"]


# ---------------------------------------------------------------------- /genre, menus


def test_genre_answers_with_a_picture_and_no_picks(discord: World, demo: Path) -> None:
    shown = discord.slash("genre", options={"file": file(demo)})["shown"]
    (heard,) = shown["embeds"]
    assert heard["image"]["url"] == shown["files"][0]["url"]
    assert "(" in heard["title"] and picks(shown) == [] and labels(shown) == []
    assert re.fullmatch(r"[\w-]+ · \d+\.\d s", footer(shown))


def test_the_menu_of_a_message_with_a_sound_answers(discord: World, demo: Path) -> None:
    posted = discord.do("message", files=[file(demo)], user="bob")
    assert is_answer(discord.menu(SIMILAR, posted)["shown"])
    (heard,) = discord.menu(WHICH, posted)["shown"]["embeds"]
    assert heard["image"]


def test_the_menu_of_a_message_without_a_sound_says_so(discord: World) -> None:
    posted = discord.do("message", content="la la la", user="bob")
    for command in (SIMILAR, WHICH):
        assert "no sound in that message" in refusal(discord.menu(command, posted))


# ---------------------------------------------------------------------- messages


def test_a_sound_posted_with_a_mention_is_answered(discord: World, demo: Path) -> None:
    shown = discord.post(demo, mention_bot=True, user="bob")
    assert is_answer(shown) and shown["files"]
    assert discord.state()["users"]["bob"] in shown["mentions"]


def test_a_sound_in_a_direct_message_is_answered(discord: World, demo: Path) -> None:
    shown = discord.post(demo, dm=True, user="bob")
    assert is_answer(shown) and shown["channel"] == "dm"


def test_a_voice_message_counts_as_sound(discord: World, voice: Json) -> None:
    posted = discord.do("message", files=[voice], dm=True, user="bob")
    assert is_answer(until(lambda: discord.replies_to(posted["id"]), 30)[0])


def test_of_several_sounds_the_first_is_heard_and_that_is_said(
    discord: World, demo: Path, voice: Json
) -> None:
    posted = discord.do("message", files=[voice, file(demo)], mention_bot=True, user="carol")
    shown = until(lambda: discord.replies_to(posted["id"]), 30)[0]
    assert "voice-message.ogg" in shown["embeds"][0]["description"]


def test_what_is_not_meant_for_the_bot_is_left_alone(discord: World, demo: Path) -> None:
    overheard = discord.do("message", files=[file(demo)], user="bob", channel="music")
    discord.post(demo, mention_bot=True, user="carol", channel="music")
    assert discord.replies_to(overheard["id"]) == []


def test_a_sound_that_cannot_be_heard_is_answered_with_the_reason(discord: World) -> None:
    note = {"filename": "a.wav", "text": "not a sound"}
    posted = discord.do("message", files=[note], mention_bot=True, user="bob")
    shown = until(lambda: discord.replies_to(posted["id"]), 30)[0]
    assert "not audio" in shown["content"]


def test_only_a_manager_switches_listening_on(discord: World, demo: Path, rights: int) -> None:
    assert "may manage this channel" in refusal(discord.slash("listen on", channel="music"))
    discord.do("permissions", allow=rights | MANAGE_CHANNELS)
    said = discord.slash("listen on", channel="music")["shown"]
    assert "every audio file" in said["content"] and not said["ephemeral_to"]
    assert is_answer(discord.post(demo, user="bob", channel="music"))

    discord.slash("listen off", channel="music")
    overheard = discord.do("message", files=[file(demo)], user="bob", channel="music")
    discord.post(demo, mention_bot=True, user="carol", channel="music")
    assert discord.replies_to(overheard["id"]) == []


def test_videos_are_heard_when_asked_and_not_overheard(
    discord: World, demo: Path, rights: int
) -> None:
    discord.do("permissions", allow=rights | MANAGE_CHANNELS)
    discord.slash("listen on", channel="music")
    video = {**file(demo), "filename": "clip.mp4", "content_type": "video/mp4"}
    overheard = discord.do("message", files=[video], user="bob", channel="music")
    asked = discord.do("message", files=[video], user="bob", channel="music", mention_bot=True)
    until(lambda: discord.replies_to(asked["id"]), 30)
    assert discord.replies_to(overheard["id"]) == []
    discord.slash("listen off", channel="music")


# ---------------------------------------------------------------------- missing permissions


def test_without_leave_to_embed_the_answer_is_text(discord: World, demo: Path, rights: int) -> None:
    discord.do("permissions", allow=rights & ~EMBED_LINKS)
    shown = discord.post(demo, mention_bot=True)
    assert shown["content"].startswith("I may not embed links here")
    assert shown["embeds"] == [] and len(picks(shown)) == 5 and shown["files"]
    assert "👍" in shown["content"].splitlines()[-1]


def test_without_leave_to_attach_the_picture_is_said_to_be_missing(
    discord: World, demo: Path, rights: int
) -> None:
    discord.do("permissions", allow=rights & ~ATTACH_FILES)
    shown = discord.post(demo, mention_bot=True)
    heard = shown["embeds"][0]
    assert "I may not attach files here" in heard["description"]
    assert re.search(r"[\w-]+ \d+%", heard["description"])
    assert is_answer(shown) and shown["files"] == [] and not heard.get("image")


@pytest.mark.parametrize("missing", [ADD_REACTIONS, READ_HISTORY])
def test_without_leave_to_react_the_answer_says_so_and_buttons_stay(
    discord: World, demo: Path, rights: int, missing: int
) -> None:
    discord.do("permissions", allow=rights & ~missing)
    for shown in (recommend(discord, demo), posted_and_answered(discord, demo)):
        assert is_answer(shown) and "Why?" in labels(shown)
        assert footer(shown).endswith("I may not react here; the buttons work.")
        assert discord.message(shown["id"])["reactions"] == {}


def posted_and_answered(discord: World, demo: Path) -> Json:
    """The bot's next message: without leave to read, it is no reply."""
    known = {it["id"] for it in discord.see("messages?author=bot")}
    discord.do("message", files=[file(demo)], mention_bot=True)

    def new() -> list[Json]:
        return [it for it in discord.see("messages?author=bot") if it["id"] not in known]

    return until(new, 30)[0]


def test_with_leave_for_nothing_but_words_the_picks_still_come(
    discord: World, demo: Path, rights: int
) -> None:
    discord.do("permissions", allow=rights & ~(EMBED_LINKS | ATTACH_FILES | ADD_REACTIONS))
    shown = discord.post(demo, mention_bot=True)
    assert len(picks(shown)) == 5 and shown["files"] == [] and shown["embeds"] == []
    for what in ("embed links", "attach files", "react"):
        assert f"I may not {what} here" in shown["content"]


def test_without_leave_to_speak_the_bot_keeps_silent_and_the_log_says_so(
    discord: World, demo: Path, rights: int
) -> None:
    discord.do("permissions", allow=rights & ~SEND_MESSAGES)
    overheard = discord.do("message", files=[file(demo)], mention_bot=True)
    until(lambda: "no permission to answer in channel" in discord.log(), 10)
    assert discord.replies_to(overheard["id"]) == []
    assert is_answer(discord.menu(SIMILAR, overheard)["shown"])


# ---------------------------------------------------------------------- what is registered


def test_commands_are_for_servers_and_for_a_person_alone(discord: World) -> None:
    commands = {it["name"]: it for it in discord.state()["commands"]}
    assert set(commands) == {
        *("recommend", "genre", "map", "path", "listen", "taste", "catalog", "mydata"),
        *("clean", "credit", "mix", "about", "help", SIMILAR, WHICH, "Add to mix"),
    }
    for name, command in commands.items():
        everywhere = name != "listen"  # which is about a server's channel
        assert command["contexts"] == ([0, 1, 2] if everywhere else [0])
        assert command["integration_types"] == ([0, 1] if everywhere else [0])


def test_commands_are_described_in_korean_too(discord: World) -> None:
    def described(parts: list[Json]) -> Iterator[Json]:
        for part in parts:
            if part.get("type") != 3 or "options" not in part:
                yield part
            yield from described(part.get("options") or [])
            yield from described(part.get("choices") or [])

    for part in described(discord.state()["commands"]):
        kind = "description" if part.get("description") else "name"
        assert re.search("[가-힣]", part[f"{kind}_localizations"]["ko"]), part["name"]


# ---------------------------------------------------------------------- without the intent


def test_without_the_message_content_intent_all_but_listening_works(
    tmp_path: Path, demo: Path, rights: int
) -> None:
    with World(tmp_path) as discord:
        discord.do("config", allowed_privileged=0)
        discord.start()
        assert "Message Content intent is not switched on" in discord.log()
        discord.do("permissions", allow=rights | MANAGE_CHANNELS)
        assert "Until then, mention me" in discord.slash("listen on")["shown"]["content"]
        overheard = discord.do("message", files=[file(demo)], user="bob")
        assert is_answer(discord.post(demo, mention_bot=True))
        assert is_answer(discord.post(demo, dm=True))
        assert discord.replies_to(overheard["id"]) == []
        assert is_answer(discord.menu(SIMILAR, overheard)["shown"])
        assert troubles(discord) == []


@pytest.fixture(scope="module")
def song(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sound of 1:40."""
    return write(tmp_path_factory.mktemp("song") / "song.wav", music(100, 8_000), 8_000)


def test_a_song_is_heard_all_over_and_a_part_of_it_where_it_is_asked(
    discord: World, song: Path
) -> None:
    whole = recommend(discord, song)
    assert "Listened throughout: 90 s of 1:40" not in str(whole["embeds"])  # one piece
    assert "Listened from 0:05 to 1:35 of 1:40." in whole["embeds"][0]["description"]
    part = recommend(discord, song, start="0:40")
    assert "Listened from 0:40 to 1:10 of 1:40." in part["embeds"][0]["description"]
    made = discord.slash("genre", options={"file": file(song), "start": "10"}, locale="ko")
    assert "1:40 중 0:10부터 0:40까지" in made["shown"]["embeds"][0]["description"]


def test_a_start_that_is_no_time_or_behind_the_end_is_said(discord: World, song: Path) -> None:
    for start, words in (("soon", "no time within a sound"), ("5:00", "only 1:40 long")):
        assert words in str(recommend(discord, song, start=start))
    made = discord.slash("recommend", options={"start": "1:00"})
    assert "listen to" in str(made["shown"])
