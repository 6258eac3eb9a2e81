"""Look at files before they are taken in: what they hold, what is known about them, and whether they came before."""

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import tzinfo
from pathlib import Path

from django.utils import timezone

from . import filenames
from .manifest import Manifest, Row
from .metadata import Metadata, combine, from_text
from .models import Agent, Recording, Source
from .speech.audio import AudioInfo, probe
from .speech.ports import SpeechError

DESCRIPTIONS = frozenset({".csv", ".json"})
"""Files that say something about recordings and are none."""

TRANSCRIPT_KEYS = ("turns", "segments")
"""A JSON file with one of these is a transcript that lies beside its recording, not a description of the call."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file that was looked at. With an `error` it cannot be accepted. `notes`: what a person should know about it."""

    path: Path
    source: Source
    sha256: str = ""
    bytes: int = 0
    info: AudioInfo | None = None
    metadata: Metadata = field(default_factory=Metadata)
    origins: Mapping[str, str] = field(default_factory=dict)
    agent: Agent | None = None
    new_agent: bool = False
    duplicate_of: int | None = None
    same_as: str = ""
    error: str = ""
    notes: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """As text that can be stored and printed, even where the file system holds bytes that are not UTF-8."""
        return self.path.name.encode(errors="surrogateescape").decode(errors="replace")

    @property
    def is_duplicate(self) -> bool:
        """The same bytes are already a recording (`duplicate_of`) or an earlier file of this plan (`same_as`)."""
        return bool(self.duplicate_of or self.same_as)


@dataclass(frozen=True, slots=True)
class Plan:
    candidates: tuple[Candidate, ...]
    rows_without_file: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class _Context:
    source: Source
    manifest: Manifest | None
    default_agent: Agent | None
    roster: Mapping[str, Agent]
    create_agents_from: Collection[str]
    zone: tzinfo


def find_files(paths: Iterable[Path]) -> list[Path]:
    """These files, and all in these folders that may be recordings, each once, in order. Raises FileNotFoundError."""
    found: dict[Path, Path] = {}
    for path in paths:
        if not path.exists():
            raise FileNotFoundError(f"{path} is not there.")
        for file in _in_folder(path) if path.is_dir() else [path]:
            found.setdefault(file.resolve(), file)
    return list(found.values())


def plan(
    paths: Iterable[Path],
    *,
    source: Source,
    manifest: Manifest | None = None,
    default_agent: Agent | None = None,
    agents: Iterable[Agent] | None = None,
    create_agents_from: Collection[str] = (),
) -> Plan:
    """What would happen to these files; changes nothing.

    `agents` are those that a file may be given to (default: all). An agent who is not among them is created on
    acceptance if named by one of `create_agents_from` ("manifest", "sidecar", "file name"), else only noted.
    """
    known = [
        *(Agent.objects.select_related("team") if agents is None else agents),
        *([default_agent] if default_agent else []),
    ]
    roster = {_folded(agent.name): agent for agent in known}
    context = _Context(source, manifest, default_agent, roster, create_agents_from, timezone.get_default_timezone())
    paths = list(paths)
    candidates = _with_rows_used_once([_look(path, context) for path in paths], manifest)
    return Plan(tuple(_with_duplicates(candidates)), manifest.without_file(paths) if manifest else ())


