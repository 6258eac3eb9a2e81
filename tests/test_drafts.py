"""From files that arrived to a batch, with a look in between."""

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.conftest import login, make_agent, make_recording, make_user
from tests.sounds import write_wav
from transcription.drafts import look_at_next, plan_of, start
from transcription.models import Agent, Batch, Draft, Recording, Source, Team, User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files", "clean_jobs")]


@pytest.fixture
def supervisor() -> User:
    """Of the team Billing, with Dana in it."""
    user = make_user(User.Role.SUPERVISOR)
    user.teams.add(make_agent("Dana", team="Billing").team)  # type: ignore[arg-type]
    return user


def sound(tmp_path: Path, name: str = "a.wav", hertz: float = 440, **made: Any) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, write_wav(tmp_path / "made" / "x.wav", hertz=hertz, **made).read_bytes())


def named(tmp_path: Path, *agents: str) -> list[SimpleUploadedFile]:
    return [sound(tmp_path, f"{agent}_2026-03-02_09-30.wav", 400 + at) for at, agent in enumerate(agents)]


def text(name: str, content: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content.encode())


def uploaded(user: User, *files: SimpleUploadedFile) -> Draft:
    """By the plain form, and looked at."""
    response = login(user).post(reverse("upload"), {"recordings": files})
    draft = Draft.objects.latest("pk")
    assert response["Location"] == reverse("draft", args=[draft.pk])
    assert look_at_next(draft, seconds=30) == 0
    return draft


def page(user: User, draft: Draft, **query: str) -> str:
    return login(user).get(reverse("draft", args=[draft.pk]), query).content.decode()


def post(user: User, view: str, draft: Draft, **values: Any) -> str:
    """The page that it leads to."""
    return login(user).post(reverse(view, args=[draft.pk]), values, follow=True).content.decode()


def test_nothing_is_processed_before_the_start(tmp_path: Path, supervisor: User) -> None:
    draft = uploaded(supervisor, sound(tmp_path, "Dana_2026-03-02_09-30.wav"), sound(tmp_path, "b.wav", 500))
    shown = page(supervisor, draft)
    assert "Start 2 calls" in shown
    assert "1 of 2 matched" in shown
    assert "No worker is running" in shown
    assert (Recording.objects.count(), ProcrastinateJob.objects.count()) == (0, 0)
    folder = draft.folder
    post(supervisor, "draft_start", draft)
    batch = Batch.objects.get()
    assert batch.created_by == supervisor
    assert [(r.original_name, str(r.agent)) for r in batch.recordings.order_by("original_name")] == [
        ("Dana_2026-03-02_09-30.wav", "Dana"),
        ("b.wav", "None"),
    ]
    assert ProcrastinateJob.objects.count() == 2
    assert not Draft.objects.exists()
    assert not folder.exists()
    assert all(Path(recording.audio.path).stat().st_size == recording.bytes for recording in Recording.objects.all())


def test_what_cannot_be_used_says_why_and_stops_nothing_else(tmp_path: Path, supervisor: User) -> None:
    make_recording(original_name="secret.wav", sha256="0" * 64)
    draft = uploaded(
        supervisor,
        sound(tmp_path, "good.wav"),
        sound(tmp_path, "copy.wav"),
        text("notes.wav", "This is no sound."),
        text("empty.wav", ""),
        SimpleUploadedFile("three.wav", three_channels(tmp_path)),
    )
    shown = page(supervisor, draft)
    assert "Start 1 call<" in shown
    assert "notes.wav is not audio" in shown
    assert "empty.wav is empty (0 bytes)" in shown
    assert "three.wav has 3 channels" in shown
    assert "same as good.wav here" in shown or "same as copy.wav here" in shown
    assert "notes.wav" not in page(supervisor, draft, show="starting").split('id="files-head"')[1]
    assert [result.state for result in start(draft, supervisor)] == ["accepted"]


def three_channels(tmp_path: Path) -> bytes:
    import wave

    path = tmp_path / "three.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(3)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(b"\1\2" * 3 * 800)
    return path.read_bytes()


def test_a_duplicate_of_an_unseen_call_tells_nothing_of_it(tmp_path: Path, supervisor: User) -> None:
    administrator = make_user()
    start(uploaded(administrator, sound(tmp_path, "secret.wav")), administrator)
    draft = uploaded(supervisor, sound(tmp_path, "b.wav"))
    shown = page(supervisor, draft)
    assert "received before" in shown
    assert "secret.wav" not in shown
    assert "Start 0 calls" in shown
    assert "There is no call to start" in post(supervisor, "draft_start", draft)
    assert Draft.objects.exists()


