"""What pages read, and who may read it."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from .models import Agent, Batch, Draft, Recording, Team, User

Status = Recording.Status


def recordings_visible_to(user: User | AnonymousUser) -> QuerySet[Recording]:
    """Those of seen_by."""
    return Recording.objects.filter(seen_by(user))


def seen_by(user: User | AnonymousUser, agent: str = "agent", uploader: str = "batch__created_by") -> Q:
    """Administrators: all. Supervisors: of agents in their teams, and their own uploads as long as those have no agent.

    Reviewers: of agents in their teams. Agents: their own calls. Everybody else: none. `agent` and `uploader`: the way
    to them from what is filtered. A condition rather than a set of calls, which would be read for every question.
    """
    nothing = Q(pk__in=[])
    if not isinstance(user, User):
        return nothing
    if user.is_administrator:
        return Q()
    of_teams = Q(**{f"{agent}__team__in": user.teams.all()})
    if user.role == User.Role.SUPERVISOR:
        return of_teams | Q(**{agent: None, uploader: user})
    if user.role == User.Role.REVIEWER:
        return of_teams
    return Q(**{agent: user.agent_id}) if user.agent_id else nothing


def agents_managed_by(user: User) -> QuerySet[Agent]:
    """Whom `user` may give recordings to."""
    if user.is_administrator:
        return Agent.objects.select_related("team")
    if user.role == User.Role.SUPERVISOR:
        return Agent.objects.select_related("team").filter(team__in=user.teams.all())
    return Agent.objects.none()


def teams_managed_by(user: User) -> QuerySet[Team]:
    """In which teams `user` may put new agents."""
    if user.is_administrator:
        return Team.objects.all()
    return user.teams.all() if user.role == User.Role.SUPERVISOR else Team.objects.none()


def drafts_visible_to(user: User) -> QuerySet[Draft]:
    """Administrators: all. Supervisors: their own."""
    if user.is_administrator:
        return Draft.objects.all()
    return user.drafts.all() if user.role == User.Role.SUPERVISOR else Draft.objects.none()


def batches_visible_to(user: User) -> QuerySet[Batch]:
    """Administrators: all. Supervisors: their own."""
    if user.is_administrator:
        return Batch.objects.all()
    return user.batches.all() if user.role == User.Role.SUPERVISOR else Batch.objects.none()


def with_counts(batches: QuerySet[Batch]) -> QuerySet[Batch]:
    """Batches with the numbers `received`, `unfinished`, `done` and `failed`, newest first.

    They are counted batch by batch, so that a page counts the recordings of its own batches only.
    """
    return (
        batches.select_related("created_by")
        .annotate(
            received=_count(*Status),
            unfinished=_count(Status.WAITING, Status.PROCESSING),
            done=_count(Status.DONE),
            failed=_count(Status.FAILED),
        )
        .order_by("-created_at", "-pk")
    )


def _count(*statuses: Status) -> Coalesce:
    within = Recording.objects.filter(batch=OuterRef("pk"), status__in=statuses).order_by().values("batch")
    return Coalesce(Subquery(within.annotate(count=Count("pk")).values("count")), 0)
