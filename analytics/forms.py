"""What a page is asked for in its address: the scope of a dashboard, the filters of the calls list."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django import forms
from django.db.models import Max, QuerySet
from django.http import Http404
from django.utils import timezone

from analytics.queries import METRICS, TILES, Scope, visible_calls
from transcription.models import Agent, Recording, Team, User
from transcription.queries import agents_managed_by

DEFAULT_DAYS = 30
PRESETS = ((7, "7 days"), (30, "30 days"), (90, "90 days"), (365, "12 months"))


@dataclass(frozen=True, slots=True)
class Preset:
    label: str
    query: str
    current: bool


@dataclass(frozen=True, slots=True)
class Period:
    """The days of a dashboard, and the ones offered beside them: all up to `newest`, the day of the newest call."""

    start: date
    end: date
    newest: date

    def presets(self, scope: Scope) -> list[Preset]:
        return [self._preset(scope, days, label) for days, label in PRESETS]

    def _preset(self, scope: Scope, days: int, label: str) -> Preset:
        other = Scope(scope.user, self.newest - timedelta(days=days - 1), self.newest, scope.team)
        return Preset(label, other.query, (other.start, other.end) == (self.start, self.end))


def period_of(user: User, params: Mapping[str, str]) -> Period:
    """`from` and `to` (ISO days, both included); by default the 30 days up to the newest call the user may see.

    A date that cannot be read counts as not given; dates in the wrong order are exchanged.
    """
    newest = _newest_day(user)
    end = _day(params.get("to", "")) or newest
    start = _day(params.get("from", "")) or end - timedelta(days=DEFAULT_DAYS - 1)
    return Period(min(start, end), max(start, end), newest)


def scope_of(user: User, period: Period, params: Mapping[str, str], agent: Agent | None = None) -> Scope:
    """The calls a dashboard is about. Raises Http404 for a `team` that the user does not look after."""
    team = None
    if wanted := params.get("team"):
        team = teams_of(user).filter(pk=int(wanted)).first() if wanted.isdecimal() else None
        if team is None:
            raise Http404("No such team")
    return Scope(user, period.start, period.end, team, agent)


def teams_of(user: User) -> QuerySet[Team]:
    """The teams whose calls the user may see together."""
    if user.is_administrator:
        return Team.objects.all()
    return user.teams.all() if user.may_manage_calls else Team.objects.none()


def agents_of(user: User) -> QuerySet[Agent]:
    """The agents whose calls the user may see."""
    return agents_managed_by(user) if user.may_manage_calls else Agent.objects.filter(user=user)


def columns_of(chosen: list[str]) -> list[str]:
    """The metrics of the agents table: those chosen that exist, in catalogue order; the six tiles when none is."""
    return [key for key in METRICS if key in chosen] or list(TILES)


class CallFilterForm(forms.Form):
    """Draws the filters with the values of the address; CallFilters reads them."""

    q = forms.CharField(label="Words said", required=False, widget=forms.TextInput({"type": "search"}))
    by = forms.ChoiceField(
        label="Said by", required=False, choices=[(v, v or "anybody") for v in ("", "agent", "customer", "nobody")]
    )
    agent = forms.ModelChoiceField(Agent.objects.none(), required=False, empty_label="all")
    team = forms.ModelChoiceField(Team.objects.none(), required=False, empty_label="all")
    status = forms.ChoiceField(required=False, choices=[("", "any"), *Recording.Status.choices])
    outcome = forms.ChoiceField(label="Kind of call", required=False, choices=[("", "any"), *Recording.Outcome.choices])
    shift = forms.ChoiceField(
        label="Sentiment shift",
        required=False,
        choices=[(v, v or "any") for v in ("", "improved", "steady", "worsened")],
    )
    sentiment_min = forms.FloatField(
        label="Sentiment from", required=False, widget=forms.NumberInput({"min": -5, "max": 5, "step": 0.5})
    )
    sentiment_max = forms.FloatField(
        label="Sentiment to", required=False, widget=forms.NumberInput({"min": -5, "max": 5, "step": 0.5})
    )
    duration_min = forms.FloatField(label="At least (seconds)", required=False, widget=forms.NumberInput({"min": 0}))
    fillers_min = forms.FloatField(
        label="Fillers per 100 words over", required=False, widget=forms.NumberInput({"min": 0, "step": 0.5})
    )
    language = forms.CharField(required=False, max_length=10, widget=forms.TextInput({"placeholder": "en"}))
    roles = forms.ChoiceField(
        required=False, choices=[("", "any"), ("unconfirmed", "waiting for confirmation")], label="Roles"
    )

    FIRST = ("by", "from", "to", "agent", "team", "status")
    """What is shown beside the search, before "more filters"."""

    def __init__(self, user: User, params: Mapping[str, str]) -> None:
        super().__init__(params)
        for name in ("from", "to"):
            self.fields[name] = forms.DateField(label=name.capitalize(), required=False, widget=_DayInput())
        self.fields["agent"].queryset = agents_of(user)  # type: ignore[attr-defined]
        self.fields["team"].queryset = teams_of(user)  # type: ignore[attr-defined]
        if not user.may_manage_calls:
            del self.fields["agent"], self.fields["team"]

    def first(self) -> list[forms.BoundField]:
        return [self[name] for name in self.FIRST if name in self.fields]

    def more(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name not in ("q", *self.FIRST)]

    def more_used(self) -> int:
        """How many of the folded filters have a value."""
        return sum(bool(field.value()) for field in self.more())


class _DayInput(forms.DateInput):
    input_type = "date"


def _newest_day(user: User) -> date:
    every_day = Scope(user, date.min, date.max)
    newest: date | None = visible_calls(every_day).aggregate(day=Max("day"))["day"]
    return newest or timezone.localdate()


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
