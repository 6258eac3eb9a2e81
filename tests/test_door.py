"""Who gets in: passwords, guessing, sessions, where a log-in may lead."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from tests.conftest import login, make_user
from transcription import throttle
from transcription.models import Action, AuditEntry, User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files")]

PASSWORD = "a made-up password"
GOOD = "battery horse staple"


@pytest.fixture
def eva() -> User:
    return make_user(User.Role.SUPERVISOR, username="eva")


def enter(client: Client, name: str = "eva", password: str = PASSWORD, **headers: Any) -> Any:
    return client.post("/login/?next=/calls/", {"username": name, "password": password, "next": "/calls/"}, **headers)


def entries() -> list[tuple[str, str, str]]:
    """Action, who, to what, in the order of time."""
    return list(AuditEntry.objects.order_by("pk").values_list("action", "user_name", "object_name"))


def test_in_and_out_are_written_down(client: Client, eva: User) -> None:
    assert enter(client, password="wrong").status_code == 200
    assert enter(client).headers["Location"] == "/calls/"
    assert client.post("/logout/").headers["Location"] == "/login/"
    assert entries() == [("login_failed", "", "eva"), ("logged_in", "eva", "eva"), ("logged_out", "eva", "eva")]
    assert "wrong" not in str(list(AuditEntry.objects.values()))


def test_the_tenth_wrong_password_is_the_last_for_a_quarter_of_an_hour(client: Client, eva: User) -> None:
    for _ in range(throttle.MOST_HERE - 1):
        enter(client, password="wrong")
    assert enter(client).status_code == 302  # the owner remembers in time
    client.logout()
    enter(client, password="wrong")
    for _ in range(3):
        refused = enter(client, name="EVA")
        assert refused.status_code == 429
        assert "Wait a quarter of an hour" in refused.content.decode()
    assert "_auth_user_id" not in client.session
    assert [action for action, *_ in entries()].count(Action.LOGIN_BLOCKED) == 1  # an attacker cannot fill the table
    assert enter(Client(REMOTE_ADDR="192.0.2.9")).status_code == 302  # eva herself is elsewhere


def test_the_door_opens_again(client: Client, eva: User, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(throttle.MOST_HERE):
        enter(client, password="wrong")
    assert enter(client).status_code == 429
    later = timezone.now() + throttle.WINDOW + timedelta(seconds=1)
    monkeypatch.setattr("transcription.throttle.timezone.now", lambda: later)
    assert enter(client).status_code == 302


def test_many_machines_or_many_names_are_stopped_too(client: Client, eva: User) -> None:
    def failed(count: int, name: str, address: str) -> None:
        AuditEntry.objects.bulk_create(
            AuditEntry(at=timezone.now(), action=Action.LOGIN_FAILED, address=address, object_name=name.format(number))
            for number in range(count)
        )

    failed(throttle.MOST_WITH_NAME - 1, "eva", "192.0.2.9")
    assert not throttle.is_blocked("eva", "192.0.2.10")
    failed(1, "eva", "192.0.2.8")
    assert throttle.is_blocked("eva", "192.0.2.10")
    assert not throttle.is_blocked("ben", "192.0.2.10")
    failed(throttle.MOST_FROM_ADDRESS, "guess {}", "192.0.2.11")
    assert throttle.is_blocked("ben", "192.0.2.11")
    assert not throttle.is_blocked("ben", "192.0.2.12")


def test_asking_whether_to_wait_is_one_query(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        throttle.is_blocked("eva", "192.0.2.1")


def test_the_admin_site_has_no_door_of_its_own(client: Client, eva: User) -> None:
    asked = client.get("/admin/login/?next=/admin/")
    assert (asked.status_code, asked.headers["Location"]) == (302, "/login/?next=/admin/")
    posted = client.post("/admin/login/?next=/admin/", {"username": "eva", "password": PASSWORD})
    assert (posted.status_code, "_auth_user_id" in client.session) == (302, False)
    assert login(eva).get("/admin/password_change/").headers["Location"] == "/password/"


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "https:evil.example",
        "\t//x",
    ],
)
def test_a_login_leads_nowhere_else(client: Client, eva: User, target: str) -> None:
    answer = client.post("/login/", {"username": "eva", "password": PASSWORD, "next": target})
    assert answer.headers["Location"] == "/"
    assert client.post("/logout/", {"next": target}).headers["Location"] == "/login/"


def test_a_session_is_a_new_one_after_the_login(client: Client, eva: User) -> None:
    client.get("/login/")
    planted = client.session
    planted["planted"] = True
    planted.save()
    before = planted.session_key
    enter(client)
    assert client.session.session_key != before
    assert not Session.objects.filter(session_key=before).exists()
    csrf = client.cookies["csrftoken"].value
    client.logout()
    enter(client)
    assert client.cookies["csrftoken"].value != csrf


def test_a_session_ends_after_twelve_hours(client: Client, eva: User, monkeypatch: pytest.MonkeyPatch) -> None:
    enter(client)
    assert client.get("/calls/").status_code == 200
    cookie = client.cookies["sessionid"]
    assert (cookie["max-age"], cookie["httponly"], cookie["samesite"]) == (12 * 3600, True, "Lax")
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert client.get("/calls/").status_code == 302


def test_who_may_no_longer_use_the_site_is_out_at_once(client: Client, eva: User) -> None:
    enter(client)
    User.objects.filter(pk=eva.pk).update(is_active=False)
    assert client.get("/calls/").status_code == 302
    assert enter(client).status_code == 200  # the form again


def test_one_s_own_password(eva: User) -> None:
    here, elsewhere = login(eva), login(eva)
    assert "Change your password" in here.get("/password/").content.decode()
    answer = here.post(
        "/password/", {"old_password": PASSWORD, "new_password1": GOOD, "new_password2": GOOD}, follow=True
    )
    assert "Your password is changed." in answer.content.decode()
    eva.refresh_from_db()
    assert eva.check_password(GOOD)
    assert (here.get("/calls/").status_code, elsewhere.get("/calls/").status_code) == (200, 302)
    assert AuditEntry.objects.get().detail == {"fields": ["password"]}


@pytest.mark.parametrize("weak", ["short1!", "password1234", "evasmithson"])
def test_weak_passwords_are_refused_with_a_reason(weak: str) -> None:
    eva = make_user(User.Role.AGENT, username="evasmithson1")
    told = login(eva).post("/password/", {"old_password": PASSWORD, "new_password1": weak, "new_password2": weak})
    assert told.status_code == 200
    assert 'class="error"' in told.content.decode()
    eva.refresh_from_db()
    assert eva.check_password(PASSWORD)


def test_another_host_s_name_is_refused(client: Client) -> None:
    assert client.get("/login/", headers={"host": "evil.example"}).status_code == 400
    assert client.get("/login/", headers={"x-forwarded-host": "evil.example"}).status_code == 200  # not listened to


def test_a_form_without_its_token_is_refused(eva: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(eva)
    assert strict.post("/preferences/layers/").status_code == 403
    assert (
        Client(enforce_csrf_checks=True).post("/login/", {"username": "eva", "password": PASSWORD}).status_code == 403
    )
