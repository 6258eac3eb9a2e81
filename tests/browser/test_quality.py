"""What people do with calls that are there: count by another list, hear again, listen to questions, coach, review."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files import File
from django.core.management import call_command
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from analytics import measure
from tests.conftest import make_recording, make_user
from tests.fakes import FakeRecognizer
from tests.measured import MAY_12, make_call, make_question, make_topic
from tests.metrics.timeline import call
from transcription import wiring
from transcription.models import Agent, Recording, User
from transcription.transcripts import store_transcript

from .conftest import AT_BOTH_WIDTHS, OpenAs, go

pytestmark = AT_BOTH_WIDTHS

Wav = Callable[..., Path]
Work = Callable[[], None]

SAID = (
    "A 0.0-4.0 Thank you for calling how can I help you",
    "C 4.5-9.0 Can you find my order or not [-0.8]",
    "A 22.0-25.0 It will be there tomorrow",
    "C 25.5-29.0 Wonderful thank you so much for your help [0.9]",
)
"""The customer waits for 13 seconds."""


@pytest.fixture
def heard(dana: Agent, wav: Wav) -> Recording:
    """A measured call of Dana with its sound."""
    with wav("heard.wav", 30).open("rb") as sound:
        told = {"agent": dana, "started_at": MAY_12, "status": "done", "duration": 30.0}
        recording = make_recording(audio=File(sound, name="heard.wav"), **told)
    store_transcript(recording, replace(call(*SAID, duration=30.0), layout="mono"))
    Recording.objects.update(roles_confirmed_at=MAY_12)
    measure.measure(recording.pk)
    return recording


def tile(page: Page, name: str) -> Locator:
    return page.locator(".call-tile").filter(has_text=name)


def test_a_word_joins_the_fillers_and_the_numbers_follow(
    page: Page, open_as: OpenAs, wav: Wav, work: Work, engines: Callable[..., None]
) -> None:
    """The agent says the first five of ten words, one of them a filler, then two of them."""
    engines(recognizer=FakeRecognizer("thank you for calling um my parcel is rather late"))
    call_command("ingest", str(wav(seconds=60)))
    work()
    its_page = reverse("call", args=[Recording.objects.get().pk])
    supervisor = make_user()
    open_as(supervisor, its_page)
    expect(tile(page, "Agent fillers")).to_contain_text("20")

    page.goto(reverse("vocabulary", args=["en"]))
    hesitations = page.get_by_label("Hesitations")
    hesitations.fill(hesitations.input_value() + "\ncalling")
    go(page, page.get_by_role("button", name="Show the effect").first)
    expect(page.get_by_role("listitem").filter(has_text="“calling” is new")).to_be_visible()
    expect(page.get_by_role("row", name="Agents 20.00 40.00")).to_contain_text("+20.00")
    go(page, page.get_by_role("button", name="Count 1 call by this list"))
    expect(page.get_by_text("0 of 1 calls are done")).to_be_visible()
    work()
    expect(page.get_by_text("All calls are counted by this list.")).to_be_visible()
    page.goto(its_page)
    expect(tile(page, "Agent fillers")).to_contain_text("40")


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wiring, "installed_whisper_models", lambda: ["whisper-base", "whisper-tiny.en"])


@pytest.mark.usefixtures("installed")
def test_a_call_is_heard_again_and_both_runs_are_compared(
    page: Page, open_as: OpenAs, wav: Wav, work: Work, engines: Callable[..., None]
) -> None:
    engines(recognizer=FakeRecognizer("thank you for falling my parcel is late"))
    call_command("ingest", str(wav(seconds=60)))
    work()
    open_as(make_user(), reverse("call", args=[Recording.objects.get().pk]))
    page.locator("#runs > summary").click()
    page.get_by_label("Model for the words").select_option("whisper-tiny.en")
    go(page, page.get_by_role("button", name="Hear this call again"))
    expect(page.get_by_text("This call is being heard again")).to_be_visible()
    engines(recognizer=FakeRecognizer("thank you for calling my parcel is late"))
    work()
    go(page, page.get_by_role("link", name="Look again"))
    expect(page.locator("article.turn").first).to_contain_text("calling")

    page.locator("#runs > summary").click()
    go(page, page.get_by_role("link", name="Compare with run 2"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Run 1 beside run 2")
    expect(page.locator(".beside del")).to_have_text(["falling"])
    expect(page.locator(".beside ins")).to_have_text(["calling"])
    page.go_back()
    page.locator("#runs > summary").click()
    go(page, page.get_by_role("button", name="Show this run"))
    expect(page.locator("article.turn").first).to_contain_text("falling")


def test_from_a_topic_to_an_example_that_is_heard(
    page: Page, open_as: OpenAs, supervisor: User, heard: Recording
) -> None:
    topic = make_topic("Can you find my order?")
    make_question(heard, "Can you find my order or not?", topic, end_s=5.5, answer="It will be there tomorrow")
    open_as(supervisor, reverse("questions"))
    go(page, page.get_by_role("link", name=topic.label))
    example = page.get_by_role("listitem").filter(has_text="Can you find my order or not?")
    expect(example).to_contain_text("It will be there tomorrow")
    play = example.get_by_role("button", name="Play")
    with page.expect_response(lambda answer: answer.url.endswith("/audio") and answer.status in (200, 206)):
        play.click()
    expect(play).to_have_attribute("aria-pressed", "true")
    expect(play).not_to_have_attribute("aria-pressed", "true")  # it stops after the question
    go(page, example.get_by_role("link", name="at 0:05"))
    expect(page.locator(".cued")).to_contain_text("Can you find my order")


def test_a_hand_out_is_made_shared_printed_and_acknowledged(
    page: Page, open_as: OpenAs, dana: Agent, supervisor: User, heard: Recording
) -> None:
    open_as(supervisor, reverse("agent", args=[dana.pk]))
    go(page, page.get_by_role("link", name="Coaching").last)
    go(page, page.get_by_role("button", name="Prepare from these days"))
    weak = page.get_by_role("region", name="Moments to work on").get_by_role("listitem")
    expect(weak.first).to_contain_text("Can you find my order")
    page.get_by_label("Note").first.fill("Say what you look for.")
    page.get_by_role("textbox", name="Agreed goals").fill("Nobody waits in silence")
    go(page, page.get_by_role("button", name="Share with the agent"))

    page.emulate_media(media="print")
    expect(page.get_by_text("Say what you look for.")).to_be_visible()
    expect(page.get_by_role("button", name="Print")).to_be_hidden()
    expect(page.get_by_role("navigation", name="Main")).to_be_hidden()
    page.emulate_media(media="screen")
    handed_out = page.url

    open_as(make_user(User.Role.AGENT, agent=dana), reverse("coaching"))
    go(page, page.get_by_role("link", name="12 May 2025").first)
    expect(page.get_by_text("Nobody waits in silence")).to_be_visible()
    page.get_by_label("Comment").fill("I will.")
    go(page, page.get_by_role("button", name="Acknowledge"))
    open_as(supervisor, handed_out)
    expect(page.get_by_role("region", name="History")).to_contain_text("I will.")
    expect(page.locator(".page-title")).to_contain_text("Acknowledged")


def test_a_scorecard_is_made_a_call_reviewed_and_its_agents_page_tells(
    page: Page, open_as: OpenAs, dana: Agent, supervisor: User, heard: Recording
) -> None:
    make_call(dana, MAY_12 - timedelta(days=1))
    open_as(supervisor, reverse("reviews"))
    go(page, page.get_by_role("link", name="Make a scorecard"))
    page.get_by_label("Name").fill("Service")
    page.get_by_role("button", name="Add a question").click()
    expect(page.get_by_label("Question", exact=True)).to_have_count(2)
    for row, (section, question) in enumerate((("Opening", "Greets"), ("Flow", "Solves it"))):
        page.get_by_label("Section", exact=True).nth(row).fill(section)
        page.get_by_label("Question", exact=True).nth(row).fill(question)
    go(page, page.get_by_role("button", name="Save"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Service")

    page.goto(reverse("call", args=[heard.pk]))
    go(page, page.get_by_role("link", name="Review: Service"))
    page.get_by_role("group", name="Greets").get_by_label("yes", exact=True).check()
    page.get_by_role("group", name="Solves it").get_by_label("no", exact=True).check()
    go(page, page.get_by_role("button", name="Submit"))
    expect(page.locator(".facts")).to_contain_text("50 %")
    page.goto(reverse("agent", args=[dana.pk]))
    reviews = page.get_by_role("region", name="Reviews")
    expect(reviews.get_by_role("row").last).to_contain_text("Service")
    expect(reviews.get_by_role("row").last.get_by_role("cell").last).to_have_text("1")
