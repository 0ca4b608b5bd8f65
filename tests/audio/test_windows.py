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
from soundmap.audio.samples import Wiring
from soundmap.audio.windows import ALL_OVER, MOST_SECONDS, MOST_WINDOWS, Look, windows_of
from soundmap.bundle.listener import Listener
from soundmap.errors import BadSound
from soundmap.types import Clip
from tests.helpers.bent import RATE_HZ, file_of, id3, overwritten, song, stereo, variable
from tests.helpers.sounds import lag, music, write

LONG_S = 170
NEAR = 2.0
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
    assert not clip.missing_s
    loud = Listener().listen(write(tmp_path / "b.wav", music(140, seed=1), 44_100))
    assert np.linalg.norm(Listener().listen(path).embedding - loud.embedding) < NEAR


@pytest.mark.parametrize("music_s", [30, 60])
def test_nor_does_it_where_nearly_all_is_heard(tmp_path: Path, music_s: int) -> None:
    sound = np.concatenate([np.zeros(44_100 * (90 - music_s), np.float32), music(music_s)])
    clip = decode(write(tmp_path / "a.wav", sound, 44_100), ALL_OVER)
    (window,) = clip.windows
    assert (window.start_s, round(window.seconds, 6)) == (90 - music_s, music_s)
    np.testing.assert_allclose(clip.samples, music(music_s), atol=1e-3)
    assert not clip.missing_s


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


@pytest.mark.parametrize("kind", ["mp3", "flac", "ogg", "aac", "wv"])
def test_a_part_of_a_damaged_file_is_heard_too(tmp_path: Path, kind: str) -> None:
    content = file_of(kind, LONG_S)
    for share in (0.11, 0.3, 0.57, 0.93):  # between the looks at a plain file
        content = overwritten(content, round(len(content) * share), 400)
    clip = heard(tmp_path, content, Look(start_s=100))
    assert (clip.windows[0].start_s, round(clip.seconds)) == (100, 30)
    assert misplaced_s(clip, song(LONG_S)) < 2.1


def test_a_part_of_a_file_in_which_libsndfile_cannot_seek_is_heard_too(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", music(120, 8_000), 8_000, "GSM610")
    clip = decode(path, Look(start_s=60))
    assert (clip.windows[0].start_s, clip.seconds) == (60, 30)
    with pytest.raises(BadSound, match="only 2:00 long"):
        decode(path, Look(start_s=121))


def test_a_part_near_the_end_is_what_is_left(tmp_path: Path) -> None:
    clip = heard(tmp_path, file_of("wav", LONG_S), Look(start_s=LONG_S - 10))
    assert (clip.seconds, clip.missing_s) == (10, 0)


def test_a_part_behind_the_end_is_refused_in_words(tmp_path: Path) -> None:
    for kind in ("wav", "aac"):
        with pytest.raises(BadSound, match="only 2:50 long: there is nothing at 5:00"):
            heard(tmp_path, file_of(kind, LONG_S), Look(start_s=300))


# ------------------------------------------------------------------ what it costs


def openings(path: Path, look: Look = ALL_OVER) -> int:
    """How often a file is opened to hear it: a stream without index is then read from its start."""
    opened: list[bool] = []
    counting = True

    def note(event: str, args: tuple[object, ...]) -> None:
        if counting and event == "open":
            opened.append(args[0] == path.as_posix())

    sys.addaudithook(note)
    decode(path, look)
    counting = False
    return sum(opened)


def test_a_stream_without_index_is_passed_over_once(tmp_path: Path) -> None:
    path = tmp_path / "sound"
    path.write_bytes(file_of("aac", LONG_S))
    assert openings(path, Look(1)) == openings(path) > 0


def by_turns(seconds: float, every_s: float) -> np.ndarray:
    """A song whose channels cancel each other in every second part of it."""
    parts = np.arange(round(seconds * RATE_HZ)) // round(every_s * RATE_HZ)
    signs = np.where(parts % 2, -1, 1).astype(np.float32)
    return np.stack([song(seconds), signs * song(seconds)], 1)


@pytest.mark.parametrize("every_s", [LONG_S, 19, 5])
def test_channels_that_cancel_each_other_cost_no_passage_a_window(
    tmp_path: Path, every_s: float
) -> None:
    tagged, path = id3(200_000), tmp_path / "sound"
    path.write_bytes(tagged + stereo("flac", 1.0, LONG_S))
    usual = openings(path)
    both = by_turns(LONG_S, every_s) if every_s < LONG_S else by_turns(LONG_S, LONG_S) * [1, -1]
    flac = write(tmp_path / "a.flac", both.astype(np.float32), RATE_HZ, "PCM_16").read_bytes()
    path.write_bytes(tagged + flac)
    assert openings(path) <= usual + Wiring.MOST_AGAIN
    clip = decode(path, ALL_OVER)
    assert (len(clip.windows), misplaced_s(clip, song(LONG_S)) < 0.08) == (32, True)
