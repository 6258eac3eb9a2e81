"""From a file that was looked at (see `inspection`) to a Recording with a job."""

import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Literal

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from procrastinate.types import JSONDict

from .inspection import Candidate
from .metadata import Metadata
from .models import Agent, Batch, Recording, Source, Team, stored_name
from .speech.audio import AudioInfo
from .tasks import process_recording

AT_ONCE = 500
"""Files whose recordings are made in one transaction."""


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a candidate. `recording` is the new one, or the one that a duplicate repeats."""

    candidate: Candidate
    state: Literal["accepted", "duplicate", "error"]
    recording: Recording | None = None
    error: str = ""


def accept_all(candidates: Iterable[Candidate], batch: Batch) -> Iterator[Result]:
    """Accept every candidate that can be, and say what became of each, in their order.

    The files of a part of AT_ONCE are stored; then their Recordings are created and their jobs deferred in one
    transaction: all of it happens or nothing does. An unsaved batch or source is created with the first of them.
    """
    left = iter(candidates)
    while together := list(islice(left, AT_ONCE)):
        for result in _accepted(together, batch):
            if result.state == "accepted" and result.recording:
                batch = result.recording.batch
            yield result


def _accepted(candidates: list[Candidate], batch: Batch) -> list[Result]:
    received = _received(candidates)
    try:
        with ExitStack() as stored:
            return _take_in(candidates, dict(received), batch, stored)
    except IntegrityError:
        if _received(candidates).keys() == received.keys():
            raise
        return _accepted(candidates, batch)  # somebody else was quicker with one of them


def _received(candidates: list[Candidate]) -> dict[str, Recording]:
    """What was received before with the same content, by its SHA-256."""
    known = Recording.objects.filter(sha256__in=[one.sha256 for one in candidates if one.sha256])
    return {recording.sha256: recording for recording in known.defer("activity", "peaks")}


def _take_in(
    candidates: list[Candidate], received: dict[str, Recording], batch: Batch, stored: ExitStack
) -> list[Result]:
    results, new = [], []
    for candidate in candidates:
        result = _result(candidate, received, stored)
        if result.state == "accepted" and result.recording:
            received[candidate.sha256] = result.recording
            new.append(result)
        results.append(result)
    if new:
        with transaction.atomic():
            _create(new, batch)
    return results


def _result(candidate: Candidate, received: Mapping[str, Recording], stored: ExitStack) -> Result:
    """With a Recording that is not saved, if it can be accepted."""
    if candidate.error or candidate.info is None:
        return Result(candidate, "error", error=candidate.error)
    if existing := received.get(candidate.sha256):
        return Result(candidate, "duplicate", existing)
    try:
        audio = stored.enter_context(_stored(candidate))
    except OSError as error:
        return Result(candidate, "error", error=f"could not be stored: {error.strerror or error}")
    return Result(candidate, "accepted", _recording(candidate, candidate.info, audio))


def _create(results: list[Result], batch: Batch) -> None:
    recordings = [result.recording for result in results if result.recording]
    held = batch if batch.pk else Batch.objects.create(created_by=batch.created_by)
    sources: dict[str, Source] = {}
    for result, recording in zip(results, recordings, strict=True):
        source, metadata = result.candidate.source, result.candidate.metadata
        recording.batch = held
        recording.source = source if source.pk else _source(source.name, sources)
        if result.candidate.new_agent:
            recording.agent = _new_agent(metadata)
    Recording.objects.bulk_create(recordings)
    arguments: list[JSONDict] = [{"recording_id": recording.pk} for recording in recordings]
    process_recording.configure().batch_defer(*arguments)


def _recording(candidate: Candidate, info: AudioInfo, audio: str) -> Recording:
    """Without what may have to be created with it: its batch, source and new agent."""
    metadata = candidate.metadata
    origins = dict(candidate.origins)
    if metadata.agent and not (candidate.agent or candidate.new_agent):
        origins["unknown_agent"] = metadata.agent
        del origins["agent"]
    return Recording(
        audio=audio,
        original_name=candidate.name,
        sha256=candidate.sha256,
        bytes=candidate.bytes,
        codec=info.codec,
        channels=info.channels,
        sample_rate=info.sample_rate,
        duration=info.duration_s,
        agent=candidate.agent,
        started_at=metadata.started_at,
        external_id=metadata.external_id or "",
        customer_ref=metadata.customer_ref or "",
        direction=metadata.direction or "",
        queue=metadata.queue or "",
        channel_map=metadata.channel_map or Source.ChannelMap.AUTO,
        language_hint=metadata.language or "",
        origins=origins,
    )


def _source(name: str, known: dict[str, Source]) -> Source:
    if name not in known:
        known[name] = Source.objects.get_or_create(name=name)[0]
    return known[name]


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
