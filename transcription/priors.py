"""What calls that a person has confirmed teach about the roles in another call of the same source."""

from django.db.models import F, QuerySet

from .models import Recording, VoiceSample
from .speech.roles import LABELS, Priors, Tally
from .speech.types import Voice
from .speech.voices import centre

NEWEST = 50
"""Confirmed calls looked at: a telephone system may be wired anew, and a voice age."""

ENOUGH_VOICES = 2
"""One confirmed call may hold a cold, or a slip of the person who confirmed it."""


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
        voice_calls=len(_samples(recording)),
    )


def agent_voice(recording: Recording) -> Voice | None:
    """The voice of the recording's agent in confirmed calls (not this one), if there are enough of them."""
    samples = _samples(recording)
    return centre(samples) if len(samples) >= ENOUGH_VOICES else None


def valid_samples() -> QuerySet[VoiceSample]:
    """Those that are still what they were learned as: a call that is confirmed, of the same agent."""
    return VoiceSample.objects.filter(agent=F("recording__agent"), recording__roles_confirmed_at__isnull=False)


def _samples(recording: Recording) -> list[Voice]:
    if recording.agent_id is None:
        return []
    others = valid_samples().filter(agent=recording.agent_id).exclude(recording=recording.pk)
    return [tuple(voice) for voice in others.order_by("-learned_at").values_list("voice", flat=True)[:NEWEST]]


def _tally(confirmed: QuerySet[Recording]) -> Tally:
    """Calls whose first speaker is the agent. The first is on the left channel, or in mixed calls speaks first."""
    calls = confirmed.values_list("speakers", flat=True)[:NEWEST]
    agents = [speaker["label"] for speakers in calls for speaker in speakers if speaker["role"] == "agent"]
    return Tally(agents.count(LABELS[0]), len(agents))
