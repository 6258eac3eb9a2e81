"""One run of a recording from start to finish: claim it, go through the stages, save, announce; or fail cleanly.

What a stage found is kept before the next one starts, so that an attempt after a failure goes on where the last one
stopped (see `runs`). No database connection is held while models run. A claim is a conditional UPDATE that stores the
job's id: a job that is retried keeps its id and claims again, any other job finds the recording taken.
"""

import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import BigIntegerField, Exists, OuterRef, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from . import runs, vocabularies, wiring
from .logs import about
from .models import Recording, Run
from .priors import agent_voice, priors_of
from .speech import pipeline
from .speech.audio import decode
from .speech.clock import StageClock
from .speech.plain import from_plain, to_plain
from .speech.ports import SpeechError
from .speech.types import Audio, SpeakerRange, Transcript
from .speech.waveform import peaks

logger = logging.getLogger(__name__)

Stopping = Callable[[], bool]
"""Whether the worker is to stop."""
DATABASE_AWAY = (OperationalError, InterfaceError)
"""What Django raises while PostgreSQL is stopped, restarts or has no room."""
LOST_AFTER = timedelta(minutes=2)
"""A waiting recording this old without a job is taken for lost (its transaction must have been committed by then)."""


class RetryLater(Exception):
    """This attempt failed for a reason that may pass; the recording waits for the next one."""


class HandedBack(Exception):
    """The worker is to stop: the recording waits again, with what the finished stages found, for a new job."""


class ClaimLost(Exception):
    """Somebody else took the recording over; this attempt must not write anything more."""


def process(recording_id: int, *, job_id: int, attempt: int, max_attempts: int, stopping: Stopping = bool) -> None:
    """Transcribe one recording under the claim of `job_id`; does nothing if it is done or somebody else's.

    Raises RetryLater when a later attempt may succeed, and HandedBack after a stage that ends when `stopping` says so.
    """
    if not claim(recording_id, job_id):
        return
    recording = Recording.objects.select_related("source", "agent").get(pk=recording_id)
    run = runs.open_run(recording)
    with about(run=run.number):
        _work(recording, run, stopping, job_id=job_id, attempt=attempt, max_attempts=max_attempts)


def _work(recording: Recording, run: Run, stopping: Stopping, *, job_id: int, attempt: int, max_attempts: int) -> None:
    recording_id = recording.pk
    try:
        if attempt > max_attempts:  # the attempts before did not fail, they killed the worker
            raise SpeechError(f"Processing stopped the worker {max_attempts} times.", permanent=True)
        transcript = _Attempt(recording, run, stopping).transcript()
    except ClaimLost:
        logger.info("Recording %s: taken over by another job", recording_id)
    except HandedBack:
        _release(recording_id, job_id, "")
        raise
    except (SpeechError, *DATABASE_AWAY) as error:
        connection.close()  # a broken one serves nobody
        reason = str(error) if isinstance(error, SpeechError) else "The database could not be reached."
        if getattr(error, "permanent", False) or attempt >= max_attempts:
            _fail(recording_id, job_id, run, reason)
            return
        with suppress(*DATABASE_AWAY):  # the claim stays, and the same job takes it up again
            _release(recording_id, job_id, reason)
        raise RetryLater(reason) from error
    except Exception as error:  # the boundary of a job: whatever went wrong must show on the batch page
        logger.exception("Recording %s failed", recording_id)
        _fail(recording_id, job_id, run, f"Unexpected error ({type(error).__name__}: {error}).")
    else:
        _save(recording_id, job_id, run, transcript)


def claim(recording_id: int, job_id: int) -> bool:
    """Take a waiting recording, or one that this same job already held. False: there is nothing to do."""
    waiting = Q(status=Recording.Status.WAITING) | Q(status=Recording.Status.PROCESSING, job_id=job_id)
    taken = Recording.objects.filter(waiting, pk=recording_id).update(
        status=Recording.Status.PROCESSING, job_id=job_id, claimed_at=timezone.now(), stage="", progress=0, error=""
    )
    return taken == 1


def lost(task_name: str) -> QuerySet[Recording]:
    """Unfinished recordings that no job will ever touch again: their job ended, or was never deferred."""
    jobs = ProcrastinateJob.objects.filter(task_name=task_name, status__in=["todo", "doing"]).annotate(
        recording=Cast(KeyTextTransform("recording_id", "args"), BigIntegerField())
    )
    unfinished = Q(status=Recording.Status.WAITING, received_at__lt=timezone.now() - LOST_AFTER) | Q(
        status=Recording.Status.PROCESSING, claimed_at__lt=timezone.now() - LOST_AFTER
    )
    return Recording.objects.filter(unfinished).exclude(Exists(jobs.filter(recording=OuterRef("pk"))))


