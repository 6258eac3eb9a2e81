from dataclasses import fields
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from analytics import measure, rollups, tasks
from analytics.models import AgentDay, CallMetrics, Event, FillerUse, Question, Topic
from analytics.topics import collect
from transcription.models import Agent, Batch, Recording, Run, Source, Team, Turn
from transcription.transcripts import transcript_of

from .conftest import make_agent, make_recording
from .measured import make_call, make_question, make_topic, say

pytestmark = pytest.mark.django_db


def seed(**options: Any) -> None:
    call_command("seed", until=date(2026, 3, 2), stdout=StringIO(), **({"calls": 300, "agents": 9} | options))


def facts(recording: Recording) -> tuple[list[Any], list[Any]]:
    events = recording.events.values_list("type", "by", "start_s", "end_s", "detail")
    return list(events), list(recording.filler_uses.values_list("term", "tier", "role", "at_s", "end_s", "context"))


def test_measuring_made_calls_again_gives_what_is_stored() -> None:
    seed()
    for stored in CallMetrics.objects.select_related("recording")[:60]:
        measured = measure.numbers(transcript_of(stored.recording))
        names = [field.name for field in fields(measured) if field.name not in ("events", "filler_uses")]
        assert {name: getattr(stored, name) for name in names} == {name: getattr(measured, name) for name in names}
        before = facts(stored.recording)
        measure.measure(stored.pk)
        assert facts(stored.recording) == before


def test_workers_find_nothing_left_to_do() -> None:
    seed()
    assert rollups.disagreeing() == []
    assert not measure.outdated().exists()
    assert not collect.outdated().exists()
    assert AgentDay.objects.exists()


def test_what_is_made() -> None:
    seed(teams=2)
    assert Recording.objects.count() == Run.objects.count() == 300
    assert set(Recording.objects.values_list("source__name", "audio")) == {("Seeded calls", "")}
    assert Agent.objects.count() == 9
    assert Team.objects.count() == 2
    assert {run.recording_id for run in Run.objects.all()} == set(Recording.objects.values_list("pk", flat=True))
    days = set(CallMetrics.objects.values_list("day", flat=True))
    assert (min(days), max(days)) == (date(2025, 3, 3), date(2026, 3, 2))
    assert not any(day.weekday() > 4 for day in days)
    calls = CallMetrics.objects.filter(outcome="two_sided")
    assert calls.filter(agent_talk_share__gt=0, agent_talk_share__lt=1, silence_share__lt=1).count() == calls.count()
    assert Turn.objects.filter(text__contains="Qx").count() == Turn.objects.filter(words__icontains="Qx").count() == 0
    assert FillerUse.objects.exclude(context__contains="Qx").count() == FillerUse.objects.count() > 0
    assert Question.objects.exclude(text__contains="Qx").filter(topic__isnull=False).exists()
    assert Event.objects.filter(type="silence").exists()


def plain_indexes() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'")
        return {definition for (definition,) in cursor.fetchall()}


@pytest.mark.parametrize("first", [True, False], ids=["into an empty site", "beside real calls"])
def test_indexes_are_there_again(first: bool) -> None:
    if not first:
        make_recording()
    before = plain_indexes()
    seed(calls=20, beside_real_calls=True)
    assert plain_indexes() == before


def test_the_same_seed_gives_the_same_calls() -> None:
    told = ("started_at", "duration", "agent__name")
    seed(seed=7, calls=120)
    first, said = list(Recording.objects.order_by("pk").values_list(*told)), Turn.objects.count()
    seed(seed=7, calls=120, clear=True)
    assert list(Recording.objects.order_by("pk").values_list(*told)) == first
    assert Turn.objects.count() == said
    seed(seed=8, calls=120, clear=True)
    assert list(Recording.objects.order_by("pk").values_list(*told)) != first


def test_real_recordings_are_not_mixed_with_made_ones_unless_asked_for() -> None:
    make_recording()
    with pytest.raises(CommandError, match="real recordings"):
        seed()
    seed(calls=10, beside_real_calls=True)
    assert Recording.objects.count() == 11


def test_clearing_deletes_what_was_made_and_nothing_else() -> None:
    call = make_call(make_agent(), wpm_agent=150.0)
    say(call.recording, "agent", "Good morning")
    make_question(call.recording, "Where is it?", make_topic("Where is it?"))
    untouched = (Recording, Turn, CallMetrics, AgentDay, Question, Topic, Agent, Team, Batch, Source)
    before = {model: set(model._default_manager.values_list("pk", flat=True)) for model in untouched}
    seed(calls=50, beside_real_calls=True)
    call_command("seed", clear=True, stdout=StringIO())
    assert {model: set(model._default_manager.values_list("pk", flat=True)) for model in untouched} == before
    assert not Event.objects.exists()
    assert not Run.objects.exists()
    assert rollups.stale(1) == rollups.disagreeing() == []


def test_a_made_agent_who_got_a_real_call_stays() -> None:
    seed(calls=50)
    agent = Agent.objects.first()
    make_recording(agent=agent)
    call_command("seed", clear=True, stdout=StringIO())
    assert Agent.objects.get() == agent


@pytest.mark.parametrize("options", [{"calls": 0}, {"calls": 5, "agents": 0}, {"calls": 5, "days": 0}])
def test_nonsense_is_refused(options: dict[str, int]) -> None:
    with pytest.raises(CommandError):
        seed(**options)


def test_the_sweep_measures_no_made_call(clean_jobs: None) -> None:
    from procrastinate.contrib.django.models import ProcrastinateJob

    seed(calls=40)
    tasks.repair_measurements(0)
    assert not ProcrastinateJob.objects.exists()
