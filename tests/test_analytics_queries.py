from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.http import QueryDict

from analytics.models import Event, FillerUse
from analytics.queries import (
    METRICS,
    CallFilters,
    Feelings,
    Said,
    Scope,
    agents_table,
    call_page,
    calls_dots,
    feelings,
    filler_words,
    filter_calls,
    moments,
    overview,
    sentiment_quarters,
    tiles,
    unhappiest,
    visible_calls,
    weekly,
    word_hits,
)
from transcription.models import Agent, Recording, User

from .conftest import make_agent, make_recording, make_user
from .measured import MAY_12, make_call, say

pytestmark = pytest.mark.django_db

WEEK = (date(2025, 5, 12), date(2025, 5, 18))


def scope(user: User | None = None, **overrides: Any) -> Scope:
    return Scope(user or make_user(), *WEEK, **overrides)


def days_before(days: int) -> datetime:
    return MAY_12 - timedelta(days=days)


# Who sees what


@pytest.fixture
def two_teams() -> dict[str, Any]:
    dana, ben = make_agent(), make_agent("Ben Okafor", "Support")
    supervisor = make_user(User.Role.SUPERVISOR)
    supervisor.teams.add(dana.team)
    calls = {"dana": make_call(dana, wpm_agent=150.0), "ben": make_call(ben, wpm_agent=170.0)}
    calls["unassigned"] = make_call(None, wpm_agent=190.0)
    users = {"administrator": make_user(), "supervisor": supervisor, "agent": make_user(User.Role.AGENT, agent=ben)}
    return {"calls": calls, "users": users | {"nobody": make_user(User.Role.AGENT)}}


@pytest.mark.parametrize(
    ("who", "names"),
    [
        ("administrator", {"dana", "ben", "unassigned"}),
        ("supervisor", {"dana"}),
        ("agent", {"ben"}),
        ("nobody", set()),
    ],
)
def test_every_read_obeys_the_rule_of_access(two_teams: dict[str, Any], who: str, names: set[str]) -> None:
    user = two_teams["users"][who]
    allowed = {two_teams["calls"][name].pk for name in names}
    mean = {3: 170.0, 1: {"dana": 150.0, "ben": 170.0}.get(min(names, default="")), 0: None}[len(names)]
    assert {call.pk for call in visible_calls(scope(user))} == allowed
    assert {recording.pk for recording in filter_calls(user, CallFilters())} == allowed
    assert {dot.recording_id for dot in calls_dots(scope(user), "wpm_agent")} == allowed
    assert {row.agent.name for row in agents_table(scope(user)).rows} == {
        name for key, name in {"dana": "Dana Reyes", "ben": "Ben Okafor"}.items() if key in names
    }
    pace = tiles(scope(user))[1]
    assert (pace.value, pace.n) == (mean, len(names))
    assert (pace.trend[-1].value, pace.trend[-1].n) == (mean, len(names))
    assert weekly(scope(user), ["wpm_agent"])["wpm_agent"][-1].n == len(names)
    front = overview(scope(user))
    assert (front.totals.calls, len(front.recent)) == (len(names), len(names))


# Tiles


def test_six_tiles_in_the_units_of_the_screen() -> None:
    dana = make_agent()
    make_call(dana, agent_talk_share=0.25, silence_share=0.1, wpm_agent=150.0, sentiment_customer=-1.5)
    make_call(dana, agent_talk_share=0.75, silence_share=0.3, interruptions_by_agent=3)
    found = {tile.key: tile for tile in tiles(scope(agent=dana))}
    assert {key: (tile.value, tile.unit, tile.n) for key, tile in found.items()} == {
        "agent_talk_share": (50.0, "%", 2),
        "wpm_agent": (150.0, "words/min", 1),
        "fillers_per_100_words_agent": (None, "per 100 words", 0),
        "interruptions_by_agent": (3.0, "per call", 1),
        "silence_share": (20.0, "%", 2),
        "sentiment_customer": (-1.5, "−5 to +5", 1),
    }
    assert (
        found["silence_share"].query
        == f"from=2025-05-12&to=2025-05-18&agent={dana.pk}&counted=silence_share&sort=-silence_share"
    )


