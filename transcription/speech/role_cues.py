"""The cues of role_cues.txt, and how to find them in a turn."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from .types import Turn
from .vocabulary import FILLER_TERMS

BARE_ANSWER = re.compile(
    r"((hello|hi|hey|yes|yeah)( |$))+(there|[a-z]+ speaking|[a-z]+ here|speaking)?|speaking|this is [a-z]+"
)
"""A whole first turn that names no company: how people answer their own telephone."""


@dataclass(frozen=True, slots=True)
class Cue:
    """Something that one party says and the other seldom does. `weight` is in log-odds, positive for the agent.

    `kind` is "answering" or "introducing" for cues that depend on who called whom, else empty.
    """

    pattern: re.Pattern[str]
    weight: float
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Heard:
    """A turn's plain words, joined by blanks, and the start of each (seconds)."""

    text: str
    starts: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """A phrase as it was said, and when (seconds)."""

    text: str
    at: float


def parse_cues(text: str) -> tuple[Cue, ...]:
    """The cues of a file in the form that role_cues.txt explains. Raises ValueError or re.error on a bad one."""
    groups: list[tuple[str, list[str]]] = []
    for line in text.splitlines():
        if heading := re.fullmatch(r"\[(.+)\]", line):
            groups.append((heading[1], []))
        elif line and not line.startswith("# ") and line != "#":
            groups[-1][1].append(line)
    named = {heading: _any(lines) + r"\b" for heading, lines in groups if heading.startswith("<")}
    return tuple(_cue(heading, _any(lines), named) for heading, lines in groups if heading not in named)


def _any(lines: list[str]) -> str:
    return f"(?:{'|'.join(lines)})"


def _cue(heading: str, pattern: str, named: Mapping[str, str]) -> Cue:
    role, weight, *kind = heading.split(" ")
    if role not in ("agent", "customer"):
        raise ValueError(f"[{heading}]: a cue is the agent's or the customer's")
    for name, expansion in named.items():
        pattern = pattern.replace(name, expansion)
    return Cue(re.compile(r"\b" + pattern), float(weight) if role == "agent" else -float(weight), *kind)


CUES = parse_cues(Path(__file__).with_name("role_cues.txt").read_text(encoding="utf-8"))

_HESITATIONS = frozenset(word for term in FILLER_TERMS["en"] if term.tier == 1 for word in term.spellings)
_TOKEN = re.compile(r"[\w']+")


def plain_tokens(text: str) -> list[str]:
    """Lower-case words without punctuation."""
    return _TOKEN.findall(text.lower().replace("’", "'"))


def hear(turn: Turn) -> Heard:
    """The turn as patterns see it."""
    tokens: list[str] = []
    starts: list[float] = []
    for word in turn.words:
        for token in plain_tokens(word.text):
            if token not in _HESITATIONS and tokens[-1:] != [token]:
                tokens.append(token)
                starts.append(word.start)
    return Heard(" ".join(tokens), tuple(starts))


def said(pattern: re.Pattern[str], heard: Heard) -> Iterator[Said]:
    """Where the pattern is in the turn, in whole words."""
    words = heard.text.split(" ")
    for match in pattern.finditer(heard.text):
        first = heard.text.count(" ", 0, match.start())
        last = heard.text.count(" ", 0, len(heard.text[: match.end()].rstrip()))
        yield Said(" ".join(words[first : last + 1]), heard.starts[first])
