"""Hand-outs: from whose calls they are made, what people do with them, and who sees them when."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from analytics import coaching
from analytics.models import CallMetrics, CoachingSession, Event
from analytics.queries import Scope
from tests.conftest import login, make_agent
from tests.measured import MAY_12, make_call, make_question, make_topic, say
from transcription.models import Agent, User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files")]

TODAY = MAY_12.date()


def a_wait(agent: Agent, seconds: float, days_ago: int = 0, **numbers: Any) -> CallMetrics:
    """A call in which the customer waits."""
    call = make_call(agent, MAY_12 - timedelta(days=days_ago), **numbers)
    say(call.recording, "customer", "Can you find it or not", start=0)
    say(call.recording, "agent", "Here it is now", start=10 + seconds)
    told = {"type": Event.Type.SILENCE, "by": "agent", "detail": "after customer"}
    Event.objects.create(recording=call.recording, start_s=10, end_s=10 + seconds, **told)
    return call


def week(user: User, agent: Agent) -> Scope:
    return Scope(user, TODAY - timedelta(days=6), TODAY, agent=agent)


def prepared(user: User, agent: Agent) -> CoachingSession:
    return coaching.prepare(week(user, agent))


def weak(session: CoachingSession) -> list[int]:
    return list(session.moments.filter(passed=False, strong=False).values_list("recording_id", flat=True))


def text(response: Any) -> str:
    return str(response.content.decode())


def send(user: User, name: str, *args: object, **data: str) -> Any:
    return login(user).post(reverse(name, args=args), data, follow=True)


def test_uncertain_and_one_sided_calls_are_never_picked(dana: Agent, supervisor: User) -> None:
    fine = a_wait(dana, 6)
    a_wait(dana, 15, recording={"role_confidence": 0.69})
    a_wait(dana, 15, recording={"role_confidence": None})
    a_wait(dana, 15, outcome="one_sided")
    confirmed = a_wait(dana, 7, recording={"role_confidence": 0.5, "roles_confirmed_at": timezone.now()})
    a_wait(make_agent("Ben", team="Billing"), 15)
    found = coaching.evidence(week(supervisor, dana))
    assert {one.recording for one in found.candidates} == {fine.pk, confirmed.pk}
    assert (found.calls, found.left_out) == (2, 3)


def test_the_facts_of_a_call_become_candidates(dana: Agent, supervisor: User) -> None:
    call = make_call(
        dana, fillers_per_100_words_agent=10, filler_capture_mode="unprompted", questions_agent_per_10_min=6
    )
    say(call.recording, "customer", " ".join(["bad"] * 12), start=0, score=-0.6)
    say(call.recording, "agent", "How can I set this right?", start=12, score=-0.9)
    say(call.recording, "customer", " ".join(["good"] * 12), start=20, score=0.4)
    call.recording.filler_uses.create(agent=dana, role="agent", term="um", tier=1, at_s=12, end_s=12.5)
    make_question(call.recording, "Why is it broken?", make_topic("It is broken"))
    found = {one.kind: one for one in coaching.evidence(week(supervisor, dana)).candidates}
    assert set(found) == {"mood_rises", "asks"}
    assert found["mood_rises"].level == 2.5
    assert found["mood_rises"].topic == "It is broken"
    assert found["asks"].at_s == 12


def test_reading_the_evidence_costs_the_same_for_any_number_of_calls(
    dana: Agent, supervisor: User, django_assert_num_queries: Any
) -> None:
    for days_ago in range(4):
        a_wait(dana, 6, days_ago)
    with django_assert_num_queries(7):
        assert coaching.evidence(week(supervisor, dana)).calls == 4


def test_three_of_a_side_at_most_and_a_draft_is_not_made_twice(dana: Agent, supervisor: User) -> None:
    calls = [a_wait(dana, 6 + days_ago, days_ago) for days_ago in range(5)]
    session = prepared(supervisor, dana)
    assert weak(session) == [calls[4].pk, calls[3].pk, calls[2].pk]
    assert (session.picked_from, session.left_out) == (5, 0)
    assert prepared(supervisor, dana) == session
    assert session.moments.count() == 3


def test_another_moment_takes_its_place_and_the_first_does_not_come_back(dana: Agent, supervisor: User) -> None:
    calls = [a_wait(dana, 6 + days_ago, days_ago) for days_ago in range(4)]
    session = prepared(supervisor, dana)
    second = session.moments.all()[1]
    send(supervisor, "coaching_moment", second.pk, "replace", summary="Kept")
    assert weak(session) == [calls[3].pk, calls[0].pk, calls[1].pk]
    session.refresh_from_db()
    assert session.summary == "Kept"
    there = session.moments.filter(passed=False)[1]
    answer = send(supervisor, "coaching_moment", there.pk, "replace")
    assert "There is no other moment" in text(answer)
    assert weak(session) == [calls[3].pk, calls[0].pk, calls[1].pk]


def test_moments_are_moved_and_dropped(dana: Agent, supervisor: User) -> None:
    calls = [a_wait(dana, 6 + days_ago, days_ago) for days_ago in range(3)]
    session = prepared(supervisor, dana)
    first = session.moments.all()[0]
    send(supervisor, "coaching_moment", first.pk, "up")
    assert weak(session) == [calls[2].pk, calls[1].pk, calls[0].pk]
    send(supervisor, "coaching_moment", first.pk, "down")
    assert weak(session) == [calls[1].pk, calls[2].pk, calls[0].pk]
    send(supervisor, "coaching_moment", first.pk, "drop")
    assert weak(session) == [calls[1].pk, calls[0].pk]


def test_notes_are_kept_with_every_button(dana: Agent, supervisor: User) -> None:
    a_wait(dana, 6)
    session = prepared(supervisor, dana)
    moment = session.moments.get()
    page = send(
        supervisor, "coaching_save", session.pk, goals="Say what you do", **{f"moment-{moment.pk}-note": "Tell them"}
    )
    assert "Say what you do" in text(page)
    moment.refresh_from_db()
    assert moment.note == "Tell them"


def test_a_moment_is_added_by_the_address_of_the_call(dana: Agent, supervisor: User) -> None:
    call, other = a_wait(dana, 2), a_wait(make_agent("Ben", team="Billing"), 6)
    session = prepared(supervisor, dana)
    link = f"https://calls.example/calls/{call.pk}/?q=x&t=12.5"
    send(supervisor, "coaching_add", session.pk, link=link, why="Says what happens next", strong="yes")
    moment = session.moments.get()
    assert (moment.recording_id, moment.at_s, moment.until_s, moment.strong) == (call.pk, 12.5, 16, True)
    foreign = send(supervisor, "coaching_add", session.pk, link=f"/calls/{other.pk}/", why="x", strong="no")
    assert "no transcribed call of Dana Reyes" in text(foreign)
    assert "no address of a call" in text(
        send(supervisor, "coaching_add", session.pk, link="hello", why="x", strong="no")
    )
    assert session.moments.count() == 1


def test_the_agent_reads_it_from_sharing_on_and_answers(dana: Agent, supervisor: User, own: User) -> None:
    a_wait(dana, 6)
    session = prepared(supervisor, dana)
    page = reverse("coaching_session", args=[session.pk])
    assert login(own).get(page).status_code == 404
    assert "Nothing has been shared with you" in text(login(own).get(reverse("coaching")))
    send(supervisor, "coaching_share", session.pk, summary="Well done")
    shown = text(login(own).get(page))
    assert "Well done" in shown
    assert "The customer waits 6.0 s" in shown
    assert "Here it is now" in shown
    assert '<textarea name="summary"' not in shown
    assert "Say what you see differently" in text(send(own, "coaching_answer", session.pk, disputed="on"))
    send(own, "coaching_answer", session.pk, disputed="on", comment="The system was down")
    session.refresh_from_db()
    assert session.state == "disputed"
    assert "The system was down" in text(login(supervisor).get(page))


def test_what_is_shared_is_not_changed_behind_the_agent(dana: Agent, supervisor: User, own: User) -> None:
    a_wait(dana, 6)
    session = prepared(supervisor, dana)
    moment = session.moments.get()
    send(supervisor, "coaching_share", session.pk)
    assert send(supervisor, "coaching_save", session.pk, summary="Other").status_code == 404
    assert send(supervisor, "coaching_moment", moment.pk, "drop").status_code == 404
    send(supervisor, "coaching_reopen", session.pk)
    assert login(own).get(reverse("coaching_session", args=[session.pk])).status_code == 404
    send(supervisor, "coaching_discard", session.pk)
    assert list(session.steps.values_list("state", flat=True)) == ["shared", "draft"]
    send(supervisor, "coaching_share", session.pk)
    send(own, "coaching_answer", session.pk)
    send(supervisor, "coaching_reopen", session.pk)
    session.refresh_from_db()
    assert session.state == "acknowledged"


def test_only_the_agent_answers_and_only_once(dana: Agent, supervisor: User, own: User) -> None:
    session = prepared(supervisor, dana)
    send(supervisor, "coaching_share", session.pk)
    assert send(supervisor, "coaching_answer", session.pk).status_code == 403
    send(own, "coaching_answer", session.pk)
    assert "answered already" in text(send(own, "coaching_answer", session.pk, disputed="on", comment="No"))
    session.refresh_from_db()
    assert session.state == "acknowledged"


def test_a_second_draft_of_the_same_days_keeps_the_first_closed(dana: Agent, supervisor: User) -> None:
    session = prepared(supervisor, dana)
    send(supervisor, "coaching_share", session.pk)
    assert prepared(supervisor, dana) != session
    assert "another draft for the same days" in text(send(supervisor, "coaching_reopen", session.pk))


def test_a_call_that_went_to_somebody_else_is_not_heard_from_here(dana: Agent, supervisor: User) -> None:
    call = a_wait(dana, 6)
    session = prepared(supervisor, dana)
    call.recording.agent = make_agent("Ben", team="Billing")
    call.recording.save()
    shown = text(login(supervisor).get(reverse("coaching_session", args=[session.pk])))
    assert "not Dana Reyes’s any more" in shown
    assert "Here it is now" not in shown


def test_the_page_of_an_agent_says_what_there_is(dana: Agent, supervisor: User) -> None:
    page = reverse("coaching_of_agent", args=[dana.pk])
    assert "No call of these days can be used" in text(login(supervisor).get(page))
    make_call(dana)
    assert "Nothing in the 1 call of these days stands out" in text(login(supervisor).get(page))
    a_wait(dana, 6)
    a_wait(dana, 6, outcome="one_sided")
    shown = text(login(supervisor).get(page))
    assert "Moments that could be picked: 1, calls of these days that were looked at: 2." in shown
    assert "1 call left out" in shown
    answer = login(supervisor).post(
        reverse("coaching_prepare", args=[dana.pk]), {"from": "2025-05-01", "to": "2025-05-12"}
    )
    session = CoachingSession.objects.get()
    assert answer.headers["Location"] == reverse("coaching_session", args=[session.pk])
    assert session.start.isoformat() == "2025-05-01"


def test_pages_cost_the_same_for_any_number_of_rows(
    dana: Agent, supervisor: User, django_assert_num_queries: Any
) -> None:
    for days_ago in range(3):
        a_wait(dana, 6, days_ago)
    session = prepared(supervisor, dana)
    client = login(supervisor)
    client.get(reverse("coaching_session", args=[session.pk]))  # the first look of a sitting is written down
    with django_assert_num_queries(8):
        client.get(reverse("coaching_session", args=[session.pk]))
    for days in range(3):
        coaching.prepare(Scope(supervisor, TODAY - timedelta(days=days), TODAY, agent=dana))
    with django_assert_num_queries(4):
        client.get(reverse("coaching"))
