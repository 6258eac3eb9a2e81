from dataclasses import replace
from datetime import date, timedelta
from io import StringIO
from random import Random
from statistics import fmean, stdev
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from analytics import rollups, tasks
from analytics.compare import Sums, interval, mean_change
from analytics.models import AgentDay, CallMetrics
from analytics.queries import METRICS, Feelings, Metric, Scope, agents_table, feelings, tiles, totals, visible_calls
from transcription.models import Agent, Batch, User

from .conftest import make_agent, make_user
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


def test_days_that_are_missing_wrong_or_too_many_disagree() -> None:
    dana, ben, mia = make_agent(), make_agent("Ben Okafor"), make_agent("Mia Stone")
    make_call(dana, wpm_agent=150.0)
    make_call(ben, wpm_agent=160.0)
    make_call(mia, wpm_agent=170.0)
    AgentDay.objects.filter(agent=dana).delete()
    AgentDay.objects.filter(agent=ben).update(total=1.0)
    AgentDay.objects.filter(agent=mia, metric="wpm_agent").update(squares=1.0)
    assert rollups.disagreeing() == [(dana.pk, DAY), (ben.pk, DAY), (mia.pk, DAY)]
    call_command("remeasure", stdout=StringIO())
    assert rollups.disagreeing() == []


@pytest.mark.parametrize(
    "change",
    [
        lambda calls: calls.update(wpm_agent=160.0),
        lambda calls: calls.update(day=DAY + timedelta(days=1)),
        lambda calls: calls.update(agent=None, team=None),
        lambda calls: calls.delete(),
        lambda calls: calls.update(outcome="one_sided"),
    ],
    ids=["another number", "another day", "nobody's", "gone", "one-sided"],
)
@pytest.mark.usefixtures("clean_jobs")
def test_the_sweep_follows_whatever_happens_to_calls(change: Any) -> None:
    dana = make_agent()
    for pace in (150.0, 170.0):
        make_call(dana, wpm_agent=pace)
    change(CallMetrics.objects.filter(wpm_agent=170.0))
    assert set(rollups.stale(9)) == set(rollups.disagreeing()) != set()
    tasks.repair_measurements(0)
    assert (rollups.disagreeing(), rollups.stale(9)) == ([], [])


def test_what_is_in_no_sum_makes_no_day_stale() -> None:
    make_call(make_agent(), wpm_agent=150.0)
    CallMetrics.objects.update(questions_collected_at=timezone.now())
    make_call(make_agent(), None, wpm_agent=150.0)
    assert rollups.stale(9) == []


def test_nobodys_calls_are_kept_by_who_uploaded_them() -> None:
    boss, other = make_user(User.Role.SUPERVISOR), make_user(User.Role.SUPERVISOR)
    for user, pace in ((boss, 150.0), (boss, 160.0), (other, 170.0), (None, 180.0)):
        make_call(None, recording={"batch": Batch.objects.create(created_by=user)}, wpm_agent=pace)
    found = AgentDay.objects.filter(metric="wpm_agent").order_by("total").values_list("uploader", "n", "total")
    assert list(found) == [(other.pk, 1, 170.0), (None, 1, 180.0), (boss.pk, 2, 310.0)]
    assert rollups.disagreeing() == []


class Direct:
    """What the sums of days stand for, from the calls one by one."""

    def __init__(self, calls: list[CallMetrics], metric: Metric) -> None:
        self.calls = [call for call in calls if call.outcome == "two_sided"]
        if metric.prompted_only:
            self.calls = [call for call in self.calls if call.filler_capture_mode == "prompted"]
        self.metric = metric

    @property
    def values(self) -> list[float]:
        known = [getattr(call, self.metric.key) for call in self.calls]
        return [value * self.metric.scale for value in known if value is not None]

    @property
    def weighted(self) -> float | None:
        if self.metric.pooled is None:
            return None
        above, below = self.metric.pooled
        rows = [(self._of(call, above), [self._of(call, name) for name in below]) for call in self.calls]
        known = [(up, down) for up, down in rows if up is not None and None not in down]
        base = sum(sum(down) for _, down in known)
        return self.metric.scale * sum(up for up, _ in known) / base if base else None

    @staticmethod
    def _of(call: CallMetrics, name: str) -> Any:
        return call.recording.duration if name == "duration_s" else getattr(call, name)


