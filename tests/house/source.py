"""The source files by path, and what each imports."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LIBRARY = sorted((ROOT / "soundmap").rglob("*.py"))
BOT = sorted((ROOT / "bot").rglob("*.py"))
COGS = sorted((ROOT / "cogs").rglob("*.py"))
PRODUCT = [*LIBRARY, *BOT, *COGS]
OURS = {"soundmap", "bot", "cogs"}


def name_of(path: Path) -> str:
    """The path of a file within the project, such as ``soundmap/audio/decode.py``."""
    return path.relative_to(ROOT).as_posix()


def imports_of(path: Path) -> set[str]:
    """Every import of a file, such as ``soundmap.errors.BadSound``.

    Includes imports inside functions and those for type checkers.
    """
    return set(_imports(ast.parse(path.read_text(encoding="utf-8"))))


def _imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.module and not node.level, "imports are absolute here"
            yield from (f"{node.module}.{name.name}" for name in node.names)


def packages_of(path: Path) -> set[str]:
    """The top-level packages that a file imports."""
    return {name.split(".")[0] for name in imports_of(path)}


def files_of(path: Path) -> set[Path]:
    """The files of the project that a file imports."""
    ours = (name for name in imports_of(path) if name.split(".")[0] in OURS)
    return {file for name in ours for file in _files(name)}


def _files(name: str) -> Iterator[Path]:
    """The file of a module, or of the module that defines a name."""
    parts = name.split(".")
    for depth in (len(parts), len(parts) - 1):
        place = ROOT.joinpath(*parts[:depth])
        for file in (place.with_suffix(".py"), place / "__init__.py"):
            if depth and file.is_file():
                yield file
                return
