"""Two accounts of one call beside each other: turns matched by time, words by their letters, numbers by definition."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from typing import Final

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from transcription.speech.types import Transcript, Turn

from .measure import numbers
from .queries import METRICS, TILES

SHARED: Final = 0.5
"""Turns of the two accounts are one row when they share at least this much of the shorter one's time."""

COUNTS: Final = (
    ("words_agent", _("Words of the agent")),
    ("words_customer", _("Words of the customer")),
    ("fillers_agent", _("Fillers of the agent")),
    ("fillers_customer", _("Fillers of the customer")),
)


@dataclass(frozen=True, slots=True)
class Piece:
    """Consecutive words of a turn. `only`: the other account has other words here, or none."""

    text: str
    only: bool


@dataclass(frozen=True, slots=True)
class Said:
    """One turn of one account. `moved`: how many of its words the other account gives to another party."""

    party: str
    start: float
    pieces: tuple[Piece, ...]
    moved: int


@dataclass(frozen=True, slots=True)
class Row:
    """What both accounts have at one time."""

    left: tuple[Said, ...]
    right: tuple[Said, ...]

    @property
    def differs(self) -> bool:
        return any(said.moved or any(piece.only for piece in said.pieces) for said in (*self.left, *self.right))


@dataclass(frozen=True, slots=True)
class Number:
    label: str
    unit: str
    decimals: int
    left: float | None
    right: float | None
    left_reason: str
    right_reason: str

    @property
    def change(self) -> float | None:
        return None if self.left is None or self.right is None else self.right - self.left


@dataclass(frozen=True, slots=True)
class Comparison:
    rows: tuple[Row, ...]
    numbers: tuple[Number, ...]

    @property
    def words_only_left(self) -> int:
        return _only(said for row in self.rows for said in row.left)

    @property
    def words_only_right(self) -> int:
        return _only(said for row in self.rows for said in row.right)

    @property
    def words_moved(self) -> int:
        """Words that both accounts have, of different parties."""
        return sum(said.moved for row in self.rows for said in row.left)


def compare(left: Transcript, right: Transcript) -> Comparison:
    """`left` is the older account, or whatever `right` is held against."""
    rows = tuple(_row(*pair) for pair in _matched(left.turns, right.turns))
    return Comparison(rows, tuple(_numbers(left, right)))


def _matched(left: Sequence[Turn], right: Sequence[Turn]) -> list[tuple[list[Turn], list[Turn]]]:
    """Groups of turns that share time, each turn in one group, in the order of their first start."""
    group = list(range(len(left) + len(right)))

    def first_of(member: int) -> int:
        while group[member] != member:
            member = group[member]
        return member

    for one, other in _pairs(left, right):
        group[first_of(len(left) + other)] = first_of(one)
    found: dict[int, tuple[list[Turn], list[Turn]]] = {}
    for member, turn in enumerate((*left, *right)):
        found.setdefault(first_of(member), ([], []))[member >= len(left)].append(turn)
    return sorted(found.values(), key=lambda pair: min(turn.start for turns in pair for turn in turns))


def _pairs(left: Sequence[Turn], right: Sequence[Turn]) -> Iterator[tuple[int, int]]:
    """Indices of turns that are one row. Both sequences are in order of start."""
    begin = 0
    for number, turn in enumerate(right):
        while begin < len(left) and left[begin].end <= turn.start:
            begin += 1
        for at in range(begin, len(left)):
            if left[at].start >= turn.end:
                break
            shared = min(left[at].end, turn.end) - max(left[at].start, turn.start)
            if shared > 0 and shared >= SHARED * min(left[at].end - left[at].start, turn.end - turn.start):
                yield at, number


def _row(left: list[Turn], right: list[Turn]) -> Row:
    """Words are the same when their letters are, whatever their case and punctuation."""
    ours, theirs = _spoken(left), _spoken(right)
    blocks = SequenceMatcher(a=_letters(ours), b=_letters(theirs), autojunk=False).get_matching_blocks()
    same: tuple[set[int], set[int]] = (set(), set())
    moved: tuple[set[int], set[int]] = (set(), set())
    for at, to, size in blocks:
        for step in range(size):
            same[0].add(at + step)
            same[1].add(to + step)
            if ours[at + step][1] != theirs[to + step][1]:
                moved[0].add(at + step)
                moved[1].add(to + step)
    return Row(tuple(_said(left, same[0], moved[0])), tuple(_said(right, same[1], moved[1])))


def _said(turns: Iterable[Turn], same: set[int], moved: set[int]) -> Iterator[Said]:
    """`same` and `moved` count the words of all turns together."""
    start = 0
    for turn in turns:
        places = range(start, start + len(turn.words))
        runs = groupby(zip(places, turn.words, strict=True), key=lambda item: item[0] not in same)
        pieces = tuple(Piece(" ".join(word.text for _, word in words), only) for only, words in runs)
        yield Said(_party(turn), turn.start, pieces, len(moved.intersection(places)))
        start = places.stop


def _spoken(turns: Iterable[Turn]) -> list[tuple[str, str]]:
    return [(word.text, _party(turn)) for turn in turns for word in turn.words]


def _party(turn: Turn) -> str:
    return turn.role or turn.speaker


def _letters(spoken: Iterable[tuple[str, str]]) -> list[str]:
    """A word of punctuation alone is itself."""
    return ["".join(filter(str.isalnum, text.casefold())) or text for text, _ in spoken]


def _numbers(left: Transcript, right: Transcript) -> Iterator[Number]:
    sides = numbers(left), numbers(right)
    wanted = [*((key, gettext(label), "", 0, 1.0) for key, label in COUNTS)]
    wanted += [(each.key, each.label, each.unit, each.decimals, each.scale) for each in map(METRICS.__getitem__, TILES)]
    for key, label, unit, decimals, scale in wanted:
        values = (getattr(side, key) for side in sides)
        one, other = (None if value is None else value * scale for value in values)
        yield Number(label, unit, decimals, one, other, *(side.reasons.get(key, "") for side in sides))


def _only(spoken: Iterable[Said]) -> int:
    return sum(len(piece.text.split()) for said in spoken for piece in said.pieces if piece.only)
