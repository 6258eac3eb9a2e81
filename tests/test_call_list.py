"""The list of calls: its pages, what it shows of what was said, its filters, columns and exports."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.urls import reverse

from analytics import measure
from analytics.models import AgentDay, CallMetrics, FillerUse, SavedView
from analytics.queries import CallFilters, Page, Place, Said, page_of_calls, snippets, views_visible_to
from tests.conftest import login, make_agent, make_recording, make_user
from tests.measured import MAY_12, make_call, say
from transcription.models import Agent, Batch, Recording, User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files")]


def get(user: User, address: str, **headers: str) -> Any:
    return login(user).get(address, headers=headers)


def text(response: Any) -> str:
    return str(response.content.decode())


def said_in(recording: Recording, *turns: tuple[str, str, float]) -> Recording:
    for role, words, start in turns:
        say(recording, role, words, start)
    return recording


# Pages


def walk(user: User, sort: str, size: int) -> tuple[list[str], list[str]]:
    """The names read forwards to the end, and read back from the last page to the first."""
    filters = CallFilters.parse({"sort": sort})

    def names(page: Page) -> list[str]:
        return [recording.original_name for recording in page.rows]

    page = page_of_calls(user, filters, Place(), size)
    assert page.previous is None
    forwards = names(page)
    while page.next:
        page = page_of_calls(user, filters, Place(page.next), size)
        forwards += names(page)
    backwards = names(page)
    while page.previous:
        page = page_of_calls(user, filters, Place(page.previous, backwards=True), size)
        backwards = names(page) + backwards
    return forwards, backwards


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("-started_at", "feadbc"),
        ("started_at", "bdaefc"),
        ("wpm_agent", "dbface"),
        ("-wpm_agent", "afbdec"),
        ("duration", "abdcfe"),
    ],
)
@pytest.mark.parametrize("size", [1, 2, 3, 6])
def test_pages_hold_every_call_once_in_order(
    dana: Agent, administrator: User, sort: str, expected: str, size: int
) -> None:
    """`c` has no date and is not measured, `e` has no pace; `b` and `f` are equally quick, `a`, `b` and `d` as long."""
    known = {"a": (2, 170.0, 60.0), "b": (0, 150.0, 60.0), "d": (1, 140.0, 60.0), "e": (3, None, 90.0)}
    for name in "abcdef":
        if name == "c":
            make_recording(original_name=name, duration=70.0)
            continue
        days, pace, length = known.get(name, (4, 150.0, 80.0))
        told = {"original_name": name, "duration": length}
        make_call(dana, MAY_12 + timedelta(days=days), told, wpm_agent=pace)
    assert walk(administrator, sort, size) == (list(expected), list(expected))


def test_a_place_that_is_gone_or_of_somebody_else_is_the_beginning(dana: Agent) -> None:
    own = make_user(User.Role.AGENT, agent=dana)
    first, second = make_call(dana).recording, make_call(dana, MAY_12 - timedelta(days=1)).recording
    hidden = make_call(make_agent("Eli Novak"), MAY_12 - timedelta(hours=1)).recording
    for pk in (hidden.pk, 99_999_999):
        for backwards in (False, True):
            page = page_of_calls(own, CallFilters(), Place(pk, backwards=backwards), 5)
            assert (page.rows, page.previous, page.next) == ([first, second], None, None)


def test_pages_are_links(dana: Agent, administrator: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("analytics.views.calls.CALLS_PER_PAGE", 2)
    calls = [make_call(dana, MAY_12 - timedelta(days=day)).recording for day in range(5)]
    address = reverse("calls") + f"?agent={dana.pk}"
    first = get(administrator, address)
    assert (first.context["count"], 'rel="prev"' in text(first)) == (5, False)
    assert f'href="?agent={dana.pk}&amp;after={calls[1].pk}"' in text(first)
    second = get(administrator, f"{address}&after={calls[1].pk}")
    assert second.context["page"].rows == calls[2:4]
    assert f'href="?agent={dana.pk}&amp;before={calls[2].pk}"' in text(second)
    assert get(administrator, f"{address}&after=x").context["page"].rows == calls[:2]


def test_the_order_of_the_list_is_read_from_an_index(administrator: User) -> None:
    """The newest calls of a large site must not be found by sorting all of them."""
    Recording.objects.bulk_create(
        Recording(
            original_name=f"{number}",
            sha256=f"{number:064d}",
            bytes=1,
            channels=1,
            sample_rate=8000,
            duration=60.0,
            started_at=MAY_12 + timedelta(minutes=number),
            batch=first.batch,
            source=first.source,
        )
        for first in [make_recording(started_at=MAY_12)]
        for number in range(1000, 4000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE transcription_recording")
    page = page_of_calls(administrator, CallFilters(), Place(), 50)
    later = str(_first_part(administrator, page.next).explain())
    assert "recording_newest" in later
    assert "Sort" not in later.replace("Incremental Sort", "")


def _first_part(user: User, after: int | None) -> Any:
    from analytics.queries.listing import _edge, _parts, filter_calls

    place = _edge(user, CallFilters(), Place(after))
    return _parts(filter_calls(user, CallFilters()), "-started_at", place)[0][:51]


# What was said


def test_snippets_mark_the_words_and_know_their_second(dana: Agent) -> None:
    recording = said_in(
        make_call(dana).recording,
        ("agent", "Thank you for calling < us > & more", 0.0),
        ("customer", "I asked, twice, for (refunds) and a refund & I'm tired", 10.0),
        ("agent", "A refund takes a day", 30.0),
    )
    found = snippets([recording], [Said("refund")])[recording.pk]
    assert found.turns == 2
    first, second = found.snippets
    assert (first.role, first.at_s, second.role, second.at_s) == ("customer", 14.0, "agent", 31.0)
    assert [piece.text for piece in first.pieces if piece.found] == ["refunds", "refund"]
    assert "".join(piece.text for piece in first.pieces) == "I asked, twice, for (refunds) and a refund & I'm tired"
    page = get(make_user(), reverse("calls") + "?q=us")
    assert "<span>Thank you for calling &lt; </span><mark>us</mark><span> &gt; &amp; more</span>" in text(page)


def test_a_long_turn_is_cut_around_the_words(dana: Agent) -> None:
    recording = make_call(dana).recording
    say(recording, "customer", " ".join(["before"] * 60 + ["zeppelin"] + ["after"] * 60))
    (snippet,) = snippets([recording], [Said("zeppelin")])[recording.pk].snippets
    shown = "".join(piece.text for piece in snippet.pieces)
    assert shown.startswith("… before")
    assert shown.endswith("after …")
    assert "zeppelin" in shown
    assert 8 <= len(shown.split()) <= 24
    assert snippet.at_s == 60.0


def test_only_the_first_snippets_of_a_call_are_shown_and_all_are_counted(
    dana: Agent, administrator: User, django_assert_num_queries: Any
) -> None:
    recordings = [make_call(dana).recording for _ in range(4)]
    for recording in recordings:
        for start in range(7):
            say(recording, "agent", "A refund again", float(start * 10))
    with django_assert_num_queries(2):
        found = snippets(recordings, [Said("refund")])
    assert [(hits.turns, len(hits.snippets)) for hits in found.values()] == [(7, 3)] * 4
    page = text(get(administrator, reverse("calls") + "?q=refund"))
    assert page.count("7 turns, the first 3 shown") == 4
    assert f"{reverse('call', args=[recordings[0].pk])}?t=11.0&amp;q=refund" in page


def test_who_said_it_decides_what_is_shown(dana: Agent) -> None:
    recording = said_in(make_call(dana).recording, ("agent", "A refund", 0.0), ("customer", "My refund", 5.0))
    shown = snippets([recording], [Said("refund", "customer")])[recording.pk]
    assert [(shown.turns, snippet.role) for snippet in shown.snippets] == [(1, "customer")]
    assert snippets([recording], []) == {}


def test_common_words_are_words(dana: Agent, administrator: User) -> None:
    """English full text leaves them out; people search for them."""
    said_in(make_call(dana).recording, ("agent", "How are you today?", 0.0))
    said_in(make_call(dana).recording, ("agent", "You are today", 0.0))
    assert get(administrator, reverse("calls") + "?q=%22how+are+you%22").context["count"] == 1


# Filters


def test_each_filter_in_use_is_a_chip_that_takes_it_away(dana: Agent, administrator: User) -> None:
    make_call(dana)
    address = reverse("calls") + f"?agent={dana.pk}&not_said=sorry&not_by=agent&outcome=two_sided&sort=duration"
    chips = get(administrator, address).context["chips"]
    assert [(chip.label, chip.value, chip.query) for chip in chips] == [
        ("Not said by the agent", "sorry", f"agent={dana.pk}&outcome=two_sided&sort=duration"),
        ("Agent", "Dana Reyes", "not_said=sorry&not_by=agent&outcome=two_sided&sort=duration"),
        ("Kind of call", "two-sided", f"not_said=sorry&not_by=agent&agent={dana.pk}&sort=duration"),
    ]


def test_the_name_of_somebody_elses_agent_is_not_told(dana: Agent) -> None:
    stranger = make_user(User.Role.AGENT, agent=make_agent("Eli Novak"))
    page = get(stranger, reverse("calls") + f"?agent={dana.pk}&team={dana.team_id}")
    assert [chip.value for chip in page.context["chips"]] == [str(dana.pk), str(dana.team_id)]
    assert "Dana" not in text(page)


def test_a_list_without_calls_says_which_filter_to_loosen(dana: Agent, administrator: User) -> None:
    said_in(make_call(dana).recording, ("agent", "A refund", 0.0))
    page = text(get(administrator, reverse("calls") + "?q=refund&customer_said=refund&agent=77777"))
    assert "Taking any single one away would not help" in page
    page = text(get(administrator, reverse("calls") + "?q=refund&status=waiting"))
    assert "1 call without “Status: Waiting”" in page
    assert "without “Said by anybody" not in page


def test_chosen_calls() -> None:
    assert CallFilters.parse(QueryDict("calls=none&calls=7&calls=5&calls=7")).calls == (7, 5)
    assert CallFilters.parse(QueryDict("calls=none")).calls == ()
    everything = CallFilters.parse(QueryDict("calls=none&calls=7&calls=all&q=refund"))
    assert (everything.calls, everything.query) == (None, "q=refund")
    assert CallFilters.parse({"calls": "7,5"}).query == "calls=7%2C5"


# Columns


def test_columns_are_kept_in_the_account_and_exported(dana: Agent) -> None:
    supervisor = make_user(User.Role.SUPERVISOR)
    supervisor.teams.add(dana.team)  # type: ignore[arg-type]
    make_call(dana, recording={"queue": "Returns", "duration": 90.0}, wpm_customer=151.0, wpm_agent=170.0)
    make_call(dana, recording={"duration": 30.0}, wpm_customer=None)
    make_call(make_agent("Eli Novak", team="Sales"))
    client = login(supervisor)
    chosen = {"column": ["wpm_customer", "duration", "password"]}
    answer = client.post(reverse("calls_columns") + "?sort=duration&x=1", chosen)
    assert answer.headers["Location"] == f"{reverse('calls')}?sort=duration"
    supervisor.refresh_from_db()
    assert supervisor.preferences == {"call_columns": ["wpm_customer", "duration"]}
    page = text(client.get(reverse("calls")))
    assert "Customer pace" in page.split("<thead")[1].split("</thead")[0]
    assert "Agent pace" not in page.split("<thead")[1].split("</thead")[0]
    lines = b"".join(client.get(reverse("calls_export") + "?sort=duration").streaming_content).decode().splitlines()
    assert lines[0] == "call_id,started_at,source_file,duration_s,wpm_customer"
    assert [line.split(",")[3:] for line in lines[1:]] == [["30", ""], ["90", "151"]]
    client.post(reverse("calls_columns"), chosen | {"usual": ""})
    assert "Agent pace" in text(client.get(reverse("calls")))


def test_every_column_can_be_shown_sorted_and_exported(dana: Agent, administrator: User) -> None:
    from analytics.queries import COLUMNS, SORTS

    make_call(dana, silence_share=0.25)
    make_recording(status="failed", error="No audio stream.")
    make_recording(status="done", outcome="no_speech")
    client = login(administrator)
    client.post(reverse("calls_columns"), {"column": list(COLUMNS)})
    shown = text(client.get(reverse("calls")))
    assert shown.count("<th ") == 1 + len(COLUMNS)
    assert "No audio stream." in shown
    assert "no speech" in shown
    for sort in SORTS:
        page = client.get(reverse("calls"), {"sort": f"-{sort}"})
        assert 'aria-sort="descending"' in text(page)
        assert len(page.context["page"].rows) == 3
    lines = b"".join(client.get(reverse("calls_export")).streaming_content).decode().splitlines()
    assert len(lines) == 4


# Cost


@pytest.mark.parametrize(("query", "queries"), [("", 10), ("?q=refund", 12), ("?sort=-wpm_agent", 10)])
def test_the_list_costs_the_same_for_five_calls_and_for_forty(
    dana: Agent, administrator: User, django_assert_num_queries: Any, query: str, queries: int
) -> None:
    """Session, user, page (with a value, without), snippets (found, marked), views, confirm, filler lists
    (counts, current); agents and teams."""
    client = login(administrator)
    for day in range(40):
        said_in(make_call(dana, MAY_12 - timedelta(days=day), wpm_agent=150.0).recording, ("agent", "A refund", 0.0))
        if day in {4, 39}:
            with django_assert_num_queries(queries):
                client.get(reverse("calls") + query)


# Saved views


def test_a_view_keeps_filters_and_order_under_a_name(administrator: User) -> None:
    client = login(administrator)
    client.post(reverse("view_save") + "?sort=duration&q=refund&after=7&nonsense=1", {"name": " Refunds "})
    view = SavedView.objects.get()
    assert (view.name, view.query, view.shared) == ("Refunds", "q=refund&sort=duration", False)
    page = text(client.get(reverse("calls") + "?sort=duration&q=refund&after=7"))
    assert '<a href="/calls/?q=refund&amp;sort=duration" aria-current="page">Refunds' in page
    client.post(reverse("view_save") + "?q=parcel", {"name": "Refunds", "shared": "on"})
    view = SavedView.objects.get()
    assert (view.query, view.shared) == ("q=parcel", True)
    client.post(reverse("view_change", args=[view.pk]), {"name": "Parcels"})
    view = SavedView.objects.get()
    assert (view.name, view.query, view.shared) == ("Parcels", "q=parcel", False)
    assert "The view “Parcels” is deleted" in text(client.post(reverse("view_delete", args=[view.pk]), follow=True))
    assert not SavedView.objects.exists()


def test_a_view_without_a_name_or_with_one_that_is_taken_is_not_saved(administrator: User) -> None:
    client = login(administrator)
    assert "Not saved" in text(client.post(reverse("view_save"), {"name": " "}, follow=True))
    first = SavedView.objects.create(user=administrator, name="One")
    SavedView.objects.create(user=administrator, name="Two")
    shown = text(client.post(reverse("view_change", args=[first.pk]), {"name": "Two"}, follow=True))
    assert "you have another view called “Two”" in shown
    assert set(SavedView.objects.values_list("name", flat=True)) == {"One", "Two"}


def test_managers_see_what_is_shared_and_agents_share_nothing(dana: Agent, administrator: User) -> None:
    supervisor, own = make_user(User.Role.SUPERVISOR), make_user(User.Role.AGENT, agent=dana)
    SavedView.objects.create(user=administrator, name="For all", shared=True)
    SavedView.objects.create(user=administrator, name="For me")
    login(own).post(reverse("view_save"), {"name": "Of an agent", "shared": "on"})
    seen = {user: [view.name for view in views_visible_to(user)] for user in (administrator, supervisor, own)}
    assert seen == {administrator: ["For all", "For me"], supervisor: ["For all"], own: ["Of an agent"]}
    assert "from administrator" in text(get(supervisor, reverse("calls")))


# Many calls at once


def test_the_boxes_lead_to_the_page_of_the_button(dana: Agent, administrator: User) -> None:
    first, second = make_call(dana).recording, make_call(dana).recording
    client = login(administrator)

    def go(boxes: str, do: str = "assign") -> str:
        return str(client.get(f"{reverse('calls_chosen')}?q=refund&calls=none{boxes}&do={do}").headers["Location"])

    assert go(f"&calls={first.pk}&calls={second.pk}") == f"/calls/assign/?q=refund&calls={first.pk}%2C{second.pk}"
    assert go("&calls=all", "export") == "/calls/list.csv?q=refund"
    assert go("&calls=all", "rerun") == "/calls/rerun/?q=refund"
    assert go("") == "/calls/?q=refund"
    assert client.get(reverse("calls_chosen") + "?calls=all&do=format_disk").status_code == 404
    assert client.get(reverse("calls_chosen") + "?calls=all&do=assign&from=never").status_code == 404


def test_calls_are_assigned_with_numbers_and_sums(dana: Agent) -> None:
    """Of two calls of Eli and one of nobody, the supervisor ticks one of Eli's and that of nobody."""
    eli = make_agent("Eli Novak", team="Billing")
    supervisor = make_user(User.Role.SUPERVISOR)
    supervisor.teams.add(dana.team)  # type: ignore[arg-type]
    moved, kept = (make_call(eli, silence_share=share) for share in (0.2, 0.4))
    FillerUse.objects.create(recording=moved.recording, agent=eli, role="agent", term="um", tier=1, at_s=1, end_s=2)
    mine = Batch.objects.create(created_by=supervisor)
    new = make_recording(batch=mine, origins={"agent": "filename", "started_at": "manifest"})
    client, address = login(supervisor), f"{reverse('calls_assign')}?calls={moved.pk},{new.pk}"

    page = text(client.get(address))
    assert "Assign 2 calls" in page
    assert re.search(r'<b class="number">1</b> of Eli Novak.*<b class="number">1</b> of nobody yet', page, re.DOTALL)
    answer = client.post(address, {"agent": dana.pk, "expected": 2}, follow=True)
    assert "2 calls are Dana Reyes’s now" in text(answer)
    new.refresh_from_db()
    assert (new.agent, new.origins) == (dana, {"agent": "person", "started_at": "manifest"})
    assert (Recording.objects.get(pk=kept.pk).agent, Recording.objects.get(pk=moved.pk).agent) == (eli, dana)
    assert (CallMetrics.objects.get(pk=moved.pk).agent, FillerUse.objects.get().agent) == (dana, dana)
    sums = AgentDay.objects.filter(metric="silence_share").values_list("agent", "n", "total")
    assert set(sums) == {(eli.pk, 1, 0.4), (dana.pk, 1, 0.2)}
    assert list(measure.outdated().filter(pk=moved.pk)) == []


