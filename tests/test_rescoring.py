"""A changed filler list: which calls are counted anew, and that counting them gives what measuring them would."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from analytics import measure, rescoring, rollups
from analytics.models import AgentDay, CallMetrics, Event, FillerUse
from analytics.queries import Rescoring
from analytics.queries import rescoring as how_far
from analytics.tasks import repair_measurements, rescore_fillers
from transcription.models import Recording, User, Vocabulary
from transcription.speech.vocabulary import FILLER_TERMS, FillerTerm
from transcription.transcripts import store_transcript
from transcription.vocabularies import company_words, keep_company_words, keep_fillers, terms_of

from .conftest import make_agent, make_recording
from .metrics.timeline import call

pytestmark = pytest.mark.django_db

OWN = (FillerTerm("um", 1), FillerTerm("right so", 2, ("righto",)), FillerTerm("please", 3))
SAID = (
    (
        "A 0.0-30.0 Um thank you, you know, for calling, righto, how can I help you please tell me what it is that you "
        "would, like, need from us today and I will look"
    ),
    "C 31.0-34.0 My router, please, is uh broken [-0.8]",
)


def measured(*lines: str, language: str = "en", day: int = 0) -> Recording:
    transcript = call(*(lines or SAID), language=language)
    started_at = datetime(2025, 5, 12, 9, tzinfo=UTC) - timedelta(days=day)
    recording = make_recording(
        status="done", agent=make_agent(), started_at=started_at, duration=transcript.duration, language=language
    )
    store_transcript(recording, transcript)
    measure.measure(recording.pk)
    return recording


def everything() -> list[list[dict[str, Any]]]:
    kept = {CallMetrics: "pk", Event: "start_s", FillerUse: "at_s", AgentDay: "metric"}
    rows = [list(model.objects.order_by(key, "pk").values()) for model, key in kept.items()]
    return [[{k: v for k, v in row.items() if k not in {"id", "measured_at"}} for row in found] for found in rows]


@pytest.mark.parametrize(
    "terms", [OWN, (), FILLER_TERMS["en"], FILLER_TERMS["de"]], ids=["own", "none", "as it was", "another language's"]
)
@pytest.mark.parametrize("lines", [SAID, SAID[:1], ()], ids=["two-sided", "one party", "nothing said"])
def test_counting_anew_gives_what_measuring_gives(administrator: User, lines: Any, terms: Any) -> None:
    recording = make_recording(status="done", agent=make_agent(), started_at=datetime(2025, 5, 12, 9, tzinfo=UTC))
    outcome = ("no_speech", "one_sided", "two_sided")[len(lines)]
    store_transcript(recording, call(*lines, outcome=outcome))  # type: ignore[arg-type]
    measure.measure(recording.pk)
    keep_fillers("en", terms, by=administrator)
    rescoring.rescore_some()
    counted = everything()
    measure.measure(recording.pk)
    assert counted == everything()
    assert CallMetrics.objects.get().filler_list == ("en -" if not terms else CallMetrics.objects.get().filler_list)


def test_the_site_s_list_counts(administrator: User) -> None:
    keep_fillers("en", OWN, by=administrator)
    measured()
    assert list(FillerUse.objects.values_list("term", flat=True)) == ["um", "right so", "please"]
    assert FillerUse.objects.filter(role="customer").get().term == "please"


def test_only_calls_of_the_changed_language_are_due(administrator: User) -> None:
    for day in range(3):
        measured(day=day)
    german = measured("A 0.0-4.0 Äh guten Tag", "C 4.0-8.0 Ich habe quasi eine Frage", language="de")
    assert not how_far().running
    keep_fillers("en", OWN, by=administrator)
    assert how_far() == Rescoring(done=0, total=3)
    assert how_far("de") == Rescoring(done=0, total=0)
    before = CallMetrics.objects.get(pk=german.pk).filler_list
    assert rescoring.rescore_some()
    assert not how_far().running
    assert CallMetrics.objects.get(pk=german.pk).filler_list == before
    assert not rescoring.rescore_some()


def test_it_goes_on_where_it_was_interrupted_newest_first(administrator: User, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = [measured(day=day) for day in range(3)]
    keep_fillers("en", OWN, by=administrator)
    monkeypatch.setattr(rescoring, "AT_ONCE", 2)
    rescoring.rescore_some()
    assert how_far() == Rescoring(done=2, total=3)
    assert FillerUse.objects.filter(recording__in=calls[:2], term="right so").count() == 2
    assert not FillerUse.objects.filter(recording=calls[2], term="right so").exists()
    rescoring.rescore_some()
    assert not how_far().running
    assert rollups.disagreeing() == []


def test_back_to_the_shipped_list_gives_the_first_numbers_again(administrator: User) -> None:
    measured()
    before = everything()
    keep_fillers("en", OWN, by=administrator)
    rescoring.rescore_some()
    assert everything() != before
    keep_fillers("en", FILLER_TERMS["en"], by=administrator)
    assert Vocabulary.objects.get().fillers is None
    rescoring.rescore_some()
    assert everything() == before


def test_calls_of_before_lists_had_names_are_due(administrator: User) -> None:
    measured()
    CallMetrics.objects.update(filler_list="")
    assert how_far() == Rescoring(done=0, total=1)
    rescoring.rescore_some()
    assert not how_far().running


def test_a_list_for_a_language_without_one(administrator: User) -> None:
    measured("A 0.0-4.0 Niinku hyvää päivää", "C 4.0-8.0 Minulla on kysymys", language="fi")
    assert CallMetrics.objects.get().reasons["fillers_agent"] == "no filler words listed for this language"
    keep_fillers("fi", (FillerTerm("niinku", 2),), by=administrator)
    rescoring.rescore_some()
    row = CallMetrics.objects.get()
    assert (row.fillers_agent, row.fillers_customer) == (1, 0)
    assert "fillers_agent" not in row.reasons


def test_many_calls_cost_few_queries(administrator: User, django_assert_num_queries: Any) -> None:
    for _ in range(20):
        measured()
    keep_fillers("en", OWN, by=administrator)
    # Two savepoints; lists (2), due, recordings, turns, metrics, terms; six to store; five for the day's sums.
    with django_assert_num_queries(21):
        rescoring.rescore_some()


def test_words_are_of_the_language_or_of_all(administrator: User) -> None:
    keep_company_words("en", ["Acme", "Beam"], by=administrator)
    keep_company_words("de", ["Blitz"], by=administrator)
    assert company_words("en-GB") == ["Acme", "Beam"]
    assert company_words("") == ["Blitz", "Acme", "Beam"]
    assert company_words("fr") == []
    assert terms_of("en") == FILLER_TERMS["en"]


@pytest.mark.django_db(transaction=True)
def test_jobs_do_it_by_themselves(
    administrator: User, work: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    for day in range(3):
        measured(day=day)
    keep_fillers("en", OWN, by=administrator)
    monkeypatch.setattr(rescoring, "AT_ONCE", 2)
    repair_measurements(0)
    repair_measurements(0)
    work()
    assert not how_far().running
    rescore_fillers()
    assert FillerUse.objects.filter(term="right so").count() == 3
