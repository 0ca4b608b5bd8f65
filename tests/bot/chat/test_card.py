"""What is shown of music by strangers, who may call it anything."""

from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import discord
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.discord.card import (
    MAX_PLAIN,
    Card,
    answer_card,
    credits_card,
    picks_text,
    why_embed,
)
from bot.discord.markdown import link, neutral
from bot.discord.reply import InteractionReply
from bot.discord.sending import may_send
from bot.types import Answer
from soundmap.catalog.searches import search_of
from soundmap.types import Analysis, Pick, Reason, Recommendation, Track, Traits

TRAITS = Traits(120, 1_500, 0.4, 10, 0.02)
REASONS = (
    Reason("shared_genre", {"genre": "Experimental", "yours": 0.5, "theirs": 0.6}),
    Reason("double_tempo", {"yours": 120.0, "theirs": 60.0}),
    Reason("high_bass_share", {"yours": 0.5, "theirs": 0.6}),
)
EVIL = {
    "markdown": "**bold** __under__ ~~gone~~ `code` ||secret||",
    "a link": "[click](http://evil.example)",
    "the end of a link": "](http://evil.example)",
    "marks inside a link": "[**bold** _x_](y)",
    "everybody": "@everyone @here <@1> <@&2> <#3>",
    "an address": "HTTP://evil.example www.evil.example WWW.evil.example",
    "an invitation": "discord.gg/evil",
    "a heading": "# Loud",
    "a list": "- item",
    "a quotation": ">>> all that follows",
    "lines": "one\ntwo\r\nthree\u2028four",
    "backticks": "```\nblock\n```",
    "zero width": "a\u200b\u200c\u200d\ufeffb",
    "right to left": "\u202egnp.exe\u2066",
    "backslashes": "\\" * 5,
    "an asterisk too many": "M*A*S*H *",
    "a blank letter": "\u3164",
    "nothing": "",
    "only spaces": " \t ",
    "Korean": "봄날의 노래 (라이브)",
    "500 letters": "long " * 100,
    "500 signs": "*" * 500,
    "500 brackets": "](" * 250,
}
URLS = (
    "https://freemusicarchive.org/music/a/b",
    "https://freemusicarchive.org/" + "x" * 480,
    "https://example.com/a_(b)*c*<d> e`f",
    "javascript:alert(1)",
)


def track(title: str, artist: str = "Somebody", url: str = URLS[0]) -> Track:
    return Track(7, title, artist, "Rock", (), "CC BY-NC-ND 3.0 United States", "", url, TRAITS)


def found(*tracks: Track) -> Recommendation:
    analysis = Analysis(
        bundle_id="test",
        clip_sha256="",
        seconds=30,
        labels=("Folk", "Rock"),
        probabilities=np.array([0.3, 0.7], np.float32),
        embedding=np.zeros(40, np.float32),
        traits=TRAITS,
        sure=True,
    )
    picks = [Pick(rank, it, 1.0, REASONS) for rank, it in enumerate(tracks, start=1)]
    return Recommendation(analysis, tuple(picks))


def card(*tracks: Track, seed: Track | None = None, language: str = "en") -> Card:
    return answer_card(Answer(1, found(*tracks), b"png", 0.5, seed), "test-1", language)


def letters(card: Card) -> int:
    return sum(map(len, card.embeds))


def read(text: str) -> str:
    """What Discord shows of escaped text."""
    return re.sub(r"\\(.)", r"\1", text).replace("\u200b", "")


def active(text: str) -> str:
    """The signs in a text that are not escaped."""
    return re.sub(r"[^*_~|`\[\]()<>\\]", "", re.sub(r"\\.", "", text))


# ---------------------------------------------------------------------- names


