"""Forms of the review pages: the builder, the answers, the sample, other weights."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_lazy as lazy

from analytics.models import Review, Scorecard, ScorecardQuestion
from analytics.queries import METRICS
from analytics.scoring import Suggestion

NOT_APPLICABLE = "na"
CHOICES: dict[str, list[Any]] = {
    "yes_no": [("1", _("yes")), ("0", _("no"))],
    "scale": [(str(number), str(number)) for number in range(1, 6)],
}
MOST_SEED = 2_147_483_647


class NameForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    class Meta:
        model = Scorecard
        fields = ("name",)


class QuestionForm(forms.ModelForm):  # type: ignore[type-arg]
    """One row of the builder. A row without text is no question."""

    metric = forms.ChoiceField(
        required=False, choices=[("", _("no number")), *((key, lazy(metric.name)) for key, metric in METRICS.items())]
    )

    class Meta:
        model = ScorecardQuestion
        fields = ("section", "text", "kind", "weight", "critical", "metric", "side", "threshold")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("metric") and (cleaned.get("kind") != "yes_no" or cleaned.get("threshold") is None):
            self.add_error("metric", _("A number suggests yes or no, by a limit."))
        if cleaned.get("critical") and cleaned.get("kind") == "text":
            self.add_error("critical", _("A text cannot be failed."))
        return cleaned


QuestionRows = forms.formset_factory(QuestionForm, extra=0, can_order=True, min_num=1, validate_min=True)


def rows_of(card: Scorecard, data: Mapping[str, Any] | None) -> Any:
    """The builder's rows: what was sent, or those of a form, at least one."""
    if data is not None:
        return QuestionRows(data)
    return QuestionRows(initial=list(card.questions.values(*QuestionForm.Meta.fields)) if card.pk else [])


def reshaped(data: Mapping[str, Any]) -> Any:
    """The rows that were sent, in the order of their numbers: one less if `without` names it, one more for `more`."""
    sent = [(number, f"form-{number}-") for number in range(QuestionRows(data).total_form_count())]
    kept = [name for number, name in sent if str(number) != data.get("without")]
    kept.sort(key=lambda name: int(place) if (place := data.get(f"{name}ORDER", "")).isdecimal() else len(sent))
    rows = [{field: data.get(name + field, "") for field in QuestionForm.Meta.fields} for name in kept]
    return QuestionRows(initial=[*rows, {}] if "more" in data else rows)


def questions_of(rows: Any) -> list[dict[str, Any]]:
    """What valid rows say, in the order of their numbers."""
    kept = [row.cleaned_data for row in rows if row.cleaned_data.get("text")]
    kept.sort(key=lambda values: (values["ORDER"] is None, values["ORDER"] or 0))
    return [{name: values[name] for name in QuestionForm.Meta.fields} for values in kept]


class ReviewForm(forms.Form):
    """The answers to a form's questions. All that count must be answered to submit, but not to save a draft."""

    def __init__(
        self,
        questions: list[ScorecardQuestion],
        suggestions: Mapping[int, Suggestion],
        review: Review,
        data: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(data)
        self.questions = questions
        submit = data is not None and "submit" in data
        given = {answer.question_id: answer for answer in review.answers.all()} if review.pk else {}
        for question in questions:
            suggested = suggestions.get(question.pk)
            initial = _initial(given[question.pk]) if question.pk in given else suggested and suggested.value
            self.fields[_name(question)] = _field(question, initial, required=submit)
        self.fields["comment"] = forms.CharField(
            required=False, max_length=4000, initial=review.comment, widget=forms.Textarea({"rows": 3})
        )

    def sections(self) -> list[tuple[str, list[tuple[ScorecardQuestion, forms.BoundField]]]]:
        """The form's sections in their order, each with its questions and fields."""
        found: dict[str, list[tuple[ScorecardQuestion, forms.BoundField]]] = {}
        for question in self.questions:
            found.setdefault(question.section, []).append((question, self[_name(question)]))
        return list(found.items())

    def answers(self) -> dict[int, int | str | None]:
        """Question -> number, text, or None where it does not apply; those left open are missing."""
        found: dict[int, int | str | None] = {}
        for question in self.questions:
            value = self.cleaned_data[_name(question)]
            if value:
                found[question.pk] = value if question.kind == "text" else _number(value)
        return found


class SampleForm(forms.Form):
    """What to draw. The same seed draws the same calls again."""

    scorecard = forms.ModelChoiceField(Scorecard.objects.none(), empty_label=None)
    per_agent = forms.IntegerField(label=_("Calls per agent"), min_value=1, max_value=50, initial=5)
    seed = forms.IntegerField(min_value=0, max_value=MOST_SEED)

    def __init__(self, cards: QuerySet[Scorecard], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scorecard"].queryset = cards  # type: ignore[attr-defined]


class WeightsForm(forms.Form):
    """Another weight for each question that counts."""

    def __init__(self, questions: list[ScorecardQuestion], data: Mapping[str, str] | None = None) -> None:
        super().__init__(data)
        self.questions = [question for question in questions if question.kind != "text"]
        for question in self.questions:
            self.fields[_name(question)] = forms.FloatField(
                label=question.text, min_value=0, max_value=1000, initial=question.weight
            )

    def weights(self) -> dict[int, float]:
        """Question -> weight."""
        return {question.pk: self.cleaned_data[_name(question)] for question in self.questions}

    def rows(self) -> list[tuple[ScorecardQuestion, forms.BoundField]]:
        return [(question, self[_name(question)]) for question in self.questions]


def _field(question: ScorecardQuestion, initial: object, *, required: bool) -> forms.Field:
    if question.kind == "text":
        return forms.CharField(required=False, max_length=2000, initial=initial, widget=forms.Textarea({"rows": 2}))
    choices = [*CHOICES[question.kind], (NOT_APPLICABLE, _("does not apply"))]
    return forms.ChoiceField(choices=choices, required=required, initial=initial, widget=forms.RadioSelect)


def _initial(answer: Any) -> object:
    if answer.question.kind == "text":
        return answer.text
    return NOT_APPLICABLE if answer.value is None else answer.value


def _number(value: str) -> int | None:
    return None if value == NOT_APPLICABLE else int(value)


def _name(question: ScorecardQuestion) -> str:
    return f"question-{question.pk}"
