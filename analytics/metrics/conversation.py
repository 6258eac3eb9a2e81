"""A transcript seen as parties who take turns: the common ground of all metrics."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from transcription.speech.types import Outcome, Role, Transcript, Turn, Word

from .figures import Figure, Figures, Unknown
from .spans import Span, length, merge
from .voiced import voiced

ROLES: Final[tuple[Role, Role]] = ("agent", "customer")

BRIDGE_S = 0.5
"""A pause up to this long is part of talking."""


@dataclass(frozen=True, slots=True, eq=False)
class Utterance:
    """One party is heard without a pause above BRIDGE_S. `words` is empty where the recogniser understood nothing."""

    party: str
    start: float
    end: float
    words: tuple[Word, ...]

    @property
    def span(self) -> Span:
        return (self.start, self.end)

    @property
    def seconds(self) -> float:
        return length(self.span)


@dataclass(frozen=True, slots=True, eq=False)
class Party:
    """One side of the call. `name` is the role, or the speaker's label when the role is not known.

    Two speakers with the same role (a call that was passed on) are one party.
    """

    name: str
    role: Role | None
    turns: tuple[Turn, ...]
    words: tuple[Word, ...]
    utterances: tuple[Utterance, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Conversation:
    """`language`: "en" also for "en-GB". `parties`: everybody who is heard, agent and customer first.

    `utterances`: of all parties, by start.
    """

    duration: float
    language: str
    outcome: Outcome
    overlap_known: bool
    parties: tuple[Party, ...]
    utterances: tuple[Utterance, ...]

    def party(self, role: Role) -> Party | Unknown:
        """The party with this role, if it has words."""
        if self.outcome == "no_speech":
            return Unknown("no speech")
        for party in self.parties:
            if party.role == role:
                return party if party.words else Unknown(f"no words of the {role} recognised")
        speaking = [party for party in self.parties if party.words]
        if not speaking:
            return Unknown("no words recognised")
        if any(party.role is None for party in speaking):
            return Unknown("roles not known")
        return Unknown(f"only the {speaking[0].role} is heard")

    def exchange(self, *, needs_overlap: bool = False) -> Unknown | None:
        """Why this call cannot show how two parties interact; None when it can."""
        if self.outcome == "no_speech":
            return Unknown("no speech")
        if self.outcome == "one_sided" or len(self.parties) < 2:
            return Unknown("only one party is heard")
        if needs_overlap and not self.overlap_known:
            return Unknown("overlaps cannot be told in this audio")
        return None

    def each(self, name: str, figure: Callable[[Party], Figure]) -> Figures:
        """One figure for each role: `name` has the role in place of "{}", e.g. "words_{}"."""
        parties = ((role, self.party(role)) for role in ROLES)
        return {name.format(role): party if isinstance(party, Unknown) else figure(party) for role, party in parties}


def converse(transcript: Transcript) -> Conversation:
    """Who takes part in this call, and what each of them says when."""
    roles = {speaker.label: speaker.role for speaker in transcript.speakers}
    roles |= {turn.speaker: turn.role for turn in transcript.turns if turn.role}
    labels = [speaker.label for speaker in transcript.speakers]
    labels += [turn.speaker for turn in transcript.turns] + [span.speaker for span in transcript.activity]
    names = {label: roles.get(label) or label for label in labels}
    ordered = sorted(dict.fromkeys(names.values()), key=lambda name: name not in ROLES)
    parties = [_party(transcript, name, {label for label in names if names[label] == name}) for name in ordered]
    heard = tuple(party for party in parties if party.utterances)
    return Conversation(
        duration=transcript.duration,
        language=transcript.language.replace("_", "-").split("-")[0].lower(),
        outcome=transcript.outcome,
        overlap_known=transcript.overlap_known,
        parties=heard,
        utterances=tuple(sorted((u for party in heard for u in party.utterances), key=lambda u: (u.start, -u.end))),
    )


def _party(transcript: Transcript, name: str, labels: set[str]) -> Party:
    turns = tuple(turn for turn in transcript.turns if turn.speaker in labels)
    words = tuple(sorted((word for turn in turns for word in turn.words), key=lambda word: (word.start, word.end)))
    activity = [(span.start, span.end) for span in transcript.activity if span.speaker in labels]
    heard = voiced([(word.start, word.end) for word in words], activity)
    return Party(
        name=name,
        role=next((role for role in ROLES if role == name), None),
        turns=turns,
        words=words,
        utterances=_utterances(name, heard, words),
    )


def _utterances(party: str, heard: list[Span], words: tuple[Word, ...]) -> tuple[Utterance, ...]:
    starts = [word.start for word in words]
    spans = merge(heard, BRIDGE_S)
    firsts = [bisect_left(starts, start) for start, _ in spans] + [len(words)]
    return tuple(
        Utterance(party, start, end, words[first:last])
        for (start, end), (first, last) in zip(spans, pairwise(firsts), strict=True)
    )
