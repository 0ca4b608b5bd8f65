"""What is believed and kept about a person, at the console."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from bot.console.session import Session
from bot.console.typed import path_of
from bot.types import Believed, Refusal
from soundmap.cli.screen import Screen
from soundmap.errors import SoundMapError, unwritten
from soundmap.files import is_there, replacing
from soundmap.playlists.writing import FORMATS

YES = ("yes", "y", "예", "네")


async def taste(session: Session, what: str) -> None:
    """``/taste``, with ``on``, ``off`` or ``reset`` to change it."""
    person, word = session.service.person, what.casefold()
    if word in ("on", "off"):
        done: object = await person.switch(session.person, word == "on")
        said = session.said(f"taste_now_{word}")
    elif word == "reset":
        done = await person.reset(session.person)
        said = "" if isinstance(done, Refusal) else session.said("taste_reset", votes=done)
    else:
        done = await person.beliefs(session.person, session.place)
        said = "" if isinstance(done, Refusal) else _beliefs(session, done)
    if isinstance(done, Refusal):
        session.refuse(done)
    else:
        Screen().tell(said)


def _beliefs(session: Session, believed: Believed) -> str:
    lines = [] if believed.is_on else [session.said("taste_off")]
    for belief in believed.beliefs.beliefs:
        kind, weight = session.said(f"taste_{belief.kind}"), round(belief.weight, 2) + 0.0
        lines.append(f"{weight:+.2f}  {kind} {belief.name}")
    return "\n".join(lines) or session.said("taste_none")


async def mydata(session: Session, what: str) -> None:
    """``/mydata``, or what else it may be asked: ``export`` or ``forget``."""
    verb, _, rest = what.partition(" ")
    if verb.casefold() == "export":
        await export(session, rest.strip())
    elif verb.casefold() == "forget":
        await forget(session, rest.strip())
    elif isinstance(kept := await session.service.person.summary(session.person), Refusal):
        session.refuse(kept)
    else:
        session.say("mydata", **kept)


async def export(session: Session, where: str) -> None:
    """``/export`` prints all that is kept, ``/export FILE`` writes it to a new file."""
    kept = await session.service.person.export(session.person)
    if isinstance(kept, Refusal):
        session.refuse(kept)
        return
    text = json.dumps(kept, indent=2, default=str, ensure_ascii=not where)
    if not where:
        print(f"{text}")
    elif (path := Path(path_of(where))).suffix.casefold() in FORMATS.keys() - {".json"}:
        session.refuse(Refusal("export_no_list", {"path": path}))
    elif is_there(path):
        session.refuse(Refusal("export_exists", {"path": path}))
    else:
        _write(session, path, text)


def _write(session: Session, path: Path, text: str) -> None:
    def write() -> None:
        with replacing(path) as part:
            part.write_text(f"{text}\n", encoding="utf-8")

    if is_done(session, write):
        session.say("exported", path=path.absolute())


def is_done(session: Session, write: Callable[[], object]) -> bool:
    """Whether something could be written; says why if not."""
    try:
        write()
    except SoundMapError as error:
        session.refuse(Refusal(error.code, error.facts))
    except (OSError, ValueError) as error:
        failed = unwritten(error if isinstance(error, OSError) else OSError(str(error)))
        session.refuse(Refusal(failed.code, failed.facts))
    else:
        return True
    return False


async def forget(session: Session, sure: str) -> None:
    """``/forget``, which asks for a yes, on the same line or the next."""

    async def forget_all() -> None:
        gone = await session.service.person.forget(session.person)
        if isinstance(gone, Refusal):
            session.refuse(gone)
        else:
            session.list_id, session.picks, session.playlist = 0, (), None
            session.say("forgotten")

    if sure.casefold() in YES:
        await forget_all()
    else:
        session.say("forget_asks")
        session.asked = forget_all
