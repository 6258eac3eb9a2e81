"""What goes with every answer, and the settings of an installation that faces a network."""

import json
import os
import re
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

POLICY = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"


@pytest.mark.django_db
@pytest.mark.usefixtures("static_files")
@pytest.mark.parametrize(
    "path", ["/login/", "/healthz", "/static/verbatim/icon.svg", "/charts.js", "/admin/login/", "/nowhere/"]
)
def test_every_answer_says_what_a_browser_may_do_with_it(client: Client, path: str) -> None:
    with closing(client.get(path)) as response:
        headers = response.headers
    assert headers["Content-Security-Policy"] == POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "microphone=()" in headers["Permissions-Policy"]


@pytest.mark.django_db
def test_the_error_pages_for_developers_keep_their_styles(client: Client, settings: Any) -> None:
    settings.DEBUG = True
    assert "Content-Security-Policy" not in client.get("/nowhere/").headers
    assert client.get("/healthz").headers["Content-Security-Policy"] == POLICY


PRODUCTION = {"DEBUG": "0", "HTTPS": "1", "BEHIND_PROXY": "1", "ALLOWED_HOSTS": "calls.example.org"}


def in_production(*command: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(  # noqa: S603  our own commands
        [sys.executable, *command],
        cwd=Path(__file__).parent.parent,
        env=os.environ | PRODUCTION | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_settings_pass_the_deployment_checks() -> None:
    """All of Django's; only models may be missing, where the web process runs alone."""
    checked = in_production("manage.py", "check", "--deploy")
    found = set(re.findall(r"^\?: \(([\w.]+)\)", checked.stderr, re.MULTILINE))
    assert (checked.returncode, found - {"transcription.W001"}) == (0, set())
    without = in_production("manage.py", "check", "--deploy", HTTPS="0").stderr
    assert {"W004", "W008", "W012", "W016"} <= set(re.findall(r"\(security\.(W\d+)\)", without))


ANSWERS = """
import django, json
django.setup()
from django.conf import settings
from django.test import Client
plain = Client().get("/calls/", headers={"host": "calls.example.org"})
secure = Client().get("/healthz", headers={"host": "calls.example.org", "x-forwarded-proto": "https"})
answered = [plain.status_code, plain.headers["Location"], secure.headers["Strict-Transport-Security"]]
kept = [settings.SESSION_COOKIE_NAME, settings.SESSION_COOKIE_SECURE, settings.SESSION_COOKIE_HTTPONLY]
sent = [settings.CSRF_COOKIE_NAME, settings.CSRF_COOKIE_SECURE, settings.CSRF_COOKIE_HTTPONLY]
print(json.dumps([answered, kept, sent]))
"""


def test_https_is_the_one_switch() -> None:
    asked = in_production("-c", ANSWERS, DJANGO_SETTINGS_MODULE="config.settings")
    assert json.loads(asked.stdout) == [
        [301, "https://calls.example.org/calls/", "max-age=31536000"],
        ["__Host-sessionid", True, True],
        ["__Host-csrftoken", True, True],
    ], asked.stderr


def test_production_does_not_start_with_debug() -> None:
    refused = in_production("manage.py", "check", DEBUG="1")
    assert refused.returncode != 0
    assert "DEBUG shows settings and code to every visitor" in refused.stderr