def random_calls(seed: int, calls: int) -> list[Agent]:
    """Of four agents and nobody, some without this or that number."""
    random = Random(seed)  # noqa: S311
    agents = [make_agent(f"Agent {number}") for number in range(4)]

    def maybe(value: float) -> float | None:
        return None if random.random() < 0.15 else round(value, 3)

    for _ in range(calls):
        numbers = {key: maybe(random.gauss(20, 8)) for key, metric in METRICS.items() if not metric.pooled}
        whole = {key: random.randrange(9) for key in METRICS if key.startswith(("interruptions", "questions"))}
        shares = {key: maybe(random.random()) for key, metric in METRICS.items() if metric.pooled}
        talk = {key: maybe(random.uniform(5, 300)) for key in ("talk_s_agent", "talk_s_customer", "silence_s")}
        make_call(
            random.choices([*agents, None], [20, 6, 2, 1, 1])[0],
            MAY_12 + timedelta(days=random.randrange(6)),
            {"duration": round(random.uniform(20, 600), 2)},
            **(numbers | whole | shares | talk | {"sentiment_customer": maybe(random.uniform(-5, 5))}),
            outcome="one_sided" if random.random() < 0.1 else "two_sided",
            filler_capture_mode="unprompted" if random.random() < 0.1 else "prompted",
        )
    return agents


@pytest.mark.parametrize(("seed", "calls"), [(1, 40), (2, 260)])
def test_sums_give_the_statistics_of_the_calls(seed: int, calls: int) -> None:
    """260 calls are enough for intervals from sums, 40 are not: both ways are taken."""
    agents = random_calls(seed, calls)
    scope = Scope(make_user(), DAY + timedelta(days=2), DAY + timedelta(days=5))
    table = agents_table(scope)
    for whose, found in [(None, table.everybody), *((row.agent, row.estimates) for row in table.rows)]:
        read = list(visible_calls(replace(scope, agent=whose)))
        for key, metric in METRICS.items():
            expected = interval(Direct(read, metric).values)
            assert (found[key].value, found[key].n) == (pytest.approx(expected.value), expected.n)
            assert (found[key].interval or (None, None)) == pytest.approx((expected.low, expected.high))
    assert {row.agent for row in table.rows} == set(agents)
    for row in table.rows:
        spread = {key: Direct(list(visible_calls(scope)), metric).values for key, metric in METRICS.items()}
        for key, far in row.deviations.items():
            if far.step:
                size = abs(far.value or 0) / stdev(spread[key])
                assert far.step == 1 + (size >= 0.5) + (size >= 0.8)


def test_sums_give_tiles_and_totals() -> None:
    random_calls(3, 150)
    scope = Scope(make_user(), DAY + timedelta(days=2), DAY + timedelta(days=5))
    read, before = list(visible_calls(scope)), list(visible_calls(scope.baseline))
    for tile in tiles(scope):
        now, then = Direct(read, METRICS[tile.key]), Direct(before, METRICS[tile.key])
        assert tile.weighted == pytest.approx(now.weighted)
        assert tile.baseline.value == pytest.approx(fmean(then.values))
        assert tile.baseline.change == mean_change(Sums.of(now.values), Sums.of(then.values)) or (
            tile.baseline.change.low == pytest.approx(mean_change(Sums.of(now.values), Sums.of(then.values)).low)
        )
    counted = totals(scope)
    assert counted.minutes == pytest.approx(sum(call.recording.duration for call in read) / 60)
    assert counted.outcomes["two_sided"] == sum(call.outcome == "two_sided" for call in read)
    felt = [call.sentiment_customer for call in read if call.outcome == "two_sided"]
    assert feelings(scope) == Feelings(
        positive=sum(score is not None and score >= 1 for score in felt),
        neutral=sum(score is not None and -1 < score < 1 for score in felt),
        negative=sum(score is not None and score <= -1 for score in felt),
        unknown=felt.count(None),
    )
