"""The stages of one call: hear it (recognise, align), tell the speakers apart, then join, name the roles and score.

Each stage is a function from frozen values to a frozen value, so that what a finished stage found can be kept (see
`plain`) and a later stage done again without it. Stereo calls with one party per channel need no diarization: each
channel is recognised by itself on the common clock.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from .audio import as_mono, channel_layout
from .bleed import without_bleed
from .ports import Aligner, Diarizer, Progress, Recognizer, SentimentScorer, VoiceEmbedder
from .roles import Priors, decide_roles
from .speakers import assign, channel_activity, channel_turns, clean, relabel, to_turns
from .types import (
    PARTIES,
    TWO_PARTIES,
    Audio,
    ChannelMap,
    Layout,
    Outcome,
    Recognition,
    Segment,
    Speaker,
    SpeakerRange,
    SpeakerTurn,
    SpeakerTurns,
    Transcript,
    Turn,
    Voice,
)
from .vocabulary import FillerTerm, language_code
from .vocabulary import prompt as filler_prompt
from .voices import likenesses, voices_of

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
    filler_terms: Mapping[str, tuple[FillerTerm, ...]] = field(default_factory=dict)
    """By language code, in place of the shipped lists; they make the prompt."""
    prompt_fillers: bool = True
    speakers: SpeakerRange = TWO_PARTIES
    """How many people a mixed call holds; on others every channel is one."""
    priors: Priors = field(default_factory=Priors)
    agent_voice: Voice | None = None
    """The agent's, from calls that a person has confirmed."""


@dataclass(frozen=True, slots=True)
class Heard:
    """The first stage: what was said when, before anybody knows who said it."""

    duration: float
    layout: Layout
    channels: tuple[Recognition, ...]
    """Aligned. One for each party's channel of a stereo call, otherwise one of everything."""
    language: str
    engines: Mapping[str, str]
    notes: tuple[str, ...] = ()

    @property
    def parties_apart(self) -> bool:
        """Each party has a channel, so nobody needs to tell their voices apart."""
        return self.layout == "stereo"


@dataclass(frozen=True, slots=True)
class Diarized:
    """The second stage, of calls whose parties share a channel: who is active when."""

    speakers: SpeakerTurns
    engines: Mapping[str, str]


def run(audio: Audio, engines: Engines, request: Request, progress: Progress) -> Transcript:
    """The transcript of one call. Raises SpeechError; silence and one-sided calls are outcomes, not errors."""
    heard = hear(audio, engines.recognizer, engines.aligner, request, progress)
    diarized = None if heard.parties_apart else diarize(audio, engines.diarizer, request, progress)
    return finish(heard, diarized, engines.sentiment, request, progress)


def hear(audio: Audio, recognizer: Recognizer, aligner: Aligner, request: Request, progress: Progress) -> Heard:
    """Where parties have a channel each, all are recognised together on the common clock."""
    layout, notes = channel_layout(audio)
    if layout == "stereo" and request.channel_map == "mono":
        layout, notes = "mono", (*notes, "The source says both channels are one mixed call")
    sound, bleed = without_bleed(audio) if layout == "stereo" else (as_mono(audio), ())
    progress("recognizing", 0.0)
    channels = []
    for number, recognition in enumerate(_recognized(sound, recognizer, request)):
        progress("aligning", number / sound.channels)
        channels.append(aligner.align(sound.channel(number), recognition))
    return Heard(
        duration=audio.duration,
        layout=layout,
        channels=tuple(channels),
        language=channels[0].language,
        engines={"recognizer": recognizer.name, "aligner": aligner.name},
        notes=(*notes, *bleed, *dict.fromkeys(note for channel in channels for note in channel.notes)),
    )


def diarize(audio: Audio, diarizer: Diarizer, request: Request, progress: Progress) -> Diarized:
    """Without ghosts (see `speakers.clean`)."""
    progress("diarizing", 0.0)
    return Diarized(clean(diarizer.diarize(as_mono(audio), request.speakers)), {"diarizer": diarizer.name})


