"""Comments at a moment of a call. Each answer is the list of them, for htmx to put in place of the old one."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from analytics.forms import CommentForm
from analytics.models import Comment
from transcription import audit
from transcription.models import Action, Recording
from transcription.queries import recordings_visible_to
from transcription.views.access import user_of


@require_POST
def comments(request: HttpRequest, pk: int) -> HttpResponse:
    """Whoever sees the call may comment on it."""
    recording = get_object_or_404(recordings_visible_to(user_of(request)), pk=pk)
    form = CommentForm(request.POST, instance=Comment(recording=recording, author=user_of(request)))
    return _answer(request, recording, form)


@require_http_methods(["POST", "DELETE"])
def comment(request: HttpRequest, pk: int) -> HttpResponse:
    """Change or delete one's own."""
    user = user_of(request)
    own = get_object_or_404(Comment, pk=pk, author=user, recording__in=recordings_visible_to(user))
    if request.method == "DELETE":
        audit.record(request, Action.COMMENTED, own.recording, deleted=own.pk)
        own.delete()
        return _answer(request, own.recording)
    own.edited_at = timezone.now()
    return _answer(request, own.recording, CommentForm(request.POST, instance=own))


def _answer(request: HttpRequest, recording: Recording, form: CommentForm | None = None) -> HttpResponse:
    context: dict[str, Any] = {"recording": recording, "comments": recording.comments.select_related("author")}
    if form and form.is_valid():
        kept = form.save()
        audit.record(request, Action.COMMENTED, recording, comment=kept.pk)
    elif form:
        context["form"] = form
    return render(request, "analytics/_comments.html", context)
