from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from tests.conftest import make_agent, make_recording, make_user
from transcription.models import Batch, User
from transcription.queries import (
    agents_managed_by,
    batches_visible_to,
    recordings_visible_to,
    with_counts,
)

pytestmark = pytest.mark.django_db


def names(recordings: Any) -> set[str]:
    return {recording.original_name for recording in recordings}


@pytest.fixture
def everybody() -> dict[str, Any]:
    """Two teams, a call each, and an unassigned call in a batch of the supervisor and one in nobody's."""
    dana, eve = make_agent("Dana", team="Billing"), make_agent("Eve", team="Sales")
    supervisor = make_user(User.Role.SUPERVISOR)
    supervisor.teams.add(dana.team)  # type: ignore[arg-type]
    own = Batch.objects.create(created_by=supervisor)
    make_recording(original_name="dana", agent=dana)
    make_recording(original_name="eve", agent=eve)
    make_recording(original_name="own unassigned", batch=own)
    make_recording(original_name="own but eve's", batch=own, agent=eve)
    make_recording(original_name="unassigned")
    return {"dana": dana, "eve": eve, "supervisor": supervisor, "own": own}


def test_administrators_see_all(everybody: dict[str, Any]) -> None:
    assert recordings_visible_to(make_user()).count() == 5
    assert recordings_visible_to(make_user(User.Role.AGENT, is_superuser=True)).count() == 5


def test_supervisors_see_their_teams_and_own_unassigned(everybody: dict[str, Any]) -> None:
    assert names(recordings_visible_to(everybody["supervisor"])) == {"dana", "own unassigned"}


def test_agents_see_their_own(everybody: dict[str, Any]) -> None:
    assert names(recordings_visible_to(make_user(User.Role.AGENT, agent=everybody["dana"]))) == {"dana"}


def test_others_see_nothing(everybody: dict[str, Any]) -> None:
    assert not recordings_visible_to(make_user(User.Role.AGENT)).exists()
    assert not recordings_visible_to(make_user(User.Role.SUPERVISOR)).exists()
    assert not recordings_visible_to(AnonymousUser()).exists()


def test_a_call_is_seen_once_by_a_supervisor_of_many_teams(everybody: dict[str, Any]) -> None:
    everybody["supervisor"].teams.add(everybody["eve"].team)
    assert recordings_visible_to(everybody["supervisor"]).count() == 4


def test_who_manages_whom(everybody: dict[str, Any]) -> None:
    assert [str(agent) for agent in agents_managed_by(make_user())] == ["Dana", "Eve"]
    assert [str(agent) for agent in agents_managed_by(everybody["supervisor"])] == ["Dana"]
    assert not agents_managed_by(make_user(User.Role.AGENT)).exists()


def test_batches(everybody: dict[str, Any]) -> None:
    assert batches_visible_to(make_user()).count() == 4
    assert list(batches_visible_to(everybody["supervisor"])) == [everybody["own"]]
    assert not batches_visible_to(make_user(User.Role.AGENT)).exists()


def test_counts_of_a_batch() -> None:
    batch = Batch.objects.create()
    for status in ("waiting", "processing", "done", "done", "failed"):
        make_recording(batch=batch, status=status)
    counted = with_counts(Batch.objects.all()).get()
    assert (counted.received, counted.unfinished, counted.done, counted.failed) == (5, 2, 2, 1)  # type: ignore[attr-defined]
