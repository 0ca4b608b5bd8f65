"""Checks rows of buttons and selects as Discord does."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from tests.loopback.discord.model import Json
from tests.loopback.discord.refusals import (
    bad_form,
    check_choice,
    check_length,
    check_present,
    check_url,
)

ROW, BUTTON, SELECT, TEXT_INPUT, LABEL = 1, 2, 3, 4, 18
SELECTS = (SELECT, 5, 6, 7, 8)  # of texts, users, roles, both, channels
LINK = 5
STYLES = (1, 2, 3, 4, LINK)
ROWS, BUTTONS, OPTIONS = 5, 5, 25
OPTION_LIMITS = {"label": 100, "value": 100, "description": 100}


def check_components(rows: Any) -> list[Json]:
    """The rows of a message with their numbers, if Discord would take them."""
    if not rows:
        return []
    check_length("components", rows, ROWS)
    taken: set[str] = set()
    for n, row in enumerate(rows):
        path = f"components.{n}"
        if row.get("type") != ROW:
            raise _not_one_of(f"{path}.type", ROW)
        _check_row(row.get("components") or [], f"{path}.components", taken)
    return _numbered(rows)


def widgets(rows: list[Json]) -> list[Json]:
    """All buttons and selects of a message."""
    return [widget for row in rows for widget in row["components"]]


def _check_row(row: list[Json], path: str, taken: set[str]) -> None:
    check_length(path, row, BUTTONS, 1)
    if len(row) > 1 and any(widget.get("type") in SELECTS for widget in row):
        said = "The specified component exceeds the maximum width"
        raise bad_form(path, "COMPONENT_LAYOUT_WIDTH_EXCEEDED", said)
    for n, widget in enumerate(row):
        _check_widget(widget, f"{path}.{n}", taken)


def _check_widget(widget: Json, path: str, taken: set[str]) -> None:
    if widget.get("type") == BUTTON:
        _check_button(widget, path)
    elif widget.get("type") in SELECTS:
        _check_select(widget, path)
    else:
        raise _not_one_of(f"{path}.type", BUTTON, *SELECTS)
    if widget.get("style") == LINK:
        return
    check_length(f"{path}.custom_id", widget.get("custom_id"), 100, 1)
    if widget["custom_id"] in taken:
        said = "Component custom id cannot be duplicated"
        raise bad_form(f"{path}.custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED", said)
    taken.add(widget["custom_id"])


def _check_button(button: Json, path: str) -> None:
    check_choice(f"{path}.style", button.get("style"), STYLES)
    check_length(f"{path}.label", button.get("label"), 80)
    if not button.get("label") and not button.get("emoji"):
        said = "A button must have a label or an emoji"
        raise bad_form(path, "BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED", said)
    is_link = button["style"] == LINK
    if bool(button.get("url")) != is_link:
        raise bad_form(f"{path}.url", "BUTTON_COMPONENT_INVALID_URL", "Links, and only they, lead")
    if is_link and button.get("custom_id"):
        said = "A custom id and url cannot both be specified"
        raise bad_form(
            f"{path}.custom_id", "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE", said
        )
    check_length(f"{path}.url", button.get("url"), 512)
    check_url(f"{path}.url", button.get("url"), "http", "https", "discord")


def _check_select(select: Json, path: str) -> None:
    check_length(f"{path}.placeholder", select.get("placeholder"), 150)
    least, most = select.get("min_values", 1), select.get("max_values", 1)
    if not 0 <= least <= most <= OPTIONS or most < 1:
        raise bad_form(f"{path}.max_values", "NUMBER_TYPE_MAX", "Not between min_values and 25")
    if select["type"] != SELECT:
        return
    options = select.get("options") or []
    check_length(f"{path}.options", options, OPTIONS, 1)
    if most > len(options):
        raise bad_form(f"{path}.max_values", "NUMBER_TYPE_MAX", "More than there are options")
    for n, option in enumerate(options):
        _check_option(option, f"{path}.options.{n}")
    _check_distinct(options, f"{path}.options", most)


def _check_option(option: Json, path: str) -> None:
    for key in ("label", "value"):
        check_present(f"{path}.{key}", option.get(key))
    for key, longest in OPTION_LIMITS.items():
        check_length(f"{path}.{key}", option.get(key), longest)


def _check_distinct(options: list[Json], path: str, most: int) -> None:
    values = [option["value"] for option in options]
    for n, value in enumerate(values):
        if value in values[:n]:
            said = "The specified option value is already used"
            raise bad_form(f"{path}.{n}.value", "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", said)
    if sum(bool(option.get("default")) for option in options) > most:
        said = "More options are chosen than may be"
        raise bad_form(path, "SELECT_COMPONENT_TOO_MANY_DEFAULT_VALUES", said)


def _numbered(rows: list[Json]) -> list[Json]:
    """The rows with a number on everything, as Discord gives it where a bot gave none."""
    numbers = itertools.count(1)

    def number(part: Json) -> Json:
        own = {"id": part.get("id") or next(numbers)}
        inner = [number(kid) for kid in part.get("components") or []]
        return {**part, **own, **({"components": inner} if inner else {})}

    return [number(row) for row in rows]


def texts_asked(parts: list[Json]) -> Iterator[Json]:
    """The fields of a form."""
    for part in parts:
        if part.get("type") == TEXT_INPUT:
            yield part
        inner = part.get("component")
        yield from texts_asked([inner] if inner else part.get("components") or [])


def check_modal(form: Json) -> None:
    """Refuses a form that Discord would not open."""
    check_length("data.title", form.get("title"), 45, 1)
    check_length("data.custom_id", form.get("custom_id"), 100, 1)
    check_length("data.components", form.get("components"), 5, 1)
    for part in form["components"]:
        check_choice("data.components.type", part.get("type"), (ROW, LABEL))
    for text in texts_asked(form["components"]):
        check_length("data.components.custom_id", text.get("custom_id"), 100, 1)


def _not_one_of(path: str, *types: int) -> Exception:
    said = f'Value of field "type" must be one of {types}.'
    return bad_form(path, "UNION_TYPE_CHOICES", said)
