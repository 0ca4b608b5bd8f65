"""The map's page as people use it: in a real browser, by mouse and by keys."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from soundmap.bundle.listener import Listener
from soundmap.catalog.table import Catalog
from soundmap.map.atlas import genre_colors
from soundmap.map.page import Sound, page_of
from soundmap.recommendation.request import Request
from soundmap.types import Floats, Recommendation

pytestmark = pytest.mark.timeout(300)
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
needs_chromium = pytest.mark.skipif(not CHROMIUM, reason="no Chromium here to drive")
SOFTWARE = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
PATIENCE_MS = 180_000  # software draws the map, on a machine that may be busy
EVIL = '</script><img src=x onerror="document.title=1">&amp;\u2028'
Open = Callable[..., Page]


@pytest.fixture(scope="module")
def layout(listener: Listener) -> Floats:
    """Some place for each track: what the page does is the same wherever tracks lie."""
    flat = np.array(listener.catalog.points.values[:, :2])
    flat -= (flat.max(axis=0) + flat.min(axis=0)) / 2
    return np.asarray(flat / np.abs(flat).max())


@pytest.fixture(scope="module")
def answer(listener: Listener, demo: Path) -> Recommendation:
    return listener.recommend(demo, Request())


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=CHROMIUM, args=SOFTWARE, timeout=PATIENCE_MS
        )
        yield browser
        browser.close()


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[Open]:
    """Opens a page; in the end nothing was said on the console and nothing asked of anybody."""
    troubles: list[str] = []
    contexts = []

    def open_page(text: str, **wishes: Any) -> Page:
        path = tmp_path / "map.html"
        path.write_text(text, encoding="utf-8")
        context = browser.new_context(**{"reduced_motion": "reduce", **wishes})
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        context.route(re.compile("^(?!file:)"), lambda route: route.abort())
        page = context.new_page()
        page.on("console", lambda message: troubles.append(message.text))
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("request", lambda request: troubles.append(request.url))
        page.goto(path.as_uri())
        until(page, "document.querySelector('#board canvas')")
        return page

    yield open_page
    for context in contexts:
        context.close()
    file = (tmp_path / "map.html").as_uri()
    assert [trouble for trouble in troubles if trouble != file] == []


def until(page: Page, holds: str) -> None:
    """Waits for a script to be true; the page's own policy lets nothing in it wait by a text."""
    end = time.monotonic() + PATIENCE_MS / 1_000
    while not page.evaluate(holds):
        assert time.monotonic() < end, holds
        page.wait_for_timeout(50)


def with_rows(catalog: Catalog, changes: dict[str, dict[int, str]]) -> Catalog:
    """The catalog with some cells changed."""
    columns = {
        name: tuple(changes.get(name, {}).get(row, cell) for row, cell in enumerate(cells))
        for name, cells in catalog.columns.items()
    }
    return Catalog(catalog.points.values, catalog.probabilities, columns)


def repeated(catalog: Catalog, layout: Floats, n: int) -> tuple[Catalog, Floats]:
    """A catalog of ``n`` tracks: the same ones again and again, somewhat moved."""
    rows = np.arange(n) % len(catalog)
    columns = {name: tuple(cells[row] for row in rows) for name, cells in catalog.columns.items()}
    columns["track_id"] = tuple(map(str, range(n)))
    moved = layout[rows] + np.random.default_rng(0).normal(0, 0.02, (n, 2)).astype(np.float32)
    many = Catalog(np.zeros((n, 2), np.float32), np.zeros((n, 8), np.float32), columns)
    return many, moved / np.abs(moved).max()


def pixel(page: Page, row: int) -> tuple[float, float]:
    """Where a track is on the screen."""
    left, top = page.evaluate(
        "row => scene.pixels(tracks.points[2 * row], tracks.points[2 * row + 1])", row
    )
    return left, top


def search(page: Page, text: str, found: str) -> None:
    page.locator("#search").fill(text)
    expect(page.locator("#found")).to_have_text(found, timeout=PATIENCE_MS)