@pytest.mark.parametrize("name", EVIL.values(), ids=EVIL.keys())
def test_a_name_means_nothing_but_itself(name: str) -> None:
    shown = neutral(name, 50)
    assert active(shown) == ""
    assert not re.search(r"@(?!\u200b)|://|www\.(?!\u200b)|discord\.(?!\u200b)", shown, re.I)
    assert not re.match(r"[#>+-]", shown)
    assert len(shown.splitlines()) <= 1
    assert len(read(shown)) <= 50


@given(st.text(max_size=80))
def test_no_name_escapes_whatever_it_is(name: str) -> None:
    shown = neutral(name, 60)
    assert active(shown) == "" and len(shown.splitlines()) <= 1 and len(shown) <= 121
    assert read(shown) == read(neutral(read(shown), 60))


def test_an_honest_name_is_shown_as_it_is() -> None:
    assert neutral("봄날의 노래", 50) == "봄날의 노래"
    assert read(neutral("[DSR 7001] B*tch (feat. J▲)", 50)) == "[DSR 7001] B*tch (feat. J▲)"
    assert neutral("a" * 60, 10) == "a" * 9 + "…"
    assert neutral("one\n\n two", 50) == "one two"


def test_what_hides_or_reverses_is_taken_out() -> None:
    assert neutral("\u202eabc\u200b\u2066", 50) == "abc"
    assert neutral("\u3164\u2800", 50) == ""


# ---------------------------------------------------------------------- addresses


@pytest.mark.parametrize("url", URLS)
def test_an_address_cannot_end_its_link(url: str) -> None:
    made = link("text", url)
    assert made == "text" or re.fullmatch(r"\[text\]\(https://[^\s()<>*`\[\]]+\)", made)


def test_only_web_addresses_that_fit_are_linked() -> None:
    assert link("text", "javascript:alert(1)") == "text"
    assert link("text", URLS[1]) == "text"
    assert (
        link("text", "https://a.b/?q=%EB%B4%84&p=a+b") == "[text](https://a.b/?q=%EB%B4%84&p=a+b)"
    )


# ---------------------------------------------------------------------- cards


@pytest.mark.parametrize("name", EVIL.values(), ids=EVIL.keys())
@pytest.mark.parametrize("language", ["en", "ko"])
def test_ten_picks_fit_whatever_they_are_called(name: str, language: str) -> None:
    for url in URLS:
        tracks = [track(name, name, url)] * 10
        made = card(*tracks, seed=tracks[0], language=language)
        heard, shown = made.embeds
        assert letters(made) <= 6_000
        assert len(heard.title or "") <= 256 and 0 < len(shown.description or "") <= 4_096
        assert all_whole(shown.description or "", 10, url)
        why = why_embed(Answer(1, found(*tracks), None, 0.0), language)
        assert len(why) <= 6_000 and all_whole(why.description or "", 10, url)


def all_whole(text: str, n: int, url: str) -> bool:
    """Whether every pick is there, with its link from bracket to bracket."""
    if not url.startswith("http") or url == URLS[1]:
        return len(re.findall(r"^\*\*\d+\. .+\*\* · .+$", text, re.M)) == n
    return len(re.findall(r"^\*\*\d+\. \[.+\]\(https://[^\s()]+\)\*\* · .+$", text, re.M)) == n


def searched(title: str = "Alice", artist: str = "Ann", license_: str = "") -> Track:
    found = track(title, artist, "")
    return replace(found, search_url=search_of(artist, title), license=license_)


@pytest.mark.parametrize(
    ("language", "page", "search", "note"),
    [
        (
            "en",
            "🔗 page",
            "🔍 [search](",
            "License not known: 1, 3. Treat such music as CC BY-NC-ND",
        ),
        ("ko", "🔗 페이지", "🔍 [검색](", "라이선스를 알 수 없는 곡: 1, 3. CC"),
    ],
)
def test_a_search_looks_like_one_and_an_unknown_license_is_said_once(
    language: str, page: str, search: str, note: str
) -> None:
    tracks = searched(), track("Bob"), searched("Cy")
    made = card(*tracks, language=language)
    for text in (made.embeds[-1].description or "", made.without_embeds().text):
        assert text.count(search) == 2 and text.count(page) == 1
        assert text.count("](https://freemusicarchive.org/search?quicksearch=Ann+") == 2
        assert text.count(note) == 1 and "?" not in text.replace("search?", "")
        assert text.index(note) > text.index("Cy")


