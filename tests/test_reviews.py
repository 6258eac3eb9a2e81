"""Scorecards and reviews: versions, suggestions, samples, who sees what, and what it costs."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from analytics import reviewing
from analytics.exports import csv_lines
from analytics.models import CallMetrics, Review, ReviewSample, Scorecard
from analytics.queries import CallFilters, Scope
from tests.conftest import login, make_agent, make_user
from tests.measured import MAY_12, make_call
from transcription.models import Agent, User
from transcription.queries import recordings_visible_to

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files")]

TODAY = MAY_12.date()
GREETS = {"section": "Opening", "text": "Greets with the name", "weight": 1.0}
QUICK = {"section": "Flow", "text": "Answers quickly", "weight": 3.0}
QUICK |= {"metric": "response_latency_median_s", "side": "at_most", "threshold": 2.0}
NOTE = {"section": "Flow", "text": "What else", "kind": "text"}


@pytest.fixture
def reviewer(dana: Agent) -> User:
    user = make_user(User.Role.REVIEWER, username="rae")
    user.teams.set([dana.team])
    return user


@pytest.fixture
def card(reviewer: User) -> Scorecard:
    return reviewing.revise(Scorecard(), "Service", [GREETS, QUICK, NOTE], reviewer)


def text(response: Any) -> str:
    return str(response.content.decode())


def questions(card: Scorecard) -> list[int]:
    return list(card.questions.values_list("pk", flat=True))


def judge(user: User, card: Scorecard, call: CallMetrics, *answers: str, **told: str) -> Any:
    sent = {f"question-{pk}": answer for pk, answer in zip(questions(card), answers, strict=False)}
    return login(user).post(reverse("review_call", args=[card.pk, call.pk]), sent | told, follow=True)


def submitted(user: User, card: Scorecard, agent: Agent, *answers: str, days_ago: int = 0) -> Review:
    call = make_call(agent, MAY_12 - timedelta(days=days_ago))
    judge(user, card, call, *answers, submit="1")
    return Review.objects.get(recording=call.pk)


def test_a_reviewer_sees_the_calls_of_the_own_teams_and_manages_none(dana: Agent, reviewer: User) -> None:
    own, other = make_call(dana), make_call(make_agent("Eve", team="Sales"))
    assert set(recordings_visible_to(reviewer)) == {own.recording}
    assert login(reviewer).get(reverse("agent", args=[dana.pk])).status_code == 200
    assert login(reviewer).get(reverse("upload")).status_code == 403
    assert login(reviewer).get(reverse("call", args=[other.pk])).status_code == 404


def test_a_number_of_the_call_suggests_and_the_reviewer_decides(dana: Agent, reviewer: User, card: Scorecard) -> None:
    call = make_call(dana, response_latency_median_s=1.5)
    page = text(login(reviewer).get(reverse("review_call", args=[card.pk, call.pk])))
    assert "suggested: yes, agent response time 1.5 s (at most 2)" in page
    shown = text(judge(reviewer, card, call, "1", "0", "Kind", submit="1"))
    assert "decided against: suggested: yes" in shown
    assert "25 %" in shown
    answer = Review.objects.get().answers.get(question__text="Answers quickly")
    assert (answer.value, answer.suggested, answer.overridden) == (0, 1, True)


def test_a_number_that_is_not_known_suggests_nothing(dana: Agent, reviewer: User, card: Scorecard) -> None:
    call = make_call(dana, reasons={"response_latency_median_s": "no hand-over"})
    page = text(login(reviewer).get(reverse("review_call", args=[card.pk, call.pk])))
    assert "no suggestion: agent response time is not known (no hand-over)" in page


def test_a_draft_may_have_gaps_and_a_submitted_review_may_not(dana: Agent, reviewer: User, card: Scorecard) -> None:
    call = make_call(dana)
    assert "a question is still open" in text(judge(reviewer, card, call, "1", submit="1"))
    assert not Review.objects.exists()
    judge(reviewer, card, call, "1")
    review = Review.objects.get()
    assert (review.submitted_at, review.answers.count()) == (None, 1)
    judge(reviewer, card, call, "1", "na", submit="1")
    review.refresh_from_db()
    assert review.submitted_at
    judge(reviewer, card, call, "0", "0", submit="1")
    assert list(review.answers.values_list("value", flat=True)) == [1, None]


def test_the_agent_sees_a_review_once_it_is_submitted(dana: Agent, reviewer: User, card: Scorecard) -> None:
    own = make_user(User.Role.AGENT, agent=dana)
    call = make_call(dana)
    judge(reviewer, card, call, "1")
    page = reverse("review", args=[Review.objects.get().pk])
    assert login(own).get(page).status_code == 404
    assert "No review of your calls yet" in text(login(own).get(reverse("reviews")))
    judge(reviewer, card, call, "1", "1", submit="1")
    assert "100 %" in text(login(own).get(page))
    assert "100 %" in text(login(own).get(reverse("reviews")))
    assert login(make_user(User.Role.AGENT, agent=make_agent("Ben", team="Billing"))).get(page).status_code == 404


def test_somebody_elses_draft_is_read_not_written(dana: Agent, reviewer: User, card: Scorecard) -> None:
    call = make_call(dana)
    judge(reviewer, card, call, "1")
    other = judge(make_user(), card, call, "0", "0", submit="1")
    assert "Draft of rae" in text(other)
    assert Review.objects.get().submitted_at is None


def test_one_sided_calls_and_calls_of_nobody_are_not_reviewed(dana: Agent, card: Scorecard) -> None:
    boss = make_user()
    for call in (make_call(dana, outcome="one_sided"), make_call(None)):
        assert login(boss).get(reverse("review_call", args=[card.pk, call.pk])).status_code == 404


def test_a_used_form_makes_a_new_version_and_old_reviews_keep_theirs(
    dana: Agent, reviewer: User, card: Scorecard
) -> None:
    assert reviewing.revise(card, "Service", [GREETS, QUICK], reviewer) == card
    review = submitted(reviewer, card, dana, "1", "0")
    new = reviewing.revise(card, "Service", [GREETS], reviewer)
    assert (new.version, new.lineage, new.retired) == (2, card.lineage, False)
    card.refresh_from_db()
    assert card.retired
    assert "25 %" in text(login(reviewer).get(reverse("review", args=[review.pk])))
    assert login(reviewer).get(reverse("scorecard_edit", args=[card.pk])).status_code == 404


def build(user: User, page: str, *rows: dict[str, str], **button: str) -> Any:
    sent = {"name": "Service", "form-TOTAL_FORMS": str(len(rows)), "form-INITIAL_FORMS": "0"} | button
    for number, row in enumerate(rows):
        plain = {"kind": "yes_no", "weight": "1", "side": "at_most", "ORDER": str(number + 1)} | row
        sent |= {f"form-{number}-{name}": value for name, value in plain.items()}
    return login(user).post(page, sent)


def test_a_form_is_built_in_the_order_of_its_numbers(reviewer: User) -> None:
    page = reverse("scorecard_new")
    build(
        reviewer,
        page,
        {"section": "End", "text": "Says goodbye", "ORDER": "2"},
        {"section": "Start", "text": "Greets", "ORDER": "1", "critical": "on", "weight": "2.5"},
    )
    card = Scorecard.objects.get()
    assert list(card.questions.values_list("section", "text", "weight", "critical")) == [
        ("Start", "Greets", 2.5, True),
        ("End", "Says goodbye", 1.0, False),
    ]


def test_rows_are_added_and_removed_and_nothing_is_saved(reviewer: User) -> None:
    """What is typed stays, also of rows that were there before and now have other numbers."""
    rows = [{"section": "A", "text": "First"}, {"section": "B", "text": "Second"}, {"section": "C", "text": "Third"}]
    page = reverse("scorecard_new")
    fewer = build(reviewer, page, *rows, without="1").context["rows"]
    assert [row["text"].value() for row in fewer] == ["First", "Third"]
    more = build(reviewer, page, rows[0] | {"ORDER": "9"}, *rows[1:], more="1").context["rows"]
    assert [(row["text"].value(), row["weight"].value()) for row in more] == [
        ("Second", "1"),
        ("Third", "1"),
        ("First", "1"),
        (None, 1),
    ]
    assert not Scorecard.objects.exists()


def test_a_section_weighs_what_its_questions_do(reviewer: User, card: Scorecard) -> None:
    page = login(reviewer).get(reverse("scorecard", args=[card.pk]))
    assert page.context["shares"] == {"Opening": 25.0, "Flow": 75.0}


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"metric": "wpm_agent"}, "suggests yes or no, by a limit"),
        ({"metric": "wpm_agent", "threshold": "5", "kind": "scale"}, "suggests yes or no, by a limit"),
        ({"kind": "text", "critical": "on"}, "A text cannot be failed"),
        ({"weight": "-1"}, "greater than or equal to 0"),
        ({"text": ""}, "required"),
    ],
)
def test_a_form_that_makes_no_sense_is_not_saved(reviewer: User, row: dict[str, str], said: str) -> None:
    assert said in text(build(reviewer, reverse("scorecard_new"), {"section": "A", "text": "B"} | row))
    assert not Scorecard.objects.exists()


def draw(user: User, card: Scorecard, per_agent: int = 2, seed: int = 7) -> ReviewSample | None:
    return reviewing.draw(card, Scope(user, TODAY - timedelta(days=6), TODAY), per_agent, seed)


def test_a_sample_leaves_out_what_is_reviewed_or_one_sided(dana: Agent, reviewer: User, card: Scorecard) -> None:
    ben = make_agent("Ben", team="Billing")
    submitted(reviewer, card, dana, "1", "1")
    fine = [make_call(dana, MAY_12 - timedelta(days=days)) for days in range(3)]
    bens = make_call(ben)
    make_call(dana, outcome="one_sided")
    make_call(make_agent("Eve", team="Sales"))
    drawn = draw(reviewer, card)
    assert drawn is not None
    picked = set(drawn.recordings.values_list("pk", flat=True))
    assert bens.pk in picked
    assert len(picked & {call.pk for call in fine}) == 2
    assert len(picked) == 3
    again = draw(reviewer, card)
    assert again is not None
    assert set(again.recordings.values_list("pk", flat=True)) == picked


def test_a_review_with_an_older_version_counts_as_reviewed(dana: Agent, reviewer: User, card: Scorecard) -> None:
    submitted(reviewer, card, dana, "1", "1")
    assert draw(reviewer, reviewing.revise(card, "Service", [GREETS], reviewer)) is None


def test_a_work_list_is_worked_through(dana: Agent, reviewer: User, card: Scorecard) -> None:
    client = login(reviewer)
    sent = {"scorecard": card.pk, "per_agent": 2, "seed": 7, "from": "2025-05-06", "to": "2025-05-12"}
    nothing = client.post(reverse("sample_draw"), sent, follow=True)
    assert "Nothing to draw" in text(nothing)
    call = make_call(dana)
    page = client.post(reverse("sample_draw"), sent, follow=True)
    assert "0 of 1 reviewed" in text(page)
    assert "seed 7" in text(page)
    judge(reviewer, card, call, "1", "1", submit="1")
    page = client.get(reverse("sample", args=[ReviewSample.objects.get().pk]))
    assert "All calls of this list are reviewed" in text(page)
    assert "1 of 1 reviewed" in text(client.get(reverse("reviews")))
    assert "Ensure this value" in text(client.post(reverse("sample_draw"), sent | {"per_agent": 0}))


def test_means_are_told_from_five_reviews_on(dana: Agent, reviewer: User, card: Scorecard) -> None:
    page = reverse("agent", args=[dana.pk])
    for days_ago in range(4):
        submitted(reviewer, card, dana, "1", "0", days_ago=days_ago)
    assert "under 5 reviews" in text(login(reviewer).get(page))
    submitted(reviewer, card, dana, "1", "1", days_ago=4)
    shown = text(login(reviewer).get(page))
    assert "40 %<span" in shown
    assert "under 5 reviews" not in shown


def test_other_weights_are_tried_without_saving(dana: Agent, reviewer: User, card: Scorecard) -> None:
    ben = make_agent("Ben", team="Billing")
    for days_ago in range(5):
        submitted(reviewer, card, dana, "1", "0", days_ago=days_ago)
        submitted(reviewer, card, ben, "0", "1", days_ago=days_ago)
    greets, quick, _ = questions(card)
    page = login(reviewer).get(
        reverse("scorecard", args=[card.pk]), {f"question-{greets}": "9", f"question-{quick}": "1"}
    )
    told = [(row.agent, row.before.value, row.after.value, row.climbs) for row in page.context["standings"]]
    assert told == [("Dana Reyes", 25, 90, 1), ("Ben", 75, 10, -1)]
    assert card.questions.get(pk=greets).weight == 1
    wrong = login(reviewer).get(reverse("scorecard", args=[card.pk]), {f"question-{greets}": "-1"})
    assert "standings" not in wrong.context


def test_reviews_are_exported_with_the_conventions(dana: Agent, reviewer: User, card: Scorecard) -> None:
    review = submitted(reviewer, card, dana, "1", "na", "=1+1")
    judge(reviewer, card, make_call(dana), "1")
    header, *rows = csv_lines("reviews", make_user(), CallFilters())
    assert header.startswith("review_id,call_id,agent,reviewer,submitted_at,scorecard,version,score,failed,section")
    assert [row.split(",")[7:] for row in rows] == [
        ["100.0", "False", "Opening", "100.0", "Greets with the name", "yes_no", "1.0", "False", "1", "", "", "\r\n"],
        ["100.0", "False", "Flow", "", "Answers quickly", "yes_no", "3.0", "False", "", "", "", "\r\n"],
        ["100.0", "False", "Flow", "", "What else", "text", "1.0", "False", "", "", "'=1+1", "\r\n"],
    ]
    assert rows[0].startswith(f"{review.pk},{review.recording_id},Dana Reyes,rae,20")


def test_pages_cost_the_same_for_any_number_of_reviews(
    dana: Agent, reviewer: User, card: Scorecard, django_assert_num_queries: Any
) -> None:
    for days_ago in range(6):
        submitted(reviewer, card, dana, "1", "1", days_ago=days_ago)
    make_call(dana)
    draw(reviewer, card)
    client = login(reviewer)
    with django_assert_num_queries(13):
        client.get(reverse("reviews"))
    with django_assert_num_queries(8):
        client.get(reverse("scorecard", args=[card.pk]))
    with django_assert_num_queries(7):
        client.get(reverse("sample", args=[ReviewSample.objects.get().pk]))
