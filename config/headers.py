"""What a browser may do with our pages. Django 5.2 has no policy of its own for content (6.0 does)."""

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse

CONTENT: Final = "; ".join(
    (
        "default-src 'self'",  # nothing inline, no eval, no data: or blob: for scripts, styles, sound or pictures
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "object-src 'none'",
    )
)
"""Vega draws under it because charts.js has it interpret expressions and bring no styles; htmx because its eval and its
own styles are off (templates/base.html)."""

FEATURES: Final = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"


def policies(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: both policies on every answer, static files too; Django's error pages for developers are inline."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not (settings.DEBUG and response.status_code in (404, 500)):
            response.headers["Content-Security-Policy"] = CONTENT
        response.headers["Permissions-Policy"] = FEATURES
        return response

    return answer
