import time
from argparse import RawDescriptionHelpFormatter
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib import import_module
from random import Random
from statistics import quantiles
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Exists, OuterRef

from analytics.forms import agents_of
from transcription.models import Recording, User
from transcription.queries import recordings_visible_to

PATIENCE_S = 30
_CALLS = Recording.objects.filter(agent=OuterRef("pk"))


@dataclass(frozen=True, slots=True)
class Visit:
    page: str
    seconds: float
    failed: bool


class Command(BaseCommand):
    help = """People at work on a running site, which this command does not start:

    gunicorn config.wsgi --workers 2 --threads 4 --bind 127.0.0.1:8000
    manage.py loadtest --url http://127.0.0.1:8000 --user boss --people 50 --seconds 60

Each of them opens a page, looks at it for --pause seconds or so, and opens another: the front page, agents, one agent,
calls with filters and searches, a call, questions. The table says how long pages took, and how many failed."""

    def create_parser(self, *args: Any, **options: Any) -> CommandParser:
        return super().create_parser(*args, **options, formatter_class=RawDescriptionHelpFormatter)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--url", required=True)
        parser.add_argument("--user", required=True, help="whose session all of them use, e.g. a supervisor's")
        parser.add_argument("--people", type=int, default=50)
        parser.add_argument("--seconds", type=int, default=60)
        parser.add_argument("--pause", type=float, default=5, help="seconds between two pages, on average")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["user"]).first()
        if user is None:
            raise CommandError("There is no such user.")
        cookie, pages = _session(user), _pages(user)
        until = time.monotonic() + options["seconds"]

        def work(person: int) -> list[Visit]:
            random, visits = Random(person), []  # noqa: S311  the same journeys each time are wanted
            while time.monotonic() < until:
                time.sleep(random.expovariate(1 / options["pause"]))
                page = random.choice(list(pages))
                visits.append(_visit(page, options["url"].rstrip("/") + random.choice(pages[page]), cookie))
            return visits

        with ThreadPoolExecutor(options["people"]) as pool:
            visits = [visit for found in pool.map(work, range(options["people"])) for visit in found]
        self._report(visits, options["seconds"])

    def _report(self, visits: list[Visit], seconds: int) -> None:
        by_page: dict[str, list[Visit]] = defaultdict(list)
        for visit in visits:
            by_page[visit.page].append(visit)
        self.stdout.write(f"{'page':<12}{'visits':>8}{'median s':>10}{'p95 s':>8}{'longest':>9}{'failed':>8}")
        for page, found in [*sorted(by_page.items()), ("all", visits)]:
            taken = sorted(visit.seconds for visit in found)
            cuts = quantiles(taken, n=20) if len(taken) > 1 else taken * 19
            failed = sum(visit.failed for visit in found)
            line = f"{page:<12}{len(found):>8}{cuts[9]:>10.2f}{cuts[18]:>8.2f}{taken[-1]:>9.2f}{failed:>8}"
            self.stdout.write(line)
        self.stdout.write(f"{len(visits) / seconds:.1f} pages a second")


def _session(user: User) -> str:
    """The cookie of somebody who is logged in."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def _pages(user: User) -> dict[str, list[str]]:
    """What the user may see."""
    agents = list(agents_of(user).filter(Exists(_CALLS)).values_list("pk", flat=True)[:50])
    calls = list(recordings_visible_to(user).order_by("-pk").values_list("pk", flat=True)[:200])
    if not agents:
        raise CommandError("There are no agents with calls. `manage.py seed` makes some.")
    return {
        "overview": ["/"],
        "agents": ["/agents/"],
        "agent": [f"/agents/{pk}/" for pk in agents],
        "calls": ["/calls/", "/calls/?sort=-wpm_agent", "/calls/?sentiment_max=-2", "/calls/?duration_min=120"],
        "search": ["/calls/?q=refund", "/calls/?customer_said=parcel", "/calls/?q=%22tracking+number%22"],
        "call": [f"/calls/{pk}/" for pk in calls],
        "questions": ["/questions/"],
    }


def _visit(page: str, url: str, cookie: str) -> Visit:
    begun = time.perf_counter()
    try:
        with urlopen(Request(url, headers={"Cookie": cookie}), timeout=PATIENCE_S) as answer:  # noqa: S310  our own site
            answer.read()
    except (URLError, OSError):
        return Visit(page, time.perf_counter() - begun, failed=True)
    return Visit(page, time.perf_counter() - begun, failed=False)
