from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
import torch

from bot.types import Heard
from bot.workers import Workers
from soundmap import engines
from soundmap.analyze import Listener, tiles_of
from soundmap.audio import WINDOW_SECONDS, decode, mono
from soundmap.bench.baseline import plain, published
from soundmap.bench.cases import make_cases
from soundmap.bench.quantize import quantize
from soundmap.bench.report import rows_of
from soundmap.bundle import DEFAULT_BUNDLE
from soundmap.cli import main
from soundmap.engines import FAST, HALF, PORTABLE, TOLERANCE, Engine, difference
from soundmap.errors import BadBundle
from soundmap.export import write_graph
from soundmap.network import COMPACT, PUBLISHED, GenreNet, NetworkConfig
from soundmap.runtime import Runtime
from soundmap.tiles import SLICES
from soundmap.types import Floats

has_openvino = pytest.mark.skipif(not find_spec("openvino"), reason="OpenVINO is not installed")
GRAPH = DEFAULT_BUNDLE / "model.onnx"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return make_cases(tmp_path_factory.mktemp("cases"), ("mp3-30s", "ogg", "m4a", "wav"))


@pytest.fixture(scope="module", params=[PUBLISHED, COMPACT])
def exported(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[GenreNet, Path]:
    torch.manual_seed(0)
    network = GenreNet(NetworkConfig(8, kind=request.param)).eval()
    path = tmp_path_factory.mktemp("graph") / f"{request.param}.onnx"
    write_graph(network, path, 128, 128)
    return network, path


def test_the_files_hold_thirty_seconds_in_stereo_whatever_their_kind(
    files: dict[str, Path],
) -> None:
    for name, path in files.items():
        assert decode(path).seconds == pytest.approx(WINDOW_SECONDS, abs=0.1), name


def test_the_plain_way_and_ours_hear_the_same(files: dict[str, Path]) -> None:
    tiles, _ = tiles_of(decode(files["wav"]), SLICES)
    network = published(tiles)
    value: object = files["wav"]
    for name, work in plain(network, np.eye(40, dtype=np.float32)):
        value = work(value) if name != "search" else value
    with torch.inference_mode():
        expected = network(torch.from_numpy(tiles[:, None]))[0].mean(0).numpy()
    assert isinstance(value, np.ndarray)
    assert difference(value[None], expected[None]) < 0.01


@pytest.mark.parametrize("engine", [PORTABLE, pytest.param(FAST, marks=has_openvino)])
@pytest.mark.parametrize("columns", [128, 30, 1])
def test_either_engine_gives_what_torch_gives(
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


def test_eight_bits_hear_nearly_the_same(exported: tuple[GenreNet, Path], tmp_path: Path) -> None:
    _, path = exported
    tiles = np.random.default_rng(1).random((25, 128, 128), np.float32)
    quantize(path, tmp_path / "int8.onnx", tiles)
    exact, rough = Runtime(path).run(tiles)[0], Runtime(tmp_path / "int8.onnx").run(tiles)[0]
    assert difference(rough, exact) < 0.1


def pretending(monkeypatch: pytest.MonkeyPatch, change: float, slower: bool) -> None:
    """Has OpenVINO answer at once, or late, with embeddings that are changed."""
    right = engines._onnxruntime(GRAPH, 1)
    answers: dict[int, tuple[Floats, Floats]] = {}

    def opened(*_: object) -> Engine:
        def run(tiles: Floats) -> tuple[Floats, Floats]:
            for _ in range(4 if slower else len(tiles) not in answers):
                answers[len(tiles)] = right(tiles)
            embeddings, logits = answers[len(tiles)]
            return embeddings * (1 + change), logits

        return run

    monkeypatch.setattr(engines, "_openvino", opened)
    monkeypatch.setattr(engines, "_has_openvino", lambda: True)


def test_the_faster_engine_is_chosen_only_if_it_agrees(monkeypatch: pytest.MonkeyPatch) -> None:
    pretending(monkeypatch, change=0, slower=False)
    assert engines.measured(GRAPH) in (FAST, HALF)
    pretending(monkeypatch, change=0.01, slower=False)
    assert engines.measured(GRAPH) == PORTABLE
    pretending(monkeypatch, change=0, slower=True)
    assert engines.measured(GRAPH) == PORTABLE


def test_the_choice_is_made_once_and_remembered(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: list[Path] = []

    def aside(graph: Path, _: int) -> str:
        asked.append(graph)
        return FAST

    monkeypatch.setattr(engines, "_has_openvino", lambda: True)
    monkeypatch.setattr(engines, "_key", lambda graph, threads: f"{graph} {threads}")
    monkeypatch.setattr(engines, "_measured_aside", aside)
    memory = tmp_path / "made" / "engines.json"
    assert [engines.fastest(GRAPH, 1, memory) for _ in range(3)] == [FAST] * 3
    assert len(asked) == 1
    memory.write_text("[half a", encoding="utf-8")
    assert engines.fastest(GRAPH, 1, memory) == FAST
    assert len(asked) == 2
    assert engines.fastest(GRAPH, 1, GRAPH / "nowhere.json") == FAST


def test_without_openvino_nothing_is_measured(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(engines, "_has_openvino", lambda: False)
    monkeypatch.setattr(engines, "_measured_aside", lambda *_: pytest.fail("it was measured"))
    assert engines.fastest(GRAPH, 1, tmp_path / "engines.json") == PORTABLE
    assert not (tmp_path / "engines.json").exists()


@pytest.mark.parametrize("engine", [PORTABLE, pytest.param(FAST, marks=has_openvino)])
def test_a_broken_graph_is_said_to_be_broken(engine: str, tmp_path: Path) -> None:
    (tmp_path / "model.onnx").write_bytes(b"no graph")
    with pytest.raises(BadBundle, match="cannot be loaded"):
        Runtime(tmp_path / "model.onnx", engine=engine)


@has_openvino
def test_openvino_reports_to_nobody() -> None:
    code = (
        "from soundmap.bundle import DEFAULT_BUNDLE; from soundmap.runtime import Runtime; import"
        " sys; Runtime(DEFAULT_BUNDLE / 'model.onnx', engine='openvino'); print(*sys.modules)"
    )
    loaded = subprocess.check_output([sys.executable, "-c", code], text=True)
    assert "openvino._pyopenvino" in loaded
    assert "openvino_telemetry" not in loaded


@has_openvino
@pytest.mark.skipif(sys.platform != "linux", reason="workers are confined there")
def test_a_confined_worker_hears_with_openvino_too(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, demo: Path, listener: Listener
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    memory = engines.default_memory()
    assert memory and memory.is_relative_to(tmp_path)
    memory.parent.mkdir(parents=True)
    memory.write_text(json.dumps({engines._key(GRAPH, 1): FAST}), encoding="utf-8")

    async def hear() -> object:
        async with Workers(DEFAULT_BUNDLE, 1, 30, 1024) as workers:
            return await workers.listen(demo)

    heard = asyncio.run(hear())
    assert isinstance(heard, Heard)
    expected = listener.listen(demo).embedding
    assert difference(heard.analysis.embedding[None], expected[None]) < TOLERANCE


@pytest.mark.parametrize("channels", [1, 2, 6])
def test_mono_is_the_plain_mean(channels: int) -> None:
    samples = np.random.default_rng(0).standard_normal((999, channels)).astype(np.float32)
    np.testing.assert_array_equal(mono(samples), samples.mean(axis=1))


def test_ratios_are_of_medians() -> None:
    rounds = [
        {"plain": {"mel": ms}, "slices": {"mel": 2.0}, "beyond": {"traits": 1.0}}
        for ms in (6.0, 8.0, 900.0)
    ]
    found = rows_of({"wav": rounds})
    (row,) = found["end_to_end"]
    assert row == {"spec": "slices", "case": "wav", "plain_ms": 8, "ours_ms": 2, "ratio": 4}
    assert found["stages"] == [{**row, "stage": "mel"}]


def test_bench_prints_one_document(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "--quick", "--case", "wav", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [row["spec"] for row in found["end_to_end"]] == ["slices", "slices-int8", "overview"]
    for row in found["end_to_end"]:
        assert {"spec", "case", "plain_ms", "ours_ms", "ratio"} == row.keys()
        assert row["plain_ms"] > row["ours_ms"] > 0
        assert row["ratio"] == pytest.approx(row["plain_ms"] / row["ours_ms"])
    stages = {row["stage"] for row in found["stages"]}
    assert stages == {"decode", "resample", "mel", "network", "search"}
    assert found["cold_start_s"] > 0
    assert 0 < found["rss_mb"] < 1000


def test_bench_says_what_it_lacks() -> None:
    code = (
        "import sys; sys.modules['librosa'] = None; from soundmap.cli import main; main(['bench'])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert "pip install 'soundmap[bench]'" in done.stderr


@pytest.mark.parametrize("wrong", [["--case", "vinyl"], ["loudness"], ["search", "--rows", "3"]])
def test_bench_refuses_what_it_does_not_know(
    wrong: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["bench", *wrong])
    assert "usage" in capsys.readouterr().err


def test_bench_refuses_audio_that_is_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "letter.mp3").write_text("Dear friend, this is a letter and no sound at all.")
    assert main(["bench", "--audio", str(tmp_path / "letter.mp3")]) == 1
    assert "not audio" in capsys.readouterr().err.lower()
