from collections import Counter

import pytest

from transcription.speech.vocabulary import (
    FILLER_TERMS,
    MAX_COMPANY_CHARACTERS,
    MAX_COMPANY_WORDS,
    PROMPTS,
    FillerTerm,
    filler_terms,
    prompt,
    strip_hesitations,
)


@pytest.mark.parametrize(
    ("term", "tier", "spellings"),
    [
        ("um", 1, {"um", "umm", "uhm"}),
        ("uh", 1, {"uh", "uhh"}),
        ("er", 1, {"er", "erm"}),
        ("you know", 2, {"you know"}),
        ("kind of", 2, {"kind of", "kinda"}),
        ("like", 3, {"like"}),
        ("basically", 3, {"basically"}),
    ],
)
def test_english_families(term: str, tier: int, spellings: set[str]) -> None:
    (found,) = [each for each in FILLER_TERMS["en"] if each.term == term]
    assert found.tier == tier
    assert spellings <= set(found.spellings)


@pytest.mark.parametrize("language", FILLER_TERMS)
def test_a_spelling_belongs_to_one_term_and_is_plain(language: str) -> None:
    spellings = Counter(spelling for term in FILLER_TERMS[language] for spelling in term.spellings)
    assert max(spellings.values()) == 1
    assert all(spelling == spelling.lower().strip(" ,.") for spelling in spellings)
    assert {term.tier for term in FILLER_TERMS[language]} == {1, 2, 3}


def test_every_listed_language_has_a_prompt_and_regions_share_it() -> None:
    assert set(PROMPTS) == set(FILLER_TERMS)
    assert filler_terms("en-GB") == filler_terms("EN_us") == filler_terms(None) == FILLER_TERMS["en"]
    assert filler_terms("tlh") == ()


def test_english_prompt_with_company_words() -> None:
    expected = "Um, uh, like, you know, I mean, hmm, er, ah, well, so. Harbor Telecom, iPlan."
    assert prompt("en", ["Harbor  Telecom", "iPlan", "iPlan", " "]) == expected


def test_prompt_of_other_languages() -> None:
    assert prompt("de").startswith("Äh, ähm,")
    assert prompt(None).startswith("Um, uh,")
    assert prompt("tlh", ["Qapla"]) == "Qapla."
    assert prompt("tlh") == ""


def test_own_terms_replace_the_shipped_ones_hesitations_first() -> None:
    terms = [FillerTerm("right so", 3), FillerTerm("umm", 1), FillerTerm("innit", 2)]
    assert prompt("en", ["Kestrel"], terms) == "Umm, innit, right so. Kestrel."
    assert prompt("en", [], []) == ""


def test_company_words_are_capped_so_that_the_prompt_stays_short() -> None:
    by_number = prompt("tlh", [f"n{number}" for number in range(50)])
    assert by_number.count(",") == MAX_COMPANY_WORDS - 1
    assert by_number.startswith("n0, n1")
    by_length = prompt("tlh", ["a" * 70, "b" * 50, "c"])
    assert by_length == f"{'a' * 70}, {'b' * 50}."
    assert prompt("tlh", ["d" * (MAX_COMPANY_CHARACTERS + 1)]) == ""


@pytest.mark.parametrize(
    ("said", "stripped"),
    [
        ("Um, I, uh, need a umbrella, er, please.", "I need a umbrella please."),
        ("Okay, so, um, it's fine.", "Okay, so it's fine."),
        ("UHH what?", "what?"),
        ("uh-huh, her umbrella", "uh-huh, her umbrella"),
        ("Um.", "Um."),
        ("", ""),
    ],
)
def test_strip_hesitations(said: str, stripped: str) -> None:
    assert strip_hesitations(said) == stripped


def test_strip_hesitations_knows_other_languages() -> None:
    assert strip_hesitations("Ich, äh, komme.", "de") == "Ich komme."
    assert strip_hesitations("um die Ecke", "de") == "um die Ecke"
    assert strip_hesitations("um, well", "tlh") == "um, well"
