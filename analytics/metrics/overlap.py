"""Overlap: two parties are heard at once."""

from __future__ import annotations

from .conversation import Conversation, Party
from .facts import Event
from .figures import Figures
from .spans import Span, intersect, length, merge, total

AUDIBLE_S = 0.1
"""Word times are off by up to 0.1 s: a shorter overlap may be no overlap at all."""


def events(conversation: Conversation) -> list[Event]:
    """Every overlap of at least AUDIBLE_S, by who came in second, in order."""
    if conversation.exchange(needs_overlap=True):
        return []
    parties = conversation.parties
    found = [
        event for i, first in enumerate(parties) for second in parties[i + 1 :] for event in _between(first, second)
    ]
    return sorted(found, key=lambda event: event.start_s)


def figures(conversation: Conversation, overlaps: list[Event]) -> Figures:
    """Seconds in which two parties are heard at once."""
    unknown = conversation.exchange(needs_overlap=True)
    return {"overlap_s": unknown or total(merge((overlap.start_s, overlap.end_s) for overlap in overlaps))}


def _between(first: Party, second: Party) -> list[Event]:
    second_starts = {utterance.start for utterance in second.utterances}
    common = intersect(_spans(first), _spans(second))
    return [
        Event("overlap", (second if span[0] in second_starts else first).name, *span)
        for span in common
        if length(span) >= AUDIBLE_S
    ]


def _spans(party: Party) -> list[Span]:
    return [utterance.span for utterance in party.utterances]
