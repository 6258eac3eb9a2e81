"""How often the roles are right on written calls, and whether the confidence knows."""

import re
from pathlib import Path
from zlib import crc32

import pytest

from transcription.speech.roles import UNSURE, Priors, decide_roles

from .test_roles import make_turns

LABELS = {"A": "Speaker 1", "C": "Speaker 2", "X": "Speaker 3", "B": "Speaker 4"}


def calls(name: str) -> dict[str, str]:
    """Name -> script."""
    text = (Path(__file__).parent / "samples" / name).read_text()
    return dict(block.strip().split("\n", 1) for block in re.split(r"\n\n# ", text)[1:])


OPENINGS = calls("openings.txt")
DIALOGUES = calls("dialogues.txt")
DEV = {name: script for name, script in DIALOGUES.items() if crc32(name.encode()) % 2}
"""The cues may be tuned on these, never on the others."""

TEST = {name: script for name, script in DIALOGUES.items() if name not in DEV}
SETS = {"openings": OPENINGS, "dev": DEV, "test": TEST}


def judged(name: str, script: str, *, with_direction: bool) -> tuple[bool, bool]:
    """Whether the roles are right (the customer's, and an agent's), and whether they are sure."""
    direction = ("outbound" if name.startswith("outbound") else "inbound") if with_direction else ""
    speakers = decide_roles(make_turns(script, LABELS), layout="mono", priors=Priors(direction))
    found = {speaker.label: speaker for speaker in speakers}
    customer = found[LABELS["C"]]
    agents = [speaker.role == "agent" for label, speaker in found.items() if label in (LABELS["A"], LABELS["B"])]
    return customer.role == "customer" and any(agents), (customer.role_confidence or 0) >= UNSURE


def test_the_sets_are_as_large_as_the_changelog_says() -> None:
    assert [len(each) for each in SETS.values()] == [41, 47, 40]


@pytest.mark.parametrize(
    ("name", "with_direction", "right", "sure", "surely_wrong"),
    [
        ("openings", False, 31, 23, 1),
        ("openings", True, 37, 23, 0),
        ("dev", False, 46, 45, 0),
        ("dev", True, 47, 46, 0),
        ("test", False, 38, 40, 2),
        ("test", True, 39, 37, 1),
    ],
)
def test_roles(*, name: str, with_direction: bool, right: int, sure: int, surely_wrong: int) -> None:
    """Four turns of an opening are little: half of them are unsure and wait for a person."""
    found = [judged(call, script, with_direction=with_direction) for call, script in SETS[name].items()]
    assert sum(is_right for is_right, _ in found) >= right
    assert sum(is_sure for _, is_sure in found) >= sure
    assert sum(is_sure and not is_right for is_right, is_sure in found) <= surely_wrong