def test_only_visible_calls_go_and_only_to_managed_agents(dana: Agent) -> None:
    eli = make_agent("Eli Novak", team="Sales")
    supervisor = make_user(User.Role.SUPERVISOR)
    supervisor.teams.add(dana.team)  # type: ignore[arg-type]
    own, other = make_call(dana), make_call(eli)
    client, address = login(supervisor), f"{reverse('calls_assign')}?calls={own.pk},{other.pk}"
    assert "Assign 1 call " in text(client.get(address))
    page = text(client.post(address, {"agent": eli.pk, "expected": 1}))
    assert "not one of the available choices" in page
    client.post(address, {"agent": dana.pk, "expected": 1})
    assert Recording.objects.get(pk=other.pk).agent == eli


def test_nothing_is_assigned_when_the_number_is_no_longer_right(dana: Agent, administrator: User) -> None:
    eli = make_agent("Eli Novak")
    for _ in range(2):
        make_call(dana)
    client, address = login(administrator), f"{reverse('calls_assign')}?agent={dana.pk}"
    make_call(dana)
    page = text(client.post(address, {"agent": eli.pk, "expected": 2}))
    assert "nothing was done" in page
    assert "Assign 3 calls" in page
    assert Recording.objects.filter(agent=eli).count() == 0


def test_agents_have_no_boxes(dana: Agent, administrator: User) -> None:
    make_call(dana)
    assert 'name="calls"' not in text(get(make_user(User.Role.AGENT, agent=dana), reverse("calls")))
    assert 'name="calls"' in text(get(administrator, reverse("calls")))
