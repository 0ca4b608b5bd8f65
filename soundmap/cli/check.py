"""``soundmap check``: verifies a bundle."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence

from rich.markup import escape

from soundmap.cli.common import tell
from soundmap.cli.options import Commands, add_command
from soundmap.cli.screen import Screen
from soundmap.cli.usage import word

_EXAMPLES = """
soundmap check
soundmap check --bundle models/mine
"""


def add(commands: Commands) -> None:
    """Adds ``check`` to a parser's commands."""
    text = "Verify a bundle: hashes, shapes, finite numbers, golden probe."
    add_command(commands, "check", text, _EXAMPLES).set_defaults(call=check)


def check(options: Namespace) -> int:
    """``soundmap check``: exit status 1 when a check fails."""
    from soundmap.bundle.check import check_bundle

    findings = list(check_bundle(options.bundle))
    sound = all(holds for _, holds, _ in findings)
    rows = [{"what": what, "ok": holds, "found": found} for what, holds, found in findings]
    tell(options, {"ok": sound, "checks": rows}, lambda: show_findings(findings, Screen()))
    return 0 if sound else 1


def show_findings(findings: Sequence[tuple[str, bool, str]], console: Screen) -> None:
    """Prints a line for each check of a bundle, and what to do if one fails."""
    for what, holds, found in findings:
        mark = "[green]ok  [/]" if holds else "[bold red]BAD [/]"
        console.say(f"{mark} {word(what)}: {escape(word(found))}")
    if not all(holds for _, holds, _ in findings):
        console.say(word("Get a fresh copy of the bundle."))
