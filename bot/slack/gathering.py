"""The mix that a person gathers, as Slack shows it; and the menu below lists that adds to it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.mixing import gathered_text
from bot.chat.plain import named
from bot.core.mixes import Gathered
from bot.slack.card import Block, Card, section
from bot.slack.mrkdwn import neutral, ours
from bot.wording import say
from soundmap.catalog.names import name_of
from soundmap.types import Pick

MIX_ID, CLEAR_ID = "sm:mix", "sm:unmix"
_MAX_OPTION = 75


def gathered_card(found: Gathered, language: str) -> Card:
    """A mix as it is now, with buttons to make its list and to clear it."""
    text = ours(gathered_text(found, language, neutral))
    buttons = [_button(MIX_ID, "mix_make", language), _button(CLEAR_ID, "mix_clear", language)]
    return Card(language, text, (section(text), {"type": "actions", "elements": buttons}))


def picks_menu(list_id: int, picks: Sequence[Pick], language: str) -> Block:
    """*Add to mix*: a menu of a list's picks."""
    options = [
        {
            "text": _plain(named(f"{pick.rank}. {name_of(pick.track)}", _MAX_OPTION)),
            "value": str(pick.rank),
        }
        for pick in picks
    ]
    return {
        "type": "static_select",
        "action_id": f"sm:mixin:{list_id}",
        "placeholder": _plain(say("mix_add", language)),
        "options": options,
    }


def _button(action_id: str, code: str, language: str) -> Block:
    return {"type": "button", "action_id": action_id, "text": _plain(say(code, language))}


def _plain(text: str) -> Block:
    return {"type": "plain_text", "text": text, "emoji": False}
