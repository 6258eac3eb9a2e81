"""What people must not get at, looked for through every address: rows of others, changes to what is others'."""

import csv
import re
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.conf import settings as configured
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from analytics.exports import EXPORTS
from analytics.models import CoachingSession, Review
from analytics.vocabulary_forms import texts_of
from tests.conftest import login, make_recording, make_user
from tests.measured import MAY_12, make_call, make_question, make_topic
from tests.sounds import write_wav
from tests.test_permissions import A_KEY, EXPECTED, OPEN, address, ask, call_of_dana, inhabit, person
from transcription import wiring
from transcription.arrivals import append, tidy_name
from transcription.drafts import look_at_next, start
from transcription.models import AuditEntry, Draft, DraftFile, Hold, Recording, Run, User
from transcription.speech.filler_list import list_name
from transcription.speech.plain import to_plain
from transcription.speech.vocabulary import filler_terms
from transcription.tasks import process_recording
from transcription.transcripts import transcript_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files")]

METHODS = ("get", "post", "put", "patch", "delete")
ADMIN = "admin/"
FIRST_WORLD = ("agent", "other agent", "reviewer", "supervisor")


@pytest.fixture
def recording(tmp_path: Path) -> Recording:
    return call_of_dana(tmp_path)


# Every address and every method ---------------------------------------------------------------------------------


def patterns(resolver: URLResolver, before: str = "") -> list[tuple[str, URLPattern]]:
    """Path and pattern of every address, those without a name too; the admin site has its own test."""
    found: list[tuple[str, URLPattern]] = []
    for one in resolver.url_patterns:
        path = before + str(one.pattern)
        found += patterns(one, path) if isinstance(one, URLResolver) else [(path, one)]
    return [(path, one) for path, one in found if not path.startswith(ADMIN)]


def test_every_address_has_a_name_and_its_line() -> None:
    names = {path: one.name for path, one in patterns(get_resolver())}
    assert [path for path, name in names.items() if not name] == []
    assert set(names.values()) - OPEN == {name for _, name in EXPECTED}


@pytest.mark.parametrize("name", sorted({name for _, name in EXPECTED}))
def test_a_method_without_a_line_is_refused(name: str, recording: Recording) -> None:
    administrator = person("administrator", recording)
    for method in METHODS:
        if (method, name) not in EXPECTED:
            assert (method, ask(administrator, method, name, recording).status_code) == (method, 405)


# Rows of others -------------------------------------------------------------------------------------------------

SECRETS = ("Zebulon", "Xenon", "zebra", "xylophone", "Zounds", "Zigzag", "Zenith", "zyxwv")
"""In every text of the second world, and nowhere else. Its callers also say "quicksand", to be searched for."""


@pytest.fixture
def another_world(recording: Recording, tmp_path: Path) -> Recording:
    return inhabit(
        tmp_path / "second",
        agent="Zebulon",
        team="Xenon",
        username="zyxwv",
        file="zebra.wav",
        said="My xylophone sank into the quicksand again",
        asked="Why is my xylophone in quicksand?",
        comment="Zounds",
        why="Zigzag",
        view="Zenith",
        key=UUID(int=8),
    )


def body(answer: Any) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return str(content, errors="replace")


def addresses_to_read(recording: Recording, others: Recording) -> list[str]:
    """Every address that can be got, and those that list, with filters that name the second world."""
    plain = [address(name, recording) for method, name in EXPECTED if method == "get"]
    plain += [reverse("export", args=[kind]) for kind in EXPORTS]
    lists = [path for path in plain if not any(sign.isdigit() for sign in path)]
    plain += [reverse("recording_transcript", args=[recording.pk, kind]) for kind in ("json", "vtt", "srt", "tsv")]
    agent = others.agent
    assert agent
    of_others = f"?agent={agent.pk}&from=2000-01-01&to=2100-01-01"
    filters = (of_others, f"?team={agent.team_id}&q=quicksand", f"?calls={others.pk}&after={others.pk}")
    return [*plain, *(path + query for path in lists for query in filters)]


