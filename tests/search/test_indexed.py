"""Catalogs of millions, tried on some thousands: what an index answers, and when it is used."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from soundmap.bundle.listener import Listener
from soundmap.catalog.table import read_catalog, write_catalog
from soundmap.cli.common import BAD_USAGE
from soundmap.cli.main import main
from soundmap.cli.progress import progress
from soundmap.errors import BadBundle, BadRequest
from soundmap.lab.bench.search import bench_search
from soundmap.lab.bench.synthetic import Crowd
from soundmap.recommendation.nearest import recommend
from soundmap.recommendation.request import Request
from soundmap.search.build import build_index, recall
from soundmap.search.exact import METRICS, Mask, Points
from soundmap.search.indexed import FACTS, INDEX, Indexed, points_of
from soundmap.types import Floats

ROWS = 20_000


@pytest.fixture(scope="module")
def crowd(listener: Listener) -> Crowd:
    return Crowd(listener.catalog.points.values)


@pytest.fixture(scope="module")
def queries(crowd: Crowd) -> Floats:
    return crowd.draw(30, np.random.default_rng(1))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, crowd: Crowd) -> Path:
    """Points on disk with their index."""
    folder = tmp_path_factory.mktemp("large")
    np.save(folder / "embeddings.npy", crowd.draw(ROWS, np.random.default_rng(0)))
    build_index(folder, progress, least=0)
    return folder


@pytest.fixture
def points(folder: Path) -> Points:
    points = points_of(folder, values_in(folder))
    assert isinstance(points, Indexed)
    return points


def values_in(folder: Path) -> Floats:
    values: Floats = np.load(folder / "embeddings.npy", mmap_mode="r")
    return values


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("k", [1, 10, 500])
def test_an_index_finds_nearly_what_looking_at_every_row_finds(
    points: Points, queries: Floats, metric: str, k: int
) -> None:
    exact = Points(np.array(points.values))
    found = [points.nearest(query, k, metric) for query in queries]
    right = [exact.nearest(query, k, metric) for query in queries]
    assert recall([rows for rows, _ in found], [rows for rows, _ in right]) >= 0.98
    for (rows, distances), (all_rows, all_distances) in zip(found, right, strict=True):
        assert len(rows) == len(set(rows.tolist())) == k
        assert (np.diff(distances) >= 0).all()
        known = dict(zip(all_rows.tolist(), all_distances.tolist(), strict=True))
        for row, distance in zip(rows.tolist(), distances.tolist(), strict=True):
            assert known.get(row, distance) == distance


def masks(values: Floats) -> dict[str, Mask]:
    """Rows that may be found: many, some, few, and those that lie together in one corner."""
    rng = np.random.default_rng(2)
    away = np.linalg.norm(values - values[5], axis=1)
    corners = {f"corner {share}": away < np.quantile(away, share) for share in (0.3, 0.1)}
    return {**{str(share): rng.random(ROWS) < share for share in (0.9, 0.4, 0.1, 0.01)}, **corners}


def test_lists_stay_full_and_right_whatever_is_left_out(points: Points, queries: Floats) -> None:
    values = np.array(points.values)
    exact = Points(values)
    for name, keep in masks(values).items():
        found = [points.nearest(query, 20, keep=keep)[0] for query in queries]
        right = [exact.nearest(query, 20, keep=keep)[0] for query in queries]
        assert all(len(rows) == 20 and keep[rows].all() for rows in found), name
        assert recall(found, right) >= 0.98, name


def test_who_asks_for_more_than_there_is_gets_all_there_is(points: Points, queries: Floats) -> None:
    keep = np.zeros(ROWS, bool)
    keep[[5, 77, 19_999]] = True
    assert set(points.nearest(queries[0], 10, keep=keep)[0].tolist()) == {5, 77, 19_999}
    assert len(points.nearest(queries[0], 10, keep=np.zeros(ROWS, bool))[0]) == 0
    assert len(points.nearest(queries[0], 2 * ROWS)[0]) == ROWS


def test_a_track_of_the_catalog_finds_itself(points: Points) -> None:
    for row in range(0, ROWS, 997):
        rows, distances = points.nearest(np.array(points.values[row]), 3)
        assert (rows[0], distances[0]) == (row, 0.0)


def test_points_that_lie_anywhere_are_found_by_both_metrics(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    values = rng.normal(rng.normal(size=(20, 1, 8)), 0.3, (20, 250, 8)).astype(np.float32)
    np.save(tmp_path / "embeddings.npy", values.reshape(-1, 8))
    build_index(tmp_path, progress, least=0)
    points = points_of(tmp_path, values_in(tmp_path))
    exact = Points(values.reshape(-1, 8))
    for metric in METRICS:
        pairs = [
            (points.nearest(q, 10, metric)[0], exact.nearest(q, 10, metric)[0])
            for q in values[:, 3]
        ]
        assert recall([a for a, _ in pairs], [b for _, b in pairs]) >= 0.98


def damages(folder: Path) -> dict[str, Any]:
    def cut() -> None:
        os.truncate(folder / INDEX, 1000)

    def other_tracks() -> None:
        values = np.array(values_in(folder))
        np.save(folder / "embeddings.npy", np.roll(values, 1, axis=0))

    def torn() -> None:
        (folder / FACTS).write_text('{"format": 1, "n_by')

    def newer() -> None:
        facts = json.loads((folder / FACTS).read_text())
        (folder / FACTS).write_text(json.dumps({**facts, "format": 99}))

    def garbage() -> None:
        (folder / INDEX).write_bytes(b"x" * (folder / INDEX).stat().st_size)

    return {"cut": cut, "other": other_tracks, "torn": torn, "newer": newer, "garbage": garbage}


@pytest.mark.parametrize("damage", ["cut", "other", "torn", "newer", "garbage"])
def test_an_index_that_cannot_be_used_costs_time_and_no_answer(
    folder: Path, tmp_path: Path, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("embeddings.npy", INDEX, FACTS):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    damages(tmp_path)[damage]()
    with caplog.at_level(logging.WARNING):
        points = points_of(tmp_path, values_in(tmp_path))
    assert type(points) is Points
    assert "is not used" in caplog.text
    row = np.array(points.values[7])
    assert points.nearest(row, 1)[0][0] == 7


def test_recommendations_by_an_index_are_as_long_and_nearly_the_same(
    listener: Listener, tmp_path: Path
) -> None:
    write_catalog(tmp_path, listener.catalog)
    build_index(tmp_path, progress, least=0)
    large = read_catalog(tmp_path, listener.manifest.space)
    assert isinstance(large.points, Indexed)
    same = []
    for asked in (
        Request(count=10),
        Request(count=20, genre="Folk", license="permissive"),
        Request(count=100, roam="wider"),
        Request(count=5, metric="cosine", excluded_artists=(listener.catalog.track(0).artist,)),
    ):
        for row in (0, 2_000, 5_000):
            analysis = listener.manifest.analysis_of(large, row)
            both = (recommend(analysis, it, asked) for it in (large, listener.catalog))
            mine, right = ({pick.track.track_id for pick in one.picks} for one in both)
            assert len(mine) == len(right)
            same.append(len(mine & right) / len(right))
    assert np.mean(same) >= 0.97


def test_few_tracks_need_no_index(listener: Listener) -> None:
    with pytest.raises(BadRequest) as refused:
        build_index(listener.folder, progress)
    assert refused.value.code == "no_index_needed"
    assert not (listener.folder / INDEX).exists()


def test_what_is_no_table_of_embeddings_is_refused(tmp_path: Path) -> None:
    for values in (np.ones((50, 4)), np.ones(50, np.float32)):
        np.save(tmp_path / "embeddings.npy", values)
        with pytest.raises(BadBundle):
            build_index(tmp_path, progress, least=0)


@pytest.mark.process
def test_who_is_killed_while_an_index_is_made_has_the_old_one_or_none(
    folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "embeddings.npy").symlink_to(folder / "embeddings.npy")
    code = (
        "import sys; from pathlib import Path; from soundmap.cli.progress import progress\n"
        "from soundmap.search.build import build_index\n"
        "print('now', flush=True)\n"
        "while True: build_index(Path(sys.argv[1]), progress, least=0)\n"
    )
    for pause_s in (0.2, 0.7):
        with subprocess.Popen(
            [sys.executable, "-c", code, tmp_path], stdout=subprocess.PIPE
        ) as maker:
            assert maker.stdout
            maker.stdout.readline()
            time.sleep(pause_s)
            maker.send_signal(signal.SIGKILL)
        points = points_of(tmp_path, values_in(tmp_path))
        assert isinstance(points, Indexed) or not (tmp_path / FACTS).exists()
    build_index(tmp_path, progress, least=0)
    assert isinstance(points_of(tmp_path, values_in(tmp_path)), Indexed)


def test_the_bench_measures_what_it_says(listener: Listener, tmp_path: Path) -> None:
    values = listener.catalog.points.values
    report = bench_search(values, 5_000, tmp_path, progress)
    assert report["rows"] == 5_000
    assert report["recall_at_10"] >= 0.98
    assert all(part["full"] == 1 for part in report["filters"])
    again = bench_search(values, 5_000, tmp_path, progress)
    assert again["build_s"] == 0 < report["build_s"]


def test_the_command_says_what_is_not_needed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["catalogs", "--build-index", "fma", "--json"]) == BAD_USAGE
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "no_index_needed"


@pytest.mark.process
def test_nobody_loads_the_index_library_who_has_no_index() -> None:
    code = (
        "import sys; from soundmap.bundle.listener import Listener\n"
        "Listener().catalog; print('faiss' in sys.modules, 'distributed' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]
