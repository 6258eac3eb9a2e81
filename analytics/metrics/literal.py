"""Neighbours that give an ambiguous filler its literal meaning: "do you know", "what kind of", "I like it"."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Plain words that, right before or right after, make the phrase part of the sentence.

    `joins`: the phrase is also a conjunction, so that a comma before it says nothing: "it broke, so I called".
    """

    before: frozenset[str]
    after: frozenset[str]
    joins: bool = False


def _neighbours(before: str, after: str, *, joins: bool = False) -> Neighbours:
    return Neighbours(frozenset(before.split()), frozenset(after.split()), joins)


_KIND_OF = _neighbours(
    "a an any all another best certain different each every first no one other right same similar some special that "
    "the these this those two what whatever which wrong",
    "thing things",
)
_NOT_A_FILLER = _neighbours("", "")

_LITERAL: dict[tuple[str, ...], Neighbours] = {
    ("you", "know"): _neighbours(
        "as can could did didn't do don't does how if let letting may might once should that to what when whether will "
        "would wouldn't because",
        "about any anybody anyone anything each everyone everything exactly her him his how if it its me more my "
        "nothing of our somebody someone something that the their them this us what whatever when where whether which "
        "who whose why your",
    ),
    ("i", "mean"): _neighbours("do if that what which who", "by it that this"),
    ("kind", "of"): _KIND_OF,
    ("sort", "of"): _KIND_OF,
    ("like",): _neighbours(
        "anything also do don't doesn't didn't exactly feel feels feeling felt he'd i i'd just least less look looked "
        "looking looks more most much not nothing or people really rather seem seemed seems she'd smell smells "
        "something sound sounded sounds stuff taste tastes they they'd things to we we'd would wouldn't you you'd",
        "to",
    ),
    ("so",): _neighbours(
        "and believe do even ever guess hope how if is just not or say says said suppose think thought why",
        "called far forth good kind long many much on sorry that",
        joins=True,
    ),
    ("well",): _neighbours(
        "all am are as did do does doing feel fine get go goes going how is pretty quite really sleep so that too very "
        "went work worked working works",
        "and as aware done enough known",
    ),
}


def neighbours(phrase: tuple[str, ...]) -> Neighbours:
    """The literal neighbours of a phrase in plain words; none for a phrase that has no literal meaning here."""
    return _LITERAL.get(phrase, _NOT_A_FILLER)
