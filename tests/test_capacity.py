"""The page of what this installation can do, and its calculator."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from transcription import speed, tasks
from transcription.capacity import Assumptions, need
from transcription.models import Batch, Recording, Source, User

from .conftest import login, make_recording, make_user

TENTH = Assumptions(factor=0.1, workers=2, busy=0.5, machine=300.0, cloud=0.005)


def test_how_many_workers_and_machines() -> None:
    assert TENTH.hours_of_worker == 3650, "half of 730 hours, at ten times the speed"
    assert [need(hours, TENTH).workers for hours in (1, 3650, 3651, 7300, 7301)] == [1, 1, 2, 2, 3]
    assert [need(hours, TENTH).machines for hours in (1, 7300, 7301)] == [1, 1, 2]


def test_what_it_costs_here_and_elsewhere() -> None:
    found = need(2000, TENTH)
    assert (found.own, found.own_per_hour, found.cloud, found.cheaper) == (300, 0.15, 600, "own")
    assert need(500, TENTH).cheaper == "cloud"


def test_from_how_many_hours_on_an_own_machine_is_cheaper() -> None:
    assert TENTH.cheaper_from == pytest.approx(1000)
    assert need(1000, TENTH).cheaper == "own"
    assert need(999, TENTH).cheaper == "cloud"


def test_where_the_cloud_is_always_cheaper() -> None:
    slow = Assumptions(factor=1.0, workers=2, busy=0.5, machine=300.0, cloud=0.005)
    assert slow.hours_of_machine == 730
    assert (slow.cheaper_from, slow.never_cheaper) == (None, True)
    assert {need(hours, slow).cheaper for hours in range(10, 20_000, 70)} == {"cloud"}


@pytest.mark.parametrize(
    ("missing", "unknown"),
    [
        ({"factor": None}, {"workers", "machines", "own"}),
        ({"machine": None}, {"own"}),
        ({"cloud": None}, {"cloud"}),
    ],
)
def test_what_is_not_known_is_said_to_be_so(missing: dict[str, Any], unknown: set[str]) -> None:
    values = {"factor": 0.1, "workers": 2, "busy": 0.5, "machine": 300.0, "cloud": 0.005} | missing
    found = need(1000, Assumptions(**values))
    assert {name for name in ("workers", "machines", "own", "cloud") if getattr(found, name) is None} == unknown
    assert (found.cheaper, Assumptions(**values).cheaper_from, Assumptions(**values).never_cheaper) == ("", None, False)


@pytest.fixture
def supervisor(static_files: None) -> Client:
    return login(make_user(User.Role.SUPERVISOR))


def page(client: Client, query: str = "") -> str:
    response = client.get(f"/capacity/{query}")
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


@pytest.mark.django_db
def test_a_new_installation_claims_nothing(supervisor: Client, clean_jobs: None) -> None:
    found = page(supervisor, "?machine=300&cloud=0.005")
    assert "No job waits, runs or has failed." in found
    assert "The speed is measured, never assumed." in found
    assert "Enter what a machine costs" in found, "without a speed there is no answer"
    assert "nothing tells how fast a worker is" in found


@pytest.fixture
def analysed(db: None) -> Callable[[], None]:
    """Has PostgreSQL count the calls: at first, when there are none, whatever it counted in tests before."""

    def count() -> None:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE transcription_recording")

    count()
    return count


@pytest.mark.django_db
def test_measured_speed_and_queue_and_the_answer(
    supervisor: Client, connected_worker: None, analysed: Callable[[], None], django_assert_num_queries: Any
) -> None:
    done = {"status": "done", "finished_at": timezone.now()}
    make_recording(duration=600.0, bytes=4_800_000, stage_seconds={"recognizing": 50, "diarizing": 10}, **done)
    tasks.process_recording.defer(recording_id=make_recording(duration=7200.0, bytes=57_600_000).pk)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_events SET at = now() - interval '5 minutes'")
    with django_assert_num_queries(9):
        found = page(supervisor, "?hours=2000&workers=2&busy=50&machine=300&cloud=0.005&months=6&storage=0.05")
    assert '<span class="tile-value">2 h 0 min</span>' in found, "waits"
    assert '<span class="tile-value">12 min</span>' in found, "will take"
    assert '<span class="tile-value">6 min</span>' in found, "for an hour of audio"
    assert '<td>diarizing</td><td class="number">1:00</td><td class="number wide">0.0167</td>' in found
    row = '<td>speech</td><td class="number">1</td><td class="number">0</td><td class="number">0</td>'
    assert f'{row}<td class="number">5 min</td>' in found
    assert "From <b>1,000 hours</b> a month on" in found
    assert "One does up to 7,300 hours a month." in found
    assert "<dd>0.150 €</dd>" in found
    assert "<dd>345.6 GB, 17.28 €</dd>" in found, "28.8 MB an hour, 2,000 hours, 6 months"
    assert "200 h 0 min" in found, "at once"
    assert "shows from 1,000 calls on" in found


@pytest.mark.django_db
def test_a_speed_of_ones_own_and_what_cannot_be(supervisor: Client) -> None:
    assert "<dt>Workers needed</dt> <dd>2</dd>" in page(supervisor, "?factor=0.5&hours=2000&busy=100")
    assert "Ensure this value is greater than or equal to 0.1." in page(supervisor, "?hours=-3")
    assert "Enter a number." in page(supervisor, "?hours=many")


@pytest.mark.django_db
def test_what_the_database_takes_shows_once_there_are_enough_calls(analysed: Callable[[], None]) -> None:
    batch, source = Batch.objects.create(), Source.objects.create(name="Default")
    told = {"batch": batch, "source": source, "bytes": 960_000, "channels": 1, "sample_rate": 8000, "duration": 60.0}
    Recording.objects.bulk_create(Recording(sha256=f"{number:064d}", **told) for number in range(1200))
    assert speed.space() == speed.Space(16_000, None), "PostgreSQL has not looked yet"
    analysed()
    taken = speed.space().database
    assert taken is not None
    assert 1_000_000 < taken * 60 * 1200 < 100_000_000, "of all calls together, the size of a small database"


@pytest.mark.django_db
def test_a_backlog_without_workers_has_no_end(supervisor: Client, clean_jobs: None) -> None:
    make_recording(status="done", stage_seconds={"recognizing": 6}, finished_at=timezone.now() - timedelta(days=1))
    make_recording()
    assert "no worker is running" in page(supervisor)
