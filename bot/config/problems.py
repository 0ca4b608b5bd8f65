"""What is wrong with the settings, all of it at once, each with the place where it is written."""

from __future__ import annotations

import stat
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from bot.config.errors import BadSettings, NoToken
from bot.config.origin import Written
from bot.config.table import TABLE, Setting
from soundmap.bundle.manifest import read_manifest
from soundmap.cli.common import sentence_of
from soundmap.cli.surroundings import language
from soundmap.cli.usage import filled, word
from soundmap.errors import BadBundle
from soundmap.files import HOME
from soundmap.wording import plain
from soundmap.wording.causes import cause_of
from soundmap.wording.guessing import meant
from soundmap.wording.installing import install

_NAMES = {setting.name for setting in TABLE}
_SECRETS = {it.name for it in TABLE if it.secret and not it.name.startswith("SOUNDMAP_")}
"""Tokens of chats, and what goes with them."""
_ALL_BUT = 0.84
"""How alike a slip is, 0 to 1: SLACK_TOKEN is SLACK_BOT_TOKEN (0.85), APP_TOKEN (0.75) is not."""
_SHOWN_LETTERS = 60
_SLACK = ("SLACK_APP_TOKEN", "SLACK_PORT", "SLACK_SIGNING_SECRET")
_PACKAGES = {
    "SLACK_BOT_TOKEN": ("slack_bolt", "slack"),
    "SOUNDMAP_CLUSTER": ("distributed", "cluster"),
}
_NEEDS = f"{{name}} {{where}} needs an optional package: {install('{extra}')}."


def refuse(written: Written, values: Mapping[str, Any]) -> None:
    """Raises BadSettings with every problem, or NoToken if a token is among them.

    ``values`` are those that could be read, by the name of their setting.
    """
    unread = [it for it in TABLE if it.name not in values]
    problems = [*_lines(written), *_strange(written)]
    problems += (_unread(it, written) for it in unread)
    problems += [*_of_slack(written), *_of_places(written, values), *_of_packages(written)]
    if problems:
        of_chats = _SECRETS & {*_slips(written).values(), *(it.name for it in unread)}
        raise (NoToken if of_chats or written.strange else BadSettings)(problems)


def _lines(written: Written) -> Iterator[str]:
    """Lines that would be ignored silently, though each may be the one with the token."""
    for line in written.strange:
        yield filled("{file} has no NAME=value in line {line}.", file=written.file, line=line)


def _strange(written: Written) -> Iterator[str]:
    """Unknown names: a misspelled setting would be ignored silently."""
    begun = {name for name in written.texts if name.upper().startswith("SOUNDMAP_")}
    slips = _slips(written)
    for name in sorted((begun | slips.keys()) - _NAMES):
        near = meant(name, _NAMES) or slips.get(name)
        hint = filled("do you mean {meant}?", meant=near) if near else ""
        yield filled(
            "{name} {where} is no setting of SoundMap; {hint}",
            name=name,
            where=written.where(name),
            hint=hint or word(".env.example lists them all."),
        )


def _slips(written: Written) -> dict[str, str]:
    """Names in the file that are all but one of ours that is not set, with that.

    The file may be for other programs, too, and the environment is for all.
    """
    others = written.in_file - _NAMES
    near = {name: get_close_matches(name.upper(), _NAMES, 1, _ALL_BUT) for name in others}
    return {name: it for name, found in near.items() for it in found if not written.text(it)}


def _unread(setting: Setting, written: Written) -> str:
    text = plain(written.text(setting.name))
    shown = text if len(text) <= _SHOWN_LETTERS else f"{text[:_SHOWN_LETTERS]}…"
    shown = word("what it is") if setting.secret else f"“{shown}”"
    wanted = setting.wanted[:1].lower() + setting.wanted[1:]
    text = "{name} {where} is {wanted}, not {shown}."
    where = written.where(setting.name)
    return filled(text, name=setting.name, where=where, wanted=wanted, shown=shown)


def _of_slack(written: Written) -> Iterator[str]:
    """Slack needs a bot token and either an app token, or a port with a secret."""
    app, port, secret = (bool(written.text(name)) for name in _SLACK)
    bot = "SLACK_BOT_TOKEN"
    if not written.text(bot):
        for name in filter(written.text, _SLACK):
            yield _alone(written, name, bot)
    elif port != secret:
        name, other = sorted(_SLACK[1:], key=lambda it: not written.text(it))
        yield _alone(written, name, other)
    elif not (app or port):
        text = "{name} {where} needs SLACK_APP_TOKEN, or SLACK_PORT and SLACK_SIGNING_SECRET."
        yield filled(text, name=bot, where=written.where(bot))


def _alone(written: Written, name: str, other: str) -> str:
    text = "{name} {where} does nothing without {other}."
    return filled(text, name=name, where=written.where(name), other=other)


def _of_places(written: Written, values: Mapping[str, Any]) -> Iterator[str]:
    """Ports and paths that cannot be used as the settings say."""
    health, slack = values.get("SOUNDMAP_HEALTH_PORT"), values.get("SLACK_PORT")
    if health and health == slack:
        text = "SLACK_PORT and SOUNDMAP_HEALTH_PORT are both {port}; each needs its own."
        yield filled(text, port=health)
    if path := values.get("SOUNDMAP_BUNDLE"):
        try:
            read_manifest(path)
        except BadBundle as error:
            name = "SOUNDMAP_BUNDLE"
            named = f"{name} {written.where(name)}: " if written.text(name) else ""
            yield f"{named}{sentence_of(error)}"
    for name in ("SOUNDMAP_CATALOGS", HOME, "SOUNDMAP_DATABASE"):
        if (path := values.get(name)) and (trouble := _trouble(path, name != "SOUNDMAP_DATABASE")):
            text, reason = trouble
            yield filled(text, name=name, where=written.where(name), path=path, reason=reason)


def _trouble(path: Path, wants_folder: bool) -> tuple[str, str] | None:
    """The sentence of what is wrong with a path, and a reason; it may also not be there yet."""
    try:
        is_folder = stat.S_ISDIR(path.stat().st_mode)
    except FileNotFoundError:
        return None
    except OSError as error:
        return "{name} {where}: {path} cannot be used: {reason}.", cause_of(error, language())
    if is_folder == wants_folder:
        return None
    wrong = "{name} {where} is {path}, which is "
    return f"{wrong}{'no folder' if wants_folder else 'a folder'}.", ""


def _of_packages(written: Written) -> Iterator[str]:
    """Settings of an optional part that is not installed."""
    for name, (package, extra) in _PACKAGES.items():
        if written.text(name) and find_spec(package) is None:
            yield filled(_NEEDS, name=name, where=written.where(name), extra=extra)
