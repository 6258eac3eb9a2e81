"""Agents who are not on the roster yet."""

from .models import Agent, Team


class TakenError(Exception):
    """Somebody of this name is on the roster, where the person asking does not look."""


def enlist(name: str, team: Team | None, team_named: str = "") -> Agent:
    """A new agent in `team`, else in the team named with the call, which may be new. Raises TakenError."""
    if Agent.objects.filter(name__iexact=name).exists():
        raise TakenError(
            f"There is an agent called {name} in another team. An administrator can say whose calls these are."
        )
    if team is None and team_named:
        team, _ = Team.objects.get_or_create(name=team_named)
    return Agent.objects.create(name=name, team=team)
