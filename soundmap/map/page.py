"""The map as one HTML file: all tracks, search, filters, and sounds with their picks.

The file loads nothing from elsewhere.  Its content security policy allows only the scripts and
styles inside it, by their hashes.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any
from urllib.parse import quote

from soundmap.catalog.licenses import LICENSES, license_of, passes
from soundmap.catalog.searches import SEARCH_URL
from soundmap.catalog.table import Catalog
from soundmap.errors import BadRequest
from soundmap.files import replacing
from soundmap.map.atlas import ACCENT, DAY, GRAY, NIGHT, genre_colors
from soundmap.map.placing import place
from soundmap.types import Floats, Recommendation
from soundmap.wording import heard_sentence, note_sentence, reason_phrase
from soundmap.wording.credits import license_notes
from soundmap.wording.filters import license_wish

ICON = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E"
    f"%3Ctext y='13' font-size='15' fill='{quote(ACCENT)}'%3E★%3C/text%3E%3C/svg%3E"
)
STYLES = ("page.css",)
SCRIPTS = (
    "vendor/deck.min.js",
    "tracks.js",
    "dots.js",
    "scene.js",
    "marks.js",
    "panel.js",
    "start.js",
)
_WISHES = [wish for wish in LICENSES if wish != "any"]


@dataclass(frozen=True, slots=True)
class Sound:
    """A sound to mark with a star, its ``name`` on the page, and what was found near it."""

    name: str
    answer: Recommendation


def page_of(catalog: Catalog, layout: Floats, sounds: Sequence[Sound] = ()) -> str:
    """HTML of the map of a ``catalog`` whose tracks lie at ``layout`` (n, 2), with ``sounds``.

    It takes about 0.7 MB plus 200 bytes per track.  Titles and names are shown as plain text,
    never as markup.
    """
    facts = _tracks(catalog, layout)
    facts["queries"] = [_query(sound, catalog, layout) for sound in sounds]
    styles, scripts = ([_asset(name) for name in names] for names in (STYLES, SCRIPTS))
    policy = (
        "default-src 'none'; base-uri 'none'; form-action 'none'; img-src data:;"
        f" style-src {_hashes(styles)}; script-src {_hashes(scripts)};"
        " require-trusted-types-for 'script'; trusted-types 'none'"
    )
    return Template(_asset("page.html")).substitute(
        policy=html.escape(policy, quote=False),
        icon=html.escape(ICON),
        styles="\n".join(f"<style>{text}</style>" for text in styles),
        scripts="\n".join(f"<script>{text}</script>" for text in scripts),
        tracks=_in_script(facts),
    )


def checked_target(path: Path) -> Path:
    """Returns ``path`` if it is named like a page.  Raises BadRequest ``not_a_page`` otherwise.

    Any other name may be a song that would be overwritten.
    """
    if path.suffix.casefold() not in (".html", ".htm"):
        raise BadRequest("not_a_page", path=path)
    return path


def write_page(path: Path, page: str) -> None:
    """Writes a page at once: a reader sees the old one or the new one.  Raises OSError."""
    with replacing(path) as part:
        part.write_text(page, encoding="utf-8")


def _tracks(catalog: Catalog, layout: Floats) -> dict[str, Any]:
    """The tracks by column, in the order of the catalog's rows."""
    columns = catalog.columns
    genres, genre = _numbered(columns["genre"])
    shades = {ground: genre_colors(genres, ground) for ground in (NIGHT, DAY)}
    licenses, of_license = _numbered(columns["license"])
    return {
        "points": base64.b64encode(layout.astype("<f4").tobytes()).decode(),
        "titles": columns["title"],
        "artists": columns["artist"],
        "genre": genre,
        "genres": [
            {"name": name, **{ground: shades[ground][name] for ground in shades}} for name in genres
        ],
        "gray": GRAY,
        "license": of_license,
        "licenses": [_license_json(name) for name in licenses],
        "wishes": [{"wish": wish, "text": license_wish(wish)} for wish in _WISHES],
        "search": SEARCH_URL,
        "pages": [_page(catalog.track(row).url) for row in range(len(catalog))],
    }


def _query(sound: Sound, catalog: Catalog, layout: Floats) -> dict[str, Any]:
    analysis = sound.answer.analysis
    x, y = place(analysis.embedding, catalog, layout)
    picks = [
        {
            "row": catalog.row_of(pick.track.track_id),
            "why": ", ".join(map(reason_phrase, pick.reasons)),
        }
        for pick in sound.answer.picks
    ]
    heard = heard_sentence(analysis)
    notes = [note_sentence(it) for it in (*sound.answer.notes, *license_notes(sound.answer.picks))]
    return {"name": sound.name, "heard": heard, "x": x, "y": y, "picks": picks, "notes": notes}


def _numbered(values: Sequence[Any]) -> tuple[list[Any], list[int]]:
    """The distinct values, sorted, and the index of each value among them."""
    distinct = sorted(set(values))
    numbers = {value: number for number, value in enumerate(distinct)}
    return distinct, [numbers[value] for value in values]


def _license_json(text: str) -> dict[str, Any]:
    """A license's name, empty if it is not known, and all that it is if it is asked for."""
    license_ = license_of(text)
    return {
        "name": license_.name,
        "passes": [wish for wish in _WISHES if passes(license_, wish)],
    }


def _page(address: str) -> str:
    """An address, shortened if it is a search of the archive."""
    return f"?{address.removeprefix(SEARCH_URL)}" if address.startswith(SEARCH_URL) else address


def _in_script(facts: dict[str, Any]) -> str:
    """JSON in ASCII without ``<``, ``>`` and ``&``, so that no title can close the script tag."""
    text = json.dumps(facts, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _hashes(texts: Sequence[str]) -> str:
    """The texts as sources of a content security policy."""
    digests = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in texts]
    return " ".join(f"'sha256-{digest}'" for digest in digests)


@lru_cache
def _asset(name: str) -> str:
    return files("soundmap.map").joinpath("assets", name).read_text(encoding="utf-8")
