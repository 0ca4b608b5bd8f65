"""The files for hosts and for CI, as their own checkers read them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml  # type: ignore[import-untyped]

from bot.config import TABLE
from bot.core.ending import MARGIN_S
from tests.house.source import ROOT

DEPLOY = ROOT / "deploy"
DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
UNIT = (DEPLOY / "soundmap.service").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
WORKFLOW = ROOT / ".github" / "workflows" / "ci.yml"
STARTS = "/opt/soundmap/bin/soundmap-bot"
MOST_EXPOSED = 2.0
"""Of systemd's scale from 0 to 10; what has the network cannot be at 0."""

pytestmark = pytest.mark.process


def checked(tool: str, *arguments: object) -> str:
    """What a checker says, which has to be content.  Skips the test where it is not installed."""
    beside = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    if not (found := shutil.which(tool, path=beside)):
        pytest.skip(f"{tool} is not installed")
    done = subprocess.run([found, *map(str, arguments)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_dockerfile_is_as_its_linter_wants_it() -> None:
    checked("hadolint", DEPLOY / "Dockerfile")


def test_the_workflow_is_as_its_linter_wants_it() -> None:
    checked("actionlint", WORKFLOW)


def test_every_supported_python_is_tested() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    supported = re.findall(r"Python :: (3\.\d+)", " ".join(project["classifiers"]))
    job = yaml.safe_load(WORKFLOW.read_text())["jobs"]["test"]
    assert job["strategy"]["matrix"]["python"] == supported == ["3.11", "3.12", "3.13"]
    assert "make test PYTHON=python" in [step.get("run") for step in job["steps"]]


def test_the_steps_of_the_image_are_a_script_that_a_shell_reads() -> None:
    assert "sh /src/deploy/install.sh" in DOCKERFILE
    checked("sh", "-n", DEPLOY / "install.sh")


def test_the_steps_are_as_the_linter_of_shells_wants_them() -> None:
    checked("shellcheck", DEPLOY / "install.sh")


def test_a_venv_whose_python_is_gone_is_made_anew_with_all_that_is_in_it(tmp_path: Path) -> None:
    shutil.copy(ROOT / "Makefile", tmp_path)
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").symlink_to(tmp_path / "gone")
    (tmp_path / ".venv" / "serve").touch()
    python = f'ln -sf "{sys.executable}" .venv/bin/python'
    (tmp_path / "python").write_text(f'#!/bin/sh\n[ "$1" = -c ] || {{ {python}; }}\n')
    (tmp_path / "python").chmod(0o755)
    told = checked("make", "-C", tmp_path, "--dry-run", "setup", "PYTHON=./python")
    assert "-m venv --clear .venv" in told
    subprocess.run(["./python", "-m", "venv"], cwd=tmp_path, check=True)
    assert "pip install" in checked("make", "-C", tmp_path, "--dry-run", "setup")
    (tmp_path / ".venv" / "serve").touch()
    assert "Nothing to be done" in checked("make", "-C", tmp_path, "--dry-run", "setup")


def test_a_venv_that_could_not_be_made_whole_is_not_left_behind(tmp_path: Path) -> None:
    shutil.copy(ROOT / "Makefile", tmp_path)
    (tmp_path / "python").write_text(
        '#!/bin/sh\n[ "$1" = -c ] || { mkdir -p .venv/bin; exit 1; }\n'
    )
    (tmp_path / "python").chmod(0o755)
    command = ["make", "-C", str(tmp_path), "setup", "PYTHON=./python"]
    assert subprocess.run(command, capture_output=True).returncode == 2
    assert not (tmp_path / ".venv").exists()


def test_systemd_reads_the_unit_and_finds_it_hardened(tmp_path: Path) -> None:
    unit = tmp_path / "soundmap.service"  # what it starts is there on a host alone
    unit.write_text(UNIT.replace(STARTS, "/bin/true").replace("User=soundmap", "User=nobody"))
    checked("systemd-analyze", "verify", "--man=no", unit)
    told = checked("systemd-analyze", "security", "--offline=yes", unit)
    exposed = re.search(r"exposure level for \S+ ([\d.]+)", told)
    assert exposed and float(exposed[1]) <= MOST_EXPOSED


def test_every_way_to_run_it_starts_the_same_with_the_same_home() -> None:
    home = "/var/lib/soundmap"
    assert f'ENTRYPOINT ["{STARTS}"]' in DOCKERFILE and f"ExecStart={STARTS}\n" in UNIT
    assert f"SOUNDMAP_HOME={home}" in DOCKERFILE and f"SOUNDMAP_HOME={home}" in UNIT
    bot = COMPOSE["services"]["bot"]
    assert bot["environment"]["SOUNDMAP_HOME"] == home
    assert bot["volumes"] == [f"kept:{home}"] and "kept" in COMPOSE["volumes"]


def test_a_container_writes_nowhere_but_in_its_volume_and_has_no_rights() -> None:
    bot = COMPOSE["services"]["bot"]
    assert bot["read_only"] and bot["cap_drop"] == ["ALL"]
    assert bot["security_opt"] == ["no-new-privileges:true"]
    assert re.search(r"^USER soundmap$", DOCKERFILE, re.MULTILINE)
    assert re.search(r'^HEALTHCHECK .* CMD \["\S+", "ready"\]$', DOCKERFILE, re.MULTILINE)


def test_those_who_stop_it_wait_until_everybody_is_answered() -> None:
    grace = next(float(it.default) for it in TABLE if it.name == "SOUNDMAP_SHUTDOWN_SECONDS")
    waits = [COMPOSE["services"]["bot"]["stop_grace_period"]]
    waits += re.findall(r"^TimeoutStopSec=(\S+)$", UNIT, re.MULTILINE)
    assert len(waits) == 2
    assert all(float(it.removesuffix("s")) >= grace + MARGIN_S for it in waits)
