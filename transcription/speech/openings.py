"""What the way a call opens says of its parties: recorded voices, and who answered whom."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from .role_cues import CUES, Heard, hear
from .types import Turn

ANNOUNCED = re.compile(
    r"\bpress (?:one|two|three|\d)\b|\bcalls? (?:\w+ ){1,3}(?:recorded|monitored)\b|\byour call is important\b"
    r"|\b(?:high|large) (?:call )?volumes?\b|\bnext available\b|\bnumber \w+ in the queue\b"
    r"|\bwill be with you shortly\b"
)
"""What recorded voices say before somebody comes on the line."""


def recorded(name: str, turns: Sequence[Turn]) -> bool:
    """Whether a third voice announces, and is heard no more once the other two have both spoken."""
    starts = {speaker: index for index, speaker in reversed(list(enumerate(turn.speaker for turn in turns)))}
    others = sorted(index for speaker, index in starts.items() if speaker != name)
    own = [turn for turn in turns if turn.speaker == name]
    return (
        len(others) > 1
        and all(turn.speaker != name for turn in turns[others[1] :])
        and any(ANNOUNCED.search(hear(turn).text) for turn in own)
    )


def untelling(opener: str, heard: Mapping[str, Sequence[Heard]], direction: str) -> dict[str, set[str]]:
    """Speaker -> kinds of cue that tell nothing in this call. `opener`: the party who spoke first.

    Who answers an outbound call is the customer, however professionally; who introduces himself in an inbound one is
    no agent. Where the direction is unknown and a business answers somebody who speaks for another one, it may be
    either.
    """
    kinds: dict[str, set[str]] = {name: set() for name in heard}
    answered = any(_says("answering", own[:1]) for name, own in heard.items() if name == opener)
    introduced = any(_says("introducing", own[:1]) for name, own in heard.items() if name != opener)
    for name, own in kinds.items():
        if name != opener and direction != "outbound" and (answered or direction == "inbound"):
            own.add("introducing")
        if name == opener and (direction == "outbound" or (introduced and direction != "inbound")):
            own.add("answering")
    return kinds


def _says(kind: str, turns: Sequence[Heard]) -> bool:
    return any(cue.pattern.search(turn.text) for cue in CUES if cue.kind == kind for turn in turns)
