"""The page and the CSV of the audit, and the admin site, whose changes are in it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.urls import reverse

from tests.conftest import login, make_agent, make_recording, make_user
from transcription import audit, trail
from transcription.admin import Audited
from transcription.models import Action, Agent, AuditEntry, Team, User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files")]

NOON = datetime(2026, 5, 12, 12, tzinfo=UTC)


def entry(minutes: float = 0, **values: Any) -> AuditEntry:
    plain = {"action": Action.OPENED, "object_name": "a.wav", "user_name": "eva", "user_id": 7}
    return AuditEntry.objects.create(at=NOON + timedelta(minutes=minutes), **plain | values)


def shown(client: Client, query: str = "") -> str:
    return client.get(f"/audit/?{query}").content.decode()


def test_the_page_says_who_did_what_to_what(django_assert_num_queries: Any) -> None:
    eva, recording = make_user(User.Role.SUPERVISOR, username="eva"), make_recording(original_name="=a.wav")
    audit.write(Action.SWAPPED, recording, by=eva, address="192.0.2.7")
    audit.write(Action.EXPORTED, "calls.csv", by=eva, filters="agent=3")
    audit.write(Action.DELETED, "12 calls", older_than=90)
    client = login(make_user())
    page = shown(client)
    assert "exchanged agent and customer" in page
    assert f'<a href="/audit/?kind=recording&amp;number={recording.pk}">=a.wav</a>' in page
    assert "agent=3" in page
    assert "nobody" in page
    assert AuditEntry(detail={"staff": False, "teams": ["A", "B"], "none": [], "calls": 0}).facts == [
        ("staff", "no"),
        ("teams", "A, B"),
        ("calls", "0"),
    ]
    only = shown(client, f"kind=recording&number={recording.pk}")
    assert ("exchanged agent and customer" in only, "calls.csv" in only) == (True, False)
    with django_assert_num_queries(4):  # session, account, names for the filter, entries
        client.get("/audit/")
    table = b"".join(client.get("/audit/list.csv?action=swapped").streaming_content).decode().splitlines()
    assert table[0] == "at,user,address,action,kind,number,name,detail"
    assert table[1].endswith(f",eva,192.0.2.7,swapped,recording,{recording.pk},'=a.wav,")
    assert len(table) == 2
    assert AuditEntry.objects.order_by("-at").first().object_name == "audit.csv"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", "edcba"),
        ("user=7", "eca"),
        ("action=played", "d"),
        ("kind=agent&number=3", "b"),
        ("number=3", "c"),
        ("start=2026-05-13", "e"),
        ("end=2026-05-12", "dcba"),
        ("start=2026-05-12&end=2026-05-12&user=8", "db"),
        ("user=999999999999999999999", ""),
    ],
)
def test_filters(query: str, names: str) -> None:
    entry(0, object_name="file-a.wav")
    entry(1, object_name="file-b.wav", kind="agent", object_id=3, user_id=8)
    entry(2, object_name="file-c.wav", kind="recording", object_id=3)
    entry(3, object_name="file-d.wav", action=Action.PLAYED, user_id=8)
    entry(720, object_name="file-e.wav")  # midnight in UTC, the next day
    page = shown(login(make_user()), query)
    assert [letter for letter in "edcba" if f"file-{letter}.wav" in page] == list(names)


def test_what_cannot_be_read_is_marked_and_never_exported() -> None:
    entry()
    client = login(make_user())
    assert "Enter a whole number." in shown(client, "number=one")
    assert client.get("/audit/list.csv?number=one").status_code == 404


def test_pages_go_on_behind_an_entry_whatever_comes_in(django_assert_num_queries: Any) -> None:
    at_once = [entry(0).pk for _ in range(4)]
    later = [entry(1).pk for _ in range(2)]
    everything = trail.passing({})
    pages, after = [], None
    for _ in range(3):
        page = trail.page_of(everything, after, 2)
        pages.append([one.pk for one in page.entries])
        after = page.after
        entry(2)
    assert pages == [later[::-1], at_once[:1:-1], at_once[1::-1]]
    assert after is None
    assert [one.pk for one in trail.page_of(everything, 10**12, 1).entries] == [
        AuditEntry.objects.latest("at", "pk").pk
    ]
    with django_assert_num_queries(2):
        trail.page_of(everything, at_once[0], 2)


def test_no_page_reads_or_sorts_the_whole_history() -> None:
    """Each filter that somebody may set alone has an index that gives its order."""
    AuditEntry.objects.bulk_create(
        AuditEntry(
            at=NOON + timedelta(minutes=number),
            user_id=number % 50,
            action=Action.values[number % 20],
            kind="recording",
            object_id=number % 1000,
        )
        for number in range(20_000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE transcription_auditentry")
    late, early = date(2026, 5, 24), date(2026, 5, 13)
    for wanted in (
        {},
        {"user": 7},
        {"action": "played"},
        {"kind": "recording", "number": 7},
        {"start": early, "end": late},
    ):
        plan = trail.passing(wanted)[:101].explain()
        assert "Index" in plan, (wanted, plan)
        assert "Seq Scan" not in plan, (wanted, plan)
    edge = AuditEntry.objects.order_by("at")[10_000]
    found = trail.passing({"user": 7})
    assert "Seq Scan" not in found.filter(at__lte=edge.at)[:101].explain()


def test_only_administrators_come_into_the_admin_site() -> None:
    """Whatever permissions an account was given there."""
    staff = make_user(User.Role.SUPERVISOR, is_staff=True)
    staff.user_permissions.set(staff.user_permissions.model.objects.all())
    assert login(staff).get("/admin/").headers["Location"].startswith("/admin/login/")
    administrator = make_user(is_staff=True)
    assert login(administrator).get("/admin/").status_code == 200
    assert login(administrator).get("/admin/transcription/user/").status_code == 403  # has no permission yet
    assert login(make_user(is_superuser=False)).get("/admin/").status_code == 302  # no staff


def test_who_is_no_superuser_can_neither_become_one_nor_touch_one() -> None:
    root = make_user(is_staff=True, is_superuser=True, username="root")
    staff = make_user(is_staff=True, username="staff")
    staff.user_permissions.set(staff.user_permissions.model.objects.all())
    client = login(staff)
    form = {"username": "staff", "role": "administrator", "is_active": "on", "is_staff": "on", "is_superuser": "on"}
    dates = {"date_joined_0": "2026-05-12", "date_joined_1": "12:00:00"}
    assert client.post(f"/admin/transcription/user/{staff.pk}/change/", form | dates).status_code == 302
    staff.refresh_from_db()
    assert staff.is_superuser is False
    assert client.get(f"/admin/transcription/user/{root.pk}/change/").status_code == 302  # "perhaps it was deleted"
    assert client.post(f"/admin/transcription/user/{root.pk}/password/", {"password1": "x"}).status_code == 404


def test_changed_permissions_are_in_the_audit_with_what_they_are_now() -> None:
    client = login(make_user(is_staff=True, is_superuser=True))
    eva = make_user(User.Role.AGENT, username="eva")
    billing = make_agent("Dana", team="Billing").team
    assert billing
    form = {"username": "eva", "role": "supervisor", "teams": [billing.pk], "is_active": "on"}
    dates = {"date_joined_0": "2026-05-12", "date_joined_1": "12:00:00"}
    client.post(f"/admin/transcription/user/{eva.pk}/change/", form | dates)
    changed = AuditEntry.objects.get()
    assert (changed.action, changed.kind, changed.object_name) == ("changed", "user", "eva")
    assert {"Role", "Teams"} <= set(changed.detail["fields"])
    assert {key: changed.detail[key] for key in ("role", "teams", "superuser")} == {
        "role": "supervisor",
        "teams": ["Billing"],
        "superuser": False,
    }
    client.post(
        f"/admin/transcription/user/{eva.pk}/password/", {"password1": "battery horse", "password2": "battery horse"}
    )
    assert AuditEntry.objects.filter(action="changed", object_name="eva").count() == 2
    client.post(reverse("admin:transcription_team_add"), {"name": "Repairs"})
    repairs = Team.objects.get(name="Repairs")
    client.post(reverse("admin:transcription_team_delete", args=[repairs.pk]), {"post": "yes"})
    written = AuditEntry.objects.filter(kind="team").order_by("pk").values_list("action", "object_name")
    assert list(written) == [("added", "Repairs"), ("deleted", "Repairs")]


def test_voices_deleted_in_the_admin_site_are_in_the_audit() -> None:
    client, dana = login(make_user(is_staff=True, is_superuser=True)), make_agent("Dana")
    client.post("/admin/transcription/agent/", {"action": "forget_voice", "_selected_action": [dana.pk]})
    assert Agent.objects.filter(pk=dana.pk).exists()
    assert AuditEntry.objects.values_list("action", "object_name", "detail").get() == (
        "deleted",
        "Dana",
        {"of": "voice"},
    )


def test_every_part_of_the_admin_site_is_in_the_audit() -> None:
    ours = {model for model in admin.site._registry if model._meta.app_label in ("transcription", "analytics")}
    assert {model for model in ours if not isinstance(admin.site._registry[model], Audited)} == set()
    assert {model._meta.app_label for model in admin.site._registry} == {"transcription", "analytics", "procrastinate"}
