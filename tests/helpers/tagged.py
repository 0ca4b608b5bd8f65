"""Sound files with tags, byte by byte, as taggers of many kinds write them."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Mapping
from typing import cast

import av
import numpy as np

SILENCE = (b"\xff\xfb\x90\x00" + bytes(413)) * 40
"""A second of mp3 without sound."""
LATIN, UTF16, UTF16BE, UTF8 = range(4)
_CODECS = ("latin-1", "utf-16", "utf-16-be", "utf-8")
_END_OF_TAG = 0x80000000
_IS_HEADER = 0x20000000


def safe(size: int) -> bytes:
    """A size in seven bits a byte."""
    return bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0))


def words(text: str | bytes, encoding: int = UTF8) -> bytes:
    """A text field, with the byte in front that tells its encoding; bytes stay as they are."""
    return bytes([encoding]) + (text if isinstance(text, bytes) else text.encode(_CODECS[encoding]))


def frame(name: str, body: bytes, version: int = 4, flags: int = 0, plain: bool = False) -> bytes:
    """A frame of ID3v2.2, 2.3 or 2.4; ``plain`` writes its size in eight bits a byte."""
    if version == 2:
        return name.encode() + struct.pack(">I", len(body))[1:] + body
    size = struct.pack(">I", len(body)) if plain or version == 3 else safe(len(body))
    return name.encode() + size + struct.pack(">H", flags) + body


def text(name: str, said: str | bytes, encoding: int = UTF8, version: int = 4) -> bytes:
    """A text frame."""
    return frame(name, words(said, encoding), version)


def said(name: str, what: str, version: int = 4) -> bytes:
    """A frame of the user's own (TXXX)."""
    return text("TXX" if version == 2 else "TXXX", f"{name}\0{what}", LATIN, version)


def comment(what: str, about: str = "") -> bytes:
    """A comment in English."""
    return frame("COMM", b"\x03eng" + about.encode() + b"\0" + what.encode())


def id3(*frames: bytes, version: int = 4, flags: int = 0, padding: int = 0) -> bytes:
    """A tag at the beginning of a file."""
    body = b"".join(frames) + bytes(padding)
    return b"ID3" + bytes([version, 0, flags]) + safe(len(body)) + body


def footed(tag: bytes) -> bytes:
    """A tag of version 2.4 with a foot, by which it is found from its end."""
    head = tag[:5] + b"\x10" + tag[6:10]
    return head + tag[10:] + b"3DI" + head[3:]


def stuffed(data: bytes) -> bytes:
    """The data unsynchronised: no byte 255 stands before one that could be a frame of sound."""
    out = bytearray()
    for at, byte in enumerate(data):
        out.append(byte)
        following = data[at + 1] if at + 1 < len(data) else 0xFF
        if byte == 0xFF and (following >= 0xE0 or following == 0):
            out.append(0)
    return bytes(out)


def id3v1(title: bytes = b"", artist: bytes = b"", note: bytes = b"", genre: int = 255) -> bytes:
    """A tag of 128 bytes at the end of a file; what follows a NUL in a field is junk."""
    fields = [field[:30].ljust(30, b"\0") for field in (title, artist, b"", note)]
    return b"TAG" + b"".join(fields[:3]) + b"2001" + fields[3] + bytes([genre])


def ape(head: bool = True, items: Mapping[str, str] | None = None, **more: str | bytes) -> bytes:
    """An APEv2 tag for the end of a file."""
    body, all_items = b"", {**more, **(items or {})}
    for name, value in all_items.items():
        data = value.encode() if isinstance(value, str) else value
        body += struct.pack("<II", len(data), 0) + name.encode() + b"\0" + data
    numbers = struct.pack("<III", 2000, len(body) + 32, len(all_items))
    ends = [b"APETAGEX" + numbers + struct.pack("<I", kind) + bytes(8)
            for kind in (_END_OF_TAG | _IS_HEADER, _END_OF_TAG)]  # fmt: skip
    return (ends[0] if head else b"") + body + ends[1]


def vorbis(*comments: str | bytes) -> bytes:
    """Vorbis comments such as ``TITLE=Song``."""
    out = struct.pack("<I", 4) + b"test" + struct.pack("<I", len(comments))
    for each in comments:
        data = each if isinstance(each, bytes) else each.encode()
        out += struct.pack("<I", len(data)) + data
    return out


def flac(*comments: str | bytes, picture: int = 0) -> bytes:
    """A FLAC file: its head and comments, a picture of many bytes, and no frame."""
    info = struct.pack(">HH6xQ16x", 4096, 4096, 44_100 << 44 | 1 << 41 | 15 << 36)
    blocks = [(0, info), (4, vorbis(*comments))]
    if picture:
        head = struct.pack(">II", 3, 10) + b"image/jpeg" + struct.pack(">5I", 0, 1, 1, 24, 0)
        blocks.insert(1, (6, head + struct.pack(">I", picture) + bytes(picture)))
    out = b"fLaC"
    for at, (kind, data) in enumerate(blocks):
        last = 0x80 if at == len(blocks) - 1 else 0
        out += struct.pack(">I", (kind | last) << 24 | len(data)) + data
    return out