def test_shares_are_also_weighted_by_time() -> None:
    dana = make_agent()
    make_call(dana, agent_talk_share=0.9, talk_s_agent=9.0, talk_s_customer=1.0)
    make_call(dana, agent_talk_share=0.3, talk_s_agent=27.0, talk_s_customer=63.0)
    share, pace, *_ = tiles(scope())
    assert share.value == pytest.approx(60.0)
    assert share.weighted == pytest.approx(36.0)
    assert pace.weighted is None


def test_a_tile_without_a_value_has_the_calls_reason() -> None:
    make_call(make_agent(), reasons={"wpm_agent": "under 30 words"})
    make_call(make_agent(), reasons={"wpm_agent": "under 30 words"})
    make_call(make_agent(), reasons={"wpm_agent": "roles not known"})
    assert tiles(scope())[1].reason == "under 30 words"


def test_without_calls_a_tile_says_so() -> None:
    (tile, *_) = tiles(scope())
    assert (tile.value, tile.n, tile.interval, tile.reason) == (None, 0, None, "no two-sided calls in this period")
    assert len(tile.trend) == 12


def test_capture_modes_are_not_averaged() -> None:
    dana = make_agent()
    make_call(dana, fillers_per_100_words_agent=4.0)
    make_call(dana, fillers_per_100_words_agent=1.0, filler_capture_mode="unprompted")
    fillers = tiles(scope())[2]
    assert (fillers.value, fillers.n, fillers.trend[-1].value) == (4.0, 1, 4.0)
    assert fillers.note == "1 call left out: nobody asked for its fillers"


def test_one_sided_calls_enter_no_average() -> None:
    make_call(make_agent(), wpm_agent=100.0)
    make_call(make_agent(), wpm_agent=200.0, outcome="one_sided")
    assert tiles(scope())[1].value == 100.0


def test_the_trend_has_twelve_periods_that_end_with_this_one() -> None:
    dana = make_agent()
    for days, pace in ((0, 150.0), (7, 140.0), (8, 160.0), (77, 100.0), (78, 999.0)):
        make_call(dana, days_before(days), wpm_agent=pace)
    trend = tiles(scope())[1].trend
    assert [(point.start, point.value, point.n) for point in trend if point.n] == [
        (date(2025, 2, 24), 100.0, 1),
        (date(2025, 4, 28), 160.0, 1),
        (date(2025, 5, 5), 140.0, 1),
        (date(2025, 5, 12), 150.0, 1),
    ]


def test_the_trend_of_a_long_scope_has_periods_as_long() -> None:
    make_call(make_agent(), days_before(150), wpm_agent=120.0)
    trend = tiles(Scope(make_user(), days_before(99).date(), MAY_12.date()))[1].trend
    assert [(point.start, point.value) for point in trend[-2:]] == [
        (days_before(199).date(), 120.0),
        (days_before(99).date(), None),
    ]


def test_an_interval_needs_five_calls() -> None:
    dana = make_agent()
    for pace in (100.0, 110.0, 120.0, 130.0):
        make_call(dana, wpm_agent=pace)
    assert tiles(scope())[1].interval is None
    make_call(dana, wpm_agent=140.0)
    interval = tiles(scope())[1].interval
    assert interval is not None
    low, high = interval
    assert 95 < low < 112 < 120 < 128 < high < 145


