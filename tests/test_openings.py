"""How often the roles are right on openings that no cue was tuned on, and whether the confidence knows."""

import re
from pathlib import Path

import pytest

from transcription.speech.roles import UNSURE, Priors, decide_roles
from transcription.speech.types import Speaker

from .test_roles import make_turns

LABELS = {"A": "Speaker 1", "C": "Speaker 2", "X": "Speaker 3"}
TEXT = (Path(__file__).parent / "samples/openings.txt").read_text()
CALLS = dict(block.strip().split("\n", 1) for block in re.split(r"\n\n# ", TEXT)[1:])
"""Name -> script."""


def decided(name: str, *, with_direction: bool) -> Speaker:
    """The agent, as decided."""
    direction = ("outbound" if name.startswith("outbound") else "inbound") if with_direction else ""
    speakers = decide_roles(make_turns(CALLS[name], LABELS), layout="mono", priors=Priors(direction))
    return next(speaker for speaker in speakers if speaker.label == LABELS["A"])


@pytest.mark.parametrize(("with_direction", "right", "sure", "surely_wrong"), [(False, 29, 19, 2), (True, 30, 19, 2)])
def test_roles_of_short_openings(*, with_direction: bool, right: int, sure: int, surely_wrong: int) -> None:
    """Four turns of a call are little: half are unsure and wait for a person. These numbers are to get better."""
    agents = [decided(name, with_direction=with_direction) for name in CALLS]
    confident = [agent for agent in agents if (agent.role_confidence or 0) >= UNSURE]
    assert len(CALLS) == 41
    assert sum(agent.role == "agent" for agent in agents) >= right
    assert len(confident) >= sure
    assert sum(agent.role != "agent" for agent in confident) <= surely_wrong
