"""Single things that happened in a call, with their times: what a reader can click and hear behind a number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from transcription.speech.types import Role

EventType = Literal["silence", "overlap", "interruption", "backchannel", "filler"]


@dataclass(frozen=True, slots=True)
class Event:
    """`by` is "agent" or "customer", or the speaker's label when roles are not known.

    | type | by | detail |
    |---|---|---|
    | silence | who broke it | "after agent": who spoke before |
    | overlap | who came in second | "" |
    | interruption | who came in | "floor taken" or "floor kept" |
    | backchannel | who said it | its words |
    | filler | who said it | the term, its spelling family's name |
    """

    type: EventType
    by: str
    start_s: float
    end_s: float
    detail: str = ""


@dataclass(frozen=True, slots=True)
class FillerUse:
    """One filler that was said. `context`: the filler with up to three words of the same turn on each side."""

    term: str
    tier: int
    by: str
    role: Role | None
    at_s: float
    end_s: float
    words: int
    """How many words it takes: 2 for "you know"."""
    context: str
