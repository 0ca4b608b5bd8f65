"""What all tests share: one thread each, temporary folders of their own, things made once."""

from __future__ import annotations

import csv
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from soundmap.bundle.listener import Listener

# Tests run beside each other.  Set before NumPy loads: one thread each, and where a library starts
# more all the same, those that wait sleep; turning round they would take the others' time.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
os.environ.pop("PYTHONUNBUFFERED", None)  # processes begun here keep output back, as users' do
os.environ["LC_ALL"] = "C.UTF-8"  # what a test reads is English, unless it asks for another
# A shell's background job ignores Ctrl-C, and one under nohup that its terminal goes; so would
# processes begun here.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
if sys.platform != "win32":
    signal.signal(signal.SIGHUP, signal.SIG_DFL)

TESTS = Path(__file__).resolve().parent
SHARED = TESTS.parents[1] / "shared"
SLOW = ("lab", "fuzz", "scenarios", "bot/workers", "engines", "links")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest comes first, so that no worker is left alone with it in the end."""
    items.sort(key=lambda item: not any(item.path.is_relative_to(TESTS / it) for it in SLOW))


@pytest.fixture(scope="session", autouse=True)
def temporary_folder() -> Iterator[Path]:
    """The folder for temporary files is this process's alone, so what is left there is its own."""
    usual, asked = tempfile.tempdir, os.environ.get("TMPDIR")
    folder = Path(tempfile.mkdtemp(prefix="tests-"))
    folder.chmod(0o755)  # workers that give up root's rights read in it
    tempfile.tempdir = os.environ["TMPDIR"] = str(folder)
    yield folder
    tempfile.tempdir = usual
    if asked is None:
        del os.environ["TMPDIR"]
    else:
        os.environ["TMPDIR"] = asked
    shutil.rmtree(folder, ignore_errors=True)


Measured = Callable[[Path, int], str | None]


@pytest.fixture(scope="session", autouse=True)
def measured_aside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Measured]:
    """How engines are measured, which tests of something else do not wait for: MNN counts as the
    fastest for every graph, here and, remembered in a home of this run, in processes begun here.
    """
    from soundmap.bundle.manifest import DEFAULT_BUNDLE
    from soundmap.engines import choice
    from soundmap.engines.base import MNN, PORTABLE, installed
    from soundmap.engines.cache import remember

    engine, measured = MNN if installed(MNN) else PORTABLE, choice._measured_aside
    home = tmp_path_factory.mktemp("home")
    memory = home / ".cache" / "soundmap" / choice.MEMORY
    memory.parent.mkdir(parents=True)
    remember(memory, choice._key(DEFAULT_BUNDLE / "model.onnx", 1), engine)
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("HOME", str(home))
        for name in ("SOUNDMAP_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"):
            patched.delenv(name, raising=False)
        patched.setattr(choice, "_measured_aside", lambda *_: engine)
        yield measured


@pytest.fixture(scope="session")
def listener() -> Listener:
    """The shipped bundle."""
    from soundmap.bundle.listener import Listener

    return Listener()


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sound that the console makes up, as a file."""
    from soundmap.audio.demo import write_demo

    path = tmp_path_factory.mktemp("demo") / "demo.wav"
    write_demo(path)
    return path


@pytest.fixture(scope="session")
def clips() -> dict[int, Path]:
    """Real clips by track id."""
    folder = SHARED / "clips"
    if not (folder / "clips.csv").exists():
        pytest.skip("no shared clips beside this checkout: nothing real to listen to")
    with (folder / "clips.csv").open(encoding="utf-8") as file:
        ids = [int(row["track_id"]) for row in csv.DictReader(file)]
    return {track_id: folder / f"{track_id:06d}.mp3" for track_id in ids}


@pytest.fixture(scope="session")
def data() -> Path:
    """The real data set."""
    if not (SHARED / "data" / "tracks.csv").exists():
        pytest.skip("no shared data set beside this checkout: nothing real to score")
    return SHARED / "data"
