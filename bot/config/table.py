"""The table of settings, from which ``.env.example`` is made: name, meaning, reader, default."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from soundmap.audio.windows import DEFAULT_WINDOWS, MOST_SECONDS, MOST_WINDOWS, WINDOW_SECONDS
from soundmap.bundle.manifest import DEFAULT_BUNDLE
from soundmap.cli.usage import filled
from soundmap.cluster import ADDRESS
from soundmap.files import HOME
from soundmap.links.limits import private_host

_KEY_LETTERS = 16
_SLACK_KIND = re.compile(r"xox[a-z]-|xapp-")  # one of them is not taken for another


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the table: ``read`` turns text into a value or raises ValueError, and its
    docstring says what text it wants.
    """

    name: str
    field: str
    read: Callable[[str], Any]
    default: str
    about: str
    secret: bool = False

    @property
    def wanted(self) -> str:
        """What text is wanted, in the language of the terminal."""
        read = self.read
        kind, facts = (read.func, read.keywords) if isinstance(read, partial) else (read, {})
        return filled(str(kind.__doc__), **facts)


def _number(least: float, most: float, kind: type = int) -> Callable[[str], Any]:
    return partial(_whole if kind is int else _real, least=least, most=most)


def _whole(text: str, least: float, most: float) -> int:
    """A whole number from {least:g} to {most:g}"""
    if not least <= int(text) <= most:
        raise ValueError
    return int(text)


def _real(text: str, least: float, most: float) -> float:
    """A number from {least:g} to {most:g}"""
    if not least <= float(text) <= most:
        raise ValueError
    return float(text)


def _level(text: str) -> str:
    """One of debug, info, warning, error"""
    if text.casefold() not in ("debug", "info", "warning", "error"):
        raise ValueError
    return text.casefold()


def _bundle(text: str) -> Path:
    """A path"""
    return Path(text).expanduser() if text else DEFAULT_BUNDLE


def _path(text: str) -> Path | None:
    """A path"""
    return Path(text).expanduser().absolute() if text else None


def _port(text: str) -> int:
    """A port from 1 to 65535, or nothing"""
    if text and not 1 <= int(text) <= 65_535:
        raise ValueError
    return int(text or 0)


def _cluster(text: str) -> str:
    """The address of a scheduler, such as tcp://10.0.0.1:8786, or nothing"""
    if text and not ADDRESS.fullmatch(text):
        raise ValueError
    return text


def _key(text: str) -> str:
    """A secret of 16 letters or more, or nothing"""
    if text and len(text) < _KEY_LETTERS:
        raise ValueError
    return text


def token(text: str) -> str:
    """One word of letters, digits and signs"""
    if not all("!" <= letter <= "~" for letter in text):
        raise ValueError
    return text


def _of_slack(text: str, kind: str) -> str:
    """One word that begins with {kind}-"""
    if _SLACK_KIND.match(text) and not text.startswith(f"{kind}-"):
        raise ValueError
    return token(text)


def _addresses(text: str) -> tuple[str, ...]:
    """Addresses with ports, separated by commas"""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _hosts(text: str) -> tuple[str, ...]:
    """Hosts such as nas.local or 10.0.0.5:8000, separated by commas"""
    return tuple(private_host(part) for part in text.split(",") if part.strip())


