"""Who may open which page: every address of the project, asked by everybody who could."""

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.files import File
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from analytics import measure, reviewing
from analytics.models import CoachingMoment, CoachingSession, Comment, Review, ReviewSample, SavedView, Scorecard, Topic
from config import headers
from tests.conftest import login, make_agent, make_recording, make_user
from tests.measured import MAY_12, make_question, make_topic
from tests.metrics.timeline import call
from tests.sounds import write_wav
from transcription.amending import correct_words
from transcription.models import Agent, Batch, Draft, Recording, Run, User
from transcription.transcripts import store_transcript

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files")]

OPEN = {"login", "logout", "healthz", "readyz", "metrics", "vega", "words"}
"""Need no login, and tell nothing about any call."""

LOGIN, OK, EMPTY, DONE, STOP, FORBIDDEN, HIDDEN = 302, 200, 204, 302, 286, 403, 404
"""DONE: changed, and on to the page that shows it. STOP: htmx's answer to polling that has nothing to wait for."""

INCOMPLETE = 400
GONE = 10**9
A_KEY = UUID(int=7)

ASKING = ("nobody", "agent", "other agent", "supervisor", "other supervisor", "administrator")
"""`agent` is whose call and page it is; `supervisor` looks after the agent's team and uploaded the call."""

