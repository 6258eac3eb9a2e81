"""Search in what was said: which turns have the words, and the words in their place."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.contrib.postgres.search import SearchHeadline, SearchQuery, SearchQueryCombinable
from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from transcription.fulltext import SPOKEN
from transcription.models import Recording, Turn

SHOWN_OF_A_CALL = 3
FEWEST_WORDS, MOST_WORDS = 8, 22
"""Of a snippet: what fits on one line beside the time."""
OPEN, CLOSE = "\N{LEFT WHITE SQUARE BRACKET}", "\N{RIGHT WHITE SQUARE BRACKET}"
"""What the database puts around a found word; nobody says these."""


@dataclass(frozen=True, slots=True)
class Said:
    """Words that one turn has, in the language of web searches: words in any form, "phrases", or, -without.

    `by`: agent, customer or empty for anybody.
    """

    words: str
    by: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a turn; `found` where it is a word that was looked for."""

    text: str
    found: bool


@dataclass(frozen=True, slots=True)
class Snippet:
    """What was found in one turn, and the second at which the first found word is said."""

    at_s: float
    role: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Hits:
    """Of one call: how many turns have the words, and the first few of them."""

    turns: int
    snippets: tuple[Snippet, ...]


def turns_saying(said: Iterable[Said]) -> QuerySet[Turn]:
    """Turns that pass any of `said`."""
    return Turn.objects.filter(reduce(or_, map(_passing, said)))


def any_of(said: Iterable[Said]) -> SearchQueryCombinable:
    """The words of all, to mark them."""
    return reduce(or_, map(_query, said))


def snippets(recordings: Iterable[Recording], said: Iterable[Said]) -> dict[int, Hits]:
    """Primary key of each recording with hits -> its hits. Two queries; only turns that are shown are highlighted."""
    said, keys = list(said), [recording.pk for recording in recordings]
    if not said or not keys:
        return {}
    call = F("recording")
    numbered = turns_saying(said).filter(recording__in=keys).order_by()
    first = list(
        numbered.annotate(
            number=Window(RowNumber(), partition_by=call, order_by=F("index").asc()),
            turns=Window(Count("pk"), partition_by=call),
        )
        .filter(number__lte=SHOWN_OF_A_CALL)
        .values_list("pk", "recording", "turns")
    )
    shown: dict[int, list[Snippet]] = {recording: [] for _, recording, _ in first}
    for turn in _highlighted([pk for pk, _, _ in first], said):
        shown[turn.recording_id].append(_snippet(turn, turn.headline))  # type: ignore[attr-defined]
    return {recording: Hits(turns, tuple(shown[recording])) for _, recording, turns in first}


def _passing(said: Said) -> Q:
    passing = Q(search=_query(said))
    return passing & Q(role=said.by) if said.by else passing


def _query(said: Said) -> SearchQuery:
    return SearchQuery(said.words, search_type="websearch", config=SPOKEN)


def _highlighted(turns: list[int], said: list[Said]) -> QuerySet[Turn]:
    marked = SearchHeadline(
        "text",
        any_of(said),
        config=SPOKEN,
        start_sel=OPEN,
        stop_sel=CLOSE,
        max_fragments=1,
        max_words=MOST_WORDS,
        min_words=FEWEST_WORDS,
        short_word=0,  # type: ignore[arg-type]  # a number, whatever the stubs say
    )
    return Turn.objects.filter(pk__in=turns).annotate(headline=marked).order_by("recording_id", "index")


def _snippet(turn: Turn, headline: str) -> Snippet:
    plain = headline.replace(OPEN, "").replace(CLOSE, "")
    before = turn.text.find(plain)
    if before < 0:  # the database left out what it takes for a tag
        return Snippet(turn.start, turn.role, tuple(_pieces(headline)))
    left, right = turn.text[:before], turn.text[before + len(plain) :]
    whole = _cut(left, "… ") + headline + _cut(right, " …")
    at_s = _time_at(turn, before + max(headline.find(OPEN), 0))
    return Snippet(at_s, turn.role, tuple(_pieces(whole)))


def _cut(left_out: str, sign: str) -> str:
    """Punctuation at the ends of a turn stays; words are left out under a sign."""
    return sign if any(map(str.isalnum, left_out)) else left_out


def _time_at(turn: Turn, position: int) -> float:
    """When the word at this character of the text is said. The text is the words with spaces between."""
    number = len(turn.text[: position + 1].split()) - 1
    return float(turn.words[number][1]) if number < len(turn.words) else turn.start


def _pieces(headline: str) -> Iterable[Piece]:
    plain, *marked = headline.split(OPEN)
    yield Piece(plain, found=False)
    for each in marked:
        found, _, rest = each.partition(CLOSE)
        yield Piece(found, found=True)
        yield Piece(rest, found=False)
