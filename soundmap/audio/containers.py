"""Recognizes the container of a file by its first bytes, never by its name.

Only the containers listed here reach a decoder, and the decoder is told which one it is.  So a
playlist that is named like a song cannot make it open another file.
"""

from __future__ import annotations

from soundmap.errors import BadSound

HEAD_BYTES = 64 * 1024
_ID3_HEADER_BYTES = 10

_PLAYLIST_STARTS = (b"#EXTM3U", b"[playlist]", b"#EXTINF", b"<ASX", b"<asx")
_PLAYLIST_WORDS = (b"<playlist", b"<MPD", b"<SmoothStreamingMedia")


def container_of(head: bytes) -> str:
    """The container of a file that begins with ``head``.

    One of ``mp3 aac wav flac ogg aiff mp4 webm``.  Raises BadSound ``empty_file``,
    ``playlist`` or ``not_audio``.
    """
    if not head:
        raise BadSound("empty_file")
    sound = _after_id3(head)
    if kind := _by_signature(sound) or _by_frame(sound.lstrip(b"\0")):
        return kind
    if not sound:  # an ID3 tag larger than the head, as with cover art: mp3
        return "mp3"
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if text.startswith(_PLAYLIST_STARTS) or any(word in text[:1024] for word in _PLAYLIST_WORDS):
        raise BadSound("playlist")
    raise BadSound("not_audio")


def _after_id3(head: bytes) -> bytes:
    """``head`` without ID3v2 tags (id3.org, v2.4.0 section 3.1: size in 4 x 7 bits)."""
    while head[:3] == b"ID3" and len(head) >= _ID3_HEADER_BYTES:
        size = sum(
            (byte & 0x7F) << shift for byte, shift in zip(head[6:10], (21, 14, 7, 0), strict=True)
        )
        head = head[_ID3_HEADER_BYTES + size :]
    return head


def _by_signature(head: bytes) -> str | None:
    form = head[8:12]
    if head[:4] in (b"RIFF", b"RF64", b"RIFX") and form == b"WAVE":
        return "wav"
    if head[:4] == b"FORM" and form in (b"AIFF", b"AIFC"):
        return "aiff"
    if head[4:8] == b"ftyp":
        return "mp4"
    return {b"fLaC": "flac", b"OggS": "ogg", b"\x1aE\xdf\xa3": "webm"}.get(head[:4])


def _by_frame(head: bytes) -> str | None:
    """MPEG audio and ADTS frames begin with eleven set bits; layer 0 is ADTS."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return None
    if head[1] & 0xF6 == 0xF0:
        return "aac"
    version, layer, bit_rate, rate = (
        head[1] >> 3 & 3,
        head[1] >> 1 & 3,
        head[2] >> 4,
        head[2] >> 2 & 3,
    )
    return "mp3" if version != 1 and layer and bit_rate != 15 and rate != 3 else None


def frame_start(data: bytes) -> int:
    """Offset of the first whole mp3 frame in a piece of a file; 0 if none is found.

    A header counts as a frame if another one follows where it ends (ISO 11172-3, section 2.4.1.3).
    """
    for at in range(len(data) - 4):
        size = _mp3_frame_bytes(data[at : at + 4]) if data[at] == 0xFF else 0
        if size and _mp3_frame_bytes(data[at + size : at + size + 4]):
            return at
    return 0


def _mp3_frame_bytes(header: bytes) -> int:
    """Length in bytes of the Layer III frame with this 4-byte header; 0 if it is not one."""
    if _by_frame(header) != "mp3" or header[1] >> 1 & 3 != 1:
        return 0
    newest = header[1] >> 3 & 3 == 3
    kbits = (_KBITS_1 if newest else _KBITS_2)[header[2] >> 4]
    rate_hz = _MP3_RATES_HZ[header[1] >> 3 & 3][header[2] >> 2 & 3]
    return (144 if newest else 72) * kbits * 1000 // rate_hz + (header[2] >> 1 & 1)


_KBITS_1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_KBITS_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_MP3_RATES_HZ = {
    0: (11_025, 12_000, 8_000),
    2: (22_050, 24_000, 16_000),
    3: (44_100, 48_000, 32_000),
}