EXPECTED = {
    # pages without an object: what they list is filtered (see test_queries and test_analytics_queries)
    ("get", "overview"): (LOGIN, OK, OK, OK, OK, OK),
    ("get", "calls"): (LOGIN, OK, OK, OK, OK, OK),
    ("get", "confirm"): (LOGIN, FORBIDDEN, FORBIDDEN, OK, OK, OK),
    ("get", "agents"): (LOGIN, OK, OK, OK, OK, OK),
    ("get", "reviews"): (LOGIN, OK, OK, OK, OK, OK),
    ("get", "scorecard"): (LOGIN, FORBIDDEN, FORBIDDEN, OK, OK, OK),
    ("get", "scorecard_new"): (LOGIN, FORBIDDEN, FORBIDDEN, OK, OK, OK),
    ("get", "scorecard_edit"): (LOGIN, FORBIDDEN, FORBIDDEN, OK, OK, OK),
    ("get", "sample"): (LOGIN, FORBIDDEN, FORBIDDEN, OK, OK, OK),
    ("get", "coaching"): (LOGIN, OK, OK, OK, OK, OK),
    ("get", "questions"): (LOGIN, OK, OK, OK, OK, OK),
    ("get", "questions_left_out"): (LOGIN, OK, OK, OK, OK, OK),
    ("get", "questions_grouping"): (LOGIN, STOP, STOP, STOP, STOP, STOP),
    ("get", "audit"): (LOGIN, FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN, OK),
    ("get", "audit_export"): (LOGIN, FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN, OK),
    ("get", "upload"): (LOGIN, FORBIDDEN, FORBIDDEN, OK, OK, OK),
    ("get", "batches"): (LOGIN, FORBIDDEN, FORBIDDEN, OK, OK, OK),
    ("get", "capacity"): (LOGIN, FORBIDDEN, FORBIDDEN, OK, OK, OK),
    ("get", "export"): (LOGIN, FORBIDDEN, FORBIDDEN, OK, OK, OK),
    ("get", "calls_chosen"): (LOGIN, FORBIDDEN, FORBIDDEN, HIDDEN, HIDDEN, HIDDEN),
    ("get", "calls_assign"): (LOGIN, FORBIDDEN, FORBIDDEN, OK, OK, OK),
    ("get", "calls_export"): (LOGIN, FORBIDDEN, FORBIDDEN, OK, OK, OK),
    ("get", "agents_export"): (LOGIN, FORBIDDEN, FORBIDDEN, OK, OK, OK),
    ("post", "upload"): (LOGIN, FORBIDDEN, FORBIDDEN, INCOMPLETE, INCOMPLETE, INCOMPLETE),
    ("post", "rerun"): (LOGIN, FORBIDDEN, FORBIDDEN, OK, OK, OK),
    ("post", "scorecard_new"): (LOGIN, FORBIDDEN, FORBIDDEN, OK, OK, OK),
    ("post", "scorecard_edit"): (LOGIN, FORBIDDEN, FORBIDDEN, OK, OK, OK),
    # reading
    ("get", "call"): (LOGIN, OK, HIDDEN, OK, HIDDEN, OK),
    ("get", "call_numbers"): (LOGIN, OK, HIDDEN, OK, HIDDEN, OK),
    ("get", "topic"): (LOGIN, OK, HIDDEN, OK, HIDDEN, OK),
    ("get", "call_moments"): (LOGIN, OK, HIDDEN, OK, HIDDEN, OK),
    ("get", "agent"): (LOGIN, OK, HIDDEN, OK, HIDDEN, OK),
    ("get", "recording_audio"): (LOGIN, OK, HIDDEN, OK, HIDDEN, OK),
    ("get", "recording_transcript"): (LOGIN, OK, HIDDEN, OK, HIDDEN, OK),
    ("get", "batch"): (LOGIN, FORBIDDEN, FORBIDDEN, OK, HIDDEN, OK),
    ("get", "batch_progress"): (LOGIN, FORBIDDEN, FORBIDDEN, STOP, HIDDEN, STOP),
    ("get", "batch_errors"): (LOGIN, FORBIDDEN, FORBIDDEN, OK, HIDDEN, OK),
    ("get", "compare_runs"): (LOGIN, OK, HIDDEN, OK, HIDDEN, OK),
    ("get", "vocabulary"): (LOGIN, FORBIDDEN, FORBIDDEN, OK, OK, OK),
    ("get", "vocabulary_progress"): (LOGIN, FORBIDDEN, FORBIDDEN, STOP, STOP, STOP),
    ("get", "vocabulary_trials"): (LOGIN, FORBIDDEN, FORBIDDEN, STOP, STOP, STOP),
    ("post", "vocabulary_effect"): (LOGIN, FORBIDDEN, FORBIDDEN, OK, OK, OK),
    ("post", "vocabulary_prompt"): (LOGIN, FORBIDDEN, FORBIDDEN, OK, OK, OK),
    ("post", "vocabulary_trial"): (LOGIN, FORBIDDEN, FORBIDDEN, DONE, DONE, DONE),
    ("post", "vocabulary_fillers"): (LOGIN, FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN, OK),  # it has no list
    ("post", "vocabulary_words"): (LOGIN, FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN, DONE),
    ("get", "rerun"): (LOGIN, FORBIDDEN, FORBIDDEN, OK, OK, OK),
    ("get", "review"): (LOGIN, OK, HIDDEN, OK, HIDDEN, OK),
    ("get", "review_call"): (LOGIN, FORBIDDEN, FORBIDDEN, DONE, HIDDEN, DONE),  # on to the review that there is
    # a hand-out that is shared with the agent, then changed, discarded in vain and shared again
    ("get", "coaching_of_agent"): (LOGIN, OK, HIDDEN, OK, HIDDEN, OK),
    ("get", "coaching_session"): (LOGIN, OK, HIDDEN, OK, HIDDEN, OK),
    ("post", "coaching_prepare"): (LOGIN, FORBIDDEN, FORBIDDEN, DONE, HIDDEN, DONE),
    ("post", "coaching_answer"): (LOGIN, DONE, HIDDEN, FORBIDDEN, HIDDEN, FORBIDDEN),
    ("post", "coaching_reopen"): (LOGIN, FORBIDDEN, FORBIDDEN, DONE, HIDDEN, DONE),
    # a draft of one
    ("post", "coaching_save"): (LOGIN, FORBIDDEN, FORBIDDEN, DONE, HIDDEN, DONE),
    ("post", "coaching_add"): (LOGIN, FORBIDDEN, FORBIDDEN, OK, HIDDEN, OK),
    ("post", "coaching_moment"): (LOGIN, FORBIDDEN, FORBIDDEN, DONE, HIDDEN, DONE),
    ("post", "coaching_share"): (LOGIN, FORBIDDEN, FORBIDDEN, DONE, HIDDEN, HIDDEN),  # the supervisor did it already
    ("post", "coaching_discard"): (LOGIN, FORBIDDEN, FORBIDDEN, DONE, HIDDEN, HIDDEN),  # and this too
    # a draft of the supervisor's
    ("get", "draft"): (LOGIN, FORBIDDEN, FORBIDDEN, OK, HIDDEN, OK),
    ("get", "draft_pattern"): (LOGIN, FORBIDDEN, FORBIDDEN, OK, HIDDEN, OK),
    ("head", "draft_file"): (LOGIN, FORBIDDEN, FORBIDDEN, OK, HIDDEN, OK),
    ("patch", "draft_file"): (LOGIN, FORBIDDEN, FORBIDDEN, INCOMPLETE, HIDDEN, INCOMPLETE),
    ("post", "draft_files"): (LOGIN, FORBIDDEN, FORBIDDEN, INCOMPLETE, HIDDEN, INCOMPLETE),
    ("post", "draft_check"): (LOGIN, FORBIDDEN, FORBIDDEN, DONE, HIDDEN, DONE),
    ("post", "draft_options"): (LOGIN, FORBIDDEN, FORBIDDEN, DONE, HIDDEN, DONE),
    ("post", "draft_unknown"): (LOGIN, FORBIDDEN, FORBIDDEN, DONE, HIDDEN, DONE),
    ("post", "draft_forget"): (LOGIN, FORBIDDEN, FORBIDDEN, DONE, HIDDEN, DONE),
    ("post", "draft_start"): (LOGIN, FORBIDDEN, FORBIDDEN, DONE, HIDDEN, DONE),
    ("post", "draft_delete"): (LOGIN, FORBIDDEN, FORBIDDEN, DONE, HIDDEN, HIDDEN),
    ("get", "turn"): (LOGIN, FORBIDDEN, FORBIDDEN, OK, HIDDEN, OK),
    ("get", "retention"): (LOGIN, FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN, OK),
    ("get", "erase"): (LOGIN, FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN, OK),
    # changing
    ("post", "retention_rule"): (LOGIN, FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN, DONE),
    ("post", "erase"): (LOGIN, FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN, OK),  # nobody is named
    ("post", "hold"): (LOGIN, FORBIDDEN, FORBIDDEN, DONE, HIDDEN, DONE),
    ("post", "hold_release"): (LOGIN, FORBIDDEN, FORBIDDEN, DONE, HIDDEN, DONE),
    ("post", "run_again"): (LOGIN, FORBIDDEN, FORBIDDEN, DONE, HIDDEN, DONE),
    ("post", "run_current"): (LOGIN, FORBIDDEN, FORBIDDEN, DONE, HIDDEN, DONE),
    ("post", "run_retry"): (LOGIN, FORBIDDEN, FORBIDDEN, DONE, HIDDEN, DONE),
    ("post", "dispute"): (LOGIN, DONE, HIDDEN, DONE, HIDDEN, DONE),
    ("post", "turn_words"): (LOGIN, FORBIDDEN, FORBIDDEN, DONE, HIDDEN, DONE),
    ("post", "turn_speaker"): (LOGIN, FORBIDDEN, FORBIDDEN, DONE, HIDDEN, DONE),
    ("post", "correction_undo"): (LOGIN, FORBIDDEN, FORBIDDEN, DONE, HIDDEN, DONE),
    ("post", "comments"): (LOGIN, OK, HIDDEN, OK, HIDDEN, OK),
    ("post", "comment"): (LOGIN, HIDDEN, HIDDEN, OK, HIDDEN, HIDDEN),
    ("delete", "comment"): (LOGIN, HIDDEN, HIDDEN, OK, HIDDEN, HIDDEN),
    ("post", "draft_pattern"): (LOGIN, FORBIDDEN, FORBIDDEN, FORBIDDEN, HIDDEN, DONE),
    ("post", "review_call"): (LOGIN, FORBIDDEN, FORBIDDEN, DONE, HIDDEN, DONE),
    ("post", "questions_group"): (LOGIN, FORBIDDEN, FORBIDDEN, DONE, DONE, DONE),
    ("post", "topic_rename"): (LOGIN, FORBIDDEN, FORBIDDEN, DONE, HIDDEN, DONE),
    ("post", "topic_hide"): (LOGIN, FORBIDDEN, FORBIDDEN, DONE, HIDDEN, DONE),
    ("post", "topic_merge"): (LOGIN, FORBIDDEN, FORBIDDEN, DONE, HIDDEN, DONE),
    ("post", "topic_separate"): (LOGIN, FORBIDDEN, FORBIDDEN, DONE, HIDDEN, HIDDEN),  # the supervisor did it already
    ("post", "sample_draw"): (LOGIN, FORBIDDEN, FORBIDDEN, OK, OK, OK),
    ("get", "password"): (LOGIN, OK, OK, OK, OK, OK),
    ("post", "password"): (LOGIN, OK, OK, OK, OK, OK),  # the form again: nothing is filled in
    ("get", "account"): (LOGIN, OK, OK, OK, OK, OK),
    ("post", "account"): (LOGIN, DONE, DONE, DONE, DONE, DONE),
    ("post", "layers"): (LOGIN, EMPTY, EMPTY, EMPTY, EMPTY, EMPTY),
    ("post", "batch_retry"): (LOGIN, FORBIDDEN, FORBIDDEN, DONE, HIDDEN, DONE),
    ("post", "batch_cancel"): (LOGIN, FORBIDDEN, FORBIDDEN, DONE, HIDDEN, DONE),
    ("post", "recording_cancel"): (LOGIN, FORBIDDEN, FORBIDDEN, DONE, HIDDEN, DONE),
    ("post", "recording_urgent"): (LOGIN, FORBIDDEN, FORBIDDEN, DONE, HIDDEN, DONE),
    ("post", "calls_assign"): (LOGIN, FORBIDDEN, FORBIDDEN, OK, OK, OK),
    ("post", "view_save"): (LOGIN, DONE, DONE, DONE, DONE, DONE),
    ("post", "view_change"): (LOGIN, HIDDEN, HIDDEN, DONE, HIDDEN, HIDDEN),
    ("post", "view_delete"): (LOGIN, HIDDEN, HIDDEN, DONE, HIDDEN, HIDDEN),
    ("post", "calls_columns"): (LOGIN, DONE, DONE, DONE, DONE, DONE),
    ("post", "recording_retry"): (LOGIN, FORBIDDEN, FORBIDDEN, DONE, HIDDEN, DONE),
    ("post", "recording_swap"): (LOGIN, FORBIDDEN, FORBIDDEN, DONE, HIDDEN, DONE),
    ("post", "recording_confirm"): (LOGIN, FORBIDDEN, FORBIDDEN, DONE, HIDDEN, DONE),
}


