"""Degraded recordings are told from clean ones by their tiles alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from soundmap.audio.demo import DEMOS, demo_clip
from soundmap.features.condition import CLEAN, Condition, condition_of
from soundmap.features.tiles import OVERVIEW, tiles_of
from soundmap.lab.evaluation.alterations import ALTERATIONS, first
from soundmap.types import Clip

DEGRADING = {"first_5s", "rate_8khz", "telephone", "phone_in_a_room"}
FAIR = {"aac_64", "opus_128", "voice_message", "louder_6db", "quieter_6db"}


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


def test_gain_changes_nothing() -> None:
    clip = demo_clip("piano")
    quiet = replace(clip, samples=(clip.samples / 50).astype(np.float32))
    assert not condition(quiet).degraded


def test_silence_drones_and_single_samples_have_a_condition() -> None:
    time = np.arange(30 * 44_100) / 44_100
    drone = (0.3 * np.sin(2 * np.pi * 220 * time)).astype(np.float32)
    assert not condition(Clip(drone, 44_100)).degraded
    assert not condition(Clip(np.zeros_like(drone), 44_100)).degraded
    assert condition(Clip(drone[:1], 44_100)).degraded


def test_half_a_tile_is_enough() -> None:
    clip = demo_clip("house")
    assert not condition(first(16)(clip)).degraded and condition(first(14)(clip)).degraded
