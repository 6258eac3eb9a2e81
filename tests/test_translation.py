"""German is complete: every string of code, templates and scripts is translated, and pages show no English."""

import ast
import gettext
import json
import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from django.utils import translation
from django.utils.translation.template import templatize

from analytics.stored_words import said
from analytics.written import about, decimal, signed
from tests.browser.inhabited import Site, inhabit
from tests.conftest import login, make_user
from transcription import wiring

ROOT = Path(__file__).parents[1]
CATALOGUES = ROOT / "config/locale/de/LC_MESSAGES"
DOMAINS = ("django", "djangojs")
Key = tuple[str, str, str]
"""Context, string and plural; empty where there is none."""

# What people of the test site are called and wrote, which no page translates
DATA = re.compile(
    r"Maximiliane-Konstanze von Hohenstein-Wittelsbach|Claims and complaints, second floor|Eli Novak|Sales|"
    r"Unhappy customers of last week|Not started yet|Say what you look for|Was the system down\?|"
    r"thank you for calling|"
    r"My parcel is late again and I am angry|Why is my router broken again\?|Why is it broken\?|A calm call|"
    r"Lets the customer finish|The worker ran out of memory\. Give it more, then try again\.|[\w.-]+\.(?:wav|csv|zip)"
)
LITERAL = r"u?(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
CALL = re.compile(rf"(?<![\w.])(_|gettext|ngettext|pgettext)\(\s*({LITERAL}(?:\s*,\s*{LITERAL})*)")


def entries(domain: str) -> dict[Key, list[str]]:
    """The .po as key -> translations. Fuzzy and obsolete entries are errors."""
    text = (CATALOGUES / f"{domain}.po").read_text(encoding="utf-8")
    assert "#, fuzzy" not in text
    assert "#~" not in text
    found = {}
    for block in text.split("\n\n"):
        parts: dict[str, str] = {}
        name = ""
        for line in block.splitlines():
            if line.startswith("#"):
                continue
            keyword, _, rest = line.partition(" ")
            if line.startswith('"'):
                rest = line
            else:
                name = keyword
            parts[name] = parts.get(name, "") + ast.literal_eval(rest)
        key = (parts.get("msgctxt", ""), parts["msgid"], parts.get("msgid_plural", ""))
        assert key not in found, key
        found[key] = [words for part, words in parts.items() if part.startswith("msgstr")]
    return found


def keys_of_calls(source: str) -> Iterator[Key]:
    for name, arguments in CALL.findall(source):
        words = ast.literal_eval(f"[{arguments}]")
        if name == "pgettext":
            yield words[0], words[1], ""
        elif name == "ngettext":
            yield "", words[0], words[1]
        else:
            yield "", words[0], ""


def keys_of_python(path: Path) -> Iterator[Key]:
    names = {"gettext", "gettext_lazy", "gettext_noop", "_", "ngettext", "pgettext"}
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
            words = [part.value for part in node.args if isinstance(part, ast.Constant) and isinstance(part.value, str)]
            if not words:
                continue
            yield from {"ngettext": [("", *words)], "pgettext": [(*words, "")]}.get(node.func.id, [("", words[0], "")])


def used(domain: str) -> set[Key]:
    """What the project asks to be translated."""
    if domain == "djangojs":
        scripts = [path for app in ("analytics", "transcription") for path in (ROOT / app / "static").rglob("*.js")]
        return {key for path in scripts for key in keys_of_calls(path.read_text(encoding="utf-8"))}
    python = [path for app in ("analytics", "config", "transcription") for path in (ROOT / app).rglob("*.py")]
    pages = list((ROOT / "templates").rglob("*.html"))
    sources = (templatize(path.read_text(encoding="utf-8"), origin=str(path)) for path in pages)
    found = {key for path in python if "migrations" not in path.parts for key in keys_of_python(path)}
    return found | {key for source in sources for key in keys_of_calls(source)}


@pytest.mark.parametrize("domain", DOMAINS)
def test_every_string_is_in_the_catalogue_and_nothing_else(domain: str) -> None:
    known = entries(domain).keys() - {("", "", "")}
    assert used(domain) - known == set()
    assert known - used(domain) == set()


@pytest.mark.parametrize("domain", DOMAINS)
def test_every_entry_is_translated_with_the_same_placeholders(domain: str) -> None:
    for (context, words, plural), translated in entries(domain).items():
        assert len(translated) == (2 if plural else 1), words
        for original, answer in zip((words, plural) if plural else (words,), translated, strict=True):
            assert answer.strip(), (context, words)
            if words:
                assert placeholders(original) == placeholders(answer), (original, answer)
                assert re.findall(r"</?\w+", original) == re.findall(r"</?\w+", answer), (original, answer)


def placeholders(words: str) -> list[str]:
    return sorted(re.findall(r"%(?:\(\w+\))?s|%%", words))


