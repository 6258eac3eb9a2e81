from django.apps import AppConfig


class TranscriptionConfig(AppConfig):
    name = "transcription"

    def ready(self) -> None:
        from . import checks  # noqa: F401, PLC0415  registers the system checks
