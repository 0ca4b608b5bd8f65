"""A long sound is heard all over, or from where it is asked, whatever file it lies in."""

from __future__ import annotations

import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from soundmap.audio.decode import decode
from soundmap.audio.windows import ALL_OVER, MOST_SECONDS, MOST_WINDOWS, Look, windows_of
from soundmap.bundle.listener import Listener
from soundmap.errors import BadSound
from soundmap.types import Clip
from tests.helpers.bent import RATE_HZ, file_of, id3, song, variable
from tests.helpers.sounds import lag, music, write

LONG_S = 170
NEAR = 0.6
WAYS = ("mp3", "wav", "flac", "ogg", "opus", "aac", "m4a", "webm", "ts", "wv", "tta")
"""One container for each way to find a window."""


def heard(folder: Path, content: bytes, look: Look = ALL_OVER) -> Clip:
    (folder / "sound").write_bytes(content)
    return decode(folder / "sound", look)


def misplaced_s(clip: Clip, original: np.ndarray, rate_hz: int = RATE_HZ) -> float:
    """How far the worst window lies from where it says it is in the original, in seconds."""
    worst, at = 0, 0
    for window in clip.windows:
        n, start = round(window.seconds * clip.sample_rate_hz), round(window.start_s * rate_hz)
        piece, at = clip.samples[at : at + n], at + n
        middle, width = n // 2, 3 * rate_hz
        if clip.sample_rate_hz != rate_hz:
            return 0.0
        truth = original[start + middle - width // 2 : start + middle + width // 2]
        worst = max(worst, abs(lag(truth, piece[middle - width // 2 : middle + width // 2])))
    return worst / rate_hz


# ------------------------------------------------------------------ which windows


@given(some.floats(0, 90_000, allow_subnormal=False), some.integers(1, MOST_WINDOWS))
def test_windows_lie_apart_and_within_the_sound(duration_s: float, n: int) -> None:
    windows = windows_of(duration_s, Look(n))
    assert 1 <= len(windows) <= n
    assert sum(window.seconds for window in windows) <= MOST_SECONDS + 1e-6
    assert windows[0].start_s >= 0
    for one, after in pairwise(windows):
        assert one.end_s <= after.start_s + 1e-6
    if duration_s >= 30:
        assert windows[-1].end_s <= duration_s + 1e-6


@given(some.floats(33.4, 90_000, allow_subnormal=False))
def test_no_part_of_a_long_sound_is_far_from_a_window(duration_s: float) -> None:
    windows = windows_of(duration_s, ALL_OVER)
    edges = [0.0, *(edge for it in windows for edge in (it.start_s, it.end_s)), duration_s]
    gaps = np.diff(edges)[::2]
    assert gaps.max() <= max(duration_s / 8, 0.1 * duration_s)
    assert len(windows) == 1 or gaps.max() <= duration_s / len(windows) + 1e-6


@pytest.mark.parametrize("seconds", [0.7, 12, 29.9, 30.02, 32, 33])
def test_a_clip_is_heard_as_ever_however_many_windows(seconds: float) -> None:
    assert windows_of(seconds, ALL_OVER) == windows_of(seconds)


# ------------------------------------------------------------------ where they really are


@pytest.mark.parametrize("kind", WAYS)
def test_every_window_is_where_it_says(tmp_path: Path, kind: str) -> None:
    clip = heard(tmp_path, file_of(kind, LONG_S))
    assert abs(clip.duration_s - LONG_S) < 0.2
    assert (len(clip.windows), round(clip.seconds)) == (32, 120)
    assert misplaced_s(clip, song(LONG_S)) < 0.08


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(lambda: variable(LONG_S), id="vbr without Xing"),
        pytest.param(lambda: id3(200_000) + file_of("ogg", LONG_S), id="ogg behind a tag"),
        pytest.param(lambda: file_of("mp3", LONG_S) + bytes(500_000), id="zeros behind it"),
        pytest.param(lambda: b"\xff" * 5000 + file_of("aac", LONG_S), id="a stream rip"),
    ],
)
def test_a_file_that_is_not_plain_is_heard_all_over_too(tmp_path: Path, content: object) -> None:
    assert callable(content)
    clip = heard(tmp_path, content())
    assert len(clip.windows) == 32
    assert misplaced_s(clip, song(LONG_S)) < 0.08


def test_windows_close_to_each_other_make_the_whole(tmp_path: Path) -> None:
    clip = heard(tmp_path, file_of("wav", 128))
    assert len(clip.windows) == 1
    assert clip.seconds == 120
    near = heard(tmp_path, file_of("wav", 140))
    assert (len(near.windows), near.seconds) == (32, 120)
    assert misplaced_s(near, song(140)) == 0


def test_what_is_silent_or_faint_does_not_count(tmp_path: Path) -> None:
    quiet_s = 60
    sound = np.concatenate([0.003 * music(quiet_s), music(140, seed=1), np.zeros(44_100 * 40)])
    path = write(tmp_path / "a.wav", sound.astype(np.float32), 44_100)
    clip = decode(path, ALL_OVER)
    assert clip.windows[0].start_s > quiet_s - 4
    assert clip.windows[-1].end_s < quiet_s + 140 + 4
    assert clip.seconds % 30 == 0
    assert clip.promised_s == pytest.approx(clip.seconds)
    loud = Listener().listen(write(tmp_path / "b.wav", music(140, seed=1), 44_100))
    assert np.linalg.norm(Listener().listen(path).embedding - loud.embedding) < NEAR


def test_all_of_it_silent_is_said(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", np.zeros(44_100 * 200, np.float32), 44_100)
    with pytest.raises(BadSound, match="silence"):
        decode(path, ALL_OVER)


# ------------------------------------------------------------------ a part


@pytest.mark.parametrize("kind", ["mp3", "m4a", "ogg", "aac"])
def test_a_part_is_heard_from_where_it_is_asked(tmp_path: Path, kind: str) -> None:
    clip = heard(tmp_path, file_of(kind, LONG_S), Look(start_s=90.5))
    assert clip.windows[0].start_s == 90.5
    assert clip.seconds == pytest.approx(30, abs=0.01)
    assert misplaced_s(clip, song(LONG_S)) < 0.08


def test_a_part_near_the_end_is_what_is_left(tmp_path: Path) -> None:
    clip = heard(tmp_path, file_of("wav", LONG_S), Look(start_s=LONG_S - 10))
    assert (clip.seconds, clip.promised_s) == (10, 10)


def test_a_part_behind_the_end_is_refused_in_words(tmp_path: Path) -> None:
    for kind in ("wav", "aac"):
        with pytest.raises(BadSound, match="only 2:50 long: there is nothing at 5:00"):
            heard(tmp_path, file_of(kind, LONG_S), Look(start_s=300))


# ------------------------------------------------------------------ what it costs


def test_a_stream_without_index_is_passed_over_once(tmp_path: Path) -> None:
    path, opened = tmp_path / "sound", []
    sys.addaudithook(lambda event, args: opened.append(args) if event == "open" else None)
    path.write_bytes(file_of("aac", LONG_S))
    counts = []
    for look in (Look(1), ALL_OVER):
        opened.clear()
        decode(path, look)
        counts.append(sum(args[0] == path.as_posix() for args in opened))
    assert counts[0] == counts[1] > 0
