"""Uploading in a browser: many files, a folder, a page that is reloaded in the middle; on a desk and on a telephone."""

import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.test import override_settings
from django.urls import reverse
from playwright.sync_api import Page, Route, expect

from tests.conftest import make_agent, make_user
from tests.sounds import write_wav
from transcription.models import DraftFile, Recording, User

from .conftest import AT_BOTH_WIDTHS, OpenAs

MEGABYTE = 2**20


def write_large(path: Path, megabytes: int) -> Path:
    """Quiet sound of that size."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(48_000)
        file.writeframes(bytes(range(256)) * (megabytes * MEGABYTE // 256))
    return path


def supervisor() -> User:
    user = make_user(User.Role.SUPERVISOR)
    user.teams.add(make_agent("Dana Reyes", team="Billing").team)  # type: ignore[arg-type]
    return user


@AT_BOTH_WIDTHS
def test_two_files_from_the_dry_run_to_the_call(
    page: Page, open_as: OpenAs, wav: Callable[..., Path], work: Callable[[], None]
) -> None:
    known, unknown = wav("Dana Reyes_2026-03-02_09-30.wav", 60), wav("Ann_2026-03-02_10-30.wav", 60, seed=1)
    open_as(supervisor(), reverse("upload"))
    page.get_by_label("Choose recordings").set_input_files([known, unknown])

    expect(page.get_by_text("1 of 2 matched, 1 unknown agent.")).to_be_visible()
    assert not Recording.objects.exists()
    page.get_by_label("What to do with the calls of Ann").select_option("is Dana Reyes")
    page.get_by_role("button", name="Apply").first.click()
    expect(page.get_by_text("2 of 2 matched.")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0

    page.get_by_role("button", name="Start 2 calls").click()
    expect(page.get_by_text("2 calls started.")).to_be_visible()
    expect(page.locator("#progress")).to_contain_text("Received 2")
    work()
    expect(page.locator("#progress")).to_contain_text("Measured 2")
    page.get_by_role("link", name=unknown.name).click()
    expect(page.locator("article.turn").first).to_be_visible()


@AT_BOTH_WIDTHS
def test_a_reload_in_the_middle_of_a_large_file(page: Page, open_as: OpenAs, tmp_path: Path) -> None:
    """The connection dies after eight megabytes of twenty; the page is opened again and gets the same file."""
    large, small = write_large(tmp_path / "large.wav", 20), write_wav(tmp_path / "small.wav")
    offsets: list[int] = []

    def count(route: Route) -> None:
        offset = int(route.request.headers["upload-offset"])
        if offset == 8 * MEGABYTE and offset not in offsets:
            offsets.append(offset)
            return  # never answered: the page is reloaded while this piece is on its way
        offsets.append(offset)
        route.continue_()

    page.route("**/files/*/", lambda route: count(route) if route.request.method == "PATCH" else route.continue_())
    with override_settings(UPLOAD_CHUNK_BYTES=MEGABYTE):
        open_as(supervisor(), reverse("upload"))
        page.get_by_label("Choose recordings").set_input_files([large, small])
        arriving = page.get_by_role("row").filter(has_text=large.name)
        expect(arriving.get_by_role("progressbar")).to_have_js_property("value", 8 * MEGABYTE / large.stat().st_size)
        expect(page.get_by_role("row").filter(has_text=small.name)).to_contain_text("arrived")
        page.reload()

        expect(page.get_by_role("heading", name="1 file not here yet")).to_be_visible()
        expect(page.get_by_role("listitem").filter(has_text=large.name)).to_contain_text(
            "8.0\xa0MB of 20.0\xa0MB arrived"
        )
        assert page.get_by_role("button", name="Start").count() == 0
        page.get_by_label("Choose recordings").set_input_files([large, small])
        expect(page.get_by_role("button", name="Start 2 calls")).to_be_visible()
    assert [offset // MEGABYTE for offset in offsets if offset] == [*range(1, 9), *range(8, 21)]
    assert offsets.count(0) == 2, "neither file began again"
    assert DraftFile.objects.get(name=large.name).path.read_bytes() == large.read_bytes()


def test_a_folder_with_a_manifest(page: Page, open_as: OpenAs, tmp_path: Path) -> None:
    write_wav(tmp_path / "march" / "week 1" / "a.wav")
    write_wav(tmp_path / "march" / "week 2" / "a.wav", hertz=500)
    (tmp_path / "march" / ".DS_Store").touch()
    (tmp_path / "march" / "calls.csv").write_text("filename,agent\nweek 1/a.wav,Dana Reyes\nweek 9/a.wav,Dana Reyes\n")
    open_as(supervisor(), reverse("upload"))
    page.get_by_label("A folder of recordings").set_input_files(tmp_path / "march")
    expect(page.get_by_text("1 of 2 matched.")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="march/week 1/a.wav")).to_contain_text("Dana Reyes")
    expect(page.get_by_text("1 manifest row without a file")).to_be_visible()
    expect(page.locator("main")).not_to_contain_text("DS_Store")


def test_a_folder_is_dropped(page: Page, open_as: OpenAs) -> None:
    """Chromium hands a script no folder of its own making, so the entries that it would hand over are made here."""
    open_as(supervisor(), reverse("upload"))
    page.evaluate(
        """() => {
            const made = (name) => new File(["no sound"], name);
            const file = (name, path) => ({ isFile: true, fullPath: path, file: (done) => done(made(name)) });
            const folder = { isFile: false, createReader: () => {
                const answers = [[file("a.wav", "/march/a.wav")], [file("b.wav", "/march/b.wav")], []];
                return { readEntries: (done) => done(answers.shift()) };
            } };
            const event = new Event("drop", { bubbles: true, cancelable: true });
            const items = [folder, file("c.wav", "/c.wav")].map((entry) => ({ webkitGetAsEntry: () => entry }));
            event.dataTransfer = { items };
            document.querySelector("[data-drop]").dispatchEvent(event);
        }"""
    )
    for name in ("march/a.wav", "march/b.wav", "c.wav"):
        expect(page.get_by_role("row").filter(has_text=name)).to_contain_text("is not audio")
    expect(page.get_by_role("button", name="Start 0 calls")).to_be_disabled()


def test_a_pattern_is_tried_while_it_is_typed(page: Page, open_as: OpenAs, tmp_path: Path) -> None:
    open_as(supervisor(), reverse("upload"))
    page.get_by_label("Choose recordings").set_input_files([write_wav(tmp_path / "dana-17.wav")])
    page.get_by_text("Source and file names").click()
    tried = page.locator("#tried")
    expect(tried).to_contain_text("Type an expression")
    page.get_by_label("Pattern of file names").press_sequentially(r"(?P<agent>[a-z]+)-(?P<call_id>\d+)")
    expect(tried).to_contain_text("1 of 1 names match.")
    expect(tried).to_contain_text("agent dana")
    page.get_by_label("Preset").select_option("FreePBX, queue")
    expect(tried).to_contain_text("does not match")


def test_without_a_script(chromium: Any, live_server: Any, clean_jobs: None, tmp_path: Path) -> None:
    """The plain form does all but the pieces."""
    user = make_user(username="morgan")
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/")
    page.get_by_label("User name").fill(user.username)
    page.get_by_label("Password").fill("a made-up password")
    page.get_by_role("button", name="Log in").click()
    page.goto(reverse("upload"))
    page.get_by_label("Choose recordings").set_input_files([write_wav(tmp_path / "a.wav")])
    page.get_by_role("button", name="Upload").click()
    page.get_by_role("button", name="Look at them now").click()
    page.get_by_role("button", name="Start 1 call").click()
    expect(page.get_by_text("1 call started.")).to_be_visible()
    context.close()
    assert Recording.objects.get().original_name == "a.wav"
