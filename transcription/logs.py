"""What a log line says beside its text: which recording, run, job and request it is about."""

import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

_FACTS: ContextVar[Mapping[str, object]] = ContextVar("log_facts")


@contextmanager
def about(**facts: object) -> Iterator[None]:
    """Every line logged meanwhile, by whatever module or library, carries these facts, too."""
    before = _FACTS.set({**_FACTS.get({}), **facts})
    try:
        yield
    finally:
        _FACTS.reset(before)


class Plain(logging.Formatter):
    """For people: the facts in brackets behind the text."""

    def __init__(self) -> None:
        super().__init__("{asctime} {levelname} {name}: {message}", style="{")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  logging's name
        facts = " ".join(f"{name}={value}" for name, value in _FACTS.get({}).items())
        return super().formatMessage(record) + (f" [{facts}]" if facts else "")


class Json(logging.Formatter):
    """For machines: one object a line, the facts as keys of it."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps({**_FACTS.get({}), **line}, ensure_ascii=False, default=str)
