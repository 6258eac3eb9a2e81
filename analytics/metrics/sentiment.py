"""Sentiment of each party over the call, from the scores of its turns."""

from __future__ import annotations

from collections.abc import Iterable

from .conversation import Conversation, Party
from .figures import Figure, Figures, Unknown

SCALE = 5.0
"""Turn scores lie in [-1, 1], call scores in [-5, 5]."""
QUARTER_MIN_WORDS = 20
SHIFT = 1.0

_Scored = tuple[float, float]
"""A word: the middle of its time, and the score of its turn."""


def figures(conversation: Conversation, *, agent_sentiment: bool) -> Figures:
    """The customer's sentiment overall and by quarter of the call, its shift and worst turn; the agent's if wanted."""
    agent: Figures = {"sentiment_agent": Unknown("agent sentiment is switched off")}
    if agent_sentiment:
        found = conversation.party("agent")
        agent = {"sentiment_agent": found if isinstance(found, Unknown) else overall(found)}
    customer = conversation.party("customer")
    return agent | (_unknown(customer) if isinstance(customer, Unknown) else _customer(customer, conversation.duration))


def overall(party: Party) -> Figure:
    """Mean turn score weighted by words, times 5: -5 … +5."""
    return _mean(_scored_words(party))


def quarters(party: Party, duration: float) -> list[Figure]:
    """The same for each quarter of the call; a word belongs to the quarter of its middle. Needs ≥ 20 words each."""
    words = _scored_words(party)
    if not words:
        return [Unknown("no turn has a sentiment")] * 4
    if duration <= 0:
        return [Unknown("the call has no length")] * 4
    in_quarter = [[word for word in words if min(int(word[0] / duration * 4), 3) == quarter] for quarter in range(4)]
    few = Unknown(f"under {QUARTER_MIN_WORDS} words in this quarter")
    return [_mean(found) if len(found) >= QUARTER_MIN_WORDS else few for found in in_quarter]


def shift(first: Figure, last: Figure) -> Figure:
    """`improved` from ≤ -1 in the first quarter to ≥ +1 in the last, `worsened` the other way, else `steady`."""
    if not (isinstance(first, float) and isinstance(last, float)):
        return Unknown("the first or the last quarter has no sentiment")
    if first <= -SHIFT and last >= SHIFT:
        return "improved"
    return "worsened" if first >= SHIFT and last <= -SHIFT else "steady"


def _customer(customer: Party, duration: float) -> Figures:
    by_quarter = quarters(customer, duration)
    scored = [(turn.sentiment.score, turn.start) for turn in customer.turns if turn.sentiment]
    worst: tuple[Figure, Figure] = min(scored) if scored else (Unknown("no turn has a sentiment"),) * 2
    return {
        "sentiment_customer": overall(customer),
        **{f"sentiment_customer_q{number}": figure for number, figure in enumerate(by_quarter, 1)},
        "sentiment_shift": shift(by_quarter[0], by_quarter[3]),
        "worst_turn_at_s": worst[1],
        "worst_turn_score": worst[0],
    }


def _unknown(reason: Unknown) -> Figures:
    names = ("sentiment_customer", *(f"sentiment_customer_q{number}" for number in range(1, 5)))
    return dict.fromkeys((*names, "sentiment_shift", "worst_turn_at_s", "worst_turn_score"), reason)


def _scored_words(party: Party) -> list[_Scored]:
    return [
        ((word.start + word.end) / 2, turn.sentiment.score)
        for turn in party.turns
        if turn.sentiment
        for word in turn.words
    ]


def _mean(words: Iterable[_Scored]) -> Figure:
    scores = [score for _, score in words]
    return SCALE * sum(scores) / len(scores) if scores else Unknown("no turn has a sentiment")
