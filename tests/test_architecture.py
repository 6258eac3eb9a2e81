"""Rules about the code itself that ruff, mypy and import-linter do not know."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).parents[1]
APPS = ("config", "transcription", "analytics")
MOST_LINES = 300

OUTSIDE_THE_WEB_PROCESS = (
    "config/bucket.py",
    "transcription/benchmark/",
    "transcription/demo/voices.py",
    "transcription/speech/engines/",
)
"""Loaded by dotted path in a worker, or by a command that only runs where more is installed."""

ONLY_WHERE_INSTALLED = {"transcription/speech/store.py": {"huggingface_hub"}}
"""Module -> packages that one of its functions imports for itself, and that a web process does without."""


def modules() -> dict[str, str]:
    """Path -> source of every module of the project."""
    paths = [path for app in APPS for path in sorted((ROOT / app).rglob("*.py")) if "migrations" not in path.parts]
    return {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in paths}


def imported(source: str) -> Iterator[str]:
    """Top-level packages that a module imports anywhere, also inside functions."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def normalised(distribution: str) -> str:
    return re.sub(r"[-_.]+", "-", distribution).lower()


def packages_of_the_web_process() -> set[str]:
    """What one can import of the distributions that pyproject.toml wants without extras."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = {normalised(re.split(r"[^\w.-]", requirement)[0]) for requirement in project["dependencies"]}
    installed = packages_distributions().items()
    return {package for package, providers in installed if not wanted.isdisjoint(map(normalised, providers))}


def test_modules_are_short() -> None:
    lengths = {path: len(source.splitlines()) for path, source in modules().items()}
    assert {path: lines for path, lines in lengths.items() if lines > MOST_LINES} == {}


def test_the_web_process_needs_only_its_own_requirements() -> None:
    known = packages_of_the_web_process() | sys.stdlib_module_names | {*APPS}
    assert {"django", "numpy", "av", "psycopg"} <= known
    assert "torch" not in known
    foreign = {
        path: set(imported(source)) - known - ONLY_WHERE_INSTALLED.get(path, set())
        for path, source in modules().items()
        if not path.startswith(OUTSIDE_THE_WEB_PROCESS)
    }
    assert {path: packages for path, packages in foreign.items() if packages} == {}
