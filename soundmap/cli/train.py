"""``soundmap train``: trains a network on tile files and seals it as a bundle."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from soundmap.cli.common import tell
from soundmap.cli.options import Commands, add_command
from soundmap.cli.progress import progress
from soundmap.cli.show import show_report
from soundmap.cli.usage import filled
from soundmap.errors import NotInstalled
from soundmap.lab.training.recipe import Recipe

_EXAMPLES = """
soundmap train --data tiles --bundle models/mine
soundmap train --data tiles --bundle models/mine --fresh --seed 1
"""


def train(options: Namespace) -> int:
    """``soundmap train --data FOLDER``."""
    try:
        from soundmap.lab.training.run import recipe_from, train_bundle
    except ImportError as error:
        raise NotInstalled("needs_torch") from error
    recipe = recipe_from(vars(options))
    folders = (options.data, options.run, options.bundle.resolve())
    manifest = train_bundle(*folders, recipe, options.threads, options.fresh, progress)
    validation = manifest.metrics["validation"]
    facts = {"bundle": manifest.id, "folder": str(options.bundle), "validation": validation}
    tell(options, facts, lambda: show_report({"bundle": manifest.id, **validation}))
    return 0


def add(commands: Commands) -> None:
    """Adds ``train`` to a parser's commands."""
    text = "Train a network on tile files; seal it as a bundle."
    parser = add_command(commands, "train", text, _EXAMPLES)
    parser.add_argument(
        "--data",
        type=Path,
        required=True,
        metavar="FOLDER",
        help="tiles-training.npz, tiles-validation.npz and tracks.csv",
    )
    parser.add_argument(
        "--run",
        type=Path,
        default=Path("runs/overview"),
        metavar="FOLDER",
        help="checkpoints; a run left unfinished here goes on (default runs/overview)",
    )
    parser.add_argument("--fresh", action="store_true", help="start the run over")
    usual = Recipe()
    for flag, kind, text in (
        ("--width", int, filled("filters of the first layer (default {width})", width=usual.width)),
        ("--epochs", int, filled("how many (default {usual})", usual=usual.epochs)),
        ("--batch-size", int, "tiles in a step"),
        ("--learning-rate", float, "the highest of the run"),
        ("--seed", int, "of every random choice"),
        ("--threads", int, "processor cores to use (default: all)"),
    ):
        parser.add_argument(flag, type=kind, help=text)
    parser.set_defaults(call=train)
