"""Versions of a call: opened, kept stage by stage, made current, and set aside again.

A recording has at most one open run, which is what its status, stage and progress are about. What was found by the
current run is stored in the recording and its turns (see `transcripts`), so a person's corrections are made there and
nothing that reads calls needs to know of runs. A run that stops being current takes its transcript along as JSON.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from statistics import fmean
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from .models import Recording, Run, User
from .speech.personal import cautious_text, hidden
from .speech.pipeline import Heard
from .speech.plain import from_plain, to_plain
from .speech.types import Segment, Transcript
from .transcripts import as_said, store_transcript, transcript_of

BUSY = (Recording.Status.WAITING, Recording.Status.PROCESSING)
ENGLISH = "en"

_REUSED: dict[str, tuple[str, ...]] = {
    Run.Stage.RECOGNIZING: (),
    Run.Stage.DIARIZING: ("heard",),
    Run.Stage.SCORING: ("heard", "diarized"),
}
_ASKED_OF: dict[str, str] = {
    "model": Run.Stage.RECOGNIZING,
    "prompt_fillers": Run.Stage.RECOGNIZING,
    "language": Run.Stage.RECOGNIZING,
    "company_words": Run.Stage.RECOGNIZING,
    "speakers": Run.Stage.DIARIZING,
}
"""Setting -> the stage that it changes; a run that keeps what this stage found keeps its setting, too."""


@dataclass(frozen=True, slots=True)
class RunSettings:
    """What can differ between the runs of a call. `model` "" is settings.WHISPER_MODEL; `language` "": as the call;
    `speakers` 0: as the source."""

    model: str = ""
    prompt_fillers: bool = True
    language: str = ""
    speakers: int = 0
    company_words: tuple[str, ...] | None = None
    """Names in the prompt; None: those that the site has when it is heard."""


def settings_of(run: Run) -> RunSettings:
    words = run.asked.get("company_words")
    return RunSettings(**run.asked | {"company_words": words if words is None else tuple(words)})


def trial_settings(recording: Recording, company_words: Iterable[str]) -> RunSettings:
    """As the current run was heard, but for the names in the prompt."""
    as_now = settings_of(recording.current_run) if recording.current_run else first_settings(recording)
    return replace(as_now, company_words=tuple(company_words))


def first_settings(recording: Recording) -> RunSettings:
    """The quick model where the site has one and it knows the call's language, as far as that was told."""
    quick: str = settings.FIRST_WHISPER_MODEL
    spoken = recording.language_hint or recording.source.language
    fits = not quick.endswith(".en") or spoken in ("", ENGLISH)
    return RunSettings(model=quick if quick and fits else settings.WHISPER_MODEL)


def open_run(recording: Recording) -> Run:
    """The run that the job at hand is about: one that was asked for or interrupted, else the recording's first."""
    found = recording.runs.filter(finished_at=None).first()
    return found or Run.objects.create(
        recording=recording, number=_next_number(recording), asked=asdict(first_settings(recording))
    )


def begin(
    recording: Recording,
    from_stage: str,
    changes: RunSettings,
    *,
    by: User | None = None,
    reason: str = "",
    trial: bool = False,
) -> Run | None:
    """Open another run, which the caller defers a job for in the same transaction.

    A `trial` does not become current when it is done.

    It keeps what the stages before `from_stage` found in the current run (of a call that has none, in the newest), and
    the settings of those stages. None: the recording is waiting or at work already, or its sound or words were removed.
    """
    with transaction.atomic():
        held = Recording.objects.select_for_update().exclude(status__in=BUSY).filter(pk=recording.pk).first()
        if held is None or held.removals.exists():
            return None
        base = held.current_run or held.runs.order_by("-number").first()
        give_up([held], "Given up for a later run.")
        asked = asdict(changes) | (_settings_kept(base, from_stage) if base else {})
        run = Run(recording=held, number=_next_number(held), base=base, from_stage=from_stage, asked=asked)
        run.created_by, run.reason, run.trial = by, reason, trial
        for stage in _REUSED[from_stage]:
            setattr(run, stage, getattr(base, stage, None))
        run.weights = dict(base.weights) if base and run.heard else {}
        run.save()
        wait(held)
        return run


