"""Filler lists as text and as rows, and what is wrong with a line."""

import pytest

from transcription.speech.filler_list import from_rows, language_of, list_name, parse, to_rows, to_text
from transcription.speech.vocabulary import FILLER_TERMS, FillerTerm


def test_a_line_is_a_term_with_its_spellings_however_it_was_pasted() -> None:
    terms, problems = parse({1: "Um, umm,  UHM.\n\n uh;uhh \n", 2: "Y’know\tya  know\t\t", 3: "so"})
    assert problems == []
    assert terms == (
        FillerTerm("um", 1, ("umm", "uhm")),
        FillerTerm("uh", 1, ("uhh",)),
        FillerTerm("y'know", 2, ("ya know",)),
        FillerTerm("so", 3),
    )


@pytest.mark.parametrize("language", FILLER_TERMS)
def test_every_shipped_list_outlives_text_and_rows(language: str) -> None:
    shipped = FILLER_TERMS[language]
    terms, problems = parse({tier: to_text(shipped, tier) for tier in (1, 2, 3)})
    assert problems == []
    assert set(terms) == set(shipped)
    assert from_rows(to_rows(shipped)) == shipped


@pytest.mark.parametrize(
    ("texts", "tier", "line", "reason"),
    [
        ({1: "um, umm\nuh, umm"}, 1, 2, "“umm” is already a spelling of “um”"),
        ({1: "um", 3: "so\nUM"}, 3, 2, "“um” is already a spelling of “um”"),
        ({2: "in 2 words"}, 2, 1, "“in 2 words” has 2 in it; only letters, apostrophes and hyphens are said"),
        ({2: "<b>um</b>"}, 2, 1, "“<b>um</b>” has / < > in it; only letters, apostrophes and hyphens are said"),
        ({2: "at the end of the day"}, 2, 1, "“at the end of the day” has more than 4 words"),
        ({1: "u" * 61}, 1, 1, f"“{'u' * 20}…” is longer than 60 characters"),
        ({1: "- um"}, 1, 1, "“- um” begins or ends a word with an apostrophe or a hyphen"),
        ({1: ",".join("a" * n for n in range(1, 33))}, 1, 1, "more than 30 spellings"),
    ],
)
def test_what_nobody_can_say_is_refused(texts: dict[int, str], tier: int, line: int, reason: str) -> None:
    _, problems = parse(texts)  # type: ignore[arg-type]
    assert [(each.tier, each.line, each.reason) for each in problems] == [(tier, line, reason)]


def test_a_list_has_an_end() -> None:
    _, problems = parse({3: "\n".join("x" * 3 + chr(97 + n // 26) + chr(97 + n % 26) for n in range(101))})
    assert [each.reason for each in problems] == ["101 terms; at most 100 can be counted"]


def test_signs_on_letters_are_letters() -> None:
    terms, problems = parse({1: "हाँ", 3: "na ja\nvoila\N{COMBINING GRAVE ACCENT}"})
    assert problems == []
    assert [term.term for term in terms] == ["हाँ", "na ja", "voilà"]


def test_lists_that_count_alike_have_one_name() -> None:
    um, so = FillerTerm("um", 1, ("umm", "uhm")), FillerTerm("so", 3)
    name = list_name("en-GB", [um, so])
    assert name == list_name("en", [so, FillerTerm("um", 1, ("uhm", "umm"))])
    assert name != list_name("en", [um])
    assert name != list_name("en", [um, FillerTerm("so", 2)])
    assert name != list_name("de", [um, so])
    assert name != list_name("en", [FillerTerm("umm", 1, ("um", "uhm")), so])
    assert (language_of(name), len(name)) == ("en", 15)
    assert list_name("fi", []) == "fi -"
