from datetime import date, timedelta

import pytest

from analytics import rollups, tasks
from analytics.models import AgentDay, CallMetrics

from .conftest import make_agent
from .measured import MAY_12, make_call

pytestmark = pytest.mark.django_db

DAY = date(2025, 5, 12)


def sums(metric: str) -> list[tuple[date, int, float]]:
    return list(AgentDay.objects.filter(metric=metric).order_by("day").values_list("day", "n", "total"))


def test_sums_and_counts_of_a_day() -> None:
    dana = make_agent()
    make_call(dana, wpm_agent=150.0, silence_share=0.1)
    make_call(dana, wpm_agent=None, silence_share=0.2)
    make_call(dana, MAY_12 + timedelta(days=1), wpm_agent=170.5)
    assert sums("wpm_agent") == [(DAY, 1, 150.0), (DAY + timedelta(days=1), 1, 170.5)]
    assert sums("silence_share") == [(DAY, 2, 0.3)]


def test_only_two_sided_calls_count() -> None:
    make_call(make_agent(), outcome="one_sided", wpm_agent=150.0)
    assert sums("wpm_agent") == []


def test_capture_modes_are_never_mixed() -> None:
    dana = make_agent()
    make_call(dana, fillers_per_100_words_agent=4.0, wpm_agent=150.0)
    make_call(dana, fillers_per_100_words_agent=0.5, wpm_agent=160.0, filler_capture_mode="unprompted")
    assert sums("fillers_per_100_words_agent") == [(DAY, 1, 4.0)]
    assert sums("wpm_agent") == [(DAY, 2, 310.0)]


def test_a_move_to_another_team_keeps_history_with_the_old_one() -> None:
    dana = make_agent()
    make_call(dana, wpm_agent=150.0)
    dana.team = make_agent("Ben Okafor", "Support").team
    dana.save()
    make_call(dana, wpm_agent=160.0)
    found = AgentDay.objects.filter(metric="wpm_agent").order_by("total").values_list("team__name", "total")
    assert list(found) == [("Billing", 150.0), ("Support", 160.0)]


def test_a_correct_day_does_not_disagree() -> None:
    dana = make_agent()
    for share in (0.1, 0.2, 0.7, 1 / 3):
        make_call(dana, silence_share=share)
    assert rollups.disagreeing() == []


def test_the_sweep_repairs_days_that_are_missing_wrong_or_too_many() -> None:
    dana, ben, mia = make_agent(), make_agent("Ben Okafor"), make_agent("Mia Stone")
    make_call(dana, wpm_agent=150.0)
    make_call(ben, wpm_agent=160.0)
    gone = make_call(mia, wpm_agent=170.0)
    AgentDay.objects.filter(agent=dana).delete()
    AgentDay.objects.filter(agent=ben).update(total=1.0)
    CallMetrics.objects.filter(pk=gone.pk).delete()
    gone.recording.delete()
    assert rollups.disagreeing() == [(dana.pk, DAY), (ben.pk, DAY), (mia.pk, DAY)]
    tasks.repair_measurements(0)
    assert list(AgentDay.objects.order_by("total").values_list("agent__name", "total")) == [
        ("Dana Reyes", 150.0),
        ("Ben Okafor", 160.0),
    ]
    assert rollups.disagreeing() == []
