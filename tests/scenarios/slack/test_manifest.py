"""What is pasted at Slack is what the code uses: no command, event or scope more or less."""

from __future__ import annotations

import re

from bot.discord.translate import ADD_TO_MIX, SIMILAR, WHICH
from bot.slack.ways import PATH
from tests.helpers.world import ROOT
from tests.loopback.slack.checks import (
    COMMANDS,
    EVENT_SCOPES,
    EVENTS,
    MANIFEST,
    NEEDED,
    SCOPES,
    SHORTCUTS,
)

SOURCE = "\n".join(
    path.read_text(encoding="utf-8") for path in sorted((ROOT / "bot" / "slack").rglob("*.py"))
)
UPLOAD = ("files.getUploadURLExternal", "files.completeUploadExternal")
# Commands; open channels without the bot in them.
BESIDES = {"commands", "chat:write.public"}


def used(kind: str) -> set[str]:
    return set(re.findall(rf'app\.{kind}\("([^"]+)"\)', SOURCE))


def methods() -> set[str]:
    """The Web API's methods that are called."""
    called = set(re.findall(r"client\.([a-z]+_[A-Za-z_]+)\(", SOURCE)) - {"auth_test"}
    plain = {name.replace("_", ".", 1) for name in called if name != "files_upload_v2"}
    own = {"apps.connections_open", "is.connected"}  # of Socket Mode, by the app's token
    return plain - own | set(UPLOAD)


def test_its_commands_and_shortcuts_are_those_of_the_code() -> None:
    assert used("command") == COMMANDS
    assert used("message_shortcut") == SHORTCUTS
    named = {it["name"] for it in MANIFEST["features"]["shortcuts"]}
    assert named == {SIMILAR, WHICH, ADD_TO_MIX}


def test_its_events_are_those_of_the_code() -> None:
    assert used("event") == {name.split(".")[0] for name in EVENTS}


def test_it_asks_for_the_scopes_that_are_needed_and_no_others() -> None:
    assert methods() == set(NEEDED)
    called = {scope for scopes in NEEDED.values() for scope in scopes.values()}
    assert {*called, *(EVENT_SCOPES[name] for name in EVENTS), *BESIDES} == SCOPES


def test_it_switches_on_what_buttons_need() -> None:
    settings = MANIFEST["settings"]
    assert settings["interactivity"]["is_enabled"] and settings["socket_mode_enabled"]
    assert MANIFEST["features"]["app_home"]["messages_tab_enabled"]
    assert PATH in (ROOT / "docs" / "slack-manifest.yaml").read_text(encoding="utf-8")