def test_sound_is_listened_to(tmp_path: Path, supervisor: User) -> None:
    draft = uploaded(supervisor, sound(tmp_path, "same.wav", channels=2))
    assert "both channels carry the same sound" in page(supervisor, draft)


def test_manifest_sidecar_and_name_in_their_order(tmp_path: Path, supervisor: User) -> None:
    draft = uploaded(
        supervisor,
        sound(tmp_path, "Dana_2026-03-02_09-30.wav"),
        text("Dana_2026-03-02_09-30.json", '{"queue": "returns", "customer_ref": "side"}'),
        text("calls.csv", "filename,customer_ref,colour\nDana_2026-03-02_09-30.wav,sheet,red\ngone.wav,x,red\n"),
    )
    (candidate,) = plan_of(draft, supervisor).plan.candidates
    assert (candidate.metadata.customer_ref, candidate.metadata.queue) == ("sheet", "returns")
    assert candidate.origins == {
        "agent": "file name",
        "started_at": "file name",
        "customer_ref": "manifest",
        "queue": "sidecar",
    }
    shown = page(supervisor, draft)
    assert "1 manifest row without a file" in shown
    assert "gone.wav" in shown
    assert "Column &#x27;colour&#x27; is not known" in shown


def test_a_wrong_manifest_or_a_second_one_can_be_removed(tmp_path: Path, supervisor: User) -> None:
    draft = uploaded(
        supervisor,
        sound(tmp_path),
        text("a.csv", "agent\nDana\n"),
        text("b.csv", "filename\n"),
        text("c.csv", "filename\n"),
    )
    wrong, used, second = draft.files.filter(kind="manifest").order_by("pk")
    assert "one of them must be &#x27;filename&#x27;" in page(supervisor, draft)
    assert (used.error, second.error) == ("", "b.csv is the manifest already. Remove it to use this one.")
    post(supervisor, "draft_forget", draft, file=wrong.pk)
    assert not wrong.path.exists()
    assert draft.files.count() == 3


def test_a_wrong_sidecar_stops_its_recording(tmp_path: Path, supervisor: User) -> None:
    draft = uploaded(supervisor, sound(tmp_path), text("a.wav.json", "{"))
    (candidate,) = plan_of(draft, supervisor).plan.candidates
    assert candidate.error.startswith("a.wav.json cannot be used")


def test_a_zip_becomes_its_files(tmp_path: Path, supervisor: User) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("Dana/a.wav", sound(tmp_path).read())
        archive.writestr("Dana/b.wav", sound(tmp_path, hertz=500).read())
        archive.writestr("../c.wav", b"x")
        archive.writestr("__MACOSX/._a.wav", b"x")
    draft = uploaded(supervisor, SimpleUploadedFile("march.zip", content.getvalue()))
    shown = page(supervisor, draft)
    assert "unpacked: 2, left out: 1" in shown
    assert "../c.wav: Its path leads out of the archive." in shown
    assert "_a.wav" not in shown
    planned = plan_of(draft, supervisor).plan.candidates
    assert [(str(one.path), str(one.agent)) for one in planned] == [
        ("march/Dana/a.wav", "Dana"),
        ("march/Dana/b.wav", "Dana"),
    ]
    assert {result.state for result in start(draft, supervisor)} == {"accepted"}


def test_a_zip_that_is_none(supervisor: User) -> None:
    draft = uploaded(supervisor, text("march.zip", "This is no archive."))
    assert "no zip archive that can be read" in page(supervisor, draft)


def test_unknown_agents_are_mapped_left_out_or_left_alone(tmp_path: Path, supervisor: User) -> None:
    draft = uploaded(
        supervisor,
        *named(tmp_path, "D Reyes", "Ann", "Bo"),
    )
    assert "0 of 3 matched, 3 unknown agents" in page(supervisor, draft)
    dana, eve = Agent.objects.get(name="Dana"), make_agent("Eve", team="Sales")
    post(supervisor, "draft_unknown", draft, name="d reyes", answer=dana.pk)
    post(supervisor, "draft_unknown", draft, name="ann", answer="skip")
    assert "Choose an agent" in post(supervisor, "draft_unknown", draft, name="bo", answer=eve.pk)
    shown = page(supervisor, draft)
    assert "1 of 3 matched, 2 unknown agents" in shown
    assert "Start 2 calls" in shown
    draft.refresh_from_db()
    start(draft, supervisor)
    recordings = Recording.objects.order_by("original_name")
    assert [(str(r.agent), r.origins.get("unknown_agent")) for r in recordings] == [("None", "Bo"), ("Dana", None)]


