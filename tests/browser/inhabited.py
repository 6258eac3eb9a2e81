"""A site after some weeks: calls in every state, drafts, batches, questions; people who see all of it or nothing."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.files import File
from django.utils import timezone

from analytics import measure, reviewing
from analytics.models import CoachingSession, Comment, Review, ReviewSample, SavedView, Scorecard, Topic
from analytics.scoring import Suggestion
from tests.conftest import make_agent, make_recording, make_user
from tests.measured import MAY_12, collected, make_call, make_question, make_topic, say
from tests.metrics.timeline import call
from transcription.amending import correct_words
from transcription.models import Agent, Batch, Draft, Recording, Run, Team, User
from transcription.runs import succeed

LONG = "Maximiliane-Konstanze von Hohenstein-Wittelsbach"
FILE = "out-442079460123-1001-20250512-093000-1747042200.17-maximiliane-konstanze-von-hohenstein.wav"
SPEAKERS = [
    {"label": "Speaker 1", "role": "agent", "role_confidence": 0.6, "evidence": ['said "thank you for calling"']},
    {"label": "Speaker 2", "role": "customer", "role_confidence": 0.6, "evidence": ["against it: spoke first"]},
]
SAID = (
    "A 0.0-4.0 Thank you for calling um how can I help you",
    "C 3.0-9.0 My router is broken again and nobody answers [-0.8]",
    "A 14.0-19.0 Let me see what I can do for you like right now",
    "C 20.0-24.0 Thank you that is great [0.8]",
    "A 25.0-30.0 You will get a new one tomorrow",
    "C 31.0-34.0 Wonderful thank you so much for your help [0.9]",
)

Wav = Callable[..., Path]


@dataclass(frozen=True)
class Site:
    administrator: User
    newcomer: User
    """A supervisor whose team has no calls yet."""
    agent_user: User
    agent: Agent
    calls: dict[str, Recording]
    """One in each state."""
    batches: dict[str, Batch]
    drafts: dict[str, Draft]
    topic: Topic
    coached: dict[str, CoachingSession]
    """By state."""
    review: Review
    sample: ReviewSample


def inhabit(wav: Wav) -> Site:
    agent = make_agent(LONG, team="Claims and complaints, second floor")
    administrator = make_user(username="morgan")
    newcomer = make_user(User.Role.SUPERVISOR, username="newcomer")
    newcomer.teams.add(Team.objects.create(name="Not started yet"))
    agent_user = make_user(User.Role.AGENT, username="maximiliane", agent=agent)
    for day in range(10):
        _told(agent if day % 2 else make_agent("Eli Novak", team="Sales"), day)
    batches = {state: Batch.objects.create(created_by=administrator) for state in ("at work", "empty-handed")}
    calls = _in_every_state(agent, administrator, batches["at work"], wav)
    topic = _ask(agent, calls["heard twice"])
    SavedView.objects.create(user=administrator, name="Unhappy customers of last week", query="sentiment_max=-1")
    drafts = _drafts(administrator, wav)
    coached = {state: _coached(agent, calls["heard twice"], administrator, state) for state in ("draft", "shared")}
    review, sample = _reviewed(agent, calls["heard twice"], administrator)
    return Site(administrator, newcomer, agent_user, agent, calls, batches, drafts, topic, coached, review, sample)


def _coached(agent: Agent, recording: Recording, by: User, state: str) -> CoachingSession:
    days = {"start": MAY_12, "end": MAY_12}
    session = CoachingSession.objects.create(agent=agent, by=by, state=state, picked_from=1, left_out=1, **days)
    for strong in (True, False):
        told = {"at_s": 1.0, "until_s": 3.0, "why": "The customer waits 6.0 s", "note": "Say what you look for"}
        session.moments.create(recording=recording, strong=strong, place=0, **told)
    session.steps.create(state=state, by=by, comment="Was the system down?")
    return session


def _reviewed(agent: Agent, recording: Recording, by: User) -> tuple[Review, ReviewSample]:
    """A submitted review of another call, and a list with `recording`, which waits for its own."""
    asked = [
        {"section": "Opening", "text": "Greets", "critical": True},
        {"section": "Flow", "text": "Lets the customer finish", "metric": "interruptions_by_agent", "threshold": 1.0},
        {"section": "Flow", "text": "Solves it", "kind": "scale", "weight": 3.0},
        {"section": "Flow", "text": "What else", "kind": "text"},
    ]
    card = reviewing.revise(Scorecard(), "Service", asked, by)
    judged = Recording.objects.filter(agent=agent, outcome="two_sided").exclude(pk=recording.pk).first()
    review = Review(scorecard=card, recording=judged, agent=agent, by=by, comment="A calm call")
    greets, finish, solves, note = (question.pk for question in card.questions.all())
    against = {finish: Suggestion(1, "suggested: yes, interruptions by agent 0 (at most 1)")}
    reviewing.judge(review, {greets: 0, finish: 0, solves: None, note: "A date"}, against, submit=True)
    days = {"start": MAY_12, "end": MAY_12}
    sample = ReviewSample.objects.create(scorecard=card, per_agent=2, seed=7, by=by, **days)
    sample.recordings.set([recording, review.recording])
    return review, sample


def _told(agent: Agent, day: int) -> None:
    made = make_call(
        agent,
        MAY_12 - timedelta(days=2 * day),
        agent_talk_share=0.4 + day / 50,
        wpm_agent=140 + day,
        fillers_per_100_words_agent=2.5,
        interruptions_by_agent=day % 3,
        silence_share=0.12,
        sentiment_customer=day / 2 - 3,
        recording={"customer_ref": "+44 20 7946 0123, extension 4567", "original_name": FILE},
    )
    say(made.recording, "agent", "Thank you for calling how can I help", 1.0)
    say(made.recording, "customer", "My parcel is late again and I am angry", 9.0, score=day / 7 - 0.9)


def _in_every_state(agent: Agent, by: User, batch: Batch, wav: Wav) -> dict[str, Recording]:
    def made(**values: Any) -> Recording:
        told = {"agent": agent, "batch": batch, "started_at": MAY_12, "original_name": FILE}
        return make_recording(**(told | values))

    unsure = made(status="done", outcome="two_sided", role_confidence=0.5, speakers=SPEAKERS, layout="mono")
    for number in range(6):
        say(unsure, ("agent", "customer")[number % 2], f"turn number {number}", 4.0 * number)
    return {
        "heard twice": _heard_twice(agent, by, batch, wav),
        "waiting": made(status="waiting"),
        "tried before": made(status="waiting", error="The disk was full."),
        "processing": made(status="processing", stage="diarizing", progress=0.4, claimed_at=timezone.now()),
        "failed": made(status="failed", error="The worker ran out of memory. Give it more, then try again."),
        "cancelled": made(status="cancelled"),
        "no speech": _accounted(made(started_at=None, agent=None), replace(call(), outcome="no_speech", speakers=())),
        "one-sided": _accounted(made(), call(*SAID[::2], outcome="one_sided")),
        "unsure": unsure,
    }


def _heard_twice(agent: Agent, by: User, batch: Batch, wav: Wav) -> Recording:
    """With sound, two runs, a correction, a comment and text that was held back."""
    with wav("heard.wav", 40).open("rb") as sound:
        recording = make_recording(
            agent=agent,
            batch=batch,
            started_at=MAY_12,
            duration=40.0,
            audio=File(sound, name="heard.wav"),
            customer_ref="+44 20 7946 0123, extension 4567",
            quarantined=[{"start": 35.0, "end": 38.0, "text": "Thanks for watching", "reason": "nobody speaks here"}],
            role_confidence=0.9,
        )
    _accounted(recording, replace(call(*SAID[:2], duration=40.0), layout="mono"))
    _accounted(recording, replace(call(*SAID, duration=40.0), layout="mono"))
    correct_words(recording, 1, seen="My router is broken again and nobody answers", text="My router is broken", by=by)
    measure.measure(recording.pk)
    Comment.objects.create(recording=recording, author=by, at_s=3.0, text="Let her finish.")
    return recording


def _accounted(recording: Recording, transcript: Any) -> Recording:
    run = Run.objects.create(
        recording=recording,
        number=recording.runs.count() + 1,
        asked={"model": "whisper-base", "speakers": 2},
        stage_seconds={"decoding": 1.0, "recognizing": 4.0, "diarizing": 2.0, "scoring": 1.0},
        weights={"recognizer": {"whisper-base/model.bin": "0" * 64}},
    )
    recording.status = Recording.Status.DONE
    succeed(recording, run, transcript)
    measure.measure(recording.pk)
    return recording


def _ask(agent: Agent, recording: Recording) -> Topic:
    """A topic with a merged one and a hidden one, small talk, and a question that is in none."""
    topic = make_topic("Why is my router broken again?")
    for text in ("Why is my router broken again?", "Is my router broken?"):
        make_question(recording, text, topic)
    make_topic("Why is it broken?", merged_into=topic)
    make_topic("Who are you?", hidden=True)
    make_question(recording, "Is there a shop in Lisbon?", None, turn=1)
    make_question(recording, "Can you hear me?", None, turn=2, small_talk=True)
    collected(recording)
    return topic


def _drafts(by: User, wav: Wav) -> dict[str, Draft]:
    """One in which a file is missing, and one that can start, with an unknown agent and a file that is no sound."""
    missing, ready = (Draft.objects.create(created_by=by) for _ in range(2))
    missing.files.create(name=FILE, size=40_000_000, modified=0, received=10_000_000)
    for name, content in (
        (FILE, wav("one.wav").read_bytes()),
        ("Zoe Park_2026-03-02_09-30.wav", wav("two.wav", seed=1).read_bytes()),
        ("notes.wav", b"no sound"),
    ):
        file = ready.files.create(name=name, size=len(content), received=len(content), modified=0)
        file.path.parent.mkdir(parents=True, exist_ok=True)
        file.path.write_bytes(content)
    return {"missing": missing, "ready": ready}