@pytest.mark.parametrize("domain", DOMAINS)
def test_what_is_compiled_is_what_is_written(domain: str) -> None:
    """Run `msgfmt` after changing a .po, as CONTRIBUTING says."""
    with (CATALOGUES / f"{domain}.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    written: dict[Any, str] = {}
    for (context, words, plural), translated in entries(domain).items():
        key = f"{context}\x04{words}" if context else words
        if plural:
            written |= {(key, number): answer for number, answer in enumerate(translated)}
        else:
            written[key] = translated[0]
    assert compiled == written


class Visible(HTMLParser):
    """The texts of a page that its reader meets, but for what somebody said in a call."""

    ATTRIBUTES = ("aria-label", "title", "placeholder", "alt")
    HIDDEN = ("script", "style", "svg", "code", "kbd", "textarea", "del", "ins")
    VOID = ("input", "meta", "link", "br", "progress")

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._hidden: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        spoken = "lang" in given and tag != "html"
        if (self._hidden or spoken or tag in (*self.HIDDEN, "q", "blockquote")) and tag not in self.VOID:
            self._hidden.append(tag)
        self.texts += [given[name] or "" for name in self.ATTRIBUTES if name in given and not self._hidden]

    def handle_endtag(self, tag: str) -> None:
        if self._hidden and tag not in self.VOID:
            self._hidden.pop()

    def handle_data(self, data: str) -> None:
        if not self._hidden and data.strip():
            self.texts.append(" ".join(data.split()))


ENGLISH = re.compile(r"\b(?:the|and|of|with|from|calls?|is|are|not|this|that|to|by|for|no|under|which|agents?’s)\b")
"""Words that hardly any English sentence does without and that are no German words."""


def pages(site: Site) -> Iterator[str]:
    names = ("overview", "calls", "agents", "questions", "coaching", "reviews", "upload", "batches", "vocabulary")
    yield from map(reverse, (*names, "audit", "capacity", "account"))
    yield from map(reverse, ("confirm", "rerun", "calls_assign", "scorecard_new"))
    yield from (reverse("call", args=[call.pk]) for call in site.calls.values())
    yield from (reverse("batch", args=[batch.pk]) for batch in site.batches.values())
    yield from (reverse("draft", args=[draft.pk]) for draft in site.drafts.values())
    yield from (reverse("coaching_session", args=[session.pk]) for session in site.coached.values())
    yield reverse("agent", args=[site.agent.pk])
    yield reverse("topic", args=[site.topic.pk])
    yield reverse("coaching_of_agent", args=[site.agent.pk])
    yield reverse("compare_runs", args=[site.calls["heard twice"].pk, 1, 2])
    yield reverse("review", args=[site.review.pk])
    yield reverse("review_call", args=[site.review.scorecard_id, site.calls["heard twice"].pk])
    yield reverse("sample", args=[site.sample.pk])
    yield reverse("scorecard", args=[site.review.scorecard_id])
    yield f"{reverse('calls')}?q=router&from=never"
    yield f"{reverse('calls')}?not_said=zeppelin&sentiment_min=4"


@pytest.mark.django_db
@pytest.mark.usefixtures("static_files")
def test_pages_in_german_have_no_english_left(wav: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wiring, "installed_whisper_models", lambda: ["whisper-base", "whisper-tiny.en"])
    site = inhabit(wav)
    client = login(make_user(username="anna", preferences={"language": "de"}))
    english = {words for (_, words, _), answer in entries("django").items() if words and words not in answer}
    left: dict[str, list[str]] = {}
    for address in pages(site):
        response = client.get(address, follow=True)
        assert response.status_code == 200, address
        reader = Visible()
        reader.feed(response.content.decode())
        texts = [DATA.sub("", text) for text in reader.texts]
        if found := [text for text in texts if text in english or ENGLISH.search(text)]:
            left[address] = found
    assert left == {}, json.dumps(left, indent=1, ensure_ascii=False)


def test_numbers_and_lengths_are_written_as_the_language_does() -> None:
    assert (decimal(1234.5), signed(-0.25, 2), about(7800)) == ("1,234.5", "−0.25", "2 h 10 min")
    with translation.override("de"):
        assert (decimal(1234.5), signed(0.25, 2), about(7800)) == ("1.234,5", "+0,25", "2 h 10 min")


def test_what_is_stored_in_english_is_read_in_german() -> None:
    with translation.override("de"):
        assert said("under 30 words") == "weniger als 30 Wörter"
        assert said("by agent, floor taken") == "durch Agent, Wort übernommen"
        assert said('said "thank you for calling" at 0:03') == "sagte „thank you for calling“ bei 0:03"
        assert said("against it: spoke first") == "dagegen spricht: sprach zuerst"
        assert said("Cuts in 4 times in this call (mean 1.2, n 34 calls); the longest") == (
            "Unterbricht 4-mal in diesem Gespräch (Mittel 1,2, n 34 Gespräche); die längste"
        )
        assert said("Speaks for 95 s without a word of the customer’s") == "Spricht 95 s ohne ein Wort des Kunden"
        assert said("suggested: yes, agent talk share 45.5 % (at most 50)") == (
            "Vorschlag: ja, Gesprächsanteil Agent 45,5 % (höchstens 50)"
        )
        assert said("File is damaged: moov atom") == "File is damaged: moov atom"


def test_why_a_number_is_not_known_can_be_said_in_german() -> None:
    """Every reason that the metrics give, with numbers in place of what is put in."""
    reasons = set()
    for path in (ROOT / "analytics/metrics").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Unknown":
                reasons |= set(_as_said(node.args[0]))
    assert len(reasons) > 12
    with translation.override("de"):
        assert [reason for reason in sorted(reasons) if said(reason) == reason] == []


def _as_said(words: ast.expr) -> list[str]:
    if isinstance(words, ast.Constant):
        return [str(words.value)]
    if not isinstance(words, ast.JoinedStr):
        return []
    template = "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in words.values)  # type: ignore[misc]
    fillers = ["agent", "customer"] if "the {}" in template else ["30"]
    return [template.replace("{}", filler) for filler in fillers]
