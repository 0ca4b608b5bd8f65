from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.loopback.client import Client


@pytest.fixture
def bot() -> Iterator[Client]:
    with Client() as made:
        yield made


@pytest.fixture
def online(bot: Client) -> Client:
    """A bot that is connected."""
    assert bot.connect() is None
    return bot
