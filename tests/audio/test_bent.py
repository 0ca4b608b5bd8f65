"""What a careful player would play is heard: whatever stands before the sound, however its header
lies, wherever it changes or is damaged.  Every file is made here, and its window is compared with
the song it was made of.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path
from typing import cast

import av
import numpy as np
import pytest

from soundmap.audio.decode import decode
from soundmap.bundle.listener import Listener
from soundmap.errors import BadSound
from tests.helpers.bent import (
    CLOSE_S,
    KINDS,
    RATE_HZ,
    SECONDS,
    START_S,
    file_of,
    heard,
    id3,
    is_middle,
    misplaced_s,
    overwritten,
    song,
    stereo,
    variable,
    without_xing,
)
from tests.helpers.sounds import write

NEAR = 1.2
APE = b"APETAGEX" + struct.pack("<IIII", 2000, 132, 1, 0xA0000000) + bytes(8 + 100)
APE += b"APETAGEX" + struct.pack("<IIII", 2000, 132, 1, 0x80000000) + bytes(8)
HTTP = b"HTTP/1.1 200 OK\r\nContent-Type: audio/mpeg\r\n\r\n"
BEFORE = {
    "zeros": bytes(70_000),
    "ones": b"\xff" * 5000,
    "spaces": b" \r\n" * 500,
    "mark": b"\xef\xbb\xbf",
    "http": HTTP,
    "icy": b"ICY 200 OK\r\nicy-name: x\r\n\r\n",
    "http-and-tag": HTTP + id3(800),
    "ape": APE,
    "footer": id3(3000, footer=True),
    "not-synchsafe": id3(200_000, plain=True),
    "not-synchsafe-small": id3(0x1230, plain=True),
    "200 kB": id3(200_000),
    "two-tags": id3(304) + id3(70_000),
    "junk": np.random.default_rng(1).bytes(30_000),
}


# ------------------------------------------------------------------ what it is


@pytest.mark.parametrize("kind", KINDS)
def test_every_container_is_heard_in_its_middle(tmp_path: Path, kind: str) -> None:
    assert is_middle(heard(tmp_path, file_of(kind)))


@pytest.mark.parametrize("before", BEFORE)
@pytest.mark.parametrize("kind", ["mp3", "aac", "flac", "ogg", "webm", "m4a", "wav"])
def test_what_a_player_skips_is_skipped(tmp_path: Path, kind: str, before: str) -> None:
    assert is_middle(heard(tmp_path, BEFORE[before] + file_of(kind)))


@pytest.mark.parametrize("kind", ["mp3", "aac", "ts"])
def test_a_stream_rip_begins_in_the_middle_of_a_frame(tmp_path: Path, kind: str) -> None:
    content = file_of(kind)
    at = len(content) // 10 + 51
    clip = heard(tmp_path, content[at:])
    assert clip.start_s == 16
    assert abs(misplaced_s(clip, song(), late_s=-7)) < 0.5


@pytest.mark.parametrize("kind", [b"wide", b"free", b"skip"])
def test_quicktime_of_old_has_no_type(tmp_path: Path, kind: bytes) -> None:
    assert is_middle(heard(tmp_path, file_of("mov").replace(b"ftyp", kind, 1)))


def test_broadcast_wave_of_64_bits(tmp_path: Path) -> None:
    content = file_of("wav")
    sizes = struct.pack("<QQQI", len(content) + 28, len(content) - 44, 0, 0)
    large = b"BW64\xff\xff\xff\xffWAVEds64" + struct.pack("<I", len(sizes)) + sizes
    chunks = content[12:36] + b"data\xff\xff\xff\xff" + content[content.index(b"data") + 8 :]
    assert is_middle(heard(tmp_path, large + chunks))


@pytest.mark.parametrize("before", [b"", b"\xef\xbb\xbf", id3(80), HTTP, bytes(5000), b"  \n"])
def test_a_playlist_is_one_behind_whatever_stands_before(tmp_path: Path, before: bytes) -> None:
    with pytest.raises(BadSound) as caught:
        heard(tmp_path, before + b"#EXTM3U\n#EXTINF:9,\nfile:///etc/passwd\n")
    assert caught.value.code == "playlist"


# ------------------------------------------------------------------ how long it is


def with_cover(mp3: bytes) -> bytes:
    return id3(2_000_000) + without_xing(mp3)


def with_xing_of(mp3: bytes, n_frames: int) -> bytes:
    at = mp3.index(b"Info") + 8
    return mp3[:at] + struct.pack(">I", n_frames) + mp3[at + 4 :]


def with_wav_size(wav: bytes, size: int) -> bytes:
    at = wav.index(b"data") + 4
    riff = min(size + 36, 0xFFFFFFFF)
    return wav[:4] + struct.pack("<I", riff) + wav[8:at] + struct.pack("<I", size) + wav[at + 4 :]


def with_w64_size(w64: bytes, size: int) -> bytes:
    at = w64.index(b"data", 40) + 16
    sizes = struct.pack("<Q", size)
    return w64[:16] + b"\xff" * 8 + w64[24:at] + sizes + w64[at + 8 :]


def with_flac_total(flac: bytes, total: int) -> bytes:
    return flac[:21] + bytes([flac[21] & 0xF0 | total >> 32]) + struct.pack(
        ">I", total & 0xFFFFFFFF
    ) + flac[26:]  # fmt: skip


def of_unknown_length(matroska: bytes) -> bytes:
    """As it is written to a pipe: a segment of unknown size, without a duration."""
    at = matroska.index(b"\x18\x53\x80\x67") + 4
    return (matroska[:at] + b"\x01" + b"\xff" * 7 + matroska[at + 8 :]).replace(
        b"\x44\x89\x88", b"\xec\x80\x88", 1
    )


LENGTHS = {
    "cover": lambda: with_cover(file_of("mp3")),
    "xing-0": lambda: with_xing_of(file_of("mp3"), 0),
    "xing-10": lambda: with_xing_of(file_of("mp3"), 99_999),
    "xing-of-a-part": lambda: with_xing_of(file_of("mp3"), 1000),
    "no-xing": lambda: without_xing(file_of("mp3")),
    "variable": lambda: variable(SECONDS),
    "wav-0": lambda: with_wav_size(file_of("wav"), 0),
    "wav-pipe": lambda: with_wav_size(file_of("wav"), 0xFFFFFFFF),
    "wav-2-gib": lambda: with_wav_size(file_of("wav"), 0x7FFFFFFF),
    "wav-of-a-part": lambda: with_wav_size(file_of("wav"), 400_000),
    "w64-2^63": lambda: with_w64_size(file_of("w64"), (1 << 63) - 1),
    "w64-0": lambda: with_w64_size(file_of("w64"), 0),
    "au-unknown": lambda: file_of("au")[:8] + b"\xff" * 4 + file_of("au")[12:],
    "flac-0": lambda: with_flac_total(file_of("flac"), 0),
    "flac-2^36": lambda: with_flac_total(file_of("flac"), (1 << 36) - 1),
    "flac-of-a-part": lambda: with_flac_total(file_of("flac"), 480_000),
    "webm-pipe": lambda: of_unknown_length(file_of("webm")),
    "mka-pipe": lambda: of_unknown_length(file_of("mka")),
}


@pytest.mark.parametrize("name", LENGTHS)
def test_where_header_and_stream_disagree_the_stream_is_right(tmp_path: Path, name: str) -> None:
    assert is_middle(heard(tmp_path, LENGTHS[name]()))


@pytest.mark.parametrize("kind", ["mp3", "aac", "flac", "wav", "webm", "mka", "ts", "w64", "aif"])
def test_of_a_truncated_file_the_middle_of_what_is_there_is_heard(
    tmp_path: Path, kind: str
) -> None:
    content = file_of(kind)
    clip = heard(tmp_path, content[: len(content) * 6 // 7])
    assert clip.start_s in (14, 15)  # of some 60 s
    assert kind != "flac" or clip.promised_s == SECONDS
    assert is_middle(clip, clip.start_s)


def shifted(path: Path, kind: str, codec: str) -> Path:
    """A song of one minute whose time stamps begin an hour late, beside a longer picture."""
    with av.open(path, "w", format=kind, options={"output_ts_offset": "3600"}) as output:
        sound = cast(av.AudioStream, output.add_stream(codec, rate=RATE_HZ))
        sound.codec_context.layout = av.AudioLayout("mono")
        picture = output.add_stream("mpeg4", rate=1)
        picture.width, picture.height, picture.pix_fmt = 64, 64, "yuv420p"
        frame = av.AudioFrame.from_ndarray(song()[None], format="fltp", layout="mono")
        frame.sample_rate = RATE_HZ
        sizes = sound.frame_size or 1024
        resampler = av.AudioResampler(sound.codec_context.format, "mono", RATE_HZ, sizes)
        parts = [*resampler.resample(frame), *resampler.resample(None)]
        packets = [it for part in [*parts, None] for it in sound.encode(part)]
        for number in range(100):
            shade = np.full((64, 64, 3), number, np.uint8)
            still = av.VideoFrame.from_ndarray(shade, format="rgb24")
            still.pts = number
            packets += picture.encode(still)
        packets += picture.encode(None)
        for packet in sorted(packets, key=lambda it: float((it.dts or 0) * it.time_base)):
            output.mux(packet)
    return path


@pytest.mark.parametrize(
    ("kind", "codec"), [("mp4", "aac"), ("matroska", "libopus"), ("mpegts", "aac")]
)
def test_a_stream_may_begin_late_and_a_picture_end_later(
    tmp_path: Path, kind: str, codec: str
) -> None:
    clip = decode(shifted(tmp_path / "video", kind, codec))
    assert is_middle(clip)
    assert clip.promised_s < clip.duration_s + 0.1


# ------------------------------------------------------------------ where it changes

JINGLE_S = 2


@pytest.mark.parametrize("kind", ["mp3", "aac", "ogg", "opus", "flac", "ts"])
@pytest.mark.parametrize("rate_hz", [RATE_HZ, 24_000])
def test_a_jingle_and_a_song_are_one_sound(tmp_path: Path, kind: str, rate_hz: int) -> None:
    jingle = file_of(kind, JINGLE_S, rate_hz, seed=3)
    clip = heard(tmp_path, jingle + file_of(kind))
    assert clip.start_s == START_S + JINGLE_S // 2
    assert clip.sample_rate_hz == (44_100 if kind == "opus" else RATE_HZ)
    assert abs(misplaced_s(clip, song(), late_s=JINGLE_S)) < 0.3


@pytest.mark.parametrize("kind", ["flac", "mp3", "ogg", "opus"])
def test_channels_may_change(tmp_path: Path, kind: str) -> None:
    clip = heard(tmp_path, stereo(kind, 1.0) + file_of(kind))
    assert clip.start_s == 21
    assert abs(misplaced_s(clip, song(), late_s=3)) < 0.3


def test_a_change_within_the_window_is_resampled(tmp_path: Path) -> None:
    sound = song(20)
    content = file_of("ogg", 8, 24_000) + file_of("ogg", 20)
    clip = heard(tmp_path, content)
    assert clip.sample_rate_hz == RATE_HZ
    assert clip.seconds == pytest.approx(28, abs=0.1)
    part = clip.samples[10 * RATE_HZ : 12 * RATE_HZ]
    assert np.corrcoef(part, sound[2 * RATE_HZ :][: len(part)])[0, 1] > 0.9


def test_a_chain_may_change_its_codec(tmp_path: Path) -> None:
    clip = heard(tmp_path, file_of("ogg", JINGLE_S, seed=3) + file_of("opus"))
    assert abs(misplaced_s(clip, song(), late_s=JINGLE_S)) < 0.1
    assert clip.start_s == 21


def test_segments_each_with_its_own_xing(tmp_path: Path) -> None:
    content = file_of("mp3", 5, seed=3) + file_of("mp3") + file_of("mp3", 5, seed=4)
    clip = heard(tmp_path, content)
    assert clip.start_s == 25
    assert abs(misplaced_s(clip, song(), late_s=5)) < 0.2


# ------------------------------------------------------------------ where it is damaged


@pytest.mark.parametrize("second", [0, 5, 35])
@pytest.mark.parametrize(
    "kind", ["m4a", "aac", "flac", "mp3", "opus", "ogg", "webm", "ts", "mka", "tta"]
)
def test_one_bad_packet_costs_that_packet(tmp_path: Path, kind: str, second: int) -> None:
    content = file_of(kind)
    begin = 9_000 if kind in ("ogg", "m4a", "mka", "tta") else 2_000
    clip = heard(tmp_path, overwritten(content, max(begin, len(content) * second // SECONDS)))
    assert clip.start_s in (18, 19, START_S)  # a page of Ogg may hold more than a second
    assert clip.seconds == pytest.approx(30, abs=0.01)
    assert abs(misplaced_s(clip, song())) < 2.1


@pytest.mark.parametrize("instead", [b"", bytes(5000), b"wvpk" * 700])
@pytest.mark.parametrize("kind", ["aac", "flac", "mp3", "ogg", "ts", "wv"])
def test_bytes_that_are_missing_or_too_many_cost_what_they_were_part_of(
    tmp_path: Path, kind: str, instead: bytes
) -> None:
    content = file_of(kind)
    at = len(content) // 5
    clip = heard(tmp_path, content[:at] + instead + content[at + 333 :])
    assert START_S - 2 <= clip.start_s <= START_S
    assert clip.seconds == pytest.approx(30, abs=0.01)
    assert abs(misplaced_s(clip, song())) < 2.1


@pytest.mark.parametrize("after", [b"TAG" + bytes(125), bytes(5000), b"junk" * 100])
def test_an_intact_flac_with_something_behind_it_loses_nothing(
    tmp_path: Path, after: bytes
) -> None:
    content = file_of("flac", 12)
    clip = heard(tmp_path, content + after)
    assert len(clip.samples) == 12 * RATE_HZ
    np.testing.assert_allclose(clip.samples, song(12), atol=1e-4)


def test_a_flac_whose_last_frame_is_incomplete_keeps_the_whole_ones(tmp_path: Path) -> None:
    clip = heard(tmp_path, file_of("flac", 12)[:-100])
    assert 12 - 4096 / RATE_HZ <= clip.seconds < 12
    np.testing.assert_allclose(clip.samples, song(12)[: len(clip.samples)], atol=1e-4)


def test_where_the_second_half_cannot_be_decoded_the_first_is_heard(tmp_path: Path) -> None:
    content = file_of("m4a")
    start, end = content.index(b"mdat") + 4, content.index(b"moov")
    half = (start + end) // 2
    clip = heard(tmp_path, content[:half] + bytes(end - half) + content[end:])
    assert 1 <= clip.start_s <= 4
    assert clip.seconds == pytest.approx(30, abs=0.1)


# ------------------------------------------------------------------ time


@pytest.mark.parametrize(
    "after",
    [bytes(25 << 20), b"All work and no play. " * 300_000, b"\xff" * (8 << 20)],
    ids=["zeros", "text", "ones"],
)
@pytest.mark.parametrize("kind", ["mp3", "aac", "ogg", "wav", "flac"])
@pytest.mark.timeout(20)
def test_what_stands_behind_takes_no_time(tmp_path: Path, kind: str, after: bytes) -> None:
    assert is_middle(heard(tmp_path, file_of(kind) + after))


@pytest.mark.parametrize("before", [bytes(25 << 20), b"All work and no play. " * 300_000])
@pytest.mark.timeout(20)
def test_nor_does_what_stands_before(tmp_path: Path, before: bytes) -> None:
    assert is_middle(heard(tmp_path, before + file_of("mp3")))


# ------------------------------------------------------------------ what to hear


@pytest.mark.parametrize("kind", ["wav", "flac", "mp3", "ogg"])
def test_channels_out_of_phase_are_no_silence(tmp_path: Path, kind: str) -> None:
    clip = heard(tmp_path, stereo(kind, -1.0))
    n = min(len(clip.samples), 2 * RATE_HZ)
    assert abs(np.corrcoef(clip.samples[RATE_HZ:n], song(3)[RATE_HZ:n])[0, 1]) > 0.9


def test_of_channels_that_cancel_the_louder_is_taken(tmp_path: Path) -> None:
    sound = song(3)
    both = np.stack([-0.9 * sound, sound], 1).astype(np.float32)
    clip = decode(write(tmp_path / "a.wav", both, RATE_HZ, "FLOAT"))
    np.testing.assert_array_equal(clip.samples, sound)


def test_ordinary_stereo_is_the_plain_mean(tmp_path: Path) -> None:
    left, right = song(3), song(3, seed=1)
    both = np.stack([left, right], 1)
    clip = decode(write(tmp_path / "a.wav", both, RATE_HZ, "FLOAT"))
    np.testing.assert_array_equal(clip.samples, (left + right) / 2)


@pytest.mark.parametrize("kind", ["matroska", "mp4"])
def test_the_default_stream_is_heard_rather_than_the_first(tmp_path: Path, kind: str) -> None:
    with av.open(tmp_path / "a", "w", format=kind) as output:
        sounds = (song(5, seed=1), song(5))
        streams = [output.add_stream("aac", rate=RATE_HZ) for _ in sounds]
        streams[0].disposition = av.stream.Disposition(0)
        streams[1].disposition = av.stream.Disposition.default
        for stream in streams:
            stream.codec_context.layout = av.AudioLayout("mono")
        for stream, sound in zip(streams, sounds, strict=True):
            frame = av.AudioFrame.from_ndarray(sound[None], format="fltp", layout="mono")
            frame.sample_rate = RATE_HZ
            resampler = av.AudioResampler("fltp", "mono", RATE_HZ, stream.frame_size or 1024)
            for part in [*resampler.resample(frame), *resampler.resample(None), None]:
                output.mux(stream.encode(part))
    clip = decode(tmp_path / "a")
    assert abs(misplaced_s(clip, song(5))) < CLOSE_S


# ------------------------------------------------------------------ and what is heard in it


def between(song: bytes, jingle: bytes) -> bytes:
    return jingle + song + jingle


@pytest.mark.parametrize(
    ("content", "plain"),
    [
        pytest.param(lambda: id3(200_000) + file_of("au"), "wav", id="tag"),
        pytest.param(lambda: with_w64_size(file_of("w64"), (1 << 63) - 1), "wav", id="pipe"),
        pytest.param(lambda: overwritten(file_of("flac"), 2_000_000, 900), "wav", id="damage"),
        pytest.param(lambda: between(file_of("flac"), stereo("flac", 1.0, 2)), "wav", id="change"),
        pytest.param(lambda: with_cover(file_of("mp3")), "mp3", id="cover"),
        pytest.param(lambda: file_of("ogg", 2, 24_000) + file_of("opus"), "opus", id="chain"),
    ],
)
def test_it_sounds_like_the_plain_file(
    tmp_path: Path, listener: Listener, content: Callable[[], bytes], plain: str
) -> None:
    found = listener.listen(heard(tmp_path, content())).embedding
    expected = listener.listen(heard(tmp_path, file_of(plain))).embedding
    assert float(np.linalg.norm(found - expected)) < NEAR
