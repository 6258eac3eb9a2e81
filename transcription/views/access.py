"""Who may open a page at all. What of it they may see is for `queries` to say."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from transcription.models import User

View = Callable[..., HttpResponseBase]


def for_managers(view: View) -> View:
    """403 for agents, who only look at their own calls."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not user_of(request).may_manage_calls:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def for_administrators(view: View) -> View:
    """403 for everybody whose changes should not concern all teams."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not user_of(request).is_administrator:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def for_reviewers(view: View) -> View:
    """403 for agents; managers review too."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not user_of(request).may_review:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def user_of(request: HttpRequest) -> User:
    return cast("User", request.user)  # LoginRequiredMiddleware let the request through
