"""The stages of one call, in order: recognise, align, diarize (or take the channels), join, name the roles, score.

Stereo calls with one party per channel need no diarization: each channel is recognised by itself on the common clock.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from .audio import as_mono, channel_layout
from .ports import Aligner, Diarizer, Progress, Recognizer, SentimentScorer
from .roles import decide_roles
from .speakers import assign, channel_activity, channel_turns, clean, relabel, to_turns
from .types import Audio, ChannelMap, Outcome, Recognition, Segment, Speaker, SpeakerTurn, Transcript, Turn
from .vocabulary import prompt as filler_prompt

PARTIES = 2
"""A call has an agent and a customer; more voices on a line are rare, and guessing their number loses more."""

UNKNOWN_LANGUAGE = "und"
"""The code of ISO 639 for "undetermined"."""

MIN_PARTY_WORDS = 3
"""Fewer words than this ("Hello?" before a voicemail) do not make somebody a party to a conversation."""


@dataclass(frozen=True, slots=True)
class Engines:
    recognizer: Recognizer
    aligner: Aligner
    diarizer: Diarizer
    sentiment: SentimentScorer


@dataclass(frozen=True, slots=True)
class Request:
    """What is known about a call before listening. `language` None means detect."""

    language: str | None = None
    channel_map: ChannelMap = "auto"
    agent_name: str | None = None
    company_words: tuple[str, ...] = ()
    prompt_fillers: bool = True


@dataclass(frozen=True, slots=True)
class _Heard:
    """Turns with speakers' labels, before roles."""

    language: str
    turns: tuple[Turn, ...]
    activity: tuple[SpeakerTurn, ...]
    prompted: bool
    engines: dict[str, str]


def run(audio: Audio, engines: Engines, request: Request, progress: Progress) -> Transcript:
    """The transcript of one call. Raises SpeechError; silence and one-sided calls are outcomes, not errors."""
    layout, notes = channel_layout(audio)
    if layout == "stereo" and request.channel_map == "mono":
        layout, notes = "mono", (*notes, "The source says both channels are one mixed call")
    hear = _hear_channels if layout == "stereo" else _hear_mixed
    heard = hear(audio, engines, request, progress)
    speakers = decide_roles(
        heard.turns,
        layout=layout,
        channel_map=request.channel_map,
        agent_name=request.agent_name,
        company_words=request.company_words,
    )
    progress("scoring", 0.0)
    turns = _scored(_with_roles(heard.turns, speakers), engines.sentiment)
    return Transcript(
        duration=audio.duration,
        language=heard.language,
        layout=layout,
        outcome=_outcome(turns),
        filler_capture_mode="prompted" if heard.prompted else "unprompted",
        speakers=speakers,
        turns=turns,
        activity=heard.activity,
        overlap_known=True,
        engines=heard.engines | {"sentiment": engines.sentiment.name},
        notes=notes,
    )


def _hear_channels(audio: Audio, engines: Engines, request: Request, progress: Progress) -> _Heard:
    """One party per channel: speakers are certain, and their overlaps are heard twice."""
    progress("recognizing", 0.0)
    recognitions = _recognized(audio, engines, request)
    segments: list[Segment] = []
    for number, recognition in enumerate(recognitions):
        progress("aligning", number / audio.channels)
        aligned = engines.aligner.align(audio.channel(number), recognition)
        segments += [replace(segment, channel=number) for segment in aligned.segments]
    return _Heard(
        language=recognitions[0].language,
        turns=channel_turns(segments),
        activity=channel_activity([recognition.speech for recognition in recognitions]),
        prompted=any(recognition.prompted for recognition in recognitions),
        engines=_names(engines, "channels"),
    )


def _hear_mixed(audio: Audio, engines: Engines, request: Request, progress: Progress) -> _Heard:
    """Both parties on one channel: diarization tells them apart."""
    mixed = as_mono(audio)
    progress("recognizing", 0.0)
    (recognition,) = _recognized(mixed, engines, request)
    progress("aligning", 0.0)
    recognition = engines.aligner.align(mixed, recognition)
    progress("diarizing", 0.0)
    diarized = clean(engines.diarizer.diarize(mixed, PARTIES))
    turns, activity = relabel(to_turns(assign(recognition.segments, diarized.exclusive)), diarized.turns)
    return _Heard(recognition.language, turns, activity, recognition.prompted, _names(engines, engines.diarizer.name))


def _recognized(audio: Audio, engines: Engines, request: Request) -> tuple[Recognition, ...]:
    words = request.company_words
    prompt = (lambda spoken: filler_prompt(spoken, words)) if request.prompt_fillers else None
    return engines.recognizer.recognize(audio, request.language, prompt)


def _names(engines: Engines, diarizer: str) -> dict[str, str]:
    return {"recognizer": engines.recognizer.name, "aligner": engines.aligner.name, "diarizer": diarizer}


def _with_roles(turns: Sequence[Turn], speakers: Sequence[Speaker]) -> list[Turn]:
    roles = {speaker.label: speaker.role for speaker in speakers}
    return [replace(turn, role=roles.get(turn.speaker)) for turn in turns]


def _scored(turns: Sequence[Turn], scorer: SentimentScorer) -> tuple[Turn, ...]:
    sentiments = scorer.score(turns)
    return tuple(replace(turn, sentiment=sentiment) for turn, sentiment in zip(turns, sentiments, strict=True))


def _outcome(turns: Sequence[Turn]) -> Outcome:
    words = Counter[str]()
    for turn in turns:
        words[turn.speaker] += len(turn.words)
    if not words:
        return "no_speech"
    parties = sum(count >= MIN_PARTY_WORDS for count in words.values())
    return "two_sided" if parties >= PARTIES else "one_sided"
