"""A quiet piano piece: broken chords, a melody above them, strings that come and go behind."""

from __future__ import annotations

import numpy as np

from soundmap.audio.synth.keys import piano
from soundmap.audio.synth.mixing import Track, mastered
from soundmap.audio.synth.waves import band, hertz, in_room, saw, shaped
from soundmap.types import Floats

BPM, BARS = 66.0, 8
_CHORDS = ((45, 52, 60, 64, 69), (41, 48, 57, 60, 65), (48, 55, 60, 64, 67), (43, 50, 59, 62, 67))
_BROKEN = (0, 1, 2, 3, 1, 2, 3, 2)
_MELODY = (  # (beat, note of the chord), bar by bar
    (),
    (),
    ((0, 4), (1.5, 3), (2, 4)),
    ((0, 3), (2, 2), (3, 4)),
    ((0, 4), (1.5, 2), (3, 3)),
    ((0, 3), (1.5, 4), (2, 3), (3, 2)),
    ((0, 4), (1.5, 3), (2, 2), (3, 4)),
    ((0, 2),),
)


def nocturne(seed: int = 1, bpm: float = BPM) -> Floats:
    """About 32 s, float32 (n, 2)."""
    rng = np.random.default_rng(seed)
    track, keys = Track(bpm, 4 * BARS, 2.5), dict[int, Floats]()
    strings = [_strings(chord[1:4], 4.4 * track.beat_s, rng) for chord in _CHORDS]
    for bar, melody in enumerate(_MELODY):
        chord = _CHORDS[bar % len(_CHORDS)]
        for i, place in enumerate(_BROKEN):
            beat = 4 * bar + i / 2 + rng.normal(0, 0.008)
            _play(track, beat, chord[place], 0.35, 0.15 * (place - 2), keys, rng)
        for beat, place in melody:
            late = 4 * bar + beat + rng.normal(0, 0.01)
            _play(track, late, chord[place] + 12, 0.4, 0.2, keys, rng)
        if bar:
            track.put(4 * bar, strings[bar % len(strings)], 0.05)
    return mastered(track.samples, 0.5)


def _play(
    track: Track,
    beat: float,
    note: int,
    gain: float,
    pan: float,
    keys: dict[int, Floats],
    rng: np.random.Generator,
) -> None:
    """Strikes a key, louder or softer, which rings in the room."""
    if note not in keys:
        keys[note] = in_room(piano(note, 3.0, rng), 0.4, rng)
    track.put(beat, keys[note], gain * rng.uniform(0.6, 1.0), pan)


def _strings(notes: tuple[int, ...], seconds: float, rng: np.random.Generator) -> Floats:
    sides = [(note, detuned) for note in notes for detuned in (1.0, 1.004)]
    waves = [saw(hertz(note) * detuned, seconds, rng.random()) for note, detuned in sides]
    return shaped(band(np.sum(waves, axis=0), 80, 900, order=1), 1.2, 99.0, 1.0, 1.2)
