"""Whatever breaks, everybody gets an answer or a plain sentence, and nothing kept is lost."""

from __future__ import annotations

import asyncio
import itertools
import os
import re
import signal
import socket
import sqlite3
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import aiohttp
import pytest

from bot.discord.patience import once, wire_trace
from tests.helpers.sounds import music, write
from tests.helpers.waiting import until
from tests.scenarios.discord.lossy import Lossy
from tests.scenarios.discord.world import Json, World, file, last_word

EDIT = {"method": "PATCH", "path": "^/webhooks/"}
ACKNOWLEDGE = {"method": "POST", "path": "/callback$"}
REPLY = {"method": "POST", "path": r"^/channels/\d+/messages$"}
REACT = {"method": "PUT", "path": "/reactions/"}
TYPE = {"method": "POST", "path": "/typing$"}
CDN = {"method": "GET", "path": "attachments/"}
ACCIDENTS: list[Json] = [
    {"status": 429, "retry_after": 0.3},
    {"status": 500},
    {"status": 503},
    {"kind": "reset"},
]
anything_breaks = pytest.mark.parametrize(
    "accident", ACCIDENTS, ids=lambda accident: str(accident.get("status") or accident["kind"])
)
ACKNOWLEDGED_MS = 3_000
OFFERED = 7  # reactions
SEEDS = itertools.count(100)
SPOILED = {"filename": "spoiled.wav", "text": "this is no sound"}


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    """A sound that was never heard before."""
    return write(tmp_path / "sound.wav", music(3, 22_050, next(SEEDS)), 22_050)


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Takes a worker long enough to be caught at it."""
    return write(tmp_path_factory.mktemp("long") / "long.wav", music(30, 192_000), 192_000)


@pytest.fixture(scope="module")
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One bot for all that a bot outlives."""
    with watched(tmp_path_factory.mktemp("lasting"), SOUNDMAP_DOWNLOAD_SECONDS=2) as made:
        yield made.start()


@pytest.fixture
def discord(lasting: World) -> Iterator[World]:
    """That bot, on a day without faults."""
    warm(lasting)
    yield lasting
    lasting.do("faults/clear")
    lasting.do("config", token_lifetime_s=900.0)


