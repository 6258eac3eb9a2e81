"""A turn's words as they are read on the call page: plain text with fillers and hits marked, and when each is said."""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Sequence
from html import escape
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

JUST = 0.01
"""Seconds by which a filler's times may differ from its words' after a trip through JSON."""


@register.simple_tag
def words(turn: Any, fillers: Sequence[Any], hits: Collection[int] | None = None, language: str = "") -> SafeString:
    """The words of a Turn row as a paragraph in a language; `fillers` by time, `hits` the positions of words found.

    data-times has two numbers a word, in hundredths of a second: from the start of the word before (of the call, for
    the first) to its start, and its length. The page makes elements of the words that come into view: a call of two
    hours has 20,000.
    """
    first = bisect_left(fillers, turn.start - JUST, key=_at)
    here = [use for use in fillers[first : bisect_right(fillers, turn.end, key=_at)] if use.role == turn.role]
    before, times, shown = 0, [], []
    for place, (text, start, end, *_) in enumerate(turn.words):
        begins, ends = round(start * 100), round(end * 100)
        times.append(f"{begins - before} {ends - begins}")
        before = begins
        tier = next((use.tier for use in here if use.at_s - JUST <= start < use.end_s - JUST), 0)
        shown.append(_word(text, tier, hit=bool(hits) and place in (hits or ())))
    spoken = f' lang="{escape(language)}"' if language else ""
    return mark_safe(f'<p{spoken} data-times="{" ".join(times)}">{" ".join(shown)}</p>')  # noqa: S308  texts are escaped


def _word(text: str, tier: int, *, hit: bool) -> str:
    """No blank within a word: the page tells words apart by blanks."""
    whole = escape("\N{NO-BREAK SPACE}".join(text.split()))
    if not tier and not hit:
        return whole
    tag, kind = "mark" if hit else "span", f' class="filler tier-{tier}"' if tier else ""
    return f"<{tag}{kind}>{whole}</{tag}>"


def _at(use: Any) -> float:
    return float(use.at_s)
