"""Everything in one folder, and back into an empty installation with the same numbers."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.utils import timezone

from analytics.exports import EXPORTS, csv_lines
from analytics.queries import CallFilters, Scope, agents_table, overview
from transcription import backups, processing, tasks
from transcription.models import Recording, User

from .conftest import make_recording, make_user

pytestmark = pytest.mark.django_db(transaction=True)

UNTIL = date(2026, 3, 2)


@pytest.fixture
def installation(settings: Any, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path / "var"
    settings.VAR_DIR.mkdir()
    settings.SECRET_KEY = "the key of the old server"
    settings.ENVIRONMENT = {"VERBATIM_TIME_ZONE": "Europe/Madrid"}


@pytest.fixture
def elsewhere(settings: Any, tmp_path: Path, installation: None) -> Iterator[Callable[[], Any]]:
    """A new server: while it is entered, database and storage are others, and empty at first."""
    here = connection.settings_dict["NAME"]
    there = f"{here}_elsewhere"

    def sql(text: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(text)

    def use(database: str, folder: str) -> None:
        connection.close()
        connection.settings_dict["NAME"] = database
        settings.MEDIA_ROOT, settings.VAR_DIR = tmp_path / folder / "media", tmp_path / folder
        settings.VAR_DIR.mkdir(exist_ok=True)

    @contextmanager
    def entered() -> Iterator[None]:
        media, var = settings.MEDIA_ROOT, settings.VAR_DIR
        use(there, "elsewhere")
        try:
            yield
        finally:
            use(here, "var")
            settings.MEDIA_ROOT, settings.VAR_DIR = media, var

    sql(f"DROP DATABASE IF EXISTS {there}")
    sql(f"CREATE DATABASE {there}")
    yield entered
    sql(f"DROP DATABASE {there} WITH (FORCE)")


def numbers() -> dict[str, Any]:
    """What dashboards and exports say."""
    administrator = User(role=User.Role.ADMINISTRATOR)
    scope = Scope(user=administrator, start=UNTIL - timedelta(days=60), end=UNTIL)
    said = {kind: "".join(csv_lines(kind, administrator, CallFilters())) for kind in EXPORTS}
    return said | {"overview": _shown(overview(scope)), "agents table": _shown(agents_table(scope))}


def _shown(value: object) -> str:
    """To nine digits: sums of rows in another order differ in the last of sixteen."""
    return re.sub(r"\d+\.\d{9,}(e-\d+)?", lambda found: f"{float(found[0]):.9g}", repr(value))


def sound_of(original_name: str) -> bytes:
    with Recording.objects.get(original_name=original_name).audio.open() as sound:
        return bytes(sound.read())


def test_a_restored_installation_says_the_same_and_goes_on(
    elsewhere: Callable[[], Any], work: Callable[[], None], wav: Callable[..., Path], settings: Any, tmp_path: Path
) -> None:
    call_command("seed", calls=40, agents=5, until=UNTIL, stdout=StringIO())
    call_command("ingest", wav("Dana_2026-03-01_09-30.wav"), create_agents=True, stdout=StringIO())
    work()
    call_command("ingest", wav("cut off.wav", seed=1), stdout=StringIO())
    job = tasks.process_recording.defer(recording_id=Recording.objects.get(original_name="cut off.wav").pk)
    processing.claim(Recording.objects.get(original_name="cut off.wav").pk, job)
    before = numbers()
    assert before["calls"].count("\n") == 43, "a header and 42 calls"
    sound = sound_of("Dana_2026-03-01_09-30.wav")
    call_command("backup", tmp_path / "backup", stdout=StringIO())

    said = StringIO()
    with elsewhere():
        call_command("restore", tmp_path / "backup", stdout=said)
        assert numbers() == before
        assert sound_of("Dana_2026-03-01_09-30.wav") == sound
        work()
        assert Recording.objects.get(original_name="cut off.wav").status == "done", "what was waiting is done there"
        assert (settings.VAR_DIR / "secret_key").read_text() == "the key of the old server"
    assert "environment" in said.getvalue()
    environment = tmp_path / "backup/configuration/environment"
    assert environment.read_text() == 'VERBATIM_TIME_ZONE="Europe/Madrid"\n'
    assert {oct(path.stat().st_mode)[-2:] for path in (tmp_path / "backup").rglob("*") if path.is_file()} == {"00"}


def test_a_backup_taken_while_calls_come_in_is_of_one_moment(elsewhere: Callable[[], Any], tmp_path: Path) -> None:
    stop = Event()

    def take_in() -> None:
        while not stop.is_set():
            make_recording()
        connections.close_all()

    busy = Thread(target=take_in)
    busy.start()
    try:
        for name in ("first", "second"):
            backups.write(tmp_path / name)
    finally:
        stop.set()
        busy.join()
    with elsewhere():
        backup = backups.restore(tmp_path / "second")
        assert 0 < Recording.objects.count() == backup.rows["transcription_recording"]
        assert all(default_storage.exists(recording.audio.name) for recording in Recording.objects.all())
    assert backup.missing == []


@pytest.mark.usefixtures("installation")
def test_sound_that_is_gone_is_named(tmp_path: Path) -> None:
    default_storage.delete(make_recording(original_name="gone.wav").audio.name)
    said = StringIO()
    call_command("backup", tmp_path / "backup", stdout=StringIO(), stderr=said)
    assert said.getvalue() == "The sound of gone.wav was not in the storage any more.\n"


def test_only_into_an_empty_installation(elsewhere: Callable[[], Any], tmp_path: Path) -> None:
    make_recording()
    backups.write(tmp_path / "backup")
    with pytest.raises(CommandError, match="database is not empty"):
        call_command("restore", tmp_path / "backup")
    with elsewhere():
        default_storage.save("recordings/a.wav", ContentFile(b"another's"))
        with pytest.raises(CommandError, match="storage is not empty"):
            call_command("restore", tmp_path / "backup")
        assert connection.introspection.table_names() == []


@pytest.mark.parametrize("damaged", ["database.dump", "media/recordings", "configuration/secret_key"])
def test_a_damaged_backup_is_refused(damaged: str, elsewhere: Callable[[], Any], tmp_path: Path) -> None:
    make_recording()
    backups.write(tmp_path / "backup")
    call_command("restore", tmp_path / "backup", check=True, stdout=StringIO())
    path = tmp_path / "backup" / damaged
    file = next(found for found in [path, *path.rglob("*")] if found.is_file())
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    with elsewhere(), pytest.raises(CommandError, match="not as it was written"):
        call_command("restore", tmp_path / "backup")


def test_what_postgres_refuses_leaves_nothing_behind(elsewhere: Callable[[], Any], tmp_path: Path) -> None:
    make_recording()
    backups.write(tmp_path / "backup")
    dump = tmp_path / "backup/database.dump"
    dump.write_bytes(dump.read_bytes()[:5000])
    contents = tmp_path / "backup/backup.json"
    told = json.loads(contents.read_text())
    told["files"]["database.dump"] = backups._hash_of(dump)
    contents.write_text(json.dumps(told))
    with elsewhere():
        with pytest.raises(CommandError, match="pg_restore failed"):
            call_command("restore", tmp_path / "backup")
        assert connection.introspection.table_names() == []
        assert list(backups.stored_files()) == []


@pytest.mark.usefixtures("installation")
def test_each_backup_has_a_folder_of_its_own_and_says_when_it_is_finished(tmp_path: Path) -> None:
    make_user()
    backups.write(tmp_path / "backup")
    with pytest.raises(CommandError, match="not empty"):
        call_command("backup", tmp_path / "backup")
    with pytest.raises(CommandError, match="where recordings are stored"):
        call_command("backup", tmp_path / "media/backup")
    taken_at = backups.read(tmp_path / "backup").taken_at
    assert taken_at <= timezone.now().isoformat()
    (tmp_path / "backup/backup.json").unlink()
    with pytest.raises(CommandError, match="never finished"):
        call_command("restore", tmp_path / "backup", check=True)
