"""Files that mean harm, made from honest ones: the same for the same seed."""

from __future__ import annotations

import re
import tempfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path

import av
import numpy as np

from soundmap.types import Floats
from tests.helpers.sounds import dsf, encode, music, silent_video, write

Change = Callable[[np.random.Generator, bytearray], bytes]
_EXTREMES = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)

_BY_CHANCE = (  # Matroska's numbers of tracks and segment, and its checksums; a peak's date
    rb"([\x73\x63]\xc5\x88)(.{8})", rb"(\x73\xa4\x90)(.{16})", rb"(\xbf\x84)(.{4})",
    rb"(PEAK.{8})(.{4})",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mutant:
    """A file; its name tells how it was made."""

    name: str
    content: bytes


@cache
def originals() -> dict[str, bytes]:
    """Honest files of every container and codec that is read, by name; some 4 s, some 40 s."""
    with tempfile.TemporaryDirectory() as folder:
        for make in (_by_libsndfile, _by_ffmpeg, _long):
            make(Path(folder))
        silent_video(Path(folder) / "video.mp4")
        files = sorted(Path(folder).iterdir())
        plain = {path.name: _settled(path.read_bytes()) for path in files}
    return plain | _behind(plain)


def _behind(plain: dict[str, bytes]) -> dict[str, bytes]:
    """Sounds behind what is skipped, and behind another sound."""
    tag = b"ID3\x04\0\x10" + bytes([0, 0, 2, 0]) + bytes(256) + b"3DI\x04\0\x10\0\0\2\0"
    return {
        "tagged.opus": tag + plain["opus.opus"],
        "http.mp3": b"HTTP/1.1 200 OK\r\nA: b\r\n\r\n" + plain["stereo.mp3"],
        "rip.mp3": plain["long.mp3"][1234:],
        "rip.flac": plain["long.flac"][12_345:],
        "rip.ac3": plain["a.ac3"][777:],
        "radio.mp3": plain["stereo.mp3"] + tag + plain["stereo.mp3"] + tag + plain["stereo.mp3"],
        "chained.ogg": plain["vorbis.ogg"] + plain["opus.opus"],
    }


def _by_libsndfile(folder: Path) -> None:
    sound = music(4, 44_100)
    stereo = np.stack([sound, music(4, 44_100, seed=1)], 1)
    for subtype in ("PCM_16", "PCM_24", "PCM_U8", "FLOAT", "DOUBLE", "ULAW", "IMA_ADPCM",
                    "MS_ADPCM", "GSM610"):  # fmt: skip
        write(folder / f"{subtype.lower()}.wav", sound, 44_100, subtype)
    write(folder / "stereo.wav", stereo, 44_100)
    write(folder / "big.rf64", sound, 44_100).rename(folder / "rf64.wav")
    for name in ("stereo.flac", "stereo.aif", "stereo.mp3"):
        write(folder / name, stereo, 44_100)
    write(folder / "float.aif", sound, 44_100, "FLOAT")
    write(folder / "vorbis.ogg", stereo, 44_100, "VORBIS")
    write(folder / "opus.opus", music(4, 48_000), 48_000, "OPUS")


def _by_ffmpeg(folder: Path) -> None:
    sound = music(4, 44_100)
    for name, codec, container in (
        ("aac.m4a", "aac", "ipod"), ("alac.m4a", "alac", "ipod"), ("adts.aac", "aac", "adts"),
        ("aac.mkv", "aac", "matroska"), ("pcm.mkv", "pcm_s16le", "matroska"),
        ("pcm.mov", "pcm_s16le", "mov"), ("mp2.mp3", "mp2", "mp2"), ("ac3.mp4", "ac3", "mp4"),
        ("aac.ts", "aac", "mpegts"), ("pcm.caf", "pcm_s16be", "caf"), ("pcm.au", "pcm_s16be", "au"),
        ("pcm.w64", "pcm_s16le", "w64"), ("mp3.avi", "libmp3lame", "avi"),
        ("mp3.flv", "libmp3lame", "flv"), ("a.wv", "wavpack", "wv"),
        ("a.tta", "tta", "tta"), ("a.ac3", "ac3", "ac3"), ("a.eac3", "eac3", "eac3"),
        ("mp2.mpg", "mp2", "mpeg"), ("a.loas", "aac", "latm"), ("a.voc", "pcm_s16le", "voc"),
        ("ac3.spdif", "ac3", "spdif"),
    ):  # fmt: skip
        encode(folder / name, sound, 44_100, codec, container)
    encode(folder / "a.wma", sound, 44_100, "wmav2", "asf", 64_000)
    _in_eight_channels(folder / "surround.m4a", sound)
    encode(folder / "opus.webm", music(4, 48_000), 48_000, "libopus", "webm")
    encode(folder / "a.rm", music(4, 8_000), 8_000, "real_144", "rm")
    (folder / "a.dsf").write_bytes(dsf(music(1, 48_000)))


def _in_eight_channels(path: Path, sound: Floats) -> None:
    with av.open(path, "w", format="ipod") as output:
        stream = output.add_stream("aac", rate=44_100)
        stream.codec_context.layout = av.AudioLayout("7.1")
        for start in range(0, len(sound) - 1024, 1024):
            part = np.repeat(sound[None, start : start + 1024], 8, axis=0)
            frame = av.AudioFrame.from_ndarray(
                part.T.reshape(1, -1).copy(), format="flt", layout="7.1"
            )
            frame.sample_rate, frame.pts = 44_100, start
            for planar in av.AudioResampler(format="fltp").resample(frame):
                output.mux(stream.encode(planar))
        output.mux(stream.encode(None))


def _long(folder: Path) -> None:
    """So long that a decoder has to seek."""
    sound = music(40, 16_000)
    encode(folder / "long.mp3", sound, 16_000, "libmp3lame", "mp3")
    encode(folder / "long.m4a", sound, 16_000, "aac", "ipod")
    encode(folder / "long.webm", music(40, 48_000), 48_000, "libopus", "webm")
    write(folder / "long.opus", music(40, 48_000), 48_000, "OPUS")
    for name in ("long.flac", "long.ogg", "long.wav"):
        write(folder / name, sound, 16_000)


def _settled(data: bytes) -> bytes:
    """Without what encoders draw by chance or from the clock."""
    if data[:4] == b"OggS":
        pages = (page[:10] + b"same" + page[14:] for page in data.split(b"OggS")[1:])
        return with_page_sums(b"OggS" + b"OggS".join(pages))
    head = data[:1024]
    for pattern in _BY_CHANCE if data[:4] in (b"\x1aE\xdf\xa3", b"RIFF", b"FORM") else ():
        head = re.sub(pattern, lambda found: found[1] + bytes(len(found[2])), head, flags=re.S)
    return head + data[1024:]


# ------------------------------------------------------------------ changes by chance


def mutants(seed: int) -> Iterator[Mutant]:
    """Files without end: every original under every change, then again by other chances."""
    for turn in count():
        for change in CHANGES:
            for number, (name, content) in enumerate(originals().items()):
                rng = np.random.default_rng([seed, turn, CHANGES.index(change), number])
                made = change(rng, bytearray(content))
                if content[:4] == b"OggS" and rng.random() < 0.7:
                    made = with_page_sums(made)
                yield Mutant(f"{change.__name__[1:]}-{seed}-{turn}-{name}", made)


def _cut(rng: np.random.Generator, data: bytearray) -> bytes:
    return bytes(data[: _somewhere(rng, data)])


def _flip_few(rng: np.random.Generator, data: bytearray) -> bytes:
    return _flipped(rng, data, int(rng.integers(1, 9)))


def _flip_many(rng: np.random.Generator, data: bytearray) -> bytes:
    return _flipped(rng, data, max(1, int(len(data) * rng.uniform(0.001, 0.02))))


def _flip_header(rng: np.random.Generator, data: bytearray) -> bytes:
    head = bytearray(data[: int(rng.choice([48, 256, 2048]))])
    return _flipped(rng, head, int(rng.integers(1, 5))) + bytes(data[len(head) :])


def _extreme_number(rng: np.random.Generator, data: bytearray) -> bytes:
    for _ in range(int(rng.integers(1, 4))):
        size, at = int(rng.choice([1, 2, 4, 8])), int(rng.integers(4, min(len(data) - 8, 1024)))
        value = int(rng.choice(_EXTREMES)) % 256**size
        data[at : at + size] = value.to_bytes(size, str(rng.choice(["big", "little"])))
    return bytes(data)


def _zero_block(rng: np.random.Generator, data: bytearray) -> bytes:
    at, end = _stretch(rng, data)
    data[at:end] = bytes(end - at)
    return bytes(data)


def _repeat_block(rng: np.random.Generator, data: bytearray) -> bytes:
    at, end = _stretch(rng, data)
    return bytes(data[:end] + data[at:end] * int(rng.integers(1, 5)) + data[end:])


def _swap_blocks(rng: np.random.Generator, data: bytearray) -> bytes:
    (a, b), (c, d) = sorted((_stretch(rng, data), _stretch(rng, data)))
    b, c = min(b, c), max(b, c)
    return bytes(data[:a] + data[c:d] + data[b:c] + data[a:b] + data[d:])


def _drop_block(rng: np.random.Generator, data: bytearray) -> bytes:
    at, end = _stretch(rng, data)
    return bytes(data[:at] + data[end:])


def _insert_noise(rng: np.random.Generator, data: bytearray) -> bytes:
    at, end = _stretch(rng, data)
    return bytes(data[:at]) + rng.bytes(end - at) + bytes(data[at:])


def _join_another(rng: np.random.Generator, data: bytearray) -> bytes:
    other = list(originals().values())[int(rng.integers(len(originals())))]
    at = len(data) if rng.random() < 0.5 else _somewhere(rng, data)
    return bytes(data[:at]) + other[int(rng.integers(0, 2)) * len(other) // 3 :]


CHANGES: tuple[Change, ...] = (
    _cut, _flip_few, _flip_many, _flip_header, _extreme_number, _zero_block, _repeat_block,
    _swap_blocks, _drop_block, _insert_noise, _join_another,
)  # fmt: skip


def _somewhere(rng: np.random.Generator, data: bytearray) -> int:
    """As often near the beginning, where headers are, as anywhere."""
    return int(rng.integers(1, min(512, len(data)) if rng.random() < 0.5 else len(data)))


def _stretch(rng: np.random.Generator, data: bytearray) -> tuple[int, int]:
    at = _somewhere(rng, data)
    return at, min(len(data), at + int(2 ** rng.uniform(2, 14)))


def _flipped(rng: np.random.Generator, data: bytearray, times: int) -> bytes:
    for at in rng.integers(0, len(data), times):
        data[at] ^= 1 << int(rng.integers(8))
    return bytes(data)


def with_page_sums(data: bytes) -> bytes:
    """Ogg with right checksums, so that decoders look at what was changed (RFC 3533, 6)."""
    made, at = bytearray(data), 0
    while (at := made.find(b"OggS", at)) >= 0 and at + 27 <= len(made):
        lengths = made[at + 27 : at + 27 + made[at + 26]]
        end = at + 27 + len(lengths) + sum(lengths)
        made[at + 22 : at + 26] = bytes(4)
        made[at + 22 : at + 26] = _page_sum(made[at:end]).to_bytes(4, "little")
        at += 27
    return bytes(made)


def _page_sum(page: bytearray) -> int:
    """What zlib computes, but begun with nothing and with the bits the other way round."""
    mirrored = zlib.crc32(page.translate(_MIRRORED), 0xFFFFFFFF) ^ 0xFFFFFFFF
    return int(f"{mirrored:032b}"[::-1], 2)


_MIRRORED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))
