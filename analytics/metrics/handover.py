"""Hand-overs: how the floor passes between the parties, and how quickly the agent responds."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from .conversation import Conversation, Utterance
from .figures import Figures, Unknown, per
from .spans import length

MAX_LATENCY_S = 10.0
"""A later answer is a search or a hold, not a response."""


def figures(conversation: Conversation, holders: list[Utterance]) -> Figures:
    """Response latency (median and 90th percentile, linear), overlapping starts, and changes of the floor per minute.

    `holders`: utterances that had the floor, by start (see `floor.holders`). The agent's response counts when the gap
    after the customer is above 0 and under 10 s; where the agent starts before the customer ends it is an overlapping
    start.
    """
    changes = [(a, b) for a, b in pairwise(holders) if a.party != b.party]
    unknown = conversation.exchange()
    switches = per(len(changes), conversation.duration, 60, "the call has no length")
    return {**_responses(conversation, changes), "switches_per_min": unknown or switches}


def _responses(conversation: Conversation, changes: list[tuple[Utterance, Utterance]]) -> Figures:
    unknown = conversation.exchange() or _roles_missing(conversation)
    to_agent = [length((a.end, b.start)) for a, b in changes if (a.party, b.party) == ("customer", "agent")]
    latencies = [gap for gap in to_agent if 0 < gap < MAX_LATENCY_S]
    none = None if latencies else Unknown("the agent never responds to the customer after a gap")
    return {
        "response_latency_median_s": unknown or none or float(np.median(latencies)),
        "response_latency_p90_s": unknown or none or float(np.percentile(latencies, 90)),
        "overlapping_starts": unknown or conversation.exchange(needs_overlap=True) or sum(gap < 0 for gap in to_agent),
    }


def _roles_missing(conversation: Conversation) -> Unknown | None:
    parties = (conversation.party("agent"), conversation.party("customer"))
    return next((party for party in parties if isinstance(party, Unknown)), None)
