"""What a draft is worth: its files looked at, its plan, and the start that makes a batch of it."""

import logging
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from django.db import transaction
from django.utils import timezone

from . import sidecars, unpacking
from .arrivals import RefusedError, Room, is_hidden, kind_of, tidy_name
from .forms import default_source
from .ingest import Result, accept_all
from .inspection import Candidate, Found, Plan, folded, plan_found, sha256
from .manifest import Manifest, ManifestError, read
from .metadata import Metadata
from .models import Batch, Draft, DraftFile, User
from .queries import agents_managed_by
from .speech.audio import AudioInfo, probe
from .speech.ports import SpeechError
from .speech.soundcheck import remarks

logger = logging.getLogger(__name__)

MAX_MANIFEST_BYTES = 10_000_000
MAX_SIDECAR_BYTES = 1_000_000

Kind = DraftFile.Kind


@dataclass(frozen=True, slots=True)
class DraftPlan:
    """What would happen at the start. `unknown`: names that no agent of the roster has -> their files.

    `others`: the files that are no recordings. `skipped`: the unknown names whose files are to be left out.
    """

    plan: Plan
    manifest: Manifest | None
    unknown: dict[str, list[Candidate]]
    others: tuple[DraftFile, ...]
    skipped: frozenset[str]

    @property
    def starting(self) -> list[Candidate]:
        """The calls that would be processed."""
        return [one for one in self.plan.candidates if not (one.error or one.is_duplicate or self.skips(one))]

    def skips(self, candidate: Candidate) -> bool:
        return candidate.agent is None and folded(candidate.metadata.agent or "") in self.skipped

    @property
    def audio_seconds(self) -> float:
        return sum(one.info.duration_s for one in self.starting if one.info)


