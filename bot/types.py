"""The values that pass between the chats, the service, the workers and the store."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from soundmap.audio.windows import ALL_OVER, MOST_WINDOWS, Look
from soundmap.catalog.table import Catalog
from soundmap.cli.usage import filled, word
from soundmap.library.tags import NO_TAGS, Tags, name_in, titled
from soundmap.paths.find import SoundPath
from soundmap.recommendation.request import Request
from soundmap.taste.beliefs import Beliefs
from soundmap.types import Analysis, ByTaste, Origin, Recommendation, Track


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why there is no answer, as data: ``code`` selects a sentence, ``facts`` fill it in.

    ``left_out`` are the names of sounds, as untrusted text, and why each was refused, if it is for
    several.
    """

    code: str
    facts: dict[str, object] = field(default_factory=dict)
    left_out: tuple[tuple[str, Refusal], ...] = ()


class Refused(Exception):
    """Carries a refusal up through the service, which returns it to the chat as a value."""

    def __init__(self, code: str, /, **facts: object) -> None:
        super().__init__(code, facts)
        self.refusal = Refusal(code, facts)

    @classmethod
    def all_of(cls, code: str, left_out: Sequence[tuple[str, Refusal]]) -> Refused:
        """The refusal of several sounds at once, or of the only one."""
        error = cls(code)
        several = Refusal(code, {}, tuple(left_out))
        error.refusal = several if len(left_out) > 1 else left_out[0][1]
        return error


class Unwelcome(Exception):
    """A chat platform will not serve this bot, however often it is asked: why, as a sentence."""


class BadToken(Unwelcome):
    """A chat platform rejects its token."""

    def __init__(self, platform: str, setting: str, where: str) -> None:
        text = "{platform} does not accept {setting}. Copy it again from {where}."
        super().__init__(filled(text, platform=platform, setting=setting, where=word(where)))


@dataclass(frozen=True, slots=True)
class Progress:
    """The current stage: ``fetching``, ``queued`` (at ``place`` in line, from 1), ``listening`` or
    ``comparing``; of sound ``number`` if there are ``of`` > 1.
    """

    stage: str
    place: int = 0
    number: int = 1
    of: int = 1


