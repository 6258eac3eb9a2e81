"""Who is the agent and who the customer: weighted evidence from the words, the order, the channels and the voices.

Every reason speaks for one role with a weight in log-odds. Reasons of the two parties are summed (what makes one party
an agent makes the other a customer) and damped, since phrases of one call are not independent:
p = 1 / (1 + exp(-k d)). The phrases are English; calls in other languages rest on channels, voices, names and order,
and so ask to be confirmed more often.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from .openings import recorded, untelling
from .role_cues import BARE_ANSWER, CUES, Heard, Said, hear, plain_tokens, said
from .types import ChannelMap, Layout, Role, Speaker, Turn

LABELS = ("Speaker 1", "Speaker 2")
OTHER = {"agent": "customer", "customer": "agent"}

DAMPING = 0.6
MAP_WEIGHT = 5.0
"""0.95 on its own; words that are 0.9 sure of the opposite bring it under 0.7, so that a person looks."""

MAX_CONFIDENCE = 0.98
MAX_MAP_CONFIDENCE = 0.99
LONE_CONFIDENCE = 0.65
"""A party who talks alone may be a voicemail greeting or an announcement: never taken as certain."""

FIRST_SPEAKER = 0.5
KNOWN_DIRECTION = 1.0
ENOUGH_CALLS = 3
"""Confirmed calls of a source, from which it says something of the next one."""

VOICE_SLOPE, VOICE_NOISE, MAX_VOICE_LOG_ODDS = 16.0, 0.07, 4.0
"""Log-odds for each unit by which one cosine exceeds the other, from VOICE_NOISE on. Measured on 213 readers in
telephone band, 5 s against 5 s over different lines, one call in ten by another agent than the one named: a difference
of 0.05-0.1 was right in 59 %, 0.1-0.15 in 69 %, 0.2-0.3 in 94 %, 0.3-0.4 in 99 %."""

MAX_CHANNEL_LOG_ODDS, MAX_ORDER_WEIGHT = 3.5, 2.0
AGENT_NAME = 3.0
NAME_ADDRESSED = -2.0
COMPANY_WORD = 1.5
OPENING_WORDS = 12
MAX_EVIDENCE = 5
UNSURE = 0.7
"""Below this a person should look, and is told what speaks against the decision as well."""


@dataclass(frozen=True, slots=True)
class Tally:
    """So many of so many calls that a person has confirmed."""

    hits: int
    calls: int

    @property
    def log_odds(self) -> float:
        """Of a hit in the next call, after Laplace."""
        return math.log((self.hits + 1) / (self.calls - self.hits + 1))


@dataclass(frozen=True, slots=True)
class Priors:
    """What other calls and the telephone system say of the roles in this one."""

    direction: str = ""
    """inbound, outbound, or anything else for unknown."""
    agent_left: Tally | None = None
    """Stereo calls of the source in which the agent was on the left channel."""
    agent_first: Tally | None = None
    """Mixed calls of the source (and direction, if known) in which the agent spoke first."""
    likeness: Mapping[str, float] = field(default_factory=dict)
    """Speaker -> how like the voice is to the agent's (cosine); empty when that is not known of both parties."""
    voice_calls: int = 0
    """Confirmed calls of the agent that the agent's voice is known from."""


@dataclass(frozen=True, slots=True)
class _Reason:
    """One reason. A positive weight says that its speaker is the agent, a negative one the customer."""

    weight: float
    text: str


@dataclass(frozen=True, slots=True)
class _Side:
    """A reason about channels: it speaks for the whole pair. A positive weight says that the left one is the agent."""

    weight: float
    text: str


