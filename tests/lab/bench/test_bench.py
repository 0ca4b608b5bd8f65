from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from soundmap.audio.decode import decode
from soundmap.audio.samples import mono
from soundmap.audio.windows import WINDOW_SECONDS
from soundmap.cli.main import main
from soundmap.engines.base import difference
from soundmap.features.tiles import SLICES, tiles_of
from soundmap.lab.bench.baseline import plain, published
from soundmap.lab.bench.cases import make_cases
from soundmap.lab.bench.report import rows_of


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return make_cases(tmp_path_factory.mktemp("cases"), ("mp3-30s", "ogg", "m4a", "wav"))


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


@pytest.mark.timeout(300)
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
    code = "import sys; sys.modules['librosa'] = None\n"
    code += "from soundmap.cli.main import main; main(['bench'])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert "pip install 'soundmap[bench]'" in done.stderr


@pytest.mark.parametrize("wrong", [["--case", "vinyl"], ["loudness"], ["search", "--rows", "3"]])
def test_bench_refuses_what_it_does_not_know(
    wrong: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["bench", *wrong])
    assert "usage" in capsys.readouterr().err


@pytest.mark.parametrize("shape", [(3, 128, 64), (0, 128, 128), ()])
def test_bench_refuses_tiles_of_another_kind(
    shape: tuple[int, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for side in ("training", "validation"):
        tiles, ids = np.zeros(shape, np.uint8), np.zeros(shape[:1])
        np.savez(tmp_path / f"tiles-{side}.npz", tile=tiles, track_id=ids)
    assert main(["bench", "--data", str(tmp_path)]) == 1
    assert f"uint8 {shape}; the bundle hears uint8 (n, 128, 128)" in capsys.readouterr().err


def test_bench_refuses_audio_that_is_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "letter.mp3").write_text("Dear friend, this is a letter and no sound at all.")
    assert main(["bench", "--audio", str(tmp_path / "letter.mp3")]) == 1
    assert "not audio" in capsys.readouterr().err.lower()
