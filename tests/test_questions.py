"""The questions pages: what is counted, compared and shown to whom, and at what cost."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from analytics import queries
from analytics.models import Grouping, Topic
from analytics.queries import Scope
from analytics.queries.questions import sorted_rows
from analytics.tasks import group_questions
from tests.conftest import login, make_user
from tests.measured import MAY_12, collected, make_call, make_question, make_topic
from transcription.models import Agent, Recording, User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files")]

TODAY = MAY_12.date()
WEEK = timedelta(days=7)


@pytest.fixture
def parcel() -> Topic:
    return make_topic("Where is my parcel?")


def week(user: User, **values: Any) -> Scope:
    return Scope(user, TODAY - WEEK + timedelta(days=1), TODAY, **values)


def a_call(agent: Agent | None, days_ago: int = 0, **numbers: Any) -> Recording:
    recording = make_call(agent, MAY_12 - timedelta(days=days_ago), **numbers).recording
    collected(recording)
    return recording


def text(response: Any) -> str:
    return str(response.content.decode())


def page(user: User, name: str = "questions", *args: object, query: str = "") -> Any:
    return login(user).get(reverse(name, args=args) + query)


def test_topics_are_counted_by_questions_and_by_calls(dana: Agent, administrator: User, parcel: Topic) -> None:
    first, second, third = (a_call(dana) for _ in range(3))
    for recording in (first, first, second):
        make_question(recording, "Where is it?", parcel)
    make_question(third, "How are you?", small_talk=True)
    make_question(third, "Is the moon green?")
    make_call(dana)  # whose questions nobody has collected yet
    found = queries.asked(week(administrator))
    (row,) = found.rows
    assert (row.topic, row.questions, row.calls, row.share) == (parcel, 3, 2, pytest.approx(66.667, abs=0.001))
    assert (found.questions, found.calls, found.waiting) == (5, 3, 1)
    assert (found.ungrouped, found.small_talk) == (1, 1)


def test_the_change_is_against_as_many_days_before(dana: Agent, administrator: User, parcel: Topic) -> None:
    for _ in range(10):
        make_question(a_call(dana), "Where is it?", parcel)
        a_call(dana, days_ago=7)
    (row,) = queries.asked(week(administrator)).rows
    assert row.change.value == 100
    assert row.change.clear
    earlier = queries.asked(week(administrator).before())
    assert (earlier.rows, earlier.calls, earlier.calls_before) == ([], 10, 0)


def test_the_trend_is_the_share_of_calls_of_twelve_weeks(dana: Agent, administrator: User, parcel: Topic) -> None:
    make_question(a_call(dana), "Where is it?", parcel)
    a_call(dana, days_ago=7)
    make_question(a_call(dana, days_ago=7), "Where is it?", parcel)
    points = queries.trends(week(administrator), [parcel])[parcel]
    assert len(points) == 12
    assert [(point.value, point.n) for point in points[-3:]] == [(None, 0), (50.0, 2), (100.0, 1)]


def test_only_two_sided_calls_count(dana: Agent, administrator: User, parcel: Topic) -> None:
    make_question(a_call(dana, outcome="one_sided"), "Where is it?", parcel)
    found = queries.asked(week(administrator))
    assert (found.rows, found.calls) == ([], 0)


def test_everybody_counts_in_the_calls_they_may_see(dana: Agent, eli: Agent, parcel: Topic) -> None:
    refund = make_topic("How do I get a refund?")
    make_question(a_call(dana), "Where is it?", parcel)
    make_question(a_call(eli), "What about my money?", refund)
    own = make_user(User.Role.AGENT, agent=dana)
    assert [row.topic for row in queries.asked(week(own)).rows] == [parcel]
    assert list(queries.topics_visible_to(own)) == [parcel]
    shown = text(page(own))
    assert "Where is my parcel?" in shown
    assert "refund" not in shown
    assert "Group" not in shown
    assert page(own, "topic", refund.pk).status_code == 404


def test_a_scope_may_be_one_agent_or_team(dana: Agent, eli: Agent, administrator: User, parcel: Topic) -> None:
    make_question(a_call(dana), "Where is it?", parcel)
    make_question(a_call(eli), "Where is my parcel?", parcel)
    assert page(administrator, query=f"?agent={dana.pk}").context["asked"].rows[0].calls == 1
    assert page(administrator, query=f"?team={eli.team_id}").context["asked"].rows[0].calls == 1
    outsider = make_user(User.Role.SUPERVISOR)
    assert page(outsider, query=f"?agent={dana.pk}").status_code == 404


def test_rows_sort_by_every_column(dana: Agent, administrator: User, parcel: Topic) -> None:
    refund = make_topic("A refund?")
    calls = [a_call(dana, days_ago) for days_ago in range(14)]
    for recording in calls[:6]:
        make_question(recording, "Where is it?", parcel)
    for recording in [*calls[7:], *[calls[6]] * 9]:
        make_question(recording, "My money?", refund)
    rows = queries.asked(week(administrator)).rows
    assert [row.topic for row in sorted_rows(rows, "-calls")] == [parcel, refund]
    assert [row.topic for row in sorted_rows(rows, "-questions")] == [refund, parcel]
    assert [row.topic for row in sorted_rows(rows, "topic")] == [refund, parcel]
    assert [row.topic for row in sorted_rows(rows, "-change")] == [parcel, refund]
    assert [row.topic for row in sorted_rows(rows, "change")] == [refund, parcel]


def test_hidden_topics_are_listed_apart(dana: Agent, administrator: User, parcel: Topic) -> None:
    make_question(a_call(dana), "Where is it?", parcel)
    Topic.objects.update(hidden=True)
    assert parcel.label not in text(page(administrator))
    assert "1 hidden topic" in text(page(administrator))
    assert parcel.label in text(page(administrator, query="?hidden=1"))


def test_the_typical_answer_is_the_one_most_like_the_others(
    dana: Agent, eli: Agent, administrator: User, parcel: Topic
) -> None:
    for answer in ("It comes tomorrow morning.", "It comes tomorrow.", "It comes tomorrow, madam.", "No idea."):
        make_question(a_call(dana), "Where is it?", parcel, answer=answer)
    make_question(a_call(eli), "Where is it?", parcel, answer="Please ask somebody else.")
    make_question(a_call(eli), "Where is it?", parcel, answer="", answer_meaning=None, answer_at_s=None)
    found = queries.answers(week(administrator), parcel)
    assert found.n == 5
    assert found.typical
    assert found.typical.answer == "It comes tomorrow."
    assert [(row.agent, row.n, row.typical.answer) for row in found.by_agent] == [
        (dana, 4, "It comes tomorrow."),
        (eli, 1, "Please ask somebody else."),
    ]
    assert [row.closeness for row in found.by_agent] == [None, None]
    make_question(a_call(dana), "Where is it?", parcel, answer="It comes tomorrow.")
    closeness = queries.answers(week(administrator), parcel).by_agent[0].closeness
    assert closeness is not None
    assert 50 < closeness < 100


def test_without_answers_there_is_nothing_to_compare(dana: Agent, administrator: User, parcel: Topic) -> None:
    make_question(a_call(dana), "Where is it?", parcel, answer="", answer_meaning=None, answer_at_s=None)
    assert queries.answers(week(administrator), parcel).typical is None
    assert "no answer: the agent says nothing more" in text(page(administrator, "topic", parcel.pk))


def test_customers_who_ask_are_compared_with_all(dana: Agent, administrator: User, parcel: Topic) -> None:
    make_question(a_call(dana, sentiment_customer=-2.0), "Where is it?", parcel)
    a_call(dana, sentiment_customer=2.0)
    ours, everybody = queries.customers(week(administrator), parcel)
    assert (ours.value, ours.n, everybody.value, everybody.n) == (-2.0, 1, 0.0, 2)


def test_a_topic_page_plays_its_questions_and_links_to_the_moments(
    dana: Agent, administrator: User, parcel: Topic
) -> None:
    recording = a_call(dana)
    make_question(recording, "Where is it?", parcel)
    shown = text(page(administrator, "topic", parcel.pk))
    assert f'data-clip="{reverse("recording_audio", args=[recording.pk])}" data-from="5.00" data-until="7.00"' in shown
    assert f'href="{reverse("call", args=[recording.pk])}?t=5.0"' in shown
    assert f'href="{reverse("call", args=[recording.pk])}?t=8.0"' in shown


def test_questions_in_no_topic_can_be_read(dana: Agent, administrator: User) -> None:
    recording = a_call(dana)
    make_question(recording, "How are you?", small_talk=True)
    make_question(recording, "Is the moon green?")
    small = text(page(administrator, "questions_left_out", "small-talk"))
    assert "How are you?" in small
    assert "moon" not in small
    assert "Is the moon green?" in text(page(administrator, "questions_left_out", "not-grouped"))
    assert page(administrator, "questions_left_out", "nonsense").status_code == 404


def test_a_manager_names_hides_merges_and_separates(dana: Agent, administrator: User, parcel: Topic) -> None:
    package = make_topic("Where is the package?")
    asked = make_question(a_call(dana), "Where is the package?", package)
    make_question(a_call(dana), "Where is my parcel?", parcel)
    client = login(administrator)

    def post(name: str, topic: Topic, **values: object) -> None:
        assert client.post(reverse(name, args=[topic.pk]) + "?from=2025-05-06&to=2025-05-12", values).status_code == 302
        for changed in (parcel, package, asked):
            changed.refresh_from_db()

    post("topic_rename", parcel, label="  Where it is ")
    assert (parcel.label, parcel.renamed) == ("Where it is", True)
    post("topic_hide", parcel, hidden=1)
    assert parcel.hidden
    post("topic_hide", parcel)
    assert not parcel.hidden
    post("topic_merge", package, into="")
    assert package.merged_into is None
    post("topic_merge", package, into=parcel.pk)
    assert (package.merged_into, asked.topic) == (parcel, parcel)
    assert "with “Where is the package?”" in text(client.get(reverse("topic", args=[parcel.pk])))
    post("topic_separate", package)
    assert (package.merged_into, asked.topic) == (None, package)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda _: None, "No measured call in these days"),
        (make_call, "The questions of 1 call are being collected"),
        (lambda dana: make_question(a_call(dana), "Is the moon green?"), "Not grouped yet"),
        (
            lambda dana: (make_question(a_call(dana), "Is it?"), Grouping.objects.create(finished_at=timezone.now())),
            "Nothing asked often",
        ),
    ],
)
def test_every_state_has_its_words(dana: Agent, administrator: User, make: Callable[[Agent], Any], words: str) -> None:
    make(dana)
    assert words in text(page(administrator))


def test_the_button_has_one_grouping_wait_and_the_page_says_so(
    dana: Agent, administrator: User, clean_jobs: None, client: Client
) -> None:
    make_question(a_call(dana), "Is the moon green?")
    client.force_login(administrator)
    for _ in range(2):
        assert client.post(reverse("questions_group")).status_code == 302
    assert ProcrastinateJob.objects.filter(task_name=group_questions.name).count() == 1
    assert "Waiting for a worker" in text(client.get(reverse("questions")))
    waiting = client.get(reverse("questions_grouping"))
    assert (waiting.status_code, "every 2s" in text(waiting)) == (200, True)


def test_a_failed_grouping_is_told(administrator: User) -> None:
    Grouping.objects.create(stage="grouping", error="SpeechError: out of memory")
    told = page(administrator, "questions_grouping")
    assert told.status_code == 286
    assert "SpeechError: out of memory" in text(told)


def test_the_pages_cost_the_same_for_one_topic_and_for_many(
    dana: Agent, administrator: User, django_assert_num_queries: Any
) -> None:
    client = login(administrator)
    for number in range(12):
        topic = make_topic(f"Topic {number}?")
        for _ in range(2):
            make_question(a_call(dana), f"Topic {number}?", topic)
        if number in {1, 11}:
            with django_assert_num_queries(15):  # session, user, newest day; 7 counts; trend; 3 grouping; teams
                client.get(reverse("questions"))
            with django_assert_num_queries(14):  # the same, and the topics to merge with
                client.get(reverse("topic", args=[topic.pk]))
