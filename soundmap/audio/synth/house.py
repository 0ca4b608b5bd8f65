"""A house track: sixteen bars of kick, hats, claps, bass, pads, stabs and a lead."""

from __future__ import annotations

import numpy as np

from soundmap.audio.synth.drums import clap, hat, kick
from soundmap.audio.synth.mixing import Track, ducking, mastered
from soundmap.audio.synth.waves import band, hertz, in_room, noise, quick, saw, shaped, times
from soundmap.types import Floats

BPM, BARS = 124.0, 16
_Notes = tuple[int, ...]
_CHORDS: tuple[_Notes, ...] = (
    (57, 60, 64, 67),
    (53, 57, 60, 64),
    (50, 53, 57, 60),
    (52, 55, 59, 62),
)
_BREAK = 12  # the bar without a kick
_CLAPS, _STABS, _LEAD = 2, 4, 8  # the bars in which they come in
_STAB_BEATS = (0.5, 1.5, 2.5, 3.5)
_LEAD_BEATS = ((0, 2), (1, 3), (1.5, 1), (2, 3), (3, 2), (3.5, 0))


def house(seed: int = 1, bpm: float = BPM) -> Floats:
    """About 32 s, float32 (n, 2)."""
    rng = np.random.default_rng(seed)
    drums, music = Track(bpm, 4 * BARS, 0.8), Track(bpm, 4 * BARS, 0.8)
    kicks = [beat for beat in range(4 * BARS) if beat // 4 != _BREAK]
    _drums(drums, kicks, rng)
    _bass(music)
    _pads(music, rng)
    _stabs(music, rng)
    _lead(music, rng)
    return mastered(drums.samples + music.samples * ducking(music, kicks), 1.6)


def _drums(track: Track, kicks: list[int], rng: np.random.Generator) -> None:
    low, hands = kick(), in_room(clap(rng), 0.3, rng)
    open_hat, closed_hat = hat(rng, 0.09, 6_500), hat(rng, 0.02, 8_000)
    for beat in kicks:
        track.put(beat, low, 1.0)
    for beat in range(4 * BARS):
        track.put(beat + 0.5, open_hat, 0.3, 0.1)
        for late in (0, 0.25, 0.75):
            track.put(beat + late, closed_hat, 0.12 * rng.uniform(0.6, 1.1), -0.2)
        if beat % 2 and beat >= 4 * _CLAPS:
            track.put(beat, hands, 0.45)
    rising = times(4 * track.beat_s) / (4 * track.beat_s)
    sweep = band(noise(rng, 4 * track.beat_s), 1_500, 9_000) * rising**2
    for bar in (3, 7, _BREAK):
        track.put(4 * bar, sweep, 0.12, 0.3)


def _bass(track: Track) -> None:
    low = {
        notes: shaped(band(saw(hertz(notes[0] - 24), 0.2), high_hz=500), 0.003, 0.15, 0.3)
        for notes in _CHORDS
    }
    for beat in range(4 * _CLAPS, 4 * BARS):
        for late in (0.5, 0.75) if beat % 2 else (0.5,):
            track.put(beat + late, low[_chord(beat // 4)], 0.9)


def _pads(track: Track, rng: np.random.Generator) -> None:
    """Long chords that open: brighter every other bar."""
    seconds = quick(4 * track.beat_s)
    for bar in range(BARS):
        notes = _chord(bar)
        for side, detuned in ((-0.7, 1.0), (0.7, 1.006)):
            waves = [saw(hertz(note) * detuned, seconds, rng.random()) for note in notes]
            wave = band(np.sum(waves, axis=0), 200, 1_200 + 150 * bar)
            track.put(4 * bar, shaped(wave, 0.4, 9.0, 1.0, 0.3), 0.09, side)


def _stabs(track: Track, rng: np.random.Generator) -> None:
    for bar in range(_STABS, BARS):
        waves = [saw(hertz(note), 0.35, rng.random()) for note in _chord(bar)]
        wave = band(np.sum(waves, axis=0), 150, 5_000 * (0.4 + 0.6 * bar / BARS))
        stab = in_room(shaped(wave, 0.003, 0.14), 0.3, rng)
        for beat in _STAB_BEATS:
            track.put(4 * bar + beat, stab, 0.16, rng.choice((-0.3, 0.3)))


def _lead(track: Track, rng: np.random.Generator) -> None:
    tones: dict[int, Floats] = {}
    for bar in range(_LEAD, BARS):
        for beat, i in _LEAD_BEATS:
            note = _chord(bar)[i] + 12
            if note not in tones:
                wave = saw(hertz(note), 0.25) - 0.6 * saw(hertz(note), 0.25, 0.5)
                tones[note] = in_room(shaped(band(wave, 300, 4_000), 0.003, 0.1), 0.3, rng)
            track.put(4 * bar + beat, tones[note], 0.14, 0.4 * (-1) ** i)


def _chord(bar: int) -> _Notes:
    return _CHORDS[bar // 2 % len(_CHORDS)]
