"""Filler words by language and tier, and the prompt that makes a recogniser write them down.

A tier says how sure one can be that a word is a filler: 1 hesitations, always; 2 discourse fillers, nearly always;
3 ambiguous words, only with a comma or a pause on one side. The lists are a start: a site keeps its own vocabulary.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Tier = Literal[1, 2, 3]

DEFAULT_LANGUAGE = "en"

MAX_COMPANY_WORDS = 12
MAX_COMPANY_CHARACTERS = 120
"""Names in the prompt: each makes a recogniser readier to write it, said or not; long prompts delete words."""

MAX_PROMPT_TERMS = 12


@dataclass(frozen=True, slots=True)
class FillerTerm:
    """One filler. `variants` are the other spellings that count as `term`; all lower case, without punctuation."""

    term: str
    tier: Tier
    variants: tuple[str, ...] = ()

    @property
    def spellings(self) -> tuple[str, ...]:
        return (self.term, *self.variants)


FILLER_TERMS: Mapping[str, tuple[FillerTerm, ...]] = {
    "en": (
        FillerTerm("um", 1, ("umm", "ummm", "uhm", "uhmm")),
        FillerTerm("uh", 1, ("uhh", "uhhh")),
        FillerTerm("er", 1, ("err", "erm", "errm", "ermm")),
        FillerTerm("hmm", 1, ("hm", "hmmm")),
        FillerTerm("ah", 1, ("ahh", "ahm")),
        FillerTerm("eh", 1, ("ehh", "ehm")),
        FillerTerm("you know", 2, ("y'know", "ya know")),
        FillerTerm("i mean", 2),
        FillerTerm("sort of", 2, ("sorta",)),
        FillerTerm("kind of", 2, ("kinda",)),
        FillerTerm("like", 3),
        FillerTerm("so", 3),
        FillerTerm("well", 3),
        FillerTerm("actually", 3),
        FillerTerm("basically", 3),
    ),
    "de": (
        FillerTerm("äh", 1, ("ähh", "äähm", "öh")),
        FillerTerm("ähm", 1, ("ähmm", "ehm", "öhm")),
        FillerTerm("hm", 1, ("hmm", "hmmm")),
        FillerTerm("sozusagen", 2),
        FillerTerm("quasi", 2),
        FillerTerm("irgendwie", 2),
        FillerTerm("weißt du", 2, ("weisst du", "wissen sie")),
        FillerTerm("ich mein", 2, ("ich meine",)),
        FillerTerm("also", 3),
        FillerTerm("halt", 3),
        FillerTerm("eben", 3),
        FillerTerm("eigentlich", 3),
        FillerTerm("genau", 3),
        FillerTerm("na ja", 3, ("naja", "tja")),
    ),
    "es": (
        FillerTerm("eh", 1, ("ehh", "eeh", "eee")),
        FillerTerm("em", 1, ("ehm", "emm", "eem")),
        FillerTerm("mmm", 1, ("hmm", "hm")),
        FillerTerm("o sea", 2, ("osea",)),
        FillerTerm("es que", 3),
        FillerTerm("digamos", 2),
        FillerTerm("sabes", 3, ("sabe",)),
        FillerTerm("este", 3),
        FillerTerm("pues", 3),
        FillerTerm("bueno", 3),
        FillerTerm("entonces", 3),
        FillerTerm("a ver", 3),
    ),
    "fr": (
        FillerTerm("euh", 1, ("heu", "euhh", "euuh")),
        FillerTerm("hum", 1, ("hmm", "hm", "hem")),
        FillerTerm("ben", 1, ("bah", "beh")),
        FillerTerm("tu vois", 2, ("vous voyez",)),
        FillerTerm("tu sais", 2, ("vous savez",)),
        FillerTerm("en fait", 3),
        FillerTerm("du coup", 3),
        FillerTerm("genre", 3),
        FillerTerm("quoi", 3),
        FillerTerm("enfin", 3),
        FillerTerm("alors", 3),
        FillerTerm("voilà", 3),
    ),
}
"""By ISO 639-1 code. A language that is not here has no list: its fillers are unknown, not zero."""

PROMPTS: Mapping[str, str] = {
    "en": "Um, uh, like, you know, I mean, hmm, er, ah, well, so.",
    "de": "Äh, ähm, also, hm, halt, naja, sozusagen.",
    "es": "Eh, em, o sea, pues, mmm, este, bueno.",
    "fr": "Euh, hum, ben, tu vois, en fait, enfin, alors.",
}
"""Short and in the style wanted: a recogniser copies the manner of its prompt. The English one is the one measured."""


def prompt(language: str | None, company_words: Iterable[str] = (), terms: Sequence[FillerTerm] | None = None) -> str:
    """A short verbatim prompt: hesitations of the language, then the company's names. Empty if there is nothing to say.

    `language` None (to be detected) counts as English. `terms` replaces the shipped list; rarer tiers give way first.
    As long as its hesitations are the shipped ones, the sentence stays that whose effect was measured: other fillers
    are written down without being asked for. Names that `names_heard` leaves out are not in it.
    """
    code = language_code(language)
    own = terms is not None and _hesitations(terms) != _hesitations(filler_terms(code))
    fillers = _sentence(_most_certain(terms or ())).capitalize() if own else PROMPTS.get(code, "")
    return " ".join(part for part in (fillers, _sentence(names_heard(company_words))) if part)


def filler_terms(language: str | None) -> tuple[FillerTerm, ...]:
    """The shipped list of a language ("en", "en-GB"); empty when there is none."""
    return FILLER_TERMS.get(language_code(language), ())


def strip_hesitations(text: str, language: str | None = DEFAULT_LANGUAGE) -> str:
    """The text without tier 1 hesitations and the commas around them; unchanged when nothing else would be left."""
    spellings = sorted((word for term in filler_terms(language) if term.tier == 1 for word in term.spellings), key=len)
    if not spellings:
        return text
    words = "|".join(re.escape(word) for word in reversed(spellings))
    kept = re.sub(rf"[\s,]*(?<![\w'’-])(?:{words})(?![\w'’-])[,…]*", "", text, flags=re.IGNORECASE)
    kept = " ".join(kept.split()).lstrip(" ,.…")
    return kept if re.search(r"\w", kept) else text


def language_code(language: str | None) -> str:
    """ "en" also for "en-GB" and "EN_us"; None (to be detected) counts as English."""
    return (language or DEFAULT_LANGUAGE).replace("_", "-").split("-")[0].lower()


def _hesitations(terms: Iterable[FillerTerm]) -> set[str]:
    return {term.term for term in terms if term.tier == 1}


def _most_certain(terms: Sequence[FillerTerm]) -> list[str]:
    return [term.term for term in sorted(terms, key=lambda term: term.tier)][:MAX_PROMPT_TERMS]


def names_heard(company_words: Iterable[str]) -> list[str]:
    """The names that fit into a prompt: cut at MAX_COMPANY_WORDS and MAX_COMPANY_CHARACTERS, the first given kept."""
    names: list[str] = []
    room = MAX_COMPANY_CHARACTERS
    for name in dict.fromkeys(" ".join(word.split()) for word in company_words):
        room -= len(name)
        if room < 0 or len(names) == MAX_COMPANY_WORDS:
            break
        if name:
            names.append(name)
    return names


def _sentence(words: Sequence[str]) -> str:
    return f"{', '.join(words)}." if words else ""
