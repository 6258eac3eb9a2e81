"""Every page in every state that it has: WCAG 2.2 AA by axe-core, at a desk and on a telephone, light and dark."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.urls import reverse
from playwright.sync_api import Page, expect

from tests.test_permissions import EXPECTED, OPEN
from transcription import wiring

from .conftest import OpenAs
from .inhabited import Site, inhabit

DESK, TELEPHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast"]}, "resultTypes": ["violations"], "preload": False}
FIND = """([within, options]) => axe.run(
    {include: [within], exclude: ["[data-chart] svg"]}, options
).then(({violations}) => violations.flatMap(
    ({id, nodes}) => nodes.map(({html, any, all, none}) =>
        `${id}: ${html.slice(0, 200)} (${[...any, ...all, ...none].map(check => check.message).join("; ")})`)))"""
REFUSALS = ("Not found", "Not permitted")
TOO_WIDE = "document.scrollingElement.scrollWidth - innerWidth"

Step = Callable[[Page], None]


@dataclass(frozen=True)
class Shown:
    """`address`: after the view's own, e.g. "?q=x". `who`: a user of the Site; None is nobody."""

    title: str
    arguments: Callable[[Site], list[Any]] = lambda _site: []
    query: str = ""
    who: str | None = "administrator"
    then: Step | None = None


def of_call(state: str) -> Callable[[Site], list[Any]]:
    return lambda site: [site.calls[state].pk]


def open_what_is_folded(page: Page) -> None:
    """Filters and lists that push the page down; menus lie above it, see `open_menus`."""
    page.evaluate("document.querySelectorAll('details:not(.menu)').forEach(each => { each.open = true; })")


def open_menus(page: Page) -> None:
    """Only the menus are looked at then: what lies under one is rightly out of reach."""
    page.evaluate("document.querySelectorAll('details.menu').forEach(each => { each.open = true; })")


def wait_for_the_plan(page: Page) -> None:
    """Files are looked at once the page is there, which then loads itself again."""
    expect(page.get_by_role("heading", name="Unknown agents")).to_be_visible()
    page.wait_for_load_state()
    open_what_is_folded(page)


def correct_a_turn(page: Page) -> None:
    page.locator("#turn-0").hover()
    page.locator("#turn-0").get_by_role("button", name="Correct").click()
    expect(page.get_by_label("What was said")).to_be_focused()


def play_moments(page: Page) -> None:
    tile = page.locator("details.call-tile").filter(has_text="Interruptions")
    tile.first.locator("summary").click()
    tile.first.get_by_role("button", name="Play").click()


def show_keys(page: Page) -> None:
    page.get_by_role("button", name="Keys").click()


def show_the_effect(page: Page) -> None:
    page.get_by_role("button", name="Show the effect").click()
    page.wait_for_url("**/effect/")


def log_in_wrongly(page: Page) -> None:
    page.get_by_label("User name").fill("nobody")
    page.get_by_label("Password").fill("nothing")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("alert")).to_be_visible()


def keep_no_password(page: Page) -> None:
    page.get_by_label("Old password").fill("not mine")
    page.get_by_label("New password", exact=True).fill("short")
    page.get_by_label("New password confirmation").fill("other")
    page.get_by_role("button", name="Change password").click()
    expect(page.get_by_role("alert").first).to_be_visible()


