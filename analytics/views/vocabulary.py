"""The vocabulary page: filler lists with their effect before they count, company words with the prompt they make."""

import re
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from analytics import filler_effect, queries
from analytics.filler_changes import changes
from analytics.tasks import enqueue_rescoring
from analytics.vocabulary_forms import CompanyWordsForm, FillerListForm, TrialForm, prompt_of, texts_of
from transcription import audit, vocabularies
from transcription.models import Action, Recording, Run, User
from transcription.queries import recordings_visible_to
from transcription.rerun import rerun
from transcription.runs import trial_settings, without_findings
from transcription.speech.filler_list import list_name
from transcription.speech.vocabulary import DEFAULT_LANGUAGE, filler_terms
from transcription.views.access import for_administrators, for_managers, user_of

from .htmx import HtmxRequest

CALLS_TO_TRY = 30
TRIALS_SHOWN = 5
STOP_POLLING = 286


@for_managers
@require_safe
def vocabulary(request: HttpRequest, language: str = DEFAULT_LANGUAGE) -> HttpResponse:
    """The words of a language."""
    return _page(request, _known(language))


@for_managers
@require_POST
def effect(request: HttpRequest, language: str) -> HttpResponse:
    """What the list of the form would change; nothing is kept."""
    form = FillerListForm(request.POST)
    if not form.is_valid():
        return _page(request, _known(language), fillers=form)
    return _effect(request, _known(language), form)


@for_administrators
@require_POST
def fillers(request: HttpRequest, language: str) -> HttpResponse:
    """The list of the form counts from now on, in the calls of the past, too."""
    form = FillerListForm(request.POST)
    if not form.is_valid():
        return _page(request, _known(language), fillers=form)
    with transaction.atomic():
        if form.cleaned_data["seen"] != list_name(language, vocabularies.terms_of(language)):
            words = _("Somebody else has changed the list meanwhile. This is its effect against theirs.")
            messages.error(request, words)
            return _effect(request, _known(language), form)
        vocabularies.keep_fillers(_known(language), form.terms, by=user_of(request))
        enqueue_rescoring()
        audit.record(request, Action.CHANGED, f"filler list {language}", list=list_name(language, form.terms))
    return redirect("vocabulary", language)


@require_safe
@for_managers
def progress(request: HttpRequest, language: str) -> HttpResponse:
    """How far counting anew is; asked every few seconds while it goes on."""
    found = queries.rescoring(_known(language))
    context = {"rescoring": found, "language": language}
    return render(request, "analytics/_rescored.html", context, status=200 if found.running else STOP_POLLING)


@for_administrators
@require_POST
def words(request: HttpRequest, language: str) -> HttpResponse:
    """Keep company words; calls that are heard from now on are heard with them."""
    form = CompanyWordsForm(request.POST)
    if not form.is_valid():
        return _page(request, _known(language), words=form)
    vocabularies.keep_company_words(_known(language), form.cleaned_data["words"], by=user_of(request))
    audit.record(request, Action.CHANGED, f"company words {language}", words=form.cleaned_data["words"])
    messages.success(request, _("Kept. Calls that are heard from now on are heard with these words."))
    return redirect("vocabulary", language)


@for_managers
@require_POST
def prompt(request: HttpRequest, language: str) -> HttpResponse:
    """What the recogniser would be told, while somebody writes."""
    form = CompanyWordsForm(request.POST)
    terms = vocabularies.terms_of(_known(language))
    shown = prompt_of(language, form.cleaned_data["words"], terms) if form.is_valid() else None
    return render(request, "analytics/_prompt.html", {"words_form": form, "prompt": shown})


@for_managers
@require_POST
def trial(request: HtmxRequest, language: str) -> HttpResponse:
    """Hear one call with the words of the form, beside what is shown of it; htmx keeps the form as it is."""
    user = user_of(request)
    form = TrialForm(request.POST, calls=_to_try(user, _known(language)))
    problem = "" if form.is_valid() else " ".join(str(why) for reasons in form.errors.values() for why in reasons)
    if not problem:
        recording = form.cleaned_data["call"]
        asked = trial_settings(recording, form.cleaned_data["words"])
        started = rerun([recording], Run.Stage.RECOGNIZING, asked, by=user, trial=True)
        if started:
            audit.record(request, Action.HEARD_AGAIN, recording, trial=True)
        problem = "" if started else _("This call is waiting or at work already.")
    if not request.htmx:
        return redirect("vocabulary", language)
    return render(request, "analytics/_trials.html", _about_trials(user) | {"language": language, "problem": problem})


