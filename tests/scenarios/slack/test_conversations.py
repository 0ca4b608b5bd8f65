"""Every way in on Slack answers with picks for a real sound, or says why it does not."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from tests.helpers.waiting import until
from tests.loopback.slack.checks import Json
from tests.loopback.slack.workspace import BOT, ELSEWHERE, GENERAL
from tests.scenarios.slack.world import SlackWorld, actions, picks, picture_of, slack_world, text_of

OFFERED = {"one", "two", "three", "four", "five", "+1", "-1"}
DIRECT = "D0alice"


@pytest.fixture(scope="module")
def slack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SlackWorld]:
    with slack_world(tmp_path_factory.mktemp("slack")) as made:
        yield made
        assert made.problems == []
        assert made.hosts_shown_token == []
        assert "Traceback" not in made.log()
        assert not list((made.folder / "tmp").glob("soundmap-bot-*"))


@pytest.fixture(scope="module")
def link(slack: SlackWorld, demo: Path) -> str:
    """Where the demo sound lies on the web: at a host that asks for no token."""
    return slack.on_the_web(demo)


@pytest.fixture
def answer(slack: SlackWorld, link: str) -> Json:
    return slack.answer_to(lambda: slack.slash("/recommend", link))


def is_answer(message: Json, n: int = 5) -> bool:
    return len(picks(message)) == n and not message.get("to")


# ---------------------------------------------------------------------- ways in


def test_a_link_is_answered_with_a_picture_and_five_picks(slack: SlackWorld, answer: Json) -> None:
    assert is_answer(answer) and answer["channel"] == GENERAL
    assert "Heard as" in text_of(answer) or "Not sure" in text_of(answer)
    picture = Image.open(BytesIO(slack.contents[picture_of(answer)]))
    assert picture.format == "PNG" and picture.width >= 400
    assert all("<http" in pick and ("🔗" in pick) != ("🔍" in pick) for pick in picks(answer))


def test_votes_and_buttons_are_offered_below_it(slack: SlackWorld, answer: Json) -> None:
    def offered() -> bool:
        return {name for _, ts, name in slack.reactions if ts == answer["ts"]} == OFFERED

    until(offered, 20)
    kinds = [it.split(":")[1] for it in actions(answer)]
    assert kinds == ["more"] * 5 + ["mixin", "another", "credits", "file", "hide", "why"]


def test_wishes_stand_behind_the_link(slack: SlackWorld, link: str) -> None:
    wishes = "count=3 genre=rock license=permissive roam=wider"
    shown = slack.answer_to(lambda: slack.slash("/recommend", f"<{link}|a sound> {wishes}"))
    assert is_answer(shown, 3)
    assert all("Rock" in pick for pick in picks(shown))


def test_ten_picks_are_within_slacks_limits(slack: SlackWorld, link: str) -> None:
    shown = slack.answer_to(lambda: slack.slash("/recommend", f"{link} count=10"))
    assert is_answer(shown, 10) and slack.problems == []


def test_a_picture_that_is_never_ready_is_told_in_words(slack: SlackWorld, link: str) -> None:
    usual, slack.looks_per_picture = slack.looks_per_picture, 99
    try:
        shown = slack.answer_to(lambda: slack.slash("/recommend", link))
    finally:
        slack.looks_per_picture = usual
    assert is_answer(shown) and not picture_of(shown)
    assert "%" in shown["blocks"][1]["text"]["text"]


def test_a_file_that_is_too_large_is_not_fetched(slack: SlackWorld, demo: Path) -> None:
    n_before = len(slack.messages)
    slack.post(files=(slack.file(demo, size=10**9),), channel=DIRECT)
    assert "MiB" in text_of(slack.next(n_before, bool))


def test_a_wish_that_cannot_be_met_is_refused_to_the_person_alone(
    slack: SlackWorld, link: str
) -> None:
    for wish in ("count=11", "genre=polka", "license=stolen"):
        said = slack.told_after(lambda wish=wish: slack.slash("/recommend", f"{link} {wish}"))  # type: ignore[misc]
        assert wish.split("=")[1] in said


def test_genre_says_what_it_is_heard_as(slack: SlackWorld, link: str) -> None:
    n_before = len(slack.messages)
    slack.slash("/genre", link)
    shown = slack.next(n_before, picture_of)
    assert not picks(shown) and "%" in text_of(shown)


def test_genre_of_nothing_asks_for_a_sound(slack: SlackWorld) -> None:
    assert "listen to" in slack.told_after(lambda: slack.slash("/genre"))
    assert "listen to" in slack.told_after(lambda: slack.slash("/recommend", "something nice"))


def test_a_mention_with_a_file_is_answered_once_in_its_thread(
    slack: SlackWorld, demo: Path
) -> None:
    n_before = len(slack.messages)
    posted = slack.post(f"<@{BOT}> like this?", (slack.file(demo),))
    shown = slack.next(n_before, picks)
    assert is_answer(shown) and shown["thread_ts"] == posted["ts"]
    until(lambda: (GENERAL, posted["ts"], "eyes") not in slack.reactions, 10)
    slack.slash("/about")  # it has come both ways by the time that this is answered
    slack.next(n_before, lambda it: it.get("to"))
    assert len([it for it in slack.messages[n_before:] if not it.get("to")]) == 1


def test_a_mention_below_a_sound_is_about_that_sound(slack: SlackWorld, demo: Path) -> None:
    above = slack.post("mine", (slack.file(demo),), user="bob")
    shown = slack.answer_to(lambda: slack.post(f"<@{BOT}>", thread_ts=above["ts"]))
    assert is_answer(shown) and shown["thread_ts"] == above["ts"]


def test_a_mention_where_no_messages_are_read_is_answered(slack: SlackWorld, demo: Path) -> None:
    ts, files = slack.new_ts(), [slack.file(demo)]
    bare = {"user": "alice", "text": f"<@{BOT}>", "channel": GENERAL, "ts": ts}
    slack.posted[GENERAL, ts] = {**bare, "files": files}
    assert is_answer(
        slack.answer_to(lambda: slack.event("app_mention", {**bare, "type": "app_mention"}))
    )


def test_a_direct_message_with_a_file_is_answered(slack: SlackWorld, demo: Path) -> None:
    shown = slack.answer_to(lambda: slack.post(files=(slack.file(demo),), channel=DIRECT))
    assert is_answer(shown) and shown["channel"] == DIRECT and "thread_ts" not in shown


def test_a_direct_message_with_a_link_is_answered(slack: SlackWorld, link: str) -> None:
    shown = slack.answer_to(lambda: slack.post(f"<{link}|this>", channel=DIRECT))
    assert is_answer(shown) and "🔗" in text_of(shown)


def test_a_direct_message_without_a_sound_is_told_so(slack: SlackWorld) -> None:
    n_before = len(slack.messages)
    slack.post("hello", channel=DIRECT)
    assert "no sound" in text_of(slack.next(n_before, bool))


def test_a_file_from_another_workspace_is_asked_for(slack: SlackWorld, demo: Path) -> None:
    whole = slack.file(demo)
    stub = {"id": whole["id"], "mode": "file_access", "file_access": "check_file_info"}
    assert is_answer(slack.answer_to(lambda: slack.post(f"<@{BOT}>", (stub,))))


def test_the_menu_of_a_message_finds_similar_music(slack: SlackWorld, demo: Path) -> None:
    posted = slack.post("listen", (slack.file(demo),))
    shown = slack.answer_to(lambda: slack.shortcut("similar", posted))
    assert is_answer(shown) and shown["thread_ts"] == posted["ts"]
    n_before = len(slack.messages)
    slack.shortcut("which", posted)
    assert picture_of(slack.next(n_before, picture_of))
    words = slack.post("no sound here")
    assert "no sound" in slack.told_after(lambda: slack.shortcut("similar", words))


def test_files_are_answered_where_listening_is_on(slack: SlackWorld, demo: Path) -> None:
    assert "manage" in slack.told_after(lambda: slack.slash("/listen", "on", user="bob"))
    n_before = len(slack.messages)
    slack.slash("/listen", "on")
    slack.next(n_before, lambda it: "every audio file" in text_of(it))
    assert is_answer(slack.answer_to(lambda: slack.post("new", (slack.file(demo),), user="bob")))
    slack.slash("/listen", "off")
    slack.next(n_before, lambda it: "only when I am mentioned" in text_of(it))
    n_before = len(slack.messages)
    slack.post("new", (slack.file(demo),), user="bob")
    slack.told_after(lambda: slack.slash("/about"))
    assert not any(picks(it) for it in slack.messages[n_before:])


def test_where_the_bot_is_not_it_answers_by_the_way_it_was_asked(
    slack: SlackWorld, link: str
) -> None:
    shown = slack.answer_to(lambda: slack.slash("/recommend", link, channel=ELSEWHERE))
    assert is_answer(shown) and "may not react" in text_of(shown)


# ---------------------------------------------------------------------- votes and buttons


def votes(slack: SlackWorld, user: str) -> list[tuple[int, int]]:
    person = slack.person(user)
    return sorted(slack.rows(f"SELECT rank, value FROM votes WHERE person = '{person}'"))


def test_reactions_are_votes_and_taken_away_they_are_none(slack: SlackWorld, answer: Json) -> None:
    slack.react(answer, "two", "dora")
    slack.react(answer, "+1::skin-tone-3", "dora")
    slack.react(answer, "tada", "dora")
    until(lambda: votes(slack, "dora") == [(0, 1), (2, 1)], 10)
    slack.react(answer, "-1", "dora")
    until(lambda: votes(slack, "dora") == [(0, -1), (2, 1)], 10)
    slack.react(answer, "two", "dora", added=False)
    until(lambda: votes(slack, "dora") == [(0, -1)], 10)
    assert votes(slack, BOT) == []


def test_a_list_that_was_not_noted_down_names_itself(slack: SlackWorld, answer: Json) -> None:
    until(lambda: slack.rows("SELECT * FROM messages"), 10)
    with closing(sqlite3.connect(slack.folder / "soundmap.db", timeout=10)) as database, database:
        database.execute("DELETE FROM messages")
    slack.react(answer, "four", "ida")
    until(lambda: votes(slack, "ida") == [(4, 1)], 10)


@pytest.mark.parametrize("kind", ["more", "another"])
def test_buttons_show_more_in_the_thread(slack: SlackWorld, answer: Json, kind: str) -> None:
    action = next(it for it in actions(answer) if it.startswith(f"sm:{kind}:"))
    shown = slack.answer_to(lambda: slack.press(answer, action))
    assert is_answer(shown) and shown["thread_ts"] == answer["ts"]
    assert not set(picks(shown)) & set(picks(answer))


def test_why_tells_the_person_alone(slack: SlackWorld, answer: Json) -> None:
    said = slack.told_after(lambda: slack.press(answer, actions(answer)[-1]))
    assert said.count("distance") == 5


def test_hiding_an_artist_takes_it_from_the_next_list(
    slack: SlackWorld, answer: Json, link: str
) -> None:
    n_before = len(slack.messages)
    slack.press(answer, actions(answer)[-2], "erin")
    menu = slack.next(n_before, lambda it: it.get("to"))
    (select,) = actions(menu)
    said = slack.told_after(
        lambda: slack.press(menu, select, "erin", selected_options=[{"value": "0"}])
    )
    assert "Hidden for you" in said
    artist = picks(answer)[0].split("\n")[0].rpartition(" · ")[2]
    shown = slack.answer_to(lambda: slack.slash("/recommend", link, "erin"))
    assert artist not in text_of(shown)


def test_taste_does_not_drown_the_sound(slack: SlackWorld, answer: Json, link: str) -> None:
    for name in ("one", "two"):
        slack.react(answer, name, "greg")
    n_before = len(slack.messages)
    slack.press(answer, actions(answer)[-2], "greg")
    menu = slack.next(n_before, lambda it: it.get("to"))
    (select,), hidden = actions(menu), [{"value": "1"}]
    slack.told_after(lambda: slack.press(menu, select, "greg", selected_options=hidden))
    shown = slack.answer_to(lambda: slack.slash("/recommend", link, "greg"))
    first = titles(answer)
    assert titles(shown)[:4] == [first[0], *first[2:]]
    assert "because you liked" not in text_of(shown)
    for name in ("three", "four", "five"):
        slack.react(answer, name, "greg")
    until(lambda: len(votes(slack, "greg")) == 5, 10)
    again = slack.answer_to(lambda: slack.slash("/recommend", link, "greg"))
    assert len(set(titles(again)) & set(titles(shown))) >= 3
    assert first[1].rpartition(" · ")[2] not in text_of(again)


def titles(message: Json) -> list[str]:
    """Titles and artists of the picks, without their numbers."""
    return [pick.split("\n")[0].partition(". ")[2] for pick in picks(message)]


# ---------------------------------------------------------------------- what is kept, what it is


def test_recommend_alone_follows_a_taste_and_taste_shows_it(
    slack: SlackWorld, answer: Json
) -> None:
    assert "taste" in slack.told_after(lambda: slack.slash("/recommend", user="newcomer"))
    for name in ("one", "two", "three"):
        slack.react(answer, name, "fred")
    until(lambda: len(votes(slack, "fred")) == 3, 10)
    assert is_answer(slack.answer_to(lambda: slack.slash("/recommend", user="fred")))
    n_before = len(slack.messages)
    slack.slash("/taste", user="fred")
    shown = slack.next(n_before, picture_of)
    assert shown["to"] == "fred" and actions(shown) == ["sm:deny"]
    first = shown["blocks"][-1]["accessory"]["options"][0]
    said = slack.told_after(lambda: slack.press(shown, "sm:deny", "fred", selected_options=[first]))
    assert "Taken away" in said
    assert "no longer follow" in slack.told_after(lambda: slack.slash("/taste", "off", "fred"))
    assert "eleted" in slack.told_after(lambda: slack.slash("/taste", "reset", "fred"))


def test_what_is_kept_is_shown_handed_over_and_forgotten(slack: SlackWorld, answer: Json) -> None:
    slack.react(answer, "one", "gina")
    until(lambda: votes(slack, "gina"), 10)
    assert "votes: 1" in slack.told_after(lambda: slack.slash("/mydata", user="gina"))
    assert "Everything" in slack.told_after(lambda: slack.slash("/mydata", "export", "gina"))
    (number,) = [k for k, v in slack.files.items() if v.get("channel") == "D0gina"]
    assert b'"votes"' in slack.contents[number]
    assert "Forgotten" in slack.told_after(lambda: slack.slash("/mydata", "forget", "gina"))
    assert votes(slack, "gina") == []


def test_about_and_help_are_told_in_the_language_of_the_person(slack: SlackWorld) -> None:
    slack.locales["hana"] = "ko-KR"
    assert "Free Music Archive" in slack.told_after(lambda: slack.slash("/about"))
    assert "/recommend LINK" in slack.told_after(lambda: slack.slash("/help"))
    assert "/recommend LINK" in slack.told_after(lambda: slack.slash("/recommend", "help"))
    assert "/genre LINK" in slack.told_after(lambda: slack.slash("/listen", "maybe"))
    assert "링크" in slack.told_after(lambda: slack.slash("/help", user="hana"))


def test_everything_is_acknowledged_within_three_seconds(slack: SlackWorld, link: str) -> None:
    slack.answer_to(lambda: slack.slash("/recommend", link))
    assert not slack.unacknowledged
    waits = [at - slack.payloads[number]["at"] for number, at in slack.acknowledged.items()]
    assert waits and max(waits) < 3
