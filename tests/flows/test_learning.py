"""The voice of an agent: learned when a person confirms a call, used in the next one, forgotten with its reason."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command

from analytics.assignment import assign
from analytics.queries import CallFilters
from tests.conftest import login, make_agent, make_user
from transcription import learning
from transcription.corrections import confirm_roles
from transcription.models import Recording, User, VoiceSample
from transcription.priors import agent_voice

pytestmark = pytest.mark.django_db(transaction=True)

Wav = Callable[..., Path]


@pytest.fixture
def confirmed(wav: Wav, work: Callable[[], None]) -> list[Recording]:
    """Two calls of 20 s of Dana, the agent in the first half, confirmed."""
    make_agent("Dana Reyes")
    for seed in range(2):
        call_command("ingest", str(wav(f"Dana Reyes_2026-11-02_09-3{seed}.wav", 20, seed=seed)))
    work()
    recordings = list(Recording.objects.order_by("pk"))
    for recording in recordings:
        confirm_roles(recording, swap=recording.speakers[0]["role"] != "agent", by=make_user())
    work()
    return recordings


def test_confirmed_calls_teach_the_voice_of_their_agent(
    confirmed: list[Recording], wav: Wav, work: Callable[[], None]
) -> None:
    assert [(sample.agent.name, sample.voice) for sample in VoiceSample.objects.all()] == [
        ("Dana Reyes", [1.0, 0.0])
    ] * 2
    call_command("ingest", str(wav("Dana Reyes_2026-11-02_10-00.wav", 20, seed=9)))
    work()
    first = Recording.objects.latest("pk").speakers[0]
    assert first["role"] == "agent"
    assert "sounds like Dana Reyes in 2 confirmed calls" in first["evidence"]


def test_a_confirmed_call_teaches_the_agent_it_is_given_to(
    confirmed: list[Recording], work: Callable[[], None]
) -> None:
    eli = make_agent("Eli Novak")
    assert assign(make_user(), CallFilters(calls=(confirmed[0].pk,)), eli, expected=1)
    work()
    assert VoiceSample.objects.get(recording=confirmed[0]).agent == eli


def test_one_call_is_not_enough_and_a_call_does_not_teach_itself(confirmed: list[Recording]) -> None:
    assert agent_voice(confirmed[0]) is None
    assert agent_voice(Recording(agent=confirmed[0].agent)) == (1.0, 0.0)


def test_after_a_swap_the_voice_is_the_other_one(confirmed: list[Recording], work: Callable[[], None]) -> None:
    confirm_roles(confirmed[0], swap=True, by=make_user())
    work()
    assert VoiceSample.objects.get(recording=confirmed[0]).voice == [0.6, 0.8]


@pytest.mark.parametrize("change", [{"agent": None}, {"roles_confirmed_at": None}, {"agent": "Eli Novak"}])
def test_a_voice_goes_with_its_reason(confirmed: list[Recording], change: dict[str, object]) -> None:
    if change.get("agent"):
        change = {"agent": make_agent("Eli Novak")}
    Recording.objects.filter(pk=confirmed[0].pk).update(**change)
    assert agent_voice(Recording(agent=confirmed[1].agent)) is None
    learning.forget_voices()
    assert [sample.recording for sample in VoiceSample.objects.all()] == [confirmed[1]]


@pytest.mark.usefixtures("static_files")
def test_an_administrator_deletes_the_voice_of_an_agent(confirmed: list[Recording]) -> None:
    administrator = User.objects.create_superuser("root", password="a made-up password")
    data = {"action": "forget_voice", "_selected_action": [confirmed[0].agent_id]}
    login(administrator).post("/admin/transcription/agent/", data)
    assert not VoiceSample.objects.exists()
