"""Draws a chat picture for the README: a real answer of the bot's own card, as a chat shows it.

.venv/bin/python docs/chat_picture.py SOURCE docs/chat.html [--light]

Then make a picture of the page, with Noto Sans and Noto Color Emoji installed:
chromium --headless --screenshot=docs/chat.png --window-size=440,1330
  --force-device-scale-factor=1.5 docs/chat.html
"""

import base64
import html
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from bot.discord.buttons import answered
from bot.discord.card import MAP_NAME, Card
from bot.types import Answer
from soundmap.bundle.listener import Listener
from soundmap.draw.answer import draw
from soundmap.draw.on_map import draw_list
from soundmap.map.atlas import atlas_of
from soundmap.recommendation.nearest import recommend
from soundmap.recommendation.request import Request

ASKED = Request(page=True, license="known")
"""What is asked for: tracks that a reader of the picture can go to, and knows how to use."""
DARK = ("#313338", "#2b2d31", "#dbdee1", "#00a8fc", "#4e5058")
LIGHT = ("#ffffff", "#f2f3f5", "#313338", "#006ce7", "#e3e5e8")
STYLE = """
body{{margin:0;padding:14px;background:{0};color:{2};width:400px}}
body{{font:15px/1.35 "Noto Sans",sans-serif}}
.embed{{background:{1};border-left:4px solid #2f9e8f;border-radius:5px}}
.embed{{padding:10px 14px;margin:6px 0}}
.embed h4{{margin:0 0 6px;font-size:15px}} .embed img{{width:100%;margin-top:6px;border-radius:4px}}
a{{color:{3};text-decoration:none}} small{{opacity:.75}}
.row{{display:flex;flex-wrap:wrap;gap:6px;margin-top:7px}}
.row span{{background:{4};border-radius:4px;padding:4px 10px;font-size:13px}}
.row .menu{{flex:1;display:flex;justify-content:space-between;padding:6px 10px}}
.menu::after{{content:"";width:6px;height:6px;margin:3px;rotate:45deg}}
.menu::after{{border:solid;border-width:0 2px 2px 0}}
"""


def card_of(source: Path) -> Card:
    """The card that the bot shows for a sound."""
    listener = Listener()
    heard = listener.hear(source)
    picture = draw(heard.analysis, heard.spectrogram, listener.manifest.spec, heard.rate_hz)
    found = recommend(heard.analysis, listener.catalog, ASKED)
    around = draw_list(atlas_of(listener.catalog, listener.folder), found, listener.catalog)
    return answered(Answer(1, found, picture, 0.4, map=around), listener.manifest.id, "en")


def page_of(card: Card, colors: tuple[str, ...]) -> str:
    """The card as a page that stands alone."""
    parts = [f"<meta charset=utf-8><style>{STYLE.format(*colors)}</style>"]
    for embed in card.embeds:
        data = card.map if (embed.image.url or "").endswith(MAP_NAME) else card.data
        image = base64.b64encode(data).decode() if embed.image.url else ""
        shown = f'<img src="data:image/png;base64,{image}">' if image else ""
        parts.append(
            f"<div class=embed><h4>{html.escape(embed.title or '')}</h4>"
            f"{markdown(embed.description or '')}{shown}"
            f"<br><small>{html.escape(embed.footer.text or '')}</small></div>"
        )
    reactions = ("1️⃣", "2️⃣", "3️⃣", "4️⃣", "5️⃣", "👍", "👎")
    parts.append(row_of(f"<span>{text}</span>" for text in reactions))
    for row in card.view().to_components() if card.view else ():
        parts.append(row_of(map(shown_as, row["components"])))
    return "".join(parts)


def row_of(items: Iterable[str]) -> str:
    """Reactions or buttons in one row."""
    return f"<div class=row>{''.join(items)}</div>"


def shown_as(item: dict[str, Any]) -> str:
    """A button, or a menu that is closed."""
    kind, text = ("", item["label"]) if "label" in item else (" class=menu", item["placeholder"])
    return f"<span{kind}>{html.escape(text)}</span>"


def markdown(text: str) -> str:
    """The little markdown that a card uses."""
    text = html.escape(text)
    text = re.sub(r"(?<!\\)\[((?:\\.|[^\]\\])*)\]\(([^)]*)\)", r'<a href="\2">\1</a>', text)
    text = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", text)
    text = re.sub(r"(?<!\\)\*(.+?)(?<!\\)\*", r"<i>\1</i>", text)
    return re.sub(r"\\(.)", r"\1", text).replace("\n", "<br>")


if __name__ == "__main__":
    colors = LIGHT if "--light" in sys.argv else DARK
    Path(sys.argv[2]).write_text(page_of(card_of(Path(sys.argv[1])), colors), encoding="utf-8")
