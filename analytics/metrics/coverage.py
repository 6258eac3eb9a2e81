"""Coverage: how much of the speech has words that can be trusted in time."""

from __future__ import annotations

from collections.abc import Sequence

from transcription.speech.types import Word

from .conversation import BRIDGE_S, Conversation
from .figures import Figures, Unknown, per
from .spans import Span, intersect, merge, subtract, total


def figures(conversation: Conversation) -> Figures:
    """Share (0–1) of the time in which somebody is heard that has words with measured times.

    Pauses of up to 0.5 s between measured words count as covered; a word with interpolated times does not.
    """
    if conversation.outcome == "no_speech":
        return {"coverage": Unknown("no speech")}
    heard = merge(utterance.span for utterance in conversation.utterances)
    covered = merge(span for party in conversation.parties for span in _measured(party.words))
    return {"coverage": per(total(intersect(covered, heard)), total(heard), 1, "no speech detected")}


def _measured(words: Sequence[Word]) -> list[Span]:
    guessed = merge((word.start, word.end) for word in words if word.time_source == "interpolated")
    known = merge(((word.start, word.end) for word in words if word.time_source != "interpolated"), BRIDGE_S)
    return subtract(known, guessed)
