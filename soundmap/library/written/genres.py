"""Genres as taggers write them: names, numbers of ID3, or several of both in one field."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_BETWEEN = re.compile(r"[;|/\0]|\\\\")
_COMMA_OF_A_NAME = re.compile(r",\s*(?:&|and\b)")
_NUMBERED = re.compile(r"\s*\((\d{1,3}|RX|CR)\)")
_OF_LETTERS = {"RX": "Remix", "CR": "Cover"}
_ID3_NAMES = (
    "Blues|Classic Rock|Country|Dance|Disco|Funk|Grunge|Hip-Hop|Jazz|Metal|New Age|Oldies|Other|Pop"
    "|R&B|Rap|Reggae|Rock|Techno|Industrial|Alternative|Ska|Death Metal|Pranks|Soundtrack"
    "|Euro-Techno|Ambient|Trip-Hop|Vocal|Jazz+Funk|Fusion|Trance|Classical|Instrumental|Acid|House"
    "|Game|Sound Clip|Gospel|Noise|Alternative Rock|Bass|Soul|Punk|Space|Meditative"
    "|Instrumental Pop|Instrumental Rock|Ethnic|Gothic|Darkwave|Techno-Industrial|Electronic"
    "|Pop-Folk|Eurodance|Dream|Southern Rock|Comedy|Cult|Gangsta|Top 40|Christian Rap|Pop/Funk"
    "|Jungle|Native American|Cabaret|New Wave|Psychedelic|Rave|Showtunes|Trailer|Lo-Fi|Tribal"
    "|Acid Punk|Acid Jazz|Polka|Retro|Musical|Rock & Roll|Hard Rock|Folk|Folk-Rock|National Folk"
    "|Swing|Fast Fusion|Bebop|Latin|Revival|Celtic|Bluegrass|Avantgarde|Gothic Rock"
    "|Progressive Rock|Psychedelic Rock|Symphonic Rock|Slow Rock|Big Band|Chorus|Easy Listening"
    "|Acoustic|Humour|Speech|Chanson|Opera|Chamber Music|Sonata|Symphony|Booty Bass|Primus"
    "|Porn Groove|Satire|Slow Jam|Club|Tango|Samba|Folklore|Ballad|Power Ballad|Rhythmic Soul"
    "|Freestyle|Duet|Punk Rock|Drum Solo|A Cappella|Euro-House|Dance Hall|Goa|Drum & Bass"
    "|Club-House|Hardcore Techno|Terror|Indie|BritPop|Afro-Punk|Polsk Punk|Beat"
    "|Christian Gangsta Rap|Heavy Metal|Black Metal|Crossover|Contemporary Christian"
    "|Christian Rock|Merengue|Salsa|Thrash Metal|Anime|JPop|Synthpop|Abstract|Art Rock|Baroque"
    "|Bhangra|Big Beat|Breakbeat|Chillout|Downtempo|Dub|EBM|Eclectic|Electro|Electroclash|Emo"
    "|Experimental|Garage|Global|IDM|Illbient|Industro-Goth|Jam Band|Krautrock|Leftfield|Lounge"
    "|Math Rock|New Romantic|Nu-Breakz|Post-Punk|Post-Rock|Psytrance|Shoegaze|Space Rock"
    "|Trop Rock|World Music|Neoclassical|Audiobook|Audio Theatre|Neue Deutsche Welle|Podcast"
    "|Indie Rock|G-Funk|Dubstep|Garage Rock|Psybient"
)
_ID3 = _ID3_NAMES.split("|")
"""Genres by number: those of ID3, then those of Winamp."""


def genres_in(fields: Iterable[str]) -> Iterator[str]:
    """The genres that fields name: ``(17)(131)`` is two, ``Folk, World, & Country`` is one.

    Numbers without a genre are left out.
    """
    for field in fields:
        if field.startswith("(("):  # so that it is no number
            yield field[1:]
            continue
        while found := _NUMBERED.match(field):
            yield from _numbered(found[1])
            field = field[found.end() :]
        for part in _BETWEEN.split(field):
            names = [part] if _COMMA_OF_A_NAME.search(part) else part.split(",")
            for name in map(str.strip, names):
                yield from _numbered(name) if _is_code(name) else (name,)


def _is_code(name: str) -> bool:
    return name in _OF_LETTERS or (name.isascii() and name.isdecimal() and len(name) <= 3)


def _numbered(code: str) -> Iterator[str]:
    if code in _OF_LETTERS:
        yield _OF_LETTERS[code]
    elif int(code) < len(_ID3):
        yield _ID3[int(code)]
