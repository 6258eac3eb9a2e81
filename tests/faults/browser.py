"""Requests of somebody who is logged in, as a script on the page would send them."""

import http.client
import json
from contextlib import closing
from dataclasses import dataclass
from email.message import Message
from typing import Any

from tests.faults.site import Site

CSRF = "x" * 32
PIECE = 100_000
"""Bytes that are sent at once."""
LOG_IN = """
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from transcription.models import User
user = User.objects.create_superuser("eve", password="a made-up password", role="administrator")
session = SessionStore()
session[SESSION_KEY], session[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
session.save()
print(session.session_key)
"""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Message
    text: str


class Visitor:
    def __init__(self, site: Site, port: int) -> None:
        self.port = port
        session = site.manage("shell", "-v0", "-c", LOG_IN).split()[-1]
        self.headers = {"Cookie": f"sessionid={session}; csrftoken={CSRF}", "X-CSRFToken": CSRF}

    def is_served(self) -> bool:
        try:
            return self.ask("GET", "/healthz").status == 200
        except OSError:
            return False

    def ask(self, method: str, url: str, body: bytes | None = None, **headers: str) -> "Answer":
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request(method, url, body, self.headers | headers)
        answer = connection.getresponse()
        with closing(connection):
            return Answer(answer.status, answer.headers, answer.read().decode(errors="replace"))

    def json(self, method: str, url: str, value: Any = None) -> Any:
        body = b"" if value is None else json.dumps(value).encode()
        answer = self.ask(method, url, body, Accept="application/json", **{"Content-Type": "application/json"})
        return json.loads(answer.text)

    def offset(self, url: str) -> int:
        """How much of a file has arrived."""
        return int(self.ask("HEAD", url).headers["Upload-Offset"])

    def send(self, url: str, content: bytes) -> None:
        """The rest of a file, from where it stopped."""
        while (offset := self.offset(url)) < len(content):
            answer = self.ask("PATCH", url, content[offset : offset + PIECE], **piece_headers(offset))
            assert answer.status == 204, answer.text

    def start(self, page: str) -> None:
        """Have the files of a draft looked at, and processed."""
        self.ask("POST", f"{page}check/")
        assert self.ask("POST", f"{page}start/").status == 302

    def send_part(self, url: str, offset: int, piece: bytes, *, sent: int) -> http.client.HTTPConnection:
        """Announce a piece and send only the first bytes of it; the connection stays open."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.putrequest("PATCH", url)
        for name, value in (self.headers | piece_headers(offset)).items():
            connection.putheader(name, value)
        connection.putheader("Content-Length", str(len(piece)))
        connection.endheaders(piece[:sent])
        return connection


def piece_headers(offset: int) -> dict[str, str]:
    return {"Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"}
