"""How the grouping of questions stands."""

from dataclasses import dataclass

from procrastinate.contrib.django.models import ProcrastinateJob

from analytics.models import Grouping


@dataclass(frozen=True, slots=True)
class Progress:
    """`waiting`: for a worker; `stage`: of the run at work, else empty. `last`: the newest that was completed.

    `error`: of the newest run, if it failed.
    """

    waiting: bool
    stage: str
    last: Grouping | None
    error: str

    @property
    def running(self) -> bool:
        return self.waiting or bool(self.stage)


def progress(task: str) -> Progress:
    """`task`: name of the job that groups. Three queries."""
    states = set(
        ProcrastinateJob.objects.filter(task_name=task, status__in=["todo", "doing"]).values_list("status", flat=True)
    )
    newest = Grouping.objects.first()
    stage = (newest.stage if newest and not newest.error else "") or "starting"
    return Progress(
        waiting="todo" in states,
        stage=stage if "doing" in states else "",
        last=Grouping.objects.exclude(finished_at=None).first(),
        error=newest.error if newest else "",
    )