@for_managers
@require_safe
def trials(request: HttpRequest, language: str) -> HttpResponse:
    """The trials of this user's calls, asked every few seconds while one is not done."""
    found = _about_trials(user_of(request))
    status = 200 if found["trials_waiting"] else STOP_POLLING
    return render(request, "analytics/_trials.html", found | {"language": _known(language)}, status=status)


def _known(language: str) -> str:
    if not re.fullmatch("[a-z]{2,3}", language):
        raise Http404("A language code has two or three letters.")
    return language


def _name(language: str) -> str:
    """In English; a code that has no name there stands for itself."""
    try:
        return str(get_language_info(language)["name"])
    except KeyError:
        return language


def _languages() -> list[tuple[str, str]]:
    """Code and name of those with a list, words or calls."""
    codes = {*vocabularies.languages(), *queries.languages_counted()}
    return sorted(((code, _name(code)) for code in codes), key=lambda known: known[1])


def _page(
    request: HttpRequest,
    language: str,
    fillers: FillerListForm | None = None,
    words: CompanyWordsForm | None = None,
) -> HttpResponse:
    """`fillers`, `words`: what somebody sent, in place of what is kept."""
    user = user_of(request)
    terms, kept = vocabularies.terms_of(language), vocabularies.company_words(language)
    given = words.cleaned_data.get("words") if words else kept
    context = {
        "language": language,
        "language_name": _name(language),
        "languages": _languages(),
        "kept": vocabularies.kept(language),
        "terms": terms,
        "shipped": _form(language, filler_terms(language), terms, hidden=True),
        "fillers_form": fillers or _form(language, terms, terms),
        "words_form": words or CompanyWordsForm(initial={"words": "\n".join(kept)}),
        "prompt": None if given is None else prompt_of(language, given, terms),
        "calls": _to_try(user, language)[:CALLS_TO_TRY],
        "rescoring": queries.rescoring(language),
    }
    return render(request, "analytics/vocabulary.html", context | _about_trials(user))


def _form(language: str, shown: tuple[Any, ...], current: tuple[Any, ...], *, hidden: bool = False) -> FillerListForm:
    """`hidden`: without ids, because the page shows another form of the list."""
    values = texts_of(shown) | {"seen": list_name(language, current)}
    return FillerListForm(initial=values, auto_id=not hidden and "id_%s")


def _effect(request: HttpRequest, language: str, form: FillerListForm) -> HttpResponse:
    current = vocabularies.terms_of(language)
    context = {
        "language": language,
        "language_name": _name(language),
        "form": _form(language, form.terms, current),
        "chosen": _form(language, form.terms, current, hidden=True),
        "terms": form.terms,
        "changes": changes(current, form.terms),
        "same": list_name(language, current) == list_name(language, form.terms),
        "effect": filler_effect.effect(user_of(request), language, current, form.terms),
    }
    return render(request, "analytics/filler_effect.html", context)


def _to_try(user: User, language: str) -> QuerySet[Recording]:
    """Finished calls of the language, newest first."""
    done = recordings_visible_to(user).filter(status=Recording.Status.DONE, current_run__isnull=False)
    heard = done.filter(language=language, outcome=Recording.Outcome.TWO_SIDED)
    newest = heard.order_by(F("started_at").desc(nulls_last=True), "-pk")
    return newest.select_related("agent", "current_run").defer("peaks", "activity", *_unread("current_run"))


def _unread(run: str) -> list[str]:
    """The columns of a joined run that hold whole transcripts."""
    return [f"{run}__{column}" for column in ("heard", "diarized", "transcript")]


def _about_trials(user: User) -> dict[str, Any]:
    """What the user tried last."""
    visible = Run.objects.filter(trial=True, created_by=user, recording__in=recordings_visible_to(user).order_by())
    newest = without_findings(visible.select_related("recording__agent", "base")).order_by("-pk")
    found = list(newest.defer("recording__peaks", "recording__activity", *_unread("base"))[:TRIALS_SHOWN])
    return {"trials": found, "trials_waiting": any(not run.finished_at for run in found)}
