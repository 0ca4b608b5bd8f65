from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from bot.command import command_parser
from bot.config import TABLE, BadSettings, NoToken, left_behind, read_settings, share_home
from bot.config.origin import settings_file
from bot.config.table import Setting
from soundmap.bundle.manifest import DEFAULT_BUNDLE
from soundmap.catalog.shelf import Shelf
from soundmap.files import cache_folder

NOWHERE = Path("no-such-file")


def problems(environ: dict[str, str], file: Path = NOWHERE) -> list[str]:
    with pytest.raises(BadSettings) as caught:
        read_settings(environ, file)
    return caught.value.problems


def test_with_nothing_set_everything_has_its_default() -> None:
    settings = read_settings({}, NOWHERE)
    assert settings.discord_token == ""
    assert settings.bundle == DEFAULT_BUNDLE
    assert settings.max_mb == 25
    assert settings.health_port == 0


def test_the_environment_is_stronger_than_the_file(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text('SOUNDMAP_QUEUE=7\nSOUNDMAP_MAX_MB="12.5"\n', encoding="utf-8")
    settings = read_settings({"SOUNDMAP_QUEUE": "9"}, file)
    assert (settings.queue, settings.max_mb) == (9, 12.5)


# ---------------------------------------------------------------------- what is wrong


def test_every_error_is_reported_at_once_and_no_secret_is() -> None:
    wrong = {
        "SOUNDMAP_QUEUE": "many",
        "SOUNDMAP_WORKERS": "0",
        "SOUNDMAP_HEALTH_PORT": "70000",
        "SOUNDMAP_LOG_LEVEL": "loud",
        "SOUNDMAP_QUEU": "5",
        "SOUNDMAP_BUNDLE": "/no/such/bundle",
        "SLACK_APP_TOKEN": "xapp-very-secret",
        "DISCORD_TOKEN": "very-secret",
    }
    found = problems(wrong)
    assert len(found) == 7
    text = "\n".join(found)
    where = "in the environment"
    assert f"SOUNDMAP_QUEUE {where} is a whole number from 0 to 10000, not “many”." in text
    assert f"SOUNDMAP_QUEU {where} is no setting of SoundMap; do you mean SOUNDMAP_QUEUE?" in text
    assert f"SOUNDMAP_BUNDLE {where}: There is no model bundle in /no/such/bundle." in text
    assert f"SLACK_APP_TOKEN {where} does nothing without SLACK_BOT_TOKEN." in text
    assert "very-secret" not in text


WRONG_LINES = (
    "SOUNDMAP_QUEUE=many",
    "SOUNDMAP_QUEU=1",
    "SOUNDMAP_ZZ=1",
    "SOUNDMAP_BUNDLE=/no/such/bundle",
    "SOUNDMAP_DATABASE=~nobody-of-this-name/x.db",
    "SOUNDMAP_DATABASE=/",
    "SOUNDMAP_CATALOGS=/dev/null",
    "SOUNDMAP_HOME=/dev/null",
    "SLACK_BOT_TOKEN=xoxb",
    "SLACK_APP_TOKEN=xapp",
    "SLACK_SIGNING_SECRET=s",
    "SLACK_PORT=8000",
    "DISCORD_TOKEN=two words",
    "SOUNDMAP_PERSON_KEY=short",
)


@pytest.mark.parametrize("line", WRONG_LINES)
def test_each_wrong_line_is_one_sentence_with_its_file(line: str, tmp_path: Path) -> None:
    file = tmp_path / "settings.env"
    file.write_text(f"{line}\n", encoding="utf-8")
    [sentence] = problems({}, file)
    assert f"{line.partition('=')[0]} in {file}" in sentence and sentence.endswith((".", "?"))


@pytest.mark.parametrize("line", WRONG_LINES)
def test_under_a_korean_locale_it_is_said_in_korean(
    line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "ko_KR.UTF-8")
    command_parser()  # as the bot does before it reads its settings
    file = tmp_path / "settings.env"
    file.write_text(f"{line}\n", encoding="utf-8")
    [sentence] = problems({}, file)
    name, _, text = line.partition("=")
    begin = f"{name} ({file}): "
    assert sentence.startswith(begin) and re.search("[가-힣][.?]$", sentence)
    names = rf"SOUNDMAP\w*|SoundMap|SLACK_\w+|bundle.json|\.env\.example|{re.escape(text)}"
    assert not re.search("[A-Za-z]{2,}", re.sub(names, "", sentence.removeprefix(begin))), sentence


@pytest.mark.parametrize("setting", TABLE, ids=lambda it: it.name)
def test_what_a_setting_wants_is_said_in_korean(
    setting: Setting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "ko_KR.UTF-8")
    command_parser()
    assert re.search("[가-힣]", setting.wanted)


def test_lines_that_say_nothing_are_told_with_all_else_that_is_wrong(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text(
        "# mine\n\nSOUNDMAP_QUEUE: 7\nSOUNDMAP_MAX_MB=3\nexport A=1\n\nset SLACK_PORT=1\nB\n"
    )
    with pytest.raises(NoToken) as caught:
        read_settings({"SOUNDMAP_WORKERS": "0"}, file)
    assert [said.split(" in line ")[-1] for said in caught.value.problems[:3]] == ["3.", "7.", "8."]
    assert len(caught.value.problems) == 4


@pytest.mark.parametrize("swapped", ["xapp-1-A", "xoxp-1"])
def test_slacks_tokens_are_not_taken_for_one_another(swapped: str) -> None:
    [sentence] = problems({"SLACK_BOT_TOKEN": swapped, "SLACK_APP_TOKEN": "xapp-1"})
    assert "SLACK_BOT_TOKEN" in sentence and "xoxb-" in sentence


def test_other_programs_have_names_of_their_own(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("PATH=/bin\nDISCORD_GUILD=1\nSLACK_WEBHOOK=x\nAPP_TOKEN=x\nPORT=1\n")
    assert read_settings({"DISCORD_TOKENS": "x", "SLACK_TOKEN": "x"}, file).at_a_desk
    file.write_text("DISCORD_TOKEN=x\nDISCORD_TOKEN_OLD=y\n")
    assert read_settings({}, file).discord_token == "x"
    file.write_text("SLACK_TOKEN=x\n")  # too far from one of ours for a slip, yet no other's
    with pytest.raises(NoToken, match="do you mean SLACK_BOT_TOKEN"):
        read_settings({}, file)


@pytest.mark.parametrize("name", ["SOUNDMAP_HOME", "SOUNDMAP_CATALOGS", "SOUNDMAP_DATABASE"])
@pytest.mark.parametrize("path", ["/dev/null/inside", "/" + 300 * "x"])
def test_a_path_that_cannot_be_is_told_with_its_setting(name: str, path: str) -> None:
    [sentence] = problems({name: path})
    assert sentence.startswith(f"{name} in the environment") and "Errno" not in sentence


def test_two_platforms_cannot_wait_at_one_port() -> None:
    ports = {"SLACK_PORT": "8000", "SOUNDMAP_HEALTH_PORT": "8000"}
    slack = {"SLACK_BOT_TOKEN": "xoxb", "SLACK_SIGNING_SECRET": "hush"}
    [sentence] = problems({**ports, **slack})
    assert "8000" in sentence


def test_a_wrong_token_beside_other_problems_still_counts_as_one() -> None:
    with pytest.raises(NoToken) as caught:
        read_settings({"DISCORD_TOKEN": "a b", "SOUNDMAP_QUEUE": "-1"}, NOWHERE)
    assert len(caught.value.problems) == 2


def test_what_is_shown_of_a_wrong_value_is_short_and_harmless() -> None:
    [sentence] = problems({"SOUNDMAP_QUEUE": "\x1b[2J" + "9" * 10_000})
    assert "\x1b" not in sentence and len(sentence) < 200


def test_secrets_leave_the_environment_and_are_never_shown() -> None:
    environ = {"DISCORD_TOKEN": "very-secret", "SOUNDMAP_PERSON_KEY": "hush " * 4, "PATH": "/bin"}
    settings = read_settings(environ, NOWHERE)
    assert settings.discord_token == "very-secret"
    assert environ == {"PATH": "/bin"}
    assert "very-secret" not in repr(settings) and "hush" not in repr(settings)


def test_an_unreadable_env_file_is_said_to_be_so(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadSettings, match="cannot be read"):
        read_settings({}, file)


@pytest.mark.parametrize("setting", TABLE, ids=lambda setting: setting.name)
def test_every_setting_says_what_it_means(setting: object) -> None:
    about = getattr(setting, "about", "")
    assert about.endswith(".") and "\n" not in about


# ---------------------------------------------------------------------- where things are kept


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The home of a user who is in an empty folder."""
    folder = tmp_path / "home"
    for name in ("XDG_DATA_HOME", "XDG_CACHE_HOME", "SOUNDMAP_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(folder))
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return folder


def test_one_folder_holds_all_that_is_kept(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = tmp_path / "named"
    (tmp_path / ".env").write_text(f"SOUNDMAP_HOME={named}\n")
    settings = read_settings({}, tmp_path / ".env")
    assert (settings.database, settings.catalogs) == (named / "soundmap.db", named / "catalogs")
    monkeypatch.setenv("SOUNDMAP_HOME", "")  # restored after what follows
    assert cache_folder() == home / ".cache" / "soundmap"
    share_home(settings)
    assert (Shelf().folder, cache_folder()) == (named / "catalogs", named / "cache")


def test_without_a_named_home_the_usual_folders_of_the_system_serve(home: Path) -> None:
    usual = home / ".local" / "share" / "soundmap"
    settings = read_settings({}, NOWHERE)
    assert (settings.database, settings.catalogs) == (usual / "soundmap.db", usual / "catalogs")
    share_home(settings)
    assert "SOUNDMAP_HOME" not in os.environ


def test_a_database_of_earlier_versions_in_the_current_folder_goes_on(home: Path) -> None:
    old = Path("soundmap.db").absolute()
    old.touch()
    assert read_settings({}, NOWHERE).database == old
    (home / ".local" / "share" / "soundmap").mkdir(parents=True)
    (home / ".local" / "share" / "soundmap" / "soundmap.db").touch()
    assert read_settings({}, NOWHERE).database == old


@pytest.mark.usefixtures("home")
def test_one_that_is_left_behind_by_a_named_home_is_noticed_until_there_is_another(
    tmp_path: Path,
) -> None:
    named = {"SOUNDMAP_HOME": str(tmp_path / "named")}
    database = read_settings(named, NOWHERE).database
    assert database == tmp_path / "named" / "soundmap.db" and left_behind(database) is None
    old = Path("soundmap.db").absolute()
    old.touch()
    assert left_behind(read_settings(named, NOWHERE).database) == old
    database.parent.mkdir()
    database.touch()
    assert left_behind(database) is None


def test_settings_are_looked_for_in_the_current_folder_then_in_the_home(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, usual = Path(".env").absolute(), home / ".local" / "share" / "soundmap" / ".env"
    assert settings_file() == here
    usual.parent.mkdir(parents=True)
    usual.write_text("SOUNDMAP_QUEUE=1\n")
    assert settings_file() == usual and read_settings({}).queue == 1
    here.write_text("SOUNDMAP_QUEUE=2\n")
    assert settings_file() == here and read_settings({}).queue == 2
    here.unlink()
    (tmp_path / ".env").write_text("SOUNDMAP_QUEUE=3\n")
    monkeypatch.setenv("SOUNDMAP_HOME", str(tmp_path))
    assert read_settings({}).queue == 3


@pytest.mark.usefixtures("home")
def test_a_user_without_a_home_is_asked_to_name_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HOME")
    monkeypatch.setattr("pwd.getpwuid", {}.__getitem__)  # as for a user with a number only
    [sentence] = problems({})
    assert "SOUNDMAP_HOME" in sentence
