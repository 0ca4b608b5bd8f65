"""Everything that the code calls can be found by searching for its name."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.source import PRODUCT, name_of

BY_NAME = {"getattr", "setattr", "delattr", "attrgetter", "methodcaller"}
NEVER = {"import_module", "__import__", "eval", "exec", "globals"}
TRAITS = ("soundmap/taste/beliefs.py",)
"""These read fields of ``Traits`` by name, and get numbers."""
FACE = "soundmap/__init__.py"  # its table spells out every module and name
ANSWERING = [path for path in PRODUCT if not name_of(path).startswith(("soundmap/lab/", FACE))]


def made_up(path: Path) -> Iterator[str]:
    """Calls in a file that reach something by a name not written in its source."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            called = getattr(node.func, "id", getattr(node.func, "attr", ""))
            built_in = isinstance(node.func, ast.Name)
            if called in NEVER and (built_in or called == "import_module"):
                yield ast.unparse(node)
            if called in BY_NAME and not all(map(is_text, names_in(node, called))):
                yield ast.unparse(node)


def names_in(call: ast.Call, called: str) -> list[ast.expr]:
    """The arguments that name what is accessed."""
    return call.args[1:2] if called.endswith("attr") else call.args


def is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


@pytest.mark.parametrize("path", ANSWERING, ids=name_of)
def test_nothing_is_reached_by_a_made_up_name(path: Path) -> None:
    assert not list(made_up(path)) or name_of(path) in TRAITS


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("getattr(self, f'_{command}_said')()", True),
        ("setattr(thing, name, 1)", True),
        ("operator.methodcaller(name)", True),
        ("importlib.import_module(name)", True),
        ("__import__('soundmap')", True),
        ("getattr(error, 'errno', None)", False),
        ("network.eval()", False),
    ],
)
def test_a_made_up_name_is_noticed(line: str, found: bool, tmp_path: Path) -> None:
    path = tmp_path / "example.py"
    path.write_text(line, encoding="utf-8")
    assert bool(list(made_up(path))) is found
