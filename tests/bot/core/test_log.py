"""What libraries log is short, has no account numbers, and is no storm."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest

from bot.core.log import Calm
from bot.core.mouths import brief


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
