"""Words as they are compared, and what their punctuation says about the sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence

from transcription.speech.types import Word

_EDGES = re.compile(r"^[\W_]+|[\W_]+$")
_SENTENCE_END = re.compile(r"[.!?…。？！؟][\"'”’»)\]]*$")
_QUESTION_END = re.compile(r"[?？؟][\"'”’»)\]!.]*$")
_CLAUSE_END = re.compile(r"[,;:、，—–-][\"'”’»)\]]*$")


def plain(text: str) -> str:
    """Lower case, without the punctuation around it: "“You’d," is you'd. Inner hyphens and apostrophes stay."""
    return _EDGES.sub("", text.replace("’", "'").lower())


def plain_words(words: Sequence[Word]) -> tuple[str, ...]:
    """The plain form of each word, at the same index; "" for a word that is only punctuation."""
    return tuple(plain(word.text) for word in words)


def ends_sentence(text: str) -> bool:
    return bool(_SENTENCE_END.search(text))


def ends_question(text: str) -> bool:
    return bool(_QUESTION_END.search(text))


def ends_clause(text: str) -> bool:
    """A comma, a dash or their like follows the word."""
    return bool(_CLAUSE_END.search(text))
