"""A workspace whose lists come from music of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers.sounds import catalog_of
from tests.scenarios.slack.world import slack_world, text_of


def test_a_catalog_is_chosen_for_one_list_and_by_an_admin_for_all(
    demo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    catalog_of(tmp_path / "music", tmp_path / "catalogs", 6)
    capsys.readouterr()
    with slack_world(tmp_path, SOUNDMAP_CATALOGS=tmp_path / "catalogs") as slack:
        link = slack.on_the_web(demo)
        assert "fma, mine" in slack.told_after(lambda: slack.slash("/catalog"))
        shown = slack.answer_to(lambda: slack.slash("/recommend", f"{link} catalog=mine count=3"))
        assert "in mine" in text_of(shown) and "file: song " in text_of(shown)
        refused = slack.told_after(lambda: slack.slash("/catalog", "mine", user="bob"))
        assert "may manage this server" in refused
        n_before = len(slack.messages)
        slack.slash("/catalog", "mine")
        slack.next(n_before, lambda it: "come from mine" in text_of(it))
        assert "in mine" in text_of(slack.answer_to(lambda: slack.slash("/recommend", link)))
        assert slack.problems == [] and "Traceback" not in slack.log()