PAGES: dict[str, list[Shown]] = {
    "login": [Shown("Log in", who=None), Shown("Log in", who=None, then=log_in_wrongly)],
    "password": [Shown("Change your password"), Shown("Change your password", then=keep_no_password)],
    "overview": [
        Shown("Overview", then=open_what_is_folded),
        Shown("Overview"),
        Shown("Overview", then=open_menus),
        Shown("Overview", who="newcomer"),
        Shown("Overview", who="agent_user"),
    ],
    "calls": [
        Shown("Calls", then=open_what_is_folded),
        Shown("Calls", then=open_menus),
        Shown("Calls", query="?q=parcel"),
        Shown("Calls", query="?q=zeppelin&from=never"),
        Shown("Calls", who="newcomer"),
    ],
    "call": [
        Shown("Maximiliane", of_call("heard twice"), "?q=router"),
        Shown("Maximiliane", of_call("heard twice"), then=open_what_is_folded),
        Shown("Maximiliane", of_call("heard twice"), then=correct_a_turn),
        Shown("Maximiliane", of_call("heard twice"), then=play_moments),
        Shown("Maximiliane", of_call("heard twice"), then=show_keys),
        Shown("Maximiliane", of_call("heard twice"), who="agent_user", then=open_menus),
        Shown("Maximiliane", of_call("waiting")),
        Shown("Maximiliane", of_call("tried before")),
        Shown("Maximiliane", of_call("processing")),
        Shown("Maximiliane", of_call("failed")),
        Shown("Maximiliane", of_call("cancelled")),
        Shown("out-44", of_call("no speech")),
        Shown("Maximiliane", of_call("one-sided")),
        Shown("Maximiliane", of_call("unsure")),
        Shown("Not found", of_call("failed"), who="newcomer"),
    ],
    "compare_runs": [Shown("Run 1", lambda site: [site.calls["heard twice"].pk, 1, 2])],
    "account": [Shown("Language and time zone")],
    "confirm": [Shown("Who is the agent?"), Shown("Who is the agent?", who="newcomer")],
    "calls_assign": [Shown("Assign calls"), Shown("Assign calls", who="newcomer")],
    "rerun": [Shown("Hear calls again"), Shown("Hear calls again", who="newcomer")],
    "agents": [Shown("Agents"), Shown("Agents", then=open_menus), Shown("Agents", who="newcomer")],
    "agent": [
        Shown("Maximiliane", lambda site: [site.agent.pk], then=open_what_is_folded),
        Shown("Maximiliane", lambda site: [site.agent.pk], "?from=2020-01-01&to=2020-01-02"),
    ],
    "questions": [Shown("Questions"), Shown("Questions", query="?hidden"), Shown("Questions", who="newcomer")],
    "topic": [Shown("Why is my router", lambda site: [site.topic.pk], then=open_what_is_folded)],
    "questions_left_out": [Shown("Small talk", lambda _: ["small-talk"]), Shown("Like", lambda _: ["not-grouped"])],
    "capacity": [Shown("Capacity", query="?machine=300&cloud=0.01&factor=0.1"), Shown("Capacity", who="newcomer")],
    "vocabulary": [
        Shown("Vocabulary"),
        Shown("Vocabulary", then=open_menus),
        Shown("Effect of a filler list", then=show_the_effect),
        Shown("Vocabulary", lambda _: ["de"], who="newcomer"),
    ],
    "coaching": [Shown("Coaching"), Shown("Coaching", who="newcomer"), Shown("Coaching", who="agent_user")],
    "coaching_of_agent": [
        Shown("Coaching of Maxi", lambda site: [site.agent.pk], then=open_menus),
        Shown("Coaching of Maxi", lambda site: [site.agent.pk], who="agent_user"),
    ],
    "coaching_session": [
        Shown("Coaching of Maxi", lambda site: [site.coached["draft"].pk]),
        Shown("Coaching of Maxi", lambda site: [site.coached["shared"].pk], who="agent_user"),
    ],
    "reviews": [Shown("Reviews"), Shown("Reviews", who="newcomer"), Shown("Reviews", who="agent_user")],
    "review": [Shown("Review", lambda site: [site.review.pk], who="agent_user")],
    "review_call": [
        Shown("Review, Maxi", lambda site: [site.review.scorecard_id, site.calls["heard twice"].pk]),
    ],
    "sample": [Shown("Work list", lambda site: [site.sample.pk])],
    "scorecard": [
        Shown("Service", lambda site: [site.review.scorecard_id]),
        Shown("Service", lambda site: [site.review.scorecard_id], "?question-0=2"),
    ],
    "scorecard_new": [Shown("New scorecard")],
    "scorecard_edit": [Shown("Change Service", lambda site: [site.review.scorecard_id])],
    "audit": [
        Shown("Audit"),
        Shown("Audit", query="?action=exported&number=one"),
        Shown("Not permitted", who="agent_user"),
    ],
    "upload": [
        Shown("Upload"),
        Shown("Upload", who="newcomer"),
        Shown("Not permitted", who="agent_user"),
    ],
    "draft": [
        Shown("Draft", lambda site: [site.drafts["missing"].pk]),
        Shown("Draft", lambda site: [site.drafts["ready"].pk], then=wait_for_the_plan),
    ],
    "retention": [Shown("Retention")],
    "erase": [
        Shown("Erase a customer"),
        Shown("Erase a customer", query="?customer=020 7946 0123"),
        Shown("Erase a customer", query="?customer=nobody"),
    ],
    "batches": [Shown("Batches"), Shown("Batches", who="newcomer")],
    "batch": [
        Shown("Batch", lambda site: [site.batches["at work"].pk]),
        Shown("Batch", lambda site: [site.batches["empty-handed"].pk]),
    ],
}
"""Every address that shows a page of its own, in its states. `title` begins the page's title."""

PARTS_AND_FILES = {
    *("call_numbers", "call_moments", "turn", "questions_grouping", "batch_progress", "draft_pattern"),
    *(
        "recording_audio",
        "recording_transcript",
        "export",
        "calls_export",
        "agents_export",
        "audit_export",
        "batch_errors",
        "calls_chosen",
    ),
    *("vocabulary_progress", "vocabulary_trials", "logout", "healthz", "readyz", "metrics", "vega", "words"),
}
"""Asked for by pages, sent on to one of them, or saved as files."""


def test_every_page_is_looked_at() -> None:
    asked_for = OPEN | {name for method, name in EXPECTED if method == "get"}
    assert asked_for == PAGES.keys() | PARTS_AND_FILES