@pytest.fixture
def recording(tmp_path: Path) -> Recording:
    return call_of_dana(tmp_path)


def call_of_dana(folder: Path) -> Recording:
    """A measured call of Dana, in Billing, that the supervisor of Billing uploaded."""
    return inhabit(
        folder / "made",
        agent="Dana",
        team="Billing",
        username="supervisor",
        file="call.wav",
        said="My router is broken again [-0.8]",
        asked="Why is my router broken again?",
        comment="Well begun",
        why="A good opening",
        view="Of the supervisor",
        key=A_KEY,
    )


def inhabit(
    folder: Path,
    *,
    agent: str,
    team: str,
    username: str,
    file: str,
    said: str,
    asked: str,
    comment: str,
    why: str,
    view: str,
    key: UUID,
) -> Recording:
    """A team with a supervisor, an agent and a call, and with a row of everything that belongs to them."""
    dana = make_agent(agent, team=team)
    supervisor = make_user(User.Role.SUPERVISOR, username=username)
    supervisor.teams.set([dana.team])
    transcript = call("A 0.0-4.0 Thank you for calling how can I help", f"C 4.5-8.5 {said}")
    with write_wav(folder / file, hertz=440 + Recording.objects.count()).open("rb") as content:
        recording = make_recording(
            agent=dana,
            batch=Batch.objects.create(created_by=supervisor),
            audio=File(content, name=file),
            original_name=file,
            status=Recording.Status.DONE,
            duration=transcript.duration,
        )
    Draft.objects.create(created_by=supervisor).files.create(key=key, name=file, size=10, modified=0)
    SavedView.objects.create(pk=recording.pk, user=supervisor, name=view)
    recording.current_run = Run.objects.create(recording=recording, number=1, finished_at=timezone.now())
    store_transcript(recording, transcript)
    correct_words(recording, 0, seen=transcript.turns[0].text, text="Thank you for calling", by=supervisor)
    measure.measure(recording.pk)
    Comment.objects.create(recording=recording, author=supervisor, at_s=1.0, text=comment)
    topic = make_topic(asked)
    make_question(recording, asked, topic)
    make_topic(f"{asked} Once more", merged_into=topic)
    card = reviewing.revise(Scorecard(pk=recording.pk), "Service", [{"section": "A", "text": "B"}], supervisor)
    told = {"scorecard": card, "recording": recording, "agent": dana, "by": supervisor, "comment": comment}
    Review.objects.create(pk=recording.pk, submitted_at=timezone.now(), **told)
    ReviewSample.objects.create(pk=recording.pk, scorecard=card, start=MAY_12, end=MAY_12, per_agent=1, seed=1)
    for state in ("shared", "draft"):
        days = {"start": MAY_12, "end": MAY_12}
        session = CoachingSession.objects.create(agent=dana, state=state, picked_from=1, left_out=0, **days)
        session.moments.create(recording=recording, strong=True, place=0, at_s=1, until_s=2, why=why)
    return recording


