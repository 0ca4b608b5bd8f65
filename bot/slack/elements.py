"""What people press in a message: buttons and the lines of menus."""

from __future__ import annotations

from bot.chat.plain import named
from bot.slack.card import Block, section
from bot.slack.mrkdwn import ours
from bot.slack.patience import Json

_MAX_OPTION = 75  # letters
_MAX_OPTIONS = 100


def button(action_id: str, label: str) -> Block:
    """A button; its id holds all that it needs to know."""
    return {"type": "button", "action_id": action_id, "text": _plain(label)}


def option(label: str, value: str) -> Block:
    """One line of a menu."""
    return {"text": _plain(named(label, _MAX_OPTION)), "value": value}


def menu(action_id: str, hint: str, options: list[Block]) -> Block:
    """A menu that allows one choice."""
    return {
        "type": "static_select",
        "action_id": action_id,
        "placeholder": _plain(hint),
        "options": options[:_MAX_OPTIONS],
    }


def menu_of_several(
    action_id: str, text: str, hint: str, options: list[Block], chosen: list[Block]
) -> Block:
    """A text with a menu that allows several choices."""
    select = {
        **menu(action_id, hint, options),
        "type": "multi_static_select",
        **({"initial_options": chosen} if chosen else {}),
    }
    return {**section(ours(text)), "accessory": select}


def chosen_in(body: Json) -> list[str]:
    """The values chosen in a menu of several."""
    return [str(it["value"]) for it in body["actions"][0].get("selected_options") or ()]


def _plain(text: str) -> Block:
    return {"type": "plain_text", "text": text, "emoji": False}
