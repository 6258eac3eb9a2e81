"""What a dashboard is asked for in its address: its days, and whose calls."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from analytics.models import Comment, Topic
from analytics.queries import METRICS, TILES, Scope, visible_calls
from transcription.days import today
from transcription.models import Agent, Team, User
from transcription.queries import agents_managed_by

DEFAULT_DAYS = 30
PRESETS = ((7, _("7 days")), (30, _("30 days")), (90, _("90 days")), (365, _("12 months")))


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
        return [self._preset(scope, days, str(label)) for days, label in PRESETS]

    def _preset(self, scope: Scope, days: int, label: str) -> Preset:
        other = Scope(scope.user, self.newest - timedelta(days=days - 1), self.newest, scope.team, scope.agent)
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
    return user.teams.all() if user.may_review else Team.objects.none()


def agents_of(user: User) -> QuerySet[Agent]:
    """The agents whose calls the user may see."""
    if user.may_manage_calls:
        return agents_managed_by(user)
    return Agent.objects.filter(team__in=user.teams.all()) if user.may_review else Agent.objects.filter(user=user)


def columns_of(chosen: list[str]) -> list[str]:
    """The metrics of the agents table: those chosen that exist, in catalogue order; the six tiles when none is."""
    return [key for key in METRICS if key in chosen] or list(TILES)


class TopicForm(forms.Form):
    """What a manager may decide about a topic; `topics` are those it may be merged into."""

    label = forms.CharField(max_length=200, required=False)
    into = forms.ModelChoiceField(Topic.objects.none(), required=False, empty_label=_("choose a topic"))

    def __init__(self, *args: Any, topics: QuerySet[Topic], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"].queryset = topics.filter(merged_into=None)  # type: ignore[attr-defined]


def _newest_day(user: User) -> date:
    every_day = Scope(user, date.min, date.max)
    days = visible_calls(every_day).order_by("-day").values_list("day", flat=True)
    return days.first() or today()


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


class CommentForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """`at_s`: seconds, within the call."""

    class Meta:
        model = Comment
        fields = ("at_s", "text")

    def clean_at_s(self) -> float:
        return min(max(0.0, float(self.cleaned_data["at_s"])), float(self.instance.recording.duration))
