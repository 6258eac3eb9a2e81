"""JSON beside a recording that describes the call: `call.wav.json` or `call.json` for `call.wav`. Pure."""

import json
from collections.abc import Mapping
from datetime import tzinfo
from pathlib import Path
from typing import Any

from .metadata import Metadata, from_text

TRANSCRIPT_KEYS = ("turns", "segments")
"""A JSON file with one of these is a transcript that lies beside its recording, not a description of the call."""


def beside(path: Path) -> tuple[Path, ...]:
    """Where a description of this recording may be, the more particular name first."""
    names = (path.with_name(f"{path.name}.json"), path.with_suffix(".json"))
    return tuple(sidecar for sidecar in names if sidecar != path)


def read(content: bytes, name: str) -> dict[str, Any] | None:
    """The description in the file called `name`, None if it is a transcript. Raises ValueError that names the file."""
    try:
        document = json.loads(content.decode("utf-8-sig"))
        if not isinstance(document, dict):
            raise ValueError("it is not an object with fields")
    except ValueError as error:
        raise ValueError(f"{name} cannot be used: {error}") from error
    return None if any(key in document for key in TRANSCRIPT_KEYS) else document


def metadata(document: Mapping[str, Any], name: str, zone: tzinfo) -> Metadata:
    """What it says. Raises ValueError that names the file and the field."""
    try:
        return from_text({key: str(value) for key, value in document.items() if value is not None}, zone)
    except ValueError as error:
        raise ValueError(f"{name} cannot be used: {error}") from error
