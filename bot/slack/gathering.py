"""The mix that a person gathers, as Slack shows it; and the menu below lists that adds to it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.mixing import CLEAR_ID, MIX_ID, add_id, gathered_text
from bot.core.mixes import Gathered
from bot.slack.card import Block, Card, section
from bot.slack.elements import button, menu, option
from bot.slack.mrkdwn import neutral, ours
from bot.wording import say
from soundmap.catalog.names import name_of
from soundmap.types import Pick


def gathered_card(found: Gathered, language: str) -> Card:
    """A mix as it is now, with buttons to make its list and to clear it."""
    text = ours(gathered_text(found, language, neutral))
    made = ((MIX_ID, "mix_make"), (CLEAR_ID, "mix_clear"))
    buttons = [button(action_id, say(code, language)) for action_id, code in made]
    return Card(language, text, (section(text), {"type": "actions", "elements": buttons}))


def picks_menu(list_id: int, picks: Sequence[Pick], language: str) -> Block:
    """*Add to mix*: a menu of a list's picks."""
    lines = [option(f"{pick.rank}. {name_of(pick.track)}", str(pick.rank)) for pick in picks]
    return menu(add_id(list_id), say("mix_add", language), lines)
