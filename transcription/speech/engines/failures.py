"""What libraries raise, in words that a person can act on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from transcription.speech.ports import SpeechError


@contextmanager
def engine_errors(doing: str) -> Iterator[None]:
    """Library errors become SpeechError: a wrong value and a wrong or missing file fail again, the rest may recover."""
    try:
        yield
    except (OSError, ValueError, KeyError) as error:
        raise SpeechError(f"Failed while {doing}: {error}", permanent=True) from error
    except (RuntimeError, MemoryError) as error:  # CTranslate2 and torch raise RuntimeError for lack of memory too
        raise SpeechError(f"Failed while {doing}: {error or 'out of memory'}", permanent=False) from error
