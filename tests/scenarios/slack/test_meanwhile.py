"""What happens on Slack while somebody waits, and where the bot may not do what it usually does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.sounds import music, write
from tests.helpers.waiting import free_port, until
from tests.loopback.slack.checks import Json
from tests.loopback.slack.workspace import (
    BOT,
    ELSEWHERE,
    GENERAL,
    GROUP,
    OPEN,
    PRIVATE,
)
from tests.scenarios.slack.world import SlackWorld, actions, picks, picture_of, slack_world, text_of

DIRECT = "D0alice"
SORRY = "went wrong on my side"
READ_ONLY, LOCKED = "read_only_channel", "thread_locked"
THREAD_ONLY, NO_THREADS = "thread_only_channel", "non_threadable_channel"


@pytest.fixture(scope="module")
def slack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SlackWorld]:
    folder = tmp_path_factory.mktemp("slack")
    with slack_world(folder, SOUNDMAP_HEALTH_PORT=free_port()) as made:
        yield made
        assert made.problems == []
        assert "Traceback" not in made.log()
        assert not any(SORRY in text_of(it) for it in made.messages)


@pytest.fixture(autouse=True)
def usual(slack: SlackWorld) -> Iterator[None]:
    """Whatever a test restricts is free again after it."""
    yield
    slack.restricted.clear()
    slack.failing.clear()
    slack.no_pictures.clear()
    slack.lacks_files_read, slack.looks_per_picture = "", 1
    slack.file_faults.clear()


@pytest.fixture(scope="module")
def sounds(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("sounds")
    return [write(folder / f"take-{n}.wav", music(4 + n / 4, 44_100), 44_100) for n in range(8)]


def settled(slack: SlackWorld) -> None:
    """Waits until what was sent before has had its turn, and nobody is being answered."""
    slack.told_after(lambda: slack.slash("/about"))
    until(lambda: slack.is_silent, 30)


def similar(slack: SlackWorld, demo: Path, channel: str = GENERAL, **how: Any) -> Json:
    """A message with a sound, of which the menu is used."""
    posted = slack.post("listen", (slack.file(demo),), channel=channel)
    slack.shortcut("similar", posted, **how)
    return posted


# ---------------------------------------------------------------------- messages that go away


def test_an_answer_whose_progress_was_deleted_is_posted_anew(slack: SlackWorld, demo: Path) -> None:
    n_before = len(slack.messages)
    similar(slack, demo)
    slack.delete(slack.next(n_before, lambda it: "Fetching" in text_of(it)))
    assert len(picks(slack.next(n_before, picks))) == 5


def test_an_answer_whose_progress_may_not_be_edited_any_more_is_posted_anew(
    slack: SlackWorld, demo: Path
) -> None:
    slack.failing["chat.update", GENERAL] = "edit_window_closed"
    assert slack.answer_to(lambda: similar(slack, demo))


def test_a_refusal_whose_progress_was_deleted_is_told_to_the_person(
    slack: SlackWorld, tmp_path: Path
) -> None:
    noise = tmp_path / "a.wav"
    noise.write_bytes(b"no sound at all")
    slack.file_faults += [503, 503]  # so that it takes a while
    n_before = len(slack.messages)
    similar(slack, noise)
    slack.delete(slack.next(n_before, lambda it: "Fetching" in text_of(it)))
    assert "not audio" in text_of(slack.next(n_before, lambda it: it.get("to")))


@pytest.mark.parametrize("error", ["thread_not_found", "is_archived", "channel_not_found"])
def test_an_answer_to_what_is_gone_is_told_elsewhere_and_no_excuse(
    slack: SlackWorld, demo: Path, error: str
) -> None:
    slack.failing["chat.postMessage", GENERAL] = error
    n_before = len(slack.messages)
    slack.post(f"<@{BOT}>", (slack.file(demo),))
    shown = slack.next(n_before, picks)
    assert shown["channel"] == DIRECT
    slack.failing["chat.postMessage", DIRECT] = error
    n_before, n_calls = len(slack.messages), len(slack.calls)
    slack.post(f"<@{BOT}>", (slack.file(demo),))
    closed = ("chat.postMessage", DIRECT)
    until(lambda: closed in [(it, how.get("channel")) for it, how in slack.calls[n_calls:]], 20)
    until(lambda: not any(name == "eyes" for *_, name in slack.reactions), 20)
    assert not any(picks(it) for it in slack.messages[n_before:])


@pytest.fixture
def long_limit(slack: SlackWorld) -> Iterator[None]:
    """Methods that are limited stay so for longer than anybody waits."""
    slack.retry_after_s = 300
    yield
    slack.retry_after_s = 1
    slack.limited.clear()


@pytest.mark.usefixtures("long_limit")
@pytest.mark.parametrize("method", ["reactions.add", "users.info"])
def test_a_limit_of_what_is_beside_the_answer_holds_it_up_for_seconds(
    slack: SlackWorld, demo: Path, method: str
) -> None:
    slack.limited[method] = 1
    shown = slack.answer_to(
        lambda: slack.post(f"<@{BOT}>", (slack.file(demo),), user=f"new-{method}")
    )
    assert not slack.limited[method] and shown["edited"] == 0


@pytest.mark.usefixtures("long_limit")
def test_a_limit_of_progress_holds_no_answer_up(slack: SlackWorld, sounds: list[Path]) -> None:
    slack.file_faults += [503, 503, 503]
    slack.limited["chat.update"] = 1
    shown = slack.answer_to(lambda: similar(slack, sounds[7]))
    assert not slack.limited["chat.update"] and len(picks(shown)) == 5


def test_who_can_be_reached_in_no_way_is_no_mistake_of_the_bot(
    slack: SlackWorld, demo: Path
) -> None:
    slack.failing["chat.postMessage", GENERAL] = "is_archived"
    slack.failing["conversations.open", ""] = "user_not_visible"
    n_broken = slack.log().count("broke off")
    n_calls = len(slack.calls)
    slack.post(f"<@{BOT}>", (slack.file(demo),), user="stranger")
    until(lambda: "conversations.open" in [it for it, _ in slack.calls[n_calls:]], 20)
    until(lambda: not any(name == "eyes" for *_, name in slack.reactions), 20)
    assert slack.log().count("broke off") == n_broken


def test_a_file_that_is_deleted_before_it_is_fetched_is_said_to_be_gone(
    slack: SlackWorld, demo: Path
) -> None:
    known = slack.file(demo)
    del slack.contents[known["id"]]
    assert slack.answer_in(DIRECT, lambda: slack.post(files=(known,), channel=DIRECT), "nothing at")
    asked = {"id": "F0unknown", "file_access": "check_file_info"}
    assert slack.answer_in(DIRECT, lambda: slack.post(files=(asked,), channel=DIRECT), "no sound")


# ---------------------------------------------------------------------- restricted channels


@pytest.mark.parametrize("kind", [READ_ONLY, LOCKED])
def test_a_menu_is_answered_by_the_way_it_was_asked_where_nobody_may_post(
    slack: SlackWorld, demo: Path, kind: str
) -> None:
    slack.restricted[GENERAL] = kind
    shown = slack.answer_to(lambda: similar(slack, demo))
    assert shown["response_type"] == "in_channel" and "may not react" in text_of(shown)


def test_a_command_is_answered_in_a_channel_for_threads_only(slack: SlackWorld) -> None:
    slack.restricted[GENERAL] = THREAD_ONLY
    assert "everybody" not in slack.told_after(lambda: slack.slash("/recommend", "nothing"))
    n_before = len(slack.messages)
    slack.slash("/catalog", "fma")
    shown = slack.next(n_before, bool)
    assert "come from" in text_of(shown) and shown["response_type"] == "in_channel"


def test_where_there_are_no_threads_the_answer_stands_on_its_own(
    slack: SlackWorld, demo: Path
) -> None:
    slack.restricted[GENERAL] = NO_THREADS
    shown = slack.answer_to(lambda: slack.post(f"<@{BOT}>", (slack.file(demo),)))
    assert shown["channel"] == GENERAL and not shown.get("thread_ts")


def test_a_mention_in_a_locked_thread_is_answered_to_the_person(
    slack: SlackWorld, demo: Path
) -> None:
    slack.restricted[GENERAL] = LOCKED
    n_before = len(slack.messages)
    slack.post(f"<@{BOT}>", (slack.file(demo),))
    assert slack.next(n_before, picks)["channel"] == DIRECT
    assert "may not write" in text_of(slack.messages[n_before])
    assert slack.answer_in(DIRECT, lambda: slack.post(f"<@{BOT}> hello"), "no sound")


def test_no_reactions_are_promised_where_none_can_arrive(slack: SlackWorld, demo: Path) -> None:
    for channel in (OPEN, ELSEWHERE):
        shown = slack.answer_to(lambda c=channel: similar(slack, demo, c))  # type: ignore[misc]
        assert "may not react" in text_of(shown) and "👍" not in text_of(shown)


# ---------------------------------------------------------------------- response URLs, pictures


def test_a_response_address_is_used_five_times_at_most(slack: SlackWorld, demo: Path) -> None:
    slack.looks_per_picture, slack.uses = 99, {}
    shown = slack.answer_to(lambda: similar(slack, demo, ELSEWHERE))
    assert not picture_of(shown) and max(slack.uses.values()) <= 4


def test_a_picture_is_uploaded_once_whatever_way_the_answer_takes(
    slack: SlackWorld, demo: Path
) -> None:
    n_before = len(slack.calls)
    slack.answer_to(lambda: similar(slack, demo, ELSEWHERE))
    uploads = [it for it, _ in slack.calls[n_before:] if it == "files.getUploadURLExternal"]
    assert len(uploads) == 2  # what was heard, and the map


def test_where_no_file_may_be_shared_the_answer_comes_without_pictures(
    slack: SlackWorld, demo: Path
) -> None:
    slack.no_pictures.add(GENERAL)
    shown = slack.answer_to(lambda: similar(slack, demo))
    assert len(picks(shown)) == 5 and not picture_of(shown)


def test_one_reaction_that_fails_does_not_end_the_offering(slack: SlackWorld, demo: Path) -> None:
    slack.failing["reactions.add", GENERAL] = "already_reacted"
    shown = slack.answer_to(lambda: similar(slack, demo))

    def tried() -> bool:
        wanted = {"one", "two", "three", "four", "five", "+1", "-1"}
        calls = [it for name, it in slack.calls if name == "reactions.add"]
        return {it["name"] for it in calls if it["timestamp"] == shown["ts"]} == wanted

    until(tried, 20)


def test_alternative_text_has_no_escapes_and_an_end(slack: SlackWorld) -> None:
    n_before = len(slack.messages)
    slack.slash("/path", "1 -> 2")
    shown = slack.next(n_before, lambda it: picture_of(it) or it.get("to"))
    if picture_of(shown):
        (about,) = [it["alt_text"] for it in shown["blocks"] if it["type"] == "image"]
        assert "&amp;" not in about and len(about) <= 1_000


# ---------------------------------------------------------------------- once, and in turn


def test_a_command_or_button_that_is_delivered_twice_is_answered_once(
    slack: SlackWorld, demo: Path
) -> None:
    shown = slack.answer_to(lambda: similar(slack, demo))
    n_before = len(slack.messages)
    slack.slash("/help", times=2)
    slack.press(shown, actions(shown)[-1], times=3)
    until(lambda: len(slack.messages) == n_before + 2, 20)
    settled(slack)
    settled(slack)
    assert len(slack.messages) == n_before + 4


@pytest.mark.parametrize(("command", "text"), [("/listen", "on"), ("/catalog", "fma")])
def test_nothing_is_said_to_be_fetched_where_nothing_is(
    slack: SlackWorld, command: str, text: str
) -> None:
    n_before = len(slack.messages)
    slack.slash(command, text)
    shown = slack.next(n_before, lambda it: not it.get("to"))
    settled(slack)
    assert shown["edited"] == 0 and "Fetching" not in str(slack.calls[-12:])
    slack.slash("/listen", "off")


def test_several_files_are_answered_in_turn_each_by_its_name(
    slack: SlackWorld, sounds: list[Path]
) -> None:
    n_before, user = len(slack.messages), "gus"
    files = tuple(slack.file(path) for path in sounds[:3])
    slack.post(f"<@{BOT}>", files, user=user)
    slack.post(f"<@{BOT}>", (slack.file(sounds[3]),), user=user)
    until(lambda: sum(bool(picks(it)) for it in slack.messages[n_before:]) == 4, 60)
    said = "\n".join(text_of(it) for it in slack.messages[n_before:])
    assert [said.count(path.name) for path in sounds[:4]] == [1, 1, 1, 0]
    assert "One sound at a time" not in said


def test_more_than_wait_are_said_once(slack: SlackWorld, sounds: list[Path]) -> None:
    n_before, user = len(slack.messages), "hugo"
    for path in sounds:
        slack.post(f"<@{BOT}>", (slack.file(path),), user=user)
    until(lambda: sum(bool(picks(it)) for it in slack.messages[n_before:]) >= 5, 60)
    settled(slack)
    said = [text_of(it) for it in slack.messages[n_before:]]
    assert sum("at most 5 from one person" in it for it in said) == 1


# ---------------------------------------------------------------------- what counts as a sound


@pytest.fixture
def listening(slack: SlackWorld) -> Iterator[None]:
    n_before = len(slack.messages)
    slack.slash("/listen", "on")
    slack.next(n_before, lambda it: "every audio file" in text_of(it))
    yield
    n_before = len(slack.messages)
    slack.slash("/listen", "off")
    slack.next(n_before, lambda it: "only when I am mentioned" in text_of(it))


@pytest.mark.usefixtures("listening")
def test_a_shared_message_with_a_file_is_heard_where_it_listens(
    slack: SlackWorld, demo: Path
) -> None:
    shared = {"is_share": True, "is_msg_unfurl": True, "files": [slack.file(demo)], "text": ""}
    shown = slack.answer_to(lambda: slack.post("", attachments=[shared]))
    assert len(picks(shown)) == 5


def test_a_mention_or_a_sound_that_an_edit_adds_is_answered_once(
    slack: SlackWorld, demo: Path
) -> None:
    posted = slack.post("listen", (slack.file(demo),))
    n_before = len(slack.messages)
    changed = slack.edit(posted, f"<@{BOT}> listen")
    assert picks(slack.next(n_before, picks))
    slack.edit(changed, f"<@{BOT}> listen please", edited={"user": "alice", "ts": "2"})
    settled(slack)
    assert sum(bool(picks(it)) for it in slack.messages[n_before:]) == 1


def test_a_preview_that_slack_adds_is_no_edit(slack: SlackWorld) -> None:
    n_before = len(slack.messages)
    posted = slack.post("hello", channel=DIRECT)
    slack.next(n_before, lambda it: "no sound" in text_of(it))
    n_before = len(slack.messages)
    slack.edit(posted, "hello", edited=None, attachments=[{"title": "a page"}])
    settled(slack)
    assert len(slack.messages) == n_before + 1


@pytest.mark.parametrize("subtype", ["channel_join", "pinned_item", "huddle_thread", "bot_message"])
def test_slacks_own_notes_are_not_answered(slack: SlackWorld, subtype: str) -> None:
    n_before = len(slack.messages)
    slack.post("alice has joined", channel=DIRECT, subtype=subtype)
    settled(slack)
    assert len(slack.messages) == n_before + 1


def test_a_mention_that_may_not_be_read_is_told_so(slack: SlackWorld) -> None:
    slack.failing["conversations.replies", PRIVATE] = "not_in_channel"
    bare = {"user": "alice", "text": f"<@{BOT}>", "channel": PRIVATE, "ts": slack.new_ts()}
    n_before = len(slack.messages)
    slack.event("app_mention", {**bare, "type": "app_mention"})
    assert "may not read" in text_of(slack.next(n_before, bool))


def test_a_mention_below_a_message_that_is_gone_is_no_matter_of_permissions(
    slack: SlackWorld,
) -> None:
    slack.failing["conversations.replies", GENERAL] = "thread_not_found"
    n_before = len(slack.messages)
    slack.post(f"<@{BOT}>", thread_ts="1600000000.000001")
    assert "no sound in that message" in text_of(slack.next(n_before, bool))


def test_a_refusal_whose_address_has_expired_comes_as_a_direct_message(slack: SlackWorld) -> None:
    slack.expired = True
    try:
        assert slack.answer_in(DIRECT, lambda: slack.slash("/genre", "nothing"), "listen to")
    finally:
        slack.expired = False


# ---------------------------------------------------------------------- files


@pytest.mark.parametrize("status", [503, 429, 504, 502, 500])
def test_a_file_host_that_is_busy_is_asked_again(
    slack: SlackWorld, sounds: list[Path], status: int
) -> None:
    slack.file_faults += [status, status]
    assert slack.answer_to(
        lambda: slack.post(files=(slack.file(sounds[status % 8]),), channel=DIRECT)
    )


@pytest.mark.parametrize("how", ["redirect", "page"])
def test_a_missing_files_read_is_named_to_the_person_and_the_owner(
    slack: SlackWorld, sounds: list[Path], how: str
) -> None:
    slack.lacks_files_read = how
    for _ in range(2):
        n_before = len(slack.messages)
        slack.post(files=(slack.file(sounds[0]),), channel=DIRECT, user="alice")
        assert "files:read" in text_of(slack.next(n_before, bool))
    assert slack.log().count("files:read") == 1


# ---------------------------------------------------------------------- what is typed


@pytest.mark.parametrize("typed", ["<!channel>", "<@U123>", "*bold*", "<https://x.example|free>"])
def test_what_is_typed_is_never_echoed_live(slack: SlackWorld, typed: str) -> None:
    for command, text in (
        ("/recommend", f"genre={typed}"),
        ("/recommend", f"count={typed}"),
        ("/recommend", f"license={typed}"),
        ("/recommend", f"catalog={typed}"),
        ("/catalog", typed),
        ("/path", f"{typed} -> {typed}"),
    ):
        said = slack.told_after(lambda c=command, t=text: slack.slash(c, t))  # type: ignore[misc]
        assert typed not in said, command


# ---------------------------------------------------------------------- kinds of conversations


def test_listening_in_a_group_of_several_is_for_its_creator(slack: SlackWorld, demo: Path) -> None:
    n_before = len(slack.messages)
    slack.slash("/listen", "on", user="carol", channel=GROUP)
    shown = slack.next(n_before, bool)
    assert "every audio file" in text_of(shown) and "/invite" not in text_of(shown)
    assert slack.answer_to(lambda: slack.post("", (slack.file(demo),), channel=GROUP))
    slack.slash("/listen", "off", user="carol", channel=GROUP)


def test_a_bot_of_an_older_manifest_says_nothing_that_it_does_not_know(
    slack: SlackWorld,
) -> None:
    slack.failing["conversations.info", GROUP] = "missing_scope"
    n_before = len(slack.messages)
    slack.slash("/listen", "on", channel=GROUP)
    shown = slack.next(n_before, bool)
    assert "/invite" not in text_of(shown)
    slack.slash("/listen", "off", channel=GROUP)
