"""What stations, recorders, taggers and studios really write is heard as a player plays it."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from soundmap.audio.decode import decode
from soundmap.audio.flac_frames import MOST_HEADER_BYTES, flac_frame
from soundmap.audio.frames import frame_at
from soundmap.audio.timeline import Timeline
from soundmap.audio.windows import ALL_OVER
from soundmap.bundle.listener import Listener
from soundmap.errors import BadSound
from tests.fuzz.mutants import with_page_sums
from tests.helpers.bent import (
    RATE_HZ,
    SECONDS,
    file_of,
    heard,
    id3,
    is_middle,
    made,
    misplaced_s,
    song,
    variable,
    without_xing,
)
from tests.helpers.sounds import dsf, write

TAG = b"TAG" + b"a" * 125
LYRICS = b"LYRICSBEGINLYR00100" + b"x" * 100
LYRICS += b"%06d" % len(LYRICS) + b"LYRICS200"
FRAGMENTS = {"movflags": "frag_keyframe+empty_moov+default_base_moof", "frag_duration": "2000000"}


def frames_of(mp3: bytes) -> list[bytes]:
    frames, at = [], 0
    while (frame := frame_at(mp3, at)) and frame.n_bytes:
        frames.append(mp3[at : at + frame.n_bytes])
        at += frame.n_bytes
    return frames


def tagged_within(mp3: bytes, every: int, n_bytes: int) -> bytes:
    tag = id3(n_bytes)
    frames = frames_of(mp3)
    parts = (frames[at : at + every] for at in range(0, len(frames), every))
    return tag.join(b"".join(part) for part in parts)


def vbri(mp3: bytes, n_frames: int) -> bytes:
    """As the encoder of Fraunhofer begins: its header is in the first frame, behind 32 bytes."""
    frames = frames_of(without_xing(mp3))
    about = struct.pack(">4sHHHIIHHHH", b"VBRI", 1, 0, 75, len(mp3), n_frames, 10, 1, 2, 100)
    return frames[0][:36] + about + bytes(len(frames[0]) - 36 - len(about)) + b"".join(frames)


def cover_with_frames(mp3: bytes) -> bytes:
    """A tag whose picture looks like frames."""
    frames = b"".join(frames_of(mp3)[:40])
    size = bytes(len(frames) >> shift & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\x04\0\0" + size + frames + mp3


def headless(flac: bytes) -> bytes:
    return flac[flac_start(flac) :]


def flac_start(flac: bytes, at: int = 4) -> int:
    """Where the first frame begins behind an offset of a FLAC."""
    while not (at := flac.index(b"\xff\xf8", at)) or not flac_frame(
        flac[at : at + MOST_HEADER_BYTES]
    ):
        at += 1
    return at


def with_blocks(flac: bytes, least: int, most: int) -> bytes:
    return flac[:8] + struct.pack(">HH", least, most) + flac[12:]


def with_picture(flac: bytes) -> bytes:
    """A picture that holds what looks like the beginning of frames."""
    picture = flac[flac_start(flac) :][:16] * 5000
    block = b"\x06" + len(picture).to_bytes(3, "big") + picture
    return flac[:4] + b"\0" + flac[5:42] + block + flac[42:]


def with_noise(flac: bytes) -> bytes:
    at = flac_start(flac, len(flac) // 9)
    return flac[:at] + np.random.default_rng(0).bytes(5000) + flac[at:]


def pages_of(ogg: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(ogg):
        n = ogg[at + 26]
        end = at + 27 + n + sum(ogg[at + 27 : at + 27 + n])
        yield ogg[at:end]
        at = end


def with_granules(ogg: bytes, change: Callable[[int, int], int]) -> bytes:
    pages = enumerate(pages_of(ogg))
    changed = (
        page[:6] + struct.pack("<q", change(number, struct.unpack("<q", page[6:14])[0])) + page[14:]
        for number, page in pages
    )
    return with_page_sums(b"".join(changed))


def an_hour_late(_: int, granule: int) -> int:
    return granule + 3600 * 48_000 if granule > 0 else granule


def jumps(number: int, granule: int) -> int:
    return an_hour_late(number, granule) if number > 9 else granule


def never(_number: int, _granule: int) -> int:
    return 0


def chunk(name: bytes, content: bytes) -> bytes:
    return name + struct.pack("<I", len(content)) + content + bytes(len(content) % 2)


def riff(*chunks: bytes) -> bytes:
    body = b"WAVE" + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def data_of(wav: bytes) -> bytes:
    return wav[wav.index(b"data") + 8 :]


def about(tag: int = 1, byte_rate: int = 2 * RATE_HZ, rest: bytes = b"") -> bytes:
    head = struct.pack("<HHIIHH", tag, 1, RATE_HZ, byte_rate, 2, 16)
    return chunk(b"fmt ", head + rest)


def studio(wav: bytes) -> bytes:
    before = chunk(b"JUNK", bytes(28)) + chunk(b"bext", bytes(603)) + about()
    after = chunk(b"bext", bytes(4001)) + chunk(b"iXML", b"<x/>" * 30_001)
    return riff(before, chunk(b"data", data_of(wav)), after, chunk(b"LIST", b"INFOabc"))


def lying_mask(wav: bytes) -> bytes:
    rest = struct.pack("<HHI", 22, 16, 0x3F) + bytes.fromhex("0100000000001000800000aa00389b71")
    return riff(about(0xFFFE, rest=rest), chunk(b"data", data_of(wav)))


def without_pad(wav: bytes) -> bytes:
    return riff(about(), chunk(b"LIST", b"INFOabc")[:-1], chunk(b"data", data_of(wav)))


def surround(folder: Path) -> Path:
    """5.1 with sound in front only, and nothing in the other four channels."""
    channels = np.zeros((len(song()), 6), np.float32)
    channels[:, 0] = channels[:, 1] = song()
    return write(folder / "a.wav", channels, RATE_HZ)


def patched(data: bytes, mark: bytes, after: int, new: bytes) -> bytes:
    at = data.index(mark) + len(mark) + after
    return data[:at] + new + data[at + len(new) :]


def box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", len(content) + 8, kind) + content


def edited(m4a: bytes, *edits: tuple[int, int]) -> bytes:
    """An m4a, whose tables stand last, with other edits: milliseconds, and from which sample on."""
    entries = b"".join(struct.pack(">IiI", *edit, 0x10000) for edit in edits)
    new = box(b"edts", box(b"elst", struct.pack(">II", 0, len(edits)) + entries))
    start, trak, edts = (m4a.index(kind) - 4 for kind in (b"moov", b"trak", b"edts"))
    size = struct.unpack_from(">I", m4a, edts)[0]
    data = bytearray(m4a[:edts] + new + m4a[edts + size :])
    for at in (start, trak):
        struct.pack_into(">I", data, at, struct.unpack_from(">I", m4a, at)[0] + len(new) - size)
    return bytes(data)


MIDDLES: dict[str, Callable[[], bytes]] = {
    "radio-tags": lambda: tagged_within(file_of("mp3"), 300, 400),
    "radio-covers": lambda: tagged_within(file_of("mp3"), 900, 300_000),
    "hls-tags": lambda: tagged_within(file_of("aac"), 280, 64),
    "tags-behind": lambda: file_of("mp3") + LYRICS + TAG,
    "old-lyrics": lambda: file_of("mp3") + b"LYRICSBEGIN" + b"la " * 900 + b"LYRICSEND" + TAG,
    "vbri": lambda: vbri(file_of("mp3"), 5),
    "xing-bytes": lambda: patched(file_of("mp3"), b"Info", 8, struct.pack(">I", 1000)),
    "cover-of-frames": lambda: cover_with_frames(file_of("mp3")),
    "latm": lambda: made("aac", "latm"),
    "latm-in-ts": lambda: made("aac", "mpegts", {"mpegts_flags": "latm"}),
    "m2ts": lambda: made("aac", "mpegts", {"mpegts_m2ts_mode": "1"}),
    "fragments": lambda: made("aac", "mp4", FRAGMENTS),
    "fast-start": lambda: made("aac", "ipod", {"movflags": "faststart"}),
    "m4a-tag-behind": lambda: file_of("m4a") + TAG,
    "m4a-zeros-behind": lambda: file_of("m4a") + bytes(300_000),
    "flac-tags": lambda: id3(5000) + file_of("flac") + TAG,
    "flac-blocks-any": lambda: with_blocks(file_of("flac"), 16, 0xFFFF),
    "flac-blocks-small": lambda: with_blocks(file_of("flac"), 16, 1024),
    "flac-frames-small": lambda: file_of("flac")[:12] + b"\0\0\1\0\0\2" + file_of("flac")[18:],
    "flac-sum-wrong": lambda: file_of("flac")[:26] + b"x" * 16 + file_of("flac")[42:],
    "flac-picture": lambda: with_picture(file_of("flac")),
    "flac-headless": lambda: headless(file_of("flac")),
    "ogg-late": lambda: with_granules(file_of("ogg"), an_hour_late),
    "ogg-jumps": lambda: with_granules(file_of("ogg"), jumps),
    "opus-late": lambda: with_granules(file_of("opus"), an_hour_late),
    "opus-jumps": lambda: with_granules(file_of("opus"), jumps),
    "headless-then-whole": lambda: file_of("ogg", 20, seed=3)[30_000:] + file_of("ogg"),
    "webm-live": lambda: made("libopus", "webm", {"live": "1", "cluster_time_limit": "1000"}),
    "studio": lambda: studio(file_of("wav")),
    "lying-mask": lambda: lying_mask(file_of("wav")),
    "byte-rate": lambda: riff(about(byte_rate=1), chunk(b"data", data_of(file_of("wav")))),
    "without-pad": lambda: without_pad(file_of("wav")),
    "wav-24": lambda: made("pcm_s24le", "wav"),
    "wav-float": lambda: made("pcm_f32le", "wav"),
    "wav-double": lambda: made("pcm_f64le", "wav"),
    "rf64-empty": lambda: patched(rf64(), b"ds64", 4, bytes(24)),
    "sowt": lambda: made("pcm_s16le", "aiff"),
    "aiff-0": lambda: patched(file_of("aif"), b"SSND", 0, bytes(4)),
    "aiff-no-frames": lambda: patched(file_of("aif"), b"COMM", 6, bytes(4)),
    "caf-unknown": lambda: patched(file_of("caf"), b"data", 0, b"\xff" * 8),
    "caf-0": lambda: patched(file_of("caf"), b"data", 0, bytes(8)),
    "voc": lambda: made("pcm_s16le", "voc"),
    "iec-61937": lambda: made("ac3", "spdif"),
    "ac3-in-wav": lambda: made("ac3", "wav"),
    "mp3-in-wav": lambda: riff(about(0x55, rest=bytes(14)), chunk(b"data", variable(SECONDS))),
}  # fmt: skip


def rf64() -> bytes:
    return made("pcm_s16le", "wav", {"rf64": "always"})


def dts_like() -> bytes:
    """Frames that begin as those of DTS do, with noise in them."""
    noise = np.random.default_rng(0).bytes(2042)
    return (b"\x7f\xfe\x80\x01\xfc\x3d" + noise) * 2000


@pytest.mark.parametrize("name", MIDDLES)
def test_the_middle_is_heard_where_it_is(tmp_path: Path, name: str) -> None:
    assert is_middle(heard(tmp_path, MIDDLES[name]()))


@pytest.mark.parametrize("kind", ["ac3", "eac3", "flac", "loas"])
def test_a_rip_begins_in_the_middle_of_a_frame(tmp_path: Path, kind: str) -> None:
    content = made("aac", "latm") if kind == "loas" else file_of(kind)
    clip = heard(tmp_path, content[len(content) // 10 + 51 :])
    assert clip.start_s == 16
    assert abs(misplaced_s(clip, song(), late_s=-7)) < 0.6


@pytest.mark.parametrize(
    ("codec", "kind", "rate_hz"), [("libmp3lame", "mp3", 11_025), ("mp2", "mp2", 24_000)]
)
def test_other_layers_and_versions_of_mpeg(
    tmp_path: Path, codec: str, kind: str, rate_hz: int
) -> None:
    clip = heard(tmp_path, made(codec, kind, rate_hz=rate_hz))
    assert (clip.start_s, clip.sample_rate_hz) in ((19, rate_hz), (20, rate_hz))
    assert abs(misplaced_s(clip, song(SECONDS, rate_hz), rate_hz)) < 0.1


def test_segments_of_dash_may_begin_with_a_later_one(tmp_path: Path) -> None:
    content = made("aac", "mp4", FRAGMENTS)
    starts = [at for at in range(len(content)) if content.startswith(b"moof", at)]
    clip = heard(tmp_path, content[: starts[0] - 4] + content[starts[3] - 4 :])
    assert clip.start_s == 17
    assert abs(misplaced_s(clip, song(), late_s=-6)) < 0.1


@pytest.mark.parametrize(
    ("edits", "start_s", "late_s"),
    [
        ([(50_000, 20 * RATE_HZ)], 10, -20),
        ([(10_000, 1024), (50_000, 20 * RATE_HZ)], 15, -10),
        ([(5_000, -1), (70_000, 1024)], 20, 0),
    ],
)
def test_what_is_cut_out_by_edits_is_not_heard(
    tmp_path: Path, edits: list[tuple[int, int]], start_s: float, late_s: float
) -> None:
    clip = heard(tmp_path, edited(file_of("m4a"), *edits))
    assert is_middle(clip, start_s, late_s)
    assert clip.promised_s < clip.duration_s + 0.1


def test_a_live_recording_may_begin_with_a_later_cluster(tmp_path: Path) -> None:
    content = made("libopus", "webm", {"live": "1", "cluster_time_limit": "1000"})
    clusters = [at for at in range(len(content)) if content.startswith(b"\x1f\x43\xb6\x75", at)]
    clip = heard(tmp_path, content[: clusters[0]] + content[clusters[10] :])
    assert clip.start_s == 15
    assert abs(misplaced_s(clip, song(), late_s=-10)) < 0.2


@pytest.mark.parametrize("kind", ["ogg", "opus"])
def test_an_ogg_without_its_beginning_is_said_to_be_one(tmp_path: Path, kind: str) -> None:
    content = file_of(kind)
    with pytest.raises(BadSound) as caught:
        heard(tmp_path, content[len(content) // 3 :])
    assert caught.value.code == "headless"


def test_a_page_that_is_lost_costs_what_was_on_it(tmp_path: Path) -> None:
    pages = list(pages_of(file_of("ogg")))
    at = len(pages) // 8
    assert is_middle(heard(tmp_path, b"".join(pages[:at] + pages[at + 1 :])))


def test_zeros_in_place_of_pages_of_opus_are_no_sound(tmp_path: Path) -> None:
    """As a download leaves them that was broken off and gone on with."""
    content = file_of("opus")
    start, end = round(0.4 * len(content)), round(0.65 * len(content))
    (tmp_path / "sound").write_bytes(content[:start] + bytes(end - start) + content[end:])
    clip = decode(tmp_path / "sound", ALL_OVER)
    assert clip.duration_s == pytest.approx(0.75 * SECONDS, abs=3)
    assert clip.promised_s == pytest.approx(SECONDS, abs=0.1)
    assert not clip.missing_s


def test_noise_between_frames_of_flac_costs_one_frame_at_most(tmp_path: Path) -> None:
    clip = heard(tmp_path, with_noise(file_of("flac")))
    assert clip.start_s in (19, 20)
    assert abs(misplaced_s(clip, song())) <= 4096 / RATE_HZ


def test_granules_that_say_nothing_are_not_believed(tmp_path: Path) -> None:
    clip = heard(tmp_path, with_granules(file_of("ogg"), never))
    assert clip.start_s in (19, 20)
    assert abs(misplaced_s(clip, song())) < 1


def test_of_surround_the_front_is_heard(tmp_path: Path) -> None:
    assert is_middle(decode(surround(tmp_path)))


def test_a_one_bit_sound_is_heard(tmp_path: Path) -> None:
    sound = song(3)
    clip = heard(tmp_path, dsf(sound))
    assert clip.sample_rate_hz == 8 * 44_100
    assert clip.seconds == pytest.approx(3, abs=0.01)
    assert abs(misplaced_s(clip, np.pad(sound, (0, 5 * RATE_HZ)))) < 0.01


@pytest.mark.parametrize("coded", ["dts", "iec-61937"])
@pytest.mark.parametrize("kind", ["flac", "aiff", "wav"])
def test_samples_that_are_a_compressed_stream_are_never_noise(
    tmp_path: Path, coded: str, kind: str
) -> None:
    data = made("ac3", "spdif") if coded == "iec-61937" else dts_like()
    order = "<i2" if coded == "iec-61937" else ">i2"
    samples = np.frombuffer(data[: len(data) // 4 * 4], order).astype(np.int16).reshape(-1, 2)
    soundfile.write(tmp_path / "a", samples, RATE_HZ, "PCM_16", format=kind.upper())
    if (kind, coded) == ("wav", "iec-61937"):  # FFmpeg decodes what it notices
        assert abs(misplaced_s(decode(tmp_path / "a"), song())) < 0.1
        return
    with pytest.raises(BadSound) as caught:
        decode(tmp_path / "a")
    assert caught.value.code in ("coded", "damaged")


@pytest.mark.timeout(120)
def test_packets_of_one_sample_take_no_minutes(tmp_path: Path) -> None:
    content = patched(file_of("caf", 4), b"lpcm", 4, struct.pack(">II", 2, 5))
    assert heard(tmp_path, content).seconds < 3


@pytest.mark.parametrize(
    ("stamps", "whole_s"),
    [
        ([0, 1, 2, 3], 4),
        ([0, 1, 3, 3, 4, 5], 6),  # one late, as in program streams
        ([0, 1, 1, 3, 4, 5], 6),
        ([0, 0, 0, 0], 4),  # a clock that stands still
        ([0, 1, 900, 901], 4),  # one that jumps
        ([900, 901, 0, 1], 4),
        ([0, 1, 3, 4], 5),  # a packet is missing
    ],
)
def test_the_clock_is_right_as_long_as_it_goes(stamps: list[float], whole_s: float) -> None:
    line = Timeline()
    for stamp in stamps:
        line.add(stamp, 1.0)
    assert line.duration_s == whole_s


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("radio-covers", "mp3"),
        ("flac-headless", "wav"),
        ("without-pad", "wav"),
        ("rf64-empty", "wav"),
        ("voc", "wav"),
        ("opus-jumps", "opus"),
        ("headless-then-whole", "ogg"),
    ],
)
def test_it_sounds_like_the_plain_file(
    tmp_path: Path, listener: Listener, name: str, plain: str
) -> None:
    found = listener.listen(heard(tmp_path, MIDDLES[name]())).embedding
    expected = listener.listen(heard(tmp_path, file_of(plain))).embedding
    assert float(np.linalg.norm(found - expected)) < 0.6
