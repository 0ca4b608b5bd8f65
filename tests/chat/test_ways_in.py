"""Every way in answers with five picks for a real sound."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chat.world import FAKE, World, file, world

pytestmark = pytest.mark.skipif(
    not FAKE.exists(), reason="no loopback Discord beside this checkout"
)


@pytest.fixture(scope="module")
def discord(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(tmp_path_factory.mktemp("world")) as made:
        yield made


def test_recommend_a_file(discord: World, demo: Path) -> None:
    shown = discord.slash("recommend", options={"file": file(demo)})["shown"]
    assert shown["embeds"][1]["description"].count("](http") == 5
