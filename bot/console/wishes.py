"""What the person at the console has set for all lists, and lines of credit for the last one."""

from __future__ import annotations

from dataclasses import replace

from bot.console.session import Session
from bot.types import Refusal
from soundmap.cli.screen import Screen
from soundmap.cli.show import show_credits
from soundmap.recommendation.request import Request
from soundmap.wording.guessing import meant

SWITCH = ("on", "off")


async def as_set(session: Session, request: Request) -> Request:
    """The request with the person's filter, and the chosen catalog unless it names one."""
    service, place = session.service, session.place
    chosen, clean = await service.chosen_catalog(place), await service.is_clean(place)
    request = replace(request, clean=request.clean or clean is True)
    if request.catalog or isinstance(chosen, Refusal):
        return request
    return replace(request, catalog=chosen[0])


async def clean(session: Session, wish: str) -> None:
    """``/clean``, with ``on`` or ``off`` to switch it."""
    word, service = wish.casefold(), session.service
    found: bool | Refusal | None = word == "on"
    if word in SWITCH:
        found = await service.set_clean(session.place, word == "on") or found
    elif word:
        facts: dict[str, object] = {
            "choice": wish,
            "known": ", ".join(SWITCH),
            "meant": meant(word, SWITCH),
        }
        found = Refusal("bad_choice", facts)
    else:
        found = await service.is_clean(session.place)
    if isinstance(found, Refusal):
        session.refuse(found)
    else:
        session.say("clean_on" if found else "clean_off")


async def credit(session: Session, rank: str) -> None:
    """``/credit N``: a line of credit for the Nth of the last list, or without N for each."""
    if not rank and session.has_list():
        show_credits(session.picks, Screen())
        if not session.picks:
            session.say("no_picks")
    elif rank and (number := session.rank("/credit", rank)):
        show_credits([pick for pick in session.picks if pick.rank == number], Screen())