def test_the_team_median_needs_three_agents_with_five_calls() -> None:
    names = ["Dana Reyes", "Ben Okafor", "Mia Stone", "Raj Patel"]
    agents = [make_agent(name) for name in names]
    for agent, pace, calls in zip(agents, (100.0, 130.0, 180.0, 999.0), (5, 5, 4, 4), strict=True):
        for _ in range(calls):
            make_call(agent, wpm_agent=pace)
    own = make_user(User.Role.AGENT, agent=agents[0])
    assert tiles(scope(own, agent=agents[0]))[1].team_median is None
    make_call(agents[2], wpm_agent=180.0)
    pace = tiles(scope(own, agent=agents[0]))[1]
    assert (pace.team_median, pace.team_side) == (130.0, None)  # five calls of exactly 100: no width, no telling
    make_call(agents[0], wpm_agent=112.0)
    assert tiles(scope(own, agent=agents[0]))[1].team_side == "below"
    assert tiles(scope(own))[1].team_median is None


# From a number to its calls


def asking(query: str) -> CallFilters:
    filters = CallFilters.parse(QueryDict(query))
    assert not filters.errors
    return filters


@pytest.fixture
def mixed_calls() -> Agent:
    """Calls that enter some means and not others, of days around midnight, and some that enter none."""
    dana, ben = make_agent(), make_agent("Ben Okafor")
    for at, numbers in enumerate(({"silence_share": 0.2}, {"wpm_agent": 150.0}, {"fillers_per_100_words_agent": 2.0})):
        for agent in (dana, ben):
            make_call(agent, MAY_12 + timedelta(days=at), **numbers)
    for moment in (datetime(2025, 5, 12, tzinfo=UTC), datetime(2025, 5, 18, 23, 59, tzinfo=UTC)):
        make_call(dana, moment, wpm_agent=100.0, agent_talk_share=0.6, fillers_per_100_words_agent=4.0)
    make_call(dana, datetime(2025, 5, 11, 23, 59, tzinfo=UTC), wpm_agent=500.0)
    make_call(dana, fillers_per_100_words_agent=9.0, filler_capture_mode="unprompted")
    make_call(dana, outcome="one_sided", wpm_agent=900.0)
    make_call(None, wpm_agent=170.0)
    make_recording(agent=dana, started_at=MAY_12, status="failed")
    return dana


def listed_numbers(user: User, query: str, metric: str) -> list[float]:
    calls = filter_calls(user, asking(query))
    return [getattr(recording.metrics, metric) * METRICS[metric].scale for recording in calls]


@pytest.mark.parametrize("of", ["everybody", "agent", "team"])
def test_the_calls_behind_a_tile_make_its_number(mixed_calls: Agent, of: str) -> None:
    asked = scope(**{"everybody": {}, "agent": {"agent": mixed_calls}, "team": {"team": mixed_calls.team}}[of])
    for tile in tiles(asked):
        numbers = listed_numbers(asked.user, tile.query, tile.key)
        assert len(numbers) == tile.n
        assert tile.value == (pytest.approx(sum(numbers) / tile.n) if numbers else None)
    assert [tile.n for tile in tiles(asked)][:3] == {"everybody": [2, 5, 4], "agent": [2, 3, 3], "team": [2, 4, 4]}[of]


def test_the_calls_behind_a_cell_make_its_number(mixed_calls: Agent) -> None:
    asked = scope(team=mixed_calls.team)
    for row in agents_table(asked).rows:
        assert len(filter_calls(asked.user, asking(row.scope.measured))) == row.calls
        for key, estimate in row.estimates.items():
            numbers = listed_numbers(asked.user, row.scope.behind(key), key)
            assert (len(numbers), estimate.value) == (
                estimate.n,
                pytest.approx(sum(numbers) / len(numbers)) if numbers else None,
            )


def test_the_calls_behind_the_count_of_calls_are_the_measured_ones(mixed_calls: Agent) -> None:
    asked = scope()
    assert len(filter_calls(asked.user, asking(asked.measured))) == overview(asked).totals.calls == 11
    assert len(filter_calls(asked.user, asking(f"{asked.measured}&outcome=one_sided"))) == 1


