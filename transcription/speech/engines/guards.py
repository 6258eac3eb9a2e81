"""Why a text is not believed. Whisper writes on silence and hold music, too: loops, its prompt, or film credits."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass

MAX_COMPRESSION_RATIO = 2.4
NO_SPEECH_PROBABILITY, NO_SPEECH_LOG_PROBABILITY = 0.6, -1.0
"""Limits of the Whisper paper, section 4.5. Both must be passed for silence."""
LOOP_WORDS, LOOP_TIMES = 12, 4
"""A phrase said this often in a row, in all so many words, is a loop; "no, no, no, no" is not."""
LONGEST_PHRASE = 8
MIN_ECHO_WORDS = 4
NO_SPEECH = "Probably no speech"
MAX_WORDS_PER_SECOND = 8.0
"""Nobody speaks faster: 480 words a minute."""
EDGE_SECONDS = 0.25
"""Detected speech may be so much too short."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A window's text, the mean log-probability of its tokens, and the prompt that was given for it."""

    text: str
    log_probability: float
    prompt: str | None = None


def doubt(heard: Heard, speech_seconds: float) -> str | None:
    """Why nobody can have said this in `speech_seconds` of detected speech, in plain words; None if it may be so."""
    if _compression_ratio(heard.text) > MAX_COMPRESSION_RATIO or _loops(heard.text):
        return "The same words over and over"
    if _echoes(heard.text, heard.prompt):
        return "Words that the recogniser was given as a hint"
    if len(heard.text.split()) > MAX_WORDS_PER_SECOND * (speech_seconds + EDGE_SECONDS):
        return "Far more words than fit into the time"
    return None


def is_silence(heard: Heard, no_speech: Callable[[], float]) -> bool:
    """Whether an unlikely text was written where silence is likely, too. `no_speech`, its probability, costs time."""
    return heard.log_probability < NO_SPEECH_LOG_PROBABILITY and no_speech() > NO_SPEECH_PROBABILITY


def _compression_ratio(text: str) -> float:
    data = text.encode()
    return len(data) / len(zlib.compress(data))


def _loops(text: str) -> bool:
    words = re.findall(r"[\w']+", text.lower())
    return any(_longest_run(words, size) >= max(LOOP_WORDS, LOOP_TIMES * size) for size in range(1, LONGEST_PHRASE + 1))


def _longest_run(words: list[str], size: int) -> int:
    """Words in the longest stretch in which a phrase of `size` words follows itself."""
    longest = run = size
    for before, after in zip(words, words[size:], strict=False):
        run = run + 1 if before == after else size
        longest = max(longest, run)
    return longest


def _echoes(text: str, prompt: str | None) -> bool:
    """Whether all words of the text are words of the prompt."""
    words = re.findall(r"[\w']+", text.lower())
    return len(words) >= MIN_ECHO_WORDS and set(words) <= set(re.findall(r"[\w']+", (prompt or "").lower()))
