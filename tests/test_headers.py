"""What goes with every answer, and the settings of an installation that faces a network."""

import os
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


def test_production_settings_pass_the_deployment_checks() -> None:
    production = os.environ | {"DEBUG": "0", "HTTPS": "1", "BEHIND_PROXY": "1", "ALLOWED_HOSTS": "verbatim.example.org"}
    checked = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--tag", "security", "--fail-level", "WARNING"],
        cwd=Path(__file__).parent.parent,
        env=production,
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stderr
