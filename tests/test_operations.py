"""What machines that watch this one are told: /healthz, /readyz, /metrics."""

from collections.abc import Callable
from io import StringIO
from typing import Any

import psycopg
import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from django.test import Client
from procrastinate.contrib.django.utils import connector_params
from prometheus_client.parser import text_string_to_metric_families

from analytics.tasks import enqueue_grouping
from transcription import gauges, jobs, tasks

from .conftest import make_recording

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files")]

ALL_WELL = {"database": "ok", "migrations": "ok", "queue": "ok", "storage": "ok"}


def test_healthz_needs_no_login_and_no_database(client: Client, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert client.get("/healthz").content == b"ok"


def test_ready_when_all_that_is_needed_answers(client: Client) -> None:
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (200, {"ready": True, "checks": ALL_WELL})
    assert default_storage.listdir("probe") == ([], []), "the file that was tried is gone again"


def test_not_ready_while_migrations_are_missing(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE id = (SELECT max(id) FROM django_migrations)")
    response = client.get("/readyz")
    assert response.status_code == 503
    said = response.json()["checks"]["migrations"]
    assert said.endswith(" not applied; run: manage.py migrate")


def test_not_ready_without_database(client: Client, monkeypatch: pytest.MonkeyPatch, caplog: Any) -> None:
    def refuse() -> None:
        raise DatabaseError("connection to 10.1.2.3 failed for user verbatim")

    monkeypatch.setattr(connection, "cursor", refuse)
    response = client.get("/readyz")
    assert (response.status_code, response.json()["ready"]) == (503, False)
    assert response.json()["checks"] == dict.fromkeys(ALL_WELL, "no answer") | {"storage": "ok"}
    assert "10.1.2.3" in caplog.text, "the log has the reason that the answer keeps to itself"


def test_not_ready_when_nothing_can_be_stored(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(default_storage, "save", full)
    assert client.get("/readyz").json()["checks"] == ALL_WELL | {"storage": "cannot be used"}
    with pytest.raises(CommandError, match="Not ready"):
        call_command("ready", stdout=StringIO())


def test_the_command_says_the_same() -> None:
    said = StringIO()
    call_command("ready", stdout=said)
    assert said.getvalue() == "database: ok\nmigrations: ok\nqueue: ok\nstorage: ok\n"


def samples() -> dict[tuple[str, ...], float]:
    families = text_string_to_metric_families(gauges.exposition().decode())
    return {
        (sample.name.removeprefix("verbatim_"), *sample.labels.values()): sample.value
        for family in families
        for sample in family.samples
    }


def test_metrics_tell_queues_calls_and_speed(connected_worker: None, django_assert_num_queries: Any) -> None:
    make_recording(status="done", duration=100.0, stage_seconds={"recognizing": 6, "diarizing": 3})
    make_recording(status="done", duration=50.0, stage_seconds={"recognizing": 3})
    make_recording(status="failed", stage="diarizing")
    make_recording(status="failed")
    tasks.process_recording.defer(recording_id=make_recording(duration=40.0).pk)
    tasks.process_recording.configure(schedule_in={"hours": 1}).defer(recording_id=1)
    enqueue_grouping()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_events SET at = now() - interval '90 seconds'")
    with django_assert_num_queries(6):
        found = samples()
    waited = [found.pop(("oldest_waiting_job_seconds", queue)) for queue in ("speech", "text")]
    assert all(90 <= seconds < 120 for seconds in waited), "the one scheduled for later does not wait yet"
    assert found == {
        ("jobs", "speech", "waiting"): 2,
        ("jobs", "speech", "running"): 0,
        ("jobs", "speech", "failed"): 0,
        ("jobs", "text", "waiting"): 1,
        ("jobs", "text", "running"): 0,
        ("jobs", "text", "failed"): 0,
        ("workers",): 1,
        ("recordings", "waiting"): 1,
        ("recordings", "processing"): 0,
        ("recordings", "done"): 2,
        ("recordings", "failed"): 2,
        ("recordings", "cancelled"): 0,
        ("recordings_failed", "diarizing"): 1,
        ("recordings_failed", "before the first"): 1,
        ("backlog_audio_seconds",): 40,
        ("stage_real_time_factor", "recognizing"): 0.06,
        ("stage_real_time_factor", "diarizing"): 0.02,
    }


def test_an_empty_site_claims_no_speed_and_no_waiting(clean_jobs: None) -> None:
    assert {name for name, *_ in samples()} == {"workers", "recordings", "backlog_audio_seconds"}


@pytest.mark.parametrize(
    ("token", "proxy", "asked", "status"),
    [
        ("", False, {}, 200),
        ("", False, {"REMOTE_ADDR": "::1"}, 200),
        ("", False, {"REMOTE_ADDR": "10.0.0.9"}, 403),
        ("", False, {"REMOTE_ADDR": ""}, 403),
        ("", False, {"HTTP_X_FORWARDED_FOR": "10.0.0.9"}, 403),
        ("", True, {}, 403),
        ("abc", False, {}, 403),
        ("abc", False, {"HTTP_AUTHORIZATION": "Bearer abd"}, 403),
        ("abc", False, {"HTTP_AUTHORIZATION": "Bearer abc", "REMOTE_ADDR": "10.0.0.9"}, 200),
    ],
)
def test_metrics_are_for_who_knows_the_token_or_is_local(
    *, token: str, proxy: bool, asked: dict[str, str], status: int, client: Client, settings: Any
) -> None:
    settings.METRICS_TOKEN, settings.BEHIND_PROXY = token, proxy
    assert client.get("/metrics", **asked).status_code == status  # type: ignore[arg-type]


def test_machines_are_not_sent_to_https(client: Client, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert [client.get(path).status_code for path in ("/healthz", "/readyz", "/metrics")] == [200, 200, 200]


def test_jobs_that_ended_well_are_forgotten_after_a_week(work: Callable[[], None]) -> None:
    done = [make_recording(status="done") for _ in range(2)]
    for recording in done:
        tasks.process_recording.defer(recording_id=recording.pk)
    work()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_events SET at = at - interval '8 days' "
            "WHERE job_id = (SELECT min(job_id) FROM procrastinate_events)"
        )
    tasks.forget_jobs.defer(timestamp=0)
    work()
    with connection.cursor() as cursor:
        cursor.execute("SELECT args FROM procrastinate_jobs WHERE task_name = %s", [tasks.process_recording.name])
        assert cursor.fetchall() == [(f'{{"recording_id": {done[1].pk}}}',)]


def test_workers_that_take_calls_are_counted_by_process(connected_worker: None) -> None:
    def connect(*queues: str, process: str) -> psycopg.Connection[Any]:
        return psycopg.connect(**connector_params(), application_name=jobs.worker_name(queues, process))

    with (
        connect("upkeep", "text", "speech", process="1@somewhere"),  # another connection of the fixture's
        connect("text", "upkeep", process="2@somewhere"),
        connect("speech", process=f"3@{'a-long-name.' * 9}"),
    ):
        assert jobs.workers() == 2
