"""The image, without Docker: its steps in a fresh Debian, then the bot in there on a loopback
Discord, as its Dockerfile says.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deploy.debian import HOME, as_container, debian, installed_from_clone
from tests.helpers.waiting import free_port, until
from tests.house.source import ROOT
from tests.scenarios.discord.seen import picks
from tests.scenarios.discord.world import World, file

DOCKERFILE = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")


def line(pattern: str) -> str:
    """What a pattern finds in a line of the Dockerfile."""
    return str(re.findall(f"^{pattern}$", DOCKERFILE, re.MULTILINE)[0])


SUITE = line(r"FROM debian:(\w+)-slim")
START: list[str] = json.loads(line("ENTRYPOINT (.*)"))
CHECK: list[str] = json.loads(line("HEALTHCHECK .*CMD (.*)"))
SET = dict(re.findall(r"\b([A-Z_]+)=(\S+)", DOCKERFILE.split("ENV ")[1].split("USER")[0]))

pytestmark = [pytest.mark.process, pytest.mark.timeout(2400)]


class Contained(World):
    """A loopback Discord whose bot runs in the image."""

    def __init__(self, folder: Path, root: Path, **settings: object) -> None:
        super().__init__(folder, **settings)
        self._root, self.kept = root, folder / "kept"
        self.kept.mkdir()
        owner = (root / HOME).stat()
        shutil.chown(self.kept, owner.st_uid, owner.st_gid)
        self.kept.chmod(0o700)

    @property
    def database(self) -> Path:
        return self.kept / "soundmap.db"

    def __enter__(self) -> Contained:
        super().__enter__()
        return self

    def command(self, words: list[str]) -> list[str]:
        """A command of the Dockerfile, as a container would run it."""
        at = {name: it for name, it in self._env.items() if name.startswith("DISCORD")}
        env = {**SET, **at, "PYTHONPATH": "/redirect", "SOUNDMAP_HEALTH_PORT": str(self._port)}
        return as_container(self._root, self.kept, words, env)

    def start_bot(self, seconds: float = 200) -> None:
        super().start_bot(seconds)  # with nothing in its cache yet

    def begin(self) -> None:
        self._port = free_port()
        with self.log_file.open("ab") as log:
            self.bot = subprocess.Popen(
                self.command(START), stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("debian")
    made = debian(folder / "root", SUITE)
    assert installed_from_clone(made).splitlines()[-1].startswith("soundmap-bot ")
    yield made
    shutil.rmtree(folder)


def test_the_image_answers_says_that_it_can_and_ends_when_told(
    root: Path, tmp_path: Path, demo: Path
) -> None:
    with Contained(tmp_path, root) as world:
        world.start()
        check = world.command(CHECK)
        until(lambda: subprocess.run(check, capture_output=True).returncode == 0, 200, pause_s=1)
        made = world.slash("recommend", options={"file": file(demo)}, seconds=200)
        assert len(picks(made["shown"])) == 5
        kept = {it.name for it in world.kept.iterdir()}
        assert {"soundmap.db", "soundmap.db.key", "cache"} <= kept
        assert f"kept in /{HOME}/soundmap.db" in world.log()
        assert world.stop() == 0, world.log()
        gone = subprocess.run(check, capture_output=True, text=True)
        assert gone.returncode == 1 and "No bot answers" in gone.stderr
        assert "Traceback" not in world.log()


def test_without_a_token_it_ends_with_a_sentence(root: Path, tmp_path: Path) -> None:
    owner = (root / HOME).stat()
    shutil.chown(tmp_path, owner.st_uid, owner.st_gid)
    done = subprocess.run(
        as_container(root, tmp_path, START, SET),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2 and f"/{HOME}/.env (there is no such file)" in done.stderr
    assert not list(tmp_path.iterdir())
