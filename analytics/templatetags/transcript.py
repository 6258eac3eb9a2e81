"""A turn's words as they are read on the call page: each with its times, fillers marked."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from html import escape
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

JUST = 0.01
"""Seconds by which a filler's times may differ from its words' after a trip through JSON."""


@register.simple_tag
def words(turn: Any, fillers: Sequence[Any]) -> SafeString:
    """The words of a Turn row as spans with data-start and data-end; `fillers` in order of time.

    Built by hand, because a long call has 20,000 of them.
    """
    first = bisect_left(fillers, turn.start - JUST, key=_at)
    here = [use for use in fillers[first : bisect_right(fillers, turn.end, key=_at)] if use.role == turn.role]
    spans = []
    for text, start, end, *_ in turn.words:
        tier = next((use.tier for use in here if use.at_s - JUST <= start < use.end_s - JUST), 0)
        mark = f' class="filler tier-{tier}"' if tier else ""
        spans.append(f'<span data-start="{start:.2f}" data-end="{end:.2f}"{mark}>{escape(text)}</span>')
    return mark_safe(" ".join(spans))  # noqa: S308  every text is escaped above


def _at(use: Any) -> float:
    return float(use.at_s)
