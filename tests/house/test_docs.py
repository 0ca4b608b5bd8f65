"""What the pages say is so: commands, links, files, settings, and the same in both languages."""

from __future__ import annotations

import argparse
import csv
import gzip
import re
import shlex
import subprocess
import tomllib
from collections.abc import Sequence

import pytest

from bot import config
from bot.command import command_parser as bot_parser
from bot.console.prompt import NAMES as CONSOLE
from soundmap.catalog.licenses import UNKNOWN
from soundmap.cli.main import build, parse
from tests.house.pages import PAGES, Page, call_in, page_of
from tests.house.source import ROOT
from tests.loopback.slack.checks import COMMANDS as CHATS

EVERY = [pytest.param(Page(path), id=Page(path).name) for path in PAGES]
SETTING = re.compile(r"\b(?:SOUNDMAP|DISCORD|SLACK)_[A-Z_]+\b")
FILE = re.compile(r"(?:soundmap|bot|cogs|tests|models|docs|deploy)/[\w./-]*")
CHAT = re.compile(r"(/[a-z]+)(?: |$)")
NOT_OURS = {"/live", "/ready", "/metrics", "/invite", "/tmp"}
"""Paths of HTTP, a command of Slack, a folder."""
LACKING = re.compile("(?:are|is) required|expected")
WORDS = 900


def refusal_of(call: Sequence[str], capsys: pytest.CaptureFixture[str]) -> str:
    """Why a program of ours does not take its arguments; empty if it does."""
    program, *arguments = call
    if program == "make":
        dry = ["make", "--dry-run", *arguments]
        done = subprocess.run(dry, cwd=ROOT, capture_output=True, text=True, check=False)
        return done.stderr if done.returncode else ""
    read = parse if program == "soundmap" else bot_parser().parse_args
    try:
        read(arguments)
    except SystemExit as ended:
        return capsys.readouterr().err.split("error: ")[-1] if ended.code else ""
    return ""


@pytest.mark.parametrize(
    ("line", "call"),
    [
        ("soundmap genre 'a b.mp3' --json   # of one", ["soundmap", "genre", "a b.mp3", "--json"]),
        ("soundmap recommend - < song.mp3", ["soundmap", "recommend", "-"]),
        ("A=b C= make train DATA=folder | tee log", ["make", "train", "DATA=folder"]),
        ("sudo -u me env A=/b /opt/bin/soundmap-bot backup x", ["soundmap-bot", "backup", "x"]),
        ("sudo systemctl stop soundmap", []),
        ("cp soundmap.db x", []),
        ("the bot's", []),
    ],
)
def test_calls_are_found_where_they_stand(line: str, call: list[str]) -> None:
    assert call_in(line) == call


@pytest.mark.parametrize("page", EVERY)
def test_every_command_is_one(page: Page, capsys: pytest.CaptureFixture[str]) -> None:
    refused = [(call, why) for call in page.commands if (why := refusal_of(call, capsys))]
    assert refused == []


@pytest.mark.parametrize("page", EVERY)
def test_every_command_that_is_mentioned_is_one(
    page: Page, capsys: pytest.CaptureFixture[str]
) -> None:
    refused = [(call, why) for call in page.mentions if (why := refusal_of(call, capsys))]
    assert [(call, why) for call, why in refused if not LACKING.search(why)] == []


@pytest.mark.parametrize("page", EVERY)
def test_every_option_is_one(page: Page) -> None:
    known = {flag for parser in parsers() for it in parser._actions for flag in it.option_strings}
    assert {span.split()[0] for span in page.spans if span.startswith("--")} - known == set()


def parsers() -> list[argparse.ArgumentParser]:
    """Those of all commands of ``soundmap``."""
    (commands,) = (it for it in build()._actions if isinstance(it, argparse._SubParsersAction))
    return [*commands.choices.values()]


@pytest.mark.parametrize("page", EVERY)
def test_every_optional_part_is_one(page: Page) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    groups = re.findall(r"(?:\.|soundmap)\[([a-z,]+)\]", page.text)
    parts = {part for group in groups for part in group.split(",")}
    parts |= set(re.findall(r"make extra-([a-z]+)", page.text))
    assert parts - set(project["optional-dependencies"]) == set()


@pytest.mark.parametrize("page", EVERY)
def test_every_link_leads_somewhere(page: Page) -> None:
    assert [link for link in page.links if not leads(page, link)] == []


def leads(page: Page, link: str) -> bool:
    """Whether what a link names is there; of other sites only how the address is written."""
    if "://" in link:
        return link.startswith("https://")
    name, _, anchor = link.partition("#")
    target = (page.path.parent / name).resolve() if name else page.path
    return target.exists() and (not anchor or anchor in Page(target).anchors)


@pytest.mark.parametrize("page", EVERY)
def test_a_file_that_a_page_names_is_there(page: Page) -> None:
    named = [span for span in page.spans if FILE.fullmatch(span)]
    assert [name for name in named if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("page", EVERY)
def test_every_setting_is_one(page: Page) -> None:
    assert set(SETTING.findall(page.text)) - set(SETTING.findall(config.example())) == set()


@pytest.mark.parametrize("page", EVERY)
def test_every_command_of_a_chat_is_one(page: Page) -> None:
    named = {found.group(1) for span in page.spans if (found := CHAT.match(span))}
    assert named - CHATS - set(CONSOLE) - NOT_OURS == set()


def test_every_command_is_on_a_page() -> None:
    told = {call[1] for path in PAGES for call in Page(path).commands if call[0] == "soundmap"}
    assert {parser.prog.split()[-1] for parser in parsers()} - told == set()
    chats = {found.group(1) for it in page_of("docs/discord.md").spans if (found := CHAT.match(it))}
    assert CHATS - chats == set()


def test_the_readme_is_short() -> None:
    assert len(page_of("README.md").text.split()) <= WORDS


def test_the_readme_says_the_same_in_korean() -> None:
    english, korean = page_of("README.md"), page_of("README.ko.md")
    assert [level for level, _ in english.headings] == [level for level, _ in korean.headings]
    assert [*map(bare, english.lines)] == [*map(bare, korean.lines)]
    assert sorted(english.spans) == sorted(korean.spans)
    assert english.numbers == korean.numbers
    swapped = [link.replace("README.ko.md", "README.md") for link in english.links]
    assert sorted(swapped) == sorted(korean.links)


def bare(line: str) -> list[str]:
    """The words of a line of shell without its comment."""
    return shlex.split(line, comments=True)


def test_the_readme_counts_the_catalog_right() -> None:
    with gzip.open(ROOT / "models" / "overview" / "tracks.csv.gz", "rt", encoding="utf-8") as file:
        tracks = [*csv.DictReader(file)]
    pages = sum(bool(track["page_url"]) for track in tracks)
    licenses = sum(track["license"] != UNKNOWN for track in tracks)
    told = page_of("README.md").numbers
    assert {f"{count:,}" for count in (len(tracks), pages, licenses)} <= set(told)
