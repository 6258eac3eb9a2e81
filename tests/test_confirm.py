"""The list of calls in which a person should say who is the agent."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from tests.conftest import login, make_agent, make_user
from tests.measured import MAY_12, make_call, say
from transcription.models import Recording, User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files")]

SPEAKERS = [
    {"label": "Speaker 1", "role": "agent", "role_confidence": 0.6, "evidence": ['said "i can check" at 0:07']},
    {"label": "Speaker 2", "role": "customer", "role_confidence": 0.6, "evidence": ["against it: spoke first"]},
]


def unsure(days_ago: int = 0, agent: str = "Dana Reyes", **overrides: Any) -> Recording:
    told = {"speakers": SPEAKERS, "role_confidence": 0.6, "layout": "mono"} | overrides
    call = make_call(make_agent(agent), MAY_12 - timedelta(days=days_ago), recording=told)
    for number in range(6):
        say(call.recording, ("agent", "customer")[number % 2], f"turn number {number}", 4.0 * number)
    return call.recording


def shown(user: User, **headers: str) -> Any:
    return login(user).get(reverse("confirm"), headers=headers)


def test_unsure_calls_are_listed_newest_first_with_their_opening_and_evidence() -> None:
    older, newer = unsure(2), unsure(1)
    unsure(role_confidence=0.7)
    unsure(role_confidence=1.0)
    page = shown(make_user())
    assert list(page.context["page"]) == [newer, older]
    words = page.content.decode()
    assert "turn number 3" in words
    assert "turn number 4" not in words
    assert "said &quot;i can check&quot; at 0:07" in words
    assert "against it: spoke first" in words
    assert 'data-from="0.00" data-until="15.00"' in words


def test_only_calls_that_the_user_may_see() -> None:
    own = unsure()
    make_agent("Eli Novak", team="Sales")
    unsure(agent="Eli Novak")
    supervisor = make_user(User.Role.SUPERVISOR)
    supervisor.teams.add(own.agent.team)  # type: ignore[union-attr, arg-type]
    assert list(shown(supervisor).context["page"]) == [own]
    assert login(supervisor).get(reverse("calls")).context["to_confirm"] == 1


def test_nothing_to_confirm() -> None:
    assert "Nothing to confirm" in shown(make_user()).content.decode()
    assert reverse("confirm") not in login(make_user()).get(reverse("calls")).content.decode()


@pytest.mark.parametrize(("name", "first"), [("recording_confirm", "agent"), ("recording_swap", "customer")])
def test_a_decision_takes_the_call_off_the_list_without_another_page(name: str, first: str) -> None:
    recording = unsure()
    user = make_user()
    answer = login(user).post(reverse(name, args=[recording.pk]), headers={"HX-Request": "true"})
    assert (answer.status_code, answer.content) == (200, b"")
    recording.refresh_from_db()
    assert (recording.speakers[0]["role"], recording.turns.all()[0].role) == (first, first)
    assert list(shown(user).context["page"]) == []


def test_the_list_costs_the_same_for_one_call_and_for_many(django_assert_num_queries: Any) -> None:
    client = login(make_user())
    for day in range(12):
        unsure(day)
        if day in {0, 11}:
            with django_assert_num_queries(5):  # session, user, count, page, openings
                client.get(reverse("confirm"))