@pytest.fixture
def inhabited(wav: Callable[..., Path], page: Page, monkeypatch: pytest.MonkeyPatch) -> Site:
    monkeypatch.setattr(wiring, "installed_whisper_models", lambda: ["whisper-base", "whisper-tiny.en"])
    return inhabit(wav)


def test_every_page_can_be_used_by_everybody(
    page: Page, open_as: OpenAs, inhabited: Site, console_errors: list[str]
) -> None:
    """At a desk light, on a telephone dark; the colours of each page's first state the other way round as well."""
    problems = {}
    for name, shown in ((name, shown) for name, states in PAGES.items() for shown in states):
        path = reverse(name, args=shown.arguments(inhabited)) + shown.query
        place = " ".join(filter(None, [path, shown.who, shown.then and shown.then.__name__]))
        page.set_viewport_size(DESK)
        show(page, open_as, inhabited, shown, path)
        refused = "status of 40" if shown.title in REFUSALS else "no error is meant"
        found = {
            *problems_of(page, shown, is_first=shown is PAGES[name][0]),
            *(error for error in console_errors if refused not in error),
        }
        console_errors.clear()
        if found:
            problems[place] = sorted(found)
    assert problems == {}, json.dumps(problems, indent=1, ensure_ascii=False)


def show(page: Page, open_as: OpenAs, site: Site, shown: Shown, path: str) -> None:
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    if shown.who:
        open_as(getattr(site, shown.who), path)
    else:
        page.context.clear_cookies()
        page.goto(path)
    for chart in page.locator("[data-chart]").all():
        expect(chart.locator("svg").first).to_be_attached()
    if shown.then:
        shown.then(page)


def problems_of(page: Page, shown: Shown, *, is_first: bool) -> Iterator[str]:
    """`is_first`: its colours are looked at dark at a desk and light on a telephone as well, its style sheets read."""
    if not page.title().startswith(shown.title):
        yield f"title: {page.title()}"
    page.evaluate(AXE_SCRIPT)
    within = "details.menu" if shown.then is open_menus else "html"
    yield from page.evaluate(FIND, [within, RULES | {"preload": is_first}])
    page.emulate_media(color_scheme="dark")
    if is_first:
        yield from page.evaluate(FIND, [within, COLOURS])
    page.set_viewport_size(TELEPHONE)
    yield from page.evaluate(FIND, [within, RULES | {"preload": False}])
    if is_first:
        page.emulate_media(color_scheme="light")
        yield from page.evaluate(FIND, [within, COLOURS])
    if page.evaluate(TOO_WIDE) > 0:
        yield f"{page.evaluate(TOO_WIDE)} pixels wider than a telephone"


def test_the_keyboard_keeps_its_place(page: Page, open_as: OpenAs, inhabited: Site) -> None:
    """Where a part of the page is replaced, what was focused stays so; menus and dialogs give the focus back."""
    open_as(inhabited.administrator, reverse("calls"))
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()

    by_length = page.get_by_role("columnheader", name="Length")
    for order in ("descending", "ascending"):
        by_length.get_by_role("link").focus()
        page.keyboard.press("Enter")
        expect(by_length).to_have_attribute("aria-sort", order)
        expect(by_length.get_by_role("link")).to_be_focused()

    columns = page.locator("summary").filter(has_text="Columns")
    columns.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("checkbox", name="Who speaks when")).to_be_focused()
    page.keyboard.press("Escape")
    expect(columns).to_be_focused()
    expect(page.get_by_role("button", name="Show these")).to_be_hidden()

    page.goto(reverse("batch", args=[inhabited.batches["at work"].pk]))
    take_next = page.get_by_role("button", name="Take out-").first
    with page.expect_response("**/progress/*"):
        take_next.focus()
    page.wait_for_timeout(200)
    expect(take_next).to_be_focused()


def test_a_dialog_holds_the_focus_and_gives_it_back(page: Page, open_as: OpenAs, inhabited: Site) -> None:
    open_as(inhabited.administrator, reverse("call", args=[inhabited.calls["heard twice"].pk]))
    keys = page.get_by_role("button", name="Keys")
    keys.focus()
    page.keyboard.press("Enter")
    for _ in range(3):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement === document.body || !!document.activeElement.closest('dialog')")
    page.keyboard.press("Escape")
    expect(keys).to_be_focused()


def test_nothing_moves_for_those_who_want_no_motion(page: Page, open_as: OpenAs, inhabited: Site) -> None:
    page.emulate_media(reduced_motion="reduce")
    open_as(inhabited.administrator, reverse("call", args=[inhabited.calls["heard twice"].pk]))
    moving = """[...document.querySelectorAll("*")].filter(each => {
        const { transitionDuration, animationName } = getComputedStyle(each);
        return transitionDuration !== "0s" || animationName !== "none";
    }).map(each => each.outerHTML.slice(0, 100))"""
    assert page.evaluate(moving) == []
