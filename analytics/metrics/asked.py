"""What the customer asked, when, and what the agent said to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from transcription.speech.types import Transcript, Turn

from . import backchannel, floor, questions
from .conversation import converse
from .figures import Unknown

ASIDE_WORDS = 2
"""A customer's turn this short ("okay, thanks") does not end the agent's answer."""
ANSWER_CHARACTERS = 600


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """`turn`: index among the transcript's turns. `answer` is empty, its time None, where the agent says nothing."""

    turn: int
    at_s: float
    end_s: float
    text: str
    answer: str
    answer_at_s: float | None


def find(transcript: Transcript) -> list[AskedQuestion]:
    """The customer's questions, as many as `questions_customer` counts, by time; none where nobody is the customer."""
    conversation = converse(transcript)
    customer = conversation.party("customer")
    if isinstance(customer, Unknown):
        return []
    chains = floor.chains(floor.claims(conversation, backchannel.find(conversation)))
    turn_of = {id(word): index for index, turn in enumerate(transcript.turns) for word in turn.words}
    found = []
    for sentence in questions.asked(customer, chains, conversation.language):
        text = " ".join(word.text for word in sentence)
        answer, answer_at = answered(transcript.turns, turn_of[id(sentence[-1])])
        found.append(
            AskedQuestion(turn_of[id(sentence[0])], sentence[0].start, sentence[-1].end, text, answer, answer_at)
        )
    return found


def answered(turns: Sequence[Turn], asked: int) -> tuple[str, float | None]:
    """What the agent says after the turn `asked` until the customer says more than an aside, and when it begins."""
    said: list[Turn] = []
    for turn in turns[asked + 1 :]:
        if turn.role == "agent":
            said.append(turn)
        elif said and len(turn.words) > ASIDE_WORDS:
            break
    if not said:
        return "", None
    return _shortened(" ".join(turn.text for turn in said)), said[0].start


def _shortened(text: str) -> str:
    return text if len(text) <= ANSWER_CHARACTERS else text[:ANSWER_CHARACTERS].rsplit(" ", 1)[0] + " …"
