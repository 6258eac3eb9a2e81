"""The vocabulary page: who may change what, what a changed list would do, what a recogniser is told, trials."""

import re
from typing import Any
from unittest.mock import patch

import pytest
from django.test import Client
from django.urls import reverse

from analytics import filler_effect, measure, rescoring
from analytics.filler_changes import changes
from analytics.models import FillerUse
from analytics.vocabulary_forms import texts_of
from tests.conftest import login, make_agent, make_recording, make_user
from tests.measured import MAY_12, SHIPPED
from tests.metrics.timeline import call
from transcription.models import Recording, Run, User, Vocabulary
from transcription.speech.vocabulary import FILLER_TERMS, FillerTerm
from transcription.transcripts import store_transcript
from transcription.vocabularies import keep_company_words, keep_fillers, terms_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files", "clean_jobs")]

ENGLISH = FILLER_TERMS["en"]
WITH_RIGHTO = (*ENGLISH, FillerTerm("righto", 2, ("rightio",)))


@pytest.fixture
def client() -> Client:
    return login(make_user())


def heard(agent: str = "Dana Reyes", team: str = "Billing", said: str = "Righto um I will look now") -> Recording:
    transcript = call(f"A 0.0-7.0 {said}", "C 8.0-10.0 So, my router broke")
    recording = make_recording(
        status="done", agent=make_agent(agent, team=team), started_at=MAY_12, duration=transcript.duration
    )
    recording.current_run = Run.objects.create(recording=recording, number=1, finished_at=MAY_12)
    store_transcript(recording, transcript)
    measure.measure(recording.pk)
    return recording


def post(client: Client, name: str, data: dict[str, Any], **extra: Any) -> Any:
    return client.post(reverse(name, args=["en"]), data, **extra)


def as_form(terms: tuple[FillerTerm, ...], seen: str = SHIPPED) -> dict[str, str]:
    return texts_of(terms) | {"seen": seen}


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


def test_the_effect_is_shown_and_nothing_is_changed(client: Client) -> None:
    recording = heard()
    page = text(post(client, "vocabulary_effect", as_form(WITH_RIGHTO)))
    assert "“righto” is new: discourse filler, also spelt “rightio”." in page
    assert "1 of 1 count differently" in page
    assert '<td>Agents</td><td class="number">16.67</td><td class="number">33.33</td>' in page
    assert "+16.67" in page
    assert '<td class="number">0 → <b>1</b></td><td class="number">0</td>' in page
    assert reverse("call", args=[recording.pk]) in page
    assert "Count 1 call by this list" in page
    assert terms_of("en") == ENGLISH
    assert not Vocabulary.objects.exists()


def test_applied_it_counts_in_past_calls(client: Client) -> None:
    heard()
    answer = post(client, "vocabulary_fillers", as_form(WITH_RIGHTO))
    assert answer.headers["Location"] == reverse("vocabulary", args=["en"])
    page = text(client.get(reverse("vocabulary")))
    assert "this site’s own list" in page
    assert "0 of 1 calls are done" in page
    assert "0 of 1 calls are done" in text(client.get(reverse("overview")))
    assert client.get(reverse("vocabulary_progress", args=["en"])).status_code == 200
    rescoring.rescore_some()
    assert FillerUse.objects.filter(term="righto").count() == 1
    assert "calls are done" not in text(client.get(reverse("overview")))
    assert client.get(reverse("vocabulary_progress", args=["en"])).status_code == 286


def test_a_list_that_changed_meanwhile_is_not_overwritten(client: Client) -> None:
    keep_fillers("en", ENGLISH[:-1], by=make_user())
    page = text(post(client, "vocabulary_fillers", as_form(WITH_RIGHTO)))
    assert "Somebody else has changed the list meanwhile." in page
    assert "“basically” is new" in page
    assert len(terms_of("en")) == len(ENGLISH) - 1


def test_problems_are_told_beside_their_text_which_stays(client: Client) -> None:
    page = text(post(client, "vocabulary_effect", as_form(ENGLISH) | {"tier3": "so\nlike, um 2"}))
    assert "Line 2: “um 2” has 2 in it" in page
    assert "like, um 2</textarea>" in page


def test_a_supervisor_sees_the_effect_on_own_calls_and_cannot_apply(client: Client) -> None:
    supervisor = make_user(User.Role.SUPERVISOR)
    supervisor.teams.add(heard().agent.team)  # type: ignore[union-attr]
    heard("Eli Novak", "Sales")
    theirs = login(supervisor)
    page = text(post(theirs, "vocabulary_effect", as_form(WITH_RIGHTO)))
    assert "1 of 1 count differently" in page
    assert "An administrator can make this list count" in page
    assert "Eli Novak" not in page
    assert "2 of 2 count differently" in text(post(client, "vocabulary_effect", as_form(WITH_RIGHTO)))
    assert post(theirs, "vocabulary_fillers", as_form(WITH_RIGHTO)).status_code == 403


def test_a_list_of_other_people_s_calls_has_nothing_to_show(client: Client) -> None:
    page = text(post(client, "vocabulary_effect", as_form(())))
    assert "nothing to count beforehand" in page
    assert "Keep this list" in page


