"""Recordings in, by a form."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from transcription.forms import UploadForm
from transcription.ingest import Result, accept_all
from transcription.inspection import Plan, plan
from transcription.models import Batch, Recording, User
from transcription.queries import agents_managed_by, recordings_visible_to

from .access import for_managers, user_of


@for_managers
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """A form for several files at once; upload.js sends them one by one and asks for JSON."""
    user = user_of(request)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = UploadForm(*sent, agents=agents_managed_by(user), batches=user.batches.all())
    if not form.is_valid():
        if _wants_json(request):
            return JsonResponse({"errors": form.errors}, status=400)
        return render(request, "transcription/upload.html", {"form": form}, status=400 if form.is_bound else 200)
    planned, results = _receive(form, user)
    batch = form.cleaned_data["batch"] or next((r.recording.batch for r in results if _is_new(r) and r.recording), None)
    if _wants_json(request):
        return _as_json(planned, results, batch, user)
    if batch and all(map(_is_new, results)) and not planned.rows_without_file:
        return redirect("batch", batch.pk)
    context = {
        "results": _described(results, user),
        "plan": planned,
        "batch": batch,
        "manifest": form.cleaned_data["manifest"],
    }
    return render(request, "transcription/uploaded.html", context)


def _receive(form: UploadForm, user: User) -> tuple[Plan, list[Result]]:
    values = form.cleaned_data
    with _as_files(values["recordings"]) as paths:
        planned = plan(
            paths,
            source=values["source"],
            manifest=values["manifest"],
            default_agent=values["default_agent"],
            agents=agents_managed_by(user),
            create_agents_from={"manifest"} if user.is_administrator else (),
        )
        return planned, list(accept_all(planned.candidates, values["batch"] or Batch(created_by=user)))


@contextmanager
def _as_files(uploads: list["UploadedFile[Any]"]) -> Iterator[list[Path]]:
    """The uploads as files under the names that they had, each in a folder of its own because names may repeat."""
    with TemporaryDirectory() as folder:
        yield [_as_file(upload, Path(folder, str(number))) for number, upload in enumerate(uploads)]


def _as_file(upload: "UploadedFile[Any]", folder: Path) -> Path:
    folder.mkdir()
    longest = 255  # bytes that a file system takes for a name
    path = folder / (upload.name or "recording").encode()[-longest:].decode(errors="ignore")
    if isinstance(upload, TemporaryUploadedFile):
        path.symlink_to(upload.temporary_file_path())
    else:
        path.write_bytes(upload.read())
    return path


def _as_json(planned: Plan, results: list[Result], batch: Batch | None, user: User) -> JsonResponse:
    return JsonResponse(
        {
            "batch": batch and {"id": batch.pk, "url": reverse("batch", args=[batch.pk])},
            "results": _described(results, user),
            "rows_without_file": [row.number for row in planned.rows_without_file],
        }
    )


def _described(results: list[Result], user: User) -> list[dict[str, Any]]:
    """Name, state, message and link of each file; a duplicate tells no more than `user` may see."""
    keys = [result.recording.pk for result in results if result.recording]
    visible = set(recordings_visible_to(user).filter(pk__in=keys).values_list("pk", flat=True))
    return [_description(result, visible) for result in results]


def _description(result: Result, visible: set[int]) -> dict[str, Any]:
    shown = result.recording if result.recording and result.recording.pk in visible else None
    return {
        "name": result.candidate.name,
        "state": result.state,
        "message": _message(result, shown),
        "url": reverse("call", args=[shown.pk]) if shown else None,
    }


def _message(result: Result, shown: Recording | None) -> str:
    if result.state == "error":
        return result.error
    if result.state == "duplicate":
        return f"Received before as {shown.original_name}" if shown else "Received before"
    return ", ".join(result.candidate.notes)


def _is_new(result: Result) -> bool:
    return result.state == "accepted"


def _wants_json(request: HttpRequest) -> bool:
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"
