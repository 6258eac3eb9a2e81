from typing import Any

from django.apps import AppConfig

from transcription.signals import recording_transcribed


class AnalyticsConfig(AppConfig):
    name = "analytics"

    def ready(self) -> None:
        recording_transcribed.connect(_measure_later, dispatch_uid="analytics.measure")


def _measure_later(recording_id: int, **_: Any) -> None:
    from .tasks import enqueue  # noqa: PLC0415  needs the models to be loaded

    enqueue(recording_id)
