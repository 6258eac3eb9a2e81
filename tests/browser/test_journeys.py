"""What people do on the site, from the login on."""

import csv
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from django.core.management import call_command
from django.urls import reverse
from playwright.sync_api import Page, Response, expect

from tests.conftest import make_agent, make_user
from tests.fakes import FakeDiarizer, FakeRecognizer
from tests.measured import MAY_12, make_call
from transcription.models import Recording, User

from .conftest import AT_BOTH_WIDTHS, DESK, OpenAs, go, wait_for_position

Wav = Callable[..., Path]
Work = Callable[[], None]

TEN_WORDS = "thank you for calling um my parcel is uh late"
"""In a recording of two minutes each takes twelve seconds; the fillers are at 48 s and 96 s."""


@AT_BOTH_WIDTHS
def test_from_a_recording_to_its_agents_numbers(
    page: Page, wav: Wav, work: Work, engines: Callable[..., None], tmp_path: Path
) -> None:
    make_agent("Dana Reyes")
    make_user(username="morgan")
    engines(recognizer=FakeRecognizer(TEN_WORDS))
    good, bad = wav("Dana Reyes_2026-03-02_09-30.wav", 120), tmp_path / "notes.wav"
    bad.write_text("This is no sound.")

    log_in(page, "morgan")
    upload(page, good, bad)
    follow_the_batch(page, work)
    go(page, page.get_by_role("link", name=good.name))
    listen(page)
    go(page, page.get_by_role("link", name="Dana Reyes"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Dana Reyes")
    assert [row["source_file"] for row in downloaded(page, "Export CSV")] == [good.name]


def log_in(page: Page, username: str) -> None:
    page.goto("/")
    page.get_by_label("User name").fill(username)
    page.get_by_label("Password").fill("a made-up password")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="No calls yet")).to_be_visible()


def upload(page: Page, good: Path, bad: Path) -> None:
    """What cannot be used is named before anything starts."""
    go(page, page.get_by_role("navigation").get_by_role("link", name="Upload"))
    page.get_by_label("Choose recordings").set_input_files([good, bad])
    expect(page.get_by_text("1 of 1 matched.")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text=bad.name)).to_contain_text("is not audio that can be read")
    go(page, page.get_by_role("button", name="Start 1 call"))


def follow_the_batch(page: Page, work: Work) -> None:
    asked: list[int] = []

    def count(response: Response) -> None:
        if "/progress/" in response.url:
            asked.append(response.status)

    page.on("response", count)
    progress = page.locator("#progress")
    expect(progress).to_contain_text("Received 1")
    with page.expect_response("**/progress/*"):
        expect(progress).to_contain_text("waiting")
    work()
    expect(progress).to_contain_text("Measured 1")
    expect(progress).not_to_have_attribute("hx-get", re.compile("."))
    expect(page.locator("main").get_by_role("status").filter(has_text="1 of 1 call finished.")).to_have_count(1)
    assert asked[-1] == 286, "htmx stops asking at this status"
    page.remove_listener("response", count)


def listen(page: Page) -> None:
    """By word, by key and by event; the position is in seconds."""
    page.get_by_text("calling", exact=True).click()
    expect(page.get_by_text("calling", exact=True)).to_have_class("said")
    wait_for_position(page, 36, 48)
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    page.keyboard.press("]")
    wait_for_position(page, 47.5, 47.7)
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    wait_for_position(page, 48.1, 96)
    page.keyboard.press("Space")
    page.keyboard.press("]")
    wait_for_position(page, 95.5, 95.7)


def downloaded(page: Page, link: str) -> list[dict[str, str]]:
    with page.expect_download() as download:
        page.get_by_role("link", name=link).click()
    with download.value.path().open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_the_list_of_calls_is_filtered_sorted_and_restored(page: Page, open_as: OpenAs) -> None:
    for name, length in (("Dana Reyes", 60.0), ("Eli Novak", 300.0), ("Dana Reyes", 125.0)):
        make_call(make_agent(name), recording={"duration": length})
    rows = page.locator("#results tbody tr")
    lengths = rows.locator("td.of-duration")
    agent = page.get_by_role("combobox", name=re.compile("^Agent"))
    open_as(make_user(), reverse("calls"))
    expect(rows).to_have_count(3)

    agent.select_option("Dana Reyes")
    expect(rows).to_have_count(2)
    expect(rows.filter(has_text="Eli Novak")).to_have_count(0)
    expect(page).to_have_url(re.compile(r"\?agent=\d+$"))

    page.get_by_role("columnheader", name="Length").get_by_role("link").click()
    expect(lengths).to_have_text(["2:05", "1:00"])
    expect(page).to_have_url(re.compile(r"\?agent=\d+&sort=-duration$"))
    page.get_by_role("columnheader", name="Length").get_by_role("link").click()
    expect(lengths).to_have_text(["1:00", "2:05"])

    page.evaluate("history.back()")
    expect(lengths).to_have_text(["2:05", "1:00"])
    page.wait_for_load_state()  # htmx hears of the next step once it runs
    page.evaluate("history.go(-2)")
    expect(rows).to_have_count(3)
    expect(page).to_have_url(re.compile(r"/calls/$"))
    expect(agent.locator("option:checked")).to_have_text("all")
    page.evaluate("history.forward()")
    expect(rows).to_have_count(2)
    expect(agent.locator("option:checked")).to_have_text("Dana Reyes")


