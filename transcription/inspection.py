"""What is known about files before they are taken in: what they hold, which call, and whether they came before."""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import tzinfo
from pathlib import Path

from django.utils import timezone

from . import filenames, sidecars
from .manifest import Manifest, Row
from .metadata import FIELDS, Metadata, combine
from .models import Agent, Recording, Source
from .speech.audio import AudioInfo, probe
from .speech.ports import SpeechError

DESCRIPTIONS = frozenset({".csv", ".json"})
"""Files that say something about recordings and are none."""


@dataclass(frozen=True, slots=True)
class Found:
    """A file and what it holds. With an `error` it cannot be used.

    `path` is what it is called, with its folders; `content` is where its bytes are, if that is somewhere else: in a
    place of our own, so that they may be moved from there. `sidecar`: what a file beside it says about the call.
    """

    path: Path
    content: Path | None = None
    sha256: str = ""
    bytes: int = 0
    info: AudioInfo | None = None
    sidecar: Metadata | None = None
    error: str = ""
    notes: tuple[str, ...] = ()

    @property
    def folder(self) -> str:
        """The name of the folder that it was in, empty if that is not known."""
        return (self.path if self.content else self.path.absolute()).parent.name


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file with what is known about its call. With an `error` it cannot be accepted.

    `notes`: what a person should know about it.
    """

    path: Path
    source: Source
    content: Path | None = None
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
    def also_known(self) -> dict[str, str]:
        """What is known besides agent and time, by field."""
        others = [name for name in FIELDS if name not in {"agent", "started_at"}]
        return {name: value for name in others if (value := getattr(self.metadata, name))}

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
    """What would happen to these files; changes nothing. See `plan_found`."""
    paths = list(paths)
    zone = timezone.get_default_timezone()
    return plan_found(
        [look(path, zone) for path in paths],
        source=source,
        manifest=manifest,
        default_agent=default_agent,
        agents=agents,
        create_agents_from=create_agents_from,
    )


def plan_found(
    files: Iterable[Found],
    *,
    source: Source,
    manifest: Manifest | None = None,
    default_agent: Agent | None = None,
    agents: Iterable[Agent] | None = None,
    aliases: Mapping[str, Agent] | None = None,
    create_agents_from: Collection[str] = (),
) -> Plan:
    """What would happen to files that were looked at.

    `agents` are those that a file may be given to (default: all), `aliases` other names that files have for them, by
    `folded`. An agent who is not among them is created on acceptance if named by one of `create_agents_from`
    ("manifest", "sidecar", "file name"), else only noted.
    """
    known = [
        *(Agent.objects.select_related("team") if agents is None else agents),
        *([default_agent] if default_agent else []),
    ]
    roster = {folded(agent.name): agent for agent in known} | dict(aliases or {})
    context = _Context(source, manifest, default_agent, roster, create_agents_from, timezone.get_default_timezone())
    every = list(files)
    candidates = _with_rows_used_once([_candidate(found, context) for found in every], manifest)
    without = manifest.without_file([found.path for found in every]) if manifest else ()
    return Plan(tuple(_with_duplicates(candidates)), without)


def look(path: Path, zone: tzinfo) -> Found:
    """Read the file, and what lies beside it."""
    try:
        sidecar = _sidecar(path, zone)
        return Found(path, sha256=sha256(path), bytes=path.stat().st_size, info=probe(path), sidecar=sidecar)
    except (OSError, ValueError, SpeechError) as error:
        return Found(path, error=str(error))


def _in_folder(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.is_file() and not hidden and path.suffix.lower() not in DESCRIPTIONS:
            yield path


def _candidate(found: Found, context: _Context) -> Candidate:
    row = context.manifest.row_for(found.path) if context.manifest else None
    candidate = Candidate(
        found.path, context.source, found.content, found.sha256, found.bytes, found.info, notes=found.notes
    )
    if row and row.error:
        return replace(candidate, error=f"Row {row.number} of the manifest: {row.error}.")
    if found.error:
        return replace(candidate, error=found.error)
    return _described(candidate, row.metadata if row else None, found, context)


def _described(candidate: Candidate, row: Metadata | None, found: Found, context: _Context) -> Candidate:
    name = filenames.parse(candidate.name, context.source.filename_pattern, zone=context.zone)
    folder = context.roster.get(folded(found.folder))
    layers = {
        "manifest": row,
        "sidecar": found.sidecar,
        "file name": name,
        "folder": folder and Metadata(agent=folder.name),
        "form": context.default_agent and Metadata(agent=context.default_agent.name),
        "source": _source_says(context.source),
    }
    metadata, origins = combine((origin, layer) for origin, layer in layers.items() if layer)
    agent = context.roster.get(folded(metadata.agent or ""))
    new_agent = bool(metadata.agent) and not agent and origins["agent"] in context.create_agents_from
    said = _notes(metadata, agent, new_agent=new_agent, recognised=bool(row or found.sidecar or name))
    notes = (*candidate.notes, *said)
    return replace(candidate, metadata=metadata, origins=origins, agent=agent, new_agent=new_agent, notes=notes)


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
    for sidecar in sidecars.beside(path):
        if _is_there(sidecar) and (said := sidecars.read(sidecar.read_bytes(), sidecar.name)) is not None:
            return sidecars.metadata(said, sidecar.name, zone)
    return None


def _is_there(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name that is too long for the file system
        return False


def sha256(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def folded(name: str) -> str:
    """As names are compared: without regard to case and spaces."""
    return " ".join(name.casefold().split())
