"""Texts compared: word errors as Whisper's authors count them, and fillers, which their normaliser throws away."""

from __future__ import annotations

import re
import warnings
from collections import Counter
from collections.abc import Sequence
from functools import cache
from typing import Any

import jiwer

from transcription.speech.vocabulary import FillerTerm, filler_terms

from .rates import Rate

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # a wrong escape in a docstring of the package
    from whisper_normalizer.basic import BasicTextNormalizer
    from whisper_normalizer.english import EnglishTextNormalizer

HESITATION = "hesitation"
"""All tier 1 terms count as one: whether "um" or "uh" is written is a matter of ear."""


def normalised(text: str, language: str) -> str:
    """Without case, punctuation and hesitations; in English with one spelling of numbers and words, too.

    The text normalisation of the Whisper paper, appendix C; hyphens part words, as recognisers differ in them.
    """
    plain = _normaliser(language)(re.sub(r"[-,.?!]", " ", text))
    hesitations = {spelling for term in filler_terms(language) if term.tier == 1 for spelling in term.spellings}
    return " ".join(word for word in plain.split() if word not in hesitations)


def word_errors(reference: str, hypothesis: str, language: str) -> Rate:
    """Substitutions, deletions and insertions, of the reference's words."""
    said, heard = normalised(reference, language), normalised(hypothesis, language)
    if not said or not heard:
        return Rate(len((said or heard).split()), len(said.split()))
    result = jiwer.process_words(said, heard)
    return Rate(result.substitutions + result.deletions + result.insertions, len(said.split()))


def same_words(reference: Sequence[str], hypothesis: Sequence[str]) -> list[tuple[int, int]]:
    """Index pairs of the words that two sequences of words share in their best alignment. Words hold no spaces."""
    if not reference or not hypothesis:
        return []
    chunks = jiwer.process_words(" ".join(reference), " ".join(hypothesis)).alignments[0]
    return [
        (chunk.ref_start_idx + offset, chunk.hyp_start_idx + offset)
        for chunk in chunks
        if chunk.type == "equal"
        for offset in range(chunk.ref_end_idx - chunk.ref_start_idx)
    ]


def filler_counts(text: str, language: str) -> Counter[str]:
    """How often the vocabulary's fillers occur: tier 1 as one, tier 2 by term, and tier 3 by term where it is set off.

    Set off is after a comma or at the start of a sentence, and before a comma: "It is, like, new.", "Well, no."
    """
    counts: Counter[str] = Counter()
    for term in filler_terms(language):
        counts[HESITATION if term.tier == 1 else term.term] += len(_pattern(term).findall(text.lower()))
    return counts


@cache
def _normaliser(language: str) -> Any:
    return EnglishTextNormalizer() if language == "en" else BasicTextNormalizer()


@cache
def _pattern(term: FillerTerm) -> re.Pattern[str]:
    spellings = "|".join(r"\s+".join(map(re.escape, spelling.split())) for spelling in term.spellings)
    if term.tier < 3:
        return re.compile(rf"(?<![\w'])(?:{spellings})(?![\w'])")
    return re.compile(rf"(?:^|[,.?!])\s*(?:{spellings})(?=\s*,)")