def _in_folder(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.is_file() and not hidden and path.suffix.lower() not in DESCRIPTIONS:
            yield path


def _look(path: Path, context: _Context) -> Candidate:
    candidate = Candidate(path, context.source)
    row = context.manifest.row_for(path) if context.manifest else None
    if row and row.error:
        return replace(candidate, error=f"Row {row.number} of the manifest: {row.error}.")
    try:
        sidecar = _sidecar(path, context.zone)
        candidate = replace(candidate, sha256=_sha256(path), bytes=path.stat().st_size, info=probe(path))
    except (OSError, ValueError, SpeechError) as error:
        return replace(candidate, error=str(error))
    return _described(candidate, row.metadata if row else None, sidecar, context)


def _described(candidate: Candidate, row: Metadata | None, sidecar: Metadata | None, context: _Context) -> Candidate:
    name = filenames.parse(candidate.name, context.source.filename_pattern, zone=context.zone)
    folder = context.roster.get(_folded(candidate.path.absolute().parent.name))
    layers = {
        "manifest": row,
        "sidecar": sidecar,
        "file name": name,
        "folder": folder and Metadata(agent=folder.name),
        "form": context.default_agent and Metadata(agent=context.default_agent.name),
        "source": _source_says(context.source),
    }
    metadata, origins = combine((origin, layer) for origin, layer in layers.items() if layer)
    agent = context.roster.get(_folded(metadata.agent or ""))
    new_agent = bool(metadata.agent) and not agent and origins["agent"] in context.create_agents_from
    notes = _notes(metadata, agent, new_agent=new_agent, recognised=bool(row or sidecar or name))
    return replace(candidate, metadata=metadata, origins=origins, agent=agent, new_agent=new_agent, notes=tuple(notes))


def _source_says(source: Source) -> Metadata | None:
    return None if source.channel_map == Source.ChannelMap.AUTO else Metadata(channel_map=source.channel_map)


def _notes(metadata: Metadata, agent: Agent | None, *, new_agent: bool, recognised: bool) -> Iterator[str]:
    if not recognised:
        yield "name not recognised"
    if metadata.agent and not agent:
        yield f"new agent {metadata.agent}" if new_agent else f"unknown agent {metadata.agent}, left unassigned"
    if agent and metadata.team and metadata.team != str(agent.team or ""):
        yield f"{agent} stays in {agent.team or 'no team'}, not {metadata.team}"
    if not metadata.agent:
        yield "no agent"
    if not metadata.started_at:
        yield "no start time"


def _with_rows_used_once(candidates: list[Candidate], manifest: Manifest | None) -> Iterator[Candidate]:
    """Two files of the same name cannot both be what one manifest row is about."""
    used: dict[int, Path] = {}
    for candidate in candidates:
        row = manifest.row_for(candidate.path) if manifest else None
        first = used.setdefault(row.number, candidate.path) if row else candidate.path
        if row and first != candidate.path and not candidate.error:
            yield replace(candidate, error=f"Row {row.number} of the manifest is already about {first}.")
        else:
            yield candidate


def _with_duplicates(candidates: Iterable[Candidate]) -> Iterator[Candidate]:
    every = list(candidates)
    hashes = [candidate.sha256 for candidate in every if candidate.sha256]
    known = dict(Recording.objects.filter(sha256__in=hashes).values_list("sha256", "pk"))
    first: dict[str, Candidate] = {}
    for candidate in every:
        if candidate.error:
            yield candidate
        elif (earlier := first.setdefault(candidate.sha256, candidate)) is not candidate:
            yield replace(candidate, same_as=earlier.name, duplicate_of=known.get(candidate.sha256))
        else:
            yield replace(candidate, duplicate_of=known.get(candidate.sha256))


def _sidecar(path: Path, zone: tzinfo) -> Metadata | None:
    """What `call.wav.json` or `call.json` beside `call.wav` says. Raises ValueError if it is there but wrong."""
    for sidecar in (path.with_name(f"{path.name}.json"), path.with_suffix(".json")):
        if not _is_there(sidecar) or sidecar == path:
            continue
        try:
            document = json.loads(sidecar.read_text(encoding="utf-8-sig"))
            if not isinstance(document, dict):
                raise ValueError("it is not an object with fields")
            if any(key in document for key in TRANSCRIPT_KEYS):
                continue
            return from_text({key: str(value) for key, value in document.items() if value is not None}, zone)
        except ValueError as error:
            raise ValueError(f"{sidecar.name} cannot be used: {error}") from error
    return None


def _is_there(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name that is too long for the file system
        return False


def _sha256(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())
