"""Silence: gaps of at least a second in which nobody speaks."""

from __future__ import annotations

from .conversation import Conversation
from .facts import Event
from .figures import Figures, per
from .spans import Span, gaps, length, merge, total

SILENCE_S = 1.0
HOLD_S = 20.0
"""Nobody stays on the line this long without a word unless one of them is on hold."""


def events(conversation: Conversation) -> list[Event]:
    """Every gap of at least SILENCE_S, without those before the first and after the last sound."""
    if conversation.exchange():
        return []
    breaking = {utterance.start: utterance.party for utterance in reversed(conversation.utterances)}
    before = {utterance.end: utterance.party for utterance in conversation.utterances}
    heard = merge(utterance.span for utterance in conversation.utterances)
    return [
        Event("silence", by=breaking[end], start_s=start, end_s=end, detail=f"after {before[start]}")
        for start, end in gaps(heard)
        if length((start, end)) >= SILENCE_S
    ]


def figures(conversation: Conversation, silences: list[Event], dead_air_s: float) -> Figures:
    """Count, seconds, share of the call (0–1) and longest of all silences, then the two kinds that matter.

    Dead air is a silence from `dead_air_s` up to HOLD_S; from HOLD_S on it is a probable hold, counted apart and not
    as dead air. Both are part of the silences.
    """
    unknown = conversation.exchange()
    names = ("silence_count", "silence_s", "silence_share", "longest_silence_s")
    if unknown:
        return dict.fromkeys((*names, "dead_air_count", "dead_air_s", "hold_count", "hold_s"), unknown)
    spans: list[Span] = [(silence.start_s, silence.end_s) for silence in silences]
    holds = [span for span in spans if length(span) >= HOLD_S]
    dead_air = [span for span in spans if dead_air_s <= length(span) < HOLD_S]
    return {
        "silence_count": len(spans),
        "silence_s": total(spans),
        "silence_share": per(total(spans), conversation.duration, 1, "the call has no length"),
        "longest_silence_s": max(map(length, spans), default=0.0),
        "dead_air_count": len(dead_air),
        "dead_air_s": total(dead_air),
        "hold_count": len(holds),
        "hold_s": total(holds),
    }
