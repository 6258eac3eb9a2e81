"""What calls that a person has confirmed teach about the roles in another call of the same source."""

from django.db.models import QuerySet

from .models import Recording
from .speech.roles import LABELS, Priors, Tally

NEWEST = 50
"""Confirmed calls looked at: a telephone system may be wired anew."""


def priors_of(recording: Recording) -> Priors:
    """The priors of a call. Confirmed calls of the recording itself (processed again) do not count."""
    confirmed = (
        Recording.objects.filter(source=recording.source_id, roles_confirmed_at__isnull=False, outcome="two_sided")
        .exclude(pk=recording.pk)
        .order_by("-roles_confirmed_at")
    )
    mixed = confirmed.exclude(layout="stereo")
    if recording.direction:
        mixed = mixed.filter(direction=recording.direction)
    return Priors(
        direction=recording.direction,
        agent_left=_tally(confirmed.filter(layout="stereo")),
        agent_first=_tally(mixed),
    )


def _tally(confirmed: QuerySet[Recording]) -> Tally:
    """Calls whose first speaker is the agent. The first is on the left channel, or in mixed calls speaks first."""
    calls = confirmed.values_list("speakers", flat=True)[:NEWEST]
    agents = [speaker["label"] for speakers in calls for speaker in speakers if speaker["role"] == "agent"]
    return Tally(agents.count(LABELS[0]), len(agents))
