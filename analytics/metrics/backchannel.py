"""Backchannels: the listener's "mm-hmm", which takes the floor from nobody."""

from __future__ import annotations

from bisect import bisect_right

from .acknowledgements import acknowledges
from .conversation import Conversation, Party, Utterance
from .facts import Event
from .figures import Figures
from .wording import ends_question, plain_words

MAX_WORDS = 2
MAX_S = 0.8
KEEPS_WITHIN_S = 3.0
"""The other party keeps the floor when it goes on this soon."""

Backchannels = frozenset[Utterance]


def find(conversation: Conversation) -> Backchannels:
    """Utterances of ≤ 2 words and ≤ 0.8 s, all acknowledgements, around which the other party speaks on.

    What follows the other's question is an answer and no backchannel.
    """
    found: set[Utterance] = set()
    for party in conversation.parties:
        others = [u for u in conversation.utterances if u.party != party.name and u.words]
        found.update(u for u in _candidates(party, conversation.language) if _listens(u, party, others))
    return frozenset(found)


def events(backchannels: Backchannels) -> list[Event]:
    ordered = sorted(backchannels, key=lambda u: u.start)
    return [Event("backchannel", u.party, u.start, u.end, " ".join(w.text for w in u.words)) for u in ordered]


def figures(conversation: Conversation, backchannels: Backchannels) -> Figures:
    """How many backchannels each party gives. Unknown where overlaps are: most backchannels overlap."""
    unknown = conversation.exchange(needs_overlap=True)
    return conversation.each(
        "backchannels_{}", lambda party: unknown or sum(u.party == party.name for u in backchannels)
    )


def _candidates(party: Party, language: str) -> list[Utterance]:
    return [
        u
        for u in party.utterances
        if 0 < len(u.words) <= MAX_WORDS and u.seconds <= MAX_S and acknowledges(plain_words(u.words), language)
    ]


def _listens(short: Utterance, party: Party, others: list[Utterance]) -> bool:
    """Whether another party has the floor before `short` and goes on during or after it."""
    following = bisect_right(others, short.start, key=lambda u: u.start)
    if following == 0 or short.start - others[following - 1].end > KEEPS_WITHIN_S:
        return False
    before = others[following - 1]
    said = [word for word in before.words if word.end <= short.start]
    if said and ends_question(said[-1].text):
        return False
    if before.end > short.end:
        return True
    return following < len(others) and _goes_on(others[following], short, party)


def _goes_on(after: Utterance, short: Utterance, party: Party) -> bool:
    own = bisect_right(party.utterances, short.start, key=lambda u: u.start)
    own_next = party.utterances[own].start if own < len(party.utterances) else float("inf")
    return after.start - short.end <= KEEPS_WITHIN_S and after.start < own_next
