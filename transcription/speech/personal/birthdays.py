"""Dates of birth: a date near a word that says so, or one that is too old for anything else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from .numerals import read
from .tokens import ASIDES, Token

_MONTH = re.compile(
    r"jan(uary)?|feb(ruary)?|march|april|may|june|july|aug(ust)?|sept?(ember)?|oct(ober)?|nov(ember)?|dec(ember)?"
)
_ORDINAL = re.compile(
    r"\d{1,2}(st|nd|rd|th)|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|"
    r"(thir|four|fif|six|seven|eigh|nine)teenth|twentieth|thirtieth|(twenty|thirty)-(first|second|third|fourth|fifth|"
    r"sixth|seventh|eighth|ninth)"
)
_IN_FIGURES = re.compile(r"\d{1,4}[/.-]\d{1,2}[/.-]\d{2,4}")
_LINKS = frozenset({"the", "of", "in", "and", "slash"})
_CUE = re.compile(r"\b(?:born|birth ?days?|date of birth|dates of birth|birth ?date|d\.?o\.?b)\b")
_UNITS = frozenset({"years", "year", "months", "days", "weeks", "hours"})
_BEFORE, _AFTER = 14, 8
_OLD = re.compile(r"19\d\d")


def birthdays(stream: Sequence[Token], tokens: Sequence[Token]) -> Iterator[tuple[Token, ...]]:
    """The words of each date of birth. `tokens`: the whole call."""
    for date in _dates(stream):
        figures = [token for token in date if _IN_FIGURES.fullmatch(token.plain)]
        parts = _parts(date)
        cued = _CUE.search(_around(date, tokens)) and not _counts(date, tokens)
        old = _named(date) and len(parts) >= 3 and _OLD.fullmatch("".join(parts[-2:])[-4:])
        if old or (cued and (figures or len(parts) >= 2 or _year(parts))):
            yield date


def _dates(stream: Sequence[Token]) -> Iterator[tuple[Token, ...]]:
    """Words that a date may be made of, in a row, without links and asides at the ends (but for a "the")."""
    held: list[Token] = []
    number = False
    for place, token in enumerate(stream):
        number = _is_part(stream, place) or (number and token.plain in ("thousand", "hundred"))
        if number or (held and (token.plain in _LINKS or token.plain in ASIDES)) or token.plain == "the":
            held.append(token)
            continue
        yield from _trimmed(held)
        held = []
    yield from _trimmed(held)


def _trimmed(held: list[Token]) -> Iterator[tuple[Token, ...]]:
    loose = _LINKS | ASIDES
    while held and held[-1].plain in loose:
        del held[-1]
    while len(held) > 1 and held[0].plain in loose and (held[0].plain != "the" or held[1].plain in loose):
        del held[0]
    if held:
        yield tuple(held)


def _is_part(stream: Sequence[Token], place: int) -> bool:
    token = stream[place]
    if _MONTH.fullmatch(token.plain) or _ORDINAL.fullmatch(token.plain) or _IN_FIGURES.fullmatch(token.plain):
        return True
    atom = read(stream, place)
    return atom is not None and atom.shape not in ("letter", "code") and len(atom.digits) <= 4


def _parts(date: Sequence[Token]) -> list[str]:
    """Month, day and year as they are said: names as they are, numbers as digits."""
    parts, place = [], 0
    while place < len(date):
        atom = read(date, place)
        if atom and atom.digits:
            parts.append(atom.digits)
        elif _MONTH.fullmatch(date[place].plain) or _ORDINAL.fullmatch(date[place].plain):
            parts.append(date[place].plain)
        place += len(atom.tokens) if atom else 1
    return parts


def _named(date: Sequence[Token]) -> bool:
    return any(_MONTH.fullmatch(token.plain) for token in date)


def _year(parts: Sequence[str]) -> bool:
    return bool(re.fullmatch(r"(19|20)\d\d", "".join(parts)))


def _counts(date: Sequence[Token], tokens: Sequence[Token]) -> bool:
    following = date[-1].number + 1
    return following < len(tokens) and tokens[following].plain in _UNITS


def _around(date: Sequence[Token], tokens: Sequence[Token]) -> str:
    first, last = date[0].number, date[-1].number
    near = [*tokens[max(0, first - _BEFORE) : first], *tokens[last + 1 : last + 1 + _AFTER]]
    return " ".join(token.plain for token in near)
