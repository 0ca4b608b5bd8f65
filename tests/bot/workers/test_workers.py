from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import numpy as np
import pytest

from bot.types import Heard, Refusal
from bot.workers import pool
from bot.workers.job import Fault, _as_data, plain
from bot.workers.pool import Workers
from soundmap.bundle.listener import Listener
from soundmap.bundle.manifest import DEFAULT_BUNDLE
from soundmap.errors import BadSound
from tests.helpers.coroutines import law, until
from tests.helpers.memory import needed_mb
from tests.helpers.sounds import music, write
from tests.helpers.waiting import until as until_true

ROOT = Path(__file__).resolve().parents[3]
Listening = asyncio.Task[Heard | Refusal]

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Takes some tenths of a second to hear, and 70 MiB."""
    return write(tmp_path_factory.mktemp("long") / "long.wav", music(30, 192_000), 192_000)


@asynccontextmanager
async def warm(n: int = 1, deadline_s: float = 30, memory_mb: int = 1024) -> AsyncIterator[Workers]:
    async with Workers(DEFAULT_BUNDLE, n, deadline_s, memory_mb) as workers:
        assert await workers.ready() is None
        await until(lambda: workers.alive == n)
        yield workers


def stat_of(pid: int) -> list[str]:
    """What the kernel says of a process, from its state on; "X" of one that is gone."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return ["X"]


def processor_times(workers: Workers) -> dict[int, list[str]]:
    return {pid: stat_of(pid)[11:13] for pid in workers.pids}


def exists(pid: int) -> bool:
    """True also of a dead one that nobody has waited for."""
    return Path(f"/proc/{pid}").exists()


def lives(pid: int) -> bool:
    return stat_of(pid)[0] not in "ZX"


async def hang(workers: Workers, path: Path) -> tuple[Listening, int]:
    """A listening whose worker is suspended in the middle, and the worker's number."""
    while True:
        before = processor_times(workers)
        task = asyncio.create_task(workers.listen(path))
        while (now := processor_times(workers)) == before:
            await asyncio.sleep(0.005)
        pid = next(pid for pid in now if now[pid] != before[pid])
        os.kill(pid, signal.SIGSTOP)
        await asyncio.sleep(0.2)
        if not task.done():
            return task, pid
        os.kill(pid, signal.SIGCONT)  # it was quicker


def is_heard(outcome: object) -> bool:
    return isinstance(outcome, Heard)


@law
async def test_a_worker_hears_what_the_listener_hears(demo: Path, listener: Listener) -> None:
    async with warm() as workers:
        heard = await workers.listen(demo)
    assert isinstance(heard, Heard)
    expected = listener.listen(demo)
    np.testing.assert_array_equal(heard.analysis.embedding, expected.embedding)
    assert heard.analysis.clip_sha256 == expected.clip_sha256
    assert heard.picture.startswith(b"\x89PNG")


@law
async def test_what_is_no_sound_is_refused_and_its_path_stays_secret(tmp_path: Path) -> None:
    (tmp_path / "letter.mp3").write_text("Dear friend, this is a letter and no sound at all.")
    async with warm() as workers:
        assert await workers.listen(tmp_path / "letter.mp3") == Refusal("not_audio")
        assert await workers.listen(tmp_path / "gone.mp3") == Refusal("missing_file")


@law
async def test_twenty_at_once_are_all_answered_by_two(demo: Path) -> None:
    async with warm(n=2) as workers:
        outcomes = await asyncio.gather(*(workers.listen(demo) for _ in range(20)))
        assert all(map(is_heard, outcomes))
        assert (workers.alive, workers.replaced) == (2, 0)


@law
async def test_who_comes_first_is_heard_first(demo: Path) -> None:
    order: list[int] = []

    async def come(place: int) -> None:
        assert is_heard(await workers.listen(demo))
        order.append(place)

    async with warm() as workers:
        await asyncio.gather(*map(come, range(6)))
    assert order == [0, 1, 2, 3, 4, 5]


@law
async def test_a_worker_that_is_killed_at_work_costs_one_answer(demo: Path, long: Path) -> None:
    async with warm(n=2) as workers:
        one, pid = await hang(workers, long)
        others = [asyncio.create_task(workers.listen(demo)) for _ in range(4)]
        os.kill(pid, signal.SIGKILL)
        assert await one == Refusal("worker_died")
        assert all(map(is_heard, await asyncio.gather(*others)))
        assert is_heard(await workers.listen(long))
        await until(lambda: workers.alive == 2)
        assert workers.replaced == 1
        assert not exists(pid)


