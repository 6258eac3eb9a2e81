"""Talk time: how long each party speaks."""

from __future__ import annotations

from collections.abc import Iterable

from transcription.speech.types import Word

from .conversation import BRIDGE_S, Conversation, Party
from .figures import Figure, Figures, Unknown, per
from .spans import merge, total


def talk_seconds(words: Iterable[Word]) -> float:
    """The union of the words' spans, with gaps of up to 0.5 s bridged; seconds."""
    return total(merge(((word.start, word.end) for word in words), BRIDGE_S))


def figures(conversation: Conversation) -> Figures:
    """Words and talk time of each party, the agent's part of the talk (0–1) and of the whole call (0–100 %)."""

    def percent_of_call(agent: Party) -> Figure:
        return per(talk_seconds(agent.words), conversation.duration, 100, "the call has no length")

    agent = conversation.party("agent")
    return {
        **conversation.each("words_{}", lambda party: len(party.words)),
        **conversation.each("talk_s_{}", lambda party: talk_seconds(party.words)),
        "agent_talk_share": _share(conversation),
        "agent_talk_pct_of_call": agent if isinstance(agent, Unknown) else percent_of_call(agent),
    }


def _share(conversation: Conversation) -> Figure:
    alone = conversation.exchange()
    if alone:
        return alone
    agent, customer = conversation.party("agent"), conversation.party("customer")
    if isinstance(agent, Unknown):
        return agent
    if isinstance(customer, Unknown):
        return customer
    talked = talk_seconds(agent.words)
    return per(talked, talked + talk_seconds(customer.words), 1, "words have no length")
