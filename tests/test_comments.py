"""Comments at a moment of a call."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from analytics.models import Comment
from tests.conftest import login, make_agent, make_recording, make_user
from transcription.models import Recording, User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files")]


@pytest.fixture
def recording() -> Recording:
    return make_recording(agent=make_agent("Dana Reyes"), duration=60.0)


@pytest.fixture
def dana(recording: Recording) -> Client:
    return login(make_user(User.Role.AGENT, agent=recording.agent, username="dana"))


def write(client: Client, recording: Recording, text: str, at: Any = 12.5) -> Any:
    return client.post(reverse("comments", args=[recording.pk]), {"at_s": at, "text": text})


def test_an_agent_comments_on_an_own_call_and_others_read_it(recording: Recording, dana: Client) -> None:
    assert "I was wrong here" in write(dana, recording, "I was wrong here").content.decode()
    page = login(make_user()).get(reverse("call", args=[recording.pk]))
    assert page.status_code == 200
    assert [(c.at_s, c.text, str(c.author)) for c in page.context["comments"]] == [(12.5, "I was wrong here", "dana")]


def test_comments_are_in_order_of_the_call_and_within_it(recording: Recording, dana: Client) -> None:
    write(dana, recording, "last", at=99)
    write(dana, recording, "first", at=-1)
    assert list(recording.comments.values_list("at_s", "text")) == [(0.0, "first"), (60.0, "last")]


@pytest.mark.parametrize(("text", "at"), [("", 1), ("x" * 2001, 1), ("when?", "soon")])
def test_what_is_no_comment_is_not_kept(recording: Recording, dana: Client, text: str, at: Any) -> None:
    answer = write(dana, recording, text, at)
    assert "errorlist" in answer.content.decode()
    assert not recording.comments.exists()


def test_text_is_escaped(recording: Recording, dana: Client) -> None:
    assert "<script>" not in write(dana, recording, "<script>alert(1)</script>").content.decode()


def test_own_comments_are_changed_and_deleted(recording: Recording, dana: Client) -> None:
    write(dana, recording, "Hm")
    own = reverse("comment", args=[Comment.objects.get().pk])
    assert "edited" in dana.post(own, {"at_s": 12.5, "text": "Better"}).content.decode()
    assert Comment.objects.get().text == "Better"
    assert "Better" not in dana.delete(own).content.decode()
    assert not Comment.objects.exists()


def test_comments_of_others_stay_as_they_are(recording: Recording, dana: Client) -> None:
    write(dana, recording, "Mine")
    own, administrator = reverse("comment", args=[Comment.objects.get().pk]), login(make_user())
    assert administrator.post(own, {"at_s": 1, "text": "Yours"}).status_code == 404
    assert administrator.delete(own).status_code == 404
    assert Comment.objects.get().text == "Mine"
