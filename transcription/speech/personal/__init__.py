"""Personal data in what was said: card, account and telephone numbers, e-mail addresses, dates of birth, digit runs.

Rules on words, for English; what is written in figures is found in other languages, too. tests/data/personal.txt says
what is meant, CHANGELOG.md how much of it is found.
"""

from .finding import find
from .masking import (
    MASK,
    Taken,
    cautious,
    cautious_text,
    hidden,
    mask,
    masked,
    restored,
    spans_by_turn,
    taken,
    unmasked,
)
from .tokens import Kind, Span

__all__ = [
    "MASK",
    "Kind",
    "Span",
    "Taken",
    "cautious",
    "cautious_text",
    "find",
    "hidden",
    "mask",
    "masked",
    "restored",
    "spans_by_turn",
    "taken",
    "unmasked",
]
