from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import SHARED


@pytest.fixture(scope="session")
def demo(demo: Path) -> Path:
    """A real clip where there is one beside this checkout, else the sound that we make."""
    clip = SHARED / "clips" / "000002.mp3"
    return clip if clip.exists() else demo
