"""Fetches the sound of a web page: starts yt-dlp in a child process and watches it.

The child gets a bare environment, a folder and a filtering proxy.  If it breaks a limit, it is
killed together with every process it started.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from soundmap.errors import BadLink, NotInstalled
from soundmap.links import child
from soundmap.links.limits import Limits, Lookup
from soundmap.links.proxy import Proxy

SAVED_AS = "sound"
_MAX_ANSWER_BYTES = 64 * 1024
_WATCH_SECONDS = 0.2
CODES = {
    "age_gate",
    "private_page",
    "live",
    "drm",
    "page_gone",
    "no_sound_there",
    "playlist_page",
    "too_long",
    "page_failed",
    "page_busy",
    "disk_full",
}


def ytdlp_version() -> str:
    """The installed version of yt-dlp, or an empty string."""
    with contextlib.suppress(PackageNotFoundError):
        return version("yt-dlp")
    return ""


async def fetch_page(url: str, folder: Path, limits: Limits, look_up: Lookup) -> dict[str, str]:
    """Saves the sound of a page as ``folder / SAVED_AS``; returns title, uploader, site and page.

    Raises NotInstalled ``needs_ytdlp``, or BadLink with one of ``CODES``, ``too_large``, ``slow``
    or ``private_link``.
    """
    if not ytdlp_version():
        raise NotInstalled("needs_ytdlp")
    async with Proxy(limits, look_up) as proxy:
        try:
            answer = await _run(url, folder, limits, proxy)
        except BadLink:
            if proxy.refused:  # the real cause, whatever the child says
                raise BadLink("private_link") from None
            raise
    return {name: str(value) for name, value in answer.items()}


async def _run(url: str, folder: Path, limits: Limits, proxy: Proxy) -> dict[str, Any]:
    process = await _start(url, folder, limits, proxy)
    answering = asyncio.create_task(_answer_of(process))
    watching = asyncio.create_task(_broken_limit(folder, limits, proxy))
    try:
        done = (answering, watching)
        await asyncio.wait(done, timeout=limits.seconds, return_when=asyncio.FIRST_COMPLETED)
        if watching.done() or proxy.over.is_set():
            raise BadLink("too_large", most_mb=limits.max_mb)
        if not answering.done():
            raise BadLink("slow", seconds=limits.seconds)
        return _checked(answering.result())
    finally:
        watching.cancel()
        answering.cancel()
        await _end(process)


async def _start(
    url: str, folder: Path, limits: Limits, proxy: Proxy
) -> asyncio.subprocess.Process:
    orders = {
        "url": url,
        "proxy": proxy.url,
        "max_bytes": limits.max_bytes,
        "seconds": limits.seconds,
        "media_seconds": limits.media_seconds,
        "parent": os.getpid(),
    }
    home = str(folder)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", "-B", child.__file__),
        cwd=folder,
        env={"HOME": home, "TMPDIR": home, "LANG": "C.UTF-8", "YTDLP_NO_PLUGINS": "1"},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,  # a process group, to be killed as one
    )
    assert process.stdin
    process.stdin.write(json.dumps(orders).encode())  # not as arguments, which are public
    process.stdin.close()
    return process


async def _answer_of(process: asyncio.subprocess.Process) -> bytes:
    assert process.stdout
    answer = b""
    while chunk := await process.stdout.read(_MAX_ANSWER_BYTES):
        answer += chunk
        if len(answer) > _MAX_ANSWER_BYTES:
            return b""
    return answer


async def _broken_limit(folder: Path, limits: Limits, proxy: Proxy) -> None:
    """Returns once more than the limit has arrived or lies in the folder."""
    while True:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_WATCH_SECONDS):
                await proxy.over.wait()
                return
        if _bytes_in(folder) > limits.max_bytes:
            return


def _bytes_in(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        with contextlib.suppress(OSError):
            total += path.lstat().st_size
    return total


async def _end(process: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    await process.wait()


def _checked(answer: bytes) -> dict[str, Any]:
    """The child's facts.  Its answer is untrusted: only known keys and codes get through."""
    try:
        facts = json.loads(answer)
        if "code" in facts:
            known = facts["code"] in CODES
            code = facts["code"] if known else "page_failed"
            told = {name: value for name, value in facts["facts"].items() if name in _FACTS}
            raise BadLink(code, **{"version": ytdlp_version(), **told})
        return {name: str(facts[name]) for name in ("title", "uploader", "site", "page")}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadLink("page_failed", version=ytdlp_version()) from error


_FACTS = ("minutes", "version")
