"""What a log line says beside its text."""

import json
import logging
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import BadRequest
from django.core.management import call_command
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from config import requests
from tests.fakes import FakeRecognizer
from transcription.logs import Json, Plain, about
from transcription.models import Recording


class Kept(logging.Handler):
    """Lines as a formatter writes them, at the moment they are logged."""

    def __init__(self, formatter: logging.Formatter) -> None:
        super().__init__()
        self.formatter, self.lines = formatter, []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def kept() -> Any:
    handler = Kept(Json())
    logging.getLogger().addHandler(handler)
    yield handler
    logging.getLogger().removeHandler(handler)


def line(formatter: logging.Formatter, text: str, *args: object, exc_info: Any = None) -> str:
    return formatter.format(logging.LogRecord("a.b", logging.WARNING, "f.py", 1, text, args, exc_info))


def test_plain_lines_end_with_the_facts() -> None:
    assert line(Plain(), "%d done", 3).endswith("WARNING a.b: 3 done")
    with about(job=7, recording=3):
        assert line(Plain(), "%d done", 3).endswith("WARNING a.b: 3 done [job=7 recording=3]")


def test_a_json_line_is_one_object_on_one_line() -> None:
    with about(job=7), about(run=2):
        text = line(Json(), "first\nsecond é")
    assert "\n" not in text
    said = json.loads(text)
    assert said.pop("time").endswith("+00:00")
    assert said == {"job": 7, "run": 2, "level": "WARNING", "logger": "a.b", "message": "first\nsecond é"}
    assert "job" not in json.loads(line(Json(), "after"))


def test_a_json_line_has_the_traceback() -> None:
    error = ValueError("bad")
    said = json.loads(line(Json(), "failed", exc_info=(ValueError, error, None)))
    assert said["exception"] == "ValueError: bad"


@pytest.mark.parametrize(
    ("given", "kept_as_is"), [("abc-123", True), ("a b", False), ("x" * 65, False), ("a\n", False)]
)
def test_a_request_keeps_the_id_it_came_with_if_that_is_one(given: str, kept_as_is: bool) -> None:
    seen: list[str] = []

    def view(_request: HttpRequest) -> HttpResponse:
        seen.append(json.loads(line(Json(), "x"))["request"])
        return HttpResponse()

    response = requests.with_ids(view)(RequestFactory().get("/", headers={"X-Request-ID": given}))
    assert response.headers["X-Request-ID"] == seen[0]
    assert (seen[0] == given) is kept_as_is


@pytest.mark.usefixtures("static_files")
def test_an_error_in_a_view_names_its_request(kept: Kept, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise BadRequest("no")

    monkeypatch.setattr("transcription.health.readiness", fail)
    response = client.get("/readyz", headers={"X-Request-ID": "from-the-proxy"})
    assert response.status_code == 400
    assert {json.loads(each)["request"] for each in kept.lines} == {"from-the-proxy"}


def test_lines_of_a_job_name_job_recording_and_run(
    kept: Kept, work: Callable[[], None], engines: Any, wav: Callable[..., Path]
) -> None:
    class Broken(FakeRecognizer):
        def recognize(self, *_: object, **__: object) -> Any:
            raise RuntimeError("no such luck")

    engines(recognizer=Broken())
    call_command("ingest", wav(), stdout=StringIO())
    work()
    failed = [said for each in kept.lines if (said := json.loads(each)).get("exception")]
    assert [(said["recording"], said["run"], said["task"]) for said in failed] == [
        (Recording.objects.get().pk, 1, "process_recording")
    ]
    assert failed[0]["job"] > 0
