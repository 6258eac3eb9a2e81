"""What reviewers do: make forms, draw calls, judge them."""

from .drawing import draw
from .judging import judge
from .versions import revise

__all__ = ["draw", "judge", "revise"]
