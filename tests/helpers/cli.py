"""Runs the ``soundmap`` command in this process; gives its exit status and output."""

from __future__ import annotations

import json
import os
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from typing import Any
from unittest.mock import patch

from soundmap.cli.main import main


@dataclass(frozen=True)
class Done:
    """A finished command: its exit status and output."""

    returncode: int
    stdout: str
    stderr: str


def run(*arguments: object) -> Done:
    """Runs a command as a shell would, without changing this process's environment."""
    words, out, err = list(map(str, arguments)), StringIO(), StringIO()
    with (
        patch.object(sys, "argv", ["soundmap", *words]),
        patch.dict(os.environ),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        try:
            status = main()
        except SystemExit as ended:
            status = int(ended.code or 0)
    return Done(status, out.getvalue(), err.getvalue())


def answer(*arguments: object) -> dict[str, Any]:
    """The JSON document of a command; fails if the command does."""
    done = run(*arguments, "--json")
    assert done.returncode == 0, done
    document: dict[str, Any] = json.loads(done.stdout)
    return document