def test_the_own_baseline_is_the_30_days_before() -> None:
    dana = make_agent()
    for days, paces in {
        0: (150, 152, 154, 156, 158),
        7: (120, 122, 124),
        30: (126, 128),
        31: (900,),
        -7: (999,),
    }.items():
        for pace in paces:
            make_call(dana, days_before(days), wpm_agent=float(pace))
    before = tiles(scope(agent=dana))[1].baseline
    assert (before.value, before.n, before.change.value) == (124.0, 5, 30.0)
    # Welch: 30 ± t(8) * sqrt(10 / 5 + 10 / 5) = 30 ± 2.306 * 2
    assert (before.change.low, before.change.high) == (pytest.approx(25.39, abs=0.01), pytest.approx(34.61, abs=0.01))
    assert sorted(listed_numbers(make_user(), before.query, "wpm_agent")) == [120, 122, 124, 126, 128]


def test_a_baseline_of_few_calls_is_shown_and_not_compared() -> None:
    dana = make_agent()
    for number in range(6):
        make_call(dana, days_before(7 * (number > 4)), wpm_agent=150.0 + number)
    before = tiles(scope(agent=dana))[1].baseline
    assert (before.value, before.n, before.change.value) == (155.0, 1, None)


# Tables and series


def test_agents_differ_from_all_calls_only_outside_their_interval() -> None:
    paces = {
        "Dana Reyes": (100, 102, 98, 101, 99),
        "Ben Okafor": (150, 152, 148, 151, 149),
        "Mia Stone": (90, 160, 125, 140, 110),
        "Raj Patel": (200, 200, 200, 200),
        "Eve Lund": (125, 125, 125, 125, 125),
    }
    for name, values in paces.items():
        for pace in values:
            make_call(make_agent(name), wpm_agent=float(pace))
    table = agents_table(scope(), ["wpm_agent"])
    far = {row.agent.name: row.deviations["wpm_agent"] for row in table.rows}
    # mean of all 24: (500 + 750 + 625 + 800 + 625) / 24 = 137.5; standard deviation 33.7
    assert table.everybody["wpm_agent"].value == 137.5
    assert {name: (found.value, found.side, found.step) for name, found in far.items()} == {
        "Dana Reyes": (-37.5, "below", 3),  # 1.1 standard deviations
        "Ben Okafor": (12.5, "above", 1),  # 0.4
        "Mia Stone": (-12.5, "same", 0),
        "Raj Patel": (None, None, 0),
        "Eve Lund": (-12.5, None, 0),
    }
    assert far["Raj Patel"].reason == "under 5 calls"


def test_agents_table() -> None:
    dana, ben = make_agent(), make_agent("Ben Okafor", "Support")
    for _ in range(5):
        make_call(dana, silence_share=0.2, recording={"duration": 90.0})
    make_call(ben, silence_share=0.4)
    make_call(ben, outcome="no_speech")
    make_call(None, silence_share=0.9)
    first, second = agents_table(scope()).rows
    assert (first.agent, first.calls, first.minutes, first.comparable) == (ben, 2, 2.0, False)
    assert (second.agent, second.calls, second.minutes, second.comparable) == (dana, 5, 7.5, True)
    silence = first.estimates["silence_share"]
    assert (silence.value, silence.n, silence.interval, silence.reason) == (40.0, 1, None, "under 5 calls")
    assert second.estimates["silence_share"].interval == pytest.approx((20.0, 20.0))
    assert second.estimates["wpm_agent"].value is None


def test_a_team_s_table_has_only_its_calls() -> None:
    dana = make_agent()
    make_call(dana)
    make_call(make_agent("Ben Okafor", "Support"))
    assert [row.agent for row in agents_table(scope(team=dana.team)).rows] == [dana]


