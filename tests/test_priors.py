"""What confirmed calls teach about the next one of their source."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.conftest import make_recording
from transcription.models import Recording, Source
from transcription.priors import NEWEST, priors_of
from transcription.speech.roles import Priors, Tally

pytestmark = pytest.mark.django_db


def confirmed(agent: str, layout: str = "stereo", days_ago: int = 1, **overrides: Any) -> Recording:
    other = {"Speaker 1": "Speaker 2", "Speaker 2": "Speaker 1"}[agent]
    speakers = [{"label": agent, "role": "agent"}, {"label": other, "role": "customer"}]
    values = {
        "status": "done",
        "outcome": "two_sided",
        "layout": layout,
        "speakers": speakers,
        "roles_confirmed_at": timezone.now() - timedelta(days=days_ago),
    }
    return make_recording(**(values | overrides))


def test_channels_are_counted_in_stereo_calls_and_order_in_mixed_ones() -> None:
    for agent in ("Speaker 1", "Speaker 1", "Speaker 2"):
        confirmed(agent)
    confirmed("Speaker 2", "mono")
    confirmed("Speaker 1", "dual_mono")
    assert priors_of(make_recording()) == Priors(agent_left=Tally(2, 3), agent_first=Tally(1, 2))


def test_only_what_a_person_confirmed_in_other_calls_of_the_source_counts() -> None:
    own = confirmed("Speaker 1")
    confirmed("Speaker 1", roles_confirmed_at=None)
    confirmed("Speaker 1", source=Source.objects.create(name="Another"))
    confirmed("Speaker 1", outcome="one_sided")
    assert priors_of(own) == Priors(agent_left=Tally(0, 0), agent_first=Tally(0, 0))


def test_who_speaks_first_depends_on_the_direction_where_it_is_known() -> None:
    confirmed("Speaker 1", "mono", direction="inbound")
    confirmed("Speaker 2", "mono", direction="outbound")
    assert priors_of(make_recording(direction="outbound")).agent_first == Tally(0, 1)
    assert priors_of(make_recording()).agent_first == Tally(1, 2)
    assert priors_of(make_recording(direction="outbound")).direction == "outbound"


def test_the_newest_confirmations_count(django_assert_num_queries: Any) -> None:
    for days in range(NEWEST):
        confirmed("Speaker 2", days_ago=days)
    confirmed("Speaker 1", days_ago=NEWEST + 1)
    newest = Recording.objects.latest("pk")
    with django_assert_num_queries(2):
        assert priors_of(newest).agent_left == Tally(0, NEWEST)
