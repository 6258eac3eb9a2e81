"""What the site says about the words of a language. Everybody who needs a filler list or company words asks here."""

from collections.abc import Sequence

from .models import User, Vocabulary
from .speech.filler_list import from_rows, list_name, to_rows
from .speech.vocabulary import FILLER_TERMS, FillerTerm, filler_terms, language_code


def terms_of(language: str) -> tuple[FillerTerm, ...]:
    """The filler list of a language: the site's own, else the shipped one; empty where there is none."""
    return _own_terms(language_code(language)).get(language_code(language), filler_terms(language))


def own_terms() -> dict[str, tuple[FillerTerm, ...]]:
    """The lists that a site keeps in place of shipped ones, by language code."""
    return _own_terms()


def company_words(language: str) -> list[str]:
    """Names and products, in the order they were given; of all languages where `language` is "" (to be detected)."""
    rows = Vocabulary.objects.order_by("language")
    rows = rows.filter(language=language_code(language)) if language else rows
    return [word for words in rows.values_list("company_words", flat=True) for word in words]


def current_lists(languages: Sequence[str]) -> dict[str, str]:
    """Language code -> the name of the list that counts now (filler_list.list_name)."""
    own = own_terms()
    return {code: list_name(code, own.get(code, filler_terms(code))) for code in languages}


def kept(language: str) -> Vocabulary | None:
    """What was written down for a language, when and by whom."""
    return Vocabulary.objects.select_related("changed_by").filter(language=language_code(language)).first()


def languages() -> list[str]:
    """Codes of the languages with a shipped list or with words of the site."""
    return sorted({*FILLER_TERMS, *Vocabulary.objects.values_list("language", flat=True)})


def keep_fillers(language: str, terms: Sequence[FillerTerm], *, by: User) -> None:
    """The list that counts from now on; the shipped one is not written down, so that it may improve."""
    same = list_name(language, terms) == list_name(language, filler_terms(language))
    _keep(language, by, fillers=None if same else to_rows(terms))


def keep_company_words(language: str, words: Sequence[str], *, by: User) -> None:
    _keep(language, by, company_words=list(words))


def _keep(language: str, by: User, **values: object) -> None:
    Vocabulary.objects.update_or_create(language=language_code(language), defaults=values | {"changed_by": by})


def _own_terms(*codes: str) -> dict[str, tuple[FillerTerm, ...]]:
    kept = Vocabulary.objects.filter(fillers__isnull=False)
    kept = kept.filter(language__in=codes) if codes else kept
    return {code: from_rows(rows or ()) for code, rows in kept.values_list("language", "fillers")}
