"""One call: heard, commented, set right; at a desk and on a telephone."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.files import File
from django.urls import reverse
from playwright.sync_api import Page, expect

from analytics import measure
from tests.conftest import make_agent, make_recording, make_user
from tests.metrics.timeline import call
from transcription.models import Recording
from transcription.transcripts import store_transcript

from .conftest import AT_BOTH_WIDTHS, OpenAs, wait_for_position


@pytest.fixture
def recording(wav: Callable[..., Path]) -> Recording:
    """The agent interrupts at 6 s and at 34 s; more turns follow than a window holds."""
    transcript = call(
        "C 2.0-8.0 my partial is late and nobody answers",
        "A 6.0-10.0 let me stop you there",
        "C 30.0-36.0 I have been waiting for two weeks",
        "A 34.0-38.0 yes but listen to me",
        *(f"{'CA'[i % 2]} {40 + 2 * i}.0-{41 + 2 * i}.0 and so it goes on" for i in range(40)),
        duration=130.0,
    )
    path = wav("call.wav", 130)
    with path.open("rb") as sound:
        recording = make_recording(
            agent=make_agent("Dana Reyes"), status="done", duration=130.0, audio=File(sound, name="call.wav")
        )
    store_transcript(recording, replace(transcript, layout="mono"))
    measure.measure(recording.pk)
    return recording


@pytest.fixture
def opened(page: Page, open_as: OpenAs, recording: Recording) -> Page:
    open_as(make_user(username="morgan"), reverse("call", args=[recording.pk]))
    return page


def go_to(page: Page, second: float) -> None:
    page.evaluate("second => { document.querySelector('audio').currentTime = second; }", second)


@AT_BOTH_WIDTHS
def test_the_moments_of_a_number_are_heard_one_after_another(opened: Page) -> None:
    tile = opened.locator("details.call-tile").filter(has_text="Interruptions by agent")
    tile.locator("summary").click()
    tile.get_by_role("button", name="Play 2 moments").click()
    bar = opened.locator("[data-moments]")
    expect(bar).to_contain_text("1 of 2")
    wait_for_position(opened, 3.0, 13.0)
    bar.get_by_role("button", name="Next").click()
    expect(bar).to_contain_text("2 of 2")
    wait_for_position(opened, 31.0, 41.0)
    expect(tile.locator("[aria-current]")).to_contain_text("0:34")
    bar.get_by_role("button", name="Previous").click()
    expect(bar).to_contain_text("1 of 2")
    go_to(opened, 13.5)
    expect(bar).to_contain_text("2 of 2")
    go_to(opened, 41.5)
    expect(bar).to_be_hidden()
    expect(opened.get_by_role("button", name="Play", exact=True)).to_be_visible()


def test_what_lies_between_two_moments_is_not_heard_twice(opened: Page) -> None:
    played = opened.evaluate(
        """async () => {
            const { stretches } = await import("/static/verbatim/call/moments.js");
            const moments = [[1, 2], [6, 7], [6.5, 7], [30, 31]].map(([start, end]) => ({ start, end }));
            return stretches(moments, 32);
        }"""
    )
    assert played == [[0, 4], [4, 6.75], [6.75, 10], [27, 32]]


@AT_BOTH_WIDTHS
def test_a_comment_is_written_at_a_moment_changed_and_deleted(opened: Page) -> None:
    opened.get_by_role("slider", name="Position in the call").focus()
    opened.keyboard.press("PageUp")
    opened.keyboard.press("c")
    opened.keyboard.type("Let her finish. k")
    opened.locator(".comment-form").get_by_role("button", name="Comment").click()
    written = opened.locator("[data-comment]")
    expect(written).to_contain_text("0:30 morgan")
    expect(written).to_contain_text("Let her finish. k")
    expect(opened.locator("#turn-2 .noted")).to_have_text("1 comment")
    written.get_by_text("Change").click()
    written.get_by_label("Comment").fill("Let her finish")
    written.get_by_role("button", name="Save").click()
    expect(written).to_contain_text("edited")
    opened.on("dialog", lambda dialog: dialog.accept())
    written.get_by_text("Change").click()
    written.get_by_role("button", name="Delete").click()
    expect(written).to_have_count(0)
    expect(opened.locator(".noted")).to_have_count(0)


@AT_BOTH_WIDTHS
def test_a_word_and_a_speaker_are_set_right_and_undone(opened: Page) -> None:
    turn, undo = opened.locator("#turn-0"), opened.locator("#corrections").get_by_role("button", name="Undo")
    turn.hover()
    turn.get_by_role("button", name="Correct").click()
    turn.get_by_label("What was said").fill("my parcel is late and nobody answers")
    turn.get_by_role("button", name="Save the words").click()
    expect(turn).to_contain_text("corrected by morgan")
    expect(turn).to_contain_text("my parcel is late")
    expect(opened).to_have_url(re.compile(r"\?t=2\.0$"))

    turn.hover()
    turn.get_by_role("button", name="Correct").click()
    turn.get_by_label("Words from").select_option("4")
    turn.get_by_role("button", name="were said by Agent").click()
    expect(opened.locator("#turn-1")).to_contain_text("and nobody answers")
    expect(opened.locator("#turn-1 header b")).to_have_text("Agent")
    expect(turn).not_to_contain_text("nobody")

    undo.first.click()
    expect(turn).to_contain_text("my parcel is late and nobody answers")
    undo.click()
    expect(turn).to_contain_text("my partial is late")
    expect(opened.locator("article.turn .corrected")).to_have_count(0)


@AT_BOTH_WIDTHS
def test_swapping_is_one_click(opened: Page) -> None:
    expect(opened.locator("#turn-0 header b")).to_have_text("Customer")
    opened.get_by_role("button", name="Swap agent and customer").click()
    expect(opened.locator("#turn-0 header b")).to_have_text("Agent")


@AT_BOTH_WIDTHS
def test_the_page_follows_the_voice_until_the_reader_scrolls_away(opened: Page) -> None:
    opened.goto(opened.url + "?t=100")
    expect(opened.locator(".cued")).to_be_in_viewport()
    opened.keyboard.press("Space")
    expect(opened.locator(".said")).to_be_in_viewport()
    opened.wait_for_timeout(1000)  # the page's own scrolling is over
    opened.evaluate("scrollTo({ top: 0, behavior: 'instant' })")
    follow = opened.get_by_role("button", name="Follow the voice")
    expect(follow).to_be_visible()
    follow.click()
    expect(follow).to_be_hidden()
    expect(opened.locator(".said")).to_be_in_viewport()


@AT_BOTH_WIDTHS
def test_layers_are_kept_and_keys_are_told(opened: Page) -> None:
    fillers = opened.get_by_role("checkbox", name=re.compile("Fillers"))
    with opened.expect_response("**/preferences/layers/"):
        fillers.uncheck()
    opened.reload()
    expect(fillers).not_to_be_checked()
    opened.keyboard.press("?")
    keys = opened.get_by_role("dialog", name="Keys")
    expect(keys).to_be_visible()
    opened.keyboard.press("Escape")
    expect(keys).to_be_hidden()


@AT_BOTH_WIDTHS
def test_without_the_sound_the_rest_is_of_use(opened: Page, recording: Recording) -> None:
    Path(recording.audio.path).write_bytes(b"no sound")
    opened.reload()
    expect(opened.get_by_text("The sound of this call cannot be played")).to_be_visible()
    opened.get_by_role("slider", name="Position in the call").focus()
    opened.keyboard.press("PageUp")
    expect(opened.locator("[data-now]")).to_have_text("0:30")
    expect(opened.locator(".said")).to_have_text("I")
