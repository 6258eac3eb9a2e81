"""Who is the agent and who the customer: weighted evidence from the words, the order and the source.

Every cue speaks for one role with a weight in log-odds. Cues of the two parties are summed (what makes one party an
agent makes the other a customer) and damped, since phrases of one call are not independent: p = 1 / (1 + exp(-k d)).
The phrases are English; calls in other languages rest on the channel map, names and order, and so ask to be confirmed.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from .role_cues import BARE_ANSWER, CUES, Heard, Said, hear, plain_tokens, said
from .types import ChannelMap, Layout, Role, Speaker, Turn

LABELS = ("Speaker 1", "Speaker 2")

MAP_CONFIDENCE = 0.99
MAX_WORD_CONFIDENCE = 0.98
LONE_CONFIDENCE = 0.65
"""A party who talks alone may be a voicemail greeting or an announcement: never taken as certain."""

DAMPING = 0.6
FIRST_SPEAKER = 0.5
AGENT_NAME = 3.0
NAME_ADDRESSED = -2.0
COMPANY_WORD = 1.5
OPENING_WORDS = 12
MAX_EVIDENCE = 5


@dataclass(frozen=True, slots=True)
class _Reason:
    """One reason. A positive weight says that its speaker is the agent, a negative one the customer."""

    weight: float
    text: str


def decide_roles(
    turns: Sequence[Turn],
    *,
    layout: Layout,
    channel_map: ChannelMap = "auto",
    agent_name: str | None = None,
    company_words: Sequence[str] = (),
) -> tuple[Speaker, ...]:
    """Every speaker of `turns`, in order of LABELS then of appearance, with role, confidence and evidence.

    On stereo calls LABELS are those of the left and the right channel. Confidence is in [0.5, 1]; below 0.7 the
    roles should be confirmed by a person. Of more than two speakers the two who say most are the parties; the
    others have no role. A lone speaker without evidence has no role either.
    """
    spoken = Counter[str]()
    for turn in turns:
        spoken[turn.speaker] += len(turn.words)
    order = sorted(spoken, key=lambda name: LABELS.index(name) if name in LABELS else len(LABELS))
    parties = [name for name, _ in spoken.most_common(2)]
    reasons = {name: _reasons(name, turns, agent_name, company_words) for name in parties}
    if layout == "stereo" and channel_map in ("agent_left", "agent_right"):
        decided = _by_channel(reasons, channel_map)
    elif len(parties) == 2:
        decided = _by_words(reasons, turns)
    else:
        decided = {name: _alone(name, own) for name, own in reasons.items()}
    return tuple(decided.get(name, Speaker(name)) for name in order)


def _by_channel(reasons: dict[str, list[_Reason]], channel_map: ChannelMap) -> dict[str, Speaker]:
    side = "left" if channel_map == "agent_left" else "right"
    agent = LABELS[0] if side == "left" else LABELS[1]
    source = f"the source says the agent is on the {side} channel"
    speakers = {}
    for name, own in reasons.items():
        role: Role = "agent" if name == agent else "customer"
        speakers[name] = Speaker(name, role, MAP_CONFIDENCE, (source, *_supporting(own, role))[:MAX_EVIDENCE])
    return speakers


def _alone(name: str, own: Sequence[_Reason]) -> Speaker:
    total = sum(reason.weight for reason in own)
    if total == 0:
        return Speaker(name)
    role: Role = "agent" if total > 0 else "customer"
    confidence = min(LONE_CONFIDENCE, _probability(abs(total)))
    return Speaker(name, role, round(confidence, 2), _supporting(own, role))


def _by_words(reasons: dict[str, list[_Reason]], turns: Sequence[Turn]) -> dict[str, Speaker]:
    first = _first_cue(turns)
    opener = next(turn.speaker for turn in turns if turn.speaker in reasons)
    reasons[opener].append(first)
    one, other = reasons
    lead = sum(reason.weight for reason in reasons[one]) - sum(reason.weight for reason in reasons[other])
    agent, customer = (one, other) if lead > 0 else (other, one)
    confidence = round(min(MAX_WORD_CONFIDENCE, _probability(abs(lead))), 2)
    for_agent, for_customer = _supporting(reasons[agent], "agent"), _supporting(reasons[customer], "customer")
    return {
        agent: Speaker(agent, "agent", confidence, for_agent or _of_other(for_customer)),
        customer: Speaker(customer, "customer", confidence, for_customer or _of_other(for_agent)),
    }


def _first_cue(turns: Sequence[Turn]) -> _Reason:
    """Who answers an inbound call is the agent; a bare "hello?" is how a customer answers an outbound one."""
    opening = hear(turns[0]).text
    if BARE_ANSWER.fullmatch(opening):
        return _Reason(-FIRST_SPEAKER, f'answered with only "{opening}"')
    return _Reason(FIRST_SPEAKER, "spoke first")


def _reasons(name: str, turns: Sequence[Turn], agent_name: str | None, company_words: Sequence[str]) -> list[_Reason]:
    own = [hear(turn) for turn in turns if turn.speaker == name]
    return [*_phrases(own), *_agent_name(own, agent_name), *_company_word(own, company_words)]


def _phrases(own: Sequence[Heard]) -> Iterable[_Reason]:
    """Each cue once: with its weight when said once, up to double when said often."""
    for cue in CUES:
        hits = [hit for turn in own for hit in said(cue.pattern, turn)]
        if hits:
            yield _Reason(cue.weight * (2 - 0.5 ** (len(hits) - 1)), _quoted(hits[0]))


def _agent_name(own: Sequence[Heard], agent_name: str | None) -> Iterable[_Reason]:
    """The agent says the agent's name in the first person; the customer greets or thanks the agent by it."""
    name = re.escape((agent_name or "").lower().split(" ")[0])
    if len(name) < 2:
        return
    introduces = rf"\b(?:(?:this is|my name is|my name's|name is|i'm|i am|it's) {name}\b|{name} (?:speaking|here)\b)"
    addresses = rf"\b(?:hi|hello|hey|thanks|thank you|bye|okay|morning|afternoon|yes|no) {name}\b(?! speaking| here)"
    for pattern, weight in ((introduces, AGENT_NAME), (addresses, NAME_ADDRESSED)):
        hits = [hit for turn in own for hit in said(re.compile(pattern), turn)]
        if hits:
            yield _Reason(weight, _quoted(hits[0]))