@AT_BOTH_WIDTHS
def test_from_a_search_to_the_moment(
    page: Page, open_as: OpenAs, wav: Wav, work: Work, engines: Callable[..., None]
) -> None:
    """By "/" from anywhere on the site, or in the list; of two minutes and ten words the seventh is said at 72 s."""
    engines(recognizer=FakeRecognizer(TEN_WORDS))
    call_command("ingest", str(wav(seconds=120)))
    make_call(make_agent("Eli Novak"))
    work()
    open_as(make_user(), reverse("agents"))
    search_for(page, "parcels -zeppelin")
    snippet = page.locator(".snippets a")
    expect(page.locator("#results h2")).to_have_text("1 call")
    expect(snippet.locator("mark")).to_have_text(["parcel"])
    expect(page.locator(".chip")).to_contain_text("parcels -zeppelin")

    go(page, snippet)
    wait_for_position(page, 71.9, 72.2)
    expect(page.locator(".said")).to_have_text("parcel")
    expect(page.locator(".turn.hit")).to_have_count(1)


def search_for(page: Page, words: str) -> None:
    """A telephone has no search beside its navigation."""
    searchbox = page.get_by_role("searchbox", name="Said by anybody")
    if page.viewport_size == {"width": DESK, "height": 900}:
        page.keyboard.press("/")
        page.keyboard.type(words)
        with page.expect_event("load"):
            page.keyboard.press("Enter")
        page.keyboard.press("/")
        expect(searchbox).to_be_focused()
    else:
        go(page, page.get_by_role("navigation").get_by_role("link", name="Calls"))
        searchbox.press_sequentially(words)


def test_calls_are_ticked_and_assigned(page: Page, open_as: OpenAs) -> None:
    dana, eli = make_agent("Dana Reyes"), make_agent("Eli Novak")
    for hour in range(3):
        make_call(eli, MAY_12 + timedelta(hours=hour))
    make_call(dana)
    open_as(make_user(), f"{reverse('calls')}?agent={eli.pk}")
    tick, assign = page.get_by_role("checkbox", name="Tick the call of"), page.get_by_role("button", name="Assign to")
    expect(page.locator("[data-ticked]")).to_have_text("No calls ticked")
    expect(assign).to_be_disabled()
    page.get_by_role("checkbox", name="Tick all calls of this page").check()
    expect(page.locator("[data-ticked]")).to_have_text("3 calls ticked")
    tick.first.uncheck()
    expect(page.locator("[data-ticked]")).to_have_text("2 calls ticked")
    assign.click()
    expect(page.get_by_role("list", name="Whose they are now")).to_have_text("2 of Eli Novak")
    page.get_by_role("combobox").select_option("Dana Reyes")
    page.get_by_role("button", name="Assign 2 calls").click()
    expect(page.get_by_role("status")).to_have_text(re.compile("2 calls are Dana Reyes’s now"))
    expect(page.locator("#results tbody tr")).to_have_count(1)


@AT_BOTH_WIDTHS
def test_a_person_says_who_is_the_agent(
    page: Page, open_as: OpenAs, wav: Wav, work: Work, engines: Callable[..., None]
) -> None:
    """Seven of ten words are of who spoke first."""
    engines(recognizer=FakeRecognizer("yes it is late so this may be all right"), diarizer=FakeDiarizer(share=0.7))
    call_command("ingest", str(wav(seconds=60)))
    work()
    unsure = page.get_by_text("It is not certain who is the agent")
    who_is_who, speakers = page.locator(".who"), page.locator("article.turn header b")
    share = page.locator(".call-tile").filter(has_text="Agent talk share")
    open_as(make_user(username="morgan"), reverse("call", args=[Recording.objects.get().pk]))
    expect(unsure).to_be_visible()
    expect(speakers).to_have_text(["Agent", "Customer"])
    expect(share).to_contain_text("70")

    go(page, page.get_by_role("button", name="Confirm"))
    expect(unsure).to_have_count(0)
    expect(page.get_by_role("button", name="Confirm")).to_have_count(0)
    expect(who_is_who).to_contain_text("confirmed by morgan")
    expect(speakers).to_have_text(["Agent", "Customer"])

    go(page, page.get_by_role("button", name="Swap agent and customer"))
    expect(who_is_who).to_contain_text("swapped by morgan")
    expect(speakers).to_have_text(["Customer", "Agent"])
    work()
    page.reload()
    expect(share).to_contain_text("30")


def test_an_agent_sees_only_own_calls(page: Page, open_as: OpenAs) -> None:
    dana, eli = make_agent("Dana Reyes"), make_agent("Eli Novak")
    make_call(dana, recording={"customer_ref": "customer of Dana"})
    other = make_call(eli, recording={"customer_ref": "customer of Eli"})
    open_as(make_user(User.Role.AGENT, agent=dana), "/")
    expect(page.get_by_role("link", name="Upload")).to_have_count(0)

    page.get_by_role("navigation").get_by_role("link", name="Calls").click()
    expect(page.locator("#results tbody tr")).to_have_count(1)
    expect(page.locator("main")).not_to_contain_text("Eli")
    for path in (reverse("call", args=[other.pk]), reverse("agent", args=[eli.pk])):
        assert page.request.get(path).status == 404
    assert page.request.get(reverse("upload")).status == 403
