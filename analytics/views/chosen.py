"""What is done to many calls at once: those ticked in the list, or all that pass its filters."""

from django.contrib import messages
from django.contrib.humanize.templatetags.humanize import intcomma
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from analytics import queries
from analytics.assignment import assign
from analytics.filter_forms import AssignForm, chips
from analytics.queries import CallFilters
from transcription import audit
from transcription.models import Action
from transcription.views.access import for_managers, user_of

ACTIONS = {"assign": "calls_assign", "rerun": "rerun", "export": "calls_export"}
"""What the button `do` says -> the page that is asked next, with the filters in its address."""


def _filters(request: HttpRequest) -> CallFilters:
    """Of the address. Without a filter that cannot be read there would be more calls than somebody meant."""
    filters = CallFilters.parse(request.GET)
    if filters.errors:
        raise Http404(" ".join(filters.errors.values()))
    return filters


@for_managers
@require_safe
def chosen(request: HttpRequest) -> HttpResponse:
    """From the boxes of the list to the page of the button that was pressed."""
    filters = _filters(request)
    if filters.calls == ():
        messages.warning(request, _("No call is chosen. Tick some, or “all that match”."))
        return redirect(f"{reverse('calls')}?{filters.without('calls').query}")
    page = ACTIONS.get(request.GET.get("do", ""))
    if page is None:
        raise Http404("Nothing of that name can be done to calls.")
    return redirect(f"{reverse(page)}?{filters.query}")


@for_managers
@require_http_methods(["GET", "HEAD", "POST"])
def assign_calls(request: HttpRequest) -> HttpResponse:
    """Shows whose calls would go to another agent; done when a person agrees to their number."""
    user = user_of(request)
    filters = _filters(request)
    form = AssignForm(user, request.POST if request.method == "POST" else None)
    if form.is_valid():
        agent, count = form.cleaned_data["agent"], form.cleaned_data["expected"]
        with transaction.atomic():
            assigned = assign(user, filters, agent, expected=count)
            audit.record_each(request, Action.ASSIGNED, assigned or (), agent=agent.name)
        if assigned is not None:
            words = ngettext(
                "%(calls)s call is %(agent)s’s now. Numbers of agents and teams have followed.",
                "%(calls)s calls are %(agent)s’s now. Numbers of agents and teams have followed.",
                count,
            )
            messages.success(request, words % {"calls": intcomma(count), "agent": agent})
            return redirect(f"{reverse('calls')}?{filters.without('calls').query}")
        messages.warning(request, _("The calls that match have changed since. Please look again: nothing was done."))
    holders = queries.calls_by_agent(user, filters)
    context = {
        "filters": filters,
        "form": form,
        "chips": chips(user, filters),
        "holders": holders,
        "count": sum(holder.calls for holder in holders),
    }
    return render(request, "analytics/assign.html", context)
