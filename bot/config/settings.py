"""The values of the settings, read from where they are written."""

from __future__ import annotations

import os
from collections.abc import MutableMapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.config.errors import BadSettings
from bot.config.origin import Written, read_written, settings_file
from bot.config.places import catalogs_in, database_in
from bot.config.problems import refuse
from bot.config.table import TABLE
from soundmap.cli.usage import word
from soundmap.engines.threads import THREAD_SETTINGS
from soundmap.files import HOME, is_there


@dataclass(frozen=True, slots=True)
class Settings:
    """The values of the settings.  Names of sizes and times state the unit.

    ``home`` is the folder that was named for all that is kept, None for this system's usual ones.
    ``file`` is where settings may be written beside the environment; it need not exist.
    """

    discord_token: str = field(repr=False)
    slack_bot_token: str = field(repr=False)
    slack_app_token: str = field(repr=False)
    slack_signing_secret: str = field(repr=False)
    slack_port: int
    home: Path | None
    database: Path
    person_key: str = field(repr=False)
    bundle: Path
    catalogs: Path
    workers: int
    cluster: str
    worker_memory_mb: int
    deadline_s: float
    windows: int
    queue: int
    cooldown_s: float
    max_mb: float
    download_s: float
    downloads: int
    max_minutes: float
    redirects: int
    private_hosts: tuple[str, ...]
    test_addresses: tuple[str, ...]
    retention_days: int
    shutdown_s: float
    health_port: int
    log_level: str
    file: Path

    @property
    def at_a_desk(self) -> bool:
        """Whether this is one person's console, with no chat platform configured."""
        return not (self.discord_token or self.slack_bot_token)

    @property
    def file_said(self) -> str:
        """``file`` for a sentence, which also says so if it is not there."""
        return f"{self.file}{'' if is_there(self.file) else ' (there is no such file)'}"


def read_settings(
    environ: MutableMapping[str, str] = os.environ, file: Path | None = None
) -> Settings:
    """Settings from the environment, then ``file``, then the defaults.

    Without ``file`` it is looked for.  Secrets are removed from ``environ``.  Raises BadSettings
    with all problems, NoToken if one is a token's.
    """
    written = read_written(environ, file or settings_file())
    values = _values(written)
    refuse(written, values)
    named = {setting.field: values[setting.name] for setting in TABLE}
    named["database"] = named["database"] or database_in(named["home"])
    named["catalogs"] = named["catalogs"] or catalogs_in(named["home"])
    if not (named["database"] and named["catalogs"]):
        text = "This user has no home to keep things in: name a folder in SOUNDMAP_HOME."
        raise BadSettings([word(text)])
    return Settings(**named, file=written.file)


def _values(written: Written) -> dict[str, Any]:
    """The values that can be read, by the name of their setting."""
    values = {}
    for setting in TABLE:
        with suppress(ValueError, RuntimeError):  # RuntimeError: a path of an unknown user
            values[setting.name] = setting.read(written.text(setting.name) or setting.default)
    return values


def one_thread_each() -> None:
    """Keeps numerical libraries loaded from now on to one thread each, unless set otherwise."""
    for name, text in THREAD_SETTINGS.items():
        os.environ.setdefault(name, text)


def share_home(settings: Settings) -> None:
    """Has the library and child processes keep things in the home that a file named."""
    if settings.home:
        os.environ[HOME] = str(settings.home)