def look_at_next(draft: Draft, *, seconds: float) -> int:
    """Look at files that have arrived, for about so long; returns how many still wait to be looked at."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with transaction.atomic():
            waiting = draft.unseen.select_for_update(skip_locked=True).order_by("pk")
            if not (file := waiting.first()):
                break
            file.draft = draft
            _look(file)
            file.looked_at = timezone.now()
            file.save()
    return draft.unseen.count()


def plan_of(draft: Draft, user: User) -> DraftPlan:
    """What would happen if `user` started the draft now; changes nothing."""
    files = list(draft.files.exclude(looked_at=None))
    agents = list(agents_managed_by(user))
    by_key = {agent.pk: agent for agent in agents}
    choices = draft.unknown_agents
    manifest = _manifest(files)
    planned = plan_found(
        _found(files, draft),
        source=draft.source or default_source(),
        manifest=manifest,
        default_agent=draft.default_agent,
        agents=agents,
        aliases={name: by_key[said["map"]] for name, said in choices.items() if said.get("map") in by_key},
    )
    unknown: dict[str, list[Candidate]] = {}
    for candidate in planned.candidates:
        if candidate.metadata.agent and not candidate.agent and not candidate.error:
            unknown.setdefault(folded(candidate.metadata.agent), []).append(candidate)
    skipped = frozenset(name for name, said in choices.items() if said.get("skip"))
    others = tuple(file for file in files if file.kind != Kind.RECORDING)
    return DraftPlan(planned, manifest, unknown, others, skipped)


def start(draft: Draft, user: User) -> list[Result]:
    """Make a batch of what the draft is worth, and delete the draft. Files that cannot be stored stop nothing.

    Cut off in the middle, it can be done again: what was taken in before is in the draft's batch and left alone.
    """
    planned = plan_of(draft, user)
    batch = draft.batch or Batch(created_by=draft.created_by)
    results = []
    for result in accept_all(planned.starting, batch):
        if result.recording and not draft.batch:
            draft.batch = result.recording.batch
            draft.save(update_fields=["batch", "touched_at"])
        results.append(result)
    if results and not any(result.state == "error" for result in results):
        draft.discard()
    return results


def _look(file: DraftFile) -> None:
    try:
        if file.size and not (file.path.is_file() and file.path.stat().st_size == file.size):
            raise RefusedError("Parts of it are gone from this server's disk. Remove it here and choose it again.")
        {Kind.ARCHIVE: _unpack, Kind.MANIFEST: _read_manifest, Kind.SIDECAR: _read_sidecar}.get(
            Kind(file.kind), _look_at_recording
        )(file)
    except (RefusedError, ValueError, OSError) as error:
        file.error = str(error)
    except (SpeechError, unpacking.ArchiveError) as error:
        file.error = str(error).replace(file.path.name, PurePosixPath(file.name).name)
    except Exception as error:  # one strange file must not keep the others from being looked at
        logger.exception("Draft file %s", file.pk)
        file.error = f"It could not be looked at ({type(error).__name__}: {error})."


def _look_at_recording(file: DraftFile) -> None:
    if not file.size:
        raise RefusedError(f"{PurePosixPath(file.name).name} is empty (0 bytes). The copy was probably cut off.")
    info = probe(file.path)
    file.codec, file.channels, file.sample_rate = info.codec, info.channels, info.sample_rate
    file.duration = info.duration_s
    file.notes = list(remarks(file.path))
    file.sha256 = sha256(file.path)


def _read_manifest(file: DraftFile) -> None:
    if file.size > MAX_MANIFEST_BYTES:
        raise RefusedError("This file is too large for a manifest.")
    try:
        read(_content(file), timezone.get_default_timezone())
    except ManifestError as error:
        raise RefusedError(str(error)) from error
    earlier = file.draft.files.filter(kind=Kind.MANIFEST, error="").exclude(looked_at=None).exclude(pk=file.pk).first()
    if earlier:
        raise RefusedError(f"{earlier.name} is the manifest already. Remove it to use this one.")


def _read_sidecar(file: DraftFile) -> None:
    if file.size > MAX_SIDECAR_BYTES:
        raise RefusedError("This file is too large to describe a call.")
    said = sidecars.read(_content(file), file.name)
    if said is not None:
        sidecars.metadata(said, file.name, timezone.get_default_timezone())
        file.document = said


def _content(file: DraftFile) -> bytes:
    return file.path.read_bytes() if file.size else b""


def _unpack(file: DraftFile) -> None:
    """Files of their own for what is in the archive; the archive keeps its row, and what was left out as notes."""
    listed = [member for member in unpacking.members(file.path) if not is_hidden(member.name)]
    left_out = [f"{member.name}: {member.error}" for member in listed if member.error]
    room, made = Room(file.draft), {}
    for member in listed:
        if not member.error:
            try:
                room.take(member.size)
            except RefusedError as refused:
                left_out.append(f"{member.name}: {refused}")
            else:
                made[member.name] = _row_for(member, file)
    wanted = {name: row.path for name, row in made.items()}
    complete = []
    for name, count, error in unpacking.unpack(file.path, wanted):
        if error:
            left_out.append(f"{name}: {error}")
            wanted[name].unlink(missing_ok=True)
        else:
            made[name].size = made[name].received = count
            complete.append(made[name])
    DraftFile.objects.bulk_create(complete, batch_size=500)
    file.notes = [f"unpacked: {len(complete)}, left out: {len(left_out)}", *left_out]
    transaction.on_commit(lambda: file.path.unlink(missing_ok=True))


def _row_for(member: unpacking.Member, archive: DraftFile) -> DraftFile:
    name = tidy_name(f"{PurePosixPath(archive.name).with_suffix('')}/{member.name}")
    return DraftFile(draft=archive.draft, name=name, size=member.size, modified=archive.pk, kind=kind_of(name))


def _manifest(files: Iterable[DraftFile]) -> Manifest | None:
    usable = (file for file in files if file.kind == Kind.MANIFEST and not file.error)
    file = next(usable, None)
    return read(file.path.read_bytes(), timezone.get_default_timezone()) if file else None


def _found(files: Iterable[DraftFile], draft: Draft) -> list[Found]:
    every = list(files)
    described = {file.name: file for file in every if file.kind == Kind.SIDECAR and (file.document or file.error)}
    return [_as_found(file, draft, described) for file in every if file.kind == Kind.RECORDING]


def _as_found(file: DraftFile, draft: Draft, described: dict[str, DraftFile]) -> Found:
    path = Path(file.name)
    beside = next((described[str(name)] for name in sidecars.beside(path) if str(name) in described), None)
    error = file.error or (beside.error if beside else "")
    file.draft = draft
    return Found(
        path,
        content=file.path,
        sha256=file.sha256,
        bytes=file.size,
        info=None if error else AudioInfo(file.codec, file.channels, file.sample_rate, file.duration),
        sidecar=_said(beside) if beside and not error else None,
        error=error,
        notes=tuple(file.notes),
    )


def _said(file: DraftFile) -> Metadata:
    return sidecars.metadata(file.document, file.name, timezone.get_default_timezone())
