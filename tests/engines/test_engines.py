from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch

from bot.types import Heard
from bot.workers.pool import Workers
from soundmap.bundle.listener import Listener
from soundmap.bundle.manifest import DEFAULT_BUNDLE
from soundmap.engines import choice, with_mnn
from soundmap.engines.base import (
    MNN,
    OPENVINO,
    PACKAGES,
    PORTABLE,
    TOLERANCE,
    Engine,
    difference,
    installed,
    release_of,
)
from soundmap.engines.cache import remember, remembered
from soundmap.engines.opening import opened
from soundmap.engines.runtime import Runtime
from soundmap.errors import BadBundle, NotInstalled
from soundmap.files import cache_folder
from soundmap.lab.network.genre_net import COMPACT, PUBLISHED, GenreNet, NetworkConfig
from soundmap.lab.network.graph import write_graph
from soundmap.types import Floats

GRAPH = DEFAULT_BUNDLE / "model.onnx"


def if_installed(name: str) -> object:
    reason = f"{name} is not installed"
    return pytest.param(name, marks=pytest.mark.skipif(not installed(name), reason=reason))


OTHERS = [if_installed(MNN), if_installed(OPENVINO)]
ENGINES = [PORTABLE, *OTHERS]
has_mnn = pytest.mark.skipif(not installed(MNN), reason="MNN is not installed")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, measured_aside: object) -> Path:
    """Nothing is remembered yet, and every graph is measured."""
    monkeypatch.setattr(choice, "_measured_aside", measured_aside)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


@pytest.fixture(scope="module", params=[PUBLISHED, COMPACT])
def exported(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[GenreNet, Path]:
    torch.manual_seed(0)
    network = GenreNet(NetworkConfig(8, kind=request.param)).eval()
    path = tmp_path_factory.mktemp("graph") / f"{request.param}.onnx"
    write_graph(network, path, 128, 128)
    return network, path


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("columns", [128, 30, 1])
def test_each_engine_gives_what_torch_gives(
    exported: tuple[GenreNet, Path], engine: str, columns: int
) -> None:
    network, path = exported
    tiles = np.random.default_rng(1).random((3, 128, columns), np.float32)
    runtime = Runtime(path, engine=engine)
    runtime.run(tiles[:1])
    embeddings, logits = runtime.run(tiles)
    with torch.inference_mode():
        expected = [out.numpy() for out in network(torch.from_numpy(tiles[:, None]))]
    assert difference(embeddings, expected[0]) < TOLERANCE
    np.testing.assert_allclose(logits, expected[1], atol=1e-3)


@pytest.mark.parametrize("engine", ENGINES)
def test_tiles_need_not_lie_in_one_piece(engine: str) -> None:
    tiles = np.random.default_rng(1).random((128, 128, 2), np.float32).T
    expected = Runtime(GRAPH, engine=PORTABLE).run(np.ascontiguousarray(tiles))[0]
    assert difference(Runtime(GRAPH, engine=engine).run(tiles)[0], expected) < TOLERANCE


@pytest.mark.parametrize("engine", ENGINES)
def test_what_was_heard_before_changes_nothing(engine: str) -> None:
    tiles = np.random.default_rng(1).random((2, 128, 128), np.float32)
    one, other = (Runtime(GRAPH, engine=engine) for _ in range(2))
    for columns in (8, 128, 30):
        other.run(tiles[:1, :, :columns])
    np.testing.assert_array_equal(one.run(tiles)[0], other.run(tiles)[0])


@pytest.mark.parametrize("threads", [1, 0])
@pytest.mark.parametrize("engine", [PORTABLE, if_installed(MNN)])
def test_several_callers_at_once_get_their_own_answers(engine: str, threads: int) -> None:
    tiles = np.random.default_rng(1).random((16, 128, 128), np.float32)
    expected = Runtime(GRAPH, engine=PORTABLE).run(tiles)[0]
    runtime = Runtime(GRAPH, threads, engine)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda tile: runtime.run(tile[None])[0][0], tiles))
    assert difference(np.array(found), expected) < TOLERANCE


def pretending(monkeypatch: pytest.MonkeyPatch, change: float, slower: bool) -> None:
    """Has OpenVINO answer at once, or late, with embeddings that are changed."""
    right = opened(PORTABLE, GRAPH)
    answers: dict[int, tuple[Floats, Floats]] = {}

    def pretended(tiles: Floats) -> tuple[Floats, Floats]:
        for _ in range(4 if slower else len(tiles) not in answers):
            answers[len(tiles)] = right(tiles)
        embeddings, logits = answers[len(tiles)]
        return embeddings * (1 + change), logits

    def open_one(name: str, *_: object) -> Engine:
        return right if name == PORTABLE else pretended

    monkeypatch.setattr(choice, "opened", open_one)
    monkeypatch.setattr(choice, "candidates", lambda: [PORTABLE, OPENVINO])


