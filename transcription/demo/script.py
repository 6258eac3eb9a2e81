"""What is said in a sample call, by whom and in which voice: TOML files read into frozen values."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from transcription.speech.types import ChannelMap, Role, SentimentLabel

FOLDER = Path(__file__).parent
HESITATIONS = ("um", "uh", "er", "hmm")
ASIDES = ("you know", "i mean", "like", "basically", "sort of", "actually")
"""Fillers only where punctuation sets them off: "it was, like, late" but not "I like it"."""


@dataclass(frozen=True, slots=True)
class Voice:
    """`style` is the engine's own voice; `speed` 1.1 speaks 10 % faster, `pitch` 0.9 sounds 10 % lower."""

    engine: Literal["kokoro", "piper", "flite"]
    style: str
    speed: float = 1.0
    pitch: float = 1.0


@dataclass(frozen=True, slots=True)
class Agent:
    name: str
    team: str
    voice: Voice


@dataclass(frozen=True, slots=True)
class Line:
    """`after`: seconds since the line before it ended. Negative talks over it, None is an ordinary gap.

    `say`: respelling for the synthesiser, where it would say `text` wrongly.
    """

    role: Role
    text: str
    sentiment: SentimentLabel = "neutral"
    after: float | None = None
    say: str | None = None

    @property
    def spoken(self) -> str:
        return self.say or self.text

    @property
    def fillers(self) -> dict[str, int]:
        return count_fillers(self.text)


@dataclass(frozen=True, slots=True)
class Script:
    """One call. `customer` is the reference that the manifest gives; both voices are resolved from the cast."""

    call: str
    agent: Agent
    customer: str
    customer_voice: Voice
    started_at: datetime
    channel_map: ChannelMap
    industry: str
    mood: str
    queue: str
    direction: Literal["inbound", "outbound"]
    vocabulary: tuple[str, ...]
    lines: tuple[Line, ...]

    @property
    def layout(self) -> Literal["mono", "stereo"]:
        return "mono" if self.channel_map == "mono" else "stereo"


def count_fillers(text: str) -> dict[str, int]:
    """How often `text` uses each filler, without those it does not use."""
    lowered = text.lower()
    patterns = {term: rf"\b{term}\b" for term in HESITATIONS} | {
        term: rf"(?:^|[,.?!] ){term}(?=[,.?!])" for term in ASIDES
    }
    counts = {term: len(re.findall(pattern, lowered)) for term, pattern in patterns.items()}
    return {term: count for term, count in counts.items() if count}


def load_scripts(folder: Path = FOLDER) -> tuple[Script, ...]:
    """All scripts of `folder`, in the order of their dates. KeyError names a missing field or an unknown voice."""
    cast = tomllib.loads((folder / "cast.toml").read_text(encoding="utf-8"))
    voices = {name: Voice(**fields) for name, fields in cast["voices"].items()}
    agents = {
        key: Agent(name=fields["name"], team=fields["team"], voice=voices[fields["voice"]])
        for key, fields in cast["agents"].items()
    }
    scripts = [_script(path, agents, voices) for path in (folder / "scripts").glob("*.toml")]
    return tuple(sorted(scripts, key=lambda script: script.started_at))


def _script(path: Path, agents: Mapping[str, Agent], voices: Mapping[str, Voice]) -> Script:
    fields = tomllib.loads(path.read_text(encoding="utf-8"))
    return Script(
        call=path.stem,
        agent=agents[fields["agent"]],
        customer=fields["customer"],
        customer_voice=voices[fields["customer_voice"]],
        started_at=fields["started_at"],
        channel_map=fields["channel_map"],
        industry=fields["industry"],
        mood=fields["mood"],
        queue=fields["queue"],
        direction=fields["direction"],
        vocabulary=tuple(fields["vocabulary"]),
        lines=tuple(Line(**line) for line in fields["lines"]),
    )
