"""A file of which only the windows are there is heard as the whole file is."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from pathlib import Path

import av
import numpy as np
import pytest

from soundmap.audio.decode import decode
from soundmap.audio.excerpt import most_bytes, ranges_of, write_excerpt
from soundmap.audio.frames import chain_at, find_chain, frame_at
from soundmap.audio.mp3_map import Mp3Map, map_of
from soundmap.audio.tags import end_of_sound
from soundmap.audio.windows import MIDDLE, Look
from soundmap.audio.xing import first_frame, silent_frame, xing_of
from soundmap.bundle.listener import Listener
from soundmap.types import Clip, Floats
from tests.helpers.bent import id3, without_xing
from tests.helpers.sounds import lag, music

SECONDS = 330
LOOKS = {"all over": Look(), "middle": MIDDLE, "from 90 s": Look(start_s=90)}
KINDS = {  # rate in Hz, channels, joint stereo, bit rate or None where it varies
    "mono": (44_100, 1, False, 128_000),
    "stereo": (48_000, 2, False, 192_000),
    "joint stereo": (44_100, 2, True, 128_000),
    "stereo, MPEG-2": (22_050, 2, True, 64_000),
    "mono, MPEG-2.5": (8_000, 1, False, 16_000),
    "varying joint stereo": (44_100, 2, True, None),
    "varying mono, MPEG-2": (22_050, 1, False, None),
}


def changing(rate_hz: int, channels: int) -> Floats:
    """Music that gets higher, with a second channel of its own, float32 (channels, n)."""
    t = np.arange(SECONDS * rate_hz) / rate_hz
    high = rate_hz / 8 / SECONDS
    rising = 0.2 * np.sin(2 * np.pi * (100 * t + high * t * t)).astype(np.float32)
    left = 0.5 * music(SECONDS, rate_hz) * (1 + np.sin(t / 20)) ** 2 / 4 + rising
    right = 0.5 * left + 0.1 * music(SECONDS, rate_hz, seed=1)
    return np.stack([left, right][:channels]).astype(np.float32)


@cache
def mp3(kind: str) -> bytes:
    rate_hz, channels, joint, bit_rate = KINDS[kind]
    layout, file = "stereo" if channels == 2 else "mono", BytesIO()
    with av.open(file, "w", format="mp3") as output:
        options = {"joint_stereo": str(int(joint))}
        stream = output.add_stream("libmp3lame", rate_hz, options)
        context = stream.codec_context
        context.layout = av.AudioLayout(layout)
        if bit_rate:
            context.bit_rate = bit_rate
        else:
            context.qscale, context.global_quality = True, 4 * 118  # FF_QP2LAMBDA
        resampler = av.AudioResampler("fltp", layout, rate_hz, stream.frame_size or None)
        frame = av.AudioFrame.from_ndarray(changing(rate_hz, channels), "fltp", layout)
        frame.sample_rate = rate_hz
        for part in [*resampler.resample(frame), *resampler.resample(None)]:
            output.mux(stream.encode(part))
        output.mux(stream.encode(None))
    return file.getvalue()


def mapped(data: bytes) -> Mp3Map:
    start = find_chain(data) or 0
    made = map_of(data[start : start + 30_000], start, end_of_sound(BytesIO(data), len(data)))
    assert made
    return made


def heard(data: bytes, look: Look, folder: Path) -> tuple[Clip, Clip]:
    """The whole file, and the one of which only the windows are there."""
    song, part, whole = mapped(data), folder / "part.mp3", folder / "whole.mp3"
    assert song.sure
    wanted = ranges_of(song, look)
    assert sum(map(len, wanted)) < 0.7 * len(data)
    assert write_excerpt(part, song, [(it.start, data[it.start : it.stop]) for it in wanted])
    assert part.stat().st_size <= most_bytes(song, wanted)
    whole.write_bytes(data)
    return decode(whole, look), decode(part, look)


def lags_s(one: Clip, other: Clip) -> list[float]:
    """How much later each window's sound comes in the other, in seconds of the song."""
    found, at = [], 0
    for window, same in zip(one.windows, other.windows, strict=True):
        n = round(window.seconds * one.sample_rate_hz)
        late = lag(one.samples[at : at + n], other.samples[at : at + n]) / one.sample_rate_hz
        found.append(late + same.start_s - window.start_s)
        at += n
    return found


@pytest.mark.parametrize("how", LOOKS)
@pytest.mark.parametrize("kind", KINDS)
def test_windows_lie_where_they_lie_in_the_whole(
    kind: str, how: str, listener: Listener, tmp_path: Path
) -> None:
    whole, part = heard(id3(1_500_000) + mp3(kind), LOOKS[how], tmp_path)
    assert part.duration_s == pytest.approx(whole.duration_s, abs=0.06)
    assert part.seconds == pytest.approx(whole.seconds, abs=0.01)
    most_s = 0.05 if KINDS[kind][3] else 1.5 / 256 * SECONDS
    assert max(map(abs, lags_s(whole, part))) < most_s
    apart = listener.listen(whole).embedding - listener.listen(part).embedding
    assert np.linalg.norm(apart) < 2.0


@pytest.mark.parametrize("how", LOOKS)
@pytest.mark.parametrize("kind", ["mono", "stereo, MPEG-2"])
def test_a_constant_bit_rate_tells_the_length_before_tags(
    kind: str, how: str, tmp_path: Path
) -> None:
    data = mp3(kind)
    cover = b"APETAGEX" + bytes(500_000)
    footer = b"APETAGEX\xd0\x07\0\0" + len(cover).to_bytes(4, "little") + bytes(16)
    data = without_xing(data[find_chain(data) :]) + cover[:-32] + footer + b"TAG" + bytes(125)
    whole, part = heard(data, LOOKS[how], tmp_path)
    assert part.duration_s == pytest.approx(whole.duration_s, abs=0.06)
    assert max(map(abs, lags_s(whole, part))) < 0.05


@pytest.mark.parametrize("kind", KINDS)
def test_silence_is_of_the_same_stream_and_short(kind: str) -> None:
    data = mp3(kind)
    start = find_chain(data) or 0
    first, header = frame_at(data, start), data[start : start + 4]
    silence = silent_frame(header)
    assert first and chain_at(silence * 3, 0) == [frame_at(silence)] * 3
    assert first.like(frame_at(silence)) and len(silence) <= 144
    made = first_frame(header)
    assert first.like(frame_at(made)) and xing_of(made) == (0, 0, b"", True)


@pytest.mark.parametrize("cut", ["zeros", "other rate", "other channels", "nothing", "noise"])
def test_what_is_not_of_the_song_is_not_written(cut: str, tmp_path: Path) -> None:
    data = mp3("mono")
    song, other = mapped(data), {"other rate": "stereo, MPEG-2", "other channels": "joint stereo"}
    wanted = ranges_of(song, MIDDLE)[0]
    instead = {
        "zeros": bytes(len(wanted)),
        "nothing": b"",
        "noise": np.random.default_rng(1).bytes(len(wanted)),
    }.get(cut) or mp3(other.get(cut, "mono"))[len(wanted) :][: len(wanted) * (cut != "nothing")]
    assert not write_excerpt(tmp_path / "a.mp3", song, [(wanted.start, instead)])
    assert not (tmp_path / "a.mp3").exists()
