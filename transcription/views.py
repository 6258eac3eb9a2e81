"""Recordings in, their progress and what is stored. Views: guards, fetch with permission, one call, answer."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseStopPolling

from .corrections import confirm_roles
from .formats import WRITERS, to_zip
from .forms import UploadForm
from .ingest import Result, accept_all, retry
from .inspection import Plan, plan
from .models import Batch, Recording, User
from .playback import playable
from .queries import agents_managed_by, batch_progress, batches_visible_to, recordings_visible_to, with_counts
from .ranges import file_response
from .transcripts import transcript_of

View = Callable[..., HttpResponseBase]

CONTENT_TYPES = {
    "json": "application/json",
    "txt": "text/plain; charset=utf-8",
    "srt": "application/x-subrip; charset=utf-8",
    "vtt": "text/vtt; charset=utf-8",
    "tsv": "text/tab-separated-values; charset=utf-8",
    "zip": "application/zip",
}
BATCHES_PER_PAGE = 50


def for_managers(view: View) -> View:
    """403 for agents, who only look at their own calls."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not _user(request).may_manage_calls:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


@for_managers
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """A form for several files at once; upload.js sends them one by one and asks for JSON."""
    user = _user(request)
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


@for_managers
@require_safe
def batches(request: HttpRequest) -> HttpResponse:
    found = with_counts(batches_visible_to(_user(request)))
    page = Paginator(found, BATCHES_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "transcription/batches.html", {"page": page})


@for_managers
@require_safe
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(batches_visible_to(_user(request)), pk=pk)
    return render(request, "transcription/batch.html", {"batch": found, "progress": batch_progress(found)})


@for_managers
@require_safe
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of the batch page that htmx fetches every two seconds until everything is done or failed."""
    found = get_object_or_404(batches_visible_to(_user(request)), pk=pk)
    state = batch_progress(found)
    response = render(request, "transcription/_progress.html", {"batch": found, "progress": state})
    return HttpResponseStopPolling(response.content) if state.is_finished else response


@require_safe
def recording_audio(request: HttpRequest, pk: int) -> HttpResponseBase:
    recording = get_object_or_404(recordings_visible_to(_user(request)), pk=pk)
    try:
        sound = playable(recording)
        response = file_response(request, sound.path, sound.content_type)
    except OSError as error:
        raise Http404("The audio of this call cannot be read.") from error
    response["Cache-Control"] = "private"
    return response


@require_GET
def recording_transcript(request: HttpRequest, pk: int, fmt: str) -> HttpResponse:
    recording = get_object_or_404(recordings_visible_to(_user(request)).exclude(outcome=""), pk=pk)
    if fmt not in CONTENT_TYPES:
        raise Http404("No such format.")
    name = f"{PurePath(recording.original_name).stem}.{fmt}"
    write = to_zip if fmt == "zip" else WRITERS[fmt]
    content = write(transcript_of(recording), recording.original_name)
    headers = {"Content-Disposition": content_disposition_header(as_attachment=True, filename=name)}
    return HttpResponse(content, content_type=CONTENT_TYPES[fmt], headers=headers)


@for_managers
@require_POST
def recording_roles(request: HttpRequest, pk: int, *, swap: bool) -> HttpResponse:
    """Confirm who is the agent, or exchange the two; the numbers of the call follow."""
    user = _user(request)
    recording = get_object_or_404(recordings_visible_to(user), pk=pk)
    confirm_roles(recording, swap=swap, by=user.get_username())
    return redirect("call", pk)


@for_managers
@require_POST
def recording_retry(request: HttpRequest, pk: int) -> HttpResponse:
    recording = get_object_or_404(recordings_visible_to(_user(request)), pk=pk)
    retry(recording)
    return redirect("batch", recording.batch_id)


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


def _user(request: HttpRequest) -> User:
    return cast("User", request.user)  # LoginRequiredMiddleware let the request through
