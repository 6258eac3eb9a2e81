"""From answers to scores, and from calls to a fair sample: pure arithmetic."""

from .ranking import Standing, standings
from .sampling import sample
from .scores import Answered, Result, result, section_shares
from .suggesting import Side, Suggestion, suggest

__all__ = [
    "Answered",
    "Result",
    "Side",
    "Standing",
    "Suggestion",
    "result",
    "sample",
    "section_shares",
    "standings",
    "suggest",
]
