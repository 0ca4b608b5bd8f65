"""Two ways to the packets of a window: by the container's index, or by counting all packets."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

import numpy as np

from soundmap.audio.chained import parts_of
from soundmap.audio.packets import FAILURES, Opened, Packet
from soundmap.audio.skipping import Found
from soundmap.audio.timeline import Timeline, timeline_of
from soundmap.errors import BadSound

PREROLL_S = 0.5  # decoders need what comes before: RFC 7845 80 ms for Opus, mp3 some frames
_NEAR_END_S = 1.0
_MOST_STREAMS = 4


class Step(NamedTuple):
    """A packet, where it begins in the time line, and the decoder's side of it."""

    opened: Opened
    packet: Packet
    position_s: float


class Indexed:
    """A container whose index is believed: it holds at its end what it says."""

    def __init__(self, opened: Opened) -> None:
        self._opened = opened
        self._start_s = opened.seconds(opened.stream.start_time) or 0.0
        self.duration_s = self._end_s()

    @property
    def codec(self) -> str:
        """The name of the codec."""
        return self._opened.codec

    @property
    def claimed_s(self) -> float:
        """Length in seconds by the header."""
        return self._opened.claimed_s

    def close(self) -> None:
        """Closes the file."""
        self._opened.close()

    def strike(self) -> None:
        """Does nothing: what cannot be decoded is in the index still."""

    def steps(self, start_s: float) -> Iterator[Step]:
        """The packets that are needed to hear ``start_s``, and all that follow."""
        try:
            self._opened.seek(self._start_s + start_s - PREROLL_S)
        except FAILURES:
            return
        for packet in self._opened.packets():
            time_s = self._opened.seconds(packet.pts)
            yield Step(self._opened, packet, (time_s or 0.0) - self._start_s)

    def _end_s(self) -> float:
        """Where the last packet ends, sought by the index; 0 if it is not where it should be."""
        opened, end_s = self._opened, 0.0
        claimed_s = opened.seconds(opened.stream.duration) or opened.claimed_s
        try:
            opened.seek(self._start_s + claimed_s - _NEAR_END_S)
        except FAILURES:
            return 0.0
        for packet in opened.packets():
            if packet.size and packet.pts is not None:
                end_s = max(end_s, opened.seconds(packet.pts + (packet.duration or 0)) or 0.0)
        end_s = round(end_s - self._start_s, 6)
        return end_s if abs(end_s - claimed_s) < _NEAR_END_S / 2 else 0.0


@dataclass(slots=True)
class _Part:
    """One link of a chain, or the whole; the stream that is heard, its codec and time line, and
    the length that its header claims.
    """

    found: Found
    choice: int
    codec: str
    line: Timeline
    claimed_s: float


@dataclass(slots=True)
class _Reader:
    """A part that is being read, and the number of the packet that comes next."""

    part: _Part
    opened: Opened
    packets: Iterator[Packet]
    next: int = 0


class Counted:
    """A sound whose packets are counted.  A reading that begins behind the last one goes on from
    there; every other one passes over all packets that come before it.
    """

    def __init__(self, path: Path, found: Found) -> None:
        self._path = path
        self._struck: tuple[Timeline, int] | None = None
        self._reader: _Reader | None = None
        with path.open("rb") as file:
            parts = parts_of(file, found)
        self._parts = [part for it in parts if (part := _counted(path, it, len(parts) > 1))]
        if not self._parts:
            raise BadSound("damaged")

    @property
    def codec(self) -> str:
        """The name of the longest part's codec."""
        return max(self._parts, key=lambda part: part.line.duration_s).codec

    @property
    def duration_s(self) -> float:
        """Length in seconds of all that was not struck."""
        return sum(part.line.duration_s for part in self._parts)

    @property
    def claimed_s(self) -> float:
        """Length in seconds by the header, 0 for a chain: each link speaks for itself only."""
        return self._parts[0].claimed_s if len(self._parts) == 1 else 0.0

    def close(self) -> None:
        """Closes the file."""
        if self._reader:
            self._reader.opened.close()
            self._reader = None

    def strike(self) -> None:
        """Takes the packet of the last step out of the time line: it cannot be decoded."""
        if self._struck:
            line, number = self._struck
            line.strike(number)

    def steps(self, start_s: float) -> Iterator[Step]:
        """The packets that are needed to hear ``start_s``, and all that follow."""
        ends_s = list(accumulate(part.line.duration_s for part in self._parts))
        first = min(bisect_right(ends_s, start_s), len(ends_s) - 1)
        for part, end_s in zip(self._parts[first:], ends_s[first:], strict=True):
            begins_s = end_s - part.line.duration_s
            yield from self._steps(part, begins_s, start_s - begins_s)

    def _steps(self, part: _Part, begins_s: float, start_s: float) -> Iterator[Step]:
        line, starts_s = part.line, part.line.starts_s()
        first = max(0, int(np.searchsorted(starts_s, start_s - PREROLL_S, "right")) - 1)
        reader = self._reader_of(part, first)
        for packet in reader.packets:
            number, reader.next = reader.next, reader.next + 1
            if (number >= first and number not in line.struck) or not packet.size:
                self._struck = line, number
                position_s = starts_s[number] if number < len(starts_s) else line.duration_s
                yield Step(reader.opened, packet, begins_s + float(position_s))

    def _reader_of(self, part: _Part, first: int) -> _Reader:
        """The open reader, where it has not passed the packet ``first`` yet, or else a new one."""
        reader = self._reader
        if reader and reader.part is part and reader.next <= first:
            reader.opened.forget()
            return reader
        self.close()
        opened = Opened(self._path, part.found, part.choice)
        self._reader = _Reader(part, opened, opened.packets())
        return self._reader


def _counted(path: Path, found: Found, one_of_many: bool) -> _Part | None:
    """The first stream that has packets; None for a link of many that holds no sound."""
    try:
        for choice in range(_MOST_STREAMS):
            with Opened(path, found, choice) as opened:
                line = timeline_of(opened, found.kind)
                if line.duration_s or choice + 1 >= opened.n_streams:
                    return _Part(found, choice, opened.codec, line, opened.claimed_s)
    except BadSound:
        if not one_of_many:
            raise
    return None