def lonely(layout: Floats) -> int:
    """A row with no other within reach of a pointer."""
    some = layout[:: max(1, len(layout) // 500)]
    away = np.sqrt(((some[:, None] - layout[None]) ** 2).sum(axis=2))
    nearest = np.sort(away, axis=1)[:, 1]
    return int(nearest.argmax()) * max(1, len(layout) // 500)


@needs_chromium
@pytest.mark.parametrize("n", [7_194, 100_000])
def test_search_filter_hover_click_and_zoom(
    opened: Open, listener: Listener, layout: Floats, n: int
) -> None:
    catalog, places = listener.catalog, layout
    if n != len(catalog):
        catalog, places = repeated(catalog, layout, n)
    row = lonely(places)
    page_url = "https://freemusicarchive.org/music/somebody/one"
    named = {"title": {row: "Zwölf Uhr"}, "artist": {row: "Only Me"}, "page_url": {row: page_url}}
    page = opened(page_of(with_rows(catalog, named), places))
    assert f"{n:,} tracks" in page.locator("#about").inner_text()

    page.mouse.move(*pixel(page, row))
    card = page.locator("#card")
    expect(card).to_be_visible(timeout=PATIENCE_MS)
    assert "Zwölf Uhr" in card.inner_text() and "Only Me" in card.inner_text()

    with page.context.expect_page() as another:
        page.mouse.click(*pixel(page, row))
    assert another.value.evaluate("window.opener") is None
    assert page.evaluate("row => pageOf(row)", row) == page_url
    another.value.close()

    before = page.evaluate("scene.nearer()")
    page.mouse.wheel(0, -300)
    until(page, f"scene.nearer() > {before} + 0.3")
    page.locator("[data-do=all]").dispatch_event("click")
    until(page, "Math.abs(scene.nearer()) < 1e-6")

    search(page, "zwolf ONLY", "1 track")
    assert page.locator("#results strong").all_inner_texts() == ["Zwölf Uhr"]
    search(page, "no such track anywhere", "0 tracks")
    page.locator("#search").fill("")
    page.locator("#license").select_option("permissive")
    free = sum(kind == "permissive" for kind in catalog.columns["license_class"])
    listed = f"{free:,} tracks, the first 100 listed"
    expect(page.locator("#found")).to_have_text(listed, timeout=PATIENCE_MS)
    page.locator("#license").select_option("")
    for name in sorted(set(catalog.columns["genre"]) - {"Folk"}):
        page.locator(f"#genres input[value='{name}']").dispatch_event("click")
    folk = catalog.columns["genre"].count("Folk")
    listed = f"{folk:,} tracks, the first 100 listed"
    expect(page.locator("#found")).to_have_text(listed, timeout=PATIENCE_MS)
    assert page.locator("#results li").count() == 100


@needs_chromium
def test_the_buttons_zoom_as_often_as_they_are_pressed_though_it_glides(
    opened: Open, listener: Listener, layout: Floats
) -> None:
    page = opened(page_of(listener.catalog, layout), reduced_motion="no-preference")
    for step in range(1, 4):
        page.locator("[data-do=in]").dispatch_event("click")
        until(page, f"Math.abs(scene.nearer() - {step}) < 1e-3")
    page.locator("[data-do=all]").dispatch_event("click")
    until(page, "Math.abs(scene.nearer()) < 1e-3")


@needs_chromium
def test_the_cloud_is_drawn_in_the_colors_of_its_genres(
    opened: Open, listener: Listener, layout: Floats, tmp_path: Path
) -> None:
    from PIL import Image

    for scheme in ("dark", "light"):
        page = opened(page_of(listener.catalog, layout), color_scheme=scheme)
        page.wait_for_timeout(1_000)
        page.screenshot(path=tmp_path / "seen.png", timeout=PATIENCE_MS)
        seen = np.asarray(Image.open(tmp_path / "seen.png").convert("RGB"), int).reshape(-1, 3)
        assert (seen[:9].mean() < 60) == (scheme == "dark")
        for color in genre_colors(listener.manifest.labels, scheme).values():
            wanted = np.array(list(bytes.fromhex(color[1:])))
            assert (np.abs(seen - wanted).max(axis=1) < 40).sum() > 20, color


@needs_chromium
def test_a_sound_and_its_picks_are_marked_and_listed(
    opened: Open, listener: Listener, layout: Floats, answer: Recommendation
) -> None:
    sounds = [Sound("first.wav", answer), Sound(EVIL, replace(answer, picks=answer.picks[:2]))]
    page = opened(page_of(listener.catalog, layout, sounds))
    assert page.locator(".star span").all_inner_texts()[0] == "first.wav"
    assert page.locator(".star span").nth(1).text_content() == EVIL
    assert page.locator(".pick").all_inner_texts() == ["1", "2", "3", "4", "5", "1", "2"]
    far = "line => Math.hypot(line.x2.baseVal.value - line.x1.baseVal.value,"
    far += " line.y2.baseVal.value - line.y1.baseVal.value)"
    assert max(page.locator("#lines line").evaluate_all(f"all => all.map({far})")) < 120
    lists = page.locator("#queries ol")
    titles = [pick.track.title for pick in answer.picks]
    assert lists.first.locator("strong").all_inner_texts() == titles
    lists.first.locator("button").nth(2).dispatch_event("click")
    assert titles[2] in page.locator("#card").inner_text()
    assert titles[2] in page.locator("#said").inner_text()


@needs_chromium
def test_many_sounds_are_told_apart_and_the_search_stays_in_reach(
    opened: Open, listener: Listener, layout: Floats, answer: Recommendation
) -> None:
    sounds = [Sound(f"{number}.wav", answer) for number in range(28)]
    page = opened(page_of(listener.catalog, layout, sounds))
    letters = [chr(ord("A") + number) for number in range(26)] + ["AA", "BB"]
    assert page.locator(".star text").all_text_contents() == letters
    told = "all => all.map(e => e.dataset.letter)"
    assert page.locator("#queries h2").evaluate_all(told) == letters
    assert page.locator(".pick").evaluate_all(told)[:6] == ["A"] * 5 + ["B"]
    color = "all => all.map(e => getComputedStyle(e).{})"
    fills = page.locator(".star svg").evaluate_all(color.format("fill"))
    assert len(set(fills[:8])) == 8
    shown = page.locator(".pick").evaluate_all(color.format("backgroundColor"))
    assert shown == [fill for fill in fills for _ in answer.picks]
    page.locator("#queries section").last.scroll_into_view_if_needed()
    box = page.locator("#search").bounding_box()
    height = page.evaluate("innerHeight")
    assert box and 0 <= box["y"] < box["y"] + box["height"] <= height
    on_top = "p => document.elementFromPoint(...p).id"
    assert page.evaluate(on_top, [box["x"] + 20, box["y"] + box["height"] / 2]) == "search"


@needs_chromium
def test_one_sound_alone_has_no_letter(
    opened: Open, listener: Listener, layout: Floats, answer: Recommendation
) -> None:
    page = opened(page_of(listener.catalog, layout, [Sound("a.wav", answer)]))
    assert page.locator("[data-letter]").count() == 0


@needs_chromium
def test_the_map_moves_to_what_a_search_finds_and_back(
    opened: Open, listener: Listener, layout: Floats
) -> None:
    row = lonely(layout)
    catalog = with_rows(listener.catalog, {"title": {row: "Zwölf Uhr"}})
    page = opened(page_of(catalog, layout))
    search(page, "zwolf uhr", "1 track")
    until(page, "scene.nearer() > 1")
    left, top = pixel(page, row)
    width, height = page.evaluate("[scene.holder.clientWidth, scene.holder.clientHeight]")
    assert abs(left - width / 2) < 2 and abs(top - height / 2) < 2
    page.locator("#search").press("Enter")
    expect(page.locator("#card")).to_be_visible(timeout=PATIENCE_MS)
    assert "Zwölf Uhr" in page.locator("#card").inner_text()
    page.locator("#search").fill("")
    until(page, "Math.abs(scene.nearer()) < 1e-6")


@needs_chromium
def test_titles_with_markup_stay_text_and_only_web_pages_are_opened(
    opened: Open, listener: Listener, layout: Floats
) -> None:
    evil = {
        "title": {0: EVIL, 1: "javascript", 2: "data"},
        "artist": {0: f"<b>{EVIL}</b>", 1: "nobody-here", 2: "nobody-here"},
        "page_url": {1: "javascript:alert(1)", 2: "data:text/html,x"},
        "genre": {0: EVIL},
        "license": {0: EVIL},
    }
    page = opened(page_of(with_rows(listener.catalog, evil), layout))
    search(page, "onerror", "1 track")
    assert page.locator("#results strong").text_content() == EVIL
    page.locator("#results button").dispatch_event("click")
    assert page.locator("#card strong").text_content() == EVIL
    assert page.title() == "SoundMap" and page.locator("img").count() == 0
    search(page, "nobody-here", "2 tracks")
    assert page.locator("#results a").count() == 0
    assert page.evaluate("[pageOf(1), pageOf(2)]") == [None, None]
    for link in page.evaluate("tracks.titles.map((_, row) => pageOf(row)).filter(Boolean)"):
        assert link.startswith(("https://", "http://"))


@needs_chromium
def test_all_can_be_done_by_keys(opened: Open, listener: Listener, layout: Floats) -> None:
    page = opened(page_of(listener.catalog, layout))
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "search"
    page.keyboard.type("love")
    until(page, "document.querySelectorAll('#results li').length > 3")
    for _ in range(60):
        if page.evaluate("document.activeElement.className") == "entry":
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert "On the map: " in page.locator("#said").inner_text()
    expect(page.locator("#card")).to_be_visible(timeout=PATIENCE_MS)
    page.keyboard.press("Escape")
    expect(page.locator("#card")).to_be_hidden(timeout=PATIENCE_MS)
    page.locator("#map").focus()
    before = page.evaluate("scene.nearer()")
    page.keyboard.press("+")
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("scene.nearer()") > before
    assert "In the middle: " in page.locator("#said").inner_text()
    for element in page.locator("button:visible, a:visible, input, select").all():
        assert element.get_attribute("tabindex") != "0"
    names = page.evaluate(
        "[...document.querySelectorAll('button, a, input, select')].map("
        "e => e.getAttribute('aria-label') || e.textContent || e.labels?.[0]?.textContent)"
    )
    assert all(name.strip() for name in names)


@needs_chromium
@pytest.mark.parametrize("width", [390, 320])
def test_it_fits_a_phone(
    opened: Open, listener: Listener, layout: Floats, answer: Recommendation, width: int
) -> None:
    text = page_of(listener.catalog, layout, [Sound("a" * 300, answer)])
    page = opened(text, viewport={"width": width, "height": 800}, has_touch=True)
    for part in ("html", "aside"):
        assert page.evaluate(f"document.querySelector('{part}').scrollWidth") <= width, part
    assert page.evaluate("scene.holder.clientHeight") > 300
    page.touchscreen.tap(*pixel(page, listener.catalog.row_of(answer.picks[0].track.track_id)))
    expect(page.locator("#card")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.locator("#card a")).to_be_visible(timeout=PATIENCE_MS)


def test_what_the_page_may_do_stands_in_its_policy(listener: Listener, layout: Floats) -> None:
    text = page_of(listener.catalog, layout)
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)
    assert policy and policy[1].startswith("default-src 'none';")
    assert "unsafe" not in policy[1] and "http" not in policy[1]
    assert "trusted-types 'none'" in policy[1]
    markup = re.sub(r"<(script|style)[^>]*>.*?</\1>", "", text, flags=re.DOTALL)
    assert not re.search(r"\son\w+=|\sstyle=|\ssrc=", markup)
