"""Words of strangers mean nothing but themselves, and the token goes where Slack keeps files."""

from __future__ import annotations

import pytest

from bot.config import BadSettings, read_settings
from bot.slack.files import keeps_files
from bot.slack.mrkdwn import link, neutral, ours, unwrapped
from tests.helpers.world import ROOT

API = "https://slack.com/api/"


@pytest.mark.parametrize(
    "text",
    [
        *("<!channel>", "<@U123|you>", "<https://evil.example|click>", "*bold* _it_ ~no~ `code`"),
        *("@here", "#general", ":smile:", "https://evil.example", "www.evil.example", "a & b"),
        *("&lt;!channel&gt;", "two\nlines", "turned \u202e round", "<a", "a>"),
    ],
)
def test_nothing_in_a_strangers_text_is_a_sign(text: str) -> None:
    shown = neutral(text, 100)
    assert not set("<>*_~`\n\u202e") & set(shown)
    assert "&" not in shown.replace("&amp;", "").replace("&lt;", "").replace("&gt;", "")
    assert "://" not in shown and "@h" not in shown and ":smile:" not in shown


def test_a_link_leads_where_it_says_and_cannot_be_broken_out_of() -> None:
    made = link("name", "https://a.example/x?y=1&z=<b>|c d")
    assert made == "<https://a.example/x?y=1&amp;z=%3Cb%3E%7Cc%20d|name>"
    assert link("name", "javascript:alert(1)") == "name"


def test_our_own_sentences_are_brought_into_slacks_signs() -> None:
    assert ours("**What** · *you* and `code`") == "*What* · _you_ and `code`"


def test_what_slack_wraps_is_unwrapped() -> None:
    assert unwrapped("<https://a.example/?a=1&amp;b=2|a.example> count=3").split() == [
        "https://a.example/?a=1&b=2",
        "count=3",
    ]


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://files.slack.com/files-pri/T1-F1/download/a.mp3", True),
        ("https://acme.slack.com/files-pri/T1-F1/a.mp3", True),
        ("https://a.slack-edge.com/x", True),
        ("https://files.slack.com.evil.example/a", False),
        ("https://evilslack.com/a", False),
        ("http://files.slack.com/a", False),
        ("https://files.slack.com:8443/a", False),
        ("https://files.slack.com@evil.example/a", False),
        ("https://evil.example/files.slack.com", False),
        ("https://[broken", False),
        ("", False),
    ],
)
def test_the_token_goes_to_slacks_own_file_hosts_only(url: str, kept: bool) -> None:
    assert keeps_files(API, url) is kept


@pytest.mark.parametrize(
    "texts",
    [
        {"SLACK_BOT_TOKEN": "xoxb"},
        {"SLACK_APP_TOKEN": "xapp"},
        {"SLACK_BOT_TOKEN": "xoxb", "SLACK_PORT": "8000"},
        {"SLACK_BOT_TOKEN": "xoxb", "SLACK_SIGNING_SECRET": "s", "SLACK_APP_TOKEN": "xapp"},
    ],
)
def test_half_of_slacks_settings_is_told_in_one_sentence(texts: dict[str, str]) -> None:
    with pytest.raises(BadSettings) as caught:
        read_settings(dict(texts), ROOT / "no.env")
    assert len(caught.value.problems) == 1


def test_slacks_secrets_leave_the_environment() -> None:
    texts = {"SLACK_BOT_TOKEN": "xoxb-s", "SLACK_PORT": "8000", "SLACK_SIGNING_SECRET": "hush-s"}
    settings = read_settings(texts, ROOT / "no.env")
    assert texts == {"SLACK_PORT": "8000"} and not settings.at_a_desk
    assert "xoxb-s" not in repr(settings) and "hush-s" not in repr(settings)
