"""Votes on the last list, and artists that are hidden."""

from __future__ import annotations

from bot.console.session import Session
from bot.types import Refusal
from soundmap.wording.guessing import meant


async def like(session: Session, rank: str) -> None:
    """``/like N``."""
    await _vote(session, "/like", rank, 1)


async def dislike(session: Session, rank: str) -> None:
    """``/dislike N``."""
    await _vote(session, "/dislike", rank, -1)


async def _vote(session: Session, command: str, rank: str, value: int) -> None:
    if number := session.rank(command, rank):
        kept = await session.service.vote(session.person, session.list_id, number, value)
        if isinstance(kept, Refusal):
            session.refuse(kept)
        elif kept:
            session.say(command[1:], rank=number)
        else:
            session.refuse(Refusal("unknown_list"))


async def unlike(session: Session, rank: str) -> None:
    """``/unlike N``: takes a vote back, for or against."""
    if number := session.rank("/unlike", rank):
        gone: bool | Refusal = False
        for value in (1, -1):
            gone = gone or await session.service.unvote(
                session.person, session.list_id, number, value
            )
        if isinstance(gone, Refusal):
            session.refuse(gone)
        elif gone:
            session.say("unlike", rank=number)
        else:
            session.refuse(Refusal("no_vote", {"rank": number}))


async def hide(session: Session, rank: str) -> None:
    """``/hide N``: the artist of the Nth."""
    if number := session.rank("/hide", rank):
        artist = session.picks[number - 1].track.artist
        refused: Refusal | None = Refusal("no_artist", {"rank": number})
        if artist:
            refused = await session.service.person.hide(session.person, artist)
        if refused:
            session.refuse(refused)
        else:
            session.say("hide", artist=artist, rank=number)


async def unhide(session: Session, whom: str) -> None:
    """``/unhide N`` or ``/unhide ARTIST``, or ``/unhide`` for all that are hidden."""
    hidden = await session.service.person.hidden(session.person)
    if isinstance(hidden, Refusal):
        session.refuse(hidden)
    elif not whom:
        session.say("hidden" if hidden else "hidden_none", artists=", ".join(hidden))
    elif artist := _artist(session, whom, hidden):
        await _show_again(session, artist, hidden)


def _artist(session: Session, whom: str, hidden: tuple[str, ...]) -> str:
    """The artist who is meant, by a number of the last list or by name; empty if none is."""
    by_name = {artist.casefold(): artist for artist in hidden}
    if artist := by_name.get(whom.casefold()):
        return artist
    if not (whom.isascii() and whom.isdecimal()):
        return whom
    number = session.rank("/unhide", whom)
    return session.picks[number - 1].track.artist if number else ""


async def _show_again(session: Session, artist: str, hidden: tuple[str, ...]) -> None:
    near = meant(artist, hidden)
    refused: Refusal | None = Refusal("not_hidden", {"artist": artist, "meant": near})
    if artist in hidden:
        refused = await session.service.person.hide(session.person, artist, hidden=False)
    if refused:
        session.refuse(refused)
    else:
        session.say("unhide", artist=artist)
