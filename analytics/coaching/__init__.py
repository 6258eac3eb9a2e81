"""Hand-outs for an hour of coaching: from facts of calls to moments, each with the reason why it was picked."""

from .evidence import Evidence, evidence
from .picking import Candidate, pick
from .sessions import NotNowError, add, answer, drop, move, prepare, reopen, replace, share

__all__ = [
    "Candidate",
    "Evidence",
    "NotNowError",
    "add",
    "answer",
    "drop",
    "evidence",
    "move",
    "pick",
    "prepare",
    "reopen",
    "replace",
    "share",
]
