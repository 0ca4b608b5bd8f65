from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import librosa
import numpy as np
import pytest

from soundmap.audio.decode import decode
from soundmap.audio.samples import resample
from soundmap.features import mel, tiles
from soundmap.features.mel import mel_centers_hz, mel_filters
from soundmap.features.tiles import (
    OVERVIEW,
    SLICES,
    TileSpec,
    cut_tiles,
    decibels,
    mel_power,
    tile_columns,
    tiles_of,
)
from soundmap.types import Clip, Floats
from tests.helpers.sounds import music, write


@pytest.mark.parametrize("rate", [8_000, 22_050, 44_100, 48_000])
def test_mel_filters_are_librosas(rate: int) -> None:
    expected = librosa.filters.mel(sr=rate, n_fft=2048)
    np.testing.assert_allclose(mel_filters(rate, 2048, 128), expected, atol=1e-8)
    frequencies = librosa.mel_frequencies(n_mels=130, fmax=rate / 2)[1:-1]
    np.testing.assert_allclose(mel_centers_hz(rate, 128), frequencies, rtol=1e-5)


@pytest.mark.parametrize("spec", [SLICES, OVERVIEW], ids=lambda spec: spec.name)
@pytest.mark.parametrize("seconds", [0.5, 3.0, 11.1])
def test_mel_and_decibels_are_librosas(spec: TileSpec, seconds: float) -> None:
    clip = Clip(music(seconds, spec.sample_rate_hz), spec.sample_rate_hz)
    expected = librosa.feature.melspectrogram(y=clip.samples, sr=clip.sample_rate_hz)
    power = mel_power(clip, spec)
    np.testing.assert_allclose(power, expected, rtol=1e-3, atol=1e-6 * expected.max())
    expected_db = librosa.power_to_db(expected, ref=np.max)
    np.testing.assert_allclose(decibels(power), expected_db, atol=0.001)


@pytest.mark.parametrize("factor", [2.0, 0.1, 1e-3])
def test_turning_up_the_volume_changes_nothing(factor: float) -> None:
    quiet = Clip(music(3), 44_100)
    loud = replace(quiet, samples=np.float32(factor) * quiet.samples)
    for spec in (SLICES, OVERVIEW):
        difference = np.abs(tiles_of(quiet, spec)[0] - tiles_of(loud, spec)[0])
        assert difference.max() <= 1.01 / 255
        assert (difference > 0).mean() < 0.001


def test_stereo_twins_sound_like_mono(tmp_path: Path) -> None:
    sound = music(3)
    mono = decode(write(tmp_path / "a.wav", sound, 44_100))
    twins = decode(write(tmp_path / "b.wav", np.stack([sound, sound], 1), 44_100))
    np.testing.assert_array_equal(tiles_of(mono, OVERVIEW)[0], tiles_of(twins, OVERVIEW)[0])


@pytest.mark.parametrize(
    ("spec", "seconds", "shape"),
    [
        (SLICES, 30, (10, 128, 128)),
        (SLICES, 2.97, (1, 128, 128)),
        (SLICES, 1, (1, 128, 44)),
        (OVERVIEW, 30, (1, 128, 128)),
        (OVERVIEW, 29.976, (1, 128, 128)),
        (OVERVIEW, 15, (1, 128, 64)),
        (OVERVIEW, 3, (1, 128, 13)),
        (OVERVIEW, 0.5, (1, 128, 2)),
        (OVERVIEW, 61, (2, 128, 128)),
    ],
    ids=str,
)
def test_tile_count_follows_the_formula(
    spec: TileSpec, seconds: float, shape: tuple[int, int, int]
) -> None:
    clip = Clip(music(seconds, spec.sample_rate_hz), spec.sample_rate_hz)
    tiles, _ = tiles_of(clip, spec)
    assert tiles.shape == shape
    n_frames = 1 + len(clip.samples) // spec.hop_length
    assert len(tiles) == max(1, n_frames // spec.span_frames(spec.sample_rate_hz))
    assert 0 <= tiles.min() <= tiles.max() <= 1


def test_slices_are_consecutive_frames() -> None:
    columns = tile_columns(1292, SLICES, SLICES.sample_rate_hz)
    np.testing.assert_array_equal(columns.ravel(), np.arange(1280))


def test_an_overview_is_spread_over_its_span() -> None:
    expected = [int((j + 0.5) * 2582 / 128) for j in range(128)]
    np.testing.assert_array_equal(tile_columns(2582, OVERVIEW, 44_100)[0], expected)


def test_a_shorter_sound_keeps_the_spacing() -> None:
    whole, half = (np.diff(tile_columns(n, OVERVIEW, 44_100)[0]).mean() for n in (2584, 1292))
    assert whole == pytest.approx(half, rel=0.01)


@pytest.mark.parametrize("seconds", [0.02, 0.5, 3, 5, 10, 15, 15.2, 22, 30, 65])
def test_a_short_sound_is_looked_at_again_at_other_moments(seconds: float) -> None:
    n_frames = int(seconds * 44_100) // 512 + 1
    once, again = (tile_columns(n_frames, OVERVIEW, 44_100, it) for it in (False, True))
    n_columns = once.shape[1]
    assert again.shape[1] <= OVERVIEW.n_columns < again.shape[1] + n_columns or seconds < 1
    assert len(again) == len(once) and 0 <= again.min() <= again.max() < n_frames
    np.testing.assert_array_equal(again[:, :n_columns], once)
    assert len(np.unique(again)) > 0.9 * again.size
    if again.shape[1] > n_columns:  # each look has the spacing of a whole tile
        for look in again[0].reshape(-1, n_columns):
            assert n_columns < 5 or np.diff(look).mean() == pytest.approx(2584 / 128, rel=0.05)


def test_consecutive_frames_leave_no_moments_in_between() -> None:
    once, again = (tile_columns(40, SLICES, SLICES.sample_rate_hz, it) for it in (False, True))
    np.testing.assert_array_equal(once, again)


def test_few_frames_give_the_same_short_tiles_as_all() -> None:
    clip = Clip(music(5, 44_100), 44_100)
    plain = cut_tiles(decibels(mel_power(clip, OVERVIEW)), OVERVIEW, 44_100, again=True)
    np.testing.assert_array_equal(tiles_of(clip, OVERVIEW, again=True)[0], plain)


def test_rates_are_brought_to_the_spec_but_for_native_ones() -> None:
    assert [OVERVIEW.rate_for(rate) for rate in (8_000, 44_100, 48_000, 96_000)] == [
        44_100,
        44_100,
        48_000,
        44_100,
    ]
    assert SLICES.rate_for(44_100) == 22_050


@pytest.mark.parametrize(
    "wrong", [{"n_mels": 0}, {"hop_length": 0}, {"span_seconds": 0.1}, {"n_columns": 5000}]
)
def test_impossible_specs_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="tile"):
        replace(OVERVIEW, **wrong)  # type: ignore[arg-type]


