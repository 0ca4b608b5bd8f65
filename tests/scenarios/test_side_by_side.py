"""One process serves Discord and Slack on one service and one database."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import command
from tests.helpers.waiting import until
from tests.loopback.slack.workspace import APP_TOKEN, BOT_TOKEN
from tests.scenarios.discord import seen
from tests.scenarios.discord.world import file, world
from tests.scenarios.slack.world import SlackWorld, picks


def test_both_are_answered_by_one_process_and_both_are_told_goodbye(
    tmp_path: Path, demo: Path
) -> None:
    with SlackWorld(tmp_path) as slack:
        way = {"SLACK_API": slack.api, "SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_APP_TOKEN": APP_TOKEN}
        with world(tmp_path, SOUNDMAP_TEST_ADDRESSES=f"127.0.0.1:{slack.port}", **way) as discord:
            until(lambda: slack.connected, 20)
            link = slack.on_the_web(demo)
            shown = slack.answer_to(lambda: slack.slash("/recommend", link))
            made = discord.slash("recommend", options={"file": file(demo)})["shown"]
            assert len(picks(shown)) == len(seen.picks(made)) == 5
            until(lambda: len(discord.rows("SELECT DISTINCT person FROM lists")) == 2, 10)
            assert discord.stop() == 0


def test_a_token_without_the_package_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("bot.config.problems.find_spec", lambda _: None)
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb")
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp")
    monkeypatch.setenv("SOUNDMAP_DATABASE", str(tmp_path / "soundmap.db"))
    monkeypatch.delenv("DISCORD_TOKEN", raising=False)
    assert command.run([]) == 1
    assert "pip install 'soundmap[slack]'" in capsys.readouterr().err
