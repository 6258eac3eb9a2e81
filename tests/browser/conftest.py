"""Chromium on a real site: Django's live server, with a worker between the steps.

Playwright's synchronous API keeps an event loop running in the test's thread, hence a process of their own for these
tests, Django's permission to query there, and a thread for the worker's own loop.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client, override_settings
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, ViewportSize, expect, sync_playwright

from transcription.models import User

CHROMIUM = "/usr/bin/chromium"
QUIETLY = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--mute-audio",
]
PATIENCE = 20_000
"""Milliseconds; only a failing test waits this long."""

DESK, TELEPHONE = 1440, 390
AT_BOTH_WIDTHS = pytest.mark.parametrize("page", [DESK, TELEPHONE], indirect=True, ids=["desk", "telephone"])

OpenAs = Callable[..., None]


@pytest.fixture(scope="session", autouse=True)
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Static files as they are in the applications, and passwords that are quick to check."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(
        STATIC_ROOT=tmp_path_factory.mktemp("static"),
        STORAGES=settings.STORAGES | {"staticfiles": plain},
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    ):
        yield


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE)
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIETLY)
        yield browser
        browser.close()


@pytest.fixture
def console_errors() -> list[str]:
    """What the console complains of, with the page: failed scripts, broken policies, refused requests."""
    return []


@pytest.fixture
def page(
    request: pytest.FixtureRequest, chromium: Browser, live_server: Any, clean_jobs: None, console_errors: list[str]
) -> Iterator[Page]:
    """A fresh tab on the site, as wide as at a desk unless a test asks. It fails if the console has an error."""
    viewport: ViewportSize = {"width": getattr(request, "param", DESK), "height": 900}
    context = chromium.new_context(base_url=live_server.url, viewport=viewport)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()

    def note(message: ConsoleMessage) -> None:
        if message.type == "error":
            console_errors.append(f"{page.url}: {message.text}")

    page.on("console", note)
    page.on("pageerror", lambda error: console_errors.append(f"{page.url}: {error}"))
    yield page
    context.close()
    assert console_errors == []


def go(page: Page, by: Locator) -> None:
    """To another page, by a link or a button. Its modules have run then: a key pressed before that would be lost.

    A new address alone, as htmx writes it for a filter, is no new page.
    """
    with page.expect_event("load"):
        by.click()


def wait_for_position(page: Page, first: float, last: float) -> None:
    """Until the call that is played is between these seconds."""
    page.wait_for_function(
        """([first, last]) => {
            const at = document.querySelector("audio").currentTime;
            return first <= at && at < last;
        }""",
        arg=[first, last],
    )


@pytest.fixture
def open_as(page: Page, live_server: Any) -> OpenAs:
    """Opens a page for somebody who has logged in before."""

    def as_user(user: User, path: str) -> None:
        client = Client()
        client.force_login(user)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
        page.goto(path)

    return as_user


@pytest.fixture
def work(work: Callable[[], None]) -> Callable[[], None]:
    def run() -> None:
        try:
            work()
        finally:
            connections.close_all()

    def in_a_thread() -> None:
        with ThreadPoolExecutor(1) as pool:
            pool.submit(run).result()

    return in_a_thread
