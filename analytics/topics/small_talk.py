"""Questions about the conversation itself ("can you hear me?"), which would lead every list and say nothing."""

from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np

from analytics.metrics.gist import gist
from analytics.metrics.wording import plain
from transcription import wiring
from transcription.speech.ports import Meanings

NEAR: Final = 0.6
"""Cosine to a sentence of small_talk.txt. On half of tests/data/questions.tsv every threshold from 0.55 to 0.6 found
all 20 such questions and no other; on the other half 0.6 found 18 of 20 and no other."""

_EXAMPLES = Path(__file__).with_name("small_talk.txt")
_WORDS: Final = (
    "a an the this that these those there here it it's its i you he she we they me him us them my your is isn't are "
    "aren't was were be do don't does doesn't did didn't have has can can't could would will should shall may and or "
    "but so then if of to in on at for with from by as not no yes what what's who why how when where which really okay "
    "ok right sure just all any some one ones know see mean sorry please now"
)
_WITHOUT_CONTENT: Final = frozenset(_WORDS.split())
"""English. A question of nothing else ("and then?", "isn't it?") cannot be understood without what came before."""


def small_talk(gists: list[str], meanings: Meanings) -> list[bool]:
    """Whether each question is about the conversation itself."""
    if not gists:
        return []
    embedder: Any = wiring.embedder()
    near = np.matmul(meanings, _examples(embedder).T).max(axis=1)
    return [bool(n >= NEAR) or _says_nothing(text) for text, n in zip(gists, near, strict=True)]


@cache
def _examples(embedder: Any) -> Meanings:
    lines = _EXAMPLES.read_text(encoding="utf-8").splitlines()
    examples: Meanings = embedder.embed([gist(line, "en") for line in lines if line and not line.startswith("#")])
    return examples


def _says_nothing(text: str) -> bool:
    return all(plain(word) in _WITHOUT_CONTENT for word in text.split())
