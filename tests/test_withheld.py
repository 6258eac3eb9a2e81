"""What is personal is told only to those who may see it: no page, export, search or sound of anybody else has it."""

import io
import re
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import av
import numpy as np
import pytest
from django.core.files import File
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from analytics import measure
from analytics.metrics.asked import find
from tests.conftest import login, make_agent, make_recording, make_user
from tests.metrics.timeline import call
from tests.sounds import write_wav
from tests.test_permissions import ASKING, EXPECTED, address, ask, person
from tests.test_permissions import recording as recording  # noqa: PLC0414  a fixture
from transcription import amending, transcripts
from transcription.listening import sound_for
from transcription.models import Recording, Run, User, Withheld
from transcription.runs import make_current, succeed
from transcription.speech.plain import to_plain
from transcription.speech.types import Quarantined, Transcript
from transcription.transcripts import store_transcript, transcript_of, turns_for

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files")]

CARD, OLD_CARD, MAIL = "4929118822334455", "4929118822336677", "zebedee.quill@gmail.com"
SECRETS = re.compile(r"(?<![0-9a-z])4929|zebedee", re.IGNORECASE)
READABLE = ("call", "turn", "recording_transcript")
"""Where those who may see them find them."""


def spoken(card: str) -> Transcript:
    return call(
        "A 0.0-4.0 Thank you for calling how can I help",
        f"C 4.5-9.5 Why is my card {card} declined and can you write to {MAIL} please? [-0.8]",
        "A 10.0-12.0 Is that 4929 at the start?",
    )


@pytest.fixture
def secretive(recording: Recording) -> Recording:
    """The call of the permissions' tests with secrets in words, runs, corrections and text that was held back."""
    by = make_user(username="corrector")
    recording.refresh_from_db()
    run = Run.objects.create(recording=recording, number=2, asked={"model": "whisper-base"})
    held = Quarantined(20.0, 22.0, f"card {CARD}", "nobody speaks here")
    transcript = spoken(OLD_CARD)
    succeed(recording, run, Transcript(**{**vars_of(transcript), "quarantined": (held,)}))
    recording.runs.filter(number=1).update(transcript=to_plain(spoken(CARD)))
    said = transcripts.as_said(recording).turns[1].text
    amending.correct_words(recording, 1, seen=said, text=said.replace(OLD_CARD, CARD), by=by)
    recording.corrections.filter(by__username="supervisor").delete()
    Recording.objects.filter(pk=recording.pk).update(role_confidence=0.4)
    measure.measure(recording.pk)
    recording.questions.update(text=find(transcript_of(recording))[0].text)
    recording.refresh_from_db()
    return recording


def vars_of(transcript: Transcript) -> dict[str, Any]:
    return {name: getattr(transcript, name) for name in transcript.__dataclass_fields__}


def text_of(answer: Any) -> str:
    body = answer.getvalue()
    if body[:2] == b"PK":
        with ZipFile(io.BytesIO(body)) as archive:
            return " ".join(archive.read(name).decode() for name in archive.namelist())
    told = {name: value for name, value in answer.headers.items() if name != "X-Request-ID"}  # of random figures
    return str(told) + body.decode(errors="replace")


@pytest.mark.parametrize(("method", "name"), EXPECTED)
def test_no_address_tells_a_secret_to_those_who_may_not_see_it(method: str, name: str, secretive: Recording) -> None:
    for who in (*ASKING[:-1], "reviewer"):
        assert not SECRETS.search(text_of(ask(client_of(who, secretive), method, name, secretive))), who
    if name in READABLE:
        where = address(name, secretive) if name != "turn" else reverse("turn", args=[secretive.pk, 1])
        assert SECRETS.search(text_of(client_of("administrator", secretive).get(where)))


@pytest.mark.parametrize("fmt", ["txt", "srt", "vtt", "tsv", "json", "zip"])
def test_downloads(fmt: str, secretive: Recording) -> None:
    where = reverse("recording_transcript", args=[secretive.pk, fmt])
    for who, may in (("agent", False), ("supervisor", False), ("reviewer", False), ("administrator", True)):
        shown = text_of(client_of(who, secretive).get(where))
        assert (CARD in shown, MAIL in shown) == (may, may), (who, fmt)
        assert "declined" in shown


@pytest.mark.parametrize("kind", ["calls", "agents", "turns", "fillers", "events", "questions"])
def test_exports_hold_masks_for_everybody(kind: str, secretive: Recording) -> None:
    for who in ("supervisor", "administrator"):
        shown = text_of(client_of(who, secretive).get(reverse("export", args=[kind])))
        assert not SECRETS.search(shown), (who, kind)
    if kind == "turns":
        assert "Why is my card ••• declined" in shown


@pytest.mark.parametrize("words", [CARD, "4929", "zebedee", '"my card 4929118822334455"'])
def test_a_search_finds_no_secret(words: str, secretive: Recording) -> None:
    for who in ("agent", "supervisor", "administrator"):
        client = client_of(who, secretive)
        assert client.get(reverse("calls"), {"q": words}).context["page"].rows == []
        shown = client.get(reverse("call", args=[secretive.pk]), {"q": words})
        assert shown.context["hits"] == {}
    for field in ("agent_said", "customer_said"):
        assert client_of("supervisor", secretive).get(reverse("calls"), {field: words}).context["page"].rows == []
    missing = client.get(reverse("calls"), {"not_said": words})
    assert [row.pk for row in missing.context["page"].rows] == [secretive.pk]
    found = client_of("supervisor", secretive).get(reverse("calls"), {"q": "declined"})
    assert [row.pk for row in found.context["page"].rows] == [secretive.pk]
    assert not SECRETS.search(text_of(found))


