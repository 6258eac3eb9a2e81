"""A transcript against the truth: who said what, when, in which role and mood."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

import numpy as np
from pyannote.core import Annotation, Segment, Timeline
from pyannote.metrics.diarization import DiarizationErrorRate
from scipy.optimize import linear_sum_assignment

from transcription.speech.types import SpeakerTurn, Transcript, Turn, Word

from .rates import Rate, Rates, pooled
from .times import turn_edge_errors, word_time_errors
from .truth import TrueTurn, Truth
from .wording import filler_counts, word_errors

_AnyTurn = TypeVar("_AnyTurn", TrueTurn, Turn)

Parties = Mapping[str, str]
"""True speaker -> the transcript's label for the same person, as far as there is one."""


def scores(truth: Truth, transcript: Transcript) -> Rates:
    """Every figure that this truth allows. Errors and rates are shares; names that end in `_s` are seconds.

    `wer` reads turns in the order of their starts; `cpwer` each speaker's words apart. `der` has no collar, scores
    overlaps, and covers all of the recording. Fillers are counted per person. A role counts as right if all are.
    """
    rates: dict[str, Rate] = diarization_errors(truth.activity, transcript) if truth.activity else {}
    if not truth.turns:
        return rates
    cpwer, parties = attribution(truth, transcript)
    rates["wer"] = word_errors(_text(truth.turns), _text(transcript.turns), truth.language)
    rates["cpwer"] = cpwer
    rates |= filler_rates(truth, transcript, parties)
    rates |= _timing(truth, transcript, parties)
    if transcript.speakers:
        rates["role_accuracy"] = role_accuracy(truth, transcript, parties)
    if any(turn.sentiment for turn in transcript.turns):
        rates["sentiment_accuracy"] = sentiment_accuracy(truth, transcript, parties)
    return rates


def attribution(truth: Truth, transcript: Transcript) -> tuple[Rate, Parties]:
    """Word errors with every speaker's words concatenated, under the pairing of speakers with the fewest, and that.

    cpWER of S. Watanabe et al., "CHiME-6 Challenge", 2020. Speakers without a partner are all deletions or insertions.
    """
    labels = sorted({turn.speaker for turn in transcript.turns})
    size = max(len(truth.speakers), len(labels))
    said = [_text(_of(truth.turns, speaker)) for speaker in truth.speakers] + [""] * (size - len(truth.speakers))
    heard = [_text(_of(transcript.turns, label)) for label in labels] + [""] * (size - len(labels))
    table = [[word_errors(reference, found, truth.language) for found in heard] for reference in said]
    rows, columns = linear_sum_assignment(np.array([[rate.amount for rate in row] for row in table]))
    pairs = list(zip(rows.tolist(), columns.tolist(), strict=True))
    errors = sum((table[row][column] for row, column in pairs), start=Rate(0, 0))
    known = [(row, column) for row, column in pairs if row < len(truth.speakers) and column < len(labels)]
    return errors, {truth.speakers[row]: labels[column] for row, column in known}


def diarization_errors(activity: Sequence[SpeakerTurn], transcript: Transcript) -> dict[str, Rate]:
    """Diarization error rate by pyannote.metrics, and its three parts."""
    detail = DiarizationErrorRate(collar=0.0, skip_overlap=False)(
        _annotation(activity),
        _annotation(transcript.activity),
        uem=Timeline([Segment(0, transcript.duration)]),
        detailed=True,
    )
    parts = {name: Rate(detail[name], detail["total"]) for name in ("missed detection", "false alarm", "confusion")}
    return {
        "der": Rate(sum(part.amount for part in parts.values()), detail["total"]),
        "der_missed": parts["missed detection"],
        "der_false_alarm": parts["false alarm"],
        "der_confusion": parts["confusion"],
    }


def filler_rates(truth: Truth, transcript: Transcript, parties: Parties) -> dict[str, Rate]:
    """Fillers of people who are known in both: how many of those found are true, and of the true are found."""
    said: Counter[tuple[str, str]] = Counter()
    heard: Counter[tuple[str, str]] = Counter()
    for speaker in truth.speakers:
        own = _of(transcript.turns, parties.get(speaker, ""))
        for counts, text in ((said, _text(_of(truth.turns, speaker))), (heard, _text(own))):
            counts.update({(speaker, term): n for term, n in filler_counts(text, truth.language).items()})
    right = (said & heard).total()
    return {"filler_precision": Rate(right, heard.total()), "filler_recall": Rate(right, said.total())}


def role_accuracy(truth: Truth, transcript: Transcript, parties: Parties) -> Rate:
    """1 of 1 if every true speaker has been found and given the right role."""
    roles = {speaker.label: speaker.role for speaker in transcript.speakers}
    right = all(roles.get(parties.get(speaker, "")) == speaker for speaker in truth.speakers)
    return Rate(int(right), 1)


def sentiment_accuracy(truth: Truth, transcript: Transcript, parties: Parties) -> Rate:
    """Labelled turns whose label is that of most of the same speaker's transcript in their time."""
    labelled = [turn for turn in truth.turns if turn.sentiment]
    own = {speaker: _of(transcript.turns, label) for speaker, label in parties.items()}
    right = sum(_sentiment_within(turn, own.get(turn.speaker, [])) == turn.sentiment for turn in labelled)
    return Rate(right, len(labelled))


def _sentiment_within(true: TrueTurn, turns: Iterable[Turn]) -> str | None:
    seconds: defaultdict[str, float] = defaultdict(float)
    for turn in turns:
        common = min(true.end, turn.end) - max(true.start, turn.start)
        if turn.sentiment and common > 0:
            seconds[turn.sentiment.label] += common
    return max(seconds, key=seconds.__getitem__) if seconds else None


def _timing(truth: Truth, transcript: Transcript, parties: Parties) -> dict[str, Rate]:
    many = []
    for speaker, label in parties.items():
        turns, heard = _of(truth.turns, speaker), _words(_of(transcript.turns, label))
        many += [word_time_errors(turns, heard), turn_edge_errors(turns, heard)]
    return pooled(many)


def _of(turns: Iterable[_AnyTurn], speaker: str) -> list[_AnyTurn]:
    return [turn for turn in turns if turn.speaker == speaker]


def _words(turns: Iterable[Turn]) -> list[Word]:
    return [word for turn in turns for word in turn.words]


def _text(turns: Iterable[TrueTurn | Turn]) -> str:
    return " ".join(turn.text for turn in turns)


def _annotation(turns: Iterable[SpeakerTurn]) -> Annotation:
    annotation = Annotation()
    for number, turn in enumerate(turns):
        if turn.end > turn.start:
            annotation[Segment(turn.start, turn.end), number] = turn.speaker
    return annotation
