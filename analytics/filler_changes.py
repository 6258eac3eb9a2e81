"""How one filler list differs from another, in words."""

from collections.abc import Iterable, Iterator

from transcription.speech.vocabulary import FillerTerm

TIERS = {1: "hesitation", 2: "discourse filler", 3: "ambiguous word"}


def changes(before: Iterable[FillerTerm], after: Iterable[FillerTerm]) -> list[str]:
    """One sentence for each term that came, went, moved between tiers or has other spellings."""
    old, new = ({term.term: term for term in terms} for terms in (before, after))
    gone = [f"“{name}” is no longer a term." for name in old if name not in new]
    come = [f"“{name}” is new: {TIERS[new[name].tier]}{_with(new[name].variants)}." for name in new if name not in old]
    return [*come, *gone, *(said for name in new if name in old for said in _changed(old[name], new[name]))]


def _changed(old: FillerTerm, new: FillerTerm) -> Iterator[str]:
    if old.tier != new.tier:
        yield f"“{new.term}” becomes: {TIERS[new.tier]}."
    if more := [each for each in new.variants if each not in old.variants]:
        yield f"“{new.term}” is also spelt {_listed(more)}."
    if fewer := [each for each in old.variants if each not in new.variants]:
        yield f"“{new.term}” is no longer spelt {_listed(fewer)}."


def _with(variants: Iterable[str]) -> str:
    listed = _listed(variants)
    return f", also spelt {listed}" if listed else ""


def _listed(spellings: Iterable[str]) -> str:
    return ", ".join(f"“{each}”" for each in spellings)
