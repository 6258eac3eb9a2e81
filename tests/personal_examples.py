"""The written examples of personal data, read, and what a finder makes of them, counted."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from transcription.speech.personal import Span, find
from transcription.speech.types import Turn, Word

FILE = Path(__file__).parent / "data" / "personal.txt"
_MARKED = re.compile(r"\{(\w+):([^}]*)\}")


@dataclass(frozen=True)
class Example:
    line: str
    turns: list[Turn]
    personal: dict[tuple[int, int], str]
    """(turn, word) -> kind."""


@dataclass
class Count:
    """Words of one kind: `right` are hidden and should be, `other` hidden as another kind."""

    right: int = 0
    other: int = 0
    missed: int = 0
    wrong: int = 0

    @property
    def precision(self) -> float:
        return (self.right + self.other) / max(self.right + self.other + self.wrong, 1)

    @property
    def recall(self) -> float:
        return (self.right + self.other) / max(self.right + self.other + self.missed, 1)


def examples() -> list[Example]:
    lines = (line.strip() for line in FILE.read_text().splitlines())
    return [example(line) for line in lines if line and not line.startswith("#")]


def example(line: str) -> Example:
    turns, personal = [], {}
    for index, part in enumerate(line.split(" | ")):
        speaker, _, text = part.partition(": ")
        words: list[str] = []
        end = 0
        for found in _MARKED.finditer(text):
            words += text[end : found.start()].split()
            first = len(words)
            words += found[2].split()
            personal |= {(index, place): found[1] for place in range(first, len(words))}
            end = found.end()
            behind = re.match(r"\S+", text[end:])
            if behind:
                words[-1] += behind.group()
                end += behind.end()
        words += text[end:].split()
        timed = tuple(
            Word(word, index * 20.0 + n, index * 20.0 + n + 1, None, "interpolated") for n, word in enumerate(words)
        )
        turns.append(Turn(speaker, timed[0].start, timed[-1].end, timed))
    return Example(line, turns, personal)


def places(spans: Iterable[Span]) -> dict[tuple[int, int], str]:
    return {(span.turn, place): span.kind for span in spans for place in range(span.first, span.last + 1)}


def counted(chosen: Iterable[Example]) -> tuple[dict[str, Count], int]:
    """By kind, and how many examples are exactly right (whatever the kinds)."""
    counts: dict[str, Count] = {}
    exact = Counter[bool]()
    for one in chosen:
        found = places(find(one.turns))
        exact[found.keys() == one.personal.keys()] += 1
        for place, kind in one.personal.items():
            count = counts.setdefault(kind, Count())
            given = found.get(place)
            count.right += given == kind
            count.other += given not in (kind, None)
            count.missed += given is None
        for place, kind in found.items():
            counts.setdefault(kind, Count()).wrong += place not in one.personal
    return counts, exact[True]
