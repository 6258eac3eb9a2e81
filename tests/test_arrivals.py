"""Files in pieces."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.conftest import login, make_user
from transcription import arrivals
from transcription.arrivals import Announced, OffsetError, RefusedError, announce, append, sweep, tidy_name
from transcription.models import Draft, DraftFile, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft() -> Draft:
    return Draft.objects.create(created_by=make_user(User.Role.SUPERVISOR))


def announced(draft: Draft, name: str = "call.wav", size: int = 10, modified: int = 1) -> DraftFile:
    (file,) = announce(draft, [Announced(name, size, modified)])
    assert isinstance(file, DraftFile)
    return file


def test_pieces_become_the_file(draft: Draft) -> None:
    file = announced(draft)
    assert append(file, 0, b"01234") == 5
    assert append(file, 5, b"56789") == 10
    assert file.path.read_bytes() == b"0123456789"


def test_a_piece_for_another_offset_changes_nothing(draft: Draft) -> None:
    file = announced(draft)
    append(file, 0, b"01234")
    for offset in (0, 4, 6, 10):
        with pytest.raises(OffsetError) as raised:
            append(file, offset, b"x")
        assert raised.value.offset == 5
    assert file.path.read_bytes() == b"01234"


def test_what_a_broken_attempt_left_is_written_over(draft: Draft) -> None:
    file = announced(draft)
    append(file, 0, b"01234")
    with file.path.open("ab") as content:
        content.write(b"garbage")
    append(file, 5, b"56789")
    assert file.path.read_bytes()[:10] == b"0123456789"


def test_no_more_than_was_announced(draft: Draft) -> None:
    with pytest.raises(RefusedError, match="the file has changed"):
        append(announced(draft), 0, b"01234567890")


def test_the_same_file_again_goes_on_and_another_one_begins(draft: Draft) -> None:
    file = announced(draft)
    append(file, 0, b"01234")
    assert (announced(draft).pk, announced(draft).received) == (file.pk, 5)
    assert announced(draft, modified=2).pk != file.pk
    assert announced(draft, size=11).pk != file.pk
    assert draft.missing.count() == 3


def test_limits(draft: Draft, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.UPLOAD_FILE_BYTES, settings.UPLOAD_DRAFT_BYTES = 100, 150
    large, one, two = announce(draft, [Announced("a", 101, 0), Announced("b", 100, 0), Announced("c", 51, 0)])
    assert "the most for one file" in str(large)
    assert isinstance(one, DraftFile)
    assert "One upload holds" in str(two)
    (later,) = announce(draft, [Announced("c", 51, 0)])
    assert "One upload holds" in str(later), "what was announced before counts"
    monkeypatch.setattr(arrivals, "MAX_FILES", 1)
    assert "1 files at most" in str(announce(draft, [Announced("d", 1, 0)])[0])


def test_a_full_disk(draft: Draft, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrivals, "SPARE_BYTES", 2**62)
    assert "no room" in str(announce(draft, [Announced("a", 1, 0)])[0])


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "etc/passwd"),
        ("/etc/passwd", "etc/passwd"),
        ("march\\dana\\a.wav", "march/dana/a.wav"),
        ("a\0b.wav", "ab.wav"),
        ("M\udcfcller.wav", "M?ller.wav"),
        ("", "unnamed"),
        ("..", "unnamed"),
    ],
)
def test_names_are_only_words(draft: Draft, given: str, kept: str) -> None:
    assert tidy_name(given) == kept
    file = announced(draft, tidy_name(given))
    assert file.path.parent == draft.folder
    assert file.path.stem == file.key.hex


def test_over_the_wire(draft: Draft, settings: Any) -> None:
    settings.UPLOAD_CHUNK_BYTES = 6
    client = login(draft.created_by)
    said = [{"name": "call.wav", "size": 10, "modified": 5}, {"name": "x/.DS_Store", "size": 1, "modified": 5}]
    answer = client.post(reverse("draft_files", args=[draft.pk]), said, content_type="application/json").json()
    url = answer["files"][0]["url"]
    assert answer == {"files": [{"url": url, "offset": 0}, None]}
    assert send(client, url, 0, b"01234").status_code == 204
    assert send(client, url, 5, b"1234567").status_code == 413
    conflict = send(client, url, 0, b"01234")
    assert (conflict.status_code, conflict["Upload-Offset"]) == (409, "5")
    head = client.head(url)
    assert (head["Upload-Offset"], head["Upload-Length"]) == ("5", "10")
    assert send(client, url, 5, b"567890").status_code == 400
    assert send(client, url, 5, b"56789")["Upload-Offset"] == "10"
    assert client.patch(url, b"x").status_code == 400
    assert DraftFile.objects.get().path.read_bytes() == b"0123456789"


@pytest.mark.parametrize(
    "body",
    ["{", "{}", "[1]", '[{"name": 1, "size": 1}]', '[{"name": "a", "size": -1}]', '[{"name": "a", "size": true}]'],
)
def test_announcements_that_say_nothing(draft: Draft, body: str) -> None:
    response = login(draft.created_by).post(
        reverse("draft_files", args=[draft.pk]), body, content_type="application/json"
    )
    assert response.status_code == 400
    assert response.json()["error"]
    assert not draft.files.exists()


def test_pieces_need_the_token_of_the_page(draft: Draft) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(draft.created_by)
    url = reverse("draft_file", args=[draft.pk, announced(draft).key])
    assert send(client, url, 0, b"01234").status_code == 403
    client.get(reverse("upload"))
    token = client.cookies["csrftoken"].value
    assert send(client, url, 0, b"01234", **{"X-CSRFToken": token}).status_code == 204


def test_drafts_that_nobody_touched_for_a_week_are_swept(draft: Draft) -> None:
    old = Draft.objects.create(created_by=draft.created_by)
    append(announced(old), 0, b"01234")
    append(announced(draft), 0, b"01234")
    Draft.objects.filter(pk=old.pk).update(touched_at=timezone.now() - timedelta(days=8))
    sweep()
    assert list(Draft.objects.all()) == [draft]
    assert not old.folder.exists()
    assert draft.folder.exists()


def send(client: Client, url: str, offset: int, piece: bytes, **headers: str) -> Any:
    return client.patch(
        url, piece, content_type="application/offset+octet-stream", headers={"Upload-Offset": str(offset)} | headers
    )


@pytest.mark.usefixtures("static_files")
def test_a_form_of_too_many_bytes_is_refused_before_it_is_kept(settings: Any, client: Client) -> None:
    """Also from nobody: Django reads forms before views may refuse them."""
    settings.UPLOAD_FILE_BYTES = 1000
    supervisor = login(make_user(User.Role.SUPERVISOR))
    for who, path, taken in ((client, "/login/", 200), (supervisor, "/upload/", 302)):
        sent = [who.post(path, {"recordings": SimpleUploadedFile("a.wav", b"x" * size)}) for size in (100, 1000)]
        assert [answer.status_code for answer in sent] == [taken, 400]
        assert "too large" in sent[1].content.decode()
