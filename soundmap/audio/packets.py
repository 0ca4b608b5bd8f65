"""Opens a sound with FFmpeg (PyAV) and reads its packets, without decoding them.

FFmpeg gets an open file and the name of the demuxer.  So it does not take a file for a playlist,
and knows no path from which it could open a second one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TypeAlias

import av
from av.container import InputContainer

from soundmap.audio.mending import spans_of
from soundmap.audio.skipping import Found
from soundmap.audio.slices import Slice
from soundmap.errors import BadSound

MOST_PACKETS = 1_000_000  # seven hours of mp3
MOST_ERRORS = 100
FAILURES = (av.FFmpegError, ValueError, MemoryError, OverflowError)
_DEMUXERS = {"mp4": "mov", "webm": "matroska", "ts": "mpegts", "wma": "asf", "mpg": "mpeg"}
_BUFFER_BYTES = 128 * 1024
Packet: TypeAlias = "av.Packet[av.AudioStream]"


class Opened:
    """A sound as its packets.  Use it in a ``with`` block.

    ``choice`` is the number of the audio stream among those that can be decoded, the default
    first.  Raises BadSound ``damaged`` or ``no_audio_stream``.
    """

    def __init__(self, path: Path, found: Found, choice: int = 0) -> None:
        file = path.open("rb")
        self._slice = Slice(file, spans_of(file, found))
        container = self._container(found.kind)
        if container is None:  # no cause: FFmpeg reports a bad table as out of memory
            self._slice.close()
            raise BadSound("damaged")
        self.container = container
        try:
            streams = self._streams()
        except BadSound:
            self.close()
            raise
        self.n_streams, self.stream = len(streams), streams[choice]
        self.stream.codec_context.thread_count = 1  # workers may not start threads
        self._tick_s = float(self.stream.time_base or 0)
        self._leave_others()

    def _container(self, kind: str) -> InputContainer | None:
        try:
            opened = av.open(
                self._slice, format=_DEMUXERS.get(kind, kind), metadata_errors="ignore",
                buffer_size=_BUFFER_BYTES,
            )  # fmt: skip
        except FAILURES:
            return None
        assert isinstance(opened, InputContainer)
        return opened

    def _streams(self) -> list[av.AudioStream]:
        """Those that can be decoded, the default ones first."""
        streams = list(self.container.streams.audio)
        if not streams:
            raise BadSound("no_audio_stream")
        known = [stream for stream in streams if stream.codec_context is not None]
        if not known:
            raise BadSound("damaged")
        return sorted(known, key=lambda it: not it.disposition & av.stream.Disposition.default)

    def _leave_others(self) -> None:
        """Streams that are not heard are not read, where the demuxer can do without."""
        with suppress(AttributeError, ImportError):  # PyAV of old
            from av.stream import Discard

            for stream in self.container.streams:
                if stream.index != self.stream.index:
                    stream.discard = Discard.all

    def __enter__(self) -> Opened:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes the container and the file."""
        self.container.close()
        self._slice.close()

    @property
    def claimed_s(self) -> float:
        """Length in seconds by the header or FFmpeg's estimate, 0 if unknown, as where only the
        longest of several streams is told.
        """
        alone = len(self.container.streams) == 1
        longest_s = (self.container.duration or 0) / av.time_base
        return min(self.seconds(self.stream.duration) or longest_s * alone, longest_s)

    @property
    def codec(self) -> str:
        """The name of the codec."""
        return str(self.stream.codec_context.name)

    def seek(self, time_s: float) -> None:
        """Goes to a time by the container's clock.  Raises one of ``FAILURES``."""
        self.container.seek(int(max(0.0, time_s) * av.time_base))

    def packets(self) -> Iterator[Packet]:
        """The packets from here on, then an empty one.

        A part that cannot be demuxed costs that part.  At most ``MOST_PACKETS`` packets and
        ``MOST_ERRORS`` such parts are met, and every byte of the file is read once.
        """
        left, errors = MOST_PACKETS, 0
        while errors < MOST_ERRORS and left > 0:
            try:
                for packet in self.container.demux(self.stream):
                    left -= 1
                    if left < 0:
                        return
                    yield packet
                return
            except EOFError:
                return
            except LookupError:  # a packet of a stream that PyAV learns of only now
                left -= 1
            except FAILURES:
                errors += 1

    def decode(self, packet: Packet) -> list[av.AudioFrame]:
        """The frames that a packet brings, or at the empty one those that were held back.  Raises
        one of ``FAILURES``.
        """
        return self.stream.decode(packet if packet.size else None)

    def forget(self) -> None:
        """Makes the decoder ready for packets that do not follow those it had."""
        self.stream.codec_context.flush_buffers()

    def seconds(self, stamp: int | None) -> float | None:
        """A time stamp of the stream in seconds."""
        return None if stamp is None else stamp * self._tick_s
