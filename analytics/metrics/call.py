"""All numbers of one call, from its transcript."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from transcription.speech.filler_list import list_name
from transcription.speech.types import CaptureMode, Transcript
from transcription.speech.vocabulary import FillerTerm

from . import (
    backchannel,
    coverage,
    fillers,
    floor,
    handover,
    interruption,
    overlap,
    pace,
    questions,
    sentiment,
    silence,
    talk,
)
from .conversation import Conversation, converse
from .facts import Event, FillerUse
from .figures import Figures, known, reasons

METRICS_VERSION: Final = 1
"""Goes up whenever a definition changes, so that stored numbers of another version are measured again."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a site may choose. `dead_air_s`: the shortest dead air, 2–10 s."""

    dead_air_s: float = 3.0
    agent_sentiment: bool = False

    def __post_init__(self) -> None:
        if not 2 <= self.dead_air_s <= 10:
            raise ValueError(f"dead air must begin at 2 to 10 seconds, not {self.dead_air_s}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """The numbers of a call. None is unknown, and `reasons` says why, by the number's name.

    Seconds end in `_s`; shares and coverage are 0–1, only `agent_talk_pct_of_call` is 0–100; sentiment is -5 … +5,
    `worst_turn_score` -1 … +1. Names are the columns of calls.csv where it has them.
    """

    words_agent: int | None
    words_customer: int | None
    talk_s_agent: float | None
    talk_s_customer: float | None
    agent_talk_share: float | None
    agent_talk_pct_of_call: float | None
    silence_count: int | None
    silence_s: float | None
    silence_share: float | None
    longest_silence_s: float | None
    dead_air_count: int | None
    dead_air_s: float | None
    hold_count: int | None
    hold_s: float | None
    overlap_s: float | None
    interruptions_by_agent: int | None
    interruptions_by_customer: int | None
    backchannels_agent: int | None
    backchannels_customer: int | None
    wpm_agent: float | None
    wpm_customer: float | None
    longest_monologue_s_agent: float | None
    longest_monologue_s_customer: float | None
    response_latency_median_s: float | None
    response_latency_p90_s: float | None
    overlapping_starts: int | None
    switches_per_min: float | None
    questions_agent: int | None
    questions_customer: int | None
    questions_agent_per_10_min: float | None
    questions_customer_per_10_min: float | None
    fillers_agent: int | None
    fillers_customer: int | None
    fillers_tier1_agent: int | None
    fillers_tier1_customer: int | None
    fillers_tier2_agent: int | None
    fillers_tier2_customer: int | None
    fillers_tier3_agent: int | None
    fillers_tier3_customer: int | None
    fillers_per_100_words_agent: float | None
    fillers_per_100_words_customer: float | None
    fillers_per_min_agent: float | None
    fillers_per_min_customer: float | None
    sentiment_agent: float | None
    sentiment_customer: float | None
    sentiment_customer_q1: float | None
    sentiment_customer_q2: float | None
    sentiment_customer_q3: float | None
    sentiment_customer_q4: float | None
    sentiment_shift: str | None
    worst_turn_at_s: float | None
    worst_turn_score: float | None
    coverage: float | None
    filler_capture_mode: CaptureMode
    reasons: dict[str, str] = field(default_factory=dict)
    events: tuple[Event, ...] = ()
    filler_uses: tuple[FillerUse, ...] = ()
    filler_list: str = ""
    """By which list fillers were counted, see filler_list.list_name."""
    metrics_version: int = METRICS_VERSION


def measure(transcript: Transcript, terms: Sequence[FillerTerm], settings: Settings | None = None) -> Measurement:
    """Every number and fact of the call. `terms`: the filler terms of the call's language, none if it has no list."""
    settings = settings or Settings()
    conversation = converse(transcript)
    backchannels = backchannel.find(conversation)
    claimed = floor.claims(conversation, backchannels)
    chains = floor.chains(claimed)
    silences = silence.events(conversation)
    overlaps = overlap.events(conversation)
    interruptions = interruption.events(conversation)
    counted = _count(conversation, terms)
    figures: Figures = {
        **talk.figures(conversation),
        **silence.figures(conversation, silences, settings.dead_air_s),
        **overlap.figures(conversation, overlaps),
        **interruption.figures(conversation, interruptions),
        **backchannel.figures(conversation, backchannels),
        **pace.monologues(conversation, chains),
        **handover.figures(conversation, floor.holders(claimed)),
        **questions.figures(conversation, chains),
        **counted.figures,
        **sentiment.figures(conversation, agent_sentiment=settings.agent_sentiment),
        **coverage.figures(conversation),
    }
    events = [*silences, *overlaps, *interruptions, *backchannel.events(backchannels), *counted.events]
    return Measurement(
        **known(figures),
        filler_capture_mode=transcript.filler_capture_mode,
        reasons=reasons(figures),
        events=tuple(sorted(events, key=lambda event: (event.start_s, event.end_s))),
        filler_uses=counted.uses,
        filler_list=counted.filler_list,
    )


@dataclass(frozen=True, slots=True)
class FillerCount:
    """Everything about a call that depends on the filler list."""

    uses: tuple[FillerUse, ...]
    events: tuple[Event, ...]
    figures: Figures
    filler_list: str


def count_fillers(transcript: Transcript, terms: Sequence[FillerTerm]) -> FillerCount:
    """The part of `measure` that another filler list changes, without the rest."""
    return _count(converse(transcript), terms)


def _count(conversation: Conversation, terms: Sequence[FillerTerm]) -> FillerCount:
    uses = fillers.find(conversation, terms)
    figures = fillers.figures(conversation, uses, listed=bool(terms)) | pace.figures(conversation, uses)
    return FillerCount(tuple(uses), tuple(fillers.events(uses)), figures, list_name(conversation.language, terms))