class _Attempt:
    """The stages of a run that are still to do, one after the other."""

    def __init__(self, recording: Recording, run: Run, stopping: Stopping) -> None:
        self._recording, self._run, self._stopping = recording, run, stopping
        self._asked = runs.settings_of(run)
        self._request = _request(recording, self._asked)
        self._clock = StageClock(lambda stage, share: _show_progress(recording, stage, share))
        self._seconds_before = dict(run.stage_seconds)

    def transcript(self) -> Transcript:
        """Raises SpeechError, HandedBack, or ClaimLost as soon as somebody else took the recording over."""
        connection.close()
        heard = self._heard()
        self._hand_back_if_asked()
        diarized = None if heard.parties_apart else self._diarized()
        self._hand_back_if_asked()
        self._clock("scoring", 0.0)
        request = self._request
        if request.agent_voice:
            request = pipeline.compare_voices(self._audio, heard, diarized, self._engine("voices"), request)
        scorer = self._engine("sentiment")
        transcript = pipeline.finish(heard, diarized, scorer, request, self._clock)
        self._keep({})
        return transcript

    def _heard(self) -> pipeline.Heard:
        if self._run.heard is not None:
            return from_plain(pipeline.Heard, self._run.heard)
        audio = self._audio
        self._clock("recognizing", 0.0)
        engines = self._engine("recognizer"), self._engine("aligner")
        heard = pipeline.hear(audio, *engines, self._request, self._clock)
        levels = peaks(audio if heard.parties_apart else audio.mono())
        self._keep({"heard": to_plain(heard), "engines": dict(heard.engines)})
        _held(self._recording).update(peaks=levels)
        return heard

    def _diarized(self) -> pipeline.Diarized:
        if self._run.diarized is not None:
            return from_plain(pipeline.Diarized, self._run.diarized)
        audio = self._audio
        self._clock("diarizing", 0.0)
        diarized = pipeline.diarize(audio, self._engine("diarizer"), self._request, self._clock)
        self._keep({"diarized": to_plain(diarized), "engines": self._run.engines | dict(diarized.engines)})
        return diarized

    def _hand_back_if_asked(self) -> None:
        if self._stopping():
            raise HandedBack

    @cached_property
    def _audio(self) -> Audio:
        self._clock("decoding", 0.0)
        return decode(local_file(self._recording))

    def _engine(self, role: wiring.EngineRole) -> Any:
        self._run.weights[role] = wiring.weights(role, self._asked.model)
        return wiring.engine(role, self._asked.model)

    def _keep(self, found: dict[str, Any]) -> None:
        """Write down what a stage found, while the claim is still ours."""
        found |= {"stage_seconds": self._seconds_before | self._clock.seconds(), "weights": self._run.weights}
        with transaction.atomic():
            if not _held(self._recording).select_for_update().values("pk").first():
                raise ClaimLost
            Run.objects.filter(pk=self._run.pk).update(**found)
        for name, value in found.items():
            setattr(self._run, name, value)
        connection.close()


def _request(recording: Recording, asked: runs.RunSettings) -> pipeline.Request:
    language = asked.language or recording.language_hint or recording.source.language
    words = vocabularies.company_words(language) if asked.company_words is None else asked.company_words
    return pipeline.Request(
        language=language or None,
        channel_map=recording.channel_map,  # type: ignore[arg-type]  # the same literals
        agent_name=recording.agent.name if recording.agent else None,
        company_words=tuple(words),
        filler_terms=vocabularies.own_terms(),
        prompt_fillers=asked.prompt_fillers,
        speakers=recording.source.speakers if not asked.speakers else SpeakerRange(asked.speakers, asked.speakers),
        priors=priors_of(recording),
        agent_voice=agent_voice(recording),
    )


def local_file(recording: Recording) -> Path:
    """The audio as a file on this machine, wherever the storage keeps it. Raises SpeechError while it cannot be had."""
    try:
        return Path(recording.audio.path)
    except OSError as error:
        raise SpeechError(f"The recording could not be fetched: {error}", permanent=False) from error


def _held(recording: Recording) -> QuerySet[Recording]:
    """The row of a recording for as long as the job that claimed `recording` holds it."""
    return Recording.objects.filter(pk=recording.pk, job_id=recording.job_id, status=Recording.Status.PROCESSING)


def _show_progress(recording: Recording, stage: str, share: float) -> None:
    still_ours = _held(recording).update(stage=stage, progress=share)
    connection.close()
    if not still_ours:
        raise ClaimLost


def _save(recording_id: int, job_id: int, run: Run, transcript: Transcript) -> None:
    with transaction.atomic():
        held = Recording.objects.filter(pk=recording_id, job_id=job_id, status=Recording.Status.PROCESSING)
        recording = held.select_for_update().first()
        if recording is None:
            return
        recording.status = Recording.Status.DONE
        recording.stage, recording.progress, recording.error = "", 1, ""
        runs.succeed(recording, run, transcript)


def _fail(recording_id: int, job_id: int, run: Run, reason: str) -> None:
    """A call that has a transcript of an earlier run keeps it, and is done as before."""
    with transaction.atomic():
        ours = Recording.objects.filter(pk=recording_id, job_id=job_id)
        now = timezone.now()
        if not ours.exists():
            return
        Run.objects.filter(pk=run.pk).update(finished_at=now, error=reason)
        again = ours.filter(current_run__isnull=False)
        if not again.update(status=Recording.Status.DONE, stage="", progress=1):
            ours.update(status=Recording.Status.FAILED, error=reason, finished_at=now)


def _release(recording_id: int, job_id: int, reason: str) -> None:
    """Back to waiting, with the reason of the failed attempt on show until the next one starts."""
    Recording.objects.filter(pk=recording_id, job_id=job_id).update(
        status=Recording.Status.WAITING, error=reason, stage="", progress=0
    )
