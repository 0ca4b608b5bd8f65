"""A bundle has an ear for clean recordings and one for degraded ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from soundmap.audio.demo import demo_clip
from soundmap.bundle.ears import Ears
from soundmap.bundle.manifest import CLEAN_GRAPH, DEGRADED_GRAPH, read_manifest
from soundmap.features.condition import CLEAN, NOISY, Condition, condition_of
from soundmap.features.tiles import OVERVIEW, Steps, levels_of, tiles_of
from soundmap.lab.evaluation.alterations import ALTERATIONS
from soundmap.lab.network.genre_net import COMPACT, GenreNet, NetworkConfig
from soundmap.lab.network.graph import write_graph


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two small networks that differ."""
    made = tmp_path_factory.mktemp("ears")
    torch.manual_seed(0)
    for graph in (CLEAN_GRAPH, DEGRADED_GRAPH):
        write_graph(GenreNet(NetworkConfig(2, kind=COMPACT)), made / graph, 128, 128)
    return made


@pytest.fixture(scope="module")
def tiles() -> Steps:
    """Tiles of clean and degraded sounds, alternating, of equal size."""
    return np.round(255 * np.concatenate(list(_sounds()))).astype(np.uint8)


def _sounds() -> Iterator[np.ndarray]:
    for name in ("house", "piano", "wind"):
        clip = demo_clip(name)
        yield tiles_of(clip, OVERVIEW)[0]
        yield tiles_of(ALTERATIONS["rate_8khz"](clip), OVERVIEW)[0]


def test_each_condition_has_its_ear(folder: Path, tiles: Steps) -> None:
    ears, levels = Ears(folder), levels_of(tiles[:1])
    for condition, runtime in ((CLEAN, ears.clean), (NOISY, ears.degraded)):
        np.testing.assert_array_equal(ears.run(levels, condition)[0], runtime.run(levels)[0])
    apart = np.abs(ears.run(levels, CLEAN)[0] - ears.run(levels, NOISY)[0])
    assert apart.max() > 0.01


def test_many_sounds_are_heard_as_each_alone(folder: Path, tiles: Steps) -> None:
    ears, seen = Ears(folder), list[float]()
    embeddings, logits, conditions = ears.run_all(tiles, 44_100, seen.append)
    assert [condition.degraded for condition in conditions] == [False, True] * 3
    assert seen == sorted(seen) and seen[-1] == len(tiles)
    for row, tile in enumerate(tiles):
        levels = levels_of(tile[None])
        alone = ears.run(levels, condition_of(levels, 44_100))
        np.testing.assert_allclose(embeddings[row], alone[0][0], atol=1e-3)
        np.testing.assert_allclose(logits[row], alone[1][0], atol=1e-3)


def test_all_may_be_of_one_condition(folder: Path, tiles: Steps) -> None:
    for some in (tiles[::2], tiles[1::2], tiles[:1]):
        embeddings, _, conditions = Ears(folder).run_all(some, 44_100)
        assert len(embeddings) == len(conditions) == len(some)


def test_a_bundle_without_the_second_ear_has_one(folder: Path, tmp_path: Path) -> None:
    (tmp_path / CLEAN_GRAPH).write_bytes((folder / CLEAN_GRAPH).read_bytes())
    ears = Ears(tmp_path)
    assert ears.degraded is ears.clean


def test_degraded_recordings_are_less_sure() -> None:
    from soundmap.bundle.manifest import DEFAULT_BUNDLE

    manifest = replace(
        read_manifest(DEFAULT_BUNDLE),
        temperature=0.8,
        degraded_temperature=1.1,
    )
    heard = manifest.temperature_in
    assert heard(CLEAN) == heard(Condition(20_000.0)) == 0.8
    assert heard(NOISY) == heard(Condition(20_000.0, noisy=True)) == 1.1
    assert heard(Condition(6_000.0)) == 1.1
    assert replace(manifest, degraded_temperature=0.0).temperature_in(NOISY) == 0.8