def test_overview() -> None:
    dana = make_agent()
    make_call(dana, recording={"duration": 120.0, "role_confidence": 0.5})
    make_call(dana, MAY_12 + timedelta(days=2), outcome="no_speech", recording={"duration": 30.0})
    make_call(dana, started_at=None)
    make_call(dana, days_before(1))
    make_recording(status="failed")
    front = overview(scope())
    assert front.statuses == {"waiting": 0, "processing": 0, "failed": 1}
    assert front.totals.outcomes == {"two_sided": 1, "one_sided": 0, "no_speech": 1}
    assert (front.totals.calls, front.totals.minutes, front.unconfirmed, front.undated) == (2, 2.5, 1, 1)
    assert [(day.day.day, day.calls, day.minutes) for day in front.totals.days if day.calls] == [
        (12, 1, 2.0),
        (14, 1, 0.5),
    ]
    assert len(front.totals.days) == 7
    assert [recording.status for recording in front.recent] == ["failed", "done", "done", "done", "done"]


def test_weeks_begin_on_monday_and_end_with_the_scope_s_week() -> None:
    make_call(make_agent(), wpm_agent=150.0)
    make_call(make_agent(), days_before(7), wpm_agent=100.0)
    weeks = weekly(Scope(make_user(), date(2025, 5, 14), date(2025, 5, 15)), ["wpm_agent"])["wpm_agent"]
    assert [week.start for week in weeks[-2:]] == [date(2025, 5, 5), date(2025, 5, 12)]
    assert [week.value for week in weeks[-2:]] == [100.0, 150.0]
    assert len(weeks) == 12


def test_one_dot_a_call() -> None:
    make_call(make_agent(), silence_share=None)
    shown = make_call(make_agent(), silence_share=0.25)
    (dot,) = calls_dots(scope(), "silence_share")
    assert (dot.recording_id, dot.label, dot.at, dot.value) == (shown.pk, "call-2.wav", MAY_12, 25.0)


def test_filler_words_with_their_change() -> None:
    dana = make_agent()

    def fillers(started_at: datetime, words: int, terms: dict[str, int], **numbers: Any) -> None:
        call = make_call(dana, started_at, words_agent=words, **numbers)
        for term, count in terms.items():
            FillerUse.objects.bulk_create(
                FillerUse(recording=call.recording, agent=dana, role="agent", term=term, tier=1, at_s=1, end_s=2)
                for _ in range(count)
            )

    fillers(MAY_12, 100, {"um": 4, "you know": 1})
    fillers(MAY_12, 100, {"uh": 2})
    fillers(MAY_12, 100, {"um": 50}, filler_capture_mode="unprompted")
    fillers(days_before(7), 50, {"um": 4})
    FillerUse.objects.filter(term="you know").update(role="customer")
    asked = scope()
    words = filler_words(asked)
    found = [(word.term, word.tier, word.count, word.calls, word.per_100_words, word.change) for word in words]
    assert found == [("um", 1, 4, 1, 2.0, -6.0), ("uh", 1, 2, 1, 1.0, 1.0)]
    for word in words:
        listed = filter_calls(asked.user, asking(f"{asked.query}&filler={word.term}"))
        uses = FillerUse.objects.filter(recording__in=listed, role="agent", term=word.term)
        assert (len(listed), uses.count()) == (word.calls, word.count)


def test_sentiment_by_quarter() -> None:
    make_call(make_agent(), sentiment_customer_q1=-2.0, sentiment_customer_q4=1.0)
    make_call(make_agent(), sentiment_customer_q1=-1.0)
    found = [(quarter.number, quarter.value, quarter.n) for quarter in sentiment_quarters(scope())]
    assert found == [(1, -1.5, 2), (2, None, 0), (3, None, 0), (4, 1.0, 1)]


