"""Which words of a call were searched for."""

from collections.abc import Iterable, Iterator
from itertools import accumulate

from django.contrib.postgres.search import SearchHeadline, SearchQuery

from transcription.models import Recording, Turn

from .search import CONFIG, turns_saying

OPEN, CLOSE = "\N{LEFT WHITE SQUARE BRACKET}", "\N{RIGHT WHITE SQUARE BRACKET}"
"""What Postgres puts around a word that matches; nobody says these."""


def word_hits(recording: Recording, q: str, by: str = "") -> dict[int, list[int]]:
    """Index of each turn that contains the words `q` (read as CallFilters.q) -> positions of those words in it."""
    query = SearchQuery(q, search_type="websearch", config=CONFIG)
    marked = SearchHeadline("text", query, config=CONFIG, start_sel=OPEN, stop_sel=CLOSE, highlight_all=True)
    turns = turns_saying(q, by).filter(recording=recording).annotate(marked=marked).order_by("index")
    return {turn.index: _matching(turn, turn.marked) or _containing(turn, q) for turn in turns}


def _matching(turn: Turn, marked: str) -> list[int]:
    """Positions of the words that have a mark in them."""
    letters, inside = [], False
    for letter in marked:
        if letter in (OPEN, CLOSE):
            inside = letter == OPEN
        else:
            letters.append(inside)
    return [place for place, (start, end) in enumerate(_spans(turn)) if any(letters[start:end])]


def _containing(turn: Turn, q: str) -> list[int]:
    """Positions of the words in which the text `q` as it stands lies (full text ignores words like "how")."""
    start = turn.text.lower().find(q.lower())
    return [place for place, span in enumerate(_spans(turn)) if start < span[1] and span[0] < start + len(q)]


def _spans(turn: Turn) -> Iterator[tuple[int, int]]:
    """First and last letter + 1 of each word in the text, in which one blank parts them."""
    lengths: Iterable[int] = [len(word[0]) for word in turn.words]
    ends = accumulate(length + 1 for length in lengths)
    return ((end - 1 - length, end - 1) for end, length in zip(ends, lengths, strict=True))
