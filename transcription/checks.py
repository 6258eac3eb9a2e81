"""Names models that are missing, and the command that fetches them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core import checks

from .speech import store


@checks.register()
def models_are_present(**_kwargs: Any) -> list[checks.CheckMessage]:
    """W001 when a default model has a file missing. Looks for files only; `fetch_models` verifies their content."""
    names = store.missing(settings.MODELS_DIR)
    if not names:
        return []
    return [
        checks.Warning(
            f"Speech models are missing in {settings.MODELS_DIR}: {', '.join(names)}.",
            hint="Run: python manage.py fetch_models",
            id="transcription.W001",
        )
    ]