def test_best_and_worst_moments_are_one_of_each_call() -> None:
    first, second = make_call(make_agent()).recording, make_call(make_agent()).recording
    say(first, "customer", "This is really awful service", 3.0, -0.9)
    say(first, "customer", "I am still quite unhappy", 9.0, -0.5)
    say(first, "customer", "Terrible", 20.0, -1.0)
    say(first, "agent", "That was awful of us", 25.0, -0.95)
    say(second, "customer", "It does not work again", 4.0, -0.6)
    say(second, "customer", "Thank you so very much", 8.0, 0.9)
    say(make_call(make_agent()).recording, "customer", "Tuesday would be fine then", 2.0, -0.2)
    found = moments(scope())
    assert [(m.text, m.recording_id, m.start_s, m.end_s, m.score) for m in found.worst] == [
        ("This is really awful service", first.pk, 3.0, 8.0, -4.5),
        ("It does not work again", second.pk, 4.0, 9.0, -3.0),
    ]
    assert [(m.text, m.agent, m.started_at) for m in found.best] == [("Thank you so very much", "Dana Reyes", MAY_12)]


def test_customers_are_counted_by_how_they_feel() -> None:
    for sentiment in (-5.0, -1.0, -0.99, 0.0, 0.99, 1.0, None):
        make_call(make_agent(), sentiment_customer=sentiment)
    make_call(make_agent(), sentiment_customer=4.0, outcome="one_sided")
    asked = scope()
    found = feelings(asked)
    assert found == Feelings(positive=1, neutral=3, negative=2, unknown=1)
    for name in ("positive", "neutral", "negative", "unknown"):
        assert len(filter_calls(asked.user, asking(f"{asked.query}&feeling={name}"))) == getattr(found, name)


def test_the_unhappiest_calls_come_with_their_worst_turn(django_assert_num_queries: Any) -> None:
    said = {"It took far too long": -1.5, "I want to speak to somebody": -4.0, "It was not so nice": -0.5}
    for text, sentiment in said.items():
        recording = make_call(make_agent(), sentiment_customer=sentiment).recording
        say(recording, "customer", text, 3.0, -0.6)
        say(recording, "agent", "I am so sorry about that", 9.0, -0.9)
    asked = scope()
    with django_assert_num_queries(2):
        found = unhappiest(asked)
    assert [moment.text for moment in found] == ["I want to speak to somebody", "It took far too long"]


def test_everybody_is_the_mean_of_all_calls() -> None:
    for name, share in (("Dana Reyes", 0.2), ("Ben Okafor", 0.4)):
        make_call(make_agent(name), silence_share=share)
    make_call(None, silence_share=0.6)
    found = agents_table(scope()).everybody["silence_share"]
    assert found.value == pytest.approx(40.0)
    assert (found.n, found.interval) == (3, None)


# The list of calls


def names(**params: str) -> list[str]:
    filters = CallFilters.parse({key.rstrip("_"): value for key, value in params.items()})
    assert filters.errors == {}
    return [recording.original_name for recording in filter_calls(make_user(), filters)]


