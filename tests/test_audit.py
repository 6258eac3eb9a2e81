"""What is written down of what people do, and that it stays."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import RequestFactory

from tests.conftest import make_recording, make_user
from transcription import audit
from transcription.models import Action, AuditEntry, User

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 5, 12, 12, tzinfo=UTC)


def request_of(user: User, **headers: str) -> Any:
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.7", headers=headers)
    request.user = user
    return request


def test_an_entry_says_who_did_what_to_what_and_from_where() -> None:
    user, recording = make_user(username="eva"), make_recording(original_name="a.wav")
    audit.record(request_of(user), Action.ASSIGNED, recording, calls=1)
    entry = AuditEntry.objects.get()
    assert (entry.user_id, entry.user_name, entry.address) == (user.pk, "eva", "192.0.2.7")
    assert (entry.action, entry.kind, entry.object_id) == ("assigned", "recording", recording.pk)
    assert entry.object_name == "a.wav"
    assert entry.detail == {"calls": 1}


def test_what_is_no_object_goes_by_its_name_and_jobs_are_nobody() -> None:
    audit.write(Action.DELETED, "12 calls\0", older_than=NOON)
    entry = AuditEntry.objects.get()
    assert (entry.user_id, entry.user_name, entry.address) == (None, "", "")
    assert (entry.kind, entry.object_id, entry.object_name) == ("", None, "12 calls")
    assert entry.detail == {"older_than": "2026-05-12T12:00:00Z"}


def test_writing_is_one_insert(django_assert_num_queries: Any) -> None:
    request, recording = request_of(make_user()), make_recording()
    with django_assert_num_queries(1):
        audit.record(request, Action.OPENED, recording)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE transcription_auditentry SET user_name = 'nobody'",
        "DELETE FROM transcription_auditentry",
        "DELETE FROM transcription_auditentry WHERE id = -1",
        "INSERT INTO transcription_auditentry TABLE transcription_auditentry ON CONFLICT (id) DO UPDATE SET kind = ''",
        "TRUNCATE transcription_auditentry",
    ],
)
def test_the_database_refuses_to_change_entries(change: str) -> None:
    audit.write(Action.OPENED, "a call")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE transcription_auditentry ENABLE TRIGGER audit_not_emptied")  # see conftest
        with pytest.raises(DatabaseError, match="only ever added"), transaction.atomic():
            cursor.execute(change)
    assert AuditEntry.objects.values_list("object_name", flat=True).get() == "a call"


def test_an_entry_outlives_the_call_and_the_account() -> None:
    user, recording = make_user(username="eva"), make_recording(original_name="a.wav")
    number = recording.pk
    audit.record(request_of(user), Action.DELETED, recording)
    recording.delete()
    user.delete()
    entry = AuditEntry.objects.get()
    assert (entry.user_name, entry.object_id, entry.object_name) == ("eva", number, "a.wav")


def test_once_a_sitting(monkeypatch: pytest.MonkeyPatch) -> None:
    eva, ben, recording = make_user(), make_user(), make_recording()
    clock = [NOON]
    monkeypatch.setattr("django.utils.timezone.now", lambda: clock[0])
    for user, minutes in ((eva, 0), (eva, 1), (ben, 2), (eva, 29), (eva, 31), (eva, 40)):
        clock[0] = NOON + timedelta(minutes=minutes)
        audit.record_once(request_of(user), Action.PLAYED, recording)
    played = AuditEntry.objects.order_by("at").values_list("user_id", "at")
    assert [(who, (at - NOON).seconds // 60) for who, at in played] == [(eva.pk, 0), (ben.pk, 2), (eva.pk, 31)]
    audit.record_once(request_of(eva), Action.OPENED, recording)
    audit.record_once(request_of(eva), Action.PLAYED, make_recording())
    assert AuditEntry.objects.count() == 5


def test_an_address_is_what_the_own_proxy_heard(settings: Any) -> None:
    forged = {"X-Forwarded-For": "203.0.113.9, 198.51.100.4"}
    assert audit.address_of(request_of(make_user(), **forged)) == "192.0.2.7"
    settings.BEHIND_PROXY = True
    assert audit.address_of(request_of(make_user(), **forged)) == "198.51.100.4"
    assert audit.address_of(request_of(make_user())) == "192.0.2.7"
