"""What was measured, what people say about it, and what they decide."""

from .coaching import CoachingMoment, CoachingSession, CoachingStep
from .measured import (
    MEANING,
    QUESTIONS_DUE,
    SORTED_BY,
    CallMetrics,
    Comment,
    Event,
    FillerUse,
    Grouping,
    Question,
    Role,
    SavedView,
    Topic,
)
from .reviews import Review, ReviewAnswer, ReviewSample, Scorecard, ScorecardQuestion
from .sums import AgentDay, StaleDay

__all__ = [
    "MEANING",
    "QUESTIONS_DUE",
    "SORTED_BY",
    "AgentDay",
    "CallMetrics",
    "CoachingMoment",
    "CoachingSession",
    "CoachingStep",
    "Comment",
    "Event",
    "FillerUse",
    "Grouping",
    "Question",
    "Review",
    "ReviewAnswer",
    "ReviewSample",
    "Role",
    "SavedView",
    "Scorecard",
    "ScorecardQuestion",
    "StaleDay",
    "Topic",
]