@pytest.fixture(scope="module")
def stopping(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A world whose bot every test starts and ends."""
    with watched(tmp_path_factory.mktemp("stopping")) as made:
        yield made


# ---------------------------------------------------------------------- what Discord drops


@anything_breaks
def test_an_answer_that_is_dropped_is_sent_again(
    discord: World, sound: Path, accident: Json
) -> None:
    discord.do("fault", **EDIT, **accident)
    call = discord.slash("genre", options={"file": file(sound)})
    assert answered(call)
    assert not call["failed"]
    assert not call["followups"]


@anything_breaks
def test_an_acknowledgement_that_is_dropped_is_sent_again_in_time(
    discord: World, sound: Path, accident: Json
) -> None:
    discord.do("fault", **ACKNOWLEDGE, **accident)
    call = discord.slash("genre", options={"file": file(sound)})
    assert answered(call)
    assert not call["failed"]
    assert call["ack_ms"] < ACKNOWLEDGED_MS


def test_an_acknowledgement_that_hangs_is_sent_again_in_time(discord: World, sound: Path) -> None:
    discord.do("fault", **ACKNOWLEDGE, kind="hang", seconds=5)
    call = discord.slash("genre", options={"file": file(sound)})
    assert answered(call)
    assert not call["failed"]
    assert call["ack_ms"] < ACKNOWLEDGED_MS


def test_who_cannot_be_acknowledged_is_answered_in_the_channel(discord: World, sound: Path) -> None:
    discord.do("fault", **ACKNOWLEDGE, kind="reset", count=9)
    asked(discord, sound, user="bob")
    assert until(lambda: mentions_of(discord, "bob"), 20)[0]["embeds"]


@anything_breaks
def test_a_reply_that_is_dropped_is_sent_again_and_stands_once(
    discord: World, sound: Path, accident: Json
) -> None:
    discord.do("fault", **REPLY, **accident)
    posted = discord.do("message", mention_bot=True, files=[file(sound)])
    reply = until(lambda: discord.replies_to(posted["id"]), 20)[0]
    until(lambda: votes_offered(discord, reply), 20)
    assert len(discord.replies_to(posted["id"])) == 1


def test_reactions_that_are_dropped_are_added_again(discord: World, sound: Path) -> None:
    for accident in ACCIDENTS:
        discord.do("fault", **REACT, **accident)
    shown = discord.slash("recommend", options={"file": file(sound)})["shown"]
    until(lambda: votes_offered(discord, shown), 30)


def test_an_answer_stands_where_no_reaction_can_be_added(discord: World, sound: Path) -> None:
    discord.do("fault", **REACT, status=400, count=9)
    call = discord.slash("recommend", options={"file": file(sound)})
    until(lambda: "could not offer votes" in discord.log(), 10)
    call = discord.interaction(call["id"])
    assert answered(call)
    assert not call["followups"]


def test_an_answer_that_discord_will_not_take_is_a_sentence(discord: World, sound: Path) -> None:
    discord.do("fault", **EDIT, status=400, count=1)
    assert "went wrong" in told(discord.slash("genre", options={"file": file(sound)}))


def test_progress_that_hangs_holds_no_answer_up(discord: World, sound: Path) -> None:
    n_before = len(faults(discord, EDIT))
    discord.do("fault", **EDIT, kind="hang", seconds=30)
    with stopped(discord.workers()):
        call = asked(discord, sound)
        until(lambda: len(faults(discord, EDIT)) > n_before, 10)
    assert answered(discord.settled(call["id"], 10))


def test_typing_that_hangs_holds_no_reply_up(discord: World, sound: Path) -> None:
    discord.do("fault", **TYPE, kind="hang", seconds=30)
    posted = discord.do("message", mention_bot=True, files=[file(sound)])
    until(lambda: discord.replies_to(posted["id"]), 10)


def test_what_discord_did_but_did_not_say_is_not_done_twice(
    tmp_path: Path, sound: Path, demo: Path
) -> None:
    with World(tmp_path) as made, Lossy(made.api) as wire:
        made.settings["DISCORD_API"] = wire.url
        made.start()

        wire.lose("POST", "/callback")
        wire.lose("PATCH", "/webhooks/")
        call = made.slash("genre", options={"file": file(sound)})
        assert answered(call)
        assert not call["followups"]

        wire.lose("POST", r"/channels/\d+/messages$")
        posted = made.do("message", mention_bot=True, files=[file(demo)])
        reply = until(lambda: made.replies_to(posted["id"]), 20)[0]
        until(lambda: votes_offered(made, reply), 20)
        assert len(made.replies_to(posted["id"])) == 1

        wire.lose("POST", "/callback")
        with stopped(made.workers()):
            call = made.do("slash", command="genre", options={"file": SPOILED}, wait=0)
            until(lambda: wire.all_lost, 10)
        assert "audio" in told(made.settled(call["id"]))
        assert len(made.interaction(call["id"])["followups"]) == 1


def test_only_silence_is_cut_short_never_a_wait_for_a_rate_limit() -> None:
    """discord.py makes no more calls when one that waits for the global limit is cancelled."""

    async def calls() -> None:
        over = asyncio.Event()

        async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read()
            writer.close()
            over.set()

        server = await asyncio.start_server(silent, "127.0.0.1", 0)
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        async with server, aiohttp.ClientSession(trace_configs=[wire_trace()]) as session:
            assert await once(lambda: asyncio.sleep(0.4, "waited"), 0.1) == "waited"
            with pytest.raises(TimeoutError):
                await once(lambda: session.get(url), 0.1)
            await over.wait()

    asyncio.run(asyncio.wait_for(calls(), 3))


# ---------------------------------------------------------------------- while a job runs


def test_a_gateway_that_is_cut_loses_neither_answer_nor_vote(discord: World, sound: Path) -> None:
    shown = discord.slash("recommend", options={"file": file(sound)})["shown"]
    until(lambda: votes_offered(discord, shown), 20)
    again = variant(sound)
    with stopped(discord.workers()):
        call = asked(discord, again)
        until(lambda: discord.interaction(call["id"])["acked"], 5)
        discord.do("gateway", action="drop")
        discord.do("reaction", message=shown["id"], emoji="👍", user="bob")
        assert discord.do("wait", **{"for": "resumed"}, timeout=20)["ok"]
    assert answered(discord.settled(call["id"]))
    until(lambda: discord.rows(f"SELECT * FROM votes WHERE list_id = {list_of(shown)}"), 10)


def test_who_waited_longer_than_the_interaction_lives_is_told_in_the_channel(
    discord: World, sound: Path
) -> None:
    with stopped(discord.workers()):
        asked(discord, sound, user="carol")
        discord.do("slash", command="genre", options={"file": SPOILED}, user="dave", wait=0)
        until(lambda: all(it["acked"] for it in discord.see("interactions")[-2:]), 5)
        discord.do("config", token_lifetime_s=0.0)
    assert until(lambda: mentions_of(discord, "carol"), 10)[0]["embeds"]
    assert "audio" in until(lambda: mentions_of(discord, "dave"), 10)[0]["content"]


@pytest.mark.parametrize(
    ("accident", "sentence"),
    [
        ({"kind": "reset", "count": 9}, "does not hand it out just now"),
        ({"kind": "hang", "seconds": 9}, "did not arrive within 2 s"),
        ({"status": 404}, "answered 404"),
        ({"status": 503, "count": 9}, "does not hand it out just now"),
    ],
)
def test_a_file_that_does_not_arrive_is_a_sentence(
    discord: World, sound: Path, accident: Json, sentence: str
) -> None:
    discord.do("fault", **CDN, **accident)
    assert sentence in told(discord.slash("genre", options={"file": file(sound)}))
    discord.do("faults/clear")
    assert answered(discord.slash("genre", options={"file": file(sound)}))
    assert not discord.leftovers()


@pytest.mark.parametrize("status", [429, 503, 504])
def test_a_file_host_that_is_busy_is_asked_again(discord: World, sound: Path, status: int) -> None:
    discord.do("fault", **CDN, status=status)
    assert answered(discord.slash("genre", options={"file": file(sound)}))


def test_a_worker_that_is_killed_costs_nobody_an_answer(discord: World, long: Path) -> None:
    call = asked(discord, long)
    kill_listener(discord)
    assert answered(discord.settled(call["id"]))
    assert discord.rows("SELECT count FROM kills") == []  # heard after all: it was chance


def test_a_database_that_is_held_is_a_sentence_and_votes_wait_for_it(
    discord: World, sound: Path
) -> None:
    shown = discord.slash("recommend", options={"file": file(sound)})["shown"]
    until(lambda: votes_offered(discord, shown), 20)
    votes = f"SELECT rank, value FROM votes WHERE list_id = {list_of(shown)} ORDER BY rank"
    discord.do("reaction", message=shown["id"], emoji="4️⃣", user="erin")
    until(lambda: discord.rows(votes) == [(4, 1)], 5)
    with held(discord.database):
        calls = [asked(discord, sound, "recommend", user=who) for who in ("erin", "frank")]
        discord.do("reaction", message=shown["id"], emoji="1️⃣", user="erin")
        discord.do("reaction", message=shown["id"], emoji="4️⃣", user="erin", op="remove")
        discord.do("reaction", message=shown["id"], emoji="2️⃣", user="frank")
        for call in calls:
            assert "busy" in told(discord.settled(call["id"], 25))
    until(lambda: discord.rows(votes) == [(1, 1), (2, 1)], 20)
    assert answered(discord.slash("recommend", options={"file": file(sound)}))


# ---------------------------------------------------------------------- who watches it


def test_health_says_whether_sounds_can_be_answered(discord: World) -> None:
    port = discord.settings["SOUNDMAP_HEALTH_PORT"]
    assert fetch(port, "live")[0] == 200
    assert fetch(port, "ready")[0] == 200
    for pid in discord.workers():
        os.kill(pid, signal.SIGKILL)
    until(lambda: fetch(port, "ready")[0] == 503, 5, 0.01)
    assert fetch(port, "live")[0] == 200
    until(lambda: fetch(port, "ready")[0] == 200, 20)


def test_metrics_count_jobs_the_line_latencies_and_failures(discord: World, sound: Path) -> None:
    before = metrics(discord)
    discord.slash("genre", options={"file": file(sound)})
    discord.do("fault", **CDN, status=404)
    discord.slash("genre", options={"file": file(variant(sound))})
    after = metrics(discord)
    for name in (
        'soundmap_jobs_total{kind="genre"}',
        'soundmap_job_seconds_count{kind="genre"}',
    ):
        assert after[name] == before[name] + 2
    gone = 'soundmap_failures_total{code="gone"}'
    assert after[gone] == before.get(gone, 0) + 1
    assert after['soundmap_job_seconds_bucket{kind="genre",le="+Inf"}'] >= 2
    assert (after["soundmap_running"], after["soundmap_waiting"]) == (0, 0)
    assert after["soundmap_workers"] == 2


def test_a_backup_of_a_running_bot_is_whole(discord: World, sound: Path, tmp_path: Path) -> None:
    shown = discord.slash("recommend", options={"file": file(sound)})["shown"]
    until(lambda: votes_offered(discord, shown), 20)
    target = tmp_path / "copy.db"
    done = discord.run("backup", str(target))
    assert (done.returncode, done.stderr) == (0, "")
    with closing(sqlite3.connect(target)) as copy:
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        for table in ("lists", "picks", "sounds", "votes"):
            query = f"SELECT count(*) FROM {table}"
            assert copy.execute(query).fetchall() == discord.rows(query)
    again = discord.run("backup", str(target))
    assert again.returncode == 1
    assert again.stderr.count("\n") == 1


def test_a_token_that_is_taken_back_ends_the_bot_with_a_sentence(lasting: World) -> None:
    """The last of that bot."""
    assert {it["kind"] for it in lasting.see("problems")} <= {"rate limit hit"}
    n_before = len(lasting.log())
    lasting.do("gateway", action="close", code=4004)
    assert lasting.bot is not None
    assert lasting.bot.wait(20) == 1
    assert "does not accept DISCORD_TOKEN" in lasting.log().splitlines()[-1]
    assert "Traceback" not in lasting.log()[n_before:]


# ---------------------------------------------------------------------- starting


def test_a_wrong_token_is_one_sentence(stopping: World) -> None:
    done = stopping.run(DISCORD_TOKEN="wrong.token.here")
    assert done.returncode == 1
    assert sentences(done) == [
        "Discord does not accept DISCORD_TOKEN. Copy it again from the developer portal."
    ]
    assert "wrong.token.here" not in done.stdout + done.stderr


def test_bad_settings_are_all_told_at_once_and_no_secret_with_them(stopping: World) -> None:
    done = stopping.run(
        SOUNDMAP_WORKERS="many", SOUNDMAP_QUEUE=-1, SOUNDMAP_WORKRES=2, SOUNDMAP_PERSON_KEY="pssst"
    )
    assert done.returncode == 1
    assert len(sentences(done)) == 4
    for name in ("SOUNDMAP_WORKERS", "QUEUE", "SOUNDMAP_WORKRES", "PERSON_KEY"):
        assert any(name in sentence for sentence in sentences(done))
    assert "pssst" not in done.stdout + done.stderr
    assert stopping.token not in done.stdout + done.stderr


def test_a_discord_that_cannot_be_reached_is_told_once_and_looked_for(stopping: World) -> None:
    n_log, api = len(stopping.log()), stopping._env["DISCORD_API"]
    stopping.settings["DISCORD_API"] = f"http://127.0.0.1:{free_port()}/api/v10"
    stopping.begin()
    until(lambda: "Discord is away" in stopping.log()[n_log:], 20)
    time.sleep(2)
    assert stopping.stop() == 0
    assert stopping.log()[n_log:].count("is away") == 1
    stopping.settings["DISCORD_API"] = api


def test_a_discord_that_stumbles_at_the_start_is_asked_again(stopping: World) -> None:
    stopping.do("fault", path="^/users/@me$", status=503)
    stopping.do("fault", path="^/oauth2/applications/@me$", kind="reset")
    stopping.start()
    assert stopping.stop() == 0
    assert "Unclosed" not in stopping.log()


# ---------------------------------------------------------------------- stopping


def test_who_is_waiting_when_the_bot_is_stopped_is_answered(
    stopping: World, sound: Path, demo: Path
) -> None:
    children = warm(stopping.start())
    shown = stopping.slash("recommend", options={"file": file(demo)})["shown"]
    calls = [
        asked(stopping, variant(sound), "recommend", user=f"person{number}") for number in range(10)
    ]
    for who, emoji in (("bob", "1️⃣"), ("carol", "👍"), ("dave", "👎")):
        stopping.do("reaction", message=shown["id"], emoji=emoji, user=who)
    until(lambda: all(it["acked"] for it in stopping.see("interactions")), 5)
    assert stopping.stop(signal.SIGTERM) == 0
    ended = [stopping.interaction(call["id"]) for call in calls]
    print(sum(map(answered, ended)), "of 10 answered, the others told")
    assert all(answered(call) or "restart" in told(call) for call in ended)
    votes = "SELECT rank, value FROM votes ORDER BY rank, value"
    assert stopping.rows(votes) == [(0, -1), (0, 1), (1, 1)]
    assert_clean(stopping, children)


def test_who_cannot_be_answered_before_the_bot_ends_is_told(stopping: World, sound: Path) -> None:
    stopping.settings["SOUNDMAP_SHUTDOWN_SECONDS"] = 0.5
    children = warm(stopping.start())
    with stopped(children):
        calls = [asked(stopping, variant(sound), user=f"person{number}") for number in range(10)]
        until(lambda: all(it["acked"] for it in stopping.see("interactions")), 5)
        assert stopping.stop(signal.SIGTERM) == 0
    assert all("restart" in told(stopping.interaction(call["id"])) for call in calls)
    assert_clean(stopping, children)


def test_a_bot_that_is_killed_leaves_nothing_that_its_next_start_does_not_remove(
    stopping: World, sound: Path
) -> None:
    children = warm(stopping.start())
    with stopped(children):
        asked(stopping, sound)
        until(stopping.leftovers, 5)
        stopping.stop(signal.SIGKILL)
        until(lambda: not any(map(lives, children)), 5)
    assert stopping.leftovers()
    stopping.start()
    assert not stopping.leftovers()
    assert answered(stopping.slash("genre", options={"file": file(sound)}))
    stopping.stop()
    assert integrity(stopping) == "ok"


# ---------------------------------------------------------------------- sounds that kill


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A bot of one worker that may take three seconds."""
    settings = {"SOUNDMAP_WORKERS": 1, "SOUNDMAP_DEADLINE_SECONDS": 3}
    with watched(tmp_path_factory.mktemp("strict"), **settings) as made:
        yield made.start()


def test_a_worker_that_hangs_is_replaced_and_its_person_told(strict: World, sound: Path) -> None:
    [worker] = warm(strict)
    with stopped([worker]):
        assert "longer than 3 s" in told(strict.slash("genre", options={"file": file(sound)}))
    assert answered(strict.slash("genre", options={"file": file(sound)}))
    assert worker not in strict.workers()


def test_a_sound_that_kills_twice_is_left_alone_for_good(strict: World, long: Path) -> None:
    call = asked(strict, long)
    kill_listener(strict)
    kill_listener(strict)
    assert "stopped me" in told(strict.settled(call["id"]))
    for _ in range(2):
        workers = warm(strict)
        with stopped(workers):  # none is asked
            call = strict.slash("genre", options={"file": file(long)})
            assert "twice, so I leave it alone" in told(call)
        assert strict.workers() == workers
        strict.stop()
        strict.start()


# ---------------------------------------------------------------------- full disks


def test_full_disks_are_sentences_and_pass(tmp_path: Path, sound: Path, long: Path) -> None:
    with (
        small_disk(tmp_path / "tmp"),
        small_disk(tmp_path / "kept") as kept,
        World(tmp_path, SOUNDMAP_DATABASE=kept / "soundmap.db") as made,
    ):
        made.start()
        assert "no room" in told(made.slash("genre", options={"file": file(long)}))
        assert answered(made.slash("genre", options={"file": file(sound)}))
        shown = made.slash("recommend", options={"file": file(sound)})["shown"]
        filler = fill(kept)
        assert "no room" in told(made.slash("recommend", options={"file": file(sound)}))
        assert answered(made.slash("genre", options={"file": file(sound)}))
        made.do("reaction", message=shown["id"], emoji="👍", user="bob")
        filler.unlink()
        until(lambda: made.rows("SELECT rank, value FROM votes") == [(0, 1)], 10)
        assert answered(made.slash("recommend", options={"file": file(sound)}))
        assert not made.leftovers()
        assert made.stop() == 0
        assert integrity(made) == "ok"


# ---------------------------------------------------------------------- hands and eyes


def watched(folder: Path, **settings: object) -> World:
    """A world whose bot tells how it is."""
    return World(folder, SOUNDMAP_HEALTH_PORT=free_port(), **settings)


def warm(discord: World) -> list[int]:
    """The workers once all of them can be asked."""
    n = discord.settings.get("SOUNDMAP_WORKERS", 2)
    until(lambda: metrics(discord)["soundmap_workers"] == n, 20)
    return discord.workers()


def asked(discord: World, sound: Path, command: str = "genre", user: str = "alice") -> Json:
    """A slash command just given."""
    how = {"options": {"file": file(sound)}, "user": user, "wait": 0}
    return dict(discord.do("slash", command=command, **how))


def variant(sound: Path) -> Path:
    """Another sound that was never heard before."""
    number = next(SEEDS)
    return write(sound.with_name(f"{number}.wav"), music(3, 22_050, number), 22_050)


def answered(call: Json) -> bool:
    shown = last_word(call)
    return bool(shown and shown["embeds"] and shown["files"])


def told(call: Json) -> str:
    """The sentence that somebody got instead of an answer."""
    shown = last_word(call)
    assert shown is not None, call
    assert not shown["embeds"], shown
    assert shown["ephemeral_to"]
    return str(shown["content"])


def list_of(shown: Json) -> int:
    """The list that a message shows, which its buttons name."""
    return next(int(it["custom_id"].split(":")[2]) for it in shown["components"])


def votes_offered(discord: World, shown: Json) -> bool:
    return len(discord.message(shown["id"])["reactions"]) == OFFERED


def mentions_of(discord: World, user: str) -> list[Json]:
    """Messages of the bot, beside its answers to commands, that call a person."""
    number = discord.state()["users"].get(user)
    said: list[Json] = discord.see("messages?author=bot")
    return [it for it in said if number in it["mentions"] and not it["interaction"]]


def faults(discord: World, route: Json) -> list[Json]:
    """The calls that met a fault."""
    return [
        call
        for call in discord.see("requests")
        if call.get("fault") and re.search(route["path"], call["path"])
    ]


@contextmanager
def stopped(pids: list[int]) -> Iterator[None]:
    """Processes that do nothing for a while."""
    assert pids
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)


