"""What people write on the vocabulary page."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from transcription.models import Recording
from transcription.speech.filler_list import parse, to_text
from transcription.speech.vocabulary import (
    MAX_COMPANY_CHARACTERS,
    MAX_COMPANY_WORDS,
    FillerTerm,
    Tier,
    names_heard,
    prompt,
)

MAX_NAME = 60
MAX_NAMES = 50
_PARTS = re.compile(r"[,;\t\n\r]")


def _text(label: Any, help_text: Any, rows: int) -> forms.CharField:
    widget = forms.Textarea({"rows": rows, "spellcheck": "false", "autocapitalize": "off"})
    return forms.CharField(label=label, help_text=help_text, required=False, max_length=20_000, widget=widget)


class FillerListForm(forms.Form):
    """A filler list as three texts (see filler_list). `seen`: the name of the list that its writer saw."""

    tier1 = _text(_("Hesitations"), _("always counted"), 8)
    tier2 = _text(_("Discourse fillers"), _("counted unless a neighbour makes them literal: “do you know”"), 8)
    tier3 = _text(_("Ambiguous words"), _("counted only beside a comma or a pause"), 8)
    seen = forms.CharField(widget=forms.HiddenInput, max_length=24)

    terms: tuple[FillerTerm, ...] = ()

    def clean(self) -> dict[str, Any]:
        texts: dict[Tier, str] = {tier: self.cleaned_data.get(f"tier{tier}", "") for tier in (1, 2, 3)}
        self.terms, problems = parse(texts)
        for problem in problems:
            self.add_error(
                f"tier{problem.tier}",
                gettext("Line %(line)s: %(reason)s.") % {"line": problem.line, "reason": problem.reason},
            )
        return self.cleaned_data


def texts_of(terms: tuple[FillerTerm, ...]) -> dict[str, str]:
    """What a FillerListForm shows of a list."""
    return {f"tier{tier}": to_text(terms, tier) for tier in (1, 2, 3)}


class CompanyWordsForm(forms.Form):
    """Names, one a line or parted by commas."""

    words = _text(_("Names and products"), _("one a line, or parted by commas; the most important first"), 10)

    def clean_words(self) -> list[str]:
        parts = (" ".join(part.split()) for part in _PARTS.split(self.cleaned_data["words"]))
        words = list(dict.fromkeys(filter(None, parts)))
        if len(words) > MAX_NAMES:
            told = {"names": len(words), "most": MAX_NAMES}
            raise forms.ValidationError(_("%(names)s names; at most %(most)s can be kept.") % told)
        for word in words:
            if len(word) > MAX_NAME:
                too_long = {"name": word[:20], "most": MAX_NAME}
                raise forms.ValidationError(_("“%(name)s…” is longer than %(most)s characters.") % too_long)
            if not any(map(str.isalnum, word)) or re.search(r"[<>{}|\x00-\x1f\x7f]", word):
                raise forms.ValidationError(_("“%(name)s” is no name that somebody could say.") % {"name": word})
        return words


@dataclass(frozen=True, slots=True)
class PromptShown:
    """What a recogniser would be told. `cut`: names that do not fit; `words` and `characters` of those that do."""

    text: str
    cut: tuple[str, ...]
    words: int
    characters: int
    max_words: int = MAX_COMPANY_WORDS
    max_characters: int = MAX_COMPANY_CHARACTERS


def prompt_of(language: str, names: Sequence[str], terms: Sequence[FillerTerm]) -> PromptShown:
    heard = names_heard(names)
    cut = tuple(name for name in names if name not in heard)
    return PromptShown(prompt(language, names, terms), cut, len(heard), sum(map(len, heard)))


class TrialForm(CompanyWordsForm):
    """Names, and the call to try them on."""

    call = forms.ModelChoiceField(
        Recording.objects.none(), label=_("Call"), error_messages={"required": _("Choose a call.")}
    )

    def __init__(self, *args: Any, calls: QuerySet[Recording], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["call"].queryset = calls  # type: ignore[attr-defined]