def test_constant_spectrograms_have_a_tile() -> None:
    tiles = cut_tiles(np.full((128, 2584), -3.0, np.float32), OVERVIEW, 44_100)
    np.testing.assert_array_equal(tiles, 0)


def test_shared_clips_give_their_rows_of_the_data_set(clips: dict[int, Path], data: Path) -> None:
    with np.load(data / "tiles-training.npz") as file:
        ids, tiles = file["track_id"], file["tile"]
    same = []
    for track_id, path in clips.items():
        ours, _ = tiles_of(decode(path), OVERVIEW)
        row = tiles[np.searchsorted(ids, track_id)].astype(int)
        difference = np.abs(np.round(ours[0] * 255).astype(int) - row)
        assert difference.max() <= 1, track_id
        same.append((difference == 0).mean())
    assert np.mean(same) > 0.985


def test_a_resampled_clip_is_nearly_the_same_tile() -> None:
    clip = Clip(music(10, 44_100), 44_100)
    ours, _ = tiles_of(resample(clip, 96_000), OVERVIEW)
    assert np.abs(ours - tiles_of(clip, OVERVIEW)[0]).mean() < 0.02


def noise(seconds: float, seed: int = 0) -> Floats:
    return np.random.default_rng(seed).uniform(-1, 1, round(seconds * 44_100)).astype(np.float32)


@pytest.mark.parametrize("spec", [OVERVIEW, SLICES], ids=lambda spec: spec.name)
@pytest.mark.parametrize(
    "samples",
    [
        pytest.param(music(35, 44_100), id="music"),
        pytest.param(music(3, 44_100), id="short"),
        pytest.param(np.repeat(music(35, 11_025), 4), id="nothing high"),
        pytest.param(resample(Clip(music(35, 22_050), 22_050), 44_100).samples, id="low"),
        pytest.param(noise(31), id="noise, which no frame can be spared of"),
        pytest.param(np.zeros(44_100 * 31, np.float32), id="silence"),
        pytest.param(1e-9 * noise(31), id="near silence"),
        pytest.param(np.eye(1, 44_100 * 31, 700_000, dtype=np.float32)[0], id="a click"),
        pytest.param(np.concatenate([0.01 * noise(30), noise(0.04)]), id="the end is loudest"),
        pytest.param(np.concatenate([music(50), np.zeros(900_000, np.float32)]), id="half"),
    ],
)
def test_frames_that_are_spared_change_no_bit(samples: Floats, spec: TileSpec) -> None:
    clip = resample(Clip(samples, 44_100), spec.rate_for(44_100))
    plain = cut_tiles(decibels(mel_power(clip, spec)), spec, clip.sample_rate_hz)
    np.testing.assert_array_equal(tiles_of(clip, spec)[0], plain)


def test_most_frames_of_music_are_spared(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at = []
    plain = mel.mel_power_of

    def counted(frames: Floats, *how: int) -> Floats:
        looked_at.append(len(frames))
        return plain(frames, *how)

    for module in (mel, tiles):
        monkeypatch.setattr(module, "mel_power_of", counted)
    tiles_of(resample(Clip(music(30, 22_050), 22_050), 44_100), OVERVIEW)
    assert sum(looked_at) < 2_584 / 3
