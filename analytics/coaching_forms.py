"""What people write into a hand-out."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from analytics.models import CoachingMoment, CoachingSession

_CALL = re.compile(r"/calls/(?P<call>\d+)/(?:\?(?:.*&)?t=(?P<at>\d+(?:\.\d+)?))?")


class _NoteForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    class Meta:
        model = CoachingMoment
        fields = ("note",)
        widgets = {"note": forms.Textarea({"rows": 2})}


class SessionForm(forms.ModelForm):  # type: ignore[type-arg]
    """Summary, goals, and a note for each of `moments`: one form, so that no button loses what is written elsewhere."""

    class Meta:
        model = CoachingSession
        fields = ("summary", "goals")
        widgets = {"summary": forms.Textarea({"rows": 4}), "goals": forms.Textarea({"rows": 4})}

    def __init__(self, *args: Any, moments: list[CoachingMoment], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sent = self.data if self.is_bound else None
        self.notes = {one.pk: _NoteForm(sent, instance=one, prefix=f"moment-{one.pk}") for one in moments}

    def is_valid(self) -> bool:
        return super().is_valid() and all(form.is_valid() for form in self.notes.values())

    def save(self, commit: bool = True) -> Any:
        for form in self.notes.values():
            form.save(commit)
        return super().save(commit)


class MomentForm(forms.Form):
    """A moment that a person found: the address of a call's page, as it stands in the browser."""

    link = forms.CharField(label=_("Link to the moment, from a call’s page"), max_length=500)
    why = forms.CharField(label=_("What it shows"), max_length=300)
    strong = forms.TypedChoiceField(
        label=_("As"), choices=(("yes", _("strong")), ("no", _("weak"))), coerce=lambda value: value == "yes"
    )

    def clean_link(self) -> tuple[int, float]:
        """The call's number and the second."""
        found = _CALL.search(self.cleaned_data["link"])
        if found is None:
            raise forms.ValidationError(_("This is no address of a call, like /calls/12/?t=95."))
        return int(found["call"]), float(found["at"] or 0)


class AnswerForm(forms.Form):
    """The agent's. A dispute says what is wrong."""

    comment = forms.CharField(max_length=4000, required=False, widget=forms.Textarea({"rows": 3}))
    disputed = forms.BooleanField(required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("disputed") and not cleaned.get("comment"):
            self.add_error("comment", _("Say what you see differently."))
        return cleaned