def test_supervisors_create_agents_in_their_own_teams(tmp_path: Path, supervisor: User) -> None:
    sales = Team.objects.create(name="Sales")
    make_agent("Eve", team="Sales")
    draft = uploaded(
        supervisor,
        *named(tmp_path, "Ann", "Eve"),
    )
    billing = supervisor.teams.get()
    assert "Choose one of your teams" in post(supervisor, "draft_unknown", draft, name="ann", answer="create")
    assert "Select a valid choice" in post(
        supervisor, "draft_unknown", draft, name="ann", answer="create", team=sales.pk
    )
    assert not Agent.objects.filter(name="Ann").exists()
    post(supervisor, "draft_unknown", draft, name="ann", answer="create", team=billing.pk)
    assert Agent.objects.get(name="Ann").team == billing
    taken = post(supervisor, "draft_unknown", draft, name="eve", answer="create", team=billing.pk)
    assert "an agent called Eve in another team" in taken
    assert Agent.objects.get(name="Eve").team == sales
    post(supervisor, "draft_unknown", draft, name="nobody in the draft", answer="create", team=billing.pk)
    assert Agent.objects.count() == 3


def test_administrators_create_all_of_a_manifest_at_once(tmp_path: Path) -> None:
    administrator = make_user()
    sheet = text("m.csv", "filename,agent,team\na.wav,Ann,Sales\nb.wav,Bo,\n")
    draft = uploaded(administrator, sound(tmp_path, "a.wav"), sound(tmp_path, "b.wav", 500), sheet)
    assert "Create all 2" in page(administrator, draft)
    post(administrator, "draft_unknown", draft, name=["ann", "bo"], answer="create")
    assert [(agent.name, str(agent.team)) for agent in Agent.objects.all()] == [("Ann", "Sales"), ("Bo", "None")]
    assert "2 of 2 matched" in page(administrator, draft)


def test_source_and_agent_of_the_draft(tmp_path: Path, supervisor: User) -> None:
    source = Source.objects.create(name="PBX", channel_map="agent_left", filename_pattern=r"(?P<call_id>\d+)")
    eve, dana = make_agent("Eve", team="Sales"), Agent.objects.get(name="Dana")
    draft = uploaded(supervisor, sound(tmp_path, "17.wav"))
    refused = post(supervisor, "draft_options", draft, source=source.pk, default_agent=eve.pk)
    assert "Choose one of the sources and agents offered" in refused
    post(supervisor, "draft_options", draft, source=source.pk, default_agent=dana.pk)
    draft.refresh_from_db()
    start(draft, supervisor)
    recording = Recording.objects.get()
    assert (recording.source, recording.agent, recording.external_id) == (source, dana, "17")


def test_a_pattern_is_tried_and_kept(tmp_path: Path, supervisor: User) -> None:
    administrator = make_user()
    draft = uploaded(supervisor, sound(tmp_path, "dana-17.wav"), sound(tmp_path, "b.wav", 500))
    url = reverse("draft_pattern", args=[draft.pk])
    pattern = r"(?P<agent>[a-z]+)-(?P<call_id>\d+)"
    tried = login(supervisor).get(url, {"pattern": pattern}).content.decode()
    assert "1 of 2 names match" in tried
    assert tried.index("b.wav") < tried.index("dana-17.wav"), "first those that do not match"
    assert "not a regular expression" in login(supervisor).get(url, {"pattern": "("}).content.decode()
    assert login(supervisor).post(url, {"pattern": pattern}).status_code == 403
    assert "Choose a source first" in post(administrator, "draft_pattern", draft, pattern=pattern)
    draft.source = Source.objects.create(name="PBX")
    draft.save()
    assert "Unknown groups" in post(administrator, "draft_pattern", draft, pattern="(?P<agnet>.)")
    post(administrator, "draft_pattern", draft, pattern=pattern)
    assert Source.objects.get().filename_pattern == pattern


