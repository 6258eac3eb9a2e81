"""A filler list as people write it, as plain values that a database keeps, and the name of what is in it.

People write one text for each tier and in it one line for each term, its spellings parted by commas (or semicolons,
or tabs, as a spreadsheet gives them): "um, umm, uhm". The first spelling is the term's name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from .vocabulary import FillerTerm, Tier, language_code

TIERS: tuple[Tier, ...] = (1, 2, 3)
MAX_TERMS = 100
MAX_CHARACTERS = 60
MAX_WORDS = 4
MAX_SPELLINGS = 30

_PARTS = re.compile(r"[,;\t]")
_INSIDE = " '-"
_AROUND = ' .!?…:"“”„«»()[]'


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a line. `line` counts from 1 within the text of its tier."""

    tier: Tier
    line: int
    reason: str


def parse(texts: Mapping[Tier, str]) -> tuple[tuple[FillerTerm, ...], list[Problem]]:
    """The terms of the texts, by tier, and what is wrong with them; empty lines count for nothing.

    Case, outer punctuation and curly apostrophes are levelled, as they are when words are compared.
    """
    terms: list[FillerTerm] = []
    problems: list[Problem] = []
    owners: dict[str, str] = {}
    for tier, number, spellings in _lines(texts):
        reasons = [reason for spelling in spellings for reason in _wrong(spelling)]
        reasons += [f"“{each}” is already a spelling of “{owners[each]}”" for each in spellings if each in owners]
        if len(spellings) > MAX_SPELLINGS:
            reasons.append(f"more than {MAX_SPELLINGS} spellings")
        problems += [Problem(tier, number, reason) for reason in reasons]
        owners |= {each: spellings[0] for each in spellings if each not in owners}
        terms.append(FillerTerm(spellings[0], tier, tuple(spellings[1:])))
    if len(terms) > MAX_TERMS:
        problems.append(Problem(terms[-1].tier, 1, f"{len(terms)} terms; at most {MAX_TERMS} can be counted"))
    return tuple(terms), problems


def to_text(terms: Iterable[FillerTerm], tier: Tier) -> str:
    """The terms of a tier as `parse` reads them."""
    return "\n".join(", ".join(term.spellings) for term in terms if term.tier == tier)


def to_rows(terms: Iterable[FillerTerm]) -> list[list[Any]]:
    """[tier, term, other spellings …] each, for JSON."""
    return [[term.tier, *term.spellings] for term in terms]


def from_rows(rows: Iterable[Sequence[Any]]) -> tuple[FillerTerm, ...]:
    return tuple(FillerTerm(term, tier, tuple(variants)) for tier, term, *variants in rows)


def list_name(language: str, terms: Sequence[FillerTerm]) -> str:
    """Two lists have one name when they count alike: "en 3f09a1c2d4e5"; "fi -" where a language has no list.

    The order of terms and of their other spellings makes no difference.
    """
    if not terms:
        return f"{language_code(language)} -"
    lines = sorted(f"{term.tier} {term.term}: {' | '.join(sorted(set(term.variants)))}" for term in terms)
    return f"{language_code(language)} {sha256(chr(10).join(lines).encode()).hexdigest()[:12]}"


def language_of(name: str) -> str:
    """The language code in the name of a list; "" in the empty name of before lists had one."""
    return name.partition(" ")[0]


def _lines(texts: Mapping[Tier, str]) -> Iterator[tuple[Tier, int, list[str]]]:
    for tier in TIERS:
        for number, line in enumerate(texts.get(tier, "").splitlines(), start=1):
            spellings = list(dict.fromkeys(filter(None, map(_levelled, _PARTS.split(line)))))
            if spellings:
                yield tier, number, spellings


def _levelled(spelling: str) -> str:
    text = unicodedata.normalize("NFC", spelling).replace("’", "'").lower()
    return " ".join(text.split()).strip(_AROUND)


def _wrong(spelling: str) -> Iterator[str]:
    """Reasons why no word of a transcript could be this spelling."""
    if len(spelling) > MAX_CHARACTERS:
        yield f"“{spelling[:20]}…” is longer than {MAX_CHARACTERS} characters"
    if len(spelling.split()) > MAX_WORDS:
        yield f"“{spelling}” has more than {MAX_WORDS} words"
    strange = sorted({char for char in spelling if char not in _INSIDE and unicodedata.category(char)[0] not in "LM"})
    if strange:
        yield f"“{spelling}” has {' '.join(strange)} in it; only letters, apostrophes and hyphens are said"
    elif any(not any(map(str.isalpha, word)) or word.strip("'-") != word for word in spelling.split()):
        yield f"“{spelling}” begins or ends a word with an apostrophe or a hyphen"
