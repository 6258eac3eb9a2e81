"""A request's id: the one the reverse proxy gave it, or one of our own."""

import re
import uuid
from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse

from transcription.logs import about

HEADER: Final = "X-Request-ID"
_GIVEN = re.compile(r"[A-Za-z0-9_.-]{1,64}")


def with_ids(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: every line that is logged during a request carries its id, and so does the answer."""

    def answer(request: HttpRequest) -> HttpResponse:
        given = request.headers.get(HEADER, "")
        request_id = given if _GIVEN.fullmatch(given) else uuid.uuid4().hex
        with about(request=request_id):
            response = get_response(request)
        response.headers[HEADER] = request_id
        return response

    return answer