def test_a_start_waits_for_what_is_missing(tmp_path: Path, supervisor: User) -> None:
    draft = uploaded(supervisor, sound(tmp_path))
    draft.files.create(name="big.wav", size=2_000_000, received=500_000, modified=0)
    shown = page(supervisor, draft)
    assert "1 file not here yet" in shown
    assert "big.wav" in shown
    assert "Start 1 call" not in shown
    assert "Nothing was started" in post(supervisor, "draft_start", draft)
    post(supervisor, "draft_forget", draft)
    assert "Start 1 call<" in page(supervisor, draft)


def test_files_are_looked_at_step_by_step(tmp_path: Path, supervisor: User) -> None:
    login(supervisor).post(reverse("upload"), {"recordings": [sound(tmp_path)]})
    draft = Draft.objects.get()
    client, url = login(supervisor), reverse("draft_check", args=[draft.pk])
    assert "Looking at the files: 1 of 1 to go" in page(supervisor, draft)
    assert client.post(url, headers={"HX-Request": "true"})["HX-Trigger"] == '{"draft:looked-at": {}}'
    assert client.post(url)["Location"] == reverse("draft", args=[draft.pk])
    assert draft.unseen.count() == 0


def test_a_file_that_went_missing_on_disk(tmp_path: Path, supervisor: User) -> None:
    login(supervisor).post(reverse("upload"), {"recordings": [sound(tmp_path)]})
    draft = Draft.objects.get()
    draft.files.get().path.unlink()
    look_at_next(draft, seconds=5)
    assert draft.files.get().error.startswith("Parts of it are gone from this server's disk")


def test_a_file_that_cannot_be_stored_stays(tmp_path: Path, supervisor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    draft = uploaded(supervisor, sound(tmp_path, "a.wav"), sound(tmp_path, "b.wav", 500))
    save = FileSystemStorage.save

    def full(storage: FileSystemStorage, name: str, content: Any, **options: Any) -> str:
        save(storage, name, content, **options)
        monkeypatch.setattr(FileSystemStorage, "save", save)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "save", full)
    shown = post(supervisor, "draft_start", draft)
    assert "a.wav: could not be stored: No space left on device. It is still here." in shown
    assert "Start 1 call<" in shown
    post(supervisor, "draft_start", draft)
    assert sorted(Batch.objects.get().recordings.values_list("original_name", flat=True)) == ["a.wav", "b.wav"]


def test_deleting_a_draft_deletes_its_files(tmp_path: Path, supervisor: User) -> None:
    draft = uploaded(supervisor, sound(tmp_path))
    assert draft.folder.exists()
    assert "deleted with its files" in post(supervisor, "draft_delete", draft)
    assert not draft.folder.exists()


def test_no_file_at_all(supervisor: User) -> None:
    assert login(supervisor).post(reverse("upload"), {}).status_code == 400
    assert not Draft.objects.exists()


def test_large_files_and_long_names_by_the_plain_form(tmp_path: Path, supervisor: User, settings: Any) -> None:
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 10
    name = "Ж" * 150 + ".wav"
    draft = uploaded(supervisor, sound(tmp_path, name))
    start(draft, supervisor)
    assert Recording.objects.get().original_name.endswith("ЖЖ.wav")


def test_a_draft_for_a_script(supervisor: User) -> None:
    answer = login(supervisor).post(reverse("upload"), headers={"Accept": "application/json"}).json()
    draft = Draft.objects.get()
    assert answer == {"page": f"/drafts/{draft.pk}/", "files": f"/drafts/{draft.pk}/files/"}


def test_queries_of_the_page_do_not_grow(supervisor: User, django_assert_max_num_queries: Any) -> None:
    draft = Draft.objects.create(created_by=supervisor)
    for number in range(250):
        draft.files.create(
            name=f"Dana_2026-03-02_09-30_{number}.wav",
            size=1,
            received=1,
            modified=0,
            looked_at="2026-03-02T09:30Z",
            sha256=f"{number:064}",
            codec="pcm_s16le",
            channels=1,
            sample_rate=8000,
            duration=60.0,
        )
    client: Client = login(supervisor)
    with django_assert_max_num_queries(20):
        response = client.get(reverse("draft", args=[draft.pk]), {"page": "2"})
    assert "101 to 200 of 250" in response.content.decode()
    assert "Start 250 calls" in response.content.decode()
