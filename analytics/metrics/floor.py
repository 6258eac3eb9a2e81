"""Who has the floor: utterances that say something, without the listener's backchannels."""

from __future__ import annotations

from .backchannel import Backchannels
from .conversation import Conversation, Utterance

CHAIN_GAP_S = 3.0


def claims(conversation: Conversation, backchannels: Backchannels) -> list[Utterance]:
    """Utterances with words that are not backchannels, by start."""
    return [u for u in conversation.utterances if u.words and u not in backchannels]


def chains(claimed: list[Utterance]) -> list[list[Utterance]]:
    """Runs of one party's utterances with gaps under 3 s and nothing but backchannels of the other between."""
    runs: list[list[Utterance]] = []
    for utterance in claimed:
        last = runs[-1][-1] if runs else None
        if last and last.party == utterance.party and utterance.start - last.end < CHAIN_GAP_S:
            runs[-1].append(utterance)
        else:
            runs.append([utterance])
    return runs


def holders(claimed: list[Utterance]) -> list[Utterance]:
    """`claimed` without what is said wholly inside another party's utterance: that did not get the floor."""
    taken: list[Utterance] = []
    latest: dict[str, float] = {}
    for utterance in claimed:
        if all(end < utterance.end for party, end in latest.items() if party != utterance.party):
            taken.append(utterance)
        latest[utterance.party] = max(latest.get(utterance.party, 0.0), utterance.end)
    return taken
