"""Rows of made calls into the database, batch by batch: memory does not grow, and what is committed is whole."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from time import monotonic

from django.db import connection, transaction
from django.utils import timezone

from analytics import rollups
from transcription.models import Batch, Recording, Run, Source

from .copying import copy
from .indexes import built_afterwards
from .plan import SOURCE, Plan
from .roster import Person, people, topics
from .templates import MODELS, PART, templates
from .wording import substitutes

BATCH = 1000
"""Calls of a batch of the site, committed together."""
_SPREAD = 0.15
"""How far a call's style is from its agent's."""

Report = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class _Cast:
    plan: Plan
    source: int
    people: Sequence[Person]
    shares: Sequence[float]
    days: Sequence[date]
    templates: Sequence[str]


def seed(plan: Plan, report: Report = lambda _message: None) -> None:
    """Make the calls of the plan, then the agents' days, then the database's statistics. On a site without calls the
    indexes are built in the end."""
    random, begun = Random(plan.seed), monotonic()  # noqa: S311  the same calls each time are wanted
    persons = people(plan, random)
    source, _ = Source.objects.get_or_create(name=SOURCE)
    made = templates(plan, topics(), random, report)
    cast = _Cast(plan, source.pk, persons, [each.share for each in persons], plan.working_days(), made)
    with nullcontext() if Recording.objects.exists() else built_afterwards(MODELS):
        for first in range(0, plan.calls, BATCH):
            numbers = range(first, min(first + BATCH, plan.calls))
            with transaction.atomic():
                _trust_references()
                _write(cast, numbers, random)
            report(_pace(numbers.stop, plan.calls, monotonic() - begun))
        report("building indexes")
    report("adding up the agents' days")
    rollups.rebuild(each.agent for each in persons)
    _analyze()
    report(f"{plan.calls:,} calls in {monotonic() - begun:,.0f} s")


def _pace(done: int, of: int, seconds: float) -> str:
    left = seconds / done * (of - done)
    return f"{done:,} of {of:,} calls, {done / seconds:,.0f} a second, {left:,.0f} s left"


def _trust_references() -> None:
    """Every reference is to a row of the same transaction. Checking each costs a third of the time; the database is
    told not to where it lets us."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_parameter_privilege('session_replication_role', 'SET')")
        if cursor.fetchone() == (True,):
            cursor.execute("SET LOCAL session_replication_role = replica")


def _write(cast: _Cast, numbers: range, random: Random) -> None:
    batch = Batch.objects.create()
    parts: list[list[str]] = [[] for _ in MODELS]
    keys, runs = _keys(Recording, len(numbers)), _keys(Run, len(numbers))
    received = None
    for number, key, run in zip(numbers, keys, runs, strict=True):
        call = {"Qxkey": str(key), "Qxrun": str(run), "Qxbatch": str(batch.pk), "Qxsource": str(cast.source)}
        words = substitutes(key, random) | call | _circumstances(cast, number, key, random)
        received = words["Qxreceived"]
        for part, text in zip(parts, _filled(_chosen(cast, words, random), words).split(PART), strict=True):
            part.append(text)
    Batch.objects.filter(pk=batch.pk).update(created_at=received)
    for model, lines in zip(MODELS, parts, strict=True):
        copy(model, lines, with_key=model in (Recording, Run))


def _chosen(cast: _Cast, words: dict[str, str], random: Random) -> str:
    """A dialogue in the style of the agent, more or less."""
    place = random.gauss(float(words["Qxstyle"]), _SPREAD) * len(cast.templates)
    return cast.templates[int(min(max(place, 0), len(cast.templates) - 1))]


def _filled(template: str, words: dict[str, str]) -> str:
    for placeholder, word in words.items():
        template = template.replace(placeholder, word)
    return template


def _circumstances(cast: _Cast, number: int, key: int, random: Random) -> dict[str, str]:
    """Who had the call, and when."""
    person = random.choices(cast.people, cast.shares)[0]
    started = cast.plan.start_of(number, cast.days, random)
    received = started + timedelta(hours=12)
    return {
        "Qxagent": str(person.agent),
        "Qxteam": str(person.team),
        "Qxqueue": person.queue,
        "Qxstyle": str(person.style),
        "Qxstarted": started.isoformat(),
        "Qxday": timezone.localdate(started).isoformat(),
        "Qxreceived": received.isoformat(),
        "Qxfinished": (received + timedelta(minutes=5)).isoformat(),
        "Qxmeasured": (received + timedelta(minutes=6)).isoformat(),
        "Qxfile": f"{person.queue}_{started:%Y-%m-%d_%H-%M-%S}_{key}.wav",
        "Qxhash": f"5eed{key:060x}",
    }


def _keys(model: type[Recording | Run], count: int) -> Iterator[int]:
    """So many new primary keys."""
    table = model._meta.db_table  # noqa: SLF001  Django's own name
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count])
        return iter([key for (key,) in cursor.fetchall()])


def _analyze() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
