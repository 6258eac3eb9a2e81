"""A file as an HTTP response that a player can seek in (RFC 9110, section 14)."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

CHUNK = 64 * 1024
ONE_RANGE = re.compile(r"bytes=\s*(\d*)-(\d*)\s*", re.IGNORECASE)


def file_response(request: HttpRequest, path: Path, content_type: str) -> HttpResponseBase:
    """The file, or the part that the Range header asks for (206), read as it is sent.

    416 if that part lies behind the end. A header that is malformed or asks for several parts is ignored, as the RFC
    allows. Raises OSError if there is no such file. With AUDIO_HEADER the answer is empty and names the file, for the
    reverse proxy to send it, or the part, in its place.
    """
    size = path.stat().st_size
    if settings.AUDIO_HEADER:
        return _handed_over(path, content_type)
    wanted = _wanted(request.headers.get("Range", ""), size)
    if wanted is None:
        response: HttpResponseBase = StreamingHttpResponse(_chunks(path, 0, size), content_type=content_type)
        response["Content-Length"] = str(size)
    elif not wanted:
        response = HttpResponse(status=416, content_type="text/plain")
        response["Content-Range"] = f"bytes */{size}"
    else:
        response = StreamingHttpResponse(
            _chunks(path, wanted.start, len(wanted)), status=206, content_type=content_type
        )
        response["Content-Length"] = str(len(wanted))
        response["Content-Range"] = f"bytes {wanted.start}-{wanted.stop - 1}/{size}"
    response["Accept-Ranges"] = "bytes"
    return response


def _handed_over(path: Path, content_type: str) -> HttpResponse:
    """nginx takes an address inside a location that is `internal` (see .env.example), Apache and others a path."""
    inside = quote(f"/protected/{path.relative_to(settings.MEDIA_ROOT).as_posix()}")
    named = inside if settings.AUDIO_HEADER == "X-Accel-Redirect" else str(path)
    return HttpResponse(content_type=content_type, headers={settings.AUDIO_HEADER: named})


def _wanted(header: str, size: int) -> range | None:
    """Positions asked for; empty if they cannot be satisfied, None if the whole file is to be sent."""
    match = ONE_RANGE.fullmatch(header)
    if not match or match.groups() == ("", ""):
        return None
    first, last = match.groups()
    if not first:
        return range(max(0, size - int(last)), size)
    if last and int(last) < int(first):
        return None
    return range(int(first), min(int(last) + 1, size) if last else size)


def _chunks(path: Path, start: int, length: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(start)
        while length > 0 and (chunk := file.read(min(CHUNK, length))):
            length -= len(chunk)
            yield chunk