@pytest.mark.parametrize("who", FIRST_WORLD)
def test_rows_of_others_are_in_no_answer(who: str, recording: Recording, another_world: Recording) -> None:
    asking = person(who, recording)
    found = {}
    for path in addresses_to_read(recording, another_world):
        answer = asking.get(path)
        text = body(answer) if answer.status_code == 200 else ""
        if told := [secret for secret in SECRETS if secret in text]:
            found[path] = told
    assert found == {}


def test_the_second_world_can_be_found_by_whom_it_belongs_to(recording: Recording, another_world: Recording) -> None:
    """Else the test above would prove nothing."""
    supervisor = login(User.objects.get(username="zyxwv"))
    paths = [reverse(name) for name in ("overview", "calls", "agents", "reviews", "coaching", "questions", "upload")]
    period = "?from=2000-01-01&to=2100-01-01"
    told = "".join(body(supervisor.get(path + ("" if path == "/upload/" else period))) for path in paths)
    told += body(supervisor.get(address("call", another_world))) + body(supervisor.get("/calls/?q=quicksand"))
    told += body(supervisor.get(address("coaching_session", another_world)))
    assert [secret for secret in SECRETS if secret not in told] == []


# What is refused changes nothing --------------------------------------------------------------------------------


def everything() -> dict[str, Any]:
    """All rows of both applications, the jobs and the files: what an intruder could have changed."""
    models = [model for app in ("transcription", "analytics") for model in apps.get_app_config(app).get_models()]
    rows = {
        model.__name__: list(model._default_manager.order_by("pk").values())
        for model in models
        if model is not AuditEntry
    }
    files = sorted(str(path) for path in Path(configured.MEDIA_ROOT).rglob("*"))
    return rows | {"jobs": list(ProcrastinateJob.objects.order_by("pk").values("pk", "status")), "files": files}


def filled_in(recording: Recording) -> dict[str, Any]:
    """One form that every address can read what it wants from."""
    agent, turn = recording.agent, recording.turns.get(index=0)
    assert agent
    return {
        "agent": agent.pk,
        "answer": "skip",
        "call": recording.pk,
        "comment": "Taken over",
        "expected": 1,
        "fillers": "prompted",
        "first": 0,
        "form-0-kind": "yes_no",
        "form-0-side": "at_most",
        "form-0-section": "Taken",
        "form-0-text": "Over?",
        "form-0-weight": 1,
        "form-INITIAL_FORMS": 0,
        "form-TOTAL_FORMS": 1,
        "from": "2020-01-01",
        "from_stage": "recognizing",
        "goals": "Taken over",
        "hidden": "yes",
        "label": "Taken over",
        "last": 1,
        "link": f"/calls/{recording.pk}/?t=1",
        "at_s": 1,
        "model": "whisper-base",
        "name": "Taken over",
        "per_agent": 1,
        "scorecard": recording.pk,
        "seed": 1,
        "seen": turn.text,
        "speaker": "Speaker 2",
        "strong": "yes",
        "summary": "Taken over",
        "text": "Taken over",
        "to": "2029-12-31",
        "why": "Taken over",
        "words": "Taken",
    }


@pytest.fixture(autouse=True)
def models_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wiring, "installed_whisper_models", lambda: ["whisper-base"])


CHANGING = [(method, name) for method, name in EXPECTED if method in ("post", "patch", "delete")]


@pytest.mark.parametrize(("method", "name"), CHANGING)
def test_what_is_refused_changes_nothing(method: str, name: str, recording: Recording) -> None:
    form, path = filled_in(recording), address(name, recording)
    strangers = {who: person(who, recording) for who in ("nobody", "other agent", "other reviewer", "other supervisor")}
    before, entries, refused = everything(), 0, set()
    for who, client in strangers.items():
        answer = getattr(client, method)(path, form if method == "post" else None)
        if answer.status_code in (403, 404) or answer.headers.get("Location", "").startswith("/login/"):
            refused.add(who)
            assert (who, everything()) == (who, before)
            assert (who, AuditEntry.objects.count()) == (who, entries)
        else:
            before = everything()  # it was done to what is theirs, or to what is everybody's
            entries = AuditEntry.objects.count()
    assert {"nobody", "other agent"} <= refused or name in FOR_EVERYBODY