def test_the_faster_engine_is_chosen_only_if_it_agrees(monkeypatch: pytest.MonkeyPatch) -> None:
    pretending(monkeypatch, change=0, slower=False)
    assert choice.measured(GRAPH) == OPENVINO
    pretending(monkeypatch, change=0.01, slower=False)
    assert choice.measured(GRAPH) == PORTABLE
    pretending(monkeypatch, change=0, slower=True)
    assert choice.measured(GRAPH) == PORTABLE


def test_what_cannot_be_opened_is_no_candidate(monkeypatch: pytest.MonkeyPatch) -> None:
    def open_one(name: str, *_: object) -> Engine:
        if name != PORTABLE:
            raise BadBundle("bad_graph", path=GRAPH)
        return opened(PORTABLE, GRAPH)

    monkeypatch.setattr(choice, "opened", open_one)
    assert choice.measured(GRAPH) == PORTABLE


def test_the_choice_is_measured_once_and_remembered_for_copies_too(
    monkeypatch: pytest.MonkeyPatch, home: Path, tmp_path: Path
) -> None:
    found = choice.fastest(GRAPH)
    assert found in choice.candidates()
    with monkeypatch.context() as patched:
        patched.setattr(choice, "_measured_aside", lambda *_: pytest.fail("measured again"))
        assert choice.fastest(GRAPH) == found
        assert choice.fastest(Path(shutil.copy(GRAPH, tmp_path / "copy.onnx"))) == found
    memory = home / ".cache" / "soundmap" / choice.MEMORY
    monkeypatch.setattr(choice, "_measured_aside", lambda *_: PORTABLE)
    memory.write_text("[half a", encoding="utf-8")
    assert choice.fastest(GRAPH) == PORTABLE
    assert list(json.loads(memory.read_text(encoding="utf-8")).values()) == [PORTABLE]


def test_only_so_much_is_remembered(tmp_path: Path) -> None:
    memory = tmp_path / "memory.json"
    for number in range(120):
        remember(memory, f"graph {number}", PORTABLE)
    assert list(remembered(memory)) == [f"graph {number}" for number in range(20, 120)]


def test_a_measurement_that_dies_leaves_the_portable_engine(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, home: Path
) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "no-python"))
    assert choice.fastest(GRAPH) == PORTABLE
    assert not list(home.rglob("*.json"))


def test_the_cache_is_where_the_user_wants_it_or_where_it_was(
    monkeypatch: pytest.MonkeyPatch, home: Path, tmp_path: Path
) -> None:
    assert cache_folder() == home / ".cache" / "soundmap"
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "wanted"))
    assert cache_folder() == tmp_path / "wanted" / "soundmap"
    (home / ".cache" / "soundmap").mkdir(parents=True)
    assert cache_folder() == home / ".cache" / "soundmap"
    (tmp_path / "wanted" / "soundmap").mkdir(parents=True)
    assert cache_folder() == tmp_path / "wanted" / "soundmap"
    monkeypatch.setenv("XDG_CACHE_HOME", "not/absolute")
    assert cache_folder() == home / ".cache" / "soundmap"


@pytest.mark.parametrize("blocked", ["no home", "a file in its place"])
def test_where_nothing_can_be_kept_nothing_is_measured(
    monkeypatch: pytest.MonkeyPatch, home: Path, blocked: str
) -> None:
    if blocked == "no home":
        monkeypatch.delenv("HOME")
        monkeypatch.setattr("pwd.getpwuid", {}.__getitem__)  # as for a user with a number only
    else:
        (home / ".cache").write_text("in the way")
    monkeypatch.setattr(choice, "_measured_aside", lambda *_: pytest.fail("it was measured"))
    assert choice.fastest(GRAPH) == PORTABLE


@pytest.mark.parametrize(
    ("there", "used"),
    [([PORTABLE], PORTABLE), ([MNN], MNN), ([MNN, OPENVINO], MNN), ([], PORTABLE)],
)
def test_where_nothing_can_be_compared_nothing_is_measured(
    monkeypatch: pytest.MonkeyPatch, home: Path, there: list[str], used: str
) -> None:
    monkeypatch.setattr(choice, "candidates", lambda: there)
    monkeypatch.setattr(choice, "_measured_aside", lambda *_: pytest.fail("it was measured"))
    assert choice.fastest(GRAPH) == used
    assert not list(home.rglob("*.json"))


@pytest.mark.parametrize("engine", ENGINES)
def test_a_broken_graph_is_said_to_be_broken(engine: str, tmp_path: Path) -> None:
    (tmp_path / "model.onnx").write_bytes(b"no graph")
    with pytest.raises(BadBundle, match="cannot be used"):
        Runtime(tmp_path / "model.onnx", engine=engine)


