"""Makes map-page.png: the map's page in a real Chromium, with a track of the catalog as the sound.

python docs/map_page.py
"""

from __future__ import annotations

import shutil
import tempfile
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from soundmap.bundle.listener import Listener
from soundmap.catalog.layout import read_layout
from soundmap.map.page import Sound, page_of, write_page
from soundmap.recommendation.nearest import recommend
from soundmap.recommendation.request import Request

TRACK_ID = 75398
SIZE = {"width": 1280, "height": 760}


def page_with(listener: Listener, track_id: int) -> str:
    """The page with a track and three that sound like it."""
    catalog, manifest = listener.catalog, listener.manifest
    row = catalog.row_of(track_id)
    heard = manifest.analysis_of(catalog, row)
    answer = recommend(heard, catalog, Request(count=3))
    sound = Sound(catalog.track(row).title, answer)
    return page_of(catalog, read_layout(listener.folder), [sound])


def photograph(page: Path) -> bytes:
    """A PNG of the page with all of the map in view."""
    software = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=software)
        tab = browser.new_page(viewport=SIZE, color_scheme="dark", reduced_motion="reduce")
        tab.goto(page.as_uri())
        tab.wait_for_timeout(1_000)
        tab.evaluate("scene.showAll()")
        tab.wait_for_timeout(1_000)
        return tab.screenshot()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "map.html"
        write_page(file, page_with(Listener(), TRACK_ID))
        shot = Image.open(BytesIO(photograph(file))).convert("RGB")
    small = shot.resize((1024, 608), Image.Resampling.LANCZOS).quantize(256, kmeans=4, dither=0)
    small.save(Path(__file__).with_name("map-page.png"), optimize=True)
