from __future__ import annotations

import re
from collections import Counter

from soundmap.map.atlas import ACCENT
from tests.house.source import LIBRARY, ROOT


def test_each_color_is_written_once() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in LIBRARY)
    counted = Counter(re.findall(r"#[0-9a-f]{6}\b", source))
    assert counted and set(counted.values()) == {1}


def test_the_page_has_the_accent_of_the_pictures() -> None:
    style = (ROOT / "soundmap/map/assets/page.css").read_text(encoding="utf-8")
    assert style.index(f"--accent: {ACCENT};") < style.index('[data-ground="light"]')
