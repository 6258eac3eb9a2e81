"""In which language and zone a request is answered: as the account says, else as the browser and the site do."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation


def preferred(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware, after the user is known; LocaleMiddleware has read the browser's wish before."""

    def answer(request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return get_response(request)
        if language := request.user.language:
            translation.activate(language)
            request.LANGUAGE_CODE = language
        with timezone.override(request.user.zone):
            return get_response(request)

    return answer