@pytest.fixture
def listed() -> None:
    dana, ben = make_agent(), make_agent("Ben Okafor", "Support")
    refund = make_call(
        dana,
        sentiment_customer=-2.0,
        sentiment_shift="improved",
        silence_share=0.1,
        fillers_per_100_words_agent=5.0,
        recording={"original_name": "refund", "duration": 300.0, "language": "en"},
    ).recording
    say(refund, "customer", "I want two refunds now")
    say(refund, "agent", "How are you today")
    late = make_call(
        ben,
        MAY_12 + timedelta(days=1),
        sentiment_customer=3.0,
        silence_share=0.2,
        fillers_per_100_words_agent=1.0,
        recording={"original_name": "late", "duration": 100.0, "language": "de", "role_confidence": 0.4},
    ).recording
    say(late, "agent", "We can refund you")
    make_recording(original_name="waiting", agent=ben, started_at=days_before(1))


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({}, ["late", "refund", "waiting"]),
        ({"from_": "2025-05-12"}, ["late", "refund"]),
        ({"from_": "2025-05-12", "to": "2025-05-12"}, ["refund"]),
        ({"status": "waiting"}, ["waiting"]),
        ({"outcome": "two_sided"}, ["late", "refund"]),
        ({"q": "refund"}, ["late", "refund"]),
        ({"customer_said": "refund"}, ["refund"]),
        ({"agent_said": "refund"}, ["late"]),
        ({"agent_said": "today", "customer_said": "refunding"}, ["refund"]),
        ({"agent_said": "today", "customer_said": "parcel"}, []),
        ({"not_said": "two refunds"}, ["late"]),
        ({"not_said": "refund"}, []),
        ({"not_said": "refund", "not_by": "agent"}, ["refund"]),
        ({"not_said": "refund", "not_by": "customer"}, ["late"]),
        ({"q": '"refund two"'}, []),
        ({"q": '"two refund"'}, ["refund"]),
        ({"q": "refund -two"}, ["late"]),
        ({"q": "zeppelin or today"}, ["refund"]),
        ({"q": "fun"}, []),
        ({"q": "how are you"}, ["refund"]),
        ({"q": "cancellation"}, []),
        ({"sentiment_max": "0"}, ["refund"]),
        ({"sentiment_min": "0"}, ["late"]),
        ({"shift": "improved"}, ["refund"]),
        ({"duration_min": "100"}, ["late", "refund"]),
        ({"duration_min": "61", "duration_max": "100"}, ["late"]),
        ({"silence_min": "20"}, ["late"]),
        ({"silence_max": "19.5"}, ["refund"]),
        ({"fillers_min": "1"}, ["refund"]),
        ({"language": "de"}, ["late"]),
        ({"roles": "unconfirmed"}, ["late"]),
        ({"roles": "certain"}, ["refund"]),
        ({"sort": "duration"}, ["waiting", "late", "refund"]),
        ({"sort": "sentiment_customer"}, ["refund", "late", "waiting"]),
        ({"sort": "-sentiment_customer"}, ["late", "refund", "waiting"]),
    ],
)
@pytest.mark.usefixtures("listed")
def test_filters_of_the_list(params: dict[str, str], expected: list[str]) -> None:
    assert names(**params) == expected


@pytest.mark.usefixtures("listed")
def test_filters_by_agent_and_team() -> None:
    ben = make_agent("Ben Okafor")
    assert ben.team
    assert names(agent=str(ben.pk)) == ["late", "waiting"]
    assert names(team=str(ben.team.pk)) == ["late", "waiting"]


def test_days_of_the_list_are_the_site_s(settings: Any) -> None:
    settings.TIME_ZONE = "Europe/Vienna"
    make_recording(original_name="after midnight", started_at=datetime(2025, 5, 12, 22, 30, tzinfo=UTC))
    assert names(from_="2025-05-13", to="2025-05-13") == ["after midnight"]


def test_values_that_cannot_be_read_are_named_and_left_out() -> None:
    bad = {
        "from": "yesterday",
        "agent": "Dana",
        "sentiment_min": "nan",
        "sort": "password",
        "not_by": "me",
        "page": "2",
    }
    filters = CallFilters.parse(bad | {"q": " so\0 ", "to": "", "agent_said": "-so", "calls": "5,x"})
    assert sorted(filters.errors) == ["agent", "agent_said", "calls", "from", "not_by", "sentiment_min", "sort"]
    assert filters.errors["from"] == "“yesterday” is not a date like 2025-01-31."
    assert (filters.start, filters.agent, filters.q, filters.sort) == (None, None, "so", "-started_at")


def test_hits_are_the_words_that_match_by_turn() -> None:
    recording = make_call(make_agent()).recording
    for role, text in (
        ("agent", "Hello"),
        ("customer", "My refund please"),
        ("agent", "Refunding it"),
        ("agent", "Bye"),
    ):
        say(recording, role, text)
    assert word_hits(recording, [Said("refund")]) == {1: [1], 2: [0]}
    assert word_hits(recording, [Said("refund", "agent")]) == {2: [0]}
    assert word_hits(recording, [Said("refund please")]) == {1: [1, 2]}
    assert word_hits(recording, [Said("refund", "agent"), Said("bye")]) == {2: [0], 3: [0]}
    assert word_hits(recording, []) == {}