@pytest.mark.parametrize("name", EVIL.values(), ids=EVIL.keys())
def test_credits_are_lines_to_copy_whatever_they_credit(name: str) -> None:
    made = credits_card(found(*[searched(name, name, "CC BY 4.0")] * 10), "en")
    (embed,) = made.embeds
    text = embed.description or ""
    assert len(text) <= 4_096 and text.count("```") % 2 == 0
    blocks = text.split("```")[1::2]
    assert len(blocks) == 10 or "`/credit`" in text
    for block in blocks:
        assert len(block.strip().splitlines()) == 1
        assert block.strip().startswith("“") and "CC BY 4.0" in block and "`" not in block


def test_ordinary_picks_keep_all_their_reasons() -> None:
    text = picks_text(found(*[track("Alice", "Humble Tripe")] * 5), "en")
    assert text.count("same beat at double time") == text.count("heavy in the bass") == 5


def test_the_plain_form_holds_whole_picks_and_the_small_print() -> None:
    for name in EVIL.values():
        plain = card(*[track(name, name, URLS[1])] * 10).without_file().without_embeds()
        assert plain.embeds == () and len(plain.text) <= MAX_PLAIN < 2_000 - len(
            "<@1234567890123456789> "
        )
        assert plain.text.splitlines()[-1].startswith("-# test-1 · 0.5 s")
        assert plain.text.count("CC BY-NC-ND") >= 4


def test_the_plain_form_of_an_ordinary_answer_is_complete() -> None:
    tracks = [track("Turnin Clouds into Mountains", "Mr. & Mrs. Smith")] * 5
    plain = card(*tracks).without_file().without_reactions().without_embeds()
    assert plain.text.count("](https://") == 5
    for missing in ("embed links", "attach files", "react"):
        assert f"I may not {missing} here" in plain.text


def test_without_its_picture_the_genres_are_said_in_words() -> None:
    bare = card(track("Alice")).without_file()
    assert bare.files() == [] and bare.embeds[0].image.url is None
    assert (bare.embeds[0].description or "").startswith("Rock 70% · Folk 30%")


def test_every_attempt_at_sending_gets_the_picture_anew() -> None:
    made = replace(card(track("Alice")), data=b"a picture")
    sent = [made.files()[0].fp.read() for _ in range(2)]
    assert sent == [b"a picture", b"a picture"]
    assert isinstance(made.files()[0].fp, BytesIO)


# ---------------------------------------------------------------------- places


def interaction(guild: int | None, member: bool, permissions: discord.Permissions) -> Any:
    return SimpleNamespace(
        guild_id=guild,
        locale=discord.Locale.american_english,
        context=discord.app_commands.AppCommandContext(dm_channel=member and guild is None),
        is_guild_integration=lambda: member,
        client=SimpleNamespace(permissions_in=lambda _: permissions),
    )


def test_votes_are_offered_only_where_the_bot_is_a_member() -> None:
    everything, nothing = discord.Permissions.all(), discord.Permissions.none()
    for guild in (1, None):
        assert InteractionReply(interaction(guild, True, everything)).may_react
        assert not InteractionReply(interaction(guild, False, everything)).may_react
    assert not InteractionReply(interaction(1, True, nothing)).may_react


def test_threads_have_a_leave_of_their_own() -> None:
    thread = object.__new__(discord.Thread)
    channel = object.__new__(discord.TextChannel)
    only_channels = discord.Permissions(send_messages=True)
    assert may_send(channel, only_channels) and not may_send(thread, only_channels)
    assert may_send(thread, discord.Permissions(send_messages_in_threads=True))
