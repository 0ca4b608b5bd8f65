"""Runs yt-dlp as a program of its own, in a process that may be killed at any time.

It reads its orders from standard input, finds the one sound behind a page and saves it as
``sound`` in its working folder.  It answers with one line of JSON: facts of the sound, or why there
is none.  It imports nothing of SoundMap.

The way it is started, its own limits and yt-dlp's settings keep it from:

- secrets: a bare environment; the host's home folder, yt-dlp's config files, plugins, cookies,
  netrc, caches; standard input;
- running programs: no ffmpeg, no post-processors, no shell, no external downloader; where the
  user is not root, no new processes at all;
- the network except through one filtering proxy, as long as yt-dlp follows its settings;
- more memory, processor time, open files and file size than its limits; core dumps; outliving
  its parent.

If a page takes over yt-dlp, nothing keeps it from reading files that its user may read, or from
connecting without the proxy.  The limits work on Linux and macOS.
"""

from __future__ import annotations

import json
import os
import re
import signal
import sys
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

_MEMORY_BYTES = 384 << 20
_OPEN_FILES = 64
_PROTOCOLS = "^(https?|m3u8|m3u8_native|http_dash_segments)$"
_FORMAT = (
    f"bestaudio[protocol~='{_PROTOCOLS}'][abr<=160]/bestaudio[protocol~='{_PROTOCOLS}']"
    f"/worst[acodec!=?none][protocol~='{_PROTOCOLS}']"
)
_MAX_DEPTH = 3
_ANY_PAGE = ("Generic", "HTML5MediaEmbed")
_SENTENCES = (  # what extractors say, and the code to answer with; first match
    (r"not a bot|captcha|too many requests|HTTP Error (429|5\d\d)", "page_busy"),
    (r"no space left", "disk_full"),
    (r"\bage\b|age.restricted|confirm your birth|\bmature\b|\b18\+|\bnsfw\b", "age_gate"),
    (r"\bprivate\b|members.only|\blog ?in\b|\bsign in\b|\baccount\b|\bpassword\b|\bsubscri|"
     r"\bpremium\b|not have permission|HTTP Error 40[13]", "private_page"),
    (r"live event|is live\b|livestream|premieres|not started|\bupcoming\b", "live"),
    (r"\bDRM\b", "drm"),
    (r"unsupported url|no video|no media|no formats|requested format|unable to extract.*title",
     "no_sound_there"),
    (r"not available|\bunavailable\b|\bremoved\b|\bdeleted\b|does not exist|HTTP Error 4(04|10)"
     r"|\bgeo", "page_gone"),
)  # fmt: skip
_RADIO = re.compile(r"(icy|ice)-|server: (ice|shout)cast", re.IGNORECASE)
_BROKE_OFF = re.compile(r"Got error: (Downloaded )?\d+ bytes")
_NOT_SAID = re.compile(r"https?://\S+|'[^']*'|^ERROR:|\[[^\]]*\]\s*[^\s:]+:")  # names and ids


class Refused(Exception):
    """There is no sound to fetch; the code says why."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code, self.facts = code, facts


def main() -> None:
    """Reads the orders, fetches, and answers with one line of JSON."""
    orders = json.loads(sys.stdin.buffer.read())
    sys.stdin.close()
    confine(orders["max_bytes"], orders["seconds"], orders["parent"])
    try:
        answer = fetch(orders)
    except Refused as error:
        answer = {"code": error.code, "facts": error.facts}
    except MemoryError:
        answer = {"code": "page_failed", "facts": {}}
    print(json.dumps(answer), flush=True)


def confine(max_bytes: int, seconds: float, parent: int) -> None:
    """Sets this process's limits, before any byte of the page is read."""
    import resource

    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(1, signal.SIGKILL, 0, 0, 0)  # PR_SET_PDEATHSIG
        if os.getppid() != parent:
            os._exit(1)
        resource.setrlimit(resource.RLIMIT_DATA, (_MEMORY_BYTES, _MEMORY_BYTES))
    for limit, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, max_bytes),
        (resource.RLIMIT_CPU, max(1, round(seconds))),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
        (resource.RLIMIT_NPROC, 0),
    ):
        resource.setrlimit(limit, (most, most))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # then writing too much is an error


def fetch(orders: dict[str, Any]) -> dict[str, Any]:
    """Title, uploader, site and page of the sound that was saved.  Raises Refused."""
    import yt_dlp

    yt_dlp.globals.plugin_dirs.value = []
    try:
        with yt_dlp.YoutubeDL(options(orders)) as ydl:
            ydl.urlopen = no_radio(ydl.urlopen)
            info = one_sound(ydl, without_notes(orders["url"]))
            check(info, orders["media_seconds"])
            done = saved(ydl, info)
    except Refused:
        raise
    except Exception as error:  # extractors raise all kinds
        raise refusal_of(str(error), yt_dlp.version.__version__) from error
    if not came():
        raise Refused("no_sound_there")
    return {
        "title": text(done.get("title")),
        "uploader": text(done.get("uploader") or done.get("channel") or done.get("artist")),
        "site": text(site_of(done)),
        "page": text(done.get("webpage_url") or orders["url"]),
    }


