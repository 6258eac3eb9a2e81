"""What people do with a hand-out, from its preparation to the agent's answer."""

from django.db import transaction
from django.db.models import Max

from analytics.models import CoachingMoment, CoachingSession, CoachingStep
from analytics.queries.scope import Scope
from transcription.models import Recording, User

from .evidence import Evidence, evidence
from .picking import Candidate, pick

EACH_SIDE = 3
State = CoachingSession.State


class NotNowError(Exception):
    """Not in the state the hand-out is in (somebody has just shared it), or while there is a draft of the same days."""


def prepare(scope: Scope) -> CoachingSession:
    """The draft about scope.agent in these days: the one there is, else a new one with moments picked."""
    if scope.agent is None:
        raise ValueError("coaching is about one agent")
    with transaction.atomic():
        session, created = CoachingSession.objects.get_or_create(
            agent=scope.agent,
            start=scope.start,
            end=scope.end,
            state=State.DRAFT,
            defaults={"by": scope.user, "picked_from": 0, "left_out": 0},
        )
        if created:
            _fill(session, evidence(scope))
    return session


def replace(moment: CoachingMoment, user: User) -> CoachingMoment | None:
    """The next best of its side in its place; None (and nothing changes) if there is none."""
    session = moment.session
    found = evidence(Scope(user, session.start, session.end, agent=session.agent)).candidates
    seen = set(session.moments.values_list("recording_id", "kind"))
    others = set(session.moments.filter(passed=False).exclude(pk=moment.pk).values_list("recording_id", "kind"))
    fresh = [one for one in found if one.strong == moment.strong and (one.recording, one.kind) not in seen]
    best = pick(fresh, 1, [one for one in found if (one.recording, one.kind) in others])
    if not best:
        return None
    with transaction.atomic():
        drop(moment)
        new = _moment(session, best[0], moment.place)
        new.save()
    return new


def drop(moment: CoachingMoment) -> None:
    """Not shown, and not offered again."""
    moment.passed = True
    moment.save(update_fields=["passed"])


def move(moment: CoachingMoment, *, down: bool) -> None:
    """Past its neighbour, if it has one."""
    beside = list(moment.session.moments.filter(passed=False, strong=moment.strong))
    here = next(number for number, one in enumerate(beside) if one.pk == moment.pk)
    there = here + 1 if down else here - 1
    if 0 <= there < len(beside):
        beside[here], beside[there] = beside[there], beside[here]
    for place, one in enumerate(beside):
        one.place = place
    CoachingMoment.objects.bulk_update(beside, ["place"])


def add(session: CoachingSession, recording: Recording, at_s: float, why: str, *, strong: bool) -> CoachingMoment:
    """A moment that a person found, last of its side. It lasts as long as the turn that is spoken then."""
    at_s = min(max(at_s, 0.0), recording.duration)
    spoken = recording.turns.filter(start__lte=at_s + 0.05).order_by("-start").first()
    until_s = max(spoken.end if spoken else at_s, at_s + 1)
    last = session.moments.filter(strong=strong).aggregate(place=Max("place"))["place"]
    return session.moments.create(
        strong=strong, place=0 if last is None else last + 1, recording=recording, at_s=at_s, until_s=until_s, why=why
    )


def share(session: CoachingSession, by: User) -> None:
    _step(session, State.SHARED, by, {State.DRAFT})


def answer(session: CoachingSession, by: User, comment: str, *, disputed: bool) -> None:
    """The agent's: acknowledge, or dispute with a comment."""
    _step(session, State.DISPUTED if disputed else State.ACKNOWLEDGED, by, {State.SHARED}, comment)


def reopen(session: CoachingSession, by: User) -> None:
    """Change what is shared or disputed; the agent does not see it until it is shared again."""
    drafts = CoachingSession.objects.filter(
        agent=session.agent_id, start=session.start, end=session.end, state=State.DRAFT
    )
    if drafts.exists():
        raise NotNowError
    _step(session, State.DRAFT, by, {State.SHARED, State.DISPUTED})


def _step(session: CoachingSession, state: State, by: User, expected: set[State], comment: str = "") -> None:
    with transaction.atomic():
        held = CoachingSession.objects.select_for_update().get(pk=session.pk)
        if held.state not in expected:
            raise NotNowError
        held.state = state
        held.save(update_fields=["state"])
        CoachingStep.objects.create(session=held, state=state, by=by, comment=comment)


def _fill(session: CoachingSession, found: Evidence) -> None:
    strong = pick((one for one in found.candidates if one.strong), EACH_SIDE)
    weak = pick((one for one in found.candidates if not one.strong), EACH_SIDE, strong)
    CoachingMoment.objects.bulk_create(
        _moment(session, one, place) for side in (strong, weak) for place, one in enumerate(side)
    )
    session.picked_from, session.left_out = found.calls, found.left_out
    session.save(update_fields=["picked_from", "left_out"])


def _moment(session: CoachingSession, found: Candidate, place: int) -> CoachingMoment:
    return CoachingMoment(
        session=session,
        strong=found.strong,
        place=place,
        recording_id=found.recording,
        kind=found.kind,
        at_s=found.at_s,
        until_s=found.until_s,
        why=found.why,
    )
