"""What belongs to no page."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control

from analytics import charts


@login_not_required
@cache_control(public=True, immutable=True, max_age=31_536_000)
def vega(_request: HttpRequest) -> HttpResponse:
    """The chart library; its address carries the version."""
    return HttpResponse(charts.library(), content_type="text/javascript", headers={"Content-Encoding": "gzip"})
