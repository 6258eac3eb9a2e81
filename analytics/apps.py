from typing import Any

from django.apps import AppConfig
from django.db import transaction

from transcription.signals import recording_transcribed


class AnalyticsConfig(AppConfig):
    name = "analytics"

    def ready(self) -> None:
        recording_transcribed.connect(_measure_later, dispatch_uid="analytics.measure")


def _measure_later(recording_id: int, **_: Any) -> None:
    """A job's `defer` uses a connection of its own: before the commit it could run ahead of the transcript."""
    from .tasks import enqueue  # noqa: PLC0415  needs the models to be loaded

    transaction.on_commit(lambda: enqueue(recording_id))
