"""What a run of digits is: a card, an account, a telephone number, something else to hide, or nothing personal."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .numerals import Run
from .tokens import Kind, Token, words

CONTEXT_BEFORE, CONTEXT_AFTER = 16, 6
"""Words in which a cue is looked for."""

CARD_DIGITS = range(13, 20)
"""ISO/IEC 7812: an issuer's primary account number, as cards carry it, has 13 to 19 digits and ends in Luhn's digit."""

_CUES = re.compile(
    r"\b(?:"
    r"(?P<card>cards?|visa|mastercard|amex|american express|cv[vc]2?|security code|long number|digits on the back)"
    r"|(?P<phone>(?:tele)?phone|mobile|cell|landline|call (?:me|us|him|her|you)(?: back)?|call ?back|callback|reach|"
    r"ring|text (?:me|you)|fax|best number|(?:my|your|his|her) number(?:'s)?)"
    r"|(?P<account>account|sort code|routing|iban|policy|customer (?:number|id)|reference|order(?: number)?|booking|"
    r"confirmation|member(?:ship)?|social|national insurance|passport|licen[cs]e|meter|serial|claim|ticket|case|"
    r"invoice|pin|pass ?code|password|zip|post ?code|tracking|contract number|user ?id|id number|reservation|"
    r"registration)"
    r"|(?P<digits>code|number|digits|reads|says|shows|screen|ending)"
    r")\b"
)
_VOID = re.compile(
    r"\b(?:charged?|paid|pay|costs?|total|price|balance|worth|amount|since|until|year|version|flight|room|model|times|"
    r"about|around|over|than)\b"
)
_ENDING = re.compile(r"\b(?:end(?:s|ing)?(?: in)?|last (?:four|4)|number is|code is|pin is)\b")
_UNITS = frozenset(
    words(
        "am billion bucks calls cents customers days degrees dollars emails employees euro euros feet gb gigabytes "
        "hours items kilometers kilometres km mb megabits meters metres miles million minutes months mornings o'clock "
        "orders parcels payments pence people percent pm points pound pounds quid seconds thousand times units watt "
        "watts weeks working years year"
    )
)
_FEWEST: dict[Kind, int] = {"card": 3, "phone": 6, "account": 4, "digits": 3, "email": 0, "birth": 0}
"""Digits that a run of each kind has, where a cue says that it is of the kind."""
_FEW_FOR_WORDS = 5
_FEW_FOR_FIGURES = 6


def judged(run: Run, tokens: Sequence[Token]) -> tuple[Run, Kind] | None:
    """The run, as far as it is to be hidden, and its kind. `tokens`: the whole call."""
    inner = run.trimmed()
    if len(inner.digits) in CARD_DIGITS and luhn(inner.digits):
        return inner, "card"
    if is_amount(inner, tokens):
        return None
    cue = cue_of(inner, tokens)
    if _is_named(run, cued=cue == "account"):
        return run, "account"
    if cue and _fits(inner, cue, tokens):
        return inner, "phone" if cue == "digits" and _like_a_telephone(inner) else cue
    if _like_a_telephone(inner):
        return inner, "phone"
    return (inner, "digits") if _is_long(inner) else None


def luhn(digits: str) -> bool:
    """The check digit of ISO/IEC 7812-1, annex B."""
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits)))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def cue_of(run: Run, tokens: Sequence[Token]) -> Kind | None:
    """The kind that the words before say, the nearest first ("number" says little); else the words right after."""
    before = _text(tokens[max(0, run.tokens[0].number - CONTEXT_BEFORE) : run.tokens[0].number])
    cues = list(_CUES.finditer(before))
    found = next((cue for cue in reversed(cues) if _kind(cue) != "digits"), cues[-1] if cues else None)
    if found and not _VOID.search(before, found.end()):
        return _kind(found)
    end = run.tokens[-1].number + 1
    after = _CUES.search(_text(tokens[end : end + CONTEXT_AFTER])) if run.is_said_one_by_one else None
    return _kind(after) if after and after.lastgroup in ("card", "phone") else None


def _kind(found: re.Match[str]) -> Kind | None:
    return found.lastgroup  # type: ignore[return-value]  # the groups are named by kinds


def _text(tokens: Sequence[Token]) -> str:
    return " ".join(token.plain for token in tokens)


def is_amount(run: Run, tokens: Sequence[Token]) -> bool:
    """A few digits that count something, by the word behind them."""
    following = run.tokens[-1].number + 1
    return len(run.digits) <= _FEW_FOR_FIGURES and following < len(tokens) and tokens[following].plain in _UNITS


def _is_named(run: Run, *, cued: bool) -> bool:
    """Letters and digits as references have them; where no cue says so, two letters and three digits one by one."""
    letters = sum(len(atom.tokens[0].plain) for atom in run.atoms if atom.shape in ("letter", "code"))
    if not cued:
        spelled = sum(atom.shape == "letter" for atom in run.atoms)
        return spelled >= 2 and len(run.singles) >= 3 and len(run.singles) == len(run.digits)
    return letters > 0 and letters + len(run.digits) >= 5


def _fits(run: Run, cue: Kind, tokens: Sequence[Token]) -> bool:
    if len(run.digits) < _FEWEST[cue] or (cue == "digits" and _is_count(run.digits)):
        return False
    before = _text(tokens[max(0, run.tokens[0].number - 4) : run.tokens[0].number])
    if cue == "digits" and len(run.digits) == _FEWEST[cue]:
        return bool(_ENDING.search(before))
    return not _like_a_year(run) or bool(_ENDING.search(before))


def _like_a_telephone(run: Run) -> bool:
    """A number that has the form of one in North America or, with its 0 or +, elsewhere."""
    digits, first = run.digits, run.tokens[0].plain
    american = re.fullmatch(r"1?[2-9]\d{2}[2-9]\d{6}", digits)
    return bool(american) or (first.startswith("+") and len(digits) > 7) or bool(re.fullmatch(r"0[1-9]\d{8,9}", digits))


def _is_long(run: Run) -> bool:
    """So many digits that they can hardly count anything."""
    singles = run.singles
    if len(singles) >= _FEW_FOR_WORDS - 1 and not _is_count(singles) and not _like_a_year(run):
        return True
    whole = "".join(atom.digits for atom in run.atoms if atom.shape != "words")
    return len(whole) >= _FEW_FOR_FIGURES and not whole.endswith("000") and not _is_count(whole)


def _is_count(digits: str) -> bool:
    """1, 2, 3 … as people count or test a line."""
    return digits == "123456789"[: len(digits)]


def _like_a_year(run: Run) -> bool:
    return bool(re.fullmatch(r"(19|20)\d\d", run.digits))
