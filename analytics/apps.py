from typing import Any

from django.apps import AppConfig

from transcription.signals import recording_transcribed, words_removed


class AnalyticsConfig(AppConfig):
    name = "analytics"

    def ready(self) -> None:
        recording_transcribed.connect(_measure, dispatch_uid="analytics.measure")
        recording_transcribed.connect(_collect_questions, dispatch_uid="analytics.collect_questions")
        words_removed.connect(_forget, dispatch_uid="analytics.forget")


def _measure(recording_id: int, **_: Any) -> None:
    """At once, so that the page after a swap shows the new numbers; tasks.repair_measurements repairs a failure."""
    from .measure import measure  # noqa: PLC0415  needs the models to be loaded

    measure(recording_id)


def _collect_questions(recording_id: int, **_: Any) -> None:
    """Later and by a worker: meanings take a model."""
    from .tasks import enqueue_questions  # noqa: PLC0415  needs the models to be loaded

    enqueue_questions(recording_id)


def _forget(recording_id: int, *, erased: bool, **_: Any) -> None:
    """In the same transaction."""
    from .forgetting import forget  # noqa: PLC0415  needs the models to be loaded

    forget(recording_id, erased=erased)
