"""Who is the agent: one call after the other, with the keyboard."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command
from django.urls import reverse
from playwright.sync_api import Page, expect

from tests.conftest import make_agent, make_user
from transcription.models import Recording

from .conftest import OpenAs, go

COUNT = 3


@pytest.fixture
def unsure(wav: Callable[..., Path], work: Callable[[], None]) -> None:
    agent = make_agent()
    for number in range(COUNT):
        call_command("ingest", str(wav(f"call-{number}.wav", 4, seed=number)))
    work()
    Recording.objects.update(agent=agent, role_confidence=0.6)


@pytest.mark.usefixtures("unsure")
def test_decisions_with_the_keyboard_alone(page: Page, open_as: OpenAs) -> None:
    open_as(make_user(), reverse("calls"))
    go(page, page.get_by_role("link", name="Confirm who is the agent in 3 calls"))
    rows = page.locator(".confirm")
    expect(rows).to_have_count(COUNT)
    rows.first.get_by_role("button", name="Right").focus()
    page.keyboard.press("Enter")
    expect(rows).to_have_count(COUNT - 1)
    expect(rows.first.get_by_role("button", name="Right")).to_be_focused()
    expect(page.get_by_role("status")).to_have_text("Saved. 2 left on this page.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(rows).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Nothing to confirm")).to_be_visible()
    said = sorted(recording.speakers[0]["evidence"][0].split(" ")[0] for recording in Recording.objects.all())
    assert said == ["confirmed", "confirmed", "swapped"]


@pytest.mark.usefixtures("unsure")
def test_one_opening_is_heard_at_a_time(page: Page, open_as: OpenAs) -> None:
    open_as(make_user(), reverse("confirm"))
    buttons = page.get_by_role("button", name="Listen")
    buttons.first.click()
    expect(buttons.first).to_have_attribute("aria-pressed", "true")
    buttons.last.click()
    expect(buttons.last).to_have_attribute("aria-pressed", "true")
    expect(buttons.first).to_have_attribute("aria-pressed", "false")
    expect(buttons.last).to_have_attribute("aria-pressed", "false")  # stops at the end of the opening