def saved(ydl: Any, info: dict[str, Any]) -> dict[str, Any]:
    """Facts of the sound, once it is saved; what came before an answer broke off is kept."""
    try:
        return dict(ydl.process_ie_result(info, download=True))
    except Exception as error:
        if _BROKE_OFF.search(str(error)) and came():
            return info
        raise


def came() -> bool:
    """Whether any byte of the sound was saved."""
    return os.path.exists("sound") and os.path.getsize("sound") > 0  # noqa: PTH110, PTH202


def site_of(info: dict[str, Any]) -> object:
    """Name of the service, or the host if no extractor of yt-dlp knows the site."""
    key = info.get("extractor_key")
    host = urlsplit(str(info.get("webpage_url"))).hostname
    return host if key in (None, *_ANY_PAGE) else key


def options(orders: dict[str, Any]) -> dict[str, Any]:
    """Settings for yt-dlp, with everything off that is not needed for this one download."""
    return {
        "proxy": orders["proxy"],
        "format": _FORMAT,
        "outtmpl": {"default": "sound"},
        "nopart": True,
        "overwrites": True,
        "updatetime": False,
        "max_filesize": orders["max_bytes"],
        "noplaylist": True,
        "extract_flat": "in_playlist",
        "playlistend": 2,
        "retries": 1,
        "fragment_retries": 1,
        "extractor_retries": 0,
        "skip_unavailable_fragments": False,
        "socket_timeout": 10,
        "hls_prefer_native": True,
        "fixup": "never",
        "ffmpeg_location": "/nonexistent",
        "postprocessors": [],
        "external_downloader": {},
        "enable_file_urls": False,
        "cachedir": False,
        "cookiefile": None,
        "usenetrc": False,
        "check_formats": None,
        # Python's own client: requests, where it is installed, rewrites percent-codes.
        "compat_opts": {"prefer-legacy-http-handler"},
        "js_runtimes": {},
        "quiet": True,
        "no_warnings": True,
        "noprogress": True,
        "logger": Silence(),
    }


def one_sound(ydl: Any, url: str, depth: int = 0) -> dict[str, Any]:
    """The one entry behind an address, following pages that only redirect.  Raises Refused."""
    info = ydl.extract_info(url, download=False, process=False)
    if not info or depth > _MAX_DEPTH:
        raise Refused("no_sound_there")
    kind = info.get("_type", "video")
    if kind in ("url", "url_transparent"):
        return one_sound(ydl, info["url"], depth + 1)
    if kind not in ("playlist", "multi_video"):
        return dict(info)
    entries = [entry for _, entry in zip(range(2), info.get("entries") or (), strict=False)]
    if len(entries) != 1:
        raise Refused("playlist_page" if entries else "no_sound_there")
    (entry,) = entries
    return one_sound(ydl, entry["url"], depth + 1) if entry.get("_type") == "url" else dict(entry)


def no_radio(urlopen: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """``urlopen`` that raises Refused ``live`` at a radio server, which never ends."""

    def opened(request: Any) -> Any:
        try:
            answer = urlopen(request)
        except Exception as error:
            if str(error).startswith("ICY "):  # how SHOUTcast's answer begins, not HTTP's
                raise Refused("live") from error
            raise
        heads = {name.lower(): value for name, value in answer.headers.items()}
        is_file = "content-length" in heads and heads.get("accept-ranges") == "bytes"
        if not is_file and any(_RADIO.match(f"{name}: {value}") for name, value in heads.items()):
            raise Refused("live")
        return answer

    return opened


def check(info: dict[str, Any], media_seconds: float) -> None:
    """Raises Refused for what should not be downloaded: live, too long, or copy-protected."""
    if info.get("is_live") or info.get("live_status") in ("is_live", "is_upcoming"):
        raise Refused("live")
    if (info.get("duration") or 0) > media_seconds:
        raise Refused("too_long", minutes=round(media_seconds / 60))
    if info.get("_has_drm"):
        raise Refused("drm")


def refusal_of(message: str, version: str) -> Refused:
    """The refusal that fits the message of an extractor's error."""
    said = _NOT_SAID.sub(" ", message)
    for pattern, code in _SENTENCES:
        if re.search(pattern, said, re.IGNORECASE):
            return Refused(code)
    return Refused("page_failed", version=version)


def without_notes(address: str) -> str:
    """An address without what yt-dlp's extractors tell each other behind it, or a stranger them."""
    return address.partition("#__youtubedl_smuggle=")[0]


def text(value: object) -> str:
    """A fact of a page as text, cut at 300 characters."""
    return without_notes(str(value))[:300] if value else ""


class Silence:
    """A logger that writes nothing: standard output is for the answer."""

    def debug(self, _: str) -> None:
        """Does nothing."""

    info = warning = error = debug


if __name__ == "__main__":
    main()
