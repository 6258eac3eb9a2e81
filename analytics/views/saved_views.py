"""Saved views of the list of calls: saved under a name, renamed, shared, deleted by whom they belong to."""

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from analytics.filter_forms import SavedViewForm
from analytics.models import SavedView
from analytics.queries import CallFilters
from transcription import audit
from transcription.models import Action, User
from transcription.views.access import user_of


@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """The filters and order of the address under a name. A view of one's own with that name is replaced."""
    user = user_of(request)
    query = CallFilters.parse(request.GET).query
    view = SavedView.objects.filter(user=user, name=request.POST.get("name", "").strip()).first()
    _keep(request, user, view or SavedView(user=user), query)
    return _list(query)


@require_POST
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Another name, shared or not."""
    user = user_of(request)
    view = get_object_or_404(user.saved_views, pk=pk)
    _keep(request, user, view, view.query)
    return _list(view.query)


@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    view = get_object_or_404(user_of(request).saved_views, pk=pk)
    audit.record(request, Action.DELETED, view)
    view.delete()
    messages.success(request, _("The view “%(view)s” is deleted. No call is.") % {"view": view})
    return _list(view.query)


def _keep(request: HttpRequest, user: User, view: SavedView, query: str) -> None:
    form = SavedViewForm(user, request.POST, instance=view)
    if not form.is_valid():
        messages.error(request, _("Not saved: a view needs a name of up to 60 characters."))
        return
    view.query = query
    action = Action.CHANGED if view.pk else Action.ADDED
    try:
        with transaction.atomic():
            form.save()
    except IntegrityError:
        messages.error(request, _("Not renamed: you have another view called “%(view)s”.") % {"view": view})
    else:
        audit.record(request, action, view, shared=view.shared)
        messages.success(request, _("Saved as “%(view)s”.") % {"view": view})


def _list(query: str) -> HttpResponse:
    return redirect(f"{reverse('calls')}?{query}")