def compare_voices(
    audio: Audio, heard: Heard, diarized: Diarized | None, embedder: VoiceEmbedder, request: Request
) -> Request:
    """The request with how like each speaker is to the agent's known voice; as it is where no voice is known."""
    if request.agent_voice is None:
        return request
    _, activity = _joined(heard, diarized)
    speakers = {turn.speaker for turn in activity}
    found = likenesses(voices_of(embedder, audio, heard.layout, activity, sorted(speakers)), request.agent_voice)
    return replace(request, priors=replace(request.priors, likeness=found))


def finish(
    heard: Heard, diarized: Diarized | None, scorer: SentimentScorer, request: Request, progress: Progress
) -> Transcript:
    """Join words and speakers, name the roles, score the turns; `diarized` None: the parties are apart. No sound."""
    progress("scoring", 0.0)
    turns, activity = _joined(heard, diarized)
    speakers = decide_roles(
        turns,
        layout=heard.layout,
        channel_map=request.channel_map,
        agent_name=request.agent_name,
        company_words=request.company_words,
        priors=request.priors,
    )
    scored = _scored(_with_roles(turns, speakers), scorer)
    return Transcript(
        duration=heard.duration,
        language=heard.language,
        layout=heard.layout,
        outcome=outcome_of(scored),
        filler_capture_mode="prompted" if any(channel.prompted for channel in heard.channels) else "unprompted",
        speakers=speakers,
        turns=scored,
        activity=activity,
        overlap_known=True,
        engines={
            **heard.engines,
            **(diarized.engines if diarized else {"diarizer": "channels"}),
            "sentiment": scorer.name,
        },
        notes=heard.notes,
        quarantined=tuple(
            sorted((q for channel in heard.channels for q in channel.quarantined), key=lambda q: q.start)
        ),
        confidence=_confidence([segment for channel in heard.channels for segment in channel.segments]),
    )


def _joined(heard: Heard, diarized: Diarized | None) -> tuple[tuple[Turn, ...], tuple[SpeakerTurn, ...]]:
    """Turns with speakers' labels, and who is audibly active when."""
    if diarized is None:
        segments = [
            replace(segment, channel=number)
            for number, channel in enumerate(heard.channels)
            for segment in channel.segments
        ]
        return channel_turns(segments), channel_activity([channel.speech for channel in heard.channels])
    words = assign(heard.channels[0].segments, diarized.speakers.exclusive)
    return relabel(to_turns(words), diarized.speakers.turns)


def _recognized(audio: Audio, recognizer: Recognizer, request: Request) -> tuple[Recognition, ...]:
    def prompt(spoken: str | None) -> str:
        return filler_prompt(spoken, request.company_words, request.filler_terms.get(language_code(spoken)))

    return recognizer.recognize(audio, request.language, prompt if request.prompt_fillers else None)


def _with_roles(turns: Sequence[Turn], speakers: Sequence[Speaker]) -> list[Turn]:
    roles = {speaker.label: speaker.role for speaker in speakers}
    return [replace(turn, role=roles.get(turn.speaker)) for turn in turns]


def _scored(turns: Sequence[Turn], scorer: SentimentScorer) -> tuple[Turn, ...]:
    sentiments = scorer.score(turns)
    return tuple(replace(turn, sentiment=sentiment) for turn, sentiment in zip(turns, sentiments, strict=True))


def _confidence(segments: Sequence[Segment]) -> float | None:
    """The segments' mean, each as often as it has words; None when no engine tells."""
    known = [(segment.confidence, len(segment.text.split())) for segment in segments if segment.confidence is not None]
    words = sum(count for _, count in known)
    return sum(confidence * count for confidence, count in known) / words if words else None


def outcome_of(turns: Sequence[Turn]) -> Outcome:
    """How many parties say enough to be one."""
    words = Counter[str]()
    for turn in turns:
        words[turn.speaker] += len(turn.words)
    if not words:
        return "no_speech"
    parties = sum(count >= MIN_PARTY_WORDS for count in words.values())
    return "two_sided" if parties >= PARTIES else "one_sided"