FOR_EVERYBODY = {"account", "view_save", "calls_columns", "layers", "password"}
"""Change what belongs to whoever asks."""


# What is done leaves an entry -----------------------------------------------------------------------------------


def state(**values: Any) -> Callable[[Recording], dict[str, Any]]:
    def prepare(recording: Recording) -> dict[str, Any]:
        Recording.objects.filter(pk=recording.pk).update(**values)
        return {}

    return prepare


def queued(recording: Recording) -> dict[str, Any]:
    process_recording.defer(recording_id=recording.pk)
    return state(status="waiting")(recording)


def run_failed(recording: Recording) -> dict[str, Any]:
    recording.runs.update(error="Out of memory")
    return state(status="failed")(recording)


def another_run(recording: Recording) -> dict[str, Any]:
    """The one before, with its transcript."""
    transcript = to_plain(transcript_of(recording))
    current = Run.objects.create(recording=recording, number=2, finished_at=timezone.now())
    recording.runs.filter(number=1).update(transcript=transcript)
    return state(current_run=current)(recording)


def arrived(recording: Recording) -> dict[str, Any]:
    """The file of the draft, which names somebody who is not on the roster."""
    file = DraftFile.objects.get()
    found = {"codec": "pcm_s16le", "channels": 1, "sample_rate": 8000, "duration": 5.0, "sha256": "a" * 64}
    DraftFile.objects.update(name="Nobody_2026-03-02_09-30.wav", received=10, looked_at=timezone.now(), **found)
    file.refresh_from_db()
    file.path.parent.mkdir(parents=True, exist_ok=True)
    file.path.write_bytes(b"0123456789")
    return {"name": "nobody"}


def a_source(recording: Recording) -> dict[str, Any]:
    Draft.objects.update(source=recording.source)
    return {"pattern": r"(?P<agent>\w+)\.wav"}


def another_topic(recording: Recording) -> dict[str, Any]:
    topic = make_topic("Where is my router?")
    make_question(recording, "Where is my router now?", topic)
    return {"into": topic.pk}


def not_reviewed(_recording: Recording) -> dict[str, Any]:
    Review.objects.all().delete()
    return {}


def a_call_to_draw(recording: Recording) -> dict[str, Any]:
    assert recording.agent
    make_call(recording.agent)
    return {"from": str(MAY_12), "to": str(MAY_12)}


def no_draft(recording: Recording) -> dict[str, Any]:
    CoachingSession.objects.filter(state="draft").delete()
    return {}


def its_filler_list(_recording: Recording) -> dict[str, Any]:
    terms = filler_terms("en")
    return texts_of(terms[1:]) | {"seen": list_name("en", terms)}


def on_hold(recording: Recording) -> dict[str, Any]:
    Hold.objects.create(recording=recording, reason="A complaint")
    return {}


def a_customer(recording: Recording) -> dict[str, Any]:
    return state(customer_ref="020 7946 0123")(recording) | {"customer": "020 7946 0123"}


def a_file(_recording: Recording) -> dict[str, Any]:
    return {"recordings": SimpleUploadedFile("a.wav", b"0123456789")}


def a_password(_recording: Recording) -> dict[str, Any]:
    return {"old_password": "a made-up password", **dict.fromkeys(("new_password1", "new_password2"), "horse battery")}


PREPARED: dict[str, Callable[[Recording], dict[str, Any]]] = {
    **dict.fromkeys(("batch_cancel", "recording_cancel"), state(status="waiting")),
    **dict.fromkeys(("batch_retry", "recording_retry"), state(status="failed")),
    "coaching_reopen": no_draft,
    "draft_pattern": a_source,
    **dict.fromkeys(("draft_start", "draft_unknown"), arrived),
    "erase": a_customer,
    "hold": lambda _: {"reason": "A complaint"},
    "hold_release": on_hold,
    "password": a_password,
    "recording_urgent": queued,
    "review_call": not_reviewed,
    "sample_draw": a_call_to_draw,
    "run_current": another_run,
    "run_retry": run_failed,
    "topic_merge": another_topic,
    "upload": a_file,
    "vocabulary_fillers": its_filler_list,
}
"""What an address needs beyond the form and the world above to change something."""
KEEP_NOTHING = {"vocabulary_effect", "vocabulary_prompt", "draft_files", "draft_check"}
"""Show what would be, or need JSON or files that just arrived (test_arrivals)."""
UNWRITTEN = {"account", "draft_options", "draft_unknown", "layers", "calls_columns"}
"""Prepare an upload, which counts when it is started, or keep what somebody likes to see."""


