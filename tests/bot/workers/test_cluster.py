"""Listening on other machines: a scheduler and workers, each a real process of its own."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from socketserver import BaseRequestHandler, ThreadingTCPServer
from typing import Any

import numpy as np
import pytest

from bot.app import opened
from bot.config import BadSettings, read_settings
from bot.types import Heard, Refusal
from bot.workers.cluster import GONE, ClusterWorkers
from soundmap import cluster
from soundmap.bundle.listener import Listener
from soundmap.bundle.manifest import DEFAULT_BUNDLE
from soundmap.catalog.shelf import Shelf
from soundmap.cli.common import BAD_INPUT
from soundmap.cli.main import main
from soundmap.errors import SoundMapError
from soundmap.library.cluster import Cluster
from soundmap.library.indexing import Index
from soundmap.library.jobs import Failure, HeardFile, hear_file
from soundmap.library.processes import Processes
from tests.helpers.coroutines import law, until
from tests.helpers.memory import needed_mb
from tests.helpers.progress import calling
from tests.helpers.sounds import music, write

pytestmark = [
    pytest.mark.timeout(300),
    pytest.mark.skipif(sys.platform != "linux", reason="kills processes"),
]

N_FILES = 10
long_law = partial(law, seconds=300)  # processes that import Dask start slowly on a busy machine


class Machines:
    """A scheduler and its workers, to be started and killed; they share nothing but loopback."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._processes: list[subprocess.Popen[bytes]] = []
        with socket.create_server(("127.0.0.1", 0)) as free:
            self._port = str(free.getsockname()[1])
        self.address = f"tcp://127.0.0.1:{self._port}"

    def scheduler(self) -> subprocess.Popen[bytes]:
        return self._start("scheduler", "--host", "127.0.0.1", "--port", self._port)

    def worker(self, *how: str) -> subprocess.Popen[bytes]:
        apart = ("--local-directory", str(self._folder), "--nthreads", "1")
        return self._start("worker", self.address, *apart, *(how or ("--no-nanny",)))

    def wait_for(self, n_workers: int) -> None:
        """Returns when so many are there."""
        with cluster.connect(self.address) as client:
            client.wait_for_workers(n_workers, 100)

    def _start(self, *what: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "dask", *what, "--no-dashboard"]
        with (self._folder / "log.txt").open("ab") as log:
            process = subprocess.Popen(
                command, cwd=self._folder, stdout=log, stderr=log, stdin=subprocess.DEVNULL
            )
        self._processes.append(process)
        return process

    def close(self) -> None:
        for process in self._processes:
            process.kill()
            process.wait()


@pytest.fixture
def machines(tmp_path: Path) -> Iterator[Machines]:
    (folder := tmp_path / "machines").mkdir()
    machines = Machines(folder)
    yield machines
    machines.close()


@pytest.fixture
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Patience is for networks."""
    monkeypatch.setattr(cluster, "GONE_SECONDS", 2.0)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Music, a letter that claims to be some, and an odd name."""
    folder = tmp_path_factory.mktemp("music")
    for number in range(N_FILES - 2):
        write(folder / f"{number}.wav", music(8, seed=number), 44_100)
    odd = write(folder / "odd.wav", music(8, seed=99), 44_100)
    odd.rename(folder / os.fsdecode(b"caf\xe9 \xff.wav"))
    (folder / "letter.mp3").write_text("Dear friend, this is a letter and no sound at all.")
    return folder


def indexed(
    shelf: Path, folder: Path, executor: Callable[[], Any], act: Callable[[float], None]
) -> dict[str, Any]:
    return Index(
        shelf=Shelf(shelf),
        name="mine",
        folder=folder,
        bundle=DEFAULT_BUNDLE,
        opened=executor,
        progress=calling(act),
    ).run()


def table(shelf: Path, listener: Listener) -> dict[str, tuple[Any, ...]]:
    """What a catalog knows of each of its files."""
    catalog = Shelf(shelf).open("mine", listener.manifest.space)
    embeddings = map(tuple, catalog.points.values.tolist())
    names = ("title", "artist", "audible", "tempo_bpm", "genre")
    facts = zip(*(catalog.columns[name] for name in names), strict=True)
    return dict(zip(catalog.columns["file"], zip(embeddings, facts, strict=True), strict=True))


