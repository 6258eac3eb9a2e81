"""The filters of the calls list as people see them: a form, and a chip for each that is in use."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_lazy as lazy

from analytics.models import SavedView
from analytics.queries import ANY_NUMBER, METRICS, CallFilters, Place, count_calls
from transcription.models import Agent, Recording, Team, User
from transcription.queries import agents_managed_by

from .forms import agents_of, teams_of

FEELINGS = [
    ("positive", _("happy")),
    ("neutral", _("neither")),
    ("negative", _("unhappy")),
    ("unknown", _("not known")),
]
SHIFTS = [("improved", _("improved")), ("steady", _("steady")), ("worsened", _("worsened"))]
ANYBODY = [("", _("anybody")), ("agent", _("the agent")), ("customer", _("the customer"))]
Words = Any
"""Text, or text to be translated when it is shown."""


def _choice(label: Words, *values: tuple[str, Words]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=[("", _("any")), *values])


def _number(label: Words, **limits: float) -> forms.FloatField:
    return forms.FloatField(label=label, required=False, widget=forms.NumberInput(limits))


def _words(label: Words) -> forms.CharField:
    hint = {"type": "search", "placeholder": _("words, “a phrase”, -not, or")}
    return forms.CharField(label=label, required=False, widget=forms.TextInput(hint))


class _DayInput(forms.DateInput):
    input_type = "date"


class CallFilterForm(forms.Form):
    """Draws the filters with the values of the address; CallFilters reads them."""

    q = _words(_("Said by anybody"))
    agent = forms.ModelChoiceField(Agent.objects.none(), label=_("Agent"), required=False, empty_label=_("all"))
    team = forms.ModelChoiceField(Team.objects.none(), label=_("Team"), required=False, empty_label=_("all"))
    status = _choice(_("Status"), *Recording.Status.choices)
    agent_said = _words(_("Said by the agent"))
    customer_said = _words(_("Said by the customer"))
    not_said = _words(_("Not said"))
    not_by = forms.ChoiceField(label=_("Not said by"), required=False, choices=ANYBODY)
    outcome = _choice(_("Kind of call"), *Recording.Outcome.choices)
    shift = _choice(_("Sentiment shift"), *SHIFTS)
    sentiment_min = _number(_("Sentiment from"), min=-5, max=5, step=0.5)
    sentiment_max = _number(_("Sentiment to"), min=-5, max=5, step=0.5)
    duration_min = _number(_("At least (seconds)"), min=0)
    duration_max = _number(_("At most (seconds)"), min=0)
    fillers_min = _number(_("Fillers per 100 words over"), min=0, step=0.5)
    silence_min = _number(_("Silence from (%)"), min=0, max=100)
    silence_max = _number(_("Silence to (%)"), min=0, max=100)
    counted = _choice(
        _("Counted in"), (ANY_NUMBER, _("any number")), *((key, lazy(m.name)) for key, m in METRICS.items())
    )
    feeling = _choice(_("Customer is"), *FEELINGS)
    filler = forms.CharField(
        label=_("Filler of the agent"), required=False, widget=forms.TextInput({"placeholder": "um"})
    )
    language = forms.CharField(
        label=_("Language"), required=False, max_length=10, widget=forms.TextInput({"placeholder": "en"})
    )
    roles = _choice(_("Roles"), ("unconfirmed", _("waiting for confirmation")), ("certain", _("certain")))

    FIRST = ("from", "to", "agent", "team", "status")
    """What is shown beside the search, before "more filters"."""
    WORDS = ("agent_said", "customer_said", "not_said", "not_by")

    def __init__(self, user: User, params: Mapping[str, str]) -> None:
        super().__init__(params)
        for name, label in (("from", _("From")), ("to", _("To"))):
            self.fields[name] = forms.DateField(label=label, required=False, widget=_DayInput())
        self.fields["agent"].queryset = agents_of(user)  # type: ignore[attr-defined]
        self.fields["team"].queryset = teams_of(user)  # type: ignore[attr-defined]
        if not user.may_review:
            del self.fields["agent"], self.fields["team"]

    def first(self) -> list[forms.BoundField]:
        return [self[name] for name in self.FIRST if name in self.fields]

    def words(self) -> list[forms.BoundField]:
        return [self[name] for name in self.WORDS]

    def more(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name not in ("q", *self.FIRST, *self.WORDS)]

    def more_used(self) -> int:
        """How many of the folded filters have a value."""
        return sum(bool(field.value()) for field in (*self.words(), *self.more()))


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in use, and the query string of the list without it."""

    label: str
    value: str
    query: str


@dataclass(frozen=True, slots=True)
class Loosened:
    """A filter in use, and how many calls there are without it."""

    chip: Chip
    calls: int


def chips(user: User, filters: CallFilters) -> list[Chip]:
    """One for each filter, in the order of CallFilters. A query for the name of the agent, one for the team's."""
    form = CallFilterForm(user, filters.given)
    return [_chip(form, filters, name) for name in filters.active]


def loosened(user: User, filters: CallFilters) -> list[Loosened]:
    """For a list without calls: the filters without which there would be some. A query for each filter, and chips'."""
    counts = [count_calls(user, _loose(filters, name)) for name in filters.active]
    return [Loosened(chip, count) for chip, count in zip(chips(user, filters), counts, strict=True) if count]


def _chip(form: CallFilterForm, filters: CallFilters, name: str) -> Chip:
    without = _loose(filters, name).query
    if name == "calls":
        return Chip(gettext("Chosen calls"), str(len(filters.calls or ())), without)
    label = form.fields[name].label if name in form.fields else {"agent": _("Agent"), "team": _("Team")}.get(name, name)
    if name == "not_said" and filters.not_by:
        label = _("Not said by the agent") if filters.not_by == "agent" else _("Not said by the customer")
    return Chip(str(label), _shown(form.fields.get(name), filters.given[name]), without)


def _shown(field: forms.Field | None, text: str) -> str:
    """A value as the form calls it."""
    if isinstance(field, forms.ModelChoiceField):
        chosen = field.queryset.filter(pk=text).first() if field.queryset is not None else None
        return str(chosen) if chosen else gettext("no. %(number)s") % {"number": text}
    if isinstance(field, forms.ChoiceField):
        return str(dict(field.choices).get(text, text))  # type: ignore[arg-type]
    return text


def _loose(filters: CallFilters, name: str) -> CallFilters:
    return filters.without(name, "not_by") if name == "not_said" else filters.without(name)


class SavedViewForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """Agents share nothing: their calls are theirs."""

    class Meta:
        model = SavedView
        fields = ("name", "shared")

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not user.may_manage_calls:
            del self.fields["shared"]


class AssignForm(forms.Form):
    """To whom the calls go, and how many the person has been told that there are."""

    agent = forms.ModelChoiceField(Agent.objects.none(), empty_label=_("Choose an agent"))
    expected = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agent"].queryset = agents_managed_by(user)  # type: ignore[attr-defined]


def place_of(params: Mapping[str, str]) -> Place:
    """`after` or `before`: the primary key of the call beside which the page lies. Anything else is the beginning."""
    for name, backwards in (("after", False), ("before", True)):
        text = params.get(name, "")
        if text.isdecimal() and int(text) < 2**63:
            return Place(int(text), backwards)
    return Place()