def page(serial: int, number: int, kind: int, packet: bytes) -> bytes:
    """A page, or several, of Ogg that hold one packet."""
    lacing = [255] * (len(packet) // 255) + [len(packet) % 255]
    out, at, more = b"", 0, False
    while lacing:
        sizes, lacing = lacing[:255], lacing[255:]
        data = packet[at : at + sum(sizes)]
        at += len(data)
        head = struct.pack("<4sBBqIIIB", b"OggS", 0, kind | more, 0, serial, number, 0, len(sizes))
        whole = bytearray(head + bytes(sizes) + data)
        struct.pack_into("<I", whole, 22, _crc(whole))
        out += bytes(whole)
        number, more = number + 1, True
    return out


def _crc(data: bytearray) -> int:
    crc = 0
    for byte in data:
        crc ^= byte << 24
        for _ in range(8):
            crc = crc << 1 ^ (0x104C11DB7 if crc & 1 << 31 else 0)
    return crc


def opus(*comments: str | bytes, serial: int = 1) -> list[bytes]:
    """The two pages that begin a stream of Opus."""
    head = b"OpusHead" + struct.pack("<BBHIhB", 1, 1, 0, 48_000, 0, 0)
    return [page(serial, 0, 2, head), page(serial, 1, 0, b"OpusTags" + vorbis(*comments))]


def skeleton() -> bytes:
    """The page that begins a stream of Ogg Skeleton, which tells of the others."""
    return page(9, 0, 2, b"fishead\0" + bytes(56))


def chunk(name: bytes, data: bytes, order: str = "<") -> bytes:
    """A chunk of RIFF, or of AIFF with ``>``."""
    return name + struct.pack(f"{order}I", len(data)) + data + bytes(len(data) % 2)


def wav(*chunks: bytes, after: bool = True, name: bytes = b"RIFF") -> bytes:
    """A WAV file with chunks after its sound, or before it."""
    form = chunk(b"fmt ", struct.pack("<HHIIHH", 1, 1, 8000, 16_000, 2, 16))
    sound = chunk(b"data", bytes(16_000))
    body = b"WAVE" + form + (sound + b"".join(chunks) if after else b"".join(chunks) + sound)
    return name + struct.pack("<I", len(body)) + body


def info(**items: str | bytes) -> bytes:
    """The INFO chunk of a WAV file."""
    listed = b"".join(
        chunk(name.encode(), (value if isinstance(value, bytes) else value.encode()) + b"\0")
        for name, value in items.items()
    )
    return chunk(b"LIST", b"INFO" + listed)


def aiff(*chunks: bytes) -> bytes:
    """An AIFF file with chunks after its sound."""
    rate = bytes.fromhex("400bfa00000000000000")  # 8000, as a float of 80 bits
    common = chunk(b"COMM", struct.pack(">hIh", 1, 8000, 16) + rate, ">")
    body = b"AIFF" + common + chunk(b"SSND", bytes(16_008), ">") + b"".join(chunks)
    return b"FORM" + struct.pack(">I", len(body)) + body


def atom(name: bytes, *parts: bytes) -> bytes:
    """An atom of MP4."""
    body = b"".join(parts)
    return struct.pack(">I", len(body) + 8) + name + body


def data(value: str | bytes, kind: int = 1) -> bytes:
    """The value of an item; kind 1 is text in UTF-8."""
    value = value if isinstance(value, bytes) else value.encode()
    return atom(b"data", struct.pack(">II", kind, 0), value)


def freeform(name: str, *values: str) -> bytes:
    """An item with a name of its own."""
    mean = atom(b"mean", bytes(4), b"com.apple.iTunes")
    return atom(b"----", mean, atom(b"name", bytes(4), name.encode()), *map(data, values))


def mp4(*items: bytes, brand: bytes = b"M4A ") -> bytes:
    """An MP4 file that FFmpeg wrote, with other items among its tags."""
    whole = made("mp4", "aac")
    at = whole.index(b"moov") - 4
    size = struct.unpack(">I", whole[at : at + 4])[0]
    moov = whole[at + 8 : at + size]
    if (old := moov.find(b"udta") - 4) >= 0:
        moov = moov[:old]
    handler = atom(b"hdlr", bytes(8), b"mdirappl", bytes(9))
    meta = atom(b"meta", bytes(4), handler, atom(b"ilst", *items))
    return whole[:8] + brand + whole[12:at] + atom(b"moov", moov, atom(b"udta", meta))


def made(container: str, codec: str, **tags: str) -> bytes:
    """A second of silence as FFmpeg writes it."""
    out = io.BytesIO()
    with av.open(out, "w", container) as file:
        file.metadata.update(tags)
        stream = cast(av.AudioStream, file.add_stream(codec, rate=48_000, layout="mono"))
        stream.bit_rate = 96_000
        size, form = stream.frame_size or 1024, stream.codec_context.format.name
        kind = {"u8": np.uint8, "s16": np.int16, "s32": np.int32}.get(form.rstrip("p"), np.float32)
        for number in range(48):
            sound = av.AudioFrame.from_ndarray(np.zeros((1, size), kind), form, "mono")
            sound.sample_rate, sound.pts = 48_000, number * size
            file.mux(stream.encode(sound))
        file.mux(stream.encode(None))
    return out.getvalue()


def packed(body: bytes, version: int) -> tuple[bytes, int]:
    """A frame's body compressed, with the size in front and the flags that say so."""
    size, flags = (safe(len(body)), 0x09) if version == 4 else (struct.pack(">I", len(body)), 0x80)
    return size + zlib.compress(body), flags
