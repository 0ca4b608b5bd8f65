"""What a worker is kept from, tried inside a real one."""

from __future__ import annotations

import asyncio
import os
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from bot.types import Heard
from bot.workers.child import Child
from bot.workers.confine import allow_seconds, seal
from bot.workers.job import listen, open_bundle
from bot.workers.landlock import _call
from soundmap.bundle.manifest import DEFAULT_BUNDLE
from tests.fuzz.mutants import originals

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="limits are Linux's")

ROOT = Path(__file__).resolve().parents[3]
Inside = Callable[..., Any]
VERSION = _call(444, None, 0, 1) if sys.platform == "linux" else 0
needs_landlock = pytest.mark.skipif(VERSION < 1, reason="this kernel has no Landlock")


@pytest.fixture(scope="module")
def loop() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="module")
def child(loop: asyncio.Runner) -> Iterator[Child]:
    """A worker that is ready for its first file."""

    async def made() -> Child:
        made = Child(DEFAULT_BUNDLE, 1024)
        assert await made.open() is None
        return made

    child = loop.run(made())
    yield child
    loop.run(child.dismiss())


@pytest.fixture
def inside(loop: asyncio.Runner, child: Child) -> Inside:
    """Runs a function in the worker: what it returns, or the name of its OSError."""

    def run(function: Callable[..., Any], *arguments: Any) -> Any:
        return loop.run(child._ask(20, attempt, function, *arguments))

    return run


def attempt(function: Callable[..., Any], *arguments: Any) -> Any:
    try:
        return function(*arguments)
    except OSError as error:
        return type(error).__name__


def limits() -> dict[str, tuple[int, int]]:
    names = ("CORE", "DATA", "FSIZE", "NOFILE", "NPROC")
    return {name: resource.getrlimit(getattr(resource, f"RLIMIT_{name}")) for name in names}


def test_the_limits_of_a_worker(inside: Inside) -> None:
    assert inside(limits) == {
        "CORE": (0, 0),
        "DATA": (1 << 30, 1 << 30),
        "FSIZE": (0, 0),
        "NOFILE": (64, 64),
        "NPROC": (0, 0),
    }


def test_a_sealed_worker_hears_what_an_open_one_hears(inside: Inside, demo: Path) -> None:
    sealed, opened = inside(listen, DEFAULT_BUNDLE, demo), listen(DEFAULT_BUNDLE, demo)
    assert isinstance(sealed, Heard) and isinstance(opened, Heard)
    assert sealed.analysis.embedding.tobytes() == opened.analysis.embedding.tobytes()
    assert sealed.picture == opened.picture


def test_a_worker_has_one_thread_and_no_telemetry(child: Child) -> None:
    process = Path(f"/proc/{child.pid}")
    assert len(list((process / "task").iterdir())) == 1
    targets = [os.readlink(link) for link in (process / "fd").iterdir()]  # noqa: PTH115
    assert not [name for name in targets if ".cache" in name]


def test_standard_input_is_nothing_whatever_the_parents_is() -> None:
    code = (
        "import asyncio, os\n"
        "from bot.workers.child import Child\n"
        "from soundmap.bundle.manifest import DEFAULT_BUNDLE\n"
        "async def main():\n"
        "    child = Child(DEFAULT_BUNDLE, 1024)\n"
        "    assert await child.open() is None\n"
        "    print(os.readlink(f'/proc/{child.pid}/fd/0'), os.readlink('/proc/self/fd/0'))\n"
        "    await child.dismiss()\n"
        "asyncio.run(main())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, input="a secret", capture_output=True, text=True
    )
    its, ours = done.stdout.split()
    assert its == os.devnull
    assert ours.startswith("pipe:")


def add_to(path: Path) -> int:
    with path.open("ab", buffering=0) as file:
        return file.write(b"more")


def test_no_file_can_be_made_or_written(inside: Inside, tmp_path: Path) -> None:
    there = tmp_path / "there"
    there.write_bytes(b"as it was")
    assert str(inside(add_to, there)).endswith("Error")
    assert str(inside(add_to, tmp_path / "new")).endswith("Error")
    assert there.read_bytes() == b"as it was"
    assert VERSION < 1 or not (tmp_path / "new").exists()


def test_without_landlock_a_file_can_be_made_but_not_a_byte_written(tmp_path: Path) -> None:
    code = (
        "import sys, pathlib; from bot.workers import confine\n"
        "confine.forbid = lambda writing_but: False\n"
        "confine.seal()\n"
        "try: pathlib.Path(sys.argv[1]).write_bytes(b'more')\n"
        "except OSError as error: print(error.strerror)\n"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "new")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "File too large\n"
    assert (tmp_path / "new").stat().st_size == 0


@needs_landlock
def test_no_file_can_be_renamed_or_deleted(inside: Inside, tmp_path: Path) -> None:
    there = tmp_path / "there"
    there.write_bytes(b"as it was")
    assert inside(os.unlink, there) == "PermissionError"
    assert inside(os.rename, there, tmp_path / "gone") == "PermissionError"
    assert inside(os.truncate, there, 0) == "PermissionError" or VERSION < 3
    assert inside(os.mkdir, tmp_path / "folder") == "PermissionError"
    assert inside(os.symlink, there, tmp_path / "link") == "PermissionError"
    assert [path.name for path in tmp_path.iterdir()] == ["there"]


