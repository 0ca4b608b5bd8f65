"""Recognizes the container of a file by its first bytes, never by its name.

Only the containers listed here reach a decoder, and the decoder is told which one it is.  So a
playlist that is named like a song cannot make it open another file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from soundmap.errors import BadSound

_STARTS = {
    b"fLaC": "flac",  # RFC 9639, section 6
    b"OggS": "ogg",  # RFC 3533, section 6
    b"\x1aE\xdf\xa3": "webm",  # RFC 8794, section 11.2.1; Matroska too
    b".snd": "au",
    b"caff\x00\x01": "caf",
    b"riff\x2e\x91\xcf\x11\xa5\xd6": "w64",
    b"\x30\x26\xb2\x75\x8e\x66\xcf\x11": "wma",
    b"FLV\x01": "flv",
    b"wvpk": "wv",
    b"TTA1": "tta",
    b"MAC ": "ape",
    b"#!AMR": "amr",
    b"\x00\x00\x01\xba": "mpg",  # ISO 13818-1, section 2.5.3.3
    b"\x7f\xfe\x80\x01": "dts",  # ETSI TS 102 114, section 5.3, and its other byte orders
    b"\xfe\x7f\x01\x80": "dts",
    b"\x72\xf8\x1f\x4e": "spdif",  # IEC 61937-1
    b"Creative Voice File\x1a": "voc",
    b"DSD \x1c\0\0\0": "dsf",
    b"FRM8": "iff",  # DSDIFF
    b"MP+": "mpc",
    b"MPCK": "mpc8",
    b".RMF": "rm",
}
_IFF = {  # Interchange files: the form follows the size
    (b"RIFF", b"WAVE"): "wav", (b"RF64", b"WAVE"): "wav", (b"RIFX", b"WAVE"): "wav",
    (b"BW64", b"WAVE"): "wav", (b"RIFF", b"AVI "): "avi",
    (b"FORM", b"AIFF"): "aiff", (b"FORM", b"AIFC"): "aiff",
    (b"FORM", b"8SVX"): "iff",
}  # fmt: skip
_BOXES = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot")  # ISO 14496-12, 4.3
_TS_BYTES = (188, 192, 204)  # ISO 13818-1, section 2.4.3.2; with a time stamp; with parity
_TS_PACKETS = 5

_IN_JUNK = re.compile(
    rb"fLaC\x00\x00\x00\x22|OggS\x00[\x00-\x07]|\x1aE\xdf\xa3|caff\x00\x01|"
    rb"(?:RIFF|RF64|BW64|FORM).{4}(?:WAVE|AIF[FC]|AVI )|\x00\x00\x00.ftyp|"
    rb"\x7f\xfe\x80\x01[\x80-\xff]|G(?=.{187}G.{187}G.{187}G.{187}G)",
    re.DOTALL,
)
"""Signatures so long that chance does not make them."""

_PLAYLIST_STARTS = (b"#EXTM3U", b"[playlist]", b"#EXTINF", b"<ASX", b"<asx")
_PLAYLIST_WORDS = (b"<playlist", b"<MPD", b"<SmoothStreamingMedia")


def by_signature(head: bytes) -> str | None:
    """The container of a file that begins with ``head``, if a signature says it."""
    if kind := _IFF.get((head[:4], head[8:12])):
        return kind
    if head[4:8] in _BOXES and (head[:1] == b"\0" or head[4:8] == b"mdat"):
        return "mp4"
    for start, kind in _STARTS.items():
        if head.startswith(start):
            return kind
    return "ts" if _is_ts(head) else None


def _is_ts(head: bytes) -> bool:
    """Whether a sync byte 0x47 stands where each packet of a transport stream begins."""
    return any(
        head[first : _TS_PACKETS * size : size] == b"\x47" * _TS_PACKETS
        for size in _TS_BYTES
        for first in (0, 4)
    )


def signatures_in(data: bytes) -> Iterator[int]:
    """Offsets in junk where a container may begin."""
    yield from (found.start() for found in _IN_JUNK.finditer(data))


def refuse_playlist(head: bytes) -> None:
    """Raises BadSound ``playlist`` for a text that names other files."""
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n\0")
    if text.startswith(_PLAYLIST_STARTS) or any(word in text[:1024] for word in _PLAYLIST_WORDS):
        raise BadSound("playlist")