def decide_roles(
    turns: Sequence[Turn],
    *,
    layout: Layout,
    channel_map: ChannelMap = "auto",
    agent_name: str | None = None,
    company_words: Sequence[str] = (),
    priors: Priors | None = None,
) -> tuple[Speaker, ...]:
    """Every speaker of `turns`, in order of LABELS then of appearance, with role, confidence and evidence.

    On stereo calls LABELS are those of the left and the right channel. Confidence is in [0.5, 1]; below UNSURE the
    roles should be confirmed by a person. A channel map is never overruled, but words against it make it unsure. Of
    more than two speakers the two who say most are the parties, unless one is a recorded voice; the others have no
    role. A lone speaker without evidence has no role either.
    """
    priors = priors or Priors()
    spoken = Counter[str]()
    for turn in turns:
        spoken[turn.speaker] += len(turn.words)
    order = sorted(spoken, key=lambda name: LABELS.index(name) if name in LABELS else len(LABELS))
    live = [name for name, _ in spoken.most_common() if not recorded(name, turns)]
    parties = sorted(live[:2], key=order.index)
    opener = next((turn.speaker for turn in turns if turn.speaker in parties), "")
    heard = {name: [hear(turn) for turn in turns if turn.speaker == name] for name in parties}
    silent = untelling(opener, heard, priors.direction)
    reasons = {name: _reasons(own, silent[name], agent_name, company_words) for name, own in heard.items()}
    if len(parties) == 2:
        reasons[opener].append(_order(turns, layout, priors))
        likelier = max(parties, key=lambda name: priors.likeness.get(name, -1.0))
        reasons[likelier] += _voice(priors, parties, agent_name)
    mapped = layout == "stereo" and channel_map in ("agent_left", "agent_right")
    sides = list(_sides(channel_map if mapped else "auto", priors)) if layout == "stereo" else []
    decided = _decided(reasons, sides, agent=_agent_by_map(channel_map) if mapped else None)
    return tuple(decided.get(name, Speaker(name)) for name in order)


def _decided(
    reasons: Mapping[str, Sequence[_Reason]], sides: Sequence[_Side], *, agent: str | None
) -> dict[str, Speaker]:
    """The roles of one or two parties. `agent`: the label that has to be the agent, None to go by the evidence."""
    left = LABELS[0]
    lead = {name: sum(r.weight for r in own) for name, own in reasons.items()}
    for name in lead:
        lead[name] += sum(side.weight if name == left else -side.weight for side in sides) / len(lead)
    if not lead or (agent is None and not any(lead.values())):
        return {}
    first, *others = lead
    certainty = lead[first] - sum(lead[name] for name in others)
    first_is_agent = first == agent if agent else certainty > 0
    likely = _probability(certainty if first_is_agent else -certainty)
    most = MAX_MAP_CONFIDENCE if agent else MAX_CONFIDENCE if others else LONE_CONFIDENCE
    confidence = round(max(0.5, min(most, likely)), 2)
    roles: dict[str, Role] = {first: "agent" if first_is_agent else "customer"}
    roles |= dict.fromkeys(others, "customer" if first_is_agent else "agent")
    evidence = {name: _evidence(name, role, reasons[name], sides) for name, role in roles.items()}
    return {name: Speaker(name, role, confidence, _shown(name, confidence, evidence)) for name, role in roles.items()}