@pytest.mark.usefixtures("clean_jobs")
@pytest.mark.parametrize(("method", "name"), [(m, name) for m, name in CHANGING if m != "patch"])
def test_what_changes_something_is_written_down(method: str, name: str, recording: Recording, settings: Any) -> None:
    settings.FIRST_WHISPER_MODEL = "whisper-tiny.en"  # a quick result can be disputed
    who = {"coaching_answer": "agent"}.get(name, "supervisor")
    who = "administrator" if EXPECTED[method, name][3] == 403 and who == "supervisor" else who
    asking, path = person(who, recording), address(name, recording)
    form = filled_in(recording) | PREPARED.get(name, lambda _: {})(recording)
    before = everything()
    answer = asking.post(path, form) if method == "post" else asking.delete(path)
    assert answer.status_code < 500
    changed, written = everything() != before, AuditEntry.objects.exists()
    assert (changed, written) == (name not in KEEP_NOTHING, name not in KEEP_NOTHING | UNWRITTEN)


LOOKING = {
    **dict.fromkeys(
        ("call", "call_numbers", "call_moments", "compare_runs", "agent", "review", "coaching_session"), "opened"
    ),
    **dict.fromkeys(("recording_transcript", "export", "calls_export", "agents_export", "batch_errors"), "exported"),
    "audit_export": "exported",
    "recording_audio": "played",
}


@pytest.mark.parametrize("name", [name for method, name in EXPECTED if method == "get"])
def test_what_is_looked_at_closely_is_written_down(name: str, recording: Recording) -> None:
    asking, path = person("administrator", recording), address(name, recording)
    for _ in range(3):
        asking.get(path)
    written = set(AuditEntry.objects.values_list("action", flat=True))
    assert written == ({LOOKING[name]} if name in LOOKING else set())


def test_a_listening_is_one_entry(recording: Recording) -> None:
    player, path = person("supervisor", recording), address("recording_audio", recording)
    for part in ("bytes=0-", "bytes=0-99", "bytes=100-199", "bytes=5-9"):
        assert player.get(path, headers={"range": part}).status_code == 206
    player.head(path)
    person("other agent", recording).get(path)
    Client().get(path)
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.user_name, entry.object_id) == ("played", "supervisor", recording.pk)


# Names in forms ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("calls_assign", {"agent": "{agent}", "expected": "1"}),
        ("draft_options", {"default_agent": "{agent}"}),
        ("topic_merge", {"into": "{topic}"}),
        ("coaching_add", {"link": "/calls/{call}/?t=1", "why": "Mine now", "strong": "yes"}),
        ("vocabulary_trial", {"call": "{call}", "words": "Mine"}),
        ("draft_forget", {"file": "{file}"}),
    ],
)
def test_a_form_cannot_name_what_is_others(
    name: str,
    fields: dict[str, str],
    recording: Recording,
    another_world: Recording,
) -> None:
    others: dict[str, Any] = {
        "agent": another_world.agent_id,
        "call": another_world.pk,
        "topic": another_world.questions.get().topic_id,
        "file": User.objects.get(username="zyxwv").drafts.get().files.get().pk,
    }
    supervisor = person("supervisor", recording)
    before = everything()
    supervisor.post(address(name, recording), {field: value.format(**others) for field, value in fields.items()})
    after = everything()
    for rows in (before, after):
        for draft in rows["Draft"]:
            del draft["touched_at"]
    assert after == before


# Formulas ---------------------------------------------------------------------------------------------------------

FORMULA = re.compile(r"[=+@\t\r]|-(?![\d.])")


