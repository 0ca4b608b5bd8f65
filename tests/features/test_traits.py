from __future__ import annotations

from dataclasses import astuple

import librosa
import numpy as np
import pytest

from soundmap.audio.demo import BPM, demo_clip
from soundmap.features.tiles import OVERVIEW, tiles_of
from soundmap.features.traits import tempo_bpm, traits_of
from soundmap.types import Clip, Floats, Traits
from tests.helpers.sounds import music

RATE = 44_100


def traits(samples: Floats) -> Traits:
    tiles, rate = tiles_of(Clip(samples.astype(np.float32), RATE), OVERVIEW)
    return traits_of(tiles, rate, 0.0)


def tone(hz: float, seconds: float = 4) -> Floats:
    t = np.arange(round(seconds * RATE)) / RATE
    return np.sin(2 * np.pi * hz * t).astype(np.float32)


@pytest.mark.parametrize("seed", range(4))
def test_tempo_is_librosas(seed: int) -> None:
    rng = np.random.default_rng(seed)
    sound = music(12, 22_050, seed)
    for at in range(0, len(sound) - 2000, int(22_050 * rng.uniform(0.3, 0.9))):
        sound[at : at + 2000] += rng.uniform(-0.4, 0.4, 2000).astype(np.float32)
    expected = float(np.ravel(librosa.beat.beat_track(y=sound, sr=22_050)[0])[0])
    assert tempo_bpm(Clip(sound, 22_050)) == pytest.approx(expected, rel=0.001)


def test_the_demo_has_the_tempo_it_was_made_with() -> None:
    assert tempo_bpm(demo_clip()) == pytest.approx(BPM, rel=0.04)


def test_no_onsets_no_tempo() -> None:
    assert tempo_bpm(Clip(np.zeros(22_050 * 4, np.float32), 22_050)) == 0


def test_higher_is_brighter_and_has_less_bass() -> None:
    low, high = traits(tone(100)), traits(tone(5_000))
    assert low.brightness_hz < high.brightness_hz == pytest.approx(5_000, rel=0.1)
    assert low.bass_share > 0.9 > 0.1 > high.bass_share


def test_noise_is_noisier_than_a_tone() -> None:
    noise = np.random.default_rng(0).standard_normal(4 * RATE) * 0.1
    assert traits(noise.astype(np.float32)).noisiness > 0.2 > 0.01 > traits(tone(440)).noisiness


def test_a_swell_has_more_dynamics_than_a_steady_tone() -> None:
    swell = tone(440, 30) * np.linspace(0.01, 1, 30 * RATE) ** 2
    steady = tone(440, 30)
    assert traits(swell.astype(np.float32)).dynamics_db > 20 > 3 > traits(steady).dynamics_db


def test_silence_has_finite_traits() -> None:
    silence = traits_of(np.zeros((1, 128, 9), np.float32), RATE, 0)
    assert np.isfinite(astuple(silence)).all()
