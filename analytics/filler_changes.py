"""How one filler list differs from another, in words."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from transcription.speech.vocabulary import FillerTerm

TIERS = {1: _("hesitation"), 2: _("discourse filler"), 3: _("ambiguous word")}


def changes(before: Iterable[FillerTerm], after: Iterable[FillerTerm]) -> list[str]:
    """One sentence for each term that came, went, moved between tiers or has other spellings."""
    old, new = ({term.term: term for term in terms} for terms in (before, after))
    gone = [gettext("“%(term)s” is no longer a term.") % {"term": name} for name in old if name not in new]
    come = [_new(new[name]) for name in new if name not in old]
    return [*come, *gone, *(said for name in new if name in old for said in _changed(old[name], new[name]))]


def _changed(old: FillerTerm, new: FillerTerm) -> Iterator[str]:
    if old.tier != new.tier:
        yield gettext("“%(term)s” becomes: %(tier)s.") % {"term": new.term, "tier": gettext(TIERS[new.tier])}
    if more := [each for each in new.variants if each not in old.variants]:
        yield gettext("“%(term)s” is also spelt %(spellings)s.") % {"term": new.term, "spellings": _listed(more)}
    if fewer := [each for each in old.variants if each not in new.variants]:
        yield gettext("“%(term)s” is no longer spelt %(spellings)s.") % {"term": new.term, "spellings": _listed(fewer)}


def _new(term: FillerTerm) -> str:
    said = {"term": term.term, "tier": gettext(TIERS[term.tier]), "spellings": _listed(term.variants)}
    if not term.variants:
        return gettext("“%(term)s” is new: %(tier)s.") % said
    return gettext("“%(term)s” is new: %(tier)s, also spelt %(spellings)s.") % said


def _listed(spellings: Iterable[str]) -> str:
    return ", ".join(gettext("“%(term)s”") % {"term": each} for each in spellings)
