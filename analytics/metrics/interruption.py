"""Interruptions: one party starts to say something while the other is speaking."""

from __future__ import annotations

from bisect import bisect_left

from .acknowledgements import acknowledges
from .conversation import Conversation, Utterance
from .facts import Event
from .figures import Figures
from .spans import TOLERANCE, length
from .wording import plain_words

HELD_S = 0.3
"""The other has been speaking this long; who starts within it starts at the same time."""
OVERLAP_S = 0.3
MIN_WORDS = 3
MIN_S = 1.0
TAKEN_WITHIN_S = 2.0


def events(conversation: Conversation) -> list[Event]:
    """Utterances that start while another party speaks, overlap it by ≥ 0.3 s, and have ≥ 3 words or last ≥ 1 s.

    Utterances are cut from words and corrected activity (`voiced`), so a detector's padding at a quick change of turns
    makes none. Three things never interrupt, because blame needs evidence: a sound that could not be written down,
    words that only acknowledge ("yeah, yeah, okay"), and speaking on top of the other's acknowledgement.
    The detail is "floor taken" when the other stops within 2 s.
    """
    if conversation.exchange(needs_overlap=True):
        return []
    claimed = [u for u in conversation.utterances if _says_something(u, conversation.language)]
    found: list[Event] = []
    for party in conversation.parties:
        others = [u for u in claimed if u.party != party.name]
        found += [event for u in claimed if u.party == party.name for event in _interruption(u, others)]
    return sorted(found, key=lambda event: event.start_s)


def figures(conversation: Conversation, interruptions: list[Event]) -> Figures:
    """How often each party interrupts the other."""
    unknown = conversation.exchange(needs_overlap=True)
    return conversation.each(
        "interruptions_by_{}", lambda party: unknown or sum(event.by == party.name for event in interruptions)
    )


def _says_something(utterance: Utterance, language: str) -> bool:
    return bool(utterance.words) and not acknowledges(plain_words(utterance.words), language)


def _interruption(own: Utterance, others: list[Utterance]) -> list[Event]:
    if len(own.words) < MIN_WORDS and own.seconds < MIN_S:
        return []
    before = bisect_left(others, own.start - HELD_S + TOLERANCE, key=lambda u: u.start)
    if before == 0:
        return []
    other = others[before - 1]
    if length((own.start, min(own.end, other.end))) < OVERLAP_S:
        return []
    taken = length((own.start, other.end)) <= TAKEN_WITHIN_S
    return [Event("interruption", own.party, own.start, own.end, "floor taken" if taken else "floor kept")]