@pytest.fixture
def unloadable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An MNN as it is with glibc 2.41 or newer."""
    (tmp_path / "MNN.py").write_text("raise ImportError('MNN.so: cannot enable executable stack')")
    monkeypatch.syspath_prepend(tmp_path)
    for name in [name for name in sys.modules if name.partition(".")[0] == "MNN"]:
        monkeypatch.delitem(sys.modules, name)


@pytest.mark.usefixtures("unloadable")
def test_one_that_is_installed_but_does_not_load_names_one_that_does() -> None:
    with pytest.raises(NotInstalled, match=r"executable stack.*pip install onnxruntime"):
        opened("mnn", GRAPH)


@pytest.mark.usefixtures("unloadable")
def test_one_that_was_the_fastest_before_an_upgrade_gives_way(home: Path) -> None:
    memory = home / ".cache" / "soundmap" / choice.MEMORY
    memory.parent.mkdir(parents=True)
    remember(memory, choice._key(GRAPH, 1), MNN)
    runtime = Runtime(GRAPH)
    assert runtime.engine == PORTABLE
    assert np.isfinite(runtime.run(np.zeros((1, 128, 30), np.float32))[0]).all()


@pytest.mark.usefixtures("unloadable")
def test_without_another_the_reason_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PACKAGES, PORTABLE, "onnxruntime-of-somebody")
    with pytest.raises(NotInstalled, match="executable stack"):
        Runtime(GRAPH)


def test_an_engine_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("soundmap.engines.opening.installed", lambda _: False)
    with pytest.raises(NotInstalled, match="pip install openvino"):
        Runtime(GRAPH, engine=OPENVINO)


@has_mnn
def test_a_graph_is_converted_once(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    opened(MNN, GRAPH)
    (kept,) = (home / ".cache" / "soundmap").iterdir()
    assert kept.name.endswith(f"-{version('MNN')}.mnn")
    monkeypatch.setattr(with_mnn, "_convert", lambda *_: pytest.fail("converted again"))
    opened(MNN, GRAPH)


@has_mnn
def test_half_a_converted_graph_is_made_anew(home: Path) -> None:
    opened(MNN, GRAPH)
    (kept,) = (home / ".cache" / "soundmap").iterdir()
    kept.write_bytes(kept.read_bytes()[:1000])
    opened(MNN, GRAPH)
    assert kept.stat().st_size > 1000


@has_mnn
def test_several_that_convert_at_once_are_all_right(home: Path, tmp_path: Path) -> None:
    """The converter has one file for all weights, in the folder where it is started."""
    code = (
        "import sys; import numpy as np; from soundmap.bundle.manifest import DEFAULT_BUNDLE; from"
        " soundmap.engines.runtime import Runtime; runtime = Runtime(DEFAULT_BUNDLE / 'model.onnx',"
        " engine='mnn'); tiles = np.random.default_rng(1).random((1, 128, 128), np.float32);"
        " np.save(sys.argv[1], runtime.run(tiles)[0])"
    )
    tiles = np.random.default_rng(1).random((1, 128, 128), np.float32)
    expected = Runtime(GRAPH, engine=PORTABLE).run(tiles)[0]
    for _ in range(3):
        shutil.rmtree(home / ".cache", ignore_errors=True)
        files = [tmp_path / f"{number}.npy" for number in range(3)]
        commands = [[sys.executable, "-c", code, str(file)] for file in files]
        processes = [subprocess.Popen(command, cwd=tmp_path) for command in commands]
        assert [process.wait() for process in processes] == [0, 0, 0]
        assert all(difference(np.load(file), expected) < TOLERANCE for file in files)
        assert difference(Runtime(GRAPH, engine=MNN).run(tiles)[0], expected) < TOLERANCE


@has_mnn
def test_of_many_converted_graphs_the_oldest_go(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, home: Path
) -> None:
    monkeypatch.setattr(with_mnn, "_KEPT", 2)
    graph, other = onnx.load(GRAPH), tmp_path / "other.onnx"
    graph.doc_string = "the same in other bytes"
    onnx.save(graph, other)
    folder = home / ".cache" / "soundmap"
    folder.mkdir(parents=True)
    (folder / "at-work.1.part").write_text("half")
    for age, name in enumerate(("newer.mnn", "older.mnn", "given-up.2.part")):
        (folder / name).write_text("old")
        os.utime(folder / name, (1000 - age, 1000 - age))
    opened(MNN, other)
    assert len(list(folder.glob("*.mnn"))) == 2
    assert not (folder / "older.mnn").exists()
    assert [path.name for path in folder.glob("*.part")] == ["at-work.1.part"]


@has_mnn
def test_a_graph_that_cannot_be_kept_is_converted_all_the_same(home: Path) -> None:
    (home / ".cache").write_text("in the way")
    tiles = np.random.default_rng(1).random((1, 128, 128), np.float32)
    expected = Runtime(GRAPH, engine=PORTABLE).run(tiles)[0]
    assert difference(Runtime(GRAPH, engine=MNN).run(tiles)[0], expected) < TOLERANCE


_OPEN = (
    "import sys; from soundmap.bundle.manifest import DEFAULT_BUNDLE; from soundmap.engines.runtime"
    " import Runtime; Runtime(DEFAULT_BUNDLE / 'model.onnx', engine={!r})"
)


@has_mnn
@pytest.mark.parametrize("before", ["", "import os; os.close(1); "])
def test_mnn_says_nothing_unasked(before: str) -> None:
    for _ in ("converted", "found in the cache"):
        command = [sys.executable, "-c", before + _OPEN.format(MNN)]
        done = subprocess.run(command, capture_output=True, check=True)
        assert done.stdout == b""
        assert done.stderr == b""


@has_mnn
def test_the_converter_reports_to_nobody(tmp_path: Path) -> None:
    target, code = tmp_path / "graph.mnn", with_mnn.CONVERTER + "; print(); print(*sys.modules)"
    words = ("-f", "ONNX", "--modelFile", str(GRAPH), "--MNNModel", str(target))
    command = [sys.executable, "-P", "-c", code, *words]
    loaded = subprocess.check_output(command, text=True).splitlines()[-1].split()
    assert target.is_file()
    assert "_tools" in loaded
    assert not {"MNN.tools.utils.log", "aliyun", "urllib.request"} & set(loaded)


@has_mnn
def test_modules_where_one_stands_are_not_run(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("_tools", "MNN", "numpy"):
        (tmp_path / f"{name}.py").write_text(f"open('{name} was run', 'w')")
    assert choice._measured_aside(GRAPH, 1) in choice.candidates()
    opened(MNN, GRAPH)
    assert not list(tmp_path.glob("*was run"))


@has_mnn
def test_opening_in_several_threads_leaves_the_output_alone() -> None:
    code = (
        "from concurrent.futures import ThreadPoolExecutor; from soundmap.bundle.manifest import"
        " DEFAULT_BUNDLE; from soundmap.engines.opening import opened\n"
        "graphs = [DEFAULT_BUNDLE / 'model.onnx'] * 6\n"
        "with ThreadPoolExecutor(3) as pool: list(pool.map(lambda it: opened('mnn', it), graphs))\n"
        "print('still heard')"
    )
    assert subprocess.check_output([sys.executable, "-c", code]) == b"still heard\n"


@has_mnn
@pytest.mark.parametrize("engine", [MNN, PORTABLE])
def test_an_engine_that_cannot_be_loaded_is_named(
    monkeypatch: pytest.MonkeyPatch, engine: str
) -> None:
    name = f"soundmap.engines.with_{engine}"
    for module in (name, {MNN: "MNN", PORTABLE: "onnxruntime"}[engine]):
        monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(NotInstalled):
        opened(engine, GRAPH)


def test_an_engine_that_another_package_brings_has_no_release(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(PACKAGES, PORTABLE, "onnxruntime-of-somebody")
    assert release_of(PORTABLE) == ""


@pytest.mark.parametrize("engine", OTHERS)
def test_engines_report_to_nobody(engine: str) -> None:
    code = _OPEN.format(engine) + "; print(*sys.modules)"
    loaded = subprocess.check_output([sys.executable, "-c", code], text=True).split()
    assert {"_mnncengine", "openvino._pyopenvino"} & set(loaded)
    assert not {"openvino_telemetry", "MNN.tools.utils.log"} & set(loaded)


@has_mnn
def test_where_mnn_listens_nothing_else_is_loaded() -> None:
    code = _OPEN.format(MNN) + "; print(*sys.modules)"
    loaded = subprocess.check_output([sys.executable, "-c", code], text=True).split()
    assert not {"onnxruntime", "openvino", "torch"} & set(loaded)


@pytest.mark.parametrize("engine", OTHERS)
@pytest.mark.skipif(sys.platform != "linux", reason="workers are confined there")
def test_a_confined_worker_hears_with_others_too(
    home: Path, engine: str, demo: Path, listener: Listener
) -> None:
    folder = cache_folder()
    assert folder and folder.is_relative_to(home)
    folder.mkdir(parents=True)
    (folder / choice.MEMORY).write_text(json.dumps({choice._key(GRAPH, 1): engine}), "utf-8")

    async def hear() -> object:
        async with Workers(DEFAULT_BUNDLE, 1, 30, 1024) as workers:
            return await workers.listen(demo)

    heard = asyncio.run(hear())
    assert isinstance(heard, Heard)
    expected = listener.listen(demo).embedding
    assert difference(heard.analysis.embedding[None], expected[None]) < TOLERANCE