@law
async def test_nobody_notices_when_idle_workers_are_killed(demo: Path) -> None:
    async with warm(n=2) as workers:
        for pause_s in (0, 0, 0.02, 0.15):
            for pid in workers.pids:
                os.kill(pid, signal.SIGKILL)
            await asyncio.sleep(pause_s)
            outcomes = await asyncio.gather(*(workers.listen(demo) for _ in range(3)))
            assert all(map(is_heard, outcomes))
            await until(lambda: workers.alive == 2)
        assert workers.replaced == 8


@pytest.mark.alone
@law
async def test_a_worker_that_hangs_is_killed_at_its_deadline(demo: Path, long: Path) -> None:
    async with warm(deadline_s=2) as workers:
        began = time.monotonic()
        one, pid = await hang(workers, long)
        waiting = [asyncio.create_task(workers.listen(demo)) for _ in range(2)]
        assert await one == Refusal("worker_deadline", {"seconds": 2})
        assert 2 <= time.monotonic() - began < 6
        assert all(map(is_heard, await asyncio.gather(*waiting)))  # longer than 2 s since asked
        assert not lives(pid)


@law
async def test_a_sound_that_needs_too_much_memory_is_refused(demo: Path, long: Path) -> None:
    async with warm(memory_mb=await needed_mb() + 30) as workers:
        assert is_heard(await workers.listen(demo))
        assert await workers.listen(long) == Refusal("worker_memory")
        assert is_heard(await workers.listen(demo))
        assert workers.replaced == 1


@law
async def test_who_gives_up_waiting_leaves_the_workers_usable(demo: Path, long: Path) -> None:
    async with warm() as workers:
        tasks = [asyncio.create_task(workers.listen(long)) for _ in range(3)]
        await asyncio.sleep(0.05)
        for task in tasks:
            task.cancel()
        outcomes = await asyncio.gather(*tasks, return_exceptions=True)
        assert all(isinstance(outcome, asyncio.CancelledError) for outcome in outcomes)
        assert is_heard(await workers.listen(demo))
        assert workers.replaced == 0


@pytest.mark.alone
@law
async def test_closing_leaves_no_process_even_if_one_hangs(demo: Path, long: Path) -> None:
    async with warm(n=2) as workers:
        one, _ = await hang(workers, long)
        tasks = [one, *(asyncio.create_task(workers.listen(long)) for _ in range(4))]
        await asyncio.sleep(0.02)
        pids, began = workers.pids, time.monotonic()
    assert time.monotonic() - began < 2
    assert len(pids) == 2
    assert not any(map(exists, pids))
    outcomes = await asyncio.gather(*tasks)
    assert outcomes[0] == Refusal("closing")
    assert all(is_heard(outcome) or outcome == Refusal("closing") for outcome in outcomes)
    assert await workers.listen(demo) == Refusal("closing")
    assert await workers.ready() == Refusal("closing")


@law
async def test_closing_at_once_leaves_no_process() -> None:
    async with Workers(DEFAULT_BUNDLE, 2, 30, 1024) as workers:
        task = asyncio.create_task(workers.ready())
        await asyncio.sleep(0.1)
    assert await task == Refusal("closing")
    assert not [pid for pid in children() if "spawn_main" in command(pid)]


@law
async def test_a_worker_is_replaced_after_so_many_files(
    demo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "JOBS_PER_CHILD", 2)
    async with warm() as workers:
        first = workers.pids
        assert all([is_heard(await workers.listen(demo)) for _ in range(3)])
        assert workers.pids != first
        assert workers.replaced == 0


@law
async def test_a_bundle_that_cannot_be_opened_is_reported(demo: Path, tmp_path: Path) -> None:
    async with Workers(tmp_path, 2, 30, 1024) as workers:
        assert await workers.ready() == Refusal("missing_bundle")
        assert await workers.listen(demo) == Refusal("missing_bundle")
        assert workers.alive == 0


