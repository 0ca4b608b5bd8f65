"""The ear for degraded recordings learns to hear in them what the network hears in clean ones."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import Tensor

from soundmap.lab.network.genre_net import GenreNet
from soundmap.lab.training.augment import degrade
from soundmap.lab.training.degraded import FOLDER, train_degraded
from soundmap.lab.training.lesson import Split, levels_on
from soundmap.lab.training.loop import train
from soundmap.lab.training.losses import identification
from soundmap.lab.training.recipe import CHECKPOINT, Recipe, Run
from soundmap.types import silent

RECIPE = Recipe(width=4, epochs=400, batch_size=16, averaging=0.5, learning_rate=4e-4)
CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def side() -> Split:
    """48 tiles, each with a spectrum and a pulse of its own."""
    torch.manual_seed(1)
    spectra, pulses = torch.rand(48, 128, 1) * 150, torch.rand(48, 1, 128) * 100
    return Split((spectra + pulses).to(torch.uint8), torch.arange(48))


@pytest.fixture(scope="module")
def network(side: Split, tmp_path_factory: pytest.TempPathFactory) -> GenreNet:
    """Trained to tell the tiles apart, where they are clean."""
    recipe = replace(RECIPE, epochs=80, learning_rate=4e-3, crop_columns=0, polish=0)
    return train(Run(tmp_path_factory.mktemp("clean"), recipe, 48), side, None, silent)


@torch.no_grad()
def confusion(ear: GenreNet, network: GenreNet, tiles: Tensor) -> float:
    """How badly the ear tells degraded tiles apart by what the network heard in the clean ones."""
    torch.manual_seed(3)
    clean, _ = network(levels_on(tiles, CPU))
    losses = [identification(ear(degrade(levels_on(tiles, CPU)))[0], clean) for _ in range(8)]
    return float(torch.stack(losses).mean())


def test_it_learns_what_the_network_hears(side: Split, network: GenreNet, tmp_path: Path) -> None:
    before = {name: value.clone() for name, value in network.state_dict().items()}
    run = Run(tmp_path, RECIPE, 48)
    ear, record = train_degraded(run, network, side, silent)
    assert confusion(ear, network, side.tiles) < confusion(network, network, side.tiles) - 0.2
    assert len(record["history"]) == record["recipe"]["epochs"] == 100
    assert (tmp_path / FOLDER / CHECKPOINT).is_file() and not (tmp_path / CHECKPOINT).exists()
    for name, value in network.state_dict().items():
        torch.testing.assert_close(value, before[name])


def test_its_run_goes_on_where_it_was_left(side: Split, network: GenreNet, tmp_path: Path) -> None:
    run = Run(tmp_path, replace(RECIPE, epochs=8), 48)
    first, _ = train_degraded(run, network, side, silent)
    again, record = train_degraded(run, network, side, silent)
    assert len(record["history"]) == 2
    for one, other in zip(first.parameters(), again.parameters(), strict=True):
        torch.testing.assert_close(one, other)


def test_degraded_views_are_tiles_of_three_seconds_and_more() -> None:
    torch.manual_seed(0)
    views = [degrade(torch.rand(6, 1, 128, 128)) for _ in range(40)]
    widths = {view.shape[3] for view in views}
    assert min(widths) >= 12 and max(widths) == 128 and len(widths) > 10
    assert all(view.min() >= 0 and view.max() <= 1 for view in views)
