"""Every page on a telephone."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.urls import reverse
from playwright.sync_api import Page, expect

from tests.conftest import make_agent, make_user
from tests.measured import MAY_12, make_call
from transcription.models import Recording

from .conftest import OpenAs

WIDTH = 390
LONG = "Maximiliane-Konstanze von Hohenstein-Wittelsbach"
TOO_WIDE = """width => {
    for (const menu of document.querySelectorAll("details")) menu.open = true;
    return Math.max(document.documentElement.scrollWidth, document.body.scrollWidth) - width;
}"""


@pytest.fixture
def calls(wav: Callable[..., Path], work: Callable[[], None]) -> Recording:
    """Weeks of measured calls of an agent with a long name; the one returned came from a file with a long name."""
    agent = make_agent(LONG, team="Claims and complaints, second floor")
    for day in range(12):
        make_call(
            agent,
            MAY_12 - timedelta(days=3 * day),
            agent_talk_share=0.4 + day / 50,
            wpm_agent=140 + day,
            fillers_per_100_words_agent=2.5,
            interruptions_by_agent=day % 3,
            silence_share=0.12,
            sentiment_customer=day / 2 - 3,
            recording={"customer_ref": "+44 20 7946 0123, extension 4567"},
        )
    call_command("ingest", str(wav(f"{LONG}_2025-05-13_10-00.wav", 60)))
    work()
    return Recording.objects.get(metrics__started_at__gt=MAY_12)


def test_no_page_is_wider_than_the_telephone(page: Page, open_as: OpenAs, calls: Recording) -> None:
    page.set_viewport_size({"width": WIDTH, "height": 844})
    open_as(make_user(), "/")
    for path in (
        reverse("overview"),
        reverse("calls"),
        reverse("call", args=[calls.pk]),
        reverse("confirm"),
        reverse("agents"),
        reverse("agent", args=[calls.agent_id]),
        reverse("upload"),
        reverse("batch", args=[calls.batch_id]),
    ):
        page.goto(path)
        for chart in page.locator("[data-chart]").all():
            expect(chart.locator("svg").first).to_be_visible()
        assert page.evaluate(TOO_WIDE, WIDTH) <= 0, path
        expect(page.get_by_role("navigation", name="Main")).to_be_in_viewport(ratio=1)
