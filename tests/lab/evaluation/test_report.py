from __future__ import annotations

import dataclasses
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from soundmap.bundle.listener import Listener
from soundmap.cli.main import main
from soundmap.engines.runtime import softmax
from soundmap.errors import BadDataset
from soundmap.features.mfcc import time_statistics
from soundmap.lab.evaluation.metrics import (
    expected_calibration_error,
    macro_f1_interval,
    reliability,
    summarize,
)
from soundmap.lab.evaluation.report import make_report, validation_tiles, write_report
from soundmap.lab.evaluation.report_text import report_text
from soundmap.lab.evaluation.retrieval import METRICS
from soundmap.lab.evaluation.robustness import CASES, Trial, summary_of
from soundmap.lab.evaluation.scores import evaluate
from soundmap.lab.evaluation.spaces import Absent, Space
from soundmap.lab.network.untrained import untrained_embeddings
from tests.helpers.bundles import N, small_bundle
from tests.helpers.progress import calling


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, listener: Listener) -> Listener:
    return small_bundle(tmp_path_factory.mktemp("models") / "small", listener)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, small: Listener) -> Path:
    """Data of its tracks: noise for tiles, and a teacher that knows each genre."""
    folder = tmp_path_factory.mktemp("data")
    catalog, rng = small.catalog, np.random.default_rng(0)
    genres = np.array(catalog.columns["genre"])
    corners = np.eye(8, dtype=np.float32)[np.unique(genres, return_inverse=True)[1]]
    sides = {"validation": np.arange(N) % 6 == 0, "training": np.arange(N) % 6 > 0}
    for side, rows in sides.items():
        ids, n = catalog.track_ids[rows].astype(np.int32), int(rows.sum())
        tiles = rng.integers(0, 255, (n, 128, 16), dtype=np.uint8)
        mfcc = rng.standard_normal((n, 9, 4)).astype(np.float16)
        np.savez(folder / f"tiles-{side}.npz", track_id=ids, tile=tiles)
        np.savez(folder / f"features-{side}.npz", track_id=ids, vggish=corners[rows], mfcc=mfcc)
    lines = [f"{one},{genre}\n" for one, genre in zip(catalog.track_ids, genres, strict=True)]
    (folder / "tracks.csv").write_text("track_id,genre\n" + "".join(lines), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def report(small: Listener, folder: Path) -> dict[str, Any]:
    return make_report(small, folder)


def test_it_says_all_that_evaluate_says(
    report: dict[str, Any], small: Listener, folder: Path
) -> None:
    plain = evaluate(small, validation_tiles(folder))
    assert {name: report[name] for name in plain} == plain
    own = next(row for row in report["spaces"] if row["metric"] == "euclidean")
    assert own["space"] == "network"
    assert {name: plain["retrieval"][name] for name in own["validation"]} == own["validation"]
    json.dumps(report)


def test_every_space_stands_beside_the_bundles_under_every_metric(report: dict[str, Any]) -> None:
    kinds = [(row["space"], row["metric"]) for row in report["spaces"]]
    expected = [
        (space, metric)
        for space in ("network", "vggish", "mfcc", "untrained")
        for metric in METRICS
    ]
    assert kinds == [*expected, ("random", None)]
    for row in report["spaces"]:
        known = row["space"] == "vggish"
        for found in (row["validation"], *row["catalog"].values()):
            assert (found["precision_at_1"] > 0.9) == known
        assert row["validation"]["rows"] + row["validation"]["queries"] == N
        assert row["catalog"]["with_artist"]["queries"] == N


def test_the_page_and_the_pictures(report: dict[str, Any], tmp_path: Path) -> None:
    write_report(report, tmp_path / "a" / "report")
    files = {path.name for path in (tmp_path / "a" / "report").iterdir()}
    assert files == {"report.json", "report.md", "confusion.png", "reliability.png"}
    kept = json.loads((tmp_path / "a" / "report" / "report.json").read_text(encoding="utf-8"))
    assert kept == report
    for name in ("confusion", "reliability"):
        with Image.open(tmp_path / "a" / "report" / f"{name}.png") as picture:
            assert min(picture.size) >= 800
            assert len(set(picture.convert("L").resize((40, 40)).tobytes())) > 20
    page = (tmp_path / "a" / "report" / "report.md").read_text(encoding="utf-8")
    assert f"{report['accuracy']:.1%}" in page and report["bundle"] in page
    tables = [line for line in page.splitlines() if line.startswith("|")]
    assert all(line.endswith("|") for line in tables)
    for genre in report["per_genre"]:
        assert sum(line.startswith(f"| {genre} |") for line in tables) == 1
    assert "(confusion.png)" in page and "--audio" in page


def test_what_could_not_be_measured_is_said_to_be_so(
    small: Listener, folder: Path, tmp_path: Path
) -> None:
    for name in ("tiles-training.npz", "tiles-validation.npz", "tracks.csv"):
        shutil.copy(folder / name, tmp_path / name)
    with np.load(folder / "tiles-training.npz") as file:
        np.savez(
            tmp_path / "tiles-training.npz", track_id=file["track_id"][1:], tile=file["tile"][1:]
        )
    poor = make_report(small, tmp_path)
    absent = {row["space"]: row["absent"] for row in poor["spaces"] if "absent" in row}
    features = "no_features"
    assert absent == {"vggish": features, "mfcc": features, "untrained": "other_tracks"}
    page = report_text(poor)
    assert "VGGish, the teacher: there are no features" in page
    assert "lack tracks of the catalog" in page


def test_the_page_says_how_altered_clips_fared(report: dict[str, Any]) -> None:
    good = Trial(1, True, 0.2, 1.0, np.arange(5), 0.8, 0.9, True)
    bad = Trial(9, False, 2.0, 1.0, np.arange(5), 0.2, 0.7, False)
    other = dataclasses.replace(bad, picks=np.arange(3, 8))
    of = summary_of([good, bad], [good, other])
    assert of["picks_shared"] == pytest.approx(0.7) and of["fitting_picks"] == 0.5
    assert of["confidence"] == pytest.approx(0.8) and of["accuracy"] == 0.5
    assert of["ece"] == pytest.approx((0.1 + 0.7) / 2)
    assert of["ece_by_chance"] == pytest.approx([0.3, 0.6], abs=0.02)
    found = {"clips": 3, "unheard": 1, "alterations": dict.fromkeys(CASES, of)}
    page = report_text({**report, "robustness": found})
    assert "\n2 clips whose own tracks" in page
    rows = [line for line in page.splitlines() if line.endswith(" 1.10 |")]
    assert len(rows) == len(set(rows)) == len(CASES)
    assert all(line.count("| 50% (9% to 91%)") == 3 for line in rows)
    assert page.count(" | 0.70 | 0.50 | 0.50 | 0.80 | 0.40 |") == len(CASES)


def test_one_command_writes_it_into_the_bundles_folder(
    small: Listener, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bundle = tmp_path / "small"
    shutil.copytree(small.folder, bundle)
    asked = ["evaluate", "--data", str(folder), "--bundle", str(bundle)]
    assert main(asked) == 0
    said = capsys.readouterr().out
    assert "neighbors of its genre" in said and "report.md" in said
    assert (bundle / "report" / "report.md").is_file()
    assert main([*asked, "--report", str(tmp_path / "other"), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    first, second = (where / "report.json" for where in (bundle / "report", tmp_path / "other"))
    assert json.loads(first.read_text("utf-8")) == document == json.loads(second.read_text("utf-8"))


def test_what_is_missing_has_its_sentence(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evaluate", "--data", str(tmp_path), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "unreadable_dataset"
    assert main(["evaluate", "--data", str(folder), "--audio", str(tmp_path), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "no_clips"
    for only in ("--audio", "--report"):
        assert main(["evaluate", "--tiles", "a.npz", only, str(tmp_path), "--json"]) == 2
        assert json.loads(capsys.readouterr().out)["error"]["code"] == "needs_data"


def test_artists_come_from_the_table_where_the_tiles_name_none(
    folder: Path, tmp_path: Path
) -> None:
    shutil.copy(folder / "tiles-validation.npz", tmp_path)
    lines = (folder / "tracks.csv").read_text(encoding="utf-8").splitlines()
    lines = [f"{lines[0]},artist", *(f"{line},Tom &amp; I" for line in lines[1:])]
    (tmp_path / "tracks.csv").write_text("\n".join(lines), encoding="utf-8")
    assert set(validation_tiles(tmp_path).artists) == {"Tom & I"}
    assert set(validation_tiles(folder).artists) == {""}
    with np.load(folder / "tiles-validation.npz") as file:
        names = np.array([b"M\xc3\xb6"] * len(file["tile"]))
        arrays = {name: file[name] for name in file.files}
    np.savez(tmp_path / "tiles-validation.npz", artist=names, **arrays)
    assert set(validation_tiles(tmp_path).artists) == {"Mö"}
    np.savez(tmp_path / "tiles-validation.npz", artist=names[1:], **arrays)
    with pytest.raises(BadDataset) as caught:
        validation_tiles(tmp_path)
    assert caught.value.code == "bad_artists"


def test_bins_of_reliability_are_those_of_the_calibration_error() -> None:
    rng = np.random.default_rng(0)
    probabilities = softmax(rng.standard_normal((500, 4)).astype(np.float32))
    targets = rng.integers(0, 4, 500)
    bins = reliability(probabilities, targets)
    assert sum(one["n"] for one in bins) == 500
    gaps = [one["n"] * abs(one["accuracy"] - one["confidence"]) for one in bins]
    error = expected_calibration_error(probabilities, targets)
    assert sum(gaps) / 500 == pytest.approx(error)
    for one in bins:
        assert one["low"] <= one["confidence"] <= one["high"]
        assert one["least"] <= one["accuracy"] <= one["most"] + 1e-9


def test_the_interval_of_the_macro_f1_shrinks_with_the_square_root_of_the_tracks() -> None:
    rng = np.random.default_rng(1)
    probabilities = softmax(2 * rng.standard_normal((300, 3)).astype(np.float32))
    targets = (rng.random((300, 1)) > probabilities.cumsum(1)).sum(1).clip(0, 2)
    of = summarize(probabilities, targets, ("a", "b", "c"))
    matrix = np.array(of["confusion"]["matrix"])
    (low, high), (lower, higher) = macro_f1_interval(matrix), macro_f1_interval(100 * matrix)
    assert low < of["macro_f1"] < high
    assert (high - low) / (higher - lower) == pytest.approx(10, rel=0.15)
    assert macro_f1_interval(np.diag([4, 5, 6])) == (1, 1)


def test_a_space_gives_its_tracks_in_any_order_or_says_that_it_cannot() -> None:
    space = Space(np.array([5, 2, 9]), np.array([[5.0], [2.0], [9.0]], np.float32))
    np.testing.assert_array_equal(space.at(np.array([9, 5, 9])).ravel(), [9, 5, 9])
    for strange in (1, 4, 99):
        with pytest.raises(Absent):
            space.at(np.array([2, strange]))


def test_statistics_of_coefficients() -> None:
    rising = np.arange(5, dtype=np.float16)[None, :, None] * np.array([1, -2], np.float16)
    of = time_statistics(rising)
    np.testing.assert_allclose(of, [[2, -4, 2**0.5, 8**0.5, 1, 2]], rtol=1e-6)
    still = time_statistics(np.ones((3, 7, 20), np.float16))
    assert still.shape == (3, 60) and (still[:, 20:] == 0).all()


def test_an_untrained_network_is_the_same_each_time_and_leaves_chance_alone(
    small: Listener,
) -> None:
    torch = pytest.importorskip("torch")
    tiles = np.random.default_rng(0).integers(0, 255, (3, 128, 16), dtype=np.uint8)
    torch.manual_seed(5)
    expected = torch.rand(4)
    torch.manual_seed(5)
    done: list[float] = []
    first = untrained_embeddings(small.manifest.network, tiles, progress=calling(done.append))
    assert torch.equal(torch.rand(4), expected)
    again = untrained_embeddings(small.manifest.network, tiles)
    other = untrained_embeddings(small.manifest.network, tiles, seed=1)
    np.testing.assert_array_equal(first, again)
    assert first.shape == (3, small.manifest.network["embedding_size"]) and done == [3]
    assert not np.allclose(first, other)
