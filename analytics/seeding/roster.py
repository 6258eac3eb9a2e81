"""Teams, agents and topics of made calls. Their names say that they are made."""

from dataclasses import dataclass
from random import Random
from typing import Final

from analytics.models import Topic
from transcription.models import Agent, Team

from .dialogues import LABELS
from .plan import Plan
from .templates import Meanings
from .wording import SENTENCES

MADE: Final = " (seeded)"
"""How the name of every team made here ends."""
_TEAMS: Final = ("Billing", "Support", "Sales", "Claims", "Retention", "Technical", "Orders", "Complaints")


@dataclass(frozen=True, slots=True)
class Person:
    """An agent with the style of their calls, 0 (calm) – 1 (hectic), and how many calls, beside the others."""

    agent: int
    name: str
    team: int
    queue: str
    style: float
    share: float


def people(plan: Plan, random: Random) -> list[Person]:
    """The agents of the plan; those that exist are used again."""
    names = [name if number < len(_TEAMS) else f"{name} {number // len(_TEAMS) + 1}" for number, name in _names(plan)]
    teams = [Team.objects.get_or_create(name=name + MADE)[0] for name in names]
    found = []
    for number in range(plan.agents):
        team = teams[number % len(teams)]
        agent, _ = Agent.objects.get_or_create(name=f"{_person(number)}{MADE}", defaults={"team": team})
        queue = team.name.removesuffix(MADE).lower()
        found.append(Person(agent.pk, agent.name, team.pk, queue, random.random(), random.uniform(0.5, 1.5)))
    return found


def topics() -> list[int]:
    """Keys of a topic for each of LABELS; those that exist are used again."""
    known = dict(Topic.objects.filter(label__in=LABELS).values_list("label", "pk"))
    centres = Meanings.of(0).centres
    for label, centre in zip(LABELS, centres, strict=True):
        if label not in known:
            known[label] = Topic.objects.create(label=label, centre=centre).pk
    return [known[label] for label in LABELS]


def _names(plan: Plan) -> list[tuple[int, str]]:
    return [(number, _TEAMS[number % len(_TEAMS)]) for number in range(plan.teams)]


def _person(number: int) -> str:
    first, beginning, ending = (SENTENCES["words"][kind] for kind in ("first", "beginning", "ending"))
    surname = beginning[number % len(beginning)] + ending[(number // len(first)) % len(ending)]
    return f"{first[number % len(first)]} {surname}"
