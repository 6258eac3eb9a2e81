"""What is known about a call before anybody listens to it. Pure: the site's zone is an argument.

Every source (manifest row, sidecar, file name, folder, form) yields a Metadata; `combine` keeps the best value of each
field and remembers whose it was.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime, tzinfo
from typing import Any

MAX_LENGTHS = {"agent": 100, "team": 100, "external_id": 200, "customer_ref": 200, "queue": 100}
CHANNEL_MAPS = ("auto", "agent_left", "agent_right", "mono")
DIRECTIONS = {
    "in": "inbound",
    "inbound": "inbound",
    "incoming": "inbound",
    "out": "outbound",
    "outbound": "outbound",
    "outgoing": "outbound",
    "internal": "internal",
}
TIME = re.compile(
    r"(\d{4})[-/.]?(\d\d)[-/.]?(\d\d)[T _-]?(\d\d)[-:.]?(\d\d)(?:[-:.]?(\d\d)(?:[.,]\d+)?)?\s*(Z|[+-]\d\d:?\d\d)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Metadata:
    """None means not known. `started_at` is aware, in UTC."""

    agent: str | None = None
    team: str | None = None
    started_at: datetime | None = None
    customer_ref: str | None = None
    direction: str | None = None
    queue: str | None = None
    external_id: str | None = None
    channel_map: str | None = None
    language: str | None = None


FIELDS = tuple(field.name for field in fields(Metadata))


def from_text(values: Mapping[str, str], zone: tzinfo) -> Metadata:
    """Metadata from text by field name; blank is not known, other keys are ignored.

    Raises ValueError that names the field and quotes the value.
    """
    given = {name: values[name].strip() for name in FIELDS if values.get(name, "").strip()}
    return Metadata(**{name: _value(name, text, zone) for name, text in given.items()})


def read_time(text: str, zone: tzinfo) -> datetime:
    """A date and time of day, in UTC; without an offset it is read in `zone`. Raises ValueError.

    A wall-clock time that happened twice (clocks set back) is the first of the two. One that never happened (clocks set
    forward) is read with the offset from before the change: 02:30 is then 03:30 in summer time.
    """
    match = TIME.fullmatch(text.strip())
    if not match:
        raise ValueError(f"is not a date and time like 2026-03-31 14:05: {text!r}")
    *numbers, offset = match.groups()
    try:
        naive = datetime(*(int(number or 0) for number in numbers))  # type: ignore[arg-type]  # noqa: DTZ001
    except ValueError as error:
        raise ValueError(f"is not a date and time ({error}): {text!r}") from error
    return naive.replace(tzinfo=_offset(offset) if offset else zone, fold=0).astimezone(UTC)


def combine(layers: Iterable[tuple[str, Metadata]]) -> tuple[Metadata, dict[str, str]]:
    """The first known value of each field, and field -> name of the layer it came from. Best layers come first.

    A team belongs to the agent that was named with it, so it is only taken from the agent's layer.
    """
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}
    for origin, metadata in layers:
        for name in FIELDS:
            value = getattr(metadata, name)
            if value is not None and name not in values:
                values[name], origins[name] = value, origin
    if origins.get("team") != origins.get("agent"):
        values.pop("team", None)
        origins.pop("team", None)
    return Metadata(**values), origins


def _value(name: str, text: str, zone: tzinfo) -> Any:
    try:
        if name == "started_at":
            return read_time(text, zone)
        return CHECKS[name](text) if name in CHECKS else _fitting(text, MAX_LENGTHS[name])
    except ValueError as error:
        raise ValueError(f"{name} {error}") from error


def _direction(text: str) -> str:
    return _one_of(DIRECTIONS, text.lower())


def _channel_map(text: str) -> str:
    return _one_of({choice: choice for choice in CHANNEL_MAPS}, text.lower().replace(" ", "_"))


def _one_of(choices: Mapping[str, str], text: str) -> str:
    if text in choices:
        return choices[text]
    raise ValueError(f"is not one of {', '.join(dict.fromkeys(choices.values()))}: {text!r}")


def _language(text: str) -> str:
    """The language of a code like en, EN or en-GB: recognisers know languages, not countries."""
    code = text.lower().replace("_", "-").split("-")[0]
    if not re.fullmatch(r"[a-z]{2,3}", code):
        raise ValueError(f"is not a code like en: {text!r}")
    return code


def _fitting(text: str, longest: int) -> str:
    if len(text) > longest:
        raise ValueError(f"is longer than {longest} characters: {text[:40]!r}…")
    if "\0" in text:
        raise ValueError("holds a NUL character")
    return text


def _offset(text: str) -> tzinfo | None:
    return datetime.fromisoformat(f"2000-01-01T00:00:00{text.upper()}").tzinfo


CHECKS = {"direction": _direction, "channel_map": _channel_map, "language": _language}
