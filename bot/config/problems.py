"""What is wrong with the settings, all of it at once, each with the place where it is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from typing import Any

from bot.config.errors import BadSettings, NoToken
from bot.config.origin import Written
from bot.config.table import TABLE, Setting, token
from soundmap.bundle.manifest import read_manifest
from soundmap.errors import BadBundle
from soundmap.files import HOME
from soundmap.wording import plain
from soundmap.wording.guessing import meant
from soundmap.wording.installing import install

_NAMES = {setting.name for setting in TABLE}
_SHOWN_LETTERS = 60
_SLACK = ("SLACK_APP_TOKEN", "SLACK_PORT", "SLACK_SIGNING_SECRET")
_PACKAGES = {
    "SLACK_BOT_TOKEN": ("slack_bolt", "slack"),
    "SOUNDMAP_CLUSTER": ("distributed", "cluster"),
}


def refuse(written: Written, values: Mapping[str, Any]) -> None:
    """Raises BadSettings with every problem, or NoToken if a token is among them.

    ``values`` are those that could be read, by the name of their setting.
    """
    unread = [it for it in TABLE if it.name not in values]
    problems = [*_strange(written), *(_unread(it, written) for it in unread)]
    problems += [*_of_slack(written), *_of_places(written, values), *_of_packages(written)]
    if problems:
        raise (NoToken if any(it.read is token for it in unread) else BadSettings)(problems)


def _strange(written: Written) -> Iterator[str]:
    """Unknown names: a misspelled setting would be ignored silently."""
    for name in sorted(written.texts):
        if name.startswith("SOUNDMAP_") and name not in _NAMES:
            near = meant(name, _NAMES)
            hint = f"do you mean {near}?" if near else ".env.example lists them all."
            yield f"{name} {written.where(name)} is no setting of SoundMap; {hint}"


def _unread(setting: Setting, written: Written) -> str:
    text = plain(written.text(setting.name))
    shown = text if len(text) <= _SHOWN_LETTERS else f"{text[:_SHOWN_LETTERS]}…"
    shown = "what it is" if setting.secret else f"“{shown}”"
    wanted = str(setting.read.__doc__)
    wanted = wanted[:1].lower() + wanted[1:]
    return f"{setting.name} {written.where(setting.name)} is {wanted}, not {shown}."


def _of_slack(written: Written) -> Iterator[str]:
    """Slack needs a bot token and either an app token, or a port with a secret."""
    app, port, secret = (bool(written.text(name)) for name in _SLACK)
    bot = "SLACK_BOT_TOKEN"
    if not written.text(bot):
        for name in filter(written.text, _SLACK):
            yield f"{name} {written.where(name)} does nothing without {bot}."
    elif port != secret:
        name = "SLACK_PORT" if port else "SLACK_SIGNING_SECRET"
        yield f"{name} {written.where(name)} is one of two, SLACK_PORT and SLACK_SIGNING_SECRET."
    elif not (app or port):
        ways = "SLACK_APP_TOKEN, or SLACK_PORT and SLACK_SIGNING_SECRET"
        yield f"{bot} {written.where(bot)} needs {ways}."


def _of_places(written: Written, values: Mapping[str, Any]) -> Iterator[str]:
    """Ports and paths that cannot be used as the settings say."""
    health, slack = values.get("SOUNDMAP_HEALTH_PORT"), values.get("SLACK_PORT")
    if health and health == slack:
        yield f"SLACK_PORT and SOUNDMAP_HEALTH_PORT are both {health}; each needs its own."
    if path := values.get("SOUNDMAP_BUNDLE"):
        try:
            read_manifest(path)
        except BadBundle as error:
            name = "SOUNDMAP_BUNDLE"
            named = f"{name} {written.where(name)}: " if written.text(name) else ""
            yield f"{named}{error}"
    for name in ("SOUNDMAP_CATALOGS", HOME):
        if (path := values.get(name)) and path.exists() and not path.is_dir():
            yield f"{name} {written.where(name)} is {path}, which is no folder."
    if (path := values.get("SOUNDMAP_DATABASE")) and path.is_dir():
        name = "SOUNDMAP_DATABASE"
        yield f"{name} {written.where(name)} is {path}, which is a folder."


def _of_packages(written: Written) -> Iterator[str]:
    """Settings of an optional part that is not installed."""
    for name, (package, extra) in _PACKAGES.items():
        if written.text(name) and find_spec(package) is None:
            yield f"{name} {written.where(name)} needs an optional package: {install(extra)}."
