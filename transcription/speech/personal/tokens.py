"""The words of a call as the finders read them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from transcription.speech.types import Turn

Kind = Literal["card", "account", "phone", "email", "birth", "digits"]

_EDGES = re.compile(r"^[^\w+(@]+|[^\w)@]+$")


def words(text: str) -> list[str]:
    return text.split()


ASIDES = frozenset(
    words(
        "ah alright and correct exactly go great good got hmm i it mhm mm mmhm mm-hmm mmm okay ok on perfect please "
        "right so sorry sure thank thanks that's then uh uh-huh um yeah yep yes you"
    )
)
"""Words that the other party says while somebody reads a number out, and that somebody says within it."""
ASIDE_WORDS = 6


@dataclass(frozen=True, slots=True)
class Span:
    """The words `first` to `last` (both included, from 0) of a turn are personal."""

    turn: int
    first: int
    last: int
    kind: Kind


@dataclass(frozen=True, slots=True)
class Token:
    """A word. `plain`: in lower case, without the punctuation around it; `number`: its place in the whole call."""

    number: int
    turn: int
    word: int
    raw: str
    plain: str


def tokens_of(turns: Sequence[Turn]) -> list[Token]:
    """All words in the order of the turns."""
    said = ((t, w, word.text) for t, turn in enumerate(turns) for w, word in enumerate(turn.words))
    return [Token(number, t, w, text, plain(text)) for number, (t, w, text) in enumerate(said)]


def plain(text: str) -> str:
    return _EDGES.sub("", text.replace("’", "'").lower())


def in_turns(turns: Sequence[Turn], tokens: Iterable[Token]) -> list[list[Token]]:
    """The tokens of each turn."""
    found: list[list[Token]] = [[] for _ in turns]
    for token in tokens:
        found[token.turn].append(token)
    return found


def streams(turns: Sequence[Turn], tokens: Sequence[Token], asides: Sequence[bool]) -> Iterator[list[Token]]:
    """What one person says as if in one breath: turns of a speaker between which others say asides at most.

    `asides`: for each turn, whether it may be skipped. Every token is in one stream.
    """
    by_turn = in_turns(turns, tokens)
    held: dict[str, list[Token]] = {}
    for index, turn in enumerate(turns):
        if not asides[index]:
            for other in [speaker for speaker in held if speaker != turn.speaker]:
                yield held.pop(other)
        held.setdefault(turn.speaker, []).extend(by_turn[index])
    yield from held.values()
