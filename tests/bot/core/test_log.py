"""What is logged is words, and of libraries short, without account numbers, and no storm."""

from __future__ import annotations

import ast
import asyncio
import io
import logging
import re
import socket
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest

from bot.core.log import Calm
from bot.core.mouths import brief
from tests.helpers.coroutines import law
from tests.helpers.waiting import free_port
from tests.house.source import PRODUCT


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(Calm())
    root = logging.getLogger()
    root.addHandler(handler)
    yield stream
    root.removeHandler(handler)


def test_a_library_that_repeats_itself_is_heard_once_a_minute(log: io.StringIO) -> None:
    for number in range(300):
        logging.getLogger("some.library").error("attempt %d failed", number)
    assert log.getvalue() == "attempt 0 failed\n"


def test_a_library_has_one_line_and_no_numbers_of_accounts(log: io.StringIO) -> None:
    try:
        raise KeyError("900000000000000001")
    except KeyError:
        logging.getLogger("some.library").exception("of user %s\nin U0123ABCDEF", 9 * 10**17 + 1)
    [line] = log.getvalue().splitlines()
    assert line.startswith("of user … in …: KeyError '…' at test_log.py:")


def test_our_own_errors_keep_their_traceback(log: io.StringIO) -> None:
    try:
        raise KeyError("x")
    except KeyError:
        logging.getLogger("bot.core").exception("it failed")
    assert "Traceback" in log.getvalue()


def test_a_reason_is_one_line() -> None:
    page = "503: gateway\n<!DOCTYPE html>\n<html><body>" + "sorry " * 500
    assert brief(page) == "503: gateway"
    assert brief(TimeoutError()) == "TimeoutError"
    assert len(brief("x" * 10_000)) == 200


async def errors_of_a_machine() -> list[BaseException]:
    """Errors as the system, asyncio and aiohttp raise them, and collections of them."""
    found: list[BaseException] = []
    nobody, missing = free_port(), Path("/no/such/folder/file")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        for attempt in (
            lambda: asyncio.start_server(lambda *_: None, "127.0.0.1", port),
            lambda: asyncio.open_connection("127.0.0.1", nobody),
            lambda: asyncio.to_thread(missing.read_bytes),
            lambda: _asked(f"http://127.0.0.1:{nobody}/"),
            lambda: _asked(f"https://127.0.0.1:{nobody}/"),
            lambda: _asked("https://name.invalid/"),
            _asked_for_secrecy,
        ):
            try:
                await attempt()
            except OSError as error:
                found.append(error)
    return found


async def _asked_for_secrecy() -> None:
    """Asks a server for TLS that speaks none."""

    def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 hello, this is mail\r\n")
        writer.close()

    async with await asyncio.start_server(greet, "127.0.0.1", 0) as server:
        await _asked(f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/")


async def _asked(address: str) -> None:
    async with aiohttp.ClientSession() as session, session.get(address):
        pass


@law
async def test_no_line_has_a_number_of_an_error_or_a_value_as_python_writes_it(
    log: io.StringIO,
) -> None:
    found = await errors_of_a_machine()
    assert len(found) == 7
    ours, theirs = logging.getLogger("bot.core"), logging.getLogger("some.library")
    for error in found:
        ours.error("it failed: %s", error)
        ours.error("all of %s and %s", [error], {"cause": error})
    ours.error("not allowed: %s", ("Embed Links", "Attach Files"))
    theirs.error("with %s at %s", found[0], object())
    text = log.getvalue()
    assert text.count("\n") == 2 * len(found) + 2
    assert "No such file or directory: /no/such/folder/file\n" in text
    assert not re.search(
        r"errno|\('|\(\"|\[\w*Error|object at|Error\(|ssl:|_ssl|\[SSL", text, re.IGNORECASE
    ), text
    assert "not allowed: Embed Links, Attach Files\n" in text


def test_every_line_of_ours_leaves_it_to_the_filter_to_find_words() -> None:
    calls = [(path, node) for path in PRODUCT for node in ast.walk(ast.parse(path.read_text()))]
    lines = [
        (path, node.args[0])
        for path, node in calls
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("debug", "info", "warning", "error", "exception", "critical")
        and ast.unparse(node.func.value).endswith("log")
    ]
    assert len(lines) > 40
    for path, text in lines:
        assert isinstance(text, ast.Constant), f"{path}: {ast.unparse(text)} is put together"
        assert "%r" not in str(text.value), f"{path}: {text.value!r}"
