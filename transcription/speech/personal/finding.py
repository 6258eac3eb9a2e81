"""Where personal data are in a call, also where the other party confirms or repeats them in between."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from transcription.speech.types import Turn

from .addresses import addresses
from .birthdays import birthdays
from .judging import is_amount, judged
from .numerals import Run, is_number, runs
from .tokens import ASIDE_WORDS, ASIDES, Kind, Span, Token, in_turns, streams, tokens_of

ECHO_DIGITS = 4
"""So many digits of what was found are found again wherever they are said in the call."""
NEAR_ECHO_DIGITS, NEAR_TURNS = 3, 2
"""And fewer, where they are said right after or before."""


def find(turns: Sequence[Turn]) -> list[Span]:
    """What is personal in these turns, as ranges of words, in order; ranges do not overlap."""
    tokens = tokens_of(turns)
    spoken = list(streams(turns, tokens, [_is_aside(words) for words in in_turns(turns, tokens)]))
    kinds: dict[int, Kind] = {}
    for stream in spoken:
        _mark(kinds, "birth", birthdays(stream, tokens))
        _mark(kinds, "email", addresses(stream, tokens))
    found, left = _numbers(spoken, tokens, kinds)
    for run, kind in found:
        _mark(kinds, kind, [run.tokens])
    for run in left:
        repeated = None if is_amount(run, tokens) else _echoed(run, found)
        if repeated:
            _mark(kinds, repeated, [run.trimmed().tokens])
    return list(_spans(kinds, tokens))


def _is_aside(words: Sequence[Token]) -> bool:
    """ "Mhm", "okay, go on", or what was just said once more: nothing that ends what the other one says."""
    others = [token for token in words if not is_number(token)]
    return len(others) <= ASIDE_WORDS and all(token.plain in ASIDES for token in others)


def _numbers(
    spoken: Iterable[Sequence[Token]], tokens: Sequence[Token], kinds: dict[int, Kind]
) -> tuple[list[tuple[Run, Kind]], list[Run]]:
    """Runs that are personal, and the others."""
    found, left = [], []
    for run in (run for stream in spoken for run in runs(stream)):
        if any(token.number in kinds for token in run.tokens):
            continue
        decided = judged(run, tokens)
        if decided:
            found.append(decided)
        else:
            left.append(run)
    return found, left


def _echoed(run: Run, found: Iterable[tuple[Run, Kind]]) -> Kind | None:
    """The kind of a found number of which this run repeats a part."""
    digits, turn = run.digits, run.tokens[0].turn
    for whole, kind in found:
        near = any(abs(token.turn - turn) <= NEAR_TURNS for token in whole.tokens)
        if len(digits) >= (NEAR_ECHO_DIGITS if near else ECHO_DIGITS) and digits in whole.digits:
            return kind
    return None


def _mark(kinds: dict[int, Kind], kind: Kind, places: Iterable[Iterable[Token]]) -> None:
    for tokens in places:
        for token in tokens:
            kinds.setdefault(token.number, kind)


def _spans(kinds: dict[int, Kind], tokens: Sequence[Token]) -> Iterator[Span]:
    """Neighbouring words of a kind together."""
    held: list[Token] = []
    for token in tokens:
        kind = kinds.get(token.number)
        if held and (
            kind != kinds[held[-1].number] or token.turn != held[-1].turn or token.number - held[-1].number > 1
        ):
            yield Span(held[0].turn, held[0].word, held[-1].word, kinds[held[0].number])
            held = []
        if kind:
            held.append(token)
    if held:
        yield Span(held[0].turn, held[0].word, held[-1].word, kinds[held[0].number])
