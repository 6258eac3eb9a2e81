"""Try a file-name pattern while somebody is typing it.

In a process of its own: a pathological expression takes for ever, and Python cannot stop a match that has begun.
"""

import json
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

SECONDS = 2.0
_CHILD = """
import json, re, sys
pattern, names = json.load(sys.stdin)
expression = re.compile(pattern)
matches = [expression.fullmatch(stem) or expression.fullmatch(name) for stem, name in names]
json.dump([match and match.groupdict() for match in matches], sys.stdout)
"""


class TooSlowError(Exception):
    """The expression needs longer than SECONDS for these names."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A name and its named groups that matched something; None if the name does not match."""

    name: str
    groups: dict[str, str] | None


def trials(pattern: str, names: Iterable[str]) -> list[Trial]:
    """How `filenames.parse` would match a valid pattern: the name of the file with or without its extension."""
    paths = [PurePosixPath(name) for name in names]
    question = json.dumps([pattern, [(path.stem, path.name) for path in paths]])
    try:
        answer = subprocess.run(  # noqa: S603  the pattern goes in as data
            [sys.executable, "-I", "-c", _CHILD],
            input=question,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=True,
        )
    except subprocess.TimeoutExpired as error:
        raise TooSlowError("This expression takes too long on these names; nested repetitions do that.") from error
    found: list[dict[str, str | None] | None] = json.loads(answer.stdout)
    return [Trial(path.name, _said(groups)) for path, groups in zip(paths, found, strict=True)]


def _said(groups: dict[str, str | None] | None) -> dict[str, str] | None:
    return None if groups is None else {name: value for name, value in groups.items() if value}