def test_every_turn_of_the_address_of_one_turn(secretive: Recording) -> None:
    supervisor = client_of("supervisor", secretive)
    shown = text_of(supervisor.get(reverse("turn", args=[secretive.pk, 1])))
    assert "my card ••• declined" in shown
    assert not SECRETS.search(shown)


def test_somebody_who_sees_masks_sets_the_words_around_them_right(secretive: Recording) -> None:
    supervisor = client_of("supervisor", secretive)
    seen = secretive.turns.get(index=1).text
    where = reverse("turn_words", args=[secretive.pk, 1])
    supervisor.post(where, {"seen": seen, "text": seen.replace("declined", "refused")})
    said = transcripts.as_said(secretive).turns[1].text
    assert said == f"Why is my card {CARD} refused and can you write to {MAIL} please?"
    assert secretive.turns.get(index=1).text == "Why is my card ••• refused and can you write to ••• please?"
    answer = supervisor.post(where, {"seen": secretive.turns.get(index=1).text, "text": "Why is my card"}, follow=True)
    assert "words that are hidden from you have to stay" in text_of(answer)
    assert transcripts.as_said(secretive).turns[1].text == said


def test_what_is_withheld_follows_the_text(secretive: Recording) -> None:
    assert [row.spans[0][0] for row in Withheld.objects.order_by("turn__index")] == ["card", "card"]
    admin = User.objects.get(username="corrector")
    said = transcripts.as_said(secretive).turns[1].text
    amending.correct_words(secretive, 1, seen=said, text="My card is declined", by=admin)
    assert [row.turn.index for row in Withheld.objects.all()] == [2]  # "Is that 4929 at the start?"
    run = secretive.runs.get(number=1)
    assert make_current(run)
    assert Withheld.objects.count() == 2
    secretive.refresh_from_db()
    assert CARD in turns_for(admin, secretive)[1].text


def test_supervisors_see_them_where_the_site_says_so(secretive: Recording, settings: Any) -> None:
    settings.SUPERVISORS_SEE_PERSONAL_DATA = True
    where = reverse("recording_transcript", args=[secretive.pk, "txt"])
    assert CARD in text_of(client_of("supervisor", secretive).get(where))
    assert CARD not in text_of(client_of("agent", secretive).get(where))


def test_the_numbers_are_the_same_with_masks() -> None:
    said = spoken(CARD)
    from transcription.speech.personal import hidden

    assert measure.numbers(hidden(said)) == measure.numbers(said)


def client_of(who: str, recording: Recording) -> Client:
    if who != "reviewer":
        return person(who, recording)
    reviewer = make_user(User.Role.REVIEWER)
    reviewer.teams.set([recording.agent.team])  # type: ignore[union-attr]
    return login(reviewer)


# The sound

LOUD = 1000


def heard(path: Path) -> tuple[np.ndarray, float]:
    """Loudest level of each 0.1 s, and the length in seconds."""
    with av.open(path) as container:
        rate = container.streams.audio[0].rate
        samples = (
            np.concatenate([frame.to_ndarray().mean(axis=0) for frame in container.decode(audio=0)], axis=0) * 32768
        )
    size = rate // 10
    return np.abs(samples[: len(samples) // size * size]).reshape(-1, size).max(axis=1), len(samples) / rate


@pytest.fixture
def told(tmp_path: Path) -> Recording:
    with write_wav(tmp_path / "tone.wav", seconds=12.0).open("rb") as content:
        recording = make_recording(agent=make_agent(), audio=File(content, name="tone.wav"), duration=12.0)
    store_transcript(recording, call("C 2.0-6.0 My PIN is 7291", "A 8.0-10.0 Thank you", duration=12.0))
    return recording


def test_the_sound_is_silent_where_something_personal_is_said(told: Recording) -> None:
    agent = make_user(User.Role.AGENT, agent=told.agent)
    levels, seconds = heard(sound_for(agent, told).path)
    assert seconds == pytest.approx(12.0, abs=0.05)
    # "7291" is said from 5.0 to 6.0 s; 0.15 s before and 0.25 s behind it are silent, too
    assert levels[:48].min() > LOUD
    assert levels[50:62].max() < LOUD / 20
    assert levels[64:118].min() > LOUD
    original, _ = heard(sound_for(make_user(), told).path)
    assert original[50:62].min() > LOUD
    assert Path(told.audio.path).exists()


def test_the_silenced_copy_is_made_once_and_follows_the_words(told: Recording) -> None:
    agent = make_user(User.Role.AGENT, agent=told.agent)
    first = sound_for(agent, told).path
    assert sound_for(agent, told).path == first
    store_transcript(told, call("C 2.0-6.0 My PIN is 7291", "A 8.0-10.0 7291 thanks", duration=12.0))
    second = sound_for(agent, told).path
    assert (second != first, first.exists(), second.exists()) == (True, False, True)


def test_without_anything_personal_it_is_the_file_itself(told: Recording) -> None:
    store_transcript(told, call("C 2.0-6.0 Good morning", duration=12.0))
    assert sound_for(make_user(User.Role.AGENT, agent=told.agent), told).path == Path(told.audio.path)


def test_before_the_words_are_known_only_those_who_may_hear_all_hear_it(told: Recording) -> None:
    Recording.objects.filter(pk=told.pk).update(outcome="", finished_at=timezone.now())
    where = reverse("recording_audio", args=[told.pk])
    assert login(make_user(User.Role.AGENT, agent=told.agent)).get(where).status_code == 404
    assert login(make_user()).get(where).status_code == 200
