from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from scipy import stats
from sklearn.metrics import ndcg_score
from sklearn.neighbors import NearestNeighbors

from soundmap.bundle.listener import Listener
from soundmap.lab.datasets.arrays import TileSet, read_table
from soundmap.lab.evaluation import retrieval
from soundmap.lab.evaluation.retrieval import (
    DEPTH,
    METRICS,
    UNKNOWN,
    Found,
    Tracks,
    bootstrap_interval,
    find,
    find_at_random,
    measures,
    skewness,
)
from soundmap.lab.evaluation.scores import evaluate, others, part, retrieval_of, tracks_of
from soundmap.search.exact import Rows
from soundmap.types import Floats


def nobody(n: int) -> Rows:
    return np.full(n, UNKNOWN)


def tracks(n: int, seed: int, n_genres: int = 4, n_artists: int = 30) -> Tracks:
    """Random points; artists and recordings known for some."""
    rng = np.random.default_rng(seed)
    values = rng.standard_normal((n, 6)).astype(np.float32)
    artists = rng.integers(UNKNOWN, n_artists, n)
    recordings = np.where(rng.random(n) < 0.5, UNKNOWN, rng.integers(0, n, n))
    return Tracks(values, rng.integers(0, n_genres, n), recordings, artists)


def moved(some: Tracks, values: Floats) -> Tracks:
    return dataclasses.replace(some, values=values.astype(np.float32))


