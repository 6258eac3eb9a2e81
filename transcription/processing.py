"""One recording from start to finish: claim it, run the pipeline, save, announce; or fail cleanly with the reason.

No database connection is held while models run. A claim is a conditional UPDATE that stores the job's id: a job that is
retried keeps its id and claims again, any other job finds the recording taken.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.db import connection, transaction
from django.db.models import BigIntegerField, Exists, OuterRef, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from . import wiring
from .models import Recording, Vocabulary
from .speech import pipeline
from .speech.audio import decode
from .speech.clock import StageClock
from .speech.ports import SpeechError
from .speech.types import Audio, Transcript
from .speech.waveform import peaks
from .transcripts import store_transcript

logger = logging.getLogger(__name__)

LOST_AFTER = timedelta(minutes=2)
"""A waiting recording this old without a job is taken for lost (its transaction must have been committed by then)."""


class RetryLater(Exception):
    """This attempt failed for a reason that may pass; the recording waits for the next one."""


class ClaimLost(Exception):
    """Somebody else took the recording over; this attempt must not write anything more."""


def process(recording_id: int, *, job_id: int, attempt: int, max_attempts: int) -> None:
    """Transcribe one recording under the claim of `job_id`; does nothing if it is done or somebody else's.

    Raises RetryLater when a later attempt may succeed.
    """
    if not claim(recording_id, job_id):
        return
    recording = Recording.objects.select_related("source", "agent").get(pk=recording_id)
    try:
        if attempt > max_attempts:  # the attempts before did not fail, they killed the worker
            raise SpeechError(f"Processing stopped the worker {max_attempts} times.", permanent=True)
        transcript, seconds, levels = _run(recording)
    except ClaimLost:
        logger.info("Recording %s: taken over by another job", recording_id)
    except SpeechError as error:
        if error.permanent or attempt >= max_attempts:
            _fail(recording_id, job_id, str(error))
            return
        _release(recording_id, job_id, str(error))
        raise RetryLater(str(error)) from error
    except Exception as error:  # the boundary of a job: whatever went wrong must show on the batch page
        logger.exception("Recording %s failed", recording_id)
        _fail(recording_id, job_id, f"Unexpected error ({type(error).__name__}: {error}).")
    else:
        _save(recording_id, job_id, transcript, seconds, levels)


def claim(recording_id: int, job_id: int) -> bool:
    """Take a waiting recording, or one that this same job already held. False: there is nothing to do."""
    waiting = Q(status=Recording.Status.WAITING) | Q(status=Recording.Status.PROCESSING, job_id=job_id)
    taken = Recording.objects.filter(waiting, pk=recording_id).update(
        status=Recording.Status.PROCESSING, job_id=job_id, claimed_at=timezone.now(), stage="", progress=0, error=""
    )
    return taken == 1


def restart(recording: Recording) -> None:
    """Set a finished or failed recording back to waiting; the caller defers its job in the same transaction."""
    recording.status = Recording.Status.WAITING
    recording.job_id = None
    recording.stage, recording.progress, recording.error = "", 0, ""
    recording.save(update_fields=["status", "job_id", "stage", "progress", "error"])


def lost(task_name: str) -> QuerySet[Recording]:
    """Unfinished recordings that no job will ever touch again: their job ended, or was never deferred."""
    jobs = ProcrastinateJob.objects.filter(task_name=task_name, status__in=["todo", "doing"]).annotate(
        recording=Cast(KeyTextTransform("recording_id", "args"), BigIntegerField())
    )
    unfinished = Q(status=Recording.Status.WAITING, received_at__lt=timezone.now() - LOST_AFTER) | Q(
        status=Recording.Status.PROCESSING, claimed_at__lt=timezone.now() - LOST_AFTER
    )
    return Recording.objects.filter(unfinished).exclude(Exists(jobs.filter(recording=OuterRef("pk"))))


def _run(recording: Recording) -> tuple[Transcript, dict[str, float], list[list[float]]]:
    request = _request(recording)
    clock = StageClock(lambda stage, share: _show_progress(recording, stage, share))
    connection.close()
    clock("decoding", 0.0)
    with _local_file(recording) as path:
        audio = decode(path)
    transcript = pipeline.run(audio, wiring.engines(), request, clock)
    return transcript, clock.seconds(), peaks(_as_drawn(audio, transcript))


def _as_drawn(audio: Audio, transcript: Transcript) -> Audio:
    return audio if transcript.layout == "stereo" else audio.mono()


def _request(recording: Recording) -> pipeline.Request:
    vocabularies = Vocabulary.objects.values_list("company_words", flat=True)
    return pipeline.Request(
        language=recording.language_hint or recording.source.language or None,
        channel_map=recording.channel_map,  # type: ignore[arg-type]  # the same literals
        agent_name=recording.agent.name if recording.agent else None,
        company_words=tuple(word for words in vocabularies for word in words),
    )


@contextmanager
def _local_file(recording: Recording) -> Iterator[Path]:
    """The audio as a file on this machine, wherever the storage keeps it."""
    try:
        yield Path(recording.audio.path)
    except NotImplementedError:  # a remote storage has no paths
        with (
            NamedTemporaryFile(suffix=Path(recording.audio.name or "").suffix) as copy,
            recording.audio.open() as stored,
        ):
            for chunk in stored.chunks():
                copy.write(chunk)
            copy.flush()
            yield Path(copy.name)


def _show_progress(recording: Recording, stage: str, share: float) -> None:
    held = Recording.objects.filter(pk=recording.pk, job_id=recording.job_id, status=Recording.Status.PROCESSING)
    still_ours = held.update(stage=stage, progress=share)
    connection.close()
    if not still_ours:
        raise ClaimLost


def _save(
    recording_id: int, job_id: int, transcript: Transcript, seconds: dict[str, float], levels: list[list[float]]
) -> None:
    with transaction.atomic():
        recording = (
            Recording.objects.select_for_update()
            .filter(pk=recording_id, job_id=job_id, status=Recording.Status.PROCESSING)
            .first()
        )
        if recording is None:
            return
        recording.status = Recording.Status.DONE
        recording.stage, recording.progress, recording.error = "", 1, ""
        recording.stage_seconds = seconds
        recording.peaks = levels
        store_transcript(recording, transcript)


def _fail(recording_id: int, job_id: int, reason: str) -> None:
    Recording.objects.filter(pk=recording_id, job_id=job_id).update(
        status=Recording.Status.FAILED, error=reason, finished_at=timezone.now()
    )


def _release(recording_id: int, job_id: int, reason: str) -> None:
    """Back to waiting, with the reason of the failed attempt on show until the next one starts."""
    Recording.objects.filter(pk=recording_id, job_id=job_id).update(
        status=Recording.Status.WAITING, error=reason, stage="", progress=0
    )
