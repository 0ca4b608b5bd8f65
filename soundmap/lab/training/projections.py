"""Projects embeddings to two dimensions, and compares three methods (``train`` extra)."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE, trustworthiness
from sklearn.metrics import silhouette_score
from sklearn.neighbors import NearestNeighbors
from threadpoolctl import threadpool_limits

from soundmap.map.placing import landing
from soundmap.search.exact import Points
from soundmap.types import Floats, Progress, silent

METHOD = "tsne"
"""The method of the layout; the card of the shipped bundle says why."""
METHODS = ("pca", "umap", "tsne")
LEAST = 200
"""Fewer tracks than this have no neighborhoods to keep: PCA lays them out."""

_K = 10
_HELD_OUT = 10  # one track in ten
_SAMPLE = 3_000  # tracks, for measures that need all pairwise distances


def lay_out(embeddings: Floats, method: str = METHOD, seed: int = 0) -> Floats:
    """Positions float32 (n, 2) in -1..1 of ``embeddings`` (n, d); equal embeddings share a
    position.

    The result is the same each time on one machine.  Fewer than ``LEAST`` are laid out by PCA.
    """
    values, back = np.unique(embeddings, axis=0, return_inverse=True)
    if len(values) < LEAST:
        method = "pca"
    with warnings.catch_warnings(), threadpool_limits(2):  # a sum of two parts has one order
        warnings.simplefilter("ignore")
        flat = np.asarray(_model(method, seed, len(values)).fit_transform(values), np.float64)
    flat = flat.reshape(len(values), -1)[back.ravel()]
    flat = np.pad(flat, ((0, 0), (0, 2 - flat.shape[1])))
    flat -= (flat.max(axis=0) + flat.min(axis=0)) / 2
    return (flat / (np.abs(flat).max() or 1)).astype(np.float32)


def compare(
    embeddings: Floats, genres: Sequence[str], seed: int = 0, progress: Progress = silent
) -> tuple[Floats, dict[str, Any]]:
    """The layout by ``METHOD``, and how well each method does, ready for JSON.

    ``trustworthiness`` (Venna and Kaski, 2001) is that of ten neighbors; ``genre_purity`` the share
    of the ten nearest on the map that have a track's genre, next to the same share in the
    embeddings; ``silhouette`` that of the genres.  ``mean_rank`` and ``median_rank``, from 1, are
    of tracks left out of the map and then placed on it: the ranks, by distance on the map, of their
    ten true neighbors.
    """
    facts: dict[str, Any] = {"method": METHOD, "seed": seed, "tracks": len(embeddings)}
    if len(np.unique(embeddings, axis=0)) < LEAST:
        return lay_out(embeddings), {**facts, "method": "pca", "methods": {}}
    labels = np.array(genres)
    order = np.random.default_rng(seed).permutation(len(embeddings))
    held, rest = np.split(order, [len(order) // _HELD_OUT])
    layouts, methods = {}, {}
    with progress("Laying out the map", 2 * len(METHODS)) as advance:
        for at, method in enumerate(METHODS):
            layouts[method] = lay_out(embeddings, method, seed)
            advance(2 * at + 1)
            methods[method] = _measures(embeddings, layouts[method], labels, order[:_SAMPLE])
            around = lay_out(embeddings[rest], method, seed)
            methods[method] |= _ranks(embeddings[held], embeddings[rest], around)
            advance(2 * at + 2)
    facts |= {"held_out": len(held), "genre_purity": _purity(embeddings, labels)}
    return layouts[METHOD], {**facts, "methods": methods}


def _model(method: str, seed: int, n: int) -> Any:
    if method == "pca":
        return PCA(min(2, n), random_state=seed)
    if method == "tsne":
        return TSNE(perplexity=30, init="pca", random_state=seed)
    from umap import UMAP  # its import takes seconds; only a comparison needs it

    return UMAP(n_neighbors=15, min_dist=0.1, random_state=seed, n_jobs=1)


def _measures(
    embeddings: Floats, layout: Floats, labels: npt.NDArray[np.str_], some: npt.NDArray[np.int64]
) -> dict[str, float]:
    return {
        "trustworthiness": float(trustworthiness(embeddings[some], layout[some], n_neighbors=_K)),
        "genre_purity": _purity(layout, labels),
        "silhouette": float(silhouette_score(layout[some], labels[some])),
    }


def _purity(points: Floats, labels: npt.NDArray[np.str_]) -> float:
    near = NearestNeighbors(n_neighbors=_K).fit(points).kneighbors(return_distance=False)
    return float((labels[near] == labels[:, None]).mean())


def _ranks(held: Floats, rest: Floats, layout: Floats) -> dict[str, float]:
    """Mean and median rank, by distance on the map from where each of ``held`` lands, of its ten
    nearest among ``rest``.
    """
    points, ranks = Points(rest), []
    for embedding in held:
        away = ((layout - landing(embedding, points, layout)) ** 2).sum(axis=1)
        true = away[points.nearest(embedding, _K)[0]]
        ranks.append(float((np.searchsorted(np.sort(away), true) + 1).mean()))
    return {"mean_rank": float(np.mean(ranks)), "median_rank": float(np.median(ranks))}
