"""The model card of a bundle, written from its measures and the record of its training."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_TEMPLATE = """# {name}

A residual convolutional network that names the genre of a sound and places it among {n_tracks:,}
tracks of the data set `{data}`.

## Intended use

Finding music that sounds like a given recording, and telling roughly which of {n_genres} genres it
is heard as: {labels}. Not for identifying recordings, judging quality, or deciding who made
something.

## Data and split

The data set is `{data}`. The network learned from {n_training:,} training tracks.
{n_validation:,} validation tracks chose the epoch, the temperature and the "not sure" threshold.
No track, upload or known artist is on both sides; this was checked before training. The catalog
holds the {n_tracks:,} tracks of both sides.

## Results

One answer a track, on the {n_validation:,} validation tracks:

| measure | value |
|---|---|
| accuracy | **{accuracy:.1%}** (95 % interval {low:.1%} to {high:.1%}; chance {chance:.1%}) |
| macro F1 | {macro_f1:.3f} |
| calibration error (ECE, 15 bins) | {ece:.3f} |
| answers it calls sure (top probability from {sure_threshold:.2f}) | {sure_share:.0%},\
 right {sure_accuracy:.0%} of the time |
{retrieval}
The validation tracks also chose the epoch and the calibration, so expect somewhat less on new
music.

| genre | precision | recall | F1 |
|---|---|---|---|
{genres}

## Network

{parameters:,} parameters: blocks of {filters} filters (width {width}), {embedding_size} numbers as
embedding, on a sphere. Input: `{spec}` tiles ({n_mels} mel bands, {n_columns} columns in 30 s).
Trained for {epochs} epochs with seed {seed} and kept as it was after epoch {kept_epoch}, the best
by accuracy on the validation tracks. The whole record is in `training.json`.

{teacher}

## Limits

- It knows only the genres above. Any other music is called one of them.
- {hardest} is the hardest for it: F1 {hardest_f1:.2f}.
- It hears {n_columns} moments in 30 s: a mood and a texture, hardly a rhythm or a melody.
- Speech, noises and single notes get an answer too; it means nothing.
{licenses}"""

_RETRIEVAL = """| its genre among the nearest 1, 5, 10 training tracks |\
 {precision_at_1:.3f}, **{precision_at_5:.3f}**, {precision_at_10:.3f} |
| skewness of the 10-occurrence (hubs) | {skewness_k10:.2f} |
"""

_NO_TEACHER = "No teacher took part: it learned from the genres alone."
_TEACHER = """A teacher took part; answering does not need it. Its features of the training tracks
were the arrays {arrays} of `{file}`. The network learned to recall `{knowledge}`, and the genre
guessed from both and the tile."""

_LICENSES = """
## Licenses

The tracks belong to their artists. The licenses in the track table:

| license | tracks |
|---|---|
{rows}
"""


def card_text(name: str, facts: Mapping[str, Any]) -> str:
    """Markdown of the card.

    ``facts`` are the names in the template; ``per_genre``, ``accuracy_ci95`` and ``retrieval`` as
    measured; and ``teacher`` and ``licenses`` as in the record of a training.
    """
    per_genre, found = facts["per_genre"], facts["retrieval"]
    hardest = min(per_genre, key=lambda genre: per_genre[genre]["f1"])
    low, high = facts["accuracy_ci95"]
    derived = {
        "labels": ", ".join(per_genre),
        "n_genres": len(per_genre),
        "chance": 1 / len(per_genre),
        "retrieval": _RETRIEVAL.format(**found) if found else "",
        "genres": _genres(per_genre),
        "hardest": hardest,
        "hardest_f1": per_genre[hardest]["f1"],
        "low": low,
        "high": high,
        "teacher": _teacher(facts["teacher"]),
        "licenses": _licenses(facts["licenses"]),
    }
    return _TEMPLATE.format(name=name, **{**facts, **derived})


def _genres(per_genre: Mapping[str, Mapping[str, float]]) -> str:
    return "\n".join(
        f"| {genre} | {row['precision']:.2f} | {row['recall']:.2f} | {row['f1']:.2f} |"
        for genre, row in per_genre.items()
    )


def _teacher(teacher: Mapping[str, Any] | None) -> str:
    if teacher is None:
        return _NO_TEACHER
    names = [f"`{name}`" for name in teacher["arrays"]]
    return _TEACHER.format(**{**teacher, "arrays": " and ".join(names)})


def _licenses(licenses: Mapping[str, int]) -> str:
    """The section about licenses, empty where the track table names none."""
    rows = "\n".join(f"| {name} | {n:,} |" for name, n in licenses.items())
    return _LICENSES.format(rows=rows) if licenses else ""
