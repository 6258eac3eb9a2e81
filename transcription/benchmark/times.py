"""How far times are from the truth: of every word where its times are known, and at the edges of turns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from transcription.speech.types import Word

from .rates import Rate
from .truth import TrueTurn
from .wording import same_words


@dataclass(frozen=True, slots=True)
class _Said:
    """A word that was said, and which of its times are known."""

    text: str
    start: float | None
    end: float | None


def word_time_errors(turns: Iterable[TrueTurn], heard: Iterable[Word]) -> dict[str, Rate]:
    """Mean absolute seconds at starts and ends of one speaker's recognised words; nothing without true word times."""
    words = (word for turn in turns for word in turn.words)
    said = [_Said(text, word.start, word.end) for word in words if (text := _plain(word.text))]
    return _errors("word", said, heard) if said else {}


def turn_edge_errors(turns: Iterable[TrueTurn], heard: Iterable[Word]) -> dict[str, Rate]:
    """The same of turns: from a turn's edge to that of its first or last word, if this word was recognised."""
    return _errors("turn", [word for turn in turns for word in _edges(turn)], heard)


def _edges(turn: TrueTurn) -> list[_Said]:
    texts = [text for word in turn.text.split() if (text := _plain(word))]
    last = len(texts) - 1
    return [
        _Said(text, turn.start if index == 0 else None, turn.end if index == last else None)
        for index, text in enumerate(texts)
    ]


def _errors(name: str, said: Sequence[_Said], heard: Iterable[Word]) -> dict[str, Rate]:
    found = [_Said(text, word.start, word.end) for word in heard if (text := _plain(word.text))]
    matches = same_words([word.text for word in said], [word.text for word in found])
    pairs = [(said[ours], found[theirs]) for ours, theirs in matches]
    return {
        f"{name}_start_error_s": _mean_distance((true.start, word.start) for true, word in pairs),
        f"{name}_end_error_s": _mean_distance((true.end, word.end) for true, word in pairs),
    }


def _mean_distance(times: Iterable[tuple[float | None, float | None]]) -> Rate:
    distances = [abs(true - found) for true, found in times if true is not None and found is not None]
    return Rate(sum(distances), len(distances))


def _plain(text: str) -> str:
    return "".join(re.findall(r"[\w']+", text.lower()))
