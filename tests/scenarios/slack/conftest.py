from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import SHARED
from tests.scenarios.slack.world import SlackWorld, slack_world


@pytest.fixture(scope="session")
def demo(demo: Path) -> Path:
    """A real clip where there is one beside this checkout, else the sound that we make."""
    clip = SHARED / "clips" / "000002.mp3"
    return clip if clip.exists() else demo


@pytest.fixture(scope="module")
def slack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SlackWorld]:
    """A workspace for a module, which in the end saw nothing wrong."""
    with slack_world(tmp_path_factory.mktemp("slack")) as made:
        yield made
        assert made.problems == []
        assert made.hosts_shown_token == []
        assert "Traceback" not in made.log()
