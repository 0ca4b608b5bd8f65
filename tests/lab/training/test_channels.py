"""What a channel does to a tile: levels move as they do when the sound itself goes through one."""

from __future__ import annotations

import numpy as np
import pytest
import soxr
import torch
from torch import Tensor

from soundmap.features.tiles import OVERVIEW, decibels, mel_power, tile_columns, tiles_of
from soundmap.lab.training import channels
from soundmap.lab.training.augment import augment, varied
from soundmap.lab.training.channels import through_channel
from soundmap.lab.training.losses import identification
from soundmap.types import Clip, Floats

RATE = 44_100


def music(seconds: float = 5.0, seed: int = 0) -> Floats:
    """Notes with overtones, without anything above 16 kHz, as most music comes: 80 dB deep."""
    rng, time = np.random.default_rng(seed), np.arange(int(seconds * RATE)) / RATE
    sound = 1e-4 * rng.normal(size=len(time))
    for start in np.arange(0, seconds, 0.4):
        since = time - start
        decay = np.where(since >= 0, np.exp(-4 * np.maximum(since, 0)), 0)
        pitch = 110 * 2 ** (rng.integers(36) / 12)
        sound += sum(np.sin(2 * np.pi * pitch * k * time) * decay / k for k in range(1, 12)) / 8
    sound = soxr.resample(soxr.resample(sound, RATE, 32_000), 32_000, RATE)[: len(time)]
    return np.asarray(0.5 * sound / np.abs(sound).max(), dtype=np.float32)


def tile(samples: Floats) -> Tensor:
    tiles, _ = tiles_of(Clip(samples, RATE), OVERVIEW)
    return torch.from_numpy(tiles)[:, None]


def test_a_channel_gives_tiles() -> None:
    torch.manual_seed(0)
    tiles = tile(music()).repeat(64, 1, 1, 1)
    heard = through_channel(tiles)
    assert heard.shape == tiles.shape and heard.isfinite().all()
    assert heard.min() == 0 and heard.max() <= 1
    moved = (heard - tiles).abs().mean((1, 2, 3))
    assert (moved > 0.005).all() and moved.max() > 0.1
    assert len(through_channel(tiles[:0])) == 0
    assert through_channel(torch.zeros(3, 1, 128, 5)).isfinite().all()


def test_a_low_sample_rate_is_a_band_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """The real way and the short one differ by a hundredth, away from the very edge."""
    sound = music()
    low = soxr.resample(soxr.resample(sound, RATE, 8_000), 8_000, RATE).astype(np.float32)
    monkeypatch.setattr(channels, "HIGH_CUT_BANDS", (73.0, 73.0))
    heard = channels._scaled(
        channels._band_limit((tile(sound) - 1) * 80), tile(sound).amax((2, 3), keepdim=True)
    )
    difference = (heard - tile(low)).abs()
    assert difference[:, :, :71].mean() < 0.01
    assert difference[:, :, 78:].mean() < 0.05


def test_noise_adds_as_power(monkeypatch: pytest.MonkeyPatch) -> None:
    """White noise, 20 dB below the music."""
    sound = music()
    noise = np.random.default_rng(3).normal(size=len(sound)) * sound.std() / 10
    monkeypatch.setattr(channels, "NOISE_DB", (-20.0, -20.0))
    monkeypatch.setattr(channels, "COLOR_DB", 0.0)
    torch.manual_seed(1)
    heard = channels._noise((tile(sound) - 1) * 80).mean((0, 1, 3)).numpy()
    before, true = (levels(it).mean(axis=1) for it in (sound, (sound + noise).astype(np.float32)))
    assert np.abs(heard - true).mean() < 1.5 < 10 < np.abs(before - true).mean()


def levels(samples: Floats) -> Floats:
    """dB of every band at the columns of the tile."""
    power = mel_power(Clip(samples, RATE), OVERVIEW)
    return decibels(power)[:, tile_columns(power.shape[1], OVERVIEW, RATE).ravel()]


def test_only_the_chosen_tiles_go_through() -> None:
    torch.manual_seed(0)
    tiles = tile(music()).repeat(4, 1, 1, 1)
    through = torch.tensor([True, False, False, True])
    torch.manual_seed(5)
    some = augment(tiles.clone(), 16, through)
    torch.manual_seed(5)
    none = augment(tiles.clone(), 16, torch.zeros(4, dtype=torch.bool))
    assert some.shape == none.shape == (4, 1, 128, 16)
    assert len({varied(64) for _ in range(200)}) > 40
    assert all(21 <= varied(64) <= 107 for _ in range(200))


def test_the_altered_is_pulled_to_its_own_clean_view() -> None:
    clean = torch.eye(4, requires_grad=True)
    altered = torch.eye(4)[[1, 0, 2, 3]].requires_grad_()
    wrong, right = identification(altered, clean), identification(clean, clean)
    assert right < 0.01 < 1 < wrong
    wrong.backward()  # type: ignore[no-untyped-call]
    assert clean.grad is None and altered.grad is not None and altered.grad[0, 0] < 0
