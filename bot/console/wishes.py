"""What the person at the console has set for all lists, and lines of credit for the last one."""

from __future__ import annotations

from dataclasses import replace

from bot.core.service import Service
from bot.types import Refusal
from bot.wording import say
from soundmap.recommendation.request import Request
from soundmap.types import Recommendation
from soundmap.wording.credits import credit_line

Shown = tuple[Refusal | Recommendation | None, bool, str]
"""What the console shows: a result, whether as JSON, and what is said if it is no refusal."""

_SAID = {
    True: "Lists leave out strong language in titles and names.",
    False: "Lists may have strong language in titles and names.",
}


async def as_set(service: Service, place: str, request: Request) -> Request:
    """The request with the person's filter, and the chosen catalog unless it names one."""
    chosen, clean = await service.chosen_catalog(place), await service.is_clean(place)
    request = replace(request, clean=request.clean or clean is True)
    if request.catalog or isinstance(chosen, Refusal):
        return request
    return replace(request, catalog=chosen[0])


async def switch_clean(service: Service, place: str, wish: str) -> Shown:
    """Switches the filter ``on`` or ``off``, or only tells what it is."""
    if wish in ("on", "off"):
        return await service.set_clean(place, wish == "on"), False, _SAID[wish == "on"]
    on = await service.is_clean(place)
    return (on, False, "") if isinstance(on, Refusal) else (None, False, _SAID[on])


async def give_credit(service: Service, list_id: int, rank: int) -> Shown:
    """A line of credit for one track of a list, or with rank 0 for each of them."""
    found = await service.why(list_id)
    if isinstance(found, Refusal):
        return found, False, ""
    lines = [f"{it.rank}. {credit_line(it.track)}" for it in found if rank in (0, it.rank)]
    if rank and not lines:
        return Refusal("no_such_pick", {"rank": rank}), False, ""
    return found, False, "\n".join(lines) or say("no_picks")
