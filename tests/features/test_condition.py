"""Degraded recordings are told from clean ones by their tiles alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from soundmap.audio.demo import DEMOS, demo_clip
from soundmap.bundle.listener import Listener
from soundmap.features.condition import CLEAN, Condition, condition_of
from soundmap.features.tiles import OVERVIEW, tiles_of
from soundmap.lab.evaluation.alterations import ALTERATIONS
from soundmap.types import Clip
from soundmap.wording import note_sentence

DEGRADING = {"rate_8khz", "telephone", "phone_in_a_room"}
FAIR = {"first_5s", "aac_64", "opus_128", "voice_message", "louder_6db", "quieter_6db"}


def condition(clip: Clip) -> Condition:
    return condition_of(*tiles_of(clip, OVERVIEW))


@pytest.mark.parametrize("name", DEMOS)
def test_a_clean_sound_is_no_degraded_one(name: str) -> None:
    assert condition(demo_clip(name)) == CLEAN


@pytest.mark.parametrize("name", DEMOS)
@pytest.mark.parametrize("alteration", sorted(DEGRADING | FAIR))
def test_what_degrades_is_heard(name: str, alteration: str) -> None:
    pytest.importorskip("av")
    heard = condition(ALTERATIONS[alteration](demo_clip(name)))
    assert heard.degraded == (alteration in DEGRADING)


@pytest.mark.parametrize("name", DEMOS)
def test_noise_is_told_where_it_flickers_at_its_upper_edge(name: str) -> None:
    """As where a codec ends at 20 kHz, and holds the edge for more or for less of the sound."""
    pytest.importorskip("av")
    clip = ALTERATIONS["phone_in_a_room"](demo_clip(name))
    tiles, rate_hz = tiles_of(clip, OVERVIEW)
    tiles[:, -2:, ::2], tiles[:, -2:, 1::2] = 0, 0.5
    assert condition_of(tiles, rate_hz).noisy


def test_gain_changes_nothing() -> None:
    clip = demo_clip("piano")
    quiet = replace(clip, samples=(clip.samples / 50).astype(np.float32))
    assert not condition(quiet).degraded


def test_silence_drones_and_single_samples_have_a_condition() -> None:
    time = np.arange(30 * 44_100) / 44_100
    drone = (0.3 * np.sin(2 * np.pi * 220 * time)).astype(np.float32)
    assert not condition(Clip(drone, 44_100)).degraded
    assert not condition(Clip(np.zeros_like(drone), 44_100)).degraded
    assert not condition(Clip(drone[:1], 44_100)).degraded


def test_noise_is_told_in_both_languages(listener: Listener) -> None:
    pytest.importorskip("av")
    clip = demo_clip("piano")
    assert not listener.listen(clip).notes
    (note,) = listener.listen(ALTERATIONS["phone_in_a_room"](clip)).notes
    assert note.code == "noisy" and "noise" in note_sentence(note)
    assert "잡음" in note_sentence(note, "ko")