def test_a_worker_killed_at_work_costs_a_catalog_nothing(
    machines: Machines, folder: Path, tmp_path: Path, listener: Listener
) -> None:
    machines.scheduler()
    doomed, _ = machines.worker(), machines.worker("--nanny")
    machines.wait_for(2)

    def act(done: float) -> None:
        if done == 2:
            doomed.kill()

    report = indexed(
        tmp_path / "far", folder, lambda: Cluster(machines.address, DEFAULT_BUNDLE), act
    )
    assert (report["heard"], len(report["failed"])) == (N_FILES - 1, 1)
    assert report["failed"][0]["path"] == "letter.mp3"
    here = indexed(tmp_path / "near", folder, lambda: Processes(DEFAULT_BUNDLE, 1), lambda _: None)
    assert here["failed"] == report["failed"]
    assert table(tmp_path / "far", listener) == table(tmp_path / "near", listener)


@pytest.mark.usefixtures("quickly")
def test_what_was_heard_is_kept_when_the_whole_cluster_dies(
    machines: Machines, folder: Path, tmp_path: Path
) -> None:
    scheduler, _ = machines.scheduler(), machines.worker()
    machines.wait_for(1)

    def act(done: float) -> None:
        if done == 3:
            scheduler.kill()

    with pytest.raises(SoundMapError, match="went away"):
        indexed(tmp_path, folder, lambda: Cluster(machines.address, DEFAULT_BUNDLE), act)
    again = indexed(tmp_path, folder, lambda: Processes(DEFAULT_BUNDLE, 1), lambda _: None)
    assert again["tracks"] == N_FILES - 1
    assert again["heard"] <= N_FILES - 3


@pytest.mark.usefixtures("quickly")
def test_a_cluster_without_workers_is_given_up(machines: Machines, folder: Path) -> None:
    machines.scheduler()
    with Cluster(machines.address, DEFAULT_BUNDLE) as executor:
        future = executor.submit(folder / "0.wav")
        assert executor.slots == 1
        with pytest.raises(SoundMapError, match="went away"):
            future.result(60)


@pytest.mark.usefixtures("quickly")
def test_a_scheduler_that_hangs_is_given_up(machines: Machines, folder: Path) -> None:
    scheduler = machines.scheduler()
    with Cluster(machines.address, DEFAULT_BUNDLE) as executor:
        scheduler.send_signal(signal.SIGSTOP)
        with pytest.raises(SoundMapError, match="went away"):
            executor.submit(folder / "0.wav").result(60)


def test_a_file_that_cannot_be_sent_is_refused_as_here(
    machines: Machines, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machines.scheduler(), machines.worker()
    machines.wait_for(1)
    (tmp_path / "empty.wav").touch()
    odd = [tmp_path / "gone.wav", tmp_path, tmp_path / "empty.wav", folder / "letter.mp3"]
    with Cluster(machines.address, DEFAULT_BUNDLE) as executor:
        for path in odd:
            assert executor.submit(path).result(60) == hear_file(DEFAULT_BUNDLE, path)
        monkeypatch.setattr(cluster, "MOST_MB", 0)
        refused = executor.submit(folder / "0.wav").result(60)
        assert refused == Failure("too_large", {"most_mb": 0})
        monkeypatch.undo()
        heard = executor.submit(folder / "0.wav").result(60)
        here = hear_file(DEFAULT_BUNDLE, folder / "0.wav")
        assert isinstance(heard, HeardFile) and isinstance(here, HeardFile)
        np.testing.assert_array_equal(heard.embedding, here.embedding)


@pytest.fixture
def no_scheduler() -> Iterator[str]:
    """Something that answers, but in other words."""

    class Other(BaseRequestHandler):
        def handle(self) -> None:
            self.request.recv(1024)
            self.request.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with ThreadingTCPServer(("127.0.0.1", 0), Other) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"tcp://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def test_the_command_says_that_there_is_no_cluster(
    folder: Path,
    tmp_path: Path,
    no_scheduler: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 1.0)
    command = ["index", str(folder), "--name", "mine", "--catalogs", str(tmp_path), "--json"]
    for address in ("tcp://127.0.0.1:9", no_scheduler):
        assert main([*command, "--cluster", address]) == BAD_INPUT
        assert json.loads(capsys.readouterr().out)["error"]["code"] == "no_cluster"
        assert Shelf(tmp_path).entries() == []
    with pytest.raises(SystemExit, match="2"):
        main([*command, "--cluster", "127.0.0.1:9"])


