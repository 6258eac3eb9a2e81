"""How calls are to be heard again, as a person fills it in."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from transcription.models import Run
from transcription.runs import RunSettings


class RerunForm(forms.Form):
    """How calls are to be heard again. Settings of stages that are kept are not asked of the run."""

    from_stage = forms.ChoiceField(
        label=_("Do again, from"),
        choices=[
            (Run.Stage.RECOGNIZING, _("the words")),
            (Run.Stage.DIARIZING, _("the speakers")),
            (Run.Stage.SCORING, _("roles, sentiment")),
        ],
    )
    model = forms.ChoiceField(label=_("Model for the words"))
    fillers = forms.ChoiceField(
        label=_("Fillers (um, uh)"), choices=[("prompted", _("ask for them")), ("unprompted", _("do not ask"))]
    )
    language = forms.RegexField(
        r"^[a-z]{2,3}$",
        label=_("Language"),
        required=False,
        widget=forms.TextInput({"placeholder": _("as the call"), "size": 10}),
        error_messages={"invalid": _("A language code has two or three letters, e.g. en.")},
    )
    speakers = forms.IntegerField(
        label=_("Voices"),
        min_value=1,
        max_value=6,
        required=False,
        widget=forms.NumberInput({"placeholder": _("as the source")}),
    )

    def __init__(self, *args: Any, models: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ChoiceField", self.fields["model"]).choices = [(name, name) for name in models]

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        if values.get("model", "").endswith(".en") and values.get("language") not in ("", "en"):
            words = _("This model knows English only: choose another, or leave the language open.")
            raise forms.ValidationError(words)
        return values

    def asked(self) -> RunSettings:
        values = self.cleaned_data
        return RunSettings(
            values["model"], values["fillers"] == "prompted", values["language"], values["speakers"] or 0
        )
