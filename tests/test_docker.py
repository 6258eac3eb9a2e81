"""The container files: what can be told without an engine. `docker/rehearse.py` runs their steps."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parent.parent
DOCKER = ROOT / "docker"
DOCKERFILE = (DOCKER / "Dockerfile").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load((DOCKER / "compose.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {"migrate", "web", "worker", "models"}
ONCE = {"migrate", "models"}


def test_hadolint_has_nothing_to_say() -> None:
    linter = Path(sys.executable).parent / "hadolint"
    found = subprocess.run([linter, DOCKER / "Dockerfile"], capture_output=True, text=True, check=False)  # noqa: S603
    assert (found.returncode, found.stdout) == (0, "")


@pytest.mark.parametrize("script", ["install", "run", "without-cuda"])
def test_steps_are_scripts_that_a_shell_can_read(script: str) -> None:
    subprocess.run(["sh", "-n", DOCKER / script], check=True)  # noqa: S603, S607
    assert (DOCKER / script).stat().st_mode & 0o111
    assert f"docker/{script}" in DOCKERFILE


def test_what_is_copied_is_there_and_not_ignored() -> None:
    lines = [line.split()[:-1] for line in re.findall(r"^COPY (?!--from)(.*)$", DOCKERFILE, re.MULTILINE)]
    copied = {source for line in lines for source in line}
    kept = [line[1:] for line in (DOCKER / "Dockerfile.dockerignore").read_text().split() if line.startswith("!")]
    assert {source for source in copied if not (ROOT / source).exists()} == set()
    assert {source for source in copied if not any(Path(source).match(pattern) for pattern in kept)} == set()
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests"}
    assert packages <= copied


def test_nobody_is_root_and_nothing_else_is_writable() -> None:
    assert re.findall(r"^USER (.*)$", DOCKERFILE, re.MULTILINE) == ["10001:10001"] * 2
    for name in OURS | {"proxy"}:
        service = SERVICES[name]
        assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
        assert service["security_opt"] == ["no-new-privileges:true"]
    assert SERVICES["proxy"]["user"] == "10001:10001", "or it could not read the recordings"


def test_what_runs_on_is_watched_and_started_again() -> None:
    assert DOCKERFILE.count("\nHEALTHCHECK") == 2, "of web and worker"
    for name in SERVICES.keys() - ONCE:
        assert SERVICES[name]["restart"] == "unless-stopped"
        assert name in OURS or "healthcheck" in SERVICES[name]


def test_no_secret_is_written_down_and_every_variable_is_explained() -> None:
    example = (DOCKER / "env.example").read_text()
    told = dict(re.findall(r"^(?:# )?([A-Z_]+)=(.*)$", example, re.MULTILINE))
    assert {name: told[name] for name in told if re.search("PASSWORD|TOKEN|KEY", name)} == {
        "POSTGRES_PASSWORD": "",
        "METRICS_TOKEN": "",
    }
    asked = set(re.findall(r"\$\{([A-Z_]+)", (DOCKER / "compose.yaml").read_text()))
    assert asked <= told.keys()


def test_web_has_no_pytorch() -> None:
    assert not re.search(
        r"^(torch|nvidia|whisperx|pyannote)", (ROOT / "requirements-web.txt").read_text(), re.MULTILINE
    )


@pytest.mark.skipif(not shutil.which("docker-compose"), reason="needs docker-compose, which needs no engine for this")
@pytest.mark.parametrize("files", [["compose.yaml"], ["compose.yaml", "compose.cuda.yaml"]])
def test_compose_accepts_the_files(files: list[str], tmp_path: Path) -> None:
    folder = shutil.copytree(DOCKER, tmp_path / "docker")
    env = (folder / "env.example").read_text().replace("POSTGRES_PASSWORD=", "POSTGRES_PASSWORD=made-up")
    (folder / ".env").write_text(env)
    options = [part for file in files for part in ("--file", file)]
    subprocess.run(["docker-compose", *options, "config", "--quiet"], cwd=folder, check=True)  # noqa: S603, S607


def test_compose_refuses_without_a_password() -> None:
    assert "${POSTGRES_PASSWORD:?" in COMPOSE["x-app"]["environment"]["DATABASE_URL"]
