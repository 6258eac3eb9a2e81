"""What a user chose about pages, kept in the account."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from analytics import strip
from analytics.account_form import AccountForm
from analytics.queries import COLUMNS, CallFilters
from transcription.views.access import user_of


@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """The language and the time zone of the own account."""
    user = user_of(request)
    form = AccountForm(request.POST if request.method == "POST" else None, initial=user.preferences)
    if form.is_valid():
        user.prefer(**form.cleaned_data)
        return redirect("account")
    return render(request, "analytics/account.html", {"form": form})


@require_POST
def layers(request: HttpRequest) -> HttpResponse:
    """The layers of the strip that are on; what is no layer is ignored."""
    shown = request.POST.getlist("layer")
    user_of(request).prefer(hidden_layers=[layer for layer in strip.LAYERS if layer not in shown])
    return HttpResponse(status=204)


@require_POST
def columns(request: HttpRequest) -> HttpResponse:
    """The columns of the list of calls; none at all, or `usual`, are the usual ones again."""
    chosen = [] if "usual" in request.POST else request.POST.getlist("column")
    user_of(request).prefer(call_columns=[key for key in chosen if key in COLUMNS])
    return redirect(f"{reverse('calls')}?{CallFilters.parse(request.GET).query}")