def _evidence(
    name: str, role: Role, reasons: Sequence[_Reason], sides: Sequence[_Side]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What speaks for the role of a party, and what against it; channels before words, then the strongest first."""
    sign = 1 if role == "agent" else -1
    side_sign = sign if name == LABELS[0] else -sign
    weighed = [(side.weight * side_sign, side.text) for side in sorted(sides, key=lambda each: -abs(each.weight))]
    weighed += [(each.weight * sign, each.text) for each in sorted(reasons, key=lambda each: -abs(each.weight))]
    supporting = dict.fromkeys(text for weight, text in weighed if weight > 0)
    opposing = dict.fromkeys(text for weight, text in weighed if weight < 0)
    return tuple(supporting), tuple(opposing)


def _shown(
    name: str, confidence: float, evidence: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]
) -> tuple[str, ...]:
    """At most MAX_EVIDENCE reasons: a party's own, or the other's; where it is unsure, also what speaks against it."""
    supporting, opposing = evidence[name]
    against = tuple(f"against it: {text}" for text in opposing[:2]) if confidence < UNSURE else ()
    if not supporting:
        supporting = tuple(
            f"the other party {text}" for other in evidence if other != name for text in evidence[other][0]
        )
    return supporting[: MAX_EVIDENCE - len(against)] + against


def _agent_by_map(channel_map: ChannelMap) -> str:
    return LABELS[0] if channel_map == "agent_left" else LABELS[1]


def _sides(channel_map: ChannelMap, priors: Priors) -> Iterable[_Side]:
    """What the source's settings and its confirmed calls say of the channels."""
    if channel_map == "agent_left":
        yield _Side(MAP_WEIGHT, "the source says the agent is on the left channel")
    elif channel_map == "agent_right":
        yield _Side(-MAP_WEIGHT, "the source says the agent is on the right channel")
    tally = priors.agent_left
    if tally and tally.calls >= ENOUGH_CALLS:
        log_odds = max(-MAX_CHANNEL_LOG_ODDS, min(MAX_CHANNEL_LOG_ODDS, tally.log_odds))
        side, hits = ("left", tally.hits) if log_odds >= 0 else ("right", tally.calls - tally.hits)
        # A count of calls is no phrase: it is not to be damped.
        yield _Side(
            log_odds / DAMPING,
            f"the agent is on the {side} channel in {hits} of {tally.calls} confirmed calls of this source",
        )


def _voice(priors: Priors, parties: Sequence[str], agent_name: str | None) -> Iterable[_Reason]:
    """For the party whose voice is more like the agent's: two voices that are much alike tell little."""
    if any(name not in priors.likeness for name in parties):
        return
    low, high = sorted(priors.likeness[name] for name in parties)
    log_odds = min(MAX_VOICE_LOG_ODDS, VOICE_SLOPE * (high - low - VOICE_NOISE))
    if log_odds > 0:  # a voice is no phrase: it is not to be damped
        known = f"{priors.voice_calls} confirmed calls"
        yield _Reason(log_odds / DAMPING, f"sounds like {agent_name or 'the agent'} in {known}")


def _order(turns: Sequence[Turn], layout: Layout, priors: Priors) -> _Reason:
    """What it means to speak first: as confirmed calls have it, else by the direction of the call, else by the words.

    Who answers an inbound call is the agent; a bare "hello?" is how a customer answers an outbound one.
    """
    tally = priors.agent_first
    if layout != "stereo" and tally and tally.calls >= ENOUGH_CALLS:
        weight = max(-MAX_ORDER_WEIGHT, min(MAX_ORDER_WEIGHT, tally.log_odds))
        who, hits = ("agent", tally.hits) if weight >= 0 else ("customer", tally.calls - tally.hits)
        return _Reason(
            weight, f"spoke first, as the {who} did in {hits} of {tally.calls} confirmed calls of this source"
        )
    if priors.direction in ("inbound", "outbound"):
        sign = 1 if priors.direction == "inbound" else -1
        return _Reason(sign * KNOWN_DIRECTION, f"spoke first in an {priors.direction} call")
    opening = hear(turns[0]).text
    if BARE_ANSWER.fullmatch(opening):
        return _Reason(-FIRST_SPEAKER, f'answered with only "{opening}"')
    return _Reason(FIRST_SPEAKER, "spoke first")


def _reasons(
    own: Sequence[Heard], silent: Collection[str], agent_name: str | None, company_words: Sequence[str]
) -> list[_Reason]:
    return [*_phrases(own, silent), *_agent_name(own, agent_name), *_company_word(own, company_words)]


def _phrases(own: Sequence[Heard], silent: Collection[str]) -> Iterable[_Reason]:
    """Each cue once, but those of kinds that tell nothing: with its weight when said once, up to double when often."""
    for cue in CUES:
        hits = [hit for turn in own for hit in said(cue.pattern, turn)] if cue.kind not in silent else []
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


def _quoted(hit: Said) -> str:
    minutes, seconds = divmod(int(hit.at), 60)
    return f'said "{hit.text}" at {minutes}:{seconds:02d}'


def _probability(log_odds: float) -> float:
    return 1 / (1 + math.exp(-DAMPING * log_odds))
