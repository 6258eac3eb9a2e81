"""Pieces of files, as scripts send them: announce, ask for the offset, append."""

import json

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from transcription.arrivals import (
    OffsetError,
    RefusedError,
    announce,
    append,
    is_hidden,
    read_announcement,
)
from transcription.models import Draft, DraftFile
from transcription.queries import drafts_visible_to

from .access import for_managers, user_of

MOST_AT_ONCE = 1000


@for_managers
@require_POST
def draft_files(request: HttpRequest, pk: int) -> HttpResponse:
    """[{name, size, modified}, …] in; for each its address and offset, an error, or null for one that is not wanted."""
    draft = get_object_or_404(drafts_visible_to(user_of(request)), pk=pk)
    try:
        said = json.loads(request.body)
        if not isinstance(said, list) or len(said) > MOST_AT_ONCE:
            raise RefusedError(f"A list of at most {MOST_AT_ONCE} files is expected.")
        files = [read_announcement(one) for one in said]
    except (ValueError, RefusedError) as error:
        return JsonResponse({"error": str(error)}, status=400)
    wanted = [file for file in files if not is_hidden(file.name)]
    answers = dict(zip(wanted, announce(draft, dict.fromkeys(wanted)), strict=False))
    return JsonResponse({"files": [_answer(draft, answers.get(file)) for file in files]})


@for_managers
@require_http_methods(["HEAD", "PATCH"])
def draft_file(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """How much of the file is here; with PATCH, the piece that begins at Upload-Offset is added."""
    draft = get_object_or_404(drafts_visible_to(user_of(request)), pk=pk)
    file = get_object_or_404(draft.files.all(), key=key)
    if request.method == "HEAD":
        return _at(file.received, 200, size=file.size)
    length, offset = _number(request, "Content-Length"), _number(request, "Upload-Offset")
    if length is None or offset is None:
        return HttpResponse("Content-Length and Upload-Offset are needed.", status=400)
    if length > settings.UPLOAD_CHUNK_BYTES:
        return HttpResponse("The piece is too large.", status=413)
    try:
        return _at(append(file, offset, request.read(length)), 204)
    except OffsetError as error:
        return _at(error.offset, 409)
    except RefusedError as error:
        return HttpResponse(str(error), status=error.status)


def _answer(draft: Draft, file: "DraftFile | RefusedError | None") -> dict[str, object] | None:
    if isinstance(file, DraftFile):
        return {"url": reverse("draft_file", args=[draft.pk, file.key]), "offset": file.received}
    return {"error": str(file)} if file else None


def _at(offset: int, status: int, size: int | None = None) -> HttpResponse:
    headers = {"Upload-Offset": str(offset), "Cache-Control": "no-store"}
    if size is not None:
        headers["Upload-Length"] = str(size)
    return HttpResponse(status=status, headers=headers)


def _number(request: HttpRequest, header: str) -> int | None:
    said = request.headers.get(header, "")
    return int(said) if said.isascii() and said.isdigit() else None