def reopen(recordings: Iterable[Recording]) -> None:
    """Where the newest run of these recordings failed or was given up, its next attempt goes on at the stage it was in.

    The caller sets them back to waiting.
    """
    newest = Run.objects.filter(recording__in=recordings).order_by("recording_id", "-number").distinct("recording_id")
    Run.objects.filter(pk__in=newest.values("pk")).exclude(error="").update(finished_at=None, error="")


def give_up(recordings: Iterable[Recording | int], why: str) -> None:
    """Close the open runs of these recordings, which leaves what they found readable."""
    Run.objects.filter(recording__in=recordings, finished_at=None).update(finished_at=timezone.now(), error=why)


def wait(recording: Recording) -> None:
    """Set a recording back to waiting; the caller defers its job in the same transaction."""
    recording.status = Recording.Status.WAITING
    recording.job_id = None
    recording.stage, recording.progress, recording.error = "", 0, ""
    recording.save(update_fields=["status", "job_id", "stage", "progress", "error"])


def succeed(recording: Recording, run: Run, transcript: Transcript) -> None:
    """Store what `run` found and make it current, unless it is a trial."""
    run.finished_at, run.error = timezone.now(), ""
    run.engines = dict(transcript.engines)
    run.word_probability = _word_probability(transcript)
    if run.trial and recording.current_run_id:
        run.transcript = to_plain(transcript)
        run.save()
        recording.save(update_fields=["status", "stage", "progress", "error"])
        return
    _set_aside(recording)
    run.save()
    recording.current_run = run
    if run.from_stage == Run.Stage.RECOGNIZING:
        recording.disputed_at = recording.disputed_by = None
    recording.stage_seconds = (recording.stage_seconds if run.from_stage != Run.Stage.RECOGNIZING else {}) | (
        run.stage_seconds
    )
    store_transcript(recording, transcript)


def make_current(run: Run) -> bool:
    """Show what a finished run found in place of the current one. False: it has nothing to show, or is current."""
    with transaction.atomic():
        recording = Recording.objects.select_for_update().exclude(status__in=BUSY).filter(pk=run.recording_id).first()
        run.refresh_from_db(fields=["transcript"])
        if recording is None or run.transcript is None:
            return False
        transcript = from_plain(Transcript, run.transcript)
        _set_aside(recording)
        run.transcript = None
        run.save(update_fields=["transcript"])
        recording.current_run = run
        store_transcript(recording, transcript)
        return True


def transcript_of_run(run: Run) -> Transcript | None:
    """What a run found, with the corrections made while it was current, and without what is personal in it.

    None if it has not finished well.
    """
    if run.recording.current_run_id == run.pk:
        return transcript_of(run.recording)
    return hidden(from_plain(Transcript, run.transcript)) if run.transcript is not None else None


def heard_of(recording: Recording) -> list[Segment]:
    """What the newest run heard, in order of time, whoever said it; empty if nothing was heard yet.

    Without figures and addresses: what of them is personal is not known before the speakers are.
    """
    newest = recording.runs.order_by("-number").values_list("heard", flat=True).first()
    channels = from_plain(Heard, newest).channels if newest else ()
    segments = (segment for channel in channels for segment in channel.segments)
    shown = (replace(segment, text=cautious_text(segment.text), words=()) for segment in segments)
    return sorted(shown, key=lambda segment: segment.start)


def without_findings(runs: QuerySet[Run]) -> QuerySet[Run]:
    """For lists: the columns that hold whole transcripts are not read."""
    return runs.defer("heard", "diarized", "transcript")


def _set_aside(recording: Recording) -> None:
    """Give the stored transcript, with what people corrected in it, to the run that found it."""
    if recording.current_run_id:
        transcript = to_plain(as_said(recording))
        Run.objects.filter(pk=recording.current_run_id).update(transcript=transcript)


def _settings_kept(base: Run, from_stage: str) -> dict[str, Any]:
    order = list(Run.Stage)
    kept = [name for name, stage in _ASKED_OF.items() if order.index(stage) < order.index(from_stage)]  # type: ignore[arg-type]
    return {name: base.asked[name] for name in kept if name in base.asked}


def _next_number(recording: Recording) -> int:
    newest = recording.runs.order_by("-number").values_list("number", flat=True).first()
    return (newest or 0) + 1


def _word_probability(transcript: Transcript) -> float | None:
    known = [word.probability for turn in transcript.turns for word in turn.words if word.probability is not None]
    return fmean(known) if known else None