@long_law
async def test_the_bot_loses_no_answer_when_a_worker_is_killed(
    machines: Machines, demo: Path, listener: Listener
) -> None:
    machines.scheduler()
    doomed, _ = machines.worker(), machines.worker("--nanny")
    async with ClusterWorkers(machines.address, DEFAULT_BUNDLE, 30, 1024) as workers:
        await until(lambda: workers.alive == 2, 100)
        assert await workers.ready() is None
        tasks = [asyncio.create_task(workers.listen(demo)) for _ in range(8)]
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        doomed.kill()
        heard = await asyncio.gather(*tasks)
        await until(lambda: workers.alive == 1)
    expected = listener.listen(demo)
    for one in heard:
        assert isinstance(one, Heard)
        np.testing.assert_array_equal(one.analysis.embedding, expected.embedding)
        assert one.analysis.clip_sha256 == expected.clip_sha256
        assert one.picture.startswith(b"\x89PNG")


@pytest.mark.usefixtures("quickly")
@long_law
async def test_the_bot_is_refused_at_once_while_the_cluster_is_away(
    machines: Machines, demo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 3.0)
    async with ClusterWorkers(machines.address, DEFAULT_BUNDLE, 30, 1024) as workers:
        assert await workers.listen(demo) == GONE
        scheduler, worker = machines.scheduler(), machines.worker()
        await until(lambda: workers.alive, 100)
        assert isinstance(await workers.listen(demo), Heard)
        tasks = [asyncio.create_task(workers.listen(demo)) for _ in range(3)]
        await asyncio.sleep(0)
        scheduler.kill()
        worker.kill()
        assert set(map(type, await asyncio.gather(*tasks))) <= {Heard, Refusal}
        assert await workers.listen(demo) == GONE
        machines.scheduler(), machines.worker()
        await until(lambda: workers.alive, 100)
        assert isinstance(await workers.listen(demo), Heard)
    assert await workers.listen(demo) == Refusal("closing")


@long_law
async def test_limits_hold_over_there(machines: Machines, tmp_path: Path) -> None:
    machines.scheduler(), machines.worker()
    long = write(tmp_path / "long.wav", music(30, 192_000), 192_000)
    (tmp_path / "letter.mp3").write_text("Dear friend, this is a letter and no sound at all.")
    async with ClusterWorkers(machines.address, DEFAULT_BUNDLE, 0.05, 1024) as workers:
        await until(lambda: workers.alive, 100)
        assert await workers.listen(long) == Refusal("worker_deadline", {"seconds": 0.05})
    little_mb = await needed_mb() + 30
    async with ClusterWorkers(machines.address, DEFAULT_BUNDLE, 30, little_mb) as workers:
        assert await workers.listen(long) == Refusal("worker_memory")
    async with ClusterWorkers(machines.address, DEFAULT_BUNDLE, 30, 1024) as workers:
        assert await workers.listen(tmp_path / "letter.mp3") == Refusal("not_audio")
        assert await workers.listen(tmp_path / "gone.mp3") == Refusal("missing_file")


@long_law
async def test_the_service_asks_the_cluster_that_is_set(machines: Machines, tmp_path: Path) -> None:
    machines.scheduler(), machines.worker()
    settings = read_settings(
        {
            "SOUNDMAP_CLUSTER": machines.address,
            "SOUNDMAP_DATABASE": str(tmp_path / "soundmap.db"),
            "SOUNDMAP_CATALOGS": str(tmp_path),
        },
        tmp_path / "none",
    )
    async with opened(settings) as service:
        assert isinstance(service.parts.workers, ClusterWorkers)
        await until(lambda: service.parts.workers.alive, 100)


@pytest.mark.parametrize("address", ["10.0.0.1:8786", "http://10.0.0.1:8786", "tcp://host"])
def test_what_is_no_address_of_a_scheduler_is_said_at_once(address: str, tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="SOUNDMAP_CLUSTER"):
        read_settings({"SOUNDMAP_CLUSTER": address}, tmp_path / "none")