def person(who: str, recording: Recording) -> Client:
    users = {
        "agent": lambda: make_user(User.Role.AGENT, agent=recording.agent),
        "other agent": lambda: make_user(User.Role.AGENT, agent=make_agent("Ben", team="Billing")),
        "supervisor": lambda: recording.batch.created_by,
        "reviewer": lambda: reviewer_of(recording.agent),
        "other reviewer": lambda: reviewer_of(make_agent("Fay", team="Repairs")),
        "other supervisor": another_supervisor,
        "administrator": make_user,
    }
    return login(users[who]()) if who in users else Client()


def reviewer_of(agent: Agent | None) -> User:
    user = make_user(User.Role.REVIEWER)
    user.teams.set([agent.team] if agent else [])
    return user


def another_supervisor() -> User:
    user = make_user(User.Role.SUPERVISOR)
    user.teams.set([make_agent("Eve", team="Sales").team])
    return user


def address(name: str, recording: Recording) -> str:
    topic = recording.questions.values_list("topic", flat=True).first() or GONE
    merged = Topic.objects.filter(merged_into=topic).values_list("pk", flat=True).first() or GONE
    moments = (
        CoachingMoment.objects.filter(recording=recording).order_by("session__state", "pk").values_list("session", "pk")
    )
    (draft_of, moment), (shared, _) = moments if len(moments) > 1 else ((GONE, GONE), moments[0])
    arguments = {
        **{f"coaching_{name}": [draft_of] for name in ("save", "add", "share", "discard")},
        **{f"coaching_{name}": [shared] for name in ("session", "answer", "reopen")},
        **{f"coaching_{name}": [recording.agent_id] for name in ("of_agent", "prepare")},
        "review_call": [recording.pk, recording.pk],
        "coaching_moment": [moment, "up"],
        **{name: [topic] for name in ("topic", "topic_rename", "topic_hide", "topic_merge")},
        "topic_separate": [merged],
        "questions_left_out": ["small-talk"],
        "export": ["calls"],
        "confirm": [],
        "agent": [recording.agent_id],
        "batch": [recording.batch_id],
        **{f"batch_{name}": [recording.batch_id] for name in ("progress", "retry", "cancel", "errors")},
        "call_moments": [recording.pk, "sentiment_customer"],
        "turn": [recording.pk, 0],
        "turn_words": [recording.pk, 0],
        "turn_speaker": [recording.pk, 0],
        "correction_undo": [recording.corrections.get().pk],
        "comment": [recording.comments.values_list("pk", flat=True).first() or GONE],
        "recording_transcript": [recording.pk, "txt"],
        "compare_runs": [recording.pk, 1, 1],
        "run_current": [recording.current_run_id],
        "run_retry": [recording.current_run_id],
        "retention_rule": [recording.source_id],
    }
    if name.startswith("draft"):
        draft = recording.batch.created_by.drafts.first()  # type: ignore[union-attr]
        return reverse(name, args=[draft.pk if draft else GONE, *([A_KEY] if name == "draft_file" else [])])
    of_the_list = {"calls", "calls_export", "calls_columns", "calls_chosen", "calls_assign", "view_save"}
    alone = of_the_list | {
        "overview",
        "agents",
        "agents_export",
        "upload",
        "batches",
        "layers",
        "rerun",
        "password",
        "audit",
        "audit_export",
    }
    if name.startswith("vocabulary"):
        return reverse(name, args=["en"])
    alone |= {
        "capacity",
        "account",
        "reviews",
        "scorecard_new",
        "sample_draw",
        "coaching",
        "questions",
        "questions_group",
        "questions_grouping",
        "retention",
        "erase",
    }
    return reverse(name, args=[] if name in alone else arguments.get(name, [recording.pk]))


