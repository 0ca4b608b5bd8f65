"""The tables of a report, in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from soundmap.lab.evaluation.metrics import wilson_interval

_NAMES = {
    "network": "this bundle",
    "vggish": "VGGish, the teacher",
    "mfcc": "MFCC statistics",
    "untrained": "the same network, untrained",
    "random": "tracks drawn at random",
}
_ABSENT = {
    "no_torch": "torch is not installed",
    "no_features": "there are no features-training.npz and features-validation.npz",
    "other_tracks": "its files lack tracks of the catalog",
}
_ALTERATIONS = {
    "unchanged": "unchanged",
    "mp3_64": "as MP3 of 64 kbps",
    "aac_64": "as mono AAC of 64 kbps",
    "opus_128": "as mono Opus of 128 kbps",
    "voice_message": "as a voice message, Opus of 32 kbps",
    "louder_6db": "6 dB louder, cut off at full scale",
    "quieter_6db": "6 dB quieter",
    "other_half": "first 15 s, looking for the last 15 s",
    "first_10s": "first 10 s",
    "first_5s": "first 5 s",
    "rate_8khz": "at a sample rate of 8 kHz",
    "telephone": "by telephone, 300 to 3,400 Hz, mu-law",
    "phone_in_a_room": "by phone in a room, 300 to 8,000 Hz, noise, Opus of 24 kbps",
}
_WORTH = ("picks_shared", "fitting_picks", "accuracy", "confidence", "ece")
_WORTH_HEAD = ("the clip", "picks shared", "fitting", "right", "probability", "error", "by chance")
_MEASURES = ("ndcg_at_10", "skewness_k10")

_TEMPLATE = """# {bundle}, measured

`soundmap evaluate --data FOLDER` writes this page; all its numbers are in `report.json`. In
parentheses stand 95 % intervals: Wilson's for shares of tracks, bootstrap over queries or tracks
for the rest.

## Genres

One answer a track, {n:,} validation tracks.

{summary}

{genres}

