"""Answers as JSON documents, and as text for a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from soundmap.types import Analysis, Note, Origin, Pick, Recommendation
from soundmap.wording import note_sentence, origin_phrase, reason_phrase

_BAR_CELLS = 24
_SHOWN_LEAST = 0.03
_TIDY_PEOPLE = (
    "What these people like, sub-genres and artists, is also what taste goes by:",
    "real people are harder to know.",
)
_SOUND_ONLY = ("Taste went by sound alone: it knew no sub-genres and no artists.",)


def document(value: Analysis | Recommendation, origin: Origin | None = None) -> dict[str, Any]:
    """What was heard or recommended as a JSON document, with where it came from."""
    came_from = {"origin": asdict(origin)} if origin else {}
    if isinstance(value, Analysis):
        return {**came_from, **analysis_json(value)}
    return {**came_from, **recommendation_json(value)}


def show(value: Analysis | Recommendation, origin: Origin | None = None) -> None:
    """The same for a person to read."""
    if isinstance(value, Analysis):
        show_analysis(value, origin=origin)
    else:
        show_recommendation(value, origin=origin)


def analysis_json(analysis: Analysis) -> dict[str, Any]:
    """What was heard, as the JSON document of ``soundmap genre``."""
    return {
        "bundle": analysis.bundle_id,
        "clip": {"seconds": round(analysis.seconds, 3), "sha256": analysis.clip_sha256},
        "genres": [
            {"genre": genre, "probability": probability} for genre, probability in analysis.genres
        ],
        "sure": analysis.sure,
        "notes": notes_json(analysis.notes),
    }


def recommendation_json(answer: Recommendation) -> dict[str, Any]:
    """What was heard and the picks, as the JSON document of ``soundmap recommend``."""
    document = analysis_json(answer.analysis)
    document["notes"] += notes_json(answer.notes)
    return {**document, "picks": [pick_json(pick) for pick in answer.picks]}


def show_analysis(
    analysis: Analysis, console: Console | None = None, origin: Origin | None = None
) -> None:
    """Where the sound came from, genre bars, and what a listener should know."""
    console = console or Console(highlight=False)
    if origin:
        console.print(f"[dim]{escape(origin_phrase(origin))}[/]")
    (best, probability), *_ = analysis.genres
    heard = f"[bold]{best}[/] ({probability:.0%})"
    console.print(f"Heard as {heard}" if analysis.sure else f"Not sure; most like {heard}")
    table = Table.grid(padding=(0, 1))
    for genre, share in analysis.genres:
        if share >= _SHOWN_LEAST:
            bar = Text("█" * max(1, round(share * _BAR_CELLS)), style="cyan")
            table.add_row(genre, f"{share:4.0%}", bar)
    console.print(Padding(table, (0, 2), expand=False))
    show_notes(analysis.notes, console)


def show_recommendation(
    answer: Recommendation, console: Console | None = None, origin: Origin | None = None
) -> None:
    """Genre bars, then each pick with its artist, license, link and reasons."""
    console = console or Console(highlight=False)
    show_analysis(answer.analysis, console, origin)
    show_notes(answer.notes, console)
    for pick in answer.picks:
        show_pick(pick, console)
    console.print(f"\n[dim]bundle {answer.analysis.bundle_id}[/]")


def show_report(
    report: dict[str, Any], console: Console | None = None, folder: Path | None = None
) -> None:
    """The measures of an evaluation, with a row for each genre, and the folder that has more."""
    console = console or Console(highlight=False)
    low, high = report["accuracy_ci95"]
    console.print(f"bundle {report['bundle']}, {report['n']:,} tracks")
    console.print(f"accuracy [bold]{report['accuracy']:.1%}[/] (95 % {low:.1%} to {high:.1%})")
    console.print(f"macro F1 {report['macro_f1']:.3f}, ECE {report['ece']:.3f}")
    table = Table("genre", "n", "precision", "recall", "F1")
    for genre, row in report["per_genre"].items():
        table.add_row(
            genre, str(row["n"]), *(f"{row[name]:.2f}" for name in ("precision", "recall", "f1"))
        )
    console.print(table)
    if report.get("retrieval"):
        _show_retrieval(report["retrieval"], console)
    if folder:
        console.print(f"The whole report: {escape(str(folder / 'report.md'))}", soft_wrap=True)


def _show_retrieval(found: dict[str, Any], console: Console) -> None:
    low, high = found["precision_at_5_ci95"]
    at = {k: f"{found[f'precision_at_{k}']:.3f}" for k in (1, 5, 10)}
    for line in (
        f"neighbors of its genre: {at[1]} of the first, [bold]{at[5]}[/] of 5"
        f" (95 % {low:.3f} to {high:.3f}), {at[10]} of 10; nDCG@10 {found['ndcg_at_10']:.3f}",
        f"of {found['rows']:,} tracks {found['never_recommended']:.1%} are never recommended;"
        f" skewness of the 10-occurrence {found['skewness_k10']:.2f}",
    ):
        console.print(line, soft_wrap=True)


def show_simulation(report: dict[str, Any], console: Console | None = None) -> None:
    """Like-rates of each policy by votes, then what the policies differ by, with intervals."""
    console = console or Console(highlight=False)
    lines = (
        f"bundle {report['bundle']}, seed {report['seed']}",
        f"{report['people']} simulated people who like 1 to 3 artists or sub-genres and post",
        f"sounds of their taste every other time; {report['noise']:.0%} of their votes are wrong",
    )
    for line in lines:
        console.print(line, soft_wrap=True)
    rates, intervals = report["like_rate_at_5"], report["interval95"]
    console.print(_votes_table("like-rate@5, %", rates, intervals, ""))
    means = {pair: found["mean"] for pair, found in report["difference"].items()}
    spans = {pair: found["interval95"] for pair, found in report["difference"].items()}
    console.print(_votes_table("difference", means, spans, "+"))
    goes_by = report["taste_goes_by"]
    for line in (
        "In dim: 95 % intervals over people; differences are taken person by person.",
        *(_TIDY_PEOPLE if goes_by["filed"] or goes_by["artist"] else _SOUND_ONLY),
    ):
        console.print(f"[dim]{line}[/]", soft_wrap=True)


def _votes_table(
    what: str,
    means: dict[str, dict[str, float]],
    intervals: dict[str, dict[str, list[float]]],
    sign: str,
) -> Table:
    """A row for each name, a column for each number of votes, in hundredths."""
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 0, 0, 1))
    table.add_column(what, no_wrap=True)
    for votes in next(iter(means.values())):
        table.add_column(f"{votes} votes", justify="right", no_wrap=True)
    for name, by_votes in means.items():
        cells = []
        for votes, mean in by_votes.items():
            low, high = (f"{100 * end:{sign}.1f}" for end in intervals[name][votes])
            cells.append(f"{100 * mean:{sign}.1f}\n[dim]{low}…{high}[/]")
        table.add_row(name, *cells)
    return table


def show_findings(findings: Sequence[tuple[str, bool, str]]) -> None:
    """A line for each check of a bundle."""
    console = Console(highlight=False)
    for what, holds, found in findings:
        mark = "[green]ok  [/]" if holds else "[bold red]BAD [/]"
        console.print(f"{mark} {what}: {escape(found)}")


@contextmanager
def progress(what: str, total: int) -> Iterator[Callable[[float], None]]:
    """A bar on standard error while work goes on; call what it gives with the work done."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    console = Console(stderr=True)
    hidden = not console.is_terminal
    with Progress(*columns, TimeRemainingColumn(), console=console, disable=hidden) as bar:
        task = bar.add_task(what, total=total)
        yield lambda done: bar.update(task, completed=done)