def ask(client: Client, method: str, name: str, recording: Recording) -> Any:
    return getattr(client, method)(address(name, recording))


@pytest.mark.parametrize(("method", "name"), EXPECTED)
def test_who_may_open_what(method: str, name: str, recording: Recording) -> None:
    answers = {who: ask(person(who, recording), method, name, recording) for who in ASKING}
    assert {who: answer.status_code for who, answer in answers.items()} == dict(
        zip(ASKING, EXPECTED[method, name], strict=True)
    )
    assert answers["nobody"].headers["Location"].startswith(reverse("login"))
    assert {answer.headers["Content-Security-Policy"] for answer in answers.values()} == {headers.CONTENT}


REVIEWING = {
    **{("get", name): OK for name in ("scorecard", "scorecard_new", "scorecard_edit", "sample")},
    ("get", "review_call"): DONE,
    ("post", "review_call"): DONE,
    **{("post", name): OK for name in ("scorecard_new", "scorecard_edit")},
    ("post", "sample_draw"): OK,
    ("get", "coaching_of_agent"): HIDDEN,
    ("get", "coaching_session"): HIDDEN,
    ("post", "coaching_answer"): HIDDEN,
}
"""Where a reviewer of the agent's team is answered otherwise than the agent."""


@pytest.mark.parametrize(("method", "name"), EXPECTED)
def test_a_reviewer_sees_what_the_agent_sees_and_judges_it(method: str, name: str, recording: Recording) -> None:
    reviewer = make_user(User.Role.REVIEWER)
    reviewer.teams.set([recording.agent.team])  # type: ignore[union-attr]
    expected = REVIEWING.get((method, name), EXPECTED[method, name][ASKING.index("agent")])
    assert ask(login(reviewer), method, name, recording).status_code == expected
    reviewer.teams.clear()
    elsewhere = EXPECTED[method, name][ASKING.index("other agent")]
    general = REVIEWING.get((method, name), elsewhere) if elsewhere == FORBIDDEN else elsewhere
    assert ask(login(reviewer), method, name, recording).status_code == (HIDDEN if name == "review_call" else general)


@pytest.mark.parametrize(
    "name", [name for method, name in EXPECTED if method == "post" and ("get", name) not in EXPECTED]
)
def test_a_change_is_not_made_by_a_link(name: str, recording: Recording) -> None:
    assert ask(person("administrator", recording), "get", name, recording).status_code == 405


def test_every_address_has_its_line() -> None:
    names = {key for key in get_resolver().reverse_dict if isinstance(key, str)}
    assert names - OPEN == {name for _, name in EXPECTED}
