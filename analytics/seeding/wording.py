"""The sentences of made calls, and the words in them that differ from call to call."""

import tomllib
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, Final

SENTENCES: Final[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("sentences.toml").read_text(encoding="utf-8"))
_WORDS: Final[dict[str, list[str]]] = SENTENCES["words"]

Substitutes = dict[str, str]
"""Placeholder -> what stands for it in one call. A placeholder reads as a name does, so it is measured as one."""


def substitutes(number: int, random: Random) -> Substitutes:
    """The words of one call: companies are in a quarter of calls each, a place in many or few, a reference in one."""
    chosen = {f"Qx{kind}": random.choice(_WORDS[kind]) for kind in ("company", "first", "title", "month", "product")}
    return chosen | {"Qxsurname": _name(random), "Qxcity": _name(random), "Qxreference": f"RK{number:07d}"}


@cache
def _endings(kind: str) -> tuple[list[str], list[float]]:
    words = _WORDS[kind]
    return words, [1 / rank for rank in range(1, len(words) + 1)]


def _name(random: Random) -> str:
    """Zipf's law, so that searches meet common and rare words."""
    return "".join(random.choices(*_endings(kind))[0] for kind in ("beginning", "ending"))
