"""The frozen values of types.py and pipeline.py as plain JSON values and back, so that a finished stage can be kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from types import NoneType
from typing import Any, TypeVar, cast, get_args, get_origin, get_type_hints

Value = TypeVar("Value")


def to_plain(value: Any) -> Any:
    """Dataclasses become mappings of their fields, tuples lists; everything else must be JSON already."""
    if is_dataclass(value):
        return {field.name: to_plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, (tuple, list)):
        return [to_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {key: to_plain(item) for key, item in value.items()}
    return value


def from_plain(kind: type[Value], plain: Any) -> Value:
    """The value of the dataclass `kind` that `to_plain` wrote. Fields that it did not know then have their defaults."""
    return cast("Value", _read(kind, plain))


def _read(kind: Any, plain: Any) -> Any:
    if is_dataclass(kind):
        hints = _hints(cast("type", kind))
        return cast("type", kind)(**{name: _read(hints[name], plain[name]) for name in hints if name in plain})
    origin, inner = get_origin(kind), get_args(kind)
    if NoneType in inner:
        known = next(each for each in inner if each is not NoneType)
        return None if plain is None else _read(known, plain)
    if origin is tuple:
        kinds = [inner[0]] * len(plain) if inner[-1] is Ellipsis else inner
        return tuple(_read(each, item) for each, item in zip(kinds, plain, strict=True))
    return float(plain) if kind is float else plain


@cache
def _hints(kind: type) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind)}
