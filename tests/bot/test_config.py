from __future__ import annotations

from pathlib import Path

import pytest

from bot.config import TABLE, BadSettings, read_settings
from soundmap.bundle.manifest import DEFAULT_BUNDLE

NOWHERE = Path("no-such-file")


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


def test_every_error_is_reported_at_once_and_no_secret_is() -> None:
    wrong = {
        "SOUNDMAP_QUEUE": "many",
        "SOUNDMAP_WORKERS": "0",
        "SOUNDMAP_HEALTH_PORT": "70000",
        "SOUNDMAP_LOG_LEVEL": "loud",
        "SOUNDMAP_QUEU": "5",
        "DISCORD_TOKEN": "very-secret",
    }
    with pytest.raises(BadSettings) as caught:
        read_settings(wrong, NOWHERE)
    text = "\n".join(caught.value.problems)
    assert len(caught.value.problems) == 5
    assert "SOUNDMAP_QUEUE is a whole number from 0 to 10000, not 'many'." in text
    assert "SOUNDMAP_QUEU is no setting" in text
    assert "very-secret" not in text


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