@contextmanager
def training_progress(epochs: int) -> Iterator[Callable[[int, int, int], None]]:
    """A bar over all epochs; the time left assumes that none is spared by early stopping."""
    with progress("Training", epochs) as advance:
        yield lambda epoch, done, total: advance(epoch + done / total)


def show_pick(pick: Pick, console: Console) -> None:
    """A pick with its artist, license, link and reasons."""
    track = pick.track
    reasons = ", ".join(map(reason_phrase, pick.reasons))
    lines = (
        f"\n{pick.rank}. [bold]{plain_text(track.title)}[/] by {plain_text(track.artist or '?')}",
        f"   {track.genre} · license: {plain_text(track.license)} · distance {pick.distance:.2f}",
        *(f"   [blue]{plain_text(place)}[/]" for place in (track.url, track.file) if place),
        f"   [italic]{plain_text(reasons)}[/]",
    )
    for line in lines:
        console.print(line, soft_wrap=True)


def pick_json(pick: Pick) -> dict[str, Any]:
    """A pick in a JSON document."""
    track = pick.track
    return {
        "rank": pick.rank,
        "track_id": track.track_id,
        "title": track.title,
        "artist": track.artist,
        "genre": track.genre,
        "subgenres": list(track.subgenres),
        "license": track.license,
        "license_class": track.license_class,
        "url": track.url,
        **({"file": track.file} if track.file else {}),
        "distance": float(pick.distance),
        "reasons": [reason_phrase(reason) for reason in pick.reasons],
    }


def notes_json(notes: Sequence[Note]) -> list[dict[str, str]]:
    """Notes in a JSON document."""
    return [{"code": note.code, "message": note_sentence(note)} for note in notes]


def show_notes(notes: Sequence[Note], console: Console) -> None:
    """Notes, a line each."""
    for note in notes:
        console.print(f"[yellow]{escape(note_sentence(note))}[/]")


def plain_text(text: str) -> str:
    """Text of strangers on one line, no markup and no control characters."""
    return escape("".join(letter for letter in text if letter.isprintable()))
