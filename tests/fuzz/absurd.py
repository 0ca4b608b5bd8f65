"""Files made by hand to mean harm: headers that lie, tables without end, what is no sound."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterator

import numpy as np

from tests.fuzz.mutants import Mutant, originals, with_page_sums

_MOST = 0xFFFFFFFF


def absurd() -> Iterator[Mutant]:
    """All of them, always the same."""
    for make in (_no_sounds, _playlists, _wav, _aiff, _flac, _ogg, _mpeg, _mp4, _webm, _joined):
        for name, content in make():
            yield Mutant(f"{make.__name__[1:]}-{name}", content)


def _no_sounds() -> Iterator[tuple[str, bytes]]:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("song.mp3"), bytes(1_000_000))
    yield "empty", b""
    yield "one-byte", b"\xff"
    yield "text", b"Dear friend, this is no sound. " * 100
    yield (
        "html",
        b"<!doctype html><html><body><audio src='file:///etc/passwd'></audio></body></html>",
    )
    yield "zip", packed.getvalue()
    yield (
        "png",
        b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sIIBBBBB", 13, b"IHDR", *[_MOST] * 2, 8, 6, 0, 0, 0),
    )
    yield "zeros", bytes(100_000)
    yield "ones", b"\xff" * 100_000
    yield "noise", np.random.default_rng(0).bytes(100_000)
    yield (
        "noise-that-syncs",
        np.random.default_rng(1).bytes(100_000).replace(b"\0", b"\xff\xfb\x90\x44"),
    )
    for start in (b"RIFF", b"RIFF\0\0\0\0WAVE", b"FORM\0\0\0\0AIFF", b"fLaC", b"OggS", b"ID3",
                  b"ID3\x04\0\0", b"\0\0\0\x20ftyp", b"\x1aE\xdf\xa3", b"\xff\xfb\x90\x44",
                  b"\xff\xf1\x50\x80"):  # fmt: skip
        yield f"only-{start.hex()}", start


def _playlists() -> Iterator[tuple[str, bytes]]:
    yield "m3u", b"#EXTM3U\n#EXTINF:30,song\n/etc/passwd\nfile:///etc/shadow\n"
    yield "m3u-of-names", b"/etc/passwd\nC:\\music\\song.mp3\n"
    yield "m3u-with-mark", b"\xef\xbb\xbf#EXTM3U\nfile:///etc/passwd\n"
    yield "pls", b"[playlist]\nFile1=/etc/passwd\nNumberOfEntries=1\nVersion=2\n"
    yield (
        "hls",
        (
            b"#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n"
            b"file:///etc/passwd\n#EXTINF:10,\nconcat:/etc/passwd|/etc/hosts\n#EXT-X-ENDLIST\n"
        ),
    )
    yield (
        "xspf",
        (
            b"<?xml version='1.0'?><playlist version='1' xmlns='http://xspf.org/ns/0/'><trackList>"
            b"<track><location>file:///etc/passwd</location></track></trackList></playlist>"
        ),
    )
    yield "asx", b"<asx version='3.0'><entry><ref href='file:///etc/passwd'/></entry></asx>"
    yield (
        "mpd",
        (
            b"<?xml version='1.0'?><MPD xmlns='urn:mpeg:dash:schema:mpd:2011'><Period>"
            b"<AdaptationSet>"
            b"<BaseURL>file:///etc/passwd</BaseURL></AdaptationSet></Period></MPD>"
        ),
    )
    yield "concat", b"ffconcat version 1.0\nfile /etc/passwd\n"
    yield "sdp", b"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nm=audio 5004 RTP/AVP 0\n"
    yield "mp3-then-m3u", originals()["stereo.mp3"][:4_000] + b"\n#EXTM3U\n/etc/passwd\n"


def _patched(data: bytes, mark: bytes, after: int, new: bytes) -> bytes:
    """``data`` with ``new`` written so many bytes after the first ``mark``."""
    at = data.index(mark) + len(mark) + after
    return data[:at] + new + data[at + len(new) :]


def _chunk(kind: bytes, content: bytes, size: int | None = None) -> bytes:
    return kind + struct.pack("<I", len(content) if size is None else size) + content


def _riff(*chunks: bytes, size: int | None = None) -> bytes:
    return _chunk(b"RIFF", b"WAVE" + b"".join(chunks), size)


def _format(
    tag: int = 1, channels: int = 1, rate: int = 8_000, align: int = 2, bits: int = 16
) -> bytes:
    return _chunk(
        b"fmt ", struct.pack("<HHIIHH", tag, channels, rate, rate * align & _MOST, align, bits)
    )


def _wav() -> Iterator[tuple[str, bytes]]:
    sound = _chunk(b"data", np.random.default_rng(2).bytes(32_000))
    for rate in (0, 1, 7_999, 192_001, _MOST):
        yield f"rate-{rate}", _riff(_format(rate=rate), sound)
    for channels in (0, 2, 255, 1_024, 1_025, 65_535):
        yield (
            f"channels-{channels}",
            _riff(_format(channels=channels, align=2 * channels & 0xFFFF), sound),
        )
    for bits, align in ((0, 0), (1, 1), (16, 0), (24, 65_535), (64, 8), (65_535, 2)):
        yield f"bits-{bits}-{align}", _riff(_format(bits=bits, align=align), sound)
    for tag in (0, 2, 3, 6, 7, 0x11, 0x31, 0x50, 0x55, 0x69, 0x161, 0xFFFE, 0xFFFF):
        yield f"tag-{tag}", _riff(_format(tag=tag), sound)
    yield "33-channels-of-one", _riff(_format(3, 33, 44_100, align=8, bits=64), sound)
    for size in (0, 1, 0x7FFFFFFF, 0x80000000, _MOST):
        yield f"data-size-{size}", _riff(_format(), _chunk(b"data", sound[8:], size))
        yield f"file-size-{size}", _riff(_format(), sound, size=size)
        yield f"list-size-{size}", _riff(_format(), _chunk(b"LIST", b"INFO", size), sound)
    yield "data-before-format", _riff(sound, _format())
    yield "no-format", _riff(sound)
    yield "no-data", _riff(_format())
    yield "two-formats", _riff(_format(), _format(channels=9, rate=96_000, align=18), sound)
    yield "many-chunks", _riff(_format(), _chunk(b"junk", b"") * 50_000, sound)
    yield (
        "rf64-hours",
        _patched(
            originals()["rf64.wav"],
            b"ds64",
            4,
            b"\xff" * 7 + b"\x7f" + b"\xff" * 7 + b"\x7f" + b"\xff" * 7 + b"\x7f",
        ),
    )
    for name, value in (
        ("nan", np.nan),
        ("infinite", np.inf),
        ("huge", 3e38),
        ("tiny", 1e-40),
        ("one", 1.0),
    ):
        samples = np.tile(np.array([0.1, value, -0.1, -value], np.float32), 4_000)
        yield (
            f"float-{name}",
            _riff(_format(3, align=4, bits=32), _chunk(b"data", samples.tobytes())),
        )
    yield (
        "doubles-beyond-floats",
        _riff(
            _format(3, align=8, bits=64), _chunk(b"data", np.tile([1e300, -1e300], 8_000).tobytes())
        ),
    )
    yield (
        "a-single-click",
        _riff(_format(), _chunk(b"data", bytes(16_000) + b"\xff\x7f" + bytes(16_000))),
    )
    yield "constant", _riff(_format(), _chunk(b"data", b"\xff\x7f" * 16_000))
    yield "loudest-square", _riff(_format(), _chunk(b"data", b"\xff\x7f\x00\x80" * 8_000))
    yield "shortest", _riff(_format(), _chunk(b"data", sound[8 : 8 + 8_000]))
    yield "too-short", _riff(_format(), _chunk(b"data", sound[8 : 8 + 7_998]))


def _aiff() -> Iterator[tuple[str, bytes]]:
    data = originals()["stereo.aif"]
    for name, rate in (
        ("zero", bytes(10)), ("infinite", b"\x7f\xff\x80" + bytes(7)),
        ("nan", b"\x7f\xff\xc0" + bytes(7)), ("negative", b"\xc0\x0e\xac\x44" + bytes(6)),
        ("huge", b"\x7f\xfe" + b"\xff" * 8),
    ):  # fmt: skip
        yield f"rate-{name}", _patched(data, b"COMM", 12, rate)
    for channels in (0, 255, 32_767, 65_535):
        yield f"channels-{channels}", _patched(data, b"COMM", 4, struct.pack(">H", channels))
    yield "hours", _patched(data, b"COMM", 6, b"\xff" * 4)
    yield "bits-65535", _patched(data, b"COMM", 10, b"\xff\xff")
    for size in (0, 0x7FFFFFFF, _MOST):
        yield f"sound-size-{size}", _patched(data, b"SSND", 0, struct.pack(">I", size))
        yield f"sound-offset-{size}", _patched(data, b"SSND", 4, struct.pack(">I", size))
        yield f"common-size-{size}", _patched(data, b"COMM", 0, struct.pack(">I", size))
    yield "compressed-by-nobody", data.replace(b"AIFF", b"AIFC", 1)


def _flac() -> Iterator[tuple[str, bytes]]:
    data = originals()["stereo.flac"]
    info = int.from_bytes(data[18:26], "big")  # rate 20 bits, channels 3, depth 5, samples 36
    for rate in (0, 1, 655_350, 0xFFFFF):
        yield (
            f"rate-{rate}",
            data[:18] + (info & (1 << 44) - 1 | rate << 44).to_bytes(8, "big") + data[26:],
        )
    yield "hours", data[:18] + (info | (1 << 36) - 1).to_bytes(8, "big") + data[26:]
    yield "no-length", data[:18] + (info >> 36 << 36).to_bytes(8, "big") + data[26:]
    yield "eight-channels", data[:18] + (info | 7 << 41).to_bytes(8, "big") + data[26:]
    yield "blocks-of-0", data[:8] + bytes(4) + data[12:]
    yield "blocks-of-65535", data[:8] + b"\xff" * 4 + data[12:]
    yield "endless-comment", data[:4] + b"\x84\xff\xff\xff" + data[8:]
    yield (
        "many-blocks",
        data[:4] + b"\0" + data[5:42] + b"\x01\0\0\0" * 50_000 + b"\x81\0\0\0" + data[42:],
    )
    yield (
        "picture-of-4-gib",
        data[:4] + b"\0" + data[5:42] + b"\x86\0\0\x20" + b"\xff" * 32 + data[42:],
    )


def _ogg() -> Iterator[tuple[str, bytes]]:
    vorbis, opus = originals()["vorbis.ogg"], originals()["opus.opus"]
    long = originals()["long.ogg"]  # libvorbis crashes where it is to seek in it
    yield "vorbis-bad-books", with_page_sums(_patched(long, b"\x05vorbis", 9, b"\0"))
    for name, after, new in (
        ("channels-0", 4, b"\0"), ("channels-255", 4, b"\xff"), ("rate-0", 5, bytes(4)),
        ("rate-4-ghz", 5, b"\xff" * 4), ("blocks-0", 21, b"\0"), ("blocks-15", 21, b"\xff"),
    ):  # fmt: skip
        yield f"vorbis-{name}", with_page_sums(_patched(vorbis, b"\x01vorbis", after, new))
    for name, after, new in (
        ("version", 0, b"\xff"), ("channels-0", 1, b"\0"), ("channels-255", 1, b"\xff"),
        ("skip", 2, b"\xff\xff"), ("rate-0", 4, bytes(4)), ("rate", 4, b"\xff" * 4),
        ("gain", 8, b"\xff\x7f"), ("quiet", 8, b"\x00\x80"), ("mapping", 10, b"\xff"),
    ):  # fmt: skip
        yield f"opus-{name}", with_page_sums(_patched(opus, b"OpusHead", after, new))
    for name, data in (("vorbis", vorbis), ("opus", opus)):
        last = data.rindex(b"OggS")
        for time in (0, 1 << 62, (1 << 63) - 1, 1 << 63, (1 << 64) - 1):
            page = data[last : last + 6] + time.to_bytes(8, "little") + data[last + 14 :]
            yield f"{name}-ends-at-{time}", with_page_sums(data[:last] + page)
        second = data.index(b"OggS", 4)
        for segments in (0, 1, 255):
            lying = data[: second + 26] + bytes([segments]) + data[second + 27 :]
            yield f"{name}-segments-{segments}", lying
            yield f"{name}-segments-{segments}-summed", with_page_sums(lying)
        yield (
            f"{name}-comments-of-4-gib",
            with_page_sums(
                _patched(data, b"OpusTags" if name == "opus" else b"\x03vorbis", 0, b"\xff" * 4)
            ),
        )
        yield f"{name}-only-headers", data[: data.index(b"OggS", second + 4)]
        yield f"{name}-ten-in-a-row", data * 10
        yield f"{name}-interleaved", data[:second] + opus[:47] + data[second:]


def _tag(size: int) -> bytes:
    return b"ID3\x04\0\0" + bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0))


def _mpeg() -> Iterator[tuple[str, bytes]]:
    mp3, aac = originals()["stereo.mp3"], originals()["adts.aac"]
    for size in (0, 1, len(mp3) // 2, 1 << 20, (1 << 28) - 1):
        yield f"tag-of-{size}", _tag(size) + mp3
        yield f"aac-tag-of-{size}", _tag(size) + aac
    yield "tags-without-end", _tag(0) * 20_000 + mp3
    yield "tag-in-tag", _tag(20) + _tag(10) + _tag(0) + mp3
    yield "tag-frame-of-4-gib", _tag(20) + b"APIC" + b"\xff" * 4 + bytes(12) + mp3
    start = mp3.index(b"\xff", 0)
    for name, number in (("frames", 8), ("bytes", 12)):
        for mark in (b"Xing", b"Info"):
            if mark in mp3:
                yield f"{name}-without-end", _patched(mp3, mark, number - 4, b"\xff" * 4)
    for header in (
        b"\xff\xfb\xf4\x44",
        b"\xff\xfb\x9c\x44",
        b"\xff\xe3\x18\xc4",
        b"\xff\xff\xfe\xff",
        b"\xff\xfb\x04\x44",
    ):
        yield f"header-{header.hex()}", mp3[:start] + header + mp3[start + 4 :]
    yield "headers-only", b"\xff\xfb\x90\x44" * 20_000
    yield (
        "every-frame-another-rate",
        b"".join(
            _cycled(mp3[at : at + 417], number)
            for number, at in enumerate(range(0, len(mp3) - 417, 417))
        ),
    )
    for byte, value in ((2, 0xFC), (2, 0x7C), (3, 0x00), (4, 0xFF), (5, 0x00)):
        frames = bytearray(aac)
        frames[byte] = value
        yield f"aac-{byte}-{value}", bytes(frames)


def _cycled(frame: bytes, number: int) -> bytes:
    return frame[:2] + bytes([0x90 | number % 3 << 2]) + frame[3:] if len(frame) > 3 else frame


def _atom(kind: bytes, content: bytes, size: int | None = None) -> bytes:
    return struct.pack(">I", len(content) + 8 if size is None else size) + kind + content


def _mp4() -> Iterator[tuple[str, bytes]]:
    data = originals()["aac.m4a"]
    start = _atom(b"ftyp", b"M4A \0\0\2\0isomiso2")
    deep = b""
    for _ in range(20_000):
        deep = _atom(b"udta", deep) if len(deep) < 160_000 else deep
    yield "deep", start + _atom(b"moov", deep)
    yield "deep-tracks", start + _nested([b"moov"] + [b"trak", b"mdia"] * 500)
    for size in (0, 1, 7, 8, 0x7FFFFFFF, _MOST):
        for kind in (b"moov", b"trak", b"stbl", b"mdat", b"stsd", b"esds"):
            at = data.index(kind) - 4
            yield (
                f"{kind.decode()}-size-{size}",
                data[:at] + struct.pack(">I", size) + data[at + 4 :],
            )
    for kind in (b"stts", b"stsc", b"stco", b"stsz"):
        for entries in (0, 0x0FFFFFFF, _MOST):
            yield (
                f"{kind.decode()}-entries-{entries}",
                _patched(data, kind, 8 if kind == b"stsz" else 4, struct.pack(">I", entries)),
            )
    yield "same-size-without-end", _patched(data, b"stsz", 4, b"\0\0\0\1\xff\xff\xff\xff")
    yield "samples-of-2-gib", _patched(data, b"stsz", 4, b"\x7f\xff\xff\xff\0\0\xff\xff")
    yield "offsets-beyond", _patched(data, b"stco", 8, b"\xff\xff\xff\xf0")
    for kind, after, name in ((b"mvhd", 12, "movie"), (b"mdhd", 12, "media")):
        for scale in (0, 1, _MOST):
            yield f"{name}-scale-{scale}", _patched(data, kind, after, struct.pack(">I", scale))
        yield f"{name}-hours", _patched(data, kind, after + 4, b"\xff" * 4)
    for after, new in (
        (16, b"\0\0"),
        (16, b"\xff\xff"),
        (18, b"\xff\xff"),
        (24, b"\0\0"),
        (24, b"\xff" * 4),
    ):
        yield f"mp4a-{after}-{new.hex()}", _patched(data, b"mp4a", after, new)
    yield "codec-of-nobody", data.replace(b"mp4a", b"zzzz")
    yield "reference-to-a-file", data.replace(b"url ", b"alis", 1)
    yield "only-start", start
    for power in (42, 62, 63):
        wide = struct.pack(">I4sQ", 1, b"free", (1 << power) - 1)
        yield f"box-of-2^{power}", start + wide + data[len(start) :]
    yield "wide-moov", start + _atom(b"moov", _atom(b"trak", b"") * 20_000)
    yield "no-moov", start + _atom(b"mdat", data)
    pcm = originals()["pcm.mov"]
    for after, new in (
        (16, b"\0\0"),
        (16, b"\xff\xff"),
        (18, b"\0\0"),
        (18, b"\0\xff"),
        (24, b"\xff" * 4),
    ):
        yield f"pcm-{after}-{new.hex()}", _patched(pcm, b"sowt", after, new)


def _nested(kinds: list[bytes]) -> bytes:
    content = b""
    for kind in reversed(kinds):
        content = _atom(kind, content)
    return content


def _webm() -> Iterator[tuple[str, bytes]]:
    data = originals()["opus.webm"]
    endless, huge = b"\x01" + b"\xff" * 7, b"\x01" + b"\xff" * 6 + b"\xfe"
    for mark, name in (
        (b"\x18\x53\x80\x67", "segment"),
        (b"\x1f\x43\xb6\x75", "cluster"),
        (b"\x16\x54\xae\x6b", "tracks"),
    ):
        for size in (endless, huge, b"\x10\0\0\0", b"\xff" + b"\xff" * 7):
            if mark in data:
                yield f"{name}-{size.hex()}", _patched(data, mark, 0, size)
    yield "deep-masters", data[:40] + (b"\x18\x53\x80\x67" + endless) * 5_000
    yield (
        "deep-tags",
        data
        + (b"\x12\x54\xc3\x67" + endless + b"\x73\x73" + endless + b"\x67\xc8" + endless) * 5_000,
    )
    if b"\xb5\x88" in data:
        for name, value in (
            ("nan", np.nan),
            ("infinite", np.inf),
            ("negative", -48e3),
            ("zero", 0.0),
            ("huge", 4e9),
        ):
            yield f"rate-{name}", _patched(data, b"\xb5\x88", 0, struct.pack(">d", value))
    yield "channels-127", data.replace(b"\x9f\x81\x01", b"\x9f\x81\x7f", 1)
    yield "channels-0", data.replace(b"\x9f\x81\x01", b"\x9f\x81\x00", 1)
    yield "codec-of-nobody", data.replace(b"A_OPUS", b"A_ZZZZ", 1)
    for codec in (b"A_AC3\0", b"A_DTS\0", b"A_TTA1", b"A_FLAC", b"A_AAC\0", b"A_QUIC"):
        yield f"codec-{codec.decode().strip(chr(0))}", data.replace(b"A_OPUS", codec, 1)
    yield (
        "scale-0",
        _patched(data, b"\x2a\xd7\xb1\x83", 0, bytes(3))
        if b"\x2a\xd7\xb1\x83" in data
        else data[:500],
    )
    yield "twice", data + data
    yield "no-clusters", data[: data.find(b"\x1f\x43\xb6\x75")]


def _joined() -> Iterator[tuple[str, bytes]]:
    names = ("stereo.mp3", "stereo.flac", "vorbis.ogg", "aac.m4a", "opus.webm", "stereo.wav")
    for one, other in zip(names, names[1:] + names[:1], strict=True):
        yield f"{one}-{other}", originals()[one] + originals()[other]
    yield "mp3-rates", originals()["stereo.mp3"] + originals()["long.mp3"] + originals()["mp2.mp3"]
    yield "flac-twenty", originals()["stereo.flac"] * 20
