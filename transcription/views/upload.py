"""Where files come in: each upload is a draft of its own."""

from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from transcription import audit
from transcription.arrivals import Announced, RefusedError, announce, append, tidy_name
from transcription.forms import UploadForm
from transcription.models import Action, Draft, DraftFile, User
from transcription.queries import drafts_visible_to

from .access import for_managers, user_of


@for_managers
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """A form for files; a script asks for an empty draft instead, and sends the files to it in pieces."""
    user = user_of(request)
    if request.method == "POST" and _wants_json(request):
        draft = _new(request, user)
        return JsonResponse(
            {"page": reverse("draft", args=[draft.pk]), "files": reverse("draft_files", args=[draft.pk])}
        )
    form = UploadForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if form.is_valid():
        draft = _new(request, user)
        for number, file in enumerate(form.cleaned_data["recordings"]):
            _keep(draft, number, file)
        return redirect("draft", draft.pk)
    drafts = drafts_visible_to(user).select_related("created_by").annotate(held=Count("files"))
    context = {"form": form, "drafts": drafts, "chunk_bytes": settings.UPLOAD_CHUNK_BYTES}
    return render(request, "transcription/upload.html", context, status=400 if form.is_bound else 200)


def _new(request: HttpRequest, user: User) -> Draft:
    draft = Draft.objects.create(created_by=user)
    audit.record(request, Action.ADDED, draft)
    return draft


def _keep(draft: Draft, number: int, uploaded: "UploadedFile[Any]") -> None:
    """A whole file; one that cannot be taken stays in the list with the reason. `number` tells equal names apart."""
    (file,) = announce(draft, [Announced(tidy_name(uploaded.name or ""), uploaded.size or 0, number)])
    if isinstance(file, RefusedError):
        DraftFile.objects.create(
            draft=draft,
            name=tidy_name(uploaded.name or ""),
            size=0,
            modified=number,
            error=str(file),
            looked_at=timezone.now(),
        )
        return
    offset = 0
    for piece in uploaded.chunks():
        offset = append(file, offset, piece)


def _wants_json(request: HttpRequest) -> bool:
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"
