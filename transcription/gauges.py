"""What Prometheus reads: all from the database, so that any of many web processes gives the same answer."""

from collections.abc import Callable, Iterable, Iterator

from django.db.models import Count
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from . import jobs, speed
from .models import Recording

Status = Recording.Status


def exposition() -> bytes:
    """All gauges in Prometheus' text format, in the six queries that `_Site` makes."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Site())
    return generate_latest(registry)


class _Site(Collector):
    """Nothing is said about what was never measured, rather than 0."""

    def describe(self) -> Iterable[Metric]:
        return ()  # registering asks for names, and must not ask the database

    def collect(self) -> Iterator[Metric]:
        yield from _queues(jobs.queues())
        yield _gauge("workers", "Workers that can take a call", [((), jobs.workers())])
        yield from _recordings()
        yield _gauge("backlog_audio_seconds", "Audio that waits or is at work", [((), speed.backlog())])
        yield _gauge(
            "stage_real_time_factor",
            f"Seconds of work per second of audio over the last {speed.LATELY} calls; they add up to a worker's factor",
            [((stage,), factor) for stage, factor in speed.stages().items()],
            "stage",
        )


def _queues(found: list[jobs.Queue]) -> Iterator[Metric]:
    counted: dict[str, Callable[[jobs.Queue], int]] = {
        "waiting": lambda queue: queue.waiting,
        "running": lambda queue: queue.running,
        "failed": lambda queue: queue.failed,
    }
    states = [((queue.name, state), count(queue)) for queue in found for state, count in counted.items()]
    yield _gauge("jobs", "Jobs that are not done", states, "queue", "state")
    ages = [((queue.name,), queue.age.total_seconds()) for queue in found if queue.age is not None]
    yield _gauge("oldest_waiting_job_seconds", "Since when a job that may run waits", ages, "queue")


def _recordings() -> Iterator[Metric]:
    by_status = dict(Recording.objects.order_by().values_list("status").annotate(Count("pk")))
    yield _gauge(
        "recordings", "Calls by status", [((status,), by_status.get(status, 0)) for status in Status.values], "status"
    )
    failed = Recording.objects.filter(status=Status.FAILED).order_by("stage").values_list("stage").annotate(Count("pk"))
    yield _gauge(
        "recordings_failed",
        "Calls without a transcript, by the stage that failed",
        [((stage or "before the first",), count) for stage, count in failed],
        "stage",
    )


def _gauge(name: str, meaning: str, values: Iterable[tuple[tuple[str, ...], float]], *labels: str) -> Metric:
    family = GaugeMetricFamily(f"verbatim_{name}", meaning, labels=labels)
    for where, value in values:
        family.add_metric(where, value)
    return family
