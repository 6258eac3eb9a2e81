"""From a file that was looked at (see `inspection`) to a Recording with a job."""

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction

from .inspection import Candidate
from .metadata import Metadata
from .models import Agent, Batch, Recording, Source, Team, stored_name
from .speech.audio import AudioInfo
from .tasks import process_recording


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a candidate. `recording` is the new one, or the one that a duplicate repeats."""

    candidate: Candidate
    state: Literal["accepted", "duplicate", "error"]
    recording: Recording | None = None
    error: str = ""


class DuplicateError(Exception):
    """The same bytes were received before, as `recording`."""

    def __init__(self, recording: Recording) -> None:
        super().__init__(f"received before as {recording.original_name}")
        self.recording = recording


def accept(candidate: Candidate, batch: Batch) -> Recording:
    """Store the file, create the Recording and defer its job, in one transaction: all of it happens or nothing does.

    An unsaved batch or source is created with its first recording (see `recording.batch`). Raises DuplicateError, or
    OSError if the file cannot be stored.
    """
    if candidate.error or candidate.info is None:
        raise ValueError(f"{candidate.name} {candidate.error}")
    if existing := Recording.objects.filter(sha256=candidate.sha256).first():
        raise DuplicateError(existing)
    try:
        with _stored(candidate) as audio, transaction.atomic():
            recording = _create(candidate, candidate.info, batch, audio)
            process_recording.defer(recording_id=recording.pk)
            return recording
    except IntegrityError as error:
        if existing := Recording.objects.filter(sha256=candidate.sha256).first():  # somebody else was quicker
            raise DuplicateError(existing) from error
        raise


def accept_all(candidates: Iterable[Candidate], batch: Batch) -> Iterator[Result]:
    """Accept every candidate that can be, one transaction each, and say what became of each."""
    for candidate in candidates:
        if candidate.error:
            yield Result(candidate, "error", error=candidate.error)
            continue
        try:
            recording = accept(candidate, batch)
        except DuplicateError as duplicate:
            yield Result(candidate, "duplicate", duplicate.recording)
        except OSError as error:
            yield Result(candidate, "error", error=f"could not be stored: {error.strerror or error}")
        else:
            batch = recording.batch
            yield Result(candidate, "accepted", recording)


def _create(candidate: Candidate, info: AudioInfo, batch: Batch, audio: str) -> Recording:
    metadata, source = candidate.metadata, candidate.source
    origins = dict(candidate.origins)
    agent = candidate.agent or (_new_agent(metadata) if candidate.new_agent else None)
    if metadata.agent and not agent:
        origins["unknown_agent"] = metadata.agent
        del origins["agent"]
    return Recording.objects.create(
        batch=batch if batch.pk else Batch.objects.create(created_by=batch.created_by),
        source=source if source.pk else Source.objects.get_or_create(name=source.name)[0],
        audio=audio,
        original_name=candidate.name,
        sha256=candidate.sha256,
        bytes=candidate.bytes,
        codec=info.codec,
        channels=info.channels,
        sample_rate=info.sample_rate,
        duration=info.duration_s,
        agent=agent,
        started_at=metadata.started_at,
        external_id=metadata.external_id or "",
        customer_ref=metadata.customer_ref or "",
        direction=metadata.direction or "",
        queue=metadata.queue or "",
        channel_map=metadata.channel_map or Source.ChannelMap.AUTO,
        language_hint=metadata.language or "",
        origins=origins,
    )


def _new_agent(metadata: Metadata) -> Agent:
    """The agent named in `metadata`, in the team named there; a file before this one may have created both."""
    name = metadata.agent or ""
    if agent := Agent.objects.filter(name__iexact=name).first():
        return agent
    team = Team.objects.get_or_create(name=metadata.team)[0] if metadata.team else None
    return Agent.objects.get_or_create(name=name, defaults={"team": team})[0]


@contextmanager
def _stored(candidate: Candidate) -> Iterator[str]:
    """The file's name in the storage. If the block fails, or the copy, nothing stays there."""
    name = stored_name(Recording(), candidate.path.name)
    try:
        if candidate.content:
            _move_link(candidate.content, name)
        else:
            with candidate.path.open("rb") as content:
                default_storage.save(name, File(content))
        if default_storage.size(name) != candidate.bytes:
            raise OSError("the file changed while it was read; try again when it is complete")
        yield name
    except BaseException:
        default_storage.delete(name)
        raise


def _move_link(path: Path, name: str) -> None:
    """Store a file of our own without copying it where the storage can move files; `path` stays until it is deleted."""
    link = path.with_name(f"{path.name}.link")
    link.unlink(missing_ok=True)
    try:
        link.hardlink_to(path)
    except OSError:  # a file system without hard links
        shutil.copyfile(path, link)
    try:
        with link.open("rb") as content:
            default_storage.save(name, _Movable(content, link))
    finally:
        link.unlink(missing_ok=True)


class _Movable(File):  # type: ignore[type-arg]  # not generic at run time
    """A file that Django's file system storage renames instead of copying; other storages read it."""

    def __init__(self, content: BinaryIO, path: Path) -> None:
        super().__init__(content)
        self._path = path

    def temporary_file_path(self) -> str:
        return str(self._path)