def test_no_table_holds_a_formula(tmp_path: Path) -> None:
    """Every CSV of the site, in a world in which everything that people name begins like one."""
    bad = inhabit(
        tmp_path,
        agent="=Dana",
        team="@Billing",
        username="+eve",
        file="=call.wav",
        said="=1+1 is my router broken?",
        asked="=HYPERLINK(1)?",
        comment="-cmd",
        why="=why",
        view="=view",
        key=A_KEY,
    )
    turn = bad.turns.get(index=1)
    turn.text = "=1+1"
    turn.save()
    review = Review.objects.get()
    review.answers.create(question=review.scorecard.questions.get(), value=1)
    values = {"error": "@failed", "customer_ref": "+34", "external_id": "\t=1", "queue": "-queue"}
    Recording.objects.filter(pk=bad.pk).update(**values)
    failed = make_recording(status="failed", batch=bad.batch, original_name="=failed.wav", error="@SUM(1)")
    asking = login(make_user(username="-root"))
    asking.get(address("call", bad))
    paths = [path for path in addresses_to_read(bad, bad) if ".csv" in path]
    assert len(paths) > len(EXPORTS) + 4
    cells = [cell for path in paths for row in csv.reader(body(asking.get(path)).splitlines()) for cell in row]
    assert [cell for cell in cells if FORMULA.match(cell)] == []
    neutral = {"'=Dana", "'@Billing", "'+eve", "'=call.wav", "'=1+1", "'=HYPERLINK(1)?", "'-cmd", "'+34", "'-root"}
    assert neutral - set(cells) == set()
    assert f"'{failed.error}" in cells


# Paths ------------------------------------------------------------------------------------------------------------


HOSTILE = [
    "../../../etc/passwd.wav",
    "/etc/passwd.wav",
    "C:\\Windows\\a.wav",
    "a\n/../b.wav",
    "a.w\r\nX",
    "\u202evaw.a",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_never_a_path(name: str, tmp_path: Path, settings: Any) -> None:
    """Uploaded, unpacked and started: whatever a file is called, it lies below MEDIA_ROOT under a name of ours."""
    supervisor = make_user(User.Role.SUPERVISOR)
    content = write_wav(tmp_path / "made.wav").read_bytes()
    announced = tidy_name(name)
    draft = Draft.objects.create(created_by=supervisor)
    file = draft.files.create(name=announced, size=len(content), modified=0)
    append(file, 0, content)
    assert look_at_next(draft, seconds=30) == 0
    (result,) = start(draft, supervisor)
    assert result.recording
    media = Path(settings.MEDIA_ROOT).resolve()
    stored = [path for path in tmp_path.rglob("*") if path.is_file() and path.read_bytes() == content]
    assert {path for path in stored if media not in path.parents} == {tmp_path / "made.wav"}
    assert re.fullmatch(r"recordings/[0-9a-f]{2}/[0-9a-f]{32}(\.[0-9a-z]+|)", result.recording.audio.name)


def test_a_manifest_reaches_no_other_file(tmp_path: Path) -> None:
    folder = tmp_path / "calls"
    write_wav(folder / "in.wav")
    write_wav(tmp_path / "out.wav", hertz=500)
    (folder / "manifest.csv").write_text("filename,agent\nin.wav,Dana\n../out.wav,Dana\n/etc/hostname,Dana\n")
    said = StringIO()
    call_command("ingest", str(folder), "--manifest", str(folder / "manifest.csv"), stdout=said)
    assert list(Recording.objects.values_list("original_name", flat=True)) == ["in.wav"]


# The admin site ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["nobody", "agent", "reviewer", "supervisor", "administrator"])
def test_nobody_without_staff_rights_comes_into_the_admin_site(who: str, recording: Recording) -> None:
    asking, paths = (
        person(who, recording),
        [reverse("admin:index"), reverse("admin:jsi18n"), reverse("admin:autocomplete")],
    )
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        paths += [reverse(f"{name}_{page}") for page in ("changelist", "add")]
        paths += [reverse(f"{name}_{page}", args=[recording.pk]) for page in ("change", "delete", "history")]
    before = everything()
    for path in paths:
        for answer in (asking.get(path), asking.post(path, {"post": "yes"})):
            assert (path, answer.status_code, answer.headers["Location"].startswith(("/login/", "/admin/login/"))) == (
                path,
                302,
                True,
            )
    assert everything() == before