def test_unprompted_calls_are_not_in_the_sample(client: Client) -> None:
    recording = heard()
    recording.metrics.filler_capture_mode = "unprompted"  # type: ignore[attr-defined]
    recording.metrics.save()  # type: ignore[attr-defined]
    found = filler_effect.effect(make_user(), "en", ENGLISH, WITH_RIGHTO)
    assert (found.sampled, found.concerned, found.agent.n) == (0, 1, 0)


def test_the_effect_costs_the_same_for_one_call_and_for_many(django_assert_num_queries: Any) -> None:
    boss = make_user()
    for number in range(12):
        heard()
        if number in {0, 11}:
            with django_assert_num_queries(4):  # which, recordings, turns; how many
                found = filler_effect.effect(boss, "en", ENGLISH, WITH_RIGHTO)
    assert (found.sampled, found.changed, len(found.largest)) == (12, 12, 10)


def test_the_page_costs_the_same_for_one_call_and_for_many(client: Client, django_assert_num_queries: Any) -> None:
    for number in range(12):
        heard()
        if number in {0, 11}:
            with django_assert_num_queries(11):
                client.get(reverse("vocabulary"))


def test_how_lists_differ() -> None:
    before = (FillerTerm("um", 1, ("umm",)), FillerTerm("so", 3), FillerTerm("well", 3))
    after = (FillerTerm("um", 1, ("uhm",)), FillerTerm("so", 2), FillerTerm("ah", 1))
    assert changes(before, after) == [
        "“ah” is new: hesitation.",
        "“well” is no longer a term.",
        "“um” is also spelt “uhm”.",
        "“um” is no longer spelt “umm”.",
        "“so” becomes: discourse filler.",
    ]


def test_the_prompt_is_shown_while_somebody_writes(client: Client) -> None:
    page = text(post(client, "vocabulary_prompt", {"words": "Acme, iPlan\nAcme"}))
    assert '<b class="number">2</b> of 12 names, <b class="number">9</b> of 120 characters' in page
    assert "Um, uh, like, you know, I mean, hmm, er, ah, well, so. Acme, iPlan." in page
    many = ", ".join(f"Name {number}" for number in range(14))
    assert "<b>Name 12</b>, <b>Name 13</b>" in text(post(client, "vocabulary_prompt", {"words": many}))
    assert "no name that somebody could say" in text(post(client, "vocabulary_prompt", {"words": "<script>"}))
    assert "longer than 60" in text(post(client, "vocabulary_prompt", {"words": "a" * 61}))
    assert "51 names" in text(post(client, "vocabulary_prompt", {"words": ",".join(map(str, range(51)))}))


def test_company_words_are_kept_in_order(client: Client) -> None:
    post(client, "vocabulary_words", {"words": "Kestrel\nAcme; iPlan"})
    assert Vocabulary.objects.get().company_words == ["Kestrel", "Acme", "iPlan"]
    assert "Kestrel Acme iPlan</textarea>" in text(client.get(reverse("vocabulary")))
    post(client, "vocabulary_words", {"words": "<b>"})
    assert Vocabulary.objects.get().company_words == ["Kestrel", "Acme", "iPlan"]


def test_a_trial_waits_beside_the_call(client: Client) -> None:
    recording = heard()
    keep_company_words("en", ["Acme"], by=make_user())
    data = {"words": "Beam", "call": recording.pk}
    page = text(post(client, "vocabulary_trial", data, headers={"HX-Request": "true"}))
    assert "with Beam" in page
    assert "waiting for a worker" in page
    run = Run.objects.get(trial=True)
    assert (run.asked["company_words"], run.base) == (["Beam"], recording.current_run)
    again = text(post(client, "vocabulary_trial", data, headers={"HX-Request": "true"}))
    assert "not one of the available choices" in again
    assert Vocabulary.objects.get().company_words == ["Acme"]


def test_nobody_tries_words_on_a_hidden_call() -> None:
    recording = heard("Eli Novak", "Sales")
    client = login(make_user(User.Role.SUPERVISOR))
    with patch("analytics.views.vocabulary.rerun") as rerun:
        post(client, "vocabulary_trial", {"words": "Beam", "call": recording.pk})
    assert not rerun.called
    assert "Eli Novak" not in text(client.get(reverse("vocabulary")))


@pytest.mark.parametrize("code", ["EN", "e", "engl", "e1"])
def test_a_language_is_a_code(client: Client, code: str) -> None:
    assert client.get(reverse("vocabulary", args=[code])).status_code == 404
    assert client.post(reverse("vocabulary_fillers", args=[code]), as_form(ENGLISH)).status_code == 404
    assert client.post(reverse("vocabulary_words", args=[code]), {"words": "Acme"}).status_code == 404
    assert not Vocabulary.objects.exists()


def test_no_two_elements_of_a_page_share_an_id(client: Client) -> None:
    keep_fillers("en", WITH_RIGHTO, by=User.objects.get())
    for page in (client.get(reverse("vocabulary")), post(client, "vocabulary_effect", as_form(ENGLISH))):
        ids = re.findall(r'\sid="([^"]+)"', page.content.decode())
        assert "id_tier1" in ids
        assert len(ids) == len(set(ids))
