"""How calls are to be heard again, as a person fills it in."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms

from transcription.models import Run
from transcription.runs import RunSettings


class RerunForm(forms.Form):
    """How calls are to be heard again. Settings of stages that are kept are not asked of the run."""

    from_stage = forms.ChoiceField(
        label="Do again, from",
        choices=[
            (Run.Stage.RECOGNIZING, "the words"),
            (Run.Stage.DIARIZING, "the speakers"),
            (Run.Stage.SCORING, "roles, sentiment"),
        ],
    )
    model = forms.ChoiceField(label="Model for the words")
    fillers = forms.ChoiceField(
        label="Fillers (um, uh)", choices=[("prompted", "ask for them"), ("unprompted", "do not ask")]
    )
    language = forms.RegexField(
        r"^[a-z]{2,3}$",
        label="Language",
        required=False,
        widget=forms.TextInput({"placeholder": "as the call", "size": 10}),
        error_messages={"invalid": "A language code has two or three letters, e.g. en."},
    )
    speakers = forms.IntegerField(
        label="Voices",
        min_value=1,
        max_value=6,
        required=False,
        widget=forms.NumberInput({"placeholder": "as the source"}),
    )

    def __init__(self, *args: Any, models: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ChoiceField", self.fields["model"]).choices = [(name, name) for name in models]

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        if values.get("model", "").endswith(".en") and values.get("language") not in ("", "en"):
            raise forms.ValidationError("This model knows English only: choose another, or leave the language open.")
        return values

    def asked(self) -> RunSettings:
        values = self.cleaned_data
        return RunSettings(
            values["model"], values["fillers"] == "prompted", values["language"], values["speakers"] or 0
        )