TABLE = (
    Setting("DISCORD_TOKEN", "discord_token", token, "", "Token of your Discord application's"
            " bot. Without this and SLACK_BOT_TOKEN, the console opens.", secret=True),
    Setting("SLACK_BOT_TOKEN", "slack_bot_token", partial(_of_slack, kind="xoxb"), "", "Token of"
            " your Slack app's bot (xoxb-…). Needs one of the two ways below, too.", secret=True),
    Setting("SLACK_APP_TOKEN", "slack_app_token", partial(_of_slack, kind="xapp"), "", "App-level"
            " token (xapp-…) with connections:write: Slack is reached by Socket Mode, with no"
            " public address.", secret=True),
    Setting("SLACK_SIGNING_SECRET", "slack_signing_secret", token, "", "Signing secret of your"
            " Slack app, where Slack reaches the bot by HTTP.", secret=True),
    Setting("SLACK_PORT", "slack_port", _port, "", "Port on 127.0.0.1 for Slack's requests to"
            " /slack/events, behind a server with HTTPS. Empty: Socket Mode."),
    Setting(HOME, "home", _path, "", "Folder of all that SoundMap keeps: soundmap.db with its key,"
            " catalogs, the cache, and .env if the current folder has none. Empty: this system's"
            " usual folders, such as ~/.local/share/soundmap and ~/.cache/soundmap."),
    Setting("SOUNDMAP_DATABASE", "database", _path, "", "SQLite file with votes, lists and"
            " channels, made if it is not there. Empty: soundmap.db in SOUNDMAP_HOME; if that is"
            " empty too, a soundmap.db in the current folder, where earlier versions kept it, goes"
            " on being used."),
    Setting("SOUNDMAP_PERSON_KEY", "person_key", _key, "", "Secret that turns account numbers into"
            " the keys votes are kept under. Empty: one is made beside the database, in"
            " soundmap.db.key; losing it loses everybody's votes.", secret=True),
    Setting("SOUNDMAP_BUNDLE", "bundle", _bundle, "", "Folder of the model bundle."
            " Empty: the one that comes with SoundMap."),
    Setting("SOUNDMAP_CATALOGS", "catalogs", _path, "", "Folder of your own catalogs, made by"
            " soundmap index. Empty: catalogs in SOUNDMAP_HOME."),
    Setting("SOUNDMAP_WORKERS", "workers", _number(1, 64), "2",
            "Child processes that listen; about one a processor core."),
    Setting("SOUNDMAP_CLUSTER", "cluster", _cluster, "", "Scheduler of a Dask cluster that listens"
            " instead, such as tcp://10.0.0.1:8786; SOUNDMAP_WORKERS is then how many sounds are"
            " sent there at once. Its machines must be trusted. Empty: this machine listens."),
    Setting("SOUNDMAP_WORKER_MEMORY_MB", "worker_memory_mb", _number(256, 65_536), "1024",
            "Memory one of them may use, in MiB; beyond it, it is replaced."),
    Setting("SOUNDMAP_DEADLINE_SECONDS", "deadline_s", _number(1, 600, float), "30",
            "Longest that one sound may be listened to, in seconds."),
    Setting("SOUNDMAP_WINDOWS", "windows", _number(1, MOST_WINDOWS), str(DEFAULT_WINDOWS), "In how"
            f" many places of a long sound to listen, {MOST_SECONDS:.0f} s in total at most."
            f" 1: only the middle {WINDOW_SECONDS:.0f} s, in a quarter of the time."),
    Setting("SOUNDMAP_QUEUE", "queue", _number(0, 10_000), "20",
            "People who may wait for a free worker; the next one is told to come back."),
    Setting("SOUNDMAP_COOLDOWN_SECONDS", "cooldown_s", _number(0, 3_600, float), "3",
            "Pause between two sounds of one person, in seconds."),
    Setting("SOUNDMAP_MAX_MB", "max_mb", _number(0.01, 1_024, float), "25",
            "Largest file that is taken, in MiB; counted while it arrives."),
    Setting("SOUNDMAP_DOWNLOAD_SECONDS", "download_s", _number(1, 600, float), "45",
            "Longest that fetching a file or a link may take, in seconds."),
    Setting("SOUNDMAP_DOWNLOADS", "downloads", _number(1, 256), "8",
            "Files that are fetched at once, over all people; one person fetches one."),
    Setting("SOUNDMAP_MAX_MINUTES", "max_minutes", _number(0.1, 1_440, float), "20",
            "Longest sound that is taken from a web page, in minutes."),
    Setting("SOUNDMAP_REDIRECTS", "redirects", _number(0, 20), "5",
            "Redirects of a link that are followed."),
    Setting("SOUNDMAP_ALLOW_PRIVATE_HOSTS", "private_hosts", _hosts, "", "Hosts of your own network"
            " that links may lead to, such as nas.local:8000, separated by commas. Risk: whoever"
            " may write to the bot, or owns a page that someone links, can then have it ask these"
            " hosts for any address, and hears their sounds. Empty: none."),
    Setting("SOUNDMAP_TEST_ADDRESSES", "test_addresses", _addresses, "", "For tests only: private"
            " addresses that links may lead to, as 127.0.0.1:8000, separated by commas."),
    Setting("SOUNDMAP_RETENTION_DAYS", "retention_days", _number(1, 36_500), "365",
            "Days after which lists and votes are deleted."),
    Setting("SOUNDMAP_SHUTDOWN_SECONDS", "shutdown_s", _number(0, 600, float), "20",
            "How long running jobs may go on after a stop was asked for, in seconds."),
    Setting("SOUNDMAP_HEALTH_PORT", "health_port", _port, "", "Port on 127.0.0.1 for /live, /ready"
            " and Prometheus' /metrics. Empty: none."),
    Setting("SOUNDMAP_LOG_LEVEL", "log_level", _level, "info",
            "How much is logged: debug, info, warning or error."),
)  # fmt: skip


def example() -> str:
    """The text of ``.env.example``: each setting with its meaning and default."""
    parts = ["# SoundMap's settings. Copy this file to .env and change what you need.\n"]
    for setting in TABLE:
        parts.append(f"\n# {setting.about}\n{setting.name}={setting.default}\n")
    return "".join(parts)
