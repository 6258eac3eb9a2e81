"""From a stored transcript to topics, through a real worker; what people decide outlives the next grouping."""

from collections.abc import Callable

import pytest
from django.core.management import call_command

from analytics.models import CallMetrics, Grouping, Question, Topic
from analytics.tasks import enqueue_grouping, repair_questions
from analytics.topics import decisions, grouping
from tests.conftest import make_agent, make_recording, make_user
from tests.fakes import FakeGrouper
from tests.metrics.timeline import call
from transcription.corrections import confirm_roles
from transcription.models import Recording
from transcription.speech.ports import SpeechError
from transcription.transcripts import store_transcript

pytestmark = pytest.mark.django_db(transaction=True)

Work = Callable[[], None]
PARCEL = "Where is my parcel now?"
LATER = "How do refunds really get paid?"
MOON = "Is the moon green today?"
REFUND = "How do refunds get paid?"


def ask(*questions: str) -> Recording:
    """A call in which a customer asks these, five seconds each."""
    lines = [f"C {10 * at}.0-{10 * at + 4}.0 {question}" for at, question in enumerate(questions)]
    answers = [f"A {10 * at + 5}.0-{10 * at + 9}.0 Let me see." for at, _ in enumerate(questions)]
    transcript = call(*(line for pair in zip(lines, answers, strict=True) for line in pair), duration=200)
    recording = make_recording(agent=make_agent(), status="done", duration=200.0)
    store_transcript(recording, transcript)
    return recording


def labels() -> dict[str, str | None]:
    return {question.text: question.topic and question.topic.label for question in Question.objects.order_by("pk")}


def test_questions_are_collected_after_measuring_and_grouped(work: Work) -> None:
    for _ in range(2):
        ask(PARCEL, REFUND)
    ask("So where is my parcel?", LATER, "Can you hear me okay?", MOON)
    work()
    assert Question.objects.count() == 8
    enqueue_grouping()
    work()
    assert labels() == {
        PARCEL: PARCEL,
        REFUND: REFUND,
        "So where is my parcel?": PARCEL,
        LATER: REFUND,
        "Can you hear me okay?": None,
        MOON: None,
    }
    assert [question.text for question in Question.objects.filter(small_talk=True)] == ["Can you hear me okay?"]
    run = Grouping.objects.get()
    assert (run.questions, run.grouped, run.topics, run.stage) == (7, 6, 2, "")
    assert run.finished_at


def test_a_new_call_joins_the_topics_there_are(work: Work) -> None:
    ask(PARCEL)
    ask(PARCEL)
    work()
    grouping.group()
    ask("Where is my parcel?", MOON)
    work()
    assert labels()["Where is my parcel?"] == PARCEL
    assert labels()[MOON] is None


def test_collecting_again_gives_the_same_and_a_new_transcript_replaces(work: Work) -> None:
    recording = ask(PARCEL)
    work()
    before = Question.objects.get().pk
    repair_questions(timestamp=0)
    work()
    assert Question.objects.get().pk == before
    store_transcript(recording, call("C 0.0-4.0 Who are you people?", "A 5.0-9.0 Let me see.", duration=200))
    work()
    assert [question.text for question in Question.objects.all()] == ["Who are you people?"]


def test_swapped_roles_change_who_asked(work: Work) -> None:
    recording = ask(PARCEL)
    work()
    confirm_roles(recording, swap=True, by=make_user())
    work()
    assert not Question.objects.exists()
    assert CallMetrics.objects.get().questions_collected_at


def test_lost_calls_are_found_by_the_sweep(work: Work) -> None:
    ask(PARCEL)
    work()
    Question.objects.all().delete()
    CallMetrics.objects.update(questions_collected_at=None)
    repair_questions(timestamp=0)
    work()
    assert Question.objects.count() == 1


def test_decisions_survive_a_grouping(work: Work) -> None:
    other = "Why was my card refused?"
    for _ in range(2):
        ask(PARCEL, REFUND, other)
    work()
    grouping.group()
    parcel, refund, card = (Topic.objects.get(label=label) for label in (PARCEL, REFUND, other))
    decisions.rename(parcel, "Where it is")
    decisions.hide(card, hidden=True)
    decisions.merge(refund, parcel)
    grouping.group()
    assert labels() == {PARCEL: "Where it is", REFUND: "Where it is", other: other}
    assert Topic.objects.get(label=other).hidden
    assert Topic.objects.count() == 3
    decisions.separate(Topic.objects.get(label=REFUND))
    assert labels()[REFUND] == REFUND
    decisions.rename(Topic.objects.get(label="Where it is"), "")
    assert labels()[PARCEL] == PARCEL


def test_a_decided_topic_without_questions_stays_and_others_go(work: Work) -> None:
    recordings = [ask(PARCEL, REFUND), ask(PARCEL, REFUND)]
    work()
    grouping.group()
    decisions.rename(Topic.objects.get(label=PARCEL), "Where it is")
    for recording in recordings:
        recording.delete()
    grouping.group()
    assert [topic.label for topic in Topic.objects.all()] == ["Where it is"]


def test_a_topic_is_not_merged_into_itself_or_a_merged_one(work: Work) -> None:
    for _ in range(2):
        ask(PARCEL, REFUND)
    work()
    grouping.group()
    parcel, refund = Topic.objects.get(label=PARCEL), Topic.objects.get(label=REFUND)
    with pytest.raises(ValueError, match="cannot be merged"):
        decisions.merge(parcel, parcel)
    decisions.merge(refund, parcel)
    refund.refresh_from_db()
    with pytest.raises(ValueError, match="cannot be merged"):
        decisions.merge(parcel, refund)


def test_a_failed_grouping_changes_nothing_and_says_why(work: Work, engines: Callable[..., None]) -> None:
    class Broken(FakeGrouper):
        def group(self, meanings: object) -> list[list[int]]:
            raise SpeechError("out of memory", permanent=False)

    ask(PARCEL)
    ask(PARCEL)
    work()
    grouping.group()
    engines(grouper=Broken())
    with pytest.raises(SpeechError):
        grouping.group()
    assert Grouping.objects.first().error == "SpeechError: out of memory"  # type: ignore[union-attr]
    assert labels() == {PARCEL: PARCEL}


def test_it_groups_by_itself_when_questions_have_doubled(work: Work) -> None:
    for _ in range(grouping.FIRST // 2 - 1):
        ask(PARCEL, REFUND)
    work()
    assert not grouping.due()
    ask(PARCEL, REFUND)
    work()
    assert grouping.due()
    repair_questions(timestamp=0)
    work()
    assert Topic.objects.count() == 2
    assert not grouping.due()


def test_the_command_collects_and_groups(work: Work, capsys: pytest.CaptureFixture[str]) -> None:
    ask(PARCEL)
    ask(PARCEL, MOON)
    call_command("topics")
    assert capsys.readouterr().out == "2 of 3 questions in 1 topics, the others are like too few.\n"