Watcher = Callable[[Progress], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What of a source is to be heard: the part from ``start_s`` on, or else all of it in
    ``windows`` windows at most.
    """

    start_s: float | None = None
    windows: int = MOST_WINDOWS


@dataclass(frozen=True, slots=True)
class Upload(Wanted):
    """A file uploaded to a chat platform; ``url`` comes from the platform itself.

    ``authorization`` is the value of the header that gives access, a secret; empty if none is
    needed.
    """

    url: str
    name: str
    size_bytes: int
    authorization: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Link(Wanted):
    """An address that a person wrote; it may lead to anything, and name a start itself."""

    url: str


@dataclass(frozen=True, slots=True)
class LocalFile(Wanted):
    """A file on this machine, named at its terminal."""

    path: Path


Source = Upload | Link | LocalFile


@dataclass(frozen=True, slots=True)
class Named:
    """A track of a catalog, given by number or name."""

    text: str


PathEnd = Source | Named


@dataclass(frozen=True, slots=True)
class Heard:
    """What a worker heard in a file, with a PNG ``picture`` and the file's own ``tags``; ``origin``
    if it came from a link.
    """

    analysis: Analysis
    picture: bytes
    origin: Origin | None = None
    tags: Tags = NO_TAGS

    @property
    def name(self) -> str:
        """What it is called where it came from, or by its tags; empty if neither says."""
        return self.origin.title if self.origin else name_in(self.tags)

    def come_from(self, origin: Origin | None) -> Heard:
        """The same, from an origin, which gets the title and artist that the tags tell."""
        return replace(self, origin=origin and titled(origin, self.tags))


class Listening(Protocol):
    """Workers that hear files: child processes, or a cluster of machines."""

    @property
    def alive(self) -> int:
        """How many sounds they can hear at once."""

    @property
    def replaced(self) -> int:
        """How many workers died and were replaced so far."""

    async def ready(self) -> Refusal | None:
        """Waits until a worker can listen; returns why if none can."""

    async def listen(self, path: Path, sha256: str = "", look: Look = ALL_OVER) -> Heard | Refusal:
        """What a worker hears where it is to ``look`` in a file.  A known ``sha256`` of the file
        saves hashing it.
        """


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """What a list is made for and stored with.

    ``place`` is the key of the server it is shown in, None outside servers.  ``request`` is checked
    and ``catalog`` is the one it names.  ``seed`` is the id of the track that the list is built
    around, None if it is for a sound.
    """

    person: str
    place: str | None
    request: Request
    catalog: Catalog
    seed: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class MixSound:
    """A sound that a mix goes by, or stays away from if ``is_away``.

    ``name`` is what it is called, untrusted text, empty if unknown.  ``track_id`` is its number in
    the ``catalog`` of that name, None if it is no track.
    """

    analysis: Analysis
    name: str = ""
    catalog: str = ""
    track_id: int | None = None
    is_away: bool = False


LeftOut = tuple[str, Refusal]
"""The name of a sound that cannot be heard, as untrusted text, and why."""


@dataclass(frozen=True, slots=True)
class KeptList:
    """A list of picks as stored, so that its buttons survive a restart.

    It is for the sound ``clip_sha256`` or the catalog's track ``seed_track_id``.  ``track_ids`` are
    the picks by rank, ``by_taste`` why taste put them there.  ``person`` is None after that
    person's data was deleted.  ``sounds`` are those of a mix, whose ``clip_sha256`` names all of
    them.
    """

    id: int
    person: str | None
    bundle_id: str
    clip_sha256: str
    seed_track_id: int | None
    request: Request
    track_ids: tuple[int, ...]
    by_taste: tuple[ByTaste | None, ...]
    sounds: tuple[MixSound, ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """A message that shows a list: its id and its channel, in the platform's words."""

    message_id: str
    channel: str
    list_id: int


@dataclass(frozen=True, slots=True)
class Answer:
    """A stored list, ready to be shown; ``seconds`` is how long it took.

    ``seed`` is the track that the list is built around, None if it is for a sound.  ``by_taste`` is
    true if the seed was drawn from what the person likes.  ``origin`` is where a linked sound came
    from, and ``name`` what the sound is called, empty if unknown.  ``catalog`` is the name of the
    list's catalog, empty for the bundle's own.  ``picture`` is a PNG of what was heard and ``map``
    one of where it lies, or None.  ``sounds`` are those of a mix, and ``left_out`` those that could
    not be heard.
    """

    list_id: int
    recommendation: Recommendation
    picture: bytes | None
    seconds: float
    seed: Track | None = None
    by_taste: bool = False
    origin: Origin | None = None
    name: str = ""
    catalog: str = ""
    map: bytes | None = None
    sounds: tuple[MixSound, ...] = ()
    left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True, slots=True)
class PathAnswer:
    """A path with a PNG ``picture`` of it; ``seconds`` is how long it took.

    ``names`` are those of its ends, as untrusted text.  ``catalog`` is the name of the catalog that
    the path leads through, empty for the bundle's own.
    """

    path: SoundPath
    names: tuple[str, str]
    picture: bytes
    seconds: float
    catalog: str = ""


@dataclass(frozen=True, slots=True)
class Believed:
    """What is believed about a person's taste, based on ``n_votes`` votes.

    ``is_on`` says whether lists follow it.  ``picture`` is a PNG of the strongest beliefs, empty
    if there are none.  ``denied`` are (kind, name) of the beliefs that the person removed.
    """

    beliefs: Beliefs
    n_votes: float
    is_on: bool
    picture: bytes
    denied: tuple[tuple[str, str], ...]
