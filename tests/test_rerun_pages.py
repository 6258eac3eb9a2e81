"""The pages of runs: the list at a call, two side by side, many calls heard again."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from tests.conftest import login, make_agent, make_recording, make_user
from tests.metrics.timeline import call
from transcription import wiring
from transcription.models import Recording, Run, User
from transcription.runs import RunSettings, begin, succeed
from transcription.speech.pipeline import Heard
from transcription.speech.plain import to_plain
from transcription.speech.types import Recognition, Segment

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files", "clean_jobs")]

MODELS = ["whisper-base", "whisper-tiny.en"]
HEARD = Heard(
    9.0,
    "mono",
    (Recognition("en", (Segment(1.0, 4.0, "my router is broken"),), ((1.0, 4.0),), prompted=True),),
    "en",
    {"recognizer": "whisper"},
)
FORM = {"from_stage": "recognizing", "model": "whisper-base", "fillers": "prompted", "language": "", "speakers": "2"}


@pytest.fixture(autouse=True)
def installed(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    monkeypatch.setattr(wiring, "installed_whisper_models", lambda: MODELS)
    settings.FIRST_WHISPER_MODEL = "whisper-tiny.en"
    settings.WHISPER_MODEL = "whisper-base"


def two_runs(**overrides: Any) -> Recording:
    """A call heard by the tiny model, then by the base model, which is shown."""
    recording = make_recording(**({"agent": make_agent("Dana"), "duration": 60.0} | overrides))
    accounts = {
        "whisper-tiny.en": call("A 0.0-4.0 thank you for falling", "C 4.5-8.5 My router is broken"),
        "whisper-base": call("A 0.0-4.0 thank you for calling", "C 4.5-8.5 My router is broken"),
    }
    for number, (model, account) in enumerate(accounts.items(), 1):
        seconds = {"decoding": 1.0, "recognizing": 4.0 * number, "diarizing": 2.0, "scoring": 1.0}
        run = Run.objects.create(
            recording=recording, number=number, asked={"model": model, "speakers": 2}, stage_seconds=seconds,
            weights={"recognizer": {f"{model}/model.bin": "0" * 64}},
        )  # fmt: skip
        recording.status = Recording.Status.DONE
        succeed(recording, run, replace(account, engines={"recognizer": model}))
    return recording


@pytest.fixture
def manager() -> Client:
    return login(make_user())


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_a_call_lists_its_runs(manager: Client) -> None:
    recording = two_runs()
    text = page(manager, f"/calls/{recording.pk}/")
    assert "whisper-tiny.en" in text
    assert f"/calls/{recording.pk}/runs/1/2/" in text
    assert "SHA-256 0000" in text
    assert "Hear this call again" in text


def test_runs_cost_a_call_page_one_query(manager: Client, django_assert_max_num_queries: Callable[..., Any]) -> None:
    recording = two_runs()
    page(manager, f"/calls/{recording.pk}/")
    with django_assert_max_num_queries(16) as counted:
        page(manager, f"/calls/{recording.pk}/")
    of_runs = [query["sql"] for query in counted.captured_queries if 'FROM "transcription_run"' in query["sql"]]
    assert len(of_runs) == 1
    assert '"transcription_run"."transcript"' not in of_runs[0], "whole transcripts are not read for a list"


def test_an_agent_reads_the_runs_and_may_doubt_but_changes_nothing() -> None:
    recording = two_runs()
    first = Run.objects.get(number=1)
    Recording.objects.update(current_run=first)
    client = login(make_user(User.Role.AGENT, agent=recording.agent))
    text = page(client, f"/calls/{recording.pk}/")
    assert "Hear this call again" not in text
    assert "Show this run" not in text
    assert "This transcript is wrong" in text
    client.post(f"/calls/{recording.pk}/dispute/")
    recording.refresh_from_db()
    assert recording.disputed_at
    assert recording.disputed_by
    assert "Somebody doubts this transcript" in page(client, f"/calls/{recording.pk}/")


def test_a_call_of_the_larger_model_cannot_be_heard_better(manager: Client) -> None:
    assert "This transcript is wrong" not in page(manager, f"/calls/{two_runs().pk}/")


def test_a_call_that_is_heard_again_still_shows_what_it_has(manager: Client) -> None:
    recording = two_runs()
    begin(recording, "scoring", RunSettings())
    text = page(manager, f"/calls/{recording.pk}/")
    assert "This call is being heard again" in text
    assert "thank you for calling" in text


def test_what_was_heard_is_shown_when_the_speakers_are_missing(manager: Client) -> None:
    recording = make_recording(status="failed", error="The voices could not be told apart.")
    Run.objects.create(
        recording=recording, number=1, heard=to_plain(HEARD), error=recording.error, finished_at=timezone.now()
    )
    text = page(manager, f"/calls/{recording.pk}/")
    assert "Who said what is missing" in text
    assert "my router is broken" in text
    assert "Try again" in text
    Run.objects.update(heard=None)
    assert "This call could not be transcribed" in page(manager, f"/calls/{recording.pk}/")


def test_two_runs_side_by_side(manager: Client) -> None:
    recording = two_runs()
    address = f"/calls/{recording.pk}/runs/1/2/"
    text = page(manager, address)
    assert "<del>falling</del>" in text
    assert "<ins>calling</ins>" in text
    assert "router" in text
    assert "router" not in page(manager, f"{address}?only=differences")
    assert "1 words only in run 1" in text


def test_a_failed_run_has_nothing_to_compare(manager: Client) -> None:
    recording = two_runs()
    Run.objects.create(recording=recording, number=3, error="No.", finished_at=timezone.now())
    assert manager.get(f"/calls/{recording.pk}/runs/3/2/").status_code == 404


def test_one_call_is_heard_again_with_other_settings(manager: Client) -> None:
    recording = two_runs()
    manager.post(f"/calls/{recording.pk}/runs/", FORM | {"fillers": "unprompted", "language": "de", "speakers": "3"})
    run = Run.objects.get(number=3)
    told = {"model": "whisper-base", "prompt_fillers": False, "language": "de", "speakers": 3}
    assert run.asked == told | {"company_words": None}
    assert (run.from_stage, run.created_by) == ("recognizing", User.objects.get())
    assert Recording.objects.get().status == "waiting"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"model": "whisper-huge"}, "model: "),
        ({"language": "german"}, "two or three letters"),
        ({"model": "whisper-tiny.en", "language": "de"}, "knows English only"),
        ({"speakers": "0"}, "speakers: "),
    ],
)
def test_settings_that_cannot_be_are_refused(manager: Client, wrong: dict[str, str], said: str) -> None:
    recording = two_runs()
    answer = manager.post(f"/calls/{recording.pk}/runs/", FORM | wrong, follow=True)
    assert said in answer.content.decode()
    assert Run.objects.count() == 2


def test_an_earlier_run_is_shown_again(manager: Client) -> None:
    recording = two_runs()
    manager.post(f"/runs/{Run.objects.get(number=1).pk}/current/")
    assert recording.turns.first().text == "thank you for falling"  # type: ignore[union-attr]


def test_a_filters_worth_is_heard_again(manager: Client) -> None:
    wanted, other = two_runs(), two_runs(agent=make_agent("Ben"))
    query = f"?agent={wanted.agent_id}"
    assert 'name="do" value="rerun"' in page(manager, "/calls/")
    text = page(manager, f"/calls/rerun/{query}")
    assert "Hear 1 call again" in text
    answer = manager.post(f"/calls/rerun/{query}", FORM)
    assert answer.headers["Location"] == f"/calls/{query}"
    assert Run.objects.get(number=3).recording == wanted
    assert not Run.objects.filter(recording=other, number=3).exists()


def test_calls_at_work_are_left_out(manager: Client) -> None:
    for status in ("done", "waiting", "processing"):
        Recording.objects.filter(pk=two_runs().pk).update(status=status)
    text = page(manager, "/calls/rerun/")
    assert "Hear 1 call again" in text
    assert "2 more wait or are at work, and are left out" in text
    Recording.objects.update(status="waiting")
    assert "No call to hear again" in page(manager, "/calls/rerun/")


def test_a_filter_that_cannot_be_read_starts_nothing(manager: Client) -> None:
    two_runs()
    assert manager.post("/calls/rerun/?agent=somebody", FORM).status_code == 404
    assert not Run.objects.filter(number=3).exists()


def test_the_work_is_estimated_from_what_was_measured(manager: Client) -> None:
    two_runs(duration=60.0)
    text = " ".join(page(manager, "/calls/rerun/").split())
    base = '<td>whisper-base</td><td class="number">0:12</td><td class="number">0:03</td><td class="number">0:01</td>'
    assert base in text
    assert '<td>whisper-tiny.en</td><td class="number">0:08</td>' in text
    Run.objects.filter(number=2).update(asked={})
    assert "no call was heard with it yet" in page(manager, "/calls/rerun/")


def test_many_calls_cost_a_page_no_more(manager: Client, django_assert_max_num_queries: Callable[..., Any]) -> None:
    for _ in range(5):
        two_runs()
    page(manager, "/calls/rerun/")
    with django_assert_max_num_queries(10):
        page(manager, "/calls/rerun/")


def test_a_supervisor_starts_only_what_is_visible() -> None:
    mine, _ = two_runs(), two_runs(agent=make_agent("Eve", team="Sales"))
    supervisor = make_user(User.Role.SUPERVISOR)
    supervisor.teams.add(mine.agent.team)  # type: ignore[union-attr]
    login(supervisor).post("/calls/rerun/", FORM)
    assert [run.recording for run in Run.objects.filter(number=3)] == [mine]


def test_the_command_hears_an_agents_calls_again(capsys: pytest.CaptureFixture[str]) -> None:
    wanted, _ = two_runs(), two_runs(agent=make_agent("Ben"))
    call_command("rerun", "--agent", "dana", "--from-stage", "scoring", "--dry-run")
    assert not Run.objects.filter(number=3).exists()
    call_command("rerun", "--agent", "dana", "--from-stage", "diarizing", "--speakers", "3")
    run = Run.objects.get(number=3)
    assert (run.recording, run.from_stage, run.asked["speakers"]) == (wanted, "diarizing", 3)
    assert "1 calls would be heard again." in capsys.readouterr().out


def test_the_command_takes_calls_of_low_confidence() -> None:
    unsure, sure = two_runs(), two_runs()
    Recording.objects.filter(pk=unsure.pk).update(role_confidence=0.6)
    Recording.objects.filter(pk=sure.pk).update(role_confidence=0.9)
    call_command("rerun", "--low-confidence", "0.7", "--from-stage", "recognizing", "--model", "whisper-base")
    assert Run.objects.get(number=3).recording == unsure


@pytest.mark.parametrize("options", [["--model", "whisper-huge"], ["--agent", "Nobody"]])
def test_the_command_refuses_what_does_not_exist(options: list[str]) -> None:
    with pytest.raises(CommandError, match="There is no"):
        call_command("rerun", "--from-stage", "scoring", *options)