![Each genre's tracks by the genre they were heard as](confusion.png)

## Calibration

Answers gathered by the probability of the genre they name; perfect is one on the diagonal.

![Share of right answers against probability](reliability.png)

{reliability}

## Neighbors

How alike the ten nearest tracks are in genre (precision@k, nDCG@10), and how unevenly tracks are
recommended: the skewness of how often each is among the ten nearest, and the share that never is.
A query never gets its own recording.

Validation tracks ask the rest of the catalog, without tracks of their own artist:

{held_out}

Few queries recommend unevenly by chance: see the row of random tracks.

Each of the {n_catalog:,} tracks asks all others. The network learned from most of them, so here the
table above is the fair one; what this one shows is how much artists give away:

{catalog}

## Robustness

{robustness}
"""

_NO_CLIPS = "Not measured: `--audio FOLDER` names a folder of clips called by their track ids."
_ROBUSTNESS = """{n} clips whose own tracks are in the catalog, altered, look for themselves among\
 {n_catalog:,} tracks.
*Moved* is the median move, in medians of the distance from a track to the nearest other.

{table}

What it is worth to who asks: the share of the five picks that the clip gets unchanged, too; of
picks by other artists that have the track's genre; how often the genre heard is the track's, the
mean probability it is given, and the calibration error (five bins). *By chance* is the error of
true probabilities on so few clips: its mean, and what it exceeds in one case of twenty.

{worth}{songs}"""
_SONGS = """

Another part of the same song: of {songs} songs, each heard by one half of its windows and by the\
 other, the lists share {picks_shared:.1f} of 10 picks on average, and {keeps_genre:.0%} keep their\
 genre."""


def report_text(report: dict[str, Any]) -> str:
    """Markdown of the document that ``report.json`` holds."""
    first = next(row for row in report["spaces"] if "catalog" in row)
    n_catalog = first["catalog"]["with_artist"]["rows"]
    return _TEMPLATE.format(
        bundle=report["bundle"],
        n=report["n"],
        n_catalog=n_catalog,
        summary=_summary(report),
        genres=_genres(report),
        reliability=_reliability(report["reliability"]),
        held_out=_held_out(report["spaces"]),
        catalog=_catalog(report["spaces"]),
        robustness=_robustness(report["robustness"], n_catalog),
    )


def _summary(report: dict[str, Any]) -> str:
    accuracy = f"**{report['accuracy']:.1%}** {_span(report['accuracy_ci95'], '.1%')}"
    f1 = f"{report['macro_f1']:.3f} {_span(report['macro_f1_ci95'], '.3f')}"
    rows = (("accuracy", accuracy), ("macro F1", f1), ("calibration error", f"{report['ece']:.3f}"))
    return _table(("measure", "value"), rows)


def _genres(report: dict[str, Any]) -> str:
    """The interval of a precision goes by how many tracks were heard as the genre, that of a recall
    by how many have it.
    """
    matrix, rows = report["confusion"]["matrix"], []
    for i, (genre, of) in enumerate(report["per_genre"].items()):
        told = sum(row[i] for row in matrix)
        shares = [_share(matrix[i][i], told), _share(matrix[i][i], of["n"])]
        rows.append((genre, str(of["n"]), *shares, f"{of['f1']:.2f}"))
    return _table(("genre", "tracks", "precision", "recall", "F1"), rows)


def _reliability(bins: Sequence[dict[str, float]]) -> str:
    rows = [
        (
            f"{one['low']:.2f} to {one['high']:.2f}",
            f"{one['n']}",
            f"{one['confidence']:.2f}",
            f"{one['accuracy']:.2f} {_span((one['least'], one['most']), '.2f')}",
        )
        for one in bins
    ]
    return _table(("probability", "tracks", "mean probability", "right"), rows)


def _held_out(spaces: Sequence[dict[str, Any]]) -> str:
    head = ("space", "metric", "precision@1", "@5", "@10", "nDCG@10", "skewness", "never")
    rows = []
    for row in spaces:
        one = row.get("validation")
        if one is None:
            rows.append((*_named(row), *["–"] * 6))
            continue
        at = {k: f"{one[f'precision_at_{k}']:.3f}" for k in (1, 5, 10)}
        at[5] += f" {_span(one['precision_at_5_ci95'], '.3f')}"
        rest = [f"{one['ndcg_at_10']:.3f}", f"{one['skewness_k10']:.2f}"]
        rows.append((*_named(row), *at.values(), *rest, f"{one['never_recommended']:.1%}"))
    return _table(head, rows) + _absences(spaces)


def _catalog(spaces: Sequence[dict[str, Any]]) -> str:
    head = ("space", "metric", "precision@5", "nDCG@10", "skewness")
    pairs = [f"{name}, {artist}" for name in head[2:] for artist in ("any artist", "other artists")]
    rows = []
    for row in spaces:
        if "catalog" not in row:
            continue
        sides = [row["catalog"][name] for name in ("with_artist", "without_artist")]
        cells = [f"{one['precision_at_5']:.3f}" for one in sides]
        cells = [
            f"{cell} {_span(one['precision_at_5_ci95'], '.3f')}"
            for cell, one in zip(cells, sides, strict=True)
        ]
        cells += [f"{one[name]:.3f}" for name in _MEASURES for one in sides]
        rows.append((*_named(row), *cells))
    return _table((*head[:2], *pairs), rows)


def _absences(spaces: Sequence[dict[str, Any]]) -> str:
    why = [f"{_NAMES[row['space']]}: {_ABSENT[row['absent']]}" for row in spaces if "absent" in row]
    return f"\n\nNot measured: {'; '.join(why)}." if why else ""


def _robustness(found: dict[str, Any] | None, n_catalog: int) -> str:
    if found is None:
        return _NO_CLIPS
    head = ("the clip", "finds itself first", "among five", "keeps its genre", "moved")
    rows, worth = [], []
    for name, one in found["alterations"].items():
        shares = [
            f"{one[share]:.0%} {_span(one[f'{share}_ci95'], '.0%')}"
            for share in ("finds_itself", "in_first_5", "keeps_genre")
        ]
        rows.append((_ALTERATIONS[name], *shares, f"{one['moved']:.2f}"))
        chance = "{:.2f} (to {:.2f})".format(*one["ece_by_chance"])
        worth.append((_ALTERATIONS[name], *(f"{one[name]:.2f}" for name in _WORTH), chance))
    heard, whole = found["clips"] - found["unheard"], found.get("another_part") or {"songs": 0}
    songs = _SONGS.format(**whole) if whole["songs"] else ""
    tables = {"table": _table(head, rows), "worth": _table(_WORTH_HEAD, worth)}
    return _ROBUSTNESS.format(n=heard, n_catalog=n_catalog, **tables, songs=songs)


def _named(row: dict[str, Any]) -> tuple[str, str]:
    return _NAMES[row["space"]], row.get("metric") or "–"


def _share(right: int, n: int) -> str:
    return f"{right / n:.2f} {_span(wilson_interval(right, n), '.2f')}" if n else "–"


def _span(ends: Sequence[float], form: str) -> str:
    return f"({format(ends[0], form)} to {format(ends[1], form)})"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