def kill_listener(discord: World) -> None:
    """Kills a worker in the middle of a sound."""

    def caught() -> int:
        for pid in discord.workers():
            with suppress(ProcessLookupError):
                if reads_a_sound(pid):
                    os.kill(pid, signal.SIGSTOP)
                    if reads_a_sound(pid):
                        return pid
                    os.kill(pid, signal.SIGCONT)
        return 0

    pid = until(caught, 20, 0.001)
    os.kill(pid, signal.SIGKILL)
    until(lambda: not lives(pid), 5, 0.001)


def reads_a_sound(pid: int) -> bool:
    with suppress(OSError):
        for opened in Path(f"/proc/{pid}/fd").iterdir():
            if str(opened.readlink()).endswith("/sound"):
                return True
    return False


def lives(pid: int) -> bool:
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    return False


def assert_clean(discord: World, children: list[int]) -> None:
    assert integrity(discord) == "ok"
    assert not discord.leftovers()
    assert not any(map(lives, children))


def integrity(discord: World) -> str:
    return str(discord.rows("PRAGMA integrity_check")[0][0])


@contextmanager
def held(database: Path) -> Iterator[None]:
    """A database that another process writes in."""
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if os.geteuid() or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("may not mount a small disk")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(folder: Path) -> Path:
    """A file that leaves no room beside it."""
    path = folder / "filler"
    with path.open("wb", buffering=0) as filler, suppress(OSError):
        while filler.write(bytes(4_096)):
            pass
    return path


def free_port() -> int:
    with closing(socket.socket()) as made:
        made.bind(("127.0.0.1", 0))
        return int(made.getsockname()[1])


def fetch(port: object, name: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/{name}", timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def metrics(discord: World) -> dict[str, float]:
    _, text = fetch(discord.settings["SOUNDMAP_HEALTH_PORT"], "metrics")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


def sentences(done: subprocess.CompletedProcess[str]) -> list[str]:
    """What a person is told by a process that ended, its log aside."""
    assert "Traceback" not in done.stderr
    start = "soundmap-bot: "
    said = [line for line in done.stderr.splitlines() if line.startswith(start)]
    return [line.removeprefix(start) for line in said]
