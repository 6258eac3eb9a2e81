"""The control of the filler prompt: some windows are heard again without it, because a prompt can delete sentences.

The draw depends on the sound alone, so the same call is always judged alike.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from transcription.speech.vocabulary import filler_terms

ONE_IN = 10
"""So many windows share one control."""
THIN_WORDS_PER_SECOND = 1.2
"""Fewer words than this in a second of detected speech look as if some were missing: people say 2 to 4."""
MAX_VANISHED = 0.03
"""Share of an unprompted text's words that may be missing from the prompted one."""


def is_controlled(text: str, speech_seconds: float, samples: NDArray[np.float32]) -> bool:
    """Whether a window, heard as `text`, is in the sample: all that are thin, and one in ONE_IN of the others."""
    thin = len(text.split()) < THIN_WORDS_PER_SECOND * speech_seconds
    return thin or blake2b(np.ascontiguousarray(samples).data, digest_size=2).digest()[0] % ONE_IN == 0


def vanished(prompted: Sequence[str], control: Sequence[str], language: str) -> float:
    """The share of the control's words that the prompt lost, windows in the same order; hesitations do not count.

    Both texts cover the same seconds of speech, so that counts compare like words per second. Windows in which the
    prompt found more words make up for nothing.
    """
    expected = [_count(text, language) for text in control]
    lost = sum(max(0, count - _count(text, language)) for count, text in zip(expected, prompted, strict=True))
    return lost / max(1, sum(expected))


def _count(text: str, language: str) -> int:
    hesitations = {spelling for term in filler_terms(language) if term.tier == 1 for spelling in term.spellings}
    return sum(word not in hesitations for word in re.findall(r"[\w'’]+", text.lower()))
