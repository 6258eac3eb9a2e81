"""For machines that watch this one. Nothing here tells anything about a call."""

from http import HTTPStatus

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from transcription import gauges, health

THIS_MACHINE = ("127.0.0.1", "::1")
FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via")


@login_not_required
@never_cache
@require_safe
def healthz(_request: HttpRequest) -> HttpResponse:
    """The process answers. It asks for nothing else: starting it again would not bring a database back."""
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
@never_cache
@require_safe
def readyz(_request: HttpRequest) -> HttpResponse:
    """200 when this process can do its work, else 503; what is wrong with each thing it needs."""
    checks = health.readiness()
    ready = set(checks.values()) == {health.OK}
    status = HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE
    return JsonResponse({"ready": ready, "checks": checks}, status=status)


@login_not_required
@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """For Prometheus, which knows the token or runs on this machine."""
    if not _may_scrape(request):
        return HttpResponseForbidden("Send the token, or ask from this machine.", content_type="text/plain")
    return HttpResponse(gauges.exposition(), content_type=CONTENT_TYPE_LATEST)


def _may_scrape(request: HttpRequest) -> bool:
    """A reverse proxy on this machine makes all requests look local, so what it passed on never counts as such."""
    if settings.METRICS_TOKEN:
        return constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {settings.METRICS_TOKEN}")
    passed_on = settings.BEHIND_PROXY or any(header in request.headers for header in FORWARDED)
    return not passed_on and request.META.get("REMOTE_ADDR") in THIS_MACHINE
