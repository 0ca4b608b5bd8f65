"""Downloads one large file in several attempts, each resuming where the last stopped."""

from __future__ import annotations

import http.client
import re
import shutil
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from soundmap.errors import BadDataset
from soundmap.links.limits import USER_AGENT
from soundmap.types import Advance

_CHUNK_BYTES = 1 << 20
_SILENT_SECONDS = 60.0
_TRIES = 5  # in a row that bring nothing
_SIZE_SHARE = 0.03
_MB = 1_000_000
_CUT = (http.client.HTTPException, urllib.error.URLError, TimeoutError, ConnectionError)
_SPAN = re.compile(r"bytes (\d+)-\d+/(\d+)")  # RFC 9110, section 14.4
_NO_SUCH_PART = 416


@dataclass(frozen=True, slots=True)
class Download:
    """Fetches ``url``, of about ``size`` bytes (to 3 %), into ``path``, which may hold its
    beginning.

    ``spare`` bytes must be left on the disk afterwards.  ``pause_s`` is the pause after a failed
    attempt; it doubles with each one in a row that brought nothing.
    """

    url: str
    path: Path
    size: int
    spare: int = 0
    pause_s: float = 1.0

    def run(self, advance: Advance) -> None:
        """Downloads until the file is whole; ``advance`` gets the number of bytes at hand.

        Raises BadDataset ``fetch_failed``, ``other_size`` or ``no_room``, and OSError for the disk;
        what has arrived is kept.
        """
        vain, reason = 0, "it broke off"
        while vain < _TRIES:
            before = self._have
            try:
                if self._fetch(before, advance):
                    return
            except urllib.error.HTTPError as error:
                if error.headers.get("Content-Range") == f"bytes */{before}":
                    return  # the file was whole already
                reason = self._describe(error)
            except _CUT as error:
                reason = str(getattr(error, "reason", error)) or type(error).__name__
            vain = vain + 1 if self._have <= before else 0
            if vain < _TRIES:
                time.sleep(self.pause_s * 2**vain)
        raise self._failed(reason)

    @property
    def _have(self) -> int:
        return self.path.stat().st_size if self.path.exists() else 0

    def _fetch(self, have: int, advance: Advance) -> bool:
        """Fetches everything from byte ``have`` on; returns whether the file is whole."""
        part = {"Range": f"bytes={have}-"} if have else {}
        asked = urllib.request.Request(self.url, headers={"User-Agent": USER_AGENT, **part})
        with urllib.request.urlopen(asked, timeout=_SILENT_SECONDS) as response:
            start, total = _span(response)
            self._check(total, start)
            with self.path.open("ab" if start == have else "wb", buffering=0) as file:
                n_bytes = have if start == have else 0  # a server may send it all
                while chunk := response.read(_CHUNK_BYTES):
                    file.write(chunk)
                    advance(n_bytes := n_bytes + len(chunk))
        return total in (None, n_bytes)

    def _check(self, total: int | None, start: int) -> None:
        """Checks size and free space before anything is written."""
        if total is None:
            return
        if abs(total - self.size) > _SIZE_SHARE * self.size:
            found, expected = total / _MB, self.size / _MB
            raise BadDataset("other_size", url=self.url, found_mb=found, expected_mb=expected)
        needed, free = total - start + self.spare, shutil.disk_usage(self.path.parent).free
        if needed > free:
            place, needed_mb, free_mb = self.path.parent, needed / _MB, free / _MB
            raise BadDataset("no_room", path=place, needed_mb=needed_mb, free_mb=free_mb)

    def _describe(self, error: urllib.error.HTTPError) -> str:
        """Describes an error status; raises BadDataset where another attempt would not help."""
        reason = f"it answered {error.code}"
        if error.code == _NO_SUCH_PART:
            self.path.unlink()  # it is longer than the one at the address
        elif error.code < http.client.INTERNAL_SERVER_ERROR:
            raise self._failed(reason) from error
        return reason

    def _failed(self, reason: str) -> BadDataset:
        return BadDataset("fetch_failed", url=self.url, reason=reason, have_mb=self._have / _MB)


def _span(response: Any) -> tuple[int, int | None]:
    """Where the response begins in the file, and the file's length, None if not said."""
    if span := _SPAN.fullmatch(response.headers.get("Content-Range", "")):
        return int(span[1]), int(span[2])
    length = response.headers.get("Content-Length", "")
    return 0, int(length) if length.isdecimal() else None
