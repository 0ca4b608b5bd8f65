"""Answers as JSON documents, and as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.cells import cell_len
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from soundmap.cli.screen import Screen
from soundmap.cli.surroundings import language
from soundmap.types import Analysis, Note, Origin, Pick, Recommendation
from soundmap.wording import (
    heard_sentence,
    is_shown,
    likely_genres,
    measured_phrase,
    note_sentence,
    origin_phrase,
    reason_phrase,
    said,
    where_sentence,
)
from soundmap.wording.credits import credit_line, license_notes, link_word

_BAR_CELLS = 24


def document(value: Analysis | Recommendation, origin: Origin | None = None) -> dict[str, Any]:
    """What was heard or recommended as a JSON document, with its origin."""
    came_from = {"origin": asdict(origin)} if origin else {}
    if isinstance(value, Analysis):
        return {**came_from, **analysis_json(value)}
    return {**came_from, **recommendation_json(value)}


def show(
    value: Analysis | Recommendation, origin: Origin | None = None, with_credits: bool = False
) -> None:
    """Prints what was heard or recommended, with its origin and lines of credit."""
    if isinstance(value, Analysis):
        show_analysis(value, origin=origin)
    else:
        show_recommendation(value, origin=origin, with_credits=with_credits)


def analysis_json(analysis: Analysis) -> dict[str, Any]:
    """What was heard, as the JSON document of ``soundmap genre``."""
    return {
        "bundle": analysis.bundle_id,
        "clip": clip_json(analysis),
        "genres": [
            {"genre": genre, "probability": probability} for genre, probability in analysis.genres
        ],
        "sure": analysis.sure,
        "notes": notes_json(analysis.notes),
    }


def clip_json(analysis: Analysis) -> dict[str, Any]:
    """How long the sound is, which windows of it were heard and how long they are together."""
    return {
        "seconds": round(analysis.seconds, 3),
        "duration_s": round(analysis.duration_s, 3),
        "windows": [
            {"start_s": round(window.start_s, 3), "seconds": round(window.seconds, 3)}
            for window in analysis.windows
        ],
        "sha256": analysis.clip_sha256,
    }


def recommendation_json(answer: Recommendation) -> dict[str, Any]:
    """What was heard and the picks, as the JSON document of ``soundmap recommend``."""
    document = analysis_json(answer.analysis)
    document["notes"] += notes_json((*answer.notes, *license_notes(answer.picks)))
    return {**document, "picks": [pick_json(pick) for pick in answer.picks]}


def show_analysis(
    analysis: Analysis, console: Screen | None = None, origin: Origin | None = None
) -> None:
    """Prints the origin of the sound, bars of its genres, and notes."""
    console = console or Screen()
    if origin:
        console.say(f"[dim]{escape(origin_phrase(origin))}[/]")
    console.say(heard_sentence(analysis, language(), "[bold]{}[/]".format))
    _show_bars(likely_genres(analysis), console)
    if where := where_sentence(analysis, language()):
        console.say(f"[dim]{where}[/]")
    show_notes(analysis.notes, console)


def _show_bars(genres: Sequence[tuple[str, float]], console: Screen) -> None:
    """Prints a bar for each genre, the shorter the narrower the terminal."""
    beside = max((cell_len(genre) for genre, _ in genres), default=0) + len("   100%   ")
    whole = max(1, min(_BAR_CELLS, console.width - beside))
    table = Table.grid(padding=(0, 1))
    for genre, share in genres:
        bar = Text("█" * max(1, round(share * whole)), style="cyan")
        table.add_row(genre, f"{share:4.0%}", bar)
    console.print(Padding(table, (0, 2), expand=False))


def show_recommendation(
    answer: Recommendation,
    console: Screen | None = None,
    origin: Origin | None = None,
    with_credits: bool = False,
) -> None:
    """Prints what was heard, then each pick with its artist, license, link and reasons, and their
    lines of credit.
    """
    console = console or Screen()
    show_analysis(answer.analysis, console, origin)
    show_notes(answer.notes, console)
    for pick in answer.picks:
        show_pick(pick, console)
    show_below(answer.picks, console, with_credits)
    console.say(f"\n[dim]{said('bundle', language(), id=answer.analysis.bundle_id)}[/]")


def show_report(
    report: dict[str, Any], console: Screen | None = None, folder: Path | None = None
) -> None:
    """Prints the measures of an evaluation, a row for each genre, and where the report is."""
    console = console or Screen()
    low, high = report["accuracy_ci95"]
    console.say(f"bundle {report['bundle']}, {report['n']:,} tracks")
    console.say(f"accuracy [bold]{report['accuracy']:.1%}[/] (95 % {low:.1%} to {high:.1%})")
    console.say(f"macro F1 {report['macro_f1']:.3f}, ECE {report['ece']:.3f}")
    if found := report.get("by_artist"):
        low, high = found["accuracy_ci95"]
        console.say(
            f"each artist counted once ({found['n']:,}): accuracy [bold]{found['accuracy']:.1%}[/]"
            f" ({low:.1%} to {high:.1%})",
        )
    table = Table("genre", "n", "precision", "recall", "F1")
    for genre, row in report["per_genre"].items():
        table.add_row(
            genre, str(row["n"]), *(f"{row[name]:.2f}" for name in ("precision", "recall", "f1"))
        )
    console.print(table)
    if report.get("retrieval"):
        _show_retrieval(report["retrieval"], console)
    if folder:
        console.say(f"The whole report: {escape(str(folder / 'report.md'))}")


def _show_retrieval(found: dict[str, Any], console: Screen) -> None:
    low, high = found["precision_at_5_ci95"]
    at = {k: f"{found[f'precision_at_{k}']:.3f}" for k in (1, 5, 10)}
    for line in (
        f"neighbors of its genre: {at[1]} of the first, [bold]{at[5]}[/] of 5"
        f" (95 % {low:.3f} to {high:.3f}), {at[10]} of 10; nDCG@10 {found['ndcg_at_10']:.3f}",
        f"of {found['rows']:,} tracks {found['never_recommended']:.1%} are never recommended;"
        f" skewness of the 10-occurrence {found['skewness_k10']:.2f}",
    ):
        console.say(line)


def show_below(picks: Sequence[Pick], console: Screen, with_credits: bool = False) -> None:
    """Prints what stands below a list: whose license is not known, and lines of credit."""
    if notes := license_notes(picks):
        console.say()
        show_notes(notes, console)
    if with_credits and picks:
        console.say()
        show_credits(picks, console)


def show_credits(picks: Sequence[Pick], console: Screen) -> None:
    """Prints the line of credit of each pick."""
    for pick in picks:
        console.tell(f"{pick.rank}. {credit_line(pick.track, language())}")


def show_pick(pick: Pick, console: Screen, near: str = "") -> None:
    """Prints a pick with its artist, license if known, link and its kind, and reasons; of several
    sounds the name of that it is ``near`` to.
    """
    track, spoken = pick.track, language()
    reasons = ", ".join(reason_phrase(reason, spoken) for reason in pick.reasons)
    reasons = said("mix_near", spoken, name=near, reasons=reasons) if near else reasons
    title, artist = f"[bold]{plain_text(track.title)}[/]", plain_text(track.artist)
    name = said("pick", spoken, title=title, artist=artist) if artist else title
    word = link_word(track.url_kind, spoken) if track.url_kind else ""
    lines = (
        f"\n{pick.rank}. {name}",
        f"   {' · '.join(_facts_of(pick, spoken))}",
        *([f"   {word}: [blue]{plain_text(track.url)}[/]"] if word else []),
        *([f"   [blue]{plain_text(track.file)}[/]"] if track.file else []),
        f"   [italic]{plain_text(reasons)}[/]",
    )
    for line in lines:
        console.say(line)


def _facts_of(pick: Pick, spoken: str) -> Iterator[str]:
    yield plain_text(pick.track.genre)
    if pick.track.license:
        yield said("license", spoken, license=plain_text(pick.track.license))
    yield said("distance", spoken, distance=pick.distance)


def show_looks(found: dict[str, Any], console: Screen | None = None) -> None:
    """Prints how far lists agree that are made of different looks at one song."""
    console = console or Screen()
    names = ("picks shared", "genre kept", "shared with all windows", "sets apart")
    table = Table("way", *names)
    for row in found["ways"]:
        shared, with_all = f"{row['picks_shared']:.1f}", f"{row['shared_with_all']:.1f}"
        table.add_row(
            row["way"], shared, f"{row['keeps_genre']:.0%}", with_all, f"{row['apart']:.0%}"
        )
    console.print(table)
    times = ", ".join(f"{row['windows']}: {row['ms']:.0f} ms" for row in found["processor"])
    halves = found["another_part"]
    console.say(
        f"two halves of the windows: {halves['picks_shared']:.1f} picks shared, genre kept"
        f" {halves['keeps_genre']:.0%} ({halves['songs']} songs)\n"
        f"processor time by --windows, mean of the songs: {times}",
    )


def pick_json(pick: Pick) -> dict[str, Any]:
    """A pick as part of a JSON document."""
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
        "license_url": track.license_url,
        "url": track.url,
        "url_kind": track.url_kind,
        **({"file": track.file} if track.file else {}),
        "distance": float(pick.distance),
        "reasons": [reason_phrase(reason) for reason in pick.reasons],
        "why": [measured_phrase(reason) for reason in (*pick.reasons, *pick.also)],
        "credit": credit_line(track),
    }


def notes_json(notes: Sequence[Note]) -> list[dict[str, str]]:
    """Notes as part of a JSON document."""
    return [{"code": note.code, "message": note_sentence(note)} for note in notes]


def show_notes(notes: Sequence[Note], console: Screen) -> None:
    """Prints a line for each note."""
    for note in notes:
        console.say(f"[yellow]{escape(note_sentence(note, language()))}[/]")


def plain_text(text: str) -> str:
    """Untrusted text on one line, without markup and control characters."""
    return escape("".join(letter for letter in text if is_shown(letter)))
