"""Digits as people say them and as recognisers write them: "double five", "oh", "4421", "44 21", "twenty thirty"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from .tokens import ASIDES, Token, words

_DIGITS = {word: str(value) for value, word in enumerate(words("zero one two three four five six seven eight nine"))}
_DIGITS |= {"oh": "0", "o": "0", "nought": "0"}
_TEENS = {
    word: str(value)
    for value, word in enumerate(
        words("ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"), 10
    )
}
_TENS = {
    word: str(value) for value, word in enumerate(words("twenty thirty forty fifty sixty seventy eighty ninety"), 2)
}
_ZEROS = {"hundred": "00", "thousand": "000"}
_TIMES = {"double": 2, "triple": 3, "treble": 3}
_FIGURES = re.compile(r"\+?\(?\d[\d()-]*|\(?\d{3}\)?\.\d{3}\.\d{4}")
_CODE = re.compile(r"(?=[a-z\d-]*\d)(?=[a-z\d-]*[a-z])[a-z\d]+(-[a-z\d]+)*")
_NOT_A_CODE = re.compile(r"\d+(st|nd|rd|th|am|pm|s|k|m|x|kg|km|gb|mb|h|p|c)")
_MONEY = re.compile(r"[£$€%]")
_JOINERS = ASIDES - {"i", "you", "it", "on"} | {"dash", "hyphen", "space", "er", "slash"}
_MOST_JOINERS = 2

Shape = Literal["single", "figures", "words", "letter", "code", "amount"]


@dataclass(frozen=True, slots=True)
class Atom:
    """Digits said or written in one piece. `single`: one digit; `amount`: thousands, or hundreds and more."""

    digits: str
    shape: Shape
    tokens: tuple[Token, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """Digits and spelled letters in a row."""

    atoms: tuple[Atom, ...]

    @property
    def digits(self) -> str:
        return "".join(atom.digits for atom in self.atoms)

    @property
    def singles(self) -> str:
        """Those that are said one by one."""
        return "".join(atom.digits for atom in self.atoms if atom.shape == "single")

    @property
    def is_said_one_by_one(self) -> bool:
        return all(atom.shape in ("single", "figures") for atom in self.atoms)

    @property
    def tokens(self) -> tuple[Token, ...]:
        return tuple(token for atom in self.atoms for token in atom.tokens)

    def trimmed(self) -> Run:
        """Without the letters at its ends."""
        atoms = list(self.atoms)
        while atoms and atoms[0].shape == "letter":
            del atoms[0]
        while atoms and atoms[-1].shape == "letter":
            del atoms[-1]
        return Run(tuple(atoms))


def runs(stream: Sequence[Token]) -> Iterator[Run]:
    """Every run of the stream that has a digit, the longest possible, in order."""
    held: list[Atom] = []
    joiners, place = 0, 0
    while place < len(stream):
        atom = read(stream, place)
        if atom and atom.shape != "amount":
            held.append(atom)
            joiners = 0
        elif held and joiners < _MOST_JOINERS and stream[place].plain in _JOINERS:
            joiners += 1
        else:
            yield from _run(held)
            held, joiners = [], 0
        place += len(atom.tokens) if atom else 1
    yield from _run(held)


def read(stream: Sequence[Token], place: int) -> Atom | None:
    """The atom that begins at this token, if one does."""
    token = stream[place]
    ahead = [each.plain for each in stream[place + 1 : place + 3]] + ["", ""]
    if token.plain in _TIMES and ahead[0] in _DIGITS:
        return Atom(_DIGITS[ahead[0]] * _TIMES[token.plain], "single", tuple(stream[place : place + 2]))
    if token.plain in _DIGITS:
        if ahead[0] in _ZEROS:
            counted = ahead[0] == "thousand" or ahead[1] == "and"
            shape: Shape = "amount" if counted else "words"
            return Atom(_DIGITS[token.plain] + _ZEROS[ahead[0]], shape, tuple(stream[place : place + 2]))
        return Atom(_DIGITS[token.plain], "single", (token,))
    return _in_words(stream, place) or _written(token)


def is_number(token: Token) -> bool:
    """Whether the word alone is digits."""
    return token.plain.isdigit() or (len(token.plain) > 1 and read([token], 0) is not None)


def _in_words(stream: Sequence[Token], place: int) -> Atom | None:
    token = stream[place]
    if token.plain in _TEENS:
        return Atom(_TEENS[token.plain], "words", (token,))
    head, _, tail = token.plain.partition("-")
    if head not in _TENS:
        return None
    if tail in _DIGITS:
        return Atom(_TENS[head] + _DIGITS[tail], "words", (token,))
    unit = _DIGITS.get(stream[place + 1].plain, "0") if not tail and place + 1 < len(stream) else "0"
    if unit != "0":
        return Atom(_TENS[head] + unit, "words", tuple(stream[place : place + 2]))
    return None if tail else Atom(_TENS[head] + "0", "words", (token,))


def _written(token: Token) -> Atom | None:
    if _MONEY.search(token.raw):
        return None
    if _FIGURES.fullmatch(token.plain):
        digits = re.sub(r"\D", "", token.plain)
        return Atom(digits, "single" if len(digits) == 1 else "figures", (token,))
    if len(token.plain) == 1 and token.plain.isalpha() and token.raw[:1] not in ("I", "a"):
        return Atom("", "letter", (token,))
    if _CODE.fullmatch(token.plain) and not _NOT_A_CODE.fullmatch(token.plain):
        return Atom(re.sub(r"\D", "", token.plain), "code", (token,))
    return None


def _run(atoms: list[Atom]) -> Iterator[Run]:
    if any(atom.digits for atom in atoms):
        yield Run(tuple(atoms))
