"""Files and links of a message that may be sounds, which hosts may get the bot's token, and files
for one person.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

from slack_sdk.web.async_client import AsyncWebClient

from bot.chat.messages import leads_to_music, links_in, may_be_a_sound
from bot.slack.mrkdwn import unwrapped
from bot.slack.patience import FAILED, Json
from bot.types import Link, Upload

if TYPE_CHECKING:
    from bot.slack.client import SlackBot

_FILE_HOSTS = (".slack.com", ".slack-edge.com")
_ASK = "check_file_info"
_log = logging.getLogger(__name__)


async def sources_in(bot: SlackBot, message: Json) -> list[Upload | Link]:
    """Everything in a message that may be a sound: files and links.

    Forwarded messages count too.
    """
    files = [source_of(bot, file) for file in await _files(bot, message) if _is_audio(file)]
    return [*files, *_links(message)]


async def overheard_in(bot: SlackBot, message: Json) -> list[Upload | Link]:
    """Likely music in a message that was not addressed to the bot: no videos, few links."""
    files = await _files(bot, message)
    heard = [source_of(bot, file) for file in files if _is_audio(file, video=False)]
    return [*heard, *filter(leads_to_music, _links(message))]


def source_of(bot: SlackBot, file: Json) -> Upload | Link:
    """A file as a source: an upload with the token if Slack hosts it, or else a link."""
    url = str(file.get("url_private_download") or file.get("url_private") or "")
    if not keeps_files(bot.client.base_url, url):
        return Link(url)
    name = str(file.get("title") or file.get("name") or "")
    size = int(file.get("size") or 0)
    return Upload(url, name, size, authorization=f"Bearer {bot.client.token}")


async def hand_to(client: AsyncWebClient, user: str, name: str, content: bytes) -> None:
    """Sends a file to a person alone, in a direct message."""
    opened = await client.conversations_open(users=user)
    channel = opened["channel"]["id"]
    await client.files_upload_v2(filename=name, content=content, channel=channel)


def keeps_files(api: str, url: str) -> bool:
    """Whether an address is on one of Slack's file hosts or on the host of its API."""
    try:
        parts, home = urlsplit(url), urlsplit(api)
        if _origin(parts) == _origin(home):
            return True
        host = (parts.hostname or "").casefold()
        return parts.scheme == "https" and parts.port in (None, 443) and host.endswith(_FILE_HOSTS)
    except ValueError:
        return False


def _origin(parts: SplitResult) -> tuple[str, str | None, int | None]:
    return parts.scheme, parts.hostname, parts.port


async def _files(bot: SlackBot, message: Json) -> list[Json]:
    """The files of a message.  Slack sends only the ids of files from other workspaces."""
    found = []
    for part in _parts(message):
        for file in part.get("files") or ():
            found.append(await _known(bot, file) if file.get("file_access") == _ASK else file)
    return found


async def _known(bot: SlackBot, file: Json) -> Json:
    try:
        return dict((await bot.client.files_info(file=file["id"]))["file"])
    except FAILED as error:
        _log.info("could not ask about a file: %s", error)
        return file


def _links(message: Json) -> list[Link]:
    return [link for part in _parts(message) for link in links_in(unwrapped(_text(part)))]


def _parts(message: Json) -> Iterator[Json]:
    yield message
    yield from (it for it in message.get("attachments") or () if it.get("is_msg_unfurl"))


def _text(part: Json) -> str:
    return str(part.get("text") or "")


def _is_audio(file: Json, video: bool = True) -> bool:
    return may_be_a_sound(file.get("mimetype") or "", file.get("name") or "", video)
