"""What listeners say to show that they follow, by language: single words, and phrases of two words."""

from __future__ import annotations

from collections.abc import Sequence


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_SOUNDS = _set("mm mmm mhm mhmm mm-hmm mm-hm mhm-mhm mm-mm hmm hm uh-huh uhhuh aha ah oh huh ok okay")

_WORDS: dict[str, frozenset[str]] = {
    "en": _set("yeah yes yep yup yea right sure alright exactly absolutely indeed true great good cool fine"),
    "de": _set("ja jaja genau gut klar richtig stimmt okay achso ach so jo jep sicher natürlich verstehe"),
    "es": _set("sí si claro vale ya bueno bien exacto correcto cierto ajá anda entiendo perfecto"),
    "fr": _set("oui ouais d'accord voilà exactement bien bon tout-à-fait parfait entendu certes"),
}
_PHRASES: dict[str, frozenset[tuple[str, ...]]] = {
    "en": frozenset(
        {("i", "see"), ("got", "it"), ("go", "on"), ("of", "course"), ("all", "right"), ("that's", "right")}
    ),
    "de": frozenset({("alles", "klar"), ("ach", "so"), ("ist", "gut")}),
    "es": frozenset({("de", "acuerdo"), ("está", "bien"), ("por", "supuesto"), ("ya", "veo")}),
    "fr": frozenset({("je", "vois"), ("bien", "sûr"), ("très", "bien"), ("ça", "va"), ("c'est", "ça")}),
}
_HUMS = frozenset({("mm", "hmm"), ("mm", "hm"), ("m", "hm"), ("m", "hmm"), ("uh", "huh"), ("ah", "ha")})
"""Hums that a recogniser may write as two words. Their parts look like hesitations and are none."""


def is_hum(first: str, second: str) -> bool:
    """Whether two plain words are one hum, such as "uh huh"."""
    return (first, second) in _HUMS


def acknowledges(words: Sequence[str], language: str) -> bool:
    """Whether plain words do nothing but acknowledge: "yeah", "uh huh", "okay I see". Unknown language: sounds only."""
    single = _SOUNDS | _WORDS.get(language, frozenset())
    phrases = _HUMS | _PHRASES.get(language, frozenset())
    position = 0
    while position < len(words):
        if tuple(words[position : position + 2]) in phrases:
            position += 2
        elif words[position] in single:
            position += 1
        else:
            return False
    return len(words) > 0