def test_there_is_no_folder_for_temporary_files(inside: Inside) -> None:
    assert inside(tempfile.gettempdir) == os.devnull
    assert inside(os.getenv, "TMPDIR") == os.devnull
    assert str(inside(tempfile.mkstemp)).endswith("Error")


def open_many() -> int:
    files: list[int] = []
    try:
        while len(files) < 1_000:
            files.append(os.open(os.devnull, os.O_RDONLY))
    except OSError:
        return len(files)
    finally:
        for file in files:
            os.close(file)
    return len(files)


def test_a_worker_opens_few_files(inside: Inside) -> None:
    assert 30 < inside(open_many) < 64


def run_a_program() -> int:
    return subprocess.run(["/bin/true"], check=False).returncode


@needs_landlock
def test_no_program_can_be_run(inside: Inside) -> None:
    assert inside(run_a_program) == "PermissionError"


def connect(port: int) -> str:
    with socket.create_connection(("127.0.0.1", port), 5):
        return "connected"


def listen_on_a_port() -> str:
    with socket.create_server(("127.0.0.1", 0)):
        return "bound"


@pytest.mark.skipif(VERSION < 4, reason="this kernel's Landlock knows no TCP")
def test_no_connection_can_be_made_or_taken(inside: Inside) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert inside(connect, server.getsockname()[1]) == "PermissionError"
        server.setblocking(False)
        with pytest.raises(BlockingIOError):
            server.accept()
    assert inside(listen_on_a_port) == "PermissionError"


def read(path: str) -> bytes:
    return Path(path).read_bytes()


@needs_landlock
def test_a_worker_cannot_look_into_its_parent(inside: Inside) -> None:
    assert inside(read, f"/proc/{os.getpid()}/environ") == "PermissionError"
    assert inside(read, f"/proc/{os.getpid()}/mem") == "PermissionError"


@pytest.mark.skipif(VERSION < 6, reason="this kernel's Landlock knows no signals")
def test_a_worker_cannot_signal_its_parent(inside: Inside) -> None:
    assert inside(os.kill, os.getpid(), signal.SIGTERM) == "PermissionError"


def spin_within(seconds: float) -> None:
    allow_seconds(seconds)
    while True:
        pass


def computes(pid: int) -> bool:
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    return False


def test_what_computes_on_and_on_is_ended_by_the_kernel(loop: asyncio.Runner) -> None:
    async def run() -> float:
        child = Child(DEFAULT_BUNDLE, 1024)
        assert await child.open() is None
        began = time.monotonic()
        child._schedule(spin_within, 0.5)
        time.sleep(0.1)  # the loop is stuck: nobody watches a deadline
        while computes(child.pid):
            time.sleep(0.05)
            assert time.monotonic() - began < 30
        took = time.monotonic() - began
        await child.death()
        assert child._process.exitcode == -signal.SIGXCPU
        await child.dismiss()
        return took

    assert loop.run(run()) > 1


def allowed() -> int:
    return resource.getrlimit(resource.RLIMIT_CPU)[0]


def test_every_job_has_its_time(inside: Inside) -> None:
    before = inside(allowed)
    inside(allow_seconds, 1000)
    assert inside(allowed) > before or before == resource.RLIM_INFINITY
    inside(allow_seconds, 10)
    assert 10 < inside(allowed) < 60


def start_another() -> list[str]:
    said = []
    for start in (os.fork, threading.Thread(target=int).start):
        try:
            if start() == 0:
                os._exit(0)
            said.append("started")
        except (OSError, RuntimeError) as error:
            said.append(type(error).__name__)
    return said


def as_nobody(folder: Path) -> tuple[list[str], list[str]]:
    """What is not heard, and what can be started.  Root may start what it likes, always."""
    assert open_bundle(DEFAULT_BUNDLE) is None
    if not os.getuid():
        os.setgroups([])
        os.setgid(65_534)
        os.setuid(65_534)
    seal()
    heard = {path.name: listen(DEFAULT_BUNDLE, path) for path in folder.iterdir()}
    return [name for name in heard if not isinstance(heard[name], Heard)], start_another()


def test_whoever_is_not_root_hears_all_the_same_and_starts_nothing(loop: asyncio.Runner) -> None:
    async def run(folder: Path) -> Any:
        child = Child(DEFAULT_BUNDLE, 1024)
        try:
            return await child._ask(60, as_nobody, folder)
        finally:
            await child.dismiss()

    with tempfile.TemporaryDirectory() as folder:  # pytest's folders are its user's alone
        Path(folder).chmod(0o755)
        for name, content in originals().items():
            if name != "video.mp4":
                (Path(folder) / name).write_bytes(content)
                (Path(folder) / name).chmod(0o644)
        unheard, said = loop.run(run(Path(folder)))
    assert unheard == []
    assert said == ["BlockingIOError", "RuntimeError"]


def capabilities() -> str:
    status = Path("/proc/self/status").read_text()
    return next(line.split()[1] for line in status.splitlines() if line.startswith("CapEff"))


def test_of_the_rights_of_root_a_worker_keeps_reading(inside: Inside) -> None:
    assert int(inside(capabilities), 16) in (0, 1 << 2)