def naive(queries: Tracks, catalog: Tracks, metric: str, artists_apart: bool) -> Rows:
    """One query at a time, all distances sorted."""
    scale = catalog.values.std(axis=0) if metric == "standardized" else 1
    rows = np.full((len(queries), DEPTH), UNKNOWN)
    for i, query in enumerate(queries.values):
        offsets = (catalog.values - query) / scale
        distances = (offsets.astype(np.float64) ** 2).sum(axis=1)
        if metric == "cosine":
            lengths = np.linalg.norm(catalog.values, axis=1) * np.linalg.norm(query)
            distances = -(catalog.values @ query) / lengths
        keep = np.ones(len(catalog), bool)
        for name in ("recordings", "artists") if artists_apart else ("recordings",):
            own = getattr(queries, name)[i]
            keep &= (getattr(catalog, name) != own) | (own == UNKNOWN)
        order = [row for row in np.argsort(distances, kind="stable") if keep[row]][:DEPTH]
        rows[i, : len(order)] = order
    return rows


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("artists_apart", [True, False])
@pytest.mark.parametrize("n_rows", [300, 7])
def test_neighbors_are_those_of_a_plain_sort_in_batches_of_any_size(
    metric: str, artists_apart: bool, n_rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    queries, catalog = tracks(50, 1), tracks(n_rows, 2)
    expected = naive(queries, catalog, metric, artists_apart)
    for cells in (1, 7 * n_rows, 10**6):
        monkeypatch.setattr(retrieval, "_CELLS", cells)
        found = find(queries, catalog, metric, artists_apart)
        np.testing.assert_array_equal(found.rows, expected)
    given = expected != UNKNOWN
    same = catalog.genres[expected] == queries.genres[:, None]
    np.testing.assert_array_equal(found.hits, same & given)


@pytest.mark.parametrize("metric", ["euclidean", "cosine"])
def test_neighbors_are_scikit_learns(metric: str) -> None:
    queries, catalog = tracks(40, 3), tracks(200, 4)
    for some in (queries, catalog):
        some.artists[:], some.recordings[:] = UNKNOWN, UNKNOWN
    model = NearestNeighbors(n_neighbors=DEPTH, metric=metric).fit(catalog.values)
    theirs = model.kneighbors(queries.values, return_distance=False)
    np.testing.assert_array_equal(find(queries, catalog, metric).rows, theirs)


def test_a_perfect_space_scores_one_and_an_inverted_one_nothing() -> None:
    genres = np.repeat(np.arange(4), 25)
    corners = np.eye(4, dtype=np.float32)
    rng = np.random.default_rng(0)
    near = (corners[genres] + 0.01 * rng.standard_normal((100, 4))).astype(np.float32)
    catalog = Tracks(near, genres, np.arange(100), nobody(100))
    for metric in METRICS:
        of = measures(find(catalog, catalog, metric))
        assert [of[f"precision_at_{k}"] for k in (1, 5, 10)] == [1, 1, 1]
        assert of["ndcg_at_10"] == pytest.approx(1)
        assert of["precision_at_5_ci95"] == [1, 1]
    strangers = dataclasses.replace(catalog, genres=(genres + 1) % 4)
    assert measures(find(strangers, catalog))["precision_at_10"] == 0


def test_random_labels_give_the_shares_of_the_genres() -> None:
    rng = np.random.default_rng(5)
    some = tracks(4000, 6)
    some = dataclasses.replace(some, genres=rng.choice(3, 4000, p=(0.6, 0.3, 0.1)))
    shares = np.bincount(some.genres) / 4000
    for found in (find(some, some), find_at_random(some, some)):
        of = measures(found)
        assert of["precision_at_10"] == pytest.approx((shares**2).sum(), abs=0.02)
        assert of["ndcg_at_10"] == pytest.approx((shares**2).sum(), abs=0.02)
        low, high = of["precision_at_5_ci95"]
        assert low < of["precision_at_5"] < high


def test_what_a_metric_does_not_see_changes_nothing() -> None:
    queries, catalog = tracks(60, 7), tracks(200, 8)
    shift, scales = np.arange(6) - 2.5, np.array([1, 2, 4, 8, 16, 32])
    stretched = 2.0 ** np.arange(200)[:, None] % 7 + 1
    changes: dict[str, Callable[[Floats], Floats]] = {
        "euclidean": lambda values: 4 * (values + shift),
        "standardized": lambda values: scales * (values + shift),
        "cosine": lambda values: values * stretched[: len(values)],
    }
    for metric, change in changes.items():
        before = find(queries, catalog, metric)
        after = find(
            moved(queries, change(queries.values)), moved(catalog, change(catalog.values)), metric
        )
        np.testing.assert_array_equal(before.rows, after.rows)
    squeezed = moved(queries, scales * queries.values), moved(catalog, scales * catalog.values)
    assert (find(*squeezed).rows != find(queries, catalog).rows).any()


def test_a_number_that_never_varies_counts_for_nothing() -> None:
    queries, catalog = tracks(30, 9), tracks(100, 10)
    wider = [
        moved(one, np.column_stack([one.values, np.full(len(one), 3)]))
        for one in (queries, catalog)
    ]
    np.testing.assert_array_equal(
        find(wider[0], wider[1], "standardized").rows, find(queries, catalog, "standardized").rows
    )


def test_nobody_is_given_their_own_recording_or_if_asked_their_own_artist() -> None:
    some = tracks(300, 11)
    for found in (find(some, some), find_at_random(some, some)):
        given = found.rows != UNKNOWN
        for known in (some.recordings, some.artists):
            told = known[:, None] != UNKNOWN
            assert not ((known[found.rows] == known[:, None]) & told & given).any()
    anybody = find(some, some, artists_apart=False).rows
    assert ((some.artists[anybody] == some.artists[:, None]) & (some.artists >= 0)[:, None]).any()


def test_gains_are_scikit_learns() -> None:
    queries, catalog = tracks(80, 12, n_genres=15), tracks(60, 13, n_genres=15)
    for some in (queries, catalog):
        some.artists[:], some.recordings[:] = UNKNOWN, UNKNOWN
    queries.genres[0] = 99  # nothing in the catalog is relevant
    relevance = (queries.genres[:, None] == catalog.genres).astype(float)
    distances = np.linalg.norm(queries.values[:, None] - catalog.values, axis=2)
    expected = ndcg_score(relevance, -distances, k=DEPTH)
    assert (relevance.sum(1) < DEPTH).any()
    assert measures(find(queries, catalog))["ndcg_at_10"] == pytest.approx(expected)


def test_skewness_is_scipys_and_0_where_all_are_equal() -> None:
    counts = np.random.default_rng(0).poisson(2, 500)
    assert skewness(counts) == pytest.approx(stats.skew(counts))
    assert skewness(np.ones(9)) == 0


def test_a_hub_is_seen() -> None:
    """Everybody's ten neighbors are the same ten rows of a hundred."""
    rows = np.tile(np.arange(DEPTH), (50, 1))
    of = measures(Found(rows, np.zeros((50, DEPTH), bool), np.ones(50, np.int64), 100))
    assert of["never_recommended"] == 0.9
    assert of["skewness_k10"] == pytest.approx(stats.skew([50] * 10 + [0] * 90))


def test_the_interval_holds_the_truth_19_times_of_20() -> None:
    rng = np.random.default_rng(1)
    truth = 0.3
    intervals = [bootstrap_interval(rng.binomial(5, truth, 200) / 5) for _ in range(300)]
    assert 0.91 <= np.mean([low <= truth <= high for low, high in intervals]) <= 0.985
    values = rng.binomial(5, truth, 200) / 5
    assert bootstrap_interval(values) == bootstrap_interval(rng.permutation(values))
    theirs = stats.bootstrap((values,), np.mean, method="percentile", rng=rng)
    assert bootstrap_interval(values) == pytest.approx(theirs.confidence_interval, abs=0.005)


def test_the_teachers_own_neighbors_have_their_known_figures(data: Path) -> None:
    table = {int(row["track_id"]): row["genre"] for row in read_table(data / "tracks.csv")}
    genres = sorted(set(table.values()))
    sides = []
    for side in ("validation", "training"):
        with np.load(data / f"features-{side}.npz") as file:
            numbers = np.array([genres.index(table[int(one)]) for one in file["track_id"]])
            sides.append(
                Tracks(file["vggish"], numbers, nobody(len(numbers)), nobody(len(numbers)))
            )
    of = measures(find(sides[0], sides[1]))
    figures = [of[f"precision_at_{k}"] for k in (1, 5, 10)]
    assert figures == pytest.approx([0.5175, 0.480, 0.4656], abs=5e-4)
    assert of["skewness_k10"] == pytest.approx(2.697, abs=1e-3)
    assert of["never_recommended"] == pytest.approx(0.467, abs=1e-3)


def tiles_for(listener: Listener, ids: list[int], artists: tuple[str, ...] = ()) -> TileSet:
    rng = np.random.default_rng(0)
    tiles = rng.integers(0, 255, (len(ids), 128, 128), dtype=np.uint8)
    return TileSet(np.array(ids), tiles, (listener.manifest.labels[0],) * len(ids), artists)


def test_catalog_tracks_in_the_file_are_no_answers(listener: Listener) -> None:
    catalog = listener.catalog
    rows = np.arange(0, len(catalog), 300)
    tiles = tiles_for(listener, catalog.track_ids[rows].tolist())
    queries, known = tracks_of(catalog, tiles, catalog.points.values[rows])
    left = others(catalog, tiles)
    assert len(left) == len(catalog) - len(rows)
    given = left[find(queries, part(known, left)).rows]
    assert not np.isin(given, rows).any()
    for i, row in enumerate(rows):
        assert catalog.artists[row] not in catalog.artists[given[i]]
        assert catalog.uploads[row] not in catalog.uploads[given[i]]
    np.testing.assert_array_equal(
        known.genres[:, None] == known.genres[rows],
        np.array(catalog.columns["genre"])[:, None] == np.array(catalog.columns["genre"])[rows],
    )


def test_the_other_upload_of_a_recording_is_no_answer(listener: Listener) -> None:
    catalog = listener.catalog
    numbers, counts = np.unique(catalog.uploads, return_counts=True)
    twice = [int(np.flatnonzero(catalog.uploads == one)[0]) for one in numbers[counts > 1]]
    assert twice
    ids = [int(catalog.track_ids[row]) for row in twice]
    queries, known = tracks_of(catalog, tiles_for(listener, ids), catalog.points.values[twice])
    found = find(queries, known, artists_apart=False).rows
    assert not (catalog.uploads[found] == catalog.uploads[twice][:, None]).any()


def test_strangers_have_an_artist_only_if_the_file_names_one(listener: Listener) -> None:
    catalog = listener.catalog
    strangers = [int(catalog.track_ids.max()) + 1 + i for i in range(4)]
    embeddings = np.asarray(catalog.points.values[:4])
    plain = retrieval_of(catalog, tiles_for(listener, strangers), embeddings)
    assert plain and plain["known_artists"] == 0
    assert plain["rows"] == len(catalog)
    artist = catalog.track(0).artist.upper()
    named = tiles_for(listener, strangers, (artist, "", "", ""))
    told = retrieval_of(catalog, named, embeddings)
    assert told and told["known_artists"] == 1
    queries, known = tracks_of(catalog, named, embeddings)
    assert catalog.artists[0] not in catalog.artists[find(queries, known).rows[0]]
    assert find(queries, known).rows[1, 0] == 1  # a stranger may be given the very same sound


def test_a_file_with_the_whole_catalog_leaves_nothing_to_ask(listener: Listener) -> None:
    catalog = listener.catalog
    tiles = TileSet(
        catalog.track_ids, np.zeros((len(catalog), 1, 1), np.uint8), catalog.columns["genre"]
    )
    assert retrieval_of(catalog, tiles, np.asarray(catalog.points.values)) is None


def test_evaluate_says_what_its_neighbors_are_worth(listener: Listener) -> None:
    ids = listener.catalog.track_ids[:12].tolist()
    found = evaluate(listener, tiles_for(listener, ids))["retrieval"]
    shares = {f"precision_at_{k}" for k in (1, 5, 10)} | {"ndcg_at_10", "never_recommended"}
    assert all(0 <= found[name] <= 1 for name in shares)
    assert (found["queries"], found["known_artists"]) == (12, 12)
    assert found["metric"] == "euclidean" and "skewness_k10" in found