@law
async def test_workers_get_no_secret_and_one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "not-for-children")
    monkeypatch.setenv("HOME_TOKEN", "not-for-children")
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)  # another test may have run a command
    others = set(children())  # of other tests, such as the tracker that multiprocessing keeps
    async with warm() as workers:
        os.kill(workers.pids[0], signal.SIGKILL)
        await until(lambda: workers.replaced and workers.alive)
        assert workers.pids[0] not in others
        for pid in set(children()) - others:
            environment = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
            assert not [entry for entry in environment if b"not-for-children" in entry]
            assert b"OMP_NUM_THREADS=1" in environment
    assert os.environ["DISCORD_TOKEN"] == "not-for-children"
    assert "OMP_NUM_THREADS" not in os.environ


@law
async def test_workers_are_confined() -> None:
    async with warm(memory_mb=321) as workers:
        (pid,) = workers.pids
        limits = Path(f"/proc/{pid}/limits").read_text()
        found = {line[:18].strip(): line[18:].split()[:2] for line in limits.splitlines()}
        assert found["Max data size"] == [str(321 << 20)] * 2
        assert found["Max core file size"] == ["0", "0"]
        assert Path(f"/proc/{pid}/fd/0").readlink() == Path(os.devnull)
        os.kill(pid, signal.SIGINT)
        await asyncio.sleep(0.1)
        assert workers.pids == [pid]


def test_workers_vanish_when_their_parent_is_killed(tmp_path: Path) -> None:
    # The script has no guard of __main__: a worker that imported it would start workers.
    script = tmp_path / "parent.py"
    script.write_text(
        "import asyncio\n"
        "from bot.workers.pool import Workers\n"
        "from soundmap.bundle.manifest import DEFAULT_BUNDLE\n"
        "async def main():\n"
        "    async with Workers(DEFAULT_BUNDLE, 2, 30, 1024) as workers:\n"
        "        while workers.alive < 2: await asyncio.sleep(0.01)\n"
        "        print(*workers.pids, flush=True)\n"
        "        await asyncio.sleep(60)\n"
        "asyncio.run(main())\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [sys.executable, script], env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as parent:
        assert parent.stdout
        pids = [int(pid) for pid in parent.stdout.readline().split()]
        assert len(pids) == 2
        assert all(map(lives, pids))
        parent.kill()
        parent.wait()
        until_true(lambda: not any(map(lives, pids)), 2)


def modules_after(code: str, *arguments: Path) -> set[str]:
    code += "\nimport sys; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True
    )
    return {name.split(".")[0] for name in done.stdout.split()}


def test_the_parent_imports_nothing_that_listens() -> None:
    heavy = {"torch", "librosa", "MNN", "onnxruntime", "soundfile", "soxr", "av", "PIL", "scipy"}
    assert not heavy & modules_after("import bot.workers.pool")


def test_a_worker_imports_nothing_that_chats(demo: Path) -> None:
    code = (
        "import sys; from pathlib import Path\n"
        "from soundmap.bundle.manifest import DEFAULT_BUNDLE\n"
        "from bot.workers import confine, job; assert job.open_bundle(DEFAULT_BUNDLE) is None\n"
        "job.listen(DEFAULT_BUNDLE, Path(sys.argv[1])).picture"
    )
    chatty = {"discord", "aiohttp", "aiosqlite", "cogs", "torch", "librosa", "asyncio"}
    assert not chatty & modules_after(code, demo)


def test_facts_cross_as_text_and_numbers() -> None:
    path = Path("/tmp/secret/sound.wav")
    facts = {
        "path": path,
        "seconds": np.float32(0.5),
        "rate_hz": np.int64(7),
        "reason": PermissionError(13, "Permission denied", str(path)),
        "kind": f"what {path} is",
    }
    told = plain(facts, path)
    assert told == {
        "seconds": 0.5,
        "rate_hz": 7,
        "reason": "Permission denied",
        "kind": "what the file is",
    }
    assert {type(fact) for fact in told.values()} == {float, int, str}


@pytest.mark.parametrize(
    "error", [MemoryError(), OSError(12, "Cannot allocate memory"), RuntimeError("std::bad_alloc")]
)
def test_a_lack_of_memory_is_known_by_its_cause(error: Exception) -> None:
    def work() -> None:
        raise BadSound("damaged") from error

    assert _as_data(work, Path("sound.wav")) == Refusal("worker_memory")


def test_what_nobody_thought_of_is_text_for_the_log() -> None:
    outcome = _as_data(lambda: 1 // 0, Path("sound.wav"))
    assert isinstance(outcome, Fault)
    assert "ZeroDivisionError" in outcome.text


def children() -> list[int]:
    listed = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    return [int(pid) for pid in listed]


def command(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text()
