"""Hand-outs and the moments in them."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import QuerySet

from analytics.models import CoachingMoment, CoachingSession
from transcription.models import Recording, Turn, User
from transcription.queries import agents_managed_by, recordings_visible_to


@dataclass(frozen=True, slots=True)
class MomentShown:
    """A moment with up to three turns: the one spoken then, before and after it. Without `recording` where the user may
    not see the call (any more)."""

    moment: CoachingMoment
    recording: Recording | None
    turns: list[Turn]


def coaching_visible_to(user: User) -> QuerySet[CoachingSession]:
    """Managers: of the agents they look after. Agents: their own, once shared."""
    sessions = CoachingSession.objects.select_related("agent__team", "by")
    if user.may_manage_calls:
        return sessions.filter(agent__in=agents_managed_by(user))
    return sessions.filter(agent=user.agent_id).exclude(state="draft") if user.agent_id else sessions.none()


def moments_of(session: CoachingSession, user: User) -> list[MomentShown]:
    """Three queries, however many moments."""
    moments = list(session.moments.filter(passed=False))
    calls = recordings_visible_to(user).filter(agent=session.agent, pk__in=[one.recording_id for one in moments])
    seen = calls.defer("peaks", "activity").in_bulk()
    turns: dict[int, list[Turn]] = defaultdict(list)
    for turn in Turn.objects.filter(recording__in=seen).defer("words").order_by("recording_id", "index"):
        turns[turn.recording_id].append(turn)
    return [MomentShown(one, seen.get(one.recording_id), around(turns[one.recording_id], one.at_s)) for one in moments]


def around(turns: list[Turn], at_s: float) -> list[Turn]:
    """The turn that is spoken at a time (or was last), with one before and one after."""
    here = max((number for number, turn in enumerate(turns) if turn.start <= at_s + 0.05), default=0)
    return turns[max(here - 1, 0) : here + 2]
