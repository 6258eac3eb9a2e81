"""Calls given to another agent by a person: facts, numbers and sums follow in one transaction."""

from django.db import transaction
from django.db.models import F, Func, JSONField, Value

from transcription.models import Agent, Recording, User
from transcription.tasks import learn_voice

from . import rollups
from .models import CallMetrics, FillerUse
from .queries import CallFilters, filter_calls


def assign(user: User, filters: CallFilters, agent: Agent, *, expected: int) -> list[Recording] | None:
    """Give every call that `user` may see and that passes to `agent`; returns them.

    None, and nothing done, if there are no longer `expected` of them: somebody agreed to that number. Calls whose roles
    are confirmed teach the voice of their new agent.
    """
    with transaction.atomic():
        calls = filter_calls(user, filters).select_related(None).only("pk", "original_name").order_by("pk")
        held = list(calls.select_for_update(of=("self",)))
        keys = [recording.pk for recording in held]
        if len(keys) != expected:
            return None
        chosen = CallMetrics.objects.filter(recording__in=keys)
        days = {(number, day) for number, day in chosen.values_list("agent", "day").distinct() if day}
        chosen.update(agent=agent, team=agent.team)  # first, so that the recordings need not be measured again
        Recording.objects.filter(pk__in=keys).update(agent=agent, origins=_BY_A_PERSON)
        FillerUse.objects.filter(recording__in=keys).update(agent=agent)
        rollups.recompute(days | {(agent.pk, day) for _, day in days})
        for confirmed in Recording.objects.filter(pk__in=keys).exclude(roles_confirmed_at=None):
            learn_voice.defer(recording_id=confirmed.pk)
        return held


_BY_A_PERSON = Func(
    F("origins"), Value({"agent": "person"}, JSONField()), template="(%(expressions)s)", arg_joiner=" || "
)
