"""Made calls in any number, to see how the site feels with a history: rows as processing leaves them, without audio.

wording → dialogues → templates → rows: some hundred different calls are written and measured as real ones are, then
copied with other agents, times, names and numbers, so that every stored number follows from the stored transcript.
"""

from .clearing import clear
from .plan import SOURCE, Plan
from .writing import seed

__all__ = ["SOURCE", "Plan", "clear", "seed"]
