"""Converts values to rows and back, without loss."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import UTC, datetime
from typing import Any, TypeVar, get_origin, get_type_hints

import numpy as np

from bot.types import KeptList, MixSound
from soundmap.recommendation.request import Request
from soundmap.types import Analysis, ByTaste, Floats, Note, Traits, Window

T = TypeVar("T")
_MOST_LETTERS = 200  # of what a sound is called


def sound_row(analysis: Analysis) -> dict[str, object]:
    """Columns of an analysis: the arrays as bytes, the rest as JSON."""
    document = {
        "seconds": analysis.seconds,
        "labels": analysis.labels,
        "traits": asdict(analysis.traits),
        "sure": analysis.sure,
        "notes": [asdict(note) for note in analysis.notes],
        "duration_s": analysis.duration_s,
        "windows": [asdict(window) for window in analysis.windows],
    }
    return {
        "clip_sha256": analysis.sound_id,
        "bundle_id": analysis.bundle_id,
        "document": json.dumps(document, default=_plain),
        "probabilities": _bytes(analysis.probabilities),
        "embedding": _bytes(analysis.embedding),
    }


def analysis_of(row: sqlite3.Row) -> Analysis:
    """The analysis in a row."""
    document = json.loads(row["document"])
    return Analysis(
        bundle_id=row["bundle_id"],
        clip_sha256=row["clip_sha256"].partition("@")[0],
        seconds=document["seconds"],
        labels=tuple(document["labels"]),
        probabilities=_floats(row["probabilities"]),
        embedding=_floats(row["embedding"]),
        traits=_built(Traits, document["traits"]),
        sure=document["sure"],
        notes=tuple(_built(Note, note) for note in document["notes"]),
        duration_s=document.get("duration_s", document["seconds"]),  # not kept by earlier versions
        windows=tuple(_built(Window, window) for window in document.get("windows", ())),
    )


def mix_sound_row(sound: MixSound) -> dict[str, object]:
    """Columns of a sound of a mix; what its name has that is no text becomes a question mark."""
    name = sound.name[:_MOST_LETTERS].encode(errors="replace").decode()
    named = {"name": name, "catalog": sound.catalog, "track_id": sound.track_id}
    return {**sound_row(sound.analysis), **named, "is_away": sound.is_away}


def mix_sound_of(row: sqlite3.Row) -> MixSound:
    """The sound of a mix in a row."""
    is_away = bool(row["is_away"]) if "is_away" in row.keys() else False  # noqa: SIM118
    named = {name: row[name] for name in ("name", "catalog", "track_id")}
    return MixSound(analysis_of(row), **named, is_away=is_away)


def request_text(request: Request) -> str:
    """A request as JSON."""
    return json.dumps(asdict(request), default=_plain)


def request_of(text: str) -> Request:
    """A request from JSON, of this or an earlier version of the program."""
    return _built(Request, json.loads(text))


def kept_list_of(
    row: sqlite3.Row, picks: Sequence[sqlite3.Row], sounds: Sequence[sqlite3.Row]
) -> KeptList:
    """The list in a row, its picks by rank, and its sounds if it is one of a mix."""
    names = ("id", "person", "bundle_id", "clip_sha256", "seed_track_id")
    request = request_of(row["request"])
    return KeptList(
        **{name: row[name] for name in names},
        request=request,
        track_ids=tuple([pick["track_id"] for pick in picks]),
        by_taste=tuple([_by_taste(pick) for pick in picks]),
        sounds=tuple(map(mix_sound_of, sounds)),
    )


def _by_taste(pick: sqlite3.Row) -> ByTaste | None:
    return ByTaste(pick["by_taste"], pick["liked_track_id"]) if pick["by_taste"] else None


def iso(at: int) -> str:
    """A time in seconds since 1970 as ISO 8601, UTC."""
    return datetime.fromtimestamp(at, UTC).isoformat()


def _built(kind: type[T], given: dict[str, Any]) -> T:
    """A dataclass from its JSON; unknown fields are ignored."""
    hints = get_type_hints(kind)
    names = [field.name for field in fields(kind) if field.name in given]  # type: ignore[arg-type]
    return kind(**{name: _typed(hints[name], given[name]) for name in names})


def _typed(hint: Any, value: Any) -> Any:
    origin = get_origin(hint)
    return origin(value) if origin in (tuple, frozenset) else value


def _plain(value: Any) -> Any:
    """Sets and NumPy numbers as JSON can hold them."""
    return sorted(value) if isinstance(value, set | frozenset) else value.item()


def _bytes(values: Floats) -> bytes:
    return np.asarray(values, dtype="<f4").tobytes()


def _floats(blob: bytes) -> Floats:
    return np.frombuffer(blob, dtype="<f4").astype(np.float32)
