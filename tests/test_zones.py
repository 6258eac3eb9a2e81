"""Times are shown in the user's zone; the days that numbers count by, and files, keep to the site's."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from analytics import measure
from analytics.charts import dots
from analytics.models import CallMetrics
from analytics.queries import METRICS, Dot
from tests.conftest import login, make_agent, make_user
from tests.measured import make_call
from transcription import sheets
from transcription.models import Recording, User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files")]

LATE = datetime(2026, 3, 10, 23, 30, tzinfo=UTC)
"""In Tokyo it is 8:30 of the next day, in Los Angeles 16:30 of the same day."""


@pytest.fixture
def late_call() -> CallMetrics:
    return make_call(make_agent(), started_at=LATE)


def page(user: User, name: str, query: str = "", args: tuple[int, ...] = ()) -> str:
    response = login(user).get(reverse(name, args=args) + query)
    assert response.status_code == 200
    return str(response.content.decode())


def in_zone(zone: str, **overrides: Any) -> User:
    return make_user(preferences={"zone": zone}, **overrides)


def test_a_late_call_is_of_the_next_morning_for_a_user_in_tokyo(late_call: CallMetrics) -> None:
    tokyo, site = in_zone("Asia/Tokyo"), make_user()
    assert "11 Mar 2026, 08:30" in page(tokyo, "calls")
    assert "11 Mar 2026, 08:30" in page(tokyo, "call", args=(late_call.pk,))
    assert "10 Mar 2026, 23:30" in page(site, "calls")


def test_days_are_the_sites_for_everybody_and_the_page_says_so(late_call: CallMetrics) -> None:
    tokyo = in_zone("Asia/Tokyo")
    on_the_day = page(tokyo, "calls", "?from=2026-03-10&to=2026-03-10")
    assert f'href="{reverse("call", args=[late_call.pk])}"' in on_the_day
    assert "Times are shown in Asia/Tokyo, days are those of UTC." in on_the_day
    assert reverse("call", args=[late_call.pk]) not in page(tokyo, "calls", "?from=2026-03-11&to=2026-03-11")
    assert '"day": "2026-03-10", "calls": 1' in page(tokyo, "overview")
    assert "Times are shown in" not in page(make_user(), "calls")


def test_measuring_in_a_request_of_another_zone_keeps_the_day(late_call: CallMetrics) -> None:
    recording = Recording.objects.get(pk=late_call.pk)
    with timezone.override("Asia/Tokyo"):
        assert measure._day(recording) == date(2026, 3, 10)


def test_files_have_the_sites_offset_whoever_asks(settings: Any) -> None:
    settings.TIME_ZONE = "Europe/Vienna"
    with timezone.override("Asia/Tokyo"):
        assert list(sheets.lines(["at"], [[LATE]])) == ["at\r\n", "2026-03-11T00:30:00+01:00\r\n"]


def test_dots_lie_where_the_users_clock_stood() -> None:
    with timezone.override("America/Los_Angeles"):
        chart = dots(METRICS["silence_share"], [Dot(7, "call-7.wav", LATE, 12.0)])
    row = chart.spec["datasets"]["rows"][0]
    assert (row["at"], row["when"]) == ("2026-03-10T16:30:00Z", "10 Mar 2026, 16:30")
    assert chart.rows == [("call-7.wav", "10 Mar 2026, 16:30", 12.0)]


def test_language_and_zone_are_kept_in_the_account(late_call: CallMetrics) -> None:
    user = make_user(preferences={"call_columns": ["duration"]})
    answer = login(user).post(reverse("account"), {"language": "de", "zone": "Asia/Kolkata"}, follow=True)
    user.refresh_from_db()
    assert user.preferences == {"call_columns": ["duration"], "language": "de", "zone": "Asia/Kolkata"}
    assert answer.headers["Content-Language"] == "de"
    assert '<html lang="de">' in answer.content.decode()
    assert "11. März 2026, 05:00" in page(user, "call", args=(late_call.pk,))


def test_nonsense_is_not_kept() -> None:
    user = make_user()
    answer = login(user).post(reverse("account"), {"language": "tlh", "zone": "Mars/Olympus"})
    assert answer.status_code == 200
    user.refresh_from_db()
    assert user.preferences == {}


@pytest.mark.parametrize("kept", [{"zone": "Mars/Olympus", "language": "tlh"}, {"zone": "", "language": ""}, {}])
def test_without_a_usable_choice_the_browser_and_the_site_decide(kept: dict[str, str]) -> None:
    answer = login(make_user(preferences=kept)).get(reverse("account"), headers={"Accept-Language": "de-AT,en;q=0.5"})
    assert answer.headers["Content-Language"] == "de"
    assert '<html lang="de">' in answer.content.decode()
    assert login(make_user(preferences=kept)).get(reverse("account")).headers["Content-Language"] == "en"


def test_the_door_speaks_the_browsers_language(client: Any) -> None:
    assert '<html lang="de">' in client.get(reverse("login"), headers={"Accept-Language": "de"}).content.decode()