def _company_word(own: Sequence[Heard], company_words: Sequence[str]) -> Iterable[_Reason]:
    """Agents open with the company's name; customers name it later, so only the first words count."""
    opening = Heard(" ".join(own[0].text.split(" ")[:OPENING_WORDS]), own[0].starts)
    names = "|".join(re.escape(" ".join(plain_tokens(name))) for name in company_words if plain_tokens(name))
    for hit in islice(said(re.compile(rf"\b(?:{names})\b"), opening) if names else (), 1):
        yield _Reason(COMPANY_WORD, f"opened with the company's name, {_quoted(hit)}")


def _supporting(reasons: Iterable[_Reason], role: Role) -> tuple[str, ...]:
    sign = 1 if role == "agent" else -1
    strongest = sorted((each for each in reasons if each.weight * sign > 0), key=lambda each: -abs(each.weight))
    return tuple(dict.fromkeys(reason.text for reason in strongest))[:MAX_EVIDENCE]


def _of_other(reasons: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"the other party {reason}" for reason in reasons)


def _quoted(hit: Said) -> str:
    minutes, seconds = divmod(int(hit.at), 60)
    return f'said "{hit.text}" at {minutes}:{seconds:02d}'


def _probability(log_odds: float) -> float:
    return 1 / (1 + math.exp(-DAMPING * log_odds))
