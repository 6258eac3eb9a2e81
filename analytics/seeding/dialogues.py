"""Dialogues of made calls as transcripts, with times as of speech and placeholders of wording.py in the words."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from random import Random
from typing import Any, Final, Literal

from transcription.speech.types import Role, Sentiment, Speaker, SpeakerTurn, Transcript, Turn, Word

from .wording import SENTENCES

Asks = Literal["", "topic", "small talk"]
Kind = Literal["two_sided", "one_sided", "no_speech"]

_AGENT, _CUSTOMER, _INTENTS = SENTENCES["agent"], SENTENCES["customer"], SENTENCES["intent"]
LABELS: Final[list[str]] = [intent["label"] for intent in _INTENTS]
_FILLERS: Final = ("Um,", "Uh,", "You know,", "I mean,", "Well,", "So,")
_NEGATIVE, _POSITIVE = -0.3, 0.3


@dataclass(frozen=True, slots=True)
class Style:
    """How a call goes, each 0–1: `fillers` of the agent, `mood` of the customer, `haste` of the agent."""

    fillers: float
    mood: float
    haste: float


@dataclass(frozen=True, slots=True)
class Line:
    role: Role
    text: str
    score: float
    asks: Asks = ""


@dataclass(frozen=True, slots=True)
class Dialogue:
    """`asks`: what the questions of each turn are about. `intent`: index in LABELS."""

    transcript: Transcript
    asks: tuple[Asks, ...]
    intent: int


@dataclass(slots=True)
class _Clock:
    random: Random
    style: Style
    now: float = 0.6
    turns: list[Turn] = field(default_factory=list)

    def say(self, line: Line) -> None:
        self.now = max(0.2, self.now + self._gap(line.role))
        words = tuple(self._words(line))
        score = round(max(-1.0, min(1.0, self.random.gauss(line.score, 0.08))), 3)
        label: Any = "negative" if score <= _NEGATIVE else "positive" if score >= _POSITIVE else "neutral"
        speaker = _LABEL[line.role]
        self.turns.append(Turn(speaker, words[0].start, words[-1].end, words, line.role, Sentiment(label, score)))

    def _gap(self, role: Role) -> float:
        """Seconds since the last word: a breath, a search in the system, a hold, or a word too early."""
        chance = self.random.random()
        if chance < 0.03:
            return self.random.uniform(20, 75)
        if role == "agent" and chance < 0.25:
            return self.random.uniform(1.2, 9)
        if self.turns and chance > 1 - 0.25 * self.style.haste:
            return -self.random.uniform(0.3, 1.1)
        return self.random.lognormvariate(-0.9, 0.5)

    def _words(self, line: Line) -> Iterator[Word]:
        slow = self.random.uniform(0.85, 1.15) * (1.15 - 0.3 * self.style.haste)
        for text in line.text.split():
            end = self.now + slow * (0.1 + 0.042 * len(text))
            probability = round(self.random.uniform(0.7, 0.999), 3)
            yield Word(text, round(self.now, 2), round(end, 2), probability, "attention")
            self.now = end + slow * (0.3 if text[-1] in ".?!" else 0.18 if text[-1] == "," else 0.03)


_LABEL: Final[dict[Role, str]] = {"agent": "SPEAKER_00", "customer": "SPEAKER_01"}


def dialogue(kind: Kind, turns: int, style: Style, random: Random) -> Dialogue:
    """A call of about so many turns: greeting, problem, question, answer, details, farewell."""
    intent = random.randrange(len(LABELS))
    lines = [] if kind == "no_speech" else list(islice(_lines(_INTENTS[intent], turns, style, random), turns))
    if kind == "one_sided":
        lines = [line for line in lines if line.role == "agent"][:2]
    clock = _Clock(random, style)
    for line in lines:
        clock.say(line)
    duration = round(clock.now + random.uniform(0.4, 2.5), 2)
    return Dialogue(_transcript(kind, tuple(clock.turns), duration, random), tuple(line.asks for line in lines), intent)


def _transcript(kind: Kind, turns: tuple[Turn, ...], duration: float, random: Random) -> Transcript:
    sure = round(random.uniform(0.45, 0.69) if random.random() < 0.04 else random.uniform(0.72, 0.99), 2)
    speaking = dict.fromkeys(turn.role for turn in turns if turn.role)
    return Transcript(
        duration=duration,
        language="en",
        layout="stereo" if random.random() < 0.5 else "mono",
        outcome=kind,
        filler_capture_mode="unprompted" if random.random() < 0.03 else "prompted",
        speakers=tuple(Speaker(_LABEL[role], role, sure, ("made up",)) for role in speaking),
        turns=turns,
        activity=tuple(SpeakerTurn(turn.speaker, turn.start, turn.end) for turn in turns),
        overlap_known=True,
        engines={"recognizer": "seeded"},
        notes=("This call was made by manage.py seed; nobody said it.",),
        confidence=round(random.uniform(0.8, 0.97), 3),
    )


def _lines(intent: dict[str, list[str]], turns: int, style: Style, random: Random) -> Iterator[Line]:
    pick = random.choice
    yield Line("agent", pick(_AGENT["greeting"]), 0.3)
    yield Line("customer", f"{pick(intent['problem'])} {pick(_feeling(style, random))}", _score(style, random))
    yield Line("agent", _hesitating(pick(_AGENT["looking"]), style, random), 0.0)
    yield Line("customer", f"{pick(_CUSTOMER['neutral'])} {pick(intent['question'])}", -0.1, "topic")
    yield Line("agent", _hesitating(pick(intent["answer"]), style, random), 0.1)
    for number in range(max(0, turns - 7)):
        yield _detail(number, style, random)
    ending = _CUSTOMER["happy"] if random.random() < style.mood else _CUSTOMER["unhappy"]
    yield Line("customer", pick(ending), 0.75 if ending is _CUSTOMER["happy"] else -0.7)
    yield Line("agent", pick(_AGENT["closing"]), 0.4)


def _detail(number: int, style: Style, random: Random) -> Line:
    if number % 2:
        return Line("agent", _hesitating(random.choice(_AGENT["detail"]), style, random), 0.0)
    chance = random.random()
    if chance < 0.1:
        return Line("customer", random.choice(_CUSTOMER["small_talk"]), 0.0, "small talk")
    if chance < 0.3:
        return Line("customer", random.choice(_CUSTOMER["aside"]), 0.1)
    return Line("customer", random.choice(_CUSTOMER["neutral"]), 0.0)


def _feeling(style: Style, random: Random) -> list[str]:
    unhappy: list[str] = _CUSTOMER["unhappy"] if random.random() > 0.5 + style.mood / 2 else _CUSTOMER["neutral"]
    return unhappy


def _score(style: Style, random: Random) -> float:
    return random.uniform(-0.7, 0.1) + 0.3 * (style.mood - 0.5)


def _hesitating(text: str, style: Style, random: Random) -> str:
    """With a filler before a sentence or after a comma, more or less often."""
    words = text.split()
    for at in range(len(words) - 1, -1, -1):
        if (at == 0 or words[at - 1][-1] in ",.") and random.random() < style.fillers * 0.6:
            said = random.choice(_FILLERS)
            words.insert(at, said if at == 0 else said.lower())
    return " ".join(words)
