from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from .conftest import make_user


@pytest.mark.django_db(transaction=True)
def test_people_at_work_are_counted_and_failures_too(static_files: None, live_server: Any) -> None:
    call_command("seed", calls=20, agents=2, turns_per_call=5, until=date(2026, 3, 2), stdout=StringIO())
    user, told = make_user(), StringIO()
    options = {"user": user.username, "people": 2, "seconds": 2, "pause": 0.05, "stdout": told}
    call_command("loadtest", url=live_server.url, **options)
    *pages, every, _ = told.getvalue().splitlines()[1:]
    assert {line.split()[0] for line in pages} <= {
        "overview",
        "agents",
        "agent",
        "calls",
        "search",
        "call",
        "questions",
    }
    assert every.split()[0] == "all"
    assert int(every.split()[1]) > 1
    assert every.split()[-1] == "0"
    call_command("loadtest", url="http://127.0.0.1:9", **options)
    every = told.getvalue().splitlines()[-2].split()
    assert every[1] == every[-1] != "0"


@pytest.mark.django_db
def test_it_needs_somebody_and_calls() -> None:
    with pytest.raises(CommandError, match="no such user"):
        call_command("loadtest", url="http://127.0.0.1:9", user="nobody")
    with pytest.raises(CommandError, match="no agents"):
        call_command("loadtest", url="http://127.0.0.1:9", user=make_user().username)