def test_common_words_are_hit_too() -> None:
    recording = make_call(make_agent()).recording
    say(recording, "agent", "Hello, how are you today?")
    assert word_hits(recording, [Said("how are")]) == {0: [1, 2]}


# One call


def test_call_page() -> None:
    call = make_call(
        make_agent(),
        silence_share=0.25,
        interruptions_by_agent=1,
        sentiment_customer_q1=-2.0,
        worst_turn_at_s=3.0,
        worst_turn_score=-0.9,
        sentiment_customer=-1.0,
        reasons={"wpm_agent": "under 30 words"},
    )
    say(call.recording, "customer", "This is awful", 3.0, -0.9)
    for kind, by, start, end, detail in (
        ("interruption", "customer", 9.0, 11.0, "floor kept"),
        ("interruption", "agent", 4.0, 6.0, "floor taken"),
        ("silence", "agent", 7.0, 8.5, "after customer"),
    ):
        Event.objects.create(recording=call.recording, type=kind, by=by, start_s=start, end_s=end, detail=detail)
    page = call_page(call.recording)
    found = {tile.key: tile for tile in page.tiles}
    spans = {key: [(m.start_s, m.end_s, m.label) for m in tile.moments] for key, tile in found.items() if tile.moments}
    assert spans == {
        "silence_share": [(7.0, 8.5, "by agent, after customer")],
        "longest_silence_s": [(7.0, 8.5, "by agent, after customer")],
        "interruptions_by_agent": [(4.0, 6.0, "by agent, floor taken")],
        "interruptions_by_customer": [(9.0, 11.0, "by customer, floor kept")],
        "sentiment_customer": [(3.0, 6.0, "worst turn of the customer")],
    }
    assert (found["silence_share"].value, found["silence_share"].unit) == (25.0, "%")
    assert (found["interruptions_by_agent"].value, found["interruptions_by_agent"].unit) == (1, "")
    assert (found["wpm_agent"].value, found["wpm_agent"].reason) == (None, "under 30 words")
    assert {kind: len(events) for kind, events in page.events.items()} == {
        "silence": 1,
        "overlap": 0,
        "interruption": 2,
        "backchannel": 0,
        "filler": 0,
    }
    assert page.quarters == [(0.0, -2.0), (15.0, None), (30.0, None), (45.0, None)]


def test_call_page_before_measuring() -> None:
    page = call_page(make_recording())
    assert (page.metrics, page.tiles, page.fillers, page.quarters) == (None, [], [], [])


# Queries do not grow with calls


@pytest.mark.parametrize(
    ("read", "queries"),
    [
        (tiles, 5),  # now, before, the few calls of an interval, reasons, trend
        (agents_table, 5),  # sums, agents, the few calls of intervals, reasons (two)
        (overview, 10),
        (lambda s: weekly(s, METRICS), 1),
        (filler_words, 4),
        (moments, 3),
        (feelings, 1),
        (lambda s: [(c.recording.original_name, c.agent.name, c.team.name) for c in visible_calls(s)], 1),
        (lambda s: [_shown(recording) for recording in filter_calls(s.user, CallFilters(q="refund"))], 1),
    ],
)
@pytest.mark.parametrize("calls", [6, 24])
def test_query_counts(
    read: Callable[[Scope], object], queries: int, calls: int, django_assert_num_queries: Any
) -> None:
    for number in range(calls):
        say(make_call(make_agent(f"Agent {number % 4}"), wpm_agent=150.0).recording, "agent", "A refund", score=0.5)
    asked = scope()
    with django_assert_num_queries(queries):
        read(asked)


def _shown(recording: Recording) -> tuple[str, float | None]:
    assert recording.agent
    assert recording.agent.team
    return recording.agent.team.name, recording.metrics.wpm_agent
