"""The pages of analytics: who may open them, what they show, how many queries they cost."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from analytics.models import CallMetrics, Event, FillerUse
from tests.conftest import login, make_agent, make_recording
from tests.measured import MAY_12, make_call, say
from transcription.models import Agent, Recording, User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files")]

SPEAKERS = [
    {"label": "Speaker 1", "role": "agent", "role_confidence": 0.6, "evidence": ['said "thank you for calling"']},
    {"label": "Speaker 2", "role": "customer", "role_confidence": 0.6, "evidence": []},
]


def get(user: User, path: str, **headers: str) -> Any:
    return login(user).get(path, headers=headers)


def text(response: Any) -> str:
    return str(response.content.decode())


def transcribed(agent: Agent, **numbers: Any) -> CallMetrics:
    """A measured call of two turns with a filler and a silence."""
    call = make_call(agent, recording={"speakers": SPEAKERS, "role_confidence": 0.6}, **numbers)
    say(call.recording, "agent", "Thank you um for calling", 1.0)
    say(call.recording, "customer", "My parcel is late", 8.0, score=-0.8)
    FillerUse.objects.create(
        recording=call.recording, agent=agent, role="agent", term="um", tier=1, at_s=3.0, end_s=4.0
    )
    Event.objects.create(recording=call.recording, type="silence", by="customer", start_s=6.0, end_s=8.0)
    return call


def test_chart_library_is_cached_for_good(client: Client) -> None:
    response = client.get(reverse("vega"))
    assert response.headers["Content-Encoding"] == "gzip"
    assert "immutable" in response.headers["Cache-Control"]


@pytest.mark.parametrize("name", ["overview", "calls", "agents"])
@pytest.mark.parametrize("who", ["administrator", "supervisor", "own"])
def test_every_role_may_open_the_lists_even_when_empty(request: Any, name: str, who: str) -> None:
    response = get(request.getfixturevalue(who), reverse(name))
    assert response.status_code == 200
    assert 'class="empty"' in text(response)


def test_a_team_of_somebody_else_is_not_found(eli: Agent, supervisor: User, own: User) -> None:
    assert eli.team
    for user in (supervisor, own):
        assert get(user, f"/?team={eli.team.pk}").status_code == 404
    assert get(supervisor, "/?team=abc").status_code == 404


def test_agents_see_no_links_to_what_they_may_not_do(own: User, administrator: User) -> None:
    assert reverse("upload") not in text(get(own, "/"))
    assert reverse("upload") in text(get(administrator, "/"))


def test_the_period_is_by_default_30_days_up_to_the_newest_call(dana: Agent, administrator: User) -> None:
    make_call(dana)
    scope = get(administrator, "/").context["scope"]
    assert (scope.start.isoformat(), scope.end.isoformat()) == ("2025-04-13", "2025-05-12")


def test_the_period_of_the_address_is_respected(dana: Agent, administrator: User) -> None:
    make_call(dana)
    make_call(dana, MAY_12 - timedelta(days=3))
    page = get(administrator, "/?from=2025-05-12&to=2025-05-12")
    assert page.context["overview"].totals.calls == 1
    swapped = get(administrator, "/?from=2025-05-12&to=2025-05-01").context["scope"]
    assert (swapped.start.isoformat(), swapped.end.isoformat()) == ("2025-05-01", "2025-05-12")


def test_the_overview_says_what_needs_attention(dana: Agent, administrator: User) -> None:
    make_call(dana)
    make_recording(agent=dana, status="failed", error="No audio stream.")
    page = text(get(administrator, "/"))
    assert "1 failed" in page
    assert "No audio stream." in page
    assert "being transcribed" not in page


def test_an_unknown_number_is_a_dash_with_its_reason(dana: Agent, administrator: User) -> None:
    make_call(dana, wpm_agent=None, reasons={"wpm_agent": "under 30 words"}, agent_talk_share=0.5)
    page = text(get(administrator, reverse("calls")))
    assert "no value: under 30 words" in page
    assert "50 %" in page


def test_text_held_back_is_shown_with_its_time_and_reason(dana: Agent, administrator: User) -> None:
    held = {"start": 61.0, "end": 64.5, "text": "Thank you for <watching>.", "reason": "Probably no speech"}
    call = make_call(dana, recording={"quarantined": [held]})
    page = text(get(administrator, reverse("call", args=[call.recording_id])))
    assert "Held back: 1 stretch of text" in page
    assert "Thank you for &lt;watching&gt;." in page
    assert "Probably no speech" in page
    assert 'data-seek="61.00" data-until="64.50"' in page
    without = make_call(dana)
    assert "Held back" not in text(get(administrator, reverse("call", args=[without.recording_id])))


@pytest.mark.parametrize(("confidence", "unfolded"), [(0.6, True), (0.89, True), (0.9, False), (None, True)])
def test_evidence_is_folded_where_the_roles_are_clear(
    confidence: float | None, unfolded: bool, dana: Agent, administrator: User
) -> None:
    call = transcribed(dana)
    Recording.objects.update(role_confidence=confidence)
    page = text(get(administrator, reverse("call", args=[call.pk])))
    assert ("<details open>\n  <summary>Why" in page) == unfolded
    assert ("<details>\n  <summary>Why" in page) != unfolded


def test_agents_table_shows_n_and_sorts_unknown_last(dana: Agent, eli: Agent, administrator: User) -> None:
    zoe = make_agent("Zoe Ward", team="Sales")
    make_call(dana, wpm_agent=120.0)
    make_call(eli, wpm_agent=None)
    make_call(zoe, wpm_agent=180.0)
    falling = get(administrator, reverse("agents") + "?sort=-wpm_agent")
    assert [row.agent for row in falling.context["rows"]] == [zoe, dana, eli]
    rising = get(administrator, reverse("agents") + "?sort=wpm_agent")
    assert [row.agent for row in rising.context["rows"]] == [dana, zoe, eli]
    assert 'aria-sort="descending"' in text(falling)
    assert "n 1" in text(falling)


def test_agents_table_shows_the_chosen_columns(dana: Agent, administrator: User) -> None:
    make_call(dana)
    page = get(administrator, reverse("agents") + "?column=questions_agent&column=nonsense")
    assert [metric.key for metric in page.context["columns"]] == ["questions_agent"]


@pytest.fixture
def different(dana: Agent) -> Agent:
    """Dana and Ben of Billing clearly differ in pace but not in silence; Zoe has too few calls. Gives Ben."""
    ben, zoe = make_agent("Ben Okafor", team="Billing"), make_agent("Zoe Ward", team="Billing")
    for number in range(6):
        make_call(dana, wpm_agent=120.0 + number, silence_share=0.1 + number / 100)
        make_call(ben, wpm_agent=160.0 + number, silence_share=0.1 + number / 100)
    make_call(zoe, wpm_agent=190.0)
    return ben


COLUMNS = "from=2025-05-12&to=2025-05-12&column=wpm_agent&column=silence_share"


def test_the_heat_map_says_who_differs(different: Agent, dana: Agent, supervisor: User) -> None:
    page = get(supervisor, reverse("agents") + f"?team={dana.team_id}&{COLUMNS}")
    shown = text(page)
    assert "Who differs from the team" in shown
    behind = f"from=2025-05-12&amp;to=2025-05-12&amp;team={dana.team_id}&amp;agent="
    assert 'class="number heat above step2"' in shown  # 162.5 beside 146.2, with a standard deviation of 23.6
    assert f'{behind}{different.pk}&amp;counted=wpm_agent&amp;sort=-wpm_agent" title="above the mean">▲ +16<' in shown
    assert f'{behind}{dana.pk}&amp;counted=wpm_agent&amp;sort=-wpm_agent" title="below the mean">▼ −24<' in shown
    assert shown.count('title="no real difference"> 0.0<') == 2
    assert "no value: under 5 calls" in shown
    assert page.context["compared"] == 4


def test_an_agent_is_compared_with_nobody_by_name(different: Agent, own: User) -> None:
    page = text(get(own, reverse("agents") + f"?{COLUMNS}"))
    assert "Ben Okafor" not in page
    assert "Who differs" not in page
    assert "162" not in page
    tiles = get(own, reverse("agent", args=[own.agent_id])).context["tiles"]
    assert {tile.team_median for tile in tiles} == {None}  # of two agents with 5 calls, it would be the other's


def test_a_tile_says_whether_the_agent_differs(different: Agent, dana: Agent, administrator: User) -> None:
    for number in range(5):
        make_call(dana, MAY_12 - timedelta(days=3), wpm_agent=140.0 + number, silence_share=0.1 + number / 100)
        make_call(make_agent("Mia Stone"), wpm_agent=140.0 + number)
    page = text(get(administrator, reverse("agent", args=[dana.pk]) + "?from=2025-05-12&to=2025-05-12"))
    assert "▼ below the team median 142" in page
    assert ">30 days before</a>: 142 (n 5), ▼ −20 (95 % −22 to −17)" in page
    assert ">30 days before</a>: 12.0 (n 5), no real difference" in page
    assert "30 days before: no calls with this number" not in page  # a tile without a number has nothing to compare


def test_the_agents_table_as_csv(different: Agent, dana: Agent, supervisor: User) -> None:
    page = get(supervisor, reverse("agents_export") + f"?{COLUMNS}&sort=-wpm_agent")
    header, zoe, ben, _ = b"".join(page.streaming_content).decode("utf-8-sig").splitlines()
    assert header.split(",")[:6] == ["period", "agent", "team", "calls", "minutes", "wpm_agent_mean"]
    assert header.split(",")[-2:] == ["silence_share_ci_high", "silence_share_deviation"]
    assert zoe == "2025-05-12/2025-05-12,Zoe Ward,Billing,1,1.0,190.0,1,,,,,0,,,"
    assert ben.split(",")[5:7] == ["162.5", "6"]
    assert float(ben.split(",")[9]) == pytest.approx(162.5 - (6 * 122.5 + 6 * 162.5 + 190) / 13, abs=1e-4)


def test_an_agents_dashboard_has_its_parts(dana: Agent, administrator: User) -> None:
    for day in range(6):
        transcribed(dana, started_at=MAY_12 - timedelta(days=day), wpm_agent=140.0 + day, sentiment_customer=-2.0)
    page = get(administrator, reverse("agent", args=[dana.pk]) + "?metric=wpm_agent")
    shown = text(page)
    assert shown.count('class="tile"') == 6
    assert "n 6" in shown
    assert 'class="spark"' in shown
    assert len(page.context["dots"].rows) == 6
    assert shown.count("Show as table") >= 3
    assert "My parcel is late" in shown
    newest = CallMetrics.objects.latest("started_at").pk
    assert f"{reverse('call', args=[newest])}?t=8.0" in shown
    assert f'data-clip="{reverse("recording_audio", args=[newest])}" data-from="8.00" data-until="12.00"' in shown


def test_filters_of_the_calls_list_come_from_the_address(dana: Agent, eli: Agent, administrator: User) -> None:
    make_call(dana, sentiment_customer=-3.0)
    make_call(eli, sentiment_customer=2.0)
    page = get(administrator, reverse("calls") + f"?agent={dana.pk}&sentiment_max=-1")
    assert [recording.agent for recording in page.context["page"].rows] == [dana]
    assert f'<option value="{dana.pk}" selected>' in text(page)
    assert f"/export/calls.csv?agent={dana.pk}&amp;sentiment_max=-1" in text(page)


def test_an_unreadable_filter_is_named_and_not_applied(dana: Agent, administrator: User) -> None:
    make_call(dana)
    page = get(administrator, reverse("calls") + "?from=yesterday")
    assert page.context["count"] == 1
    assert "“yesterday” is not a date" in text(page)


def test_htmx_gets_the_results_alone(dana: Agent, administrator: User) -> None:
    make_call(dana)
    fragment = text(get(administrator, reverse("calls"), **{"HX-Request": "true"}))
    assert fragment.lstrip().startswith('<div id="results"')
    assert "<html" not in fragment


def test_going_back_in_the_browser_gets_the_whole_page(dana: Agent, administrator: User) -> None:
    make_call(dana)
    headers = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    response = get(administrator, reverse("calls"), **headers)
    assert "<html" in text(response)
    assert "HX-Request" in response.headers["Vary"]


def test_no_call_passes(dana: Agent, administrator: User) -> None:
    make_call(dana)
    assert "No call passes these filters" in text(get(administrator, reverse("calls") + "?q=zeppelin"))


def test_the_call_page_marks_fillers_and_explains_roles(dana: Agent, administrator: User) -> None:
    call = transcribed(dana, silence_count=1, silence_s=2.0, silence_share=0.1, longest_silence_s=2.0)
    page = text(get(administrator, reverse("call", args=[call.pk])))
    assert (
        '<p data-times="100 100 100 100 100 100 100 100 100 100">'
        'Thank you <span class="filler tier-1">um</span> for calling</p>' in page
    )
    assert "said &quot;thank you for calling&quot;" in page
    assert "It is not certain who is the agent" in page
    assert reverse("call_moments", args=[call.pk, "silence_share"]) in page
    assert reverse("recording_transcript", args=[call.pk, "srt"]) in page


def test_the_call_page_marks_the_turns_that_were_searched(dana: Agent, administrator: User) -> None:
    call = transcribed(dana)
    page = get(administrator, reverse("call", args=[call.pk]) + "?q=parcel")
    assert page.context["hits"] == {1: [1]}
    assert text(page).count('customer hit"') == 1
    assert "My <mark>parcel</mark> is late" in text(page)
    assert [(mark["start"], mark["label"]) for mark in page.context["scene"]["marks"] if mark["type"] == "hit"] == [
        (9.0, "parcel")
    ]


def test_the_moments_behind_a_number_are_fetched_when_its_tile_is_opened(dana: Agent, administrator: User) -> None:
    call = transcribed(dana, silence_share=0.1)
    page = text(get(administrator, reverse("call_moments", args=[call.pk, "silence_share"])))
    assert "Play 1 moment<" in page
    assert 'data-seek="6.00" data-until="8.00"' in page
    for nothing in ("overlap_s", "agent_talk_share", "nonsense"):
        assert get(administrator, reverse("call_moments", args=[call.pk, nothing])).status_code == 404


def test_a_call_opened_from_a_number_has_its_moments_open(dana: Agent, administrator: User) -> None:
    call = transcribed(dana, silence_share=0.1)
    listed = text(get(administrator, reverse("calls") + "?counted=silence_share"))
    address = f"{reverse('call', args=[call.pk])}?counted=silence_share"
    assert f'href="{address}"' in listed
    opened = '<details class="call-tile" name="tile" open>\n      <summary><span class="tile-name">Silence<'
    assert opened in text(get(administrator, address))
    assert opened not in text(get(administrator, reverse("call", args=[call.pk])))


def test_the_number_whose_calls_are_listed_is_a_column(dana: Agent, administrator: User) -> None:
    make_call(dana, longest_monologue_s_agent=40.0)
    assert 'of-longest_monologue_s_agent">40<' not in text(get(administrator, reverse("calls")))
    page = text(get(administrator, reverse("calls") + "?counted=longest_monologue_s_agent"))
    assert 'of-longest_monologue_s_agent">40<' in page


def test_layers_are_as_the_user_left_them(dana: Agent, administrator: User) -> None:
    administrator.prefer(hidden_layers=["filler"])
    page = text(get(administrator, reverse("call", args=[transcribed(dana).pk])))
    assert 'value="filler">' in page
    assert 'value="silence" checked>' in page


def test_a_page_that_waits_is_loaded_again_when_the_call_is_transcribed(administrator: User) -> None:
    recording = make_recording(status="processing")
    path, asked = reverse("call", args=[recording.pk]), {"HX-Request": "true"}
    assert "HX-Refresh" not in get(administrator, path, **asked).headers
    Recording.objects.update(status="done", outcome="no_speech")
    assert get(administrator, path, **asked).headers["HX-Refresh"] == "true"


def test_numbers_of_an_older_transcript_are_named_so_and_fetched_when_they_are_new(
    dana: Agent, administrator: User
) -> None:
    call = transcribed(dana)
    Recording.objects.update(finished_at=timezone.now())
    numbers = reverse("call_numbers", args=[call.pk])
    page = text(get(administrator, reverse("call", args=[call.pk])))
    assert "Its numbers are being computed" in page
    assert f'hx-get="{numbers}' in page
    assert get(administrator, numbers).status_code == 204
    call.save()
    fragment = get(administrator, numbers)
    assert (fragment.status_code, "every 2s" in text(fragment)) == (200, False)


def test_feelings_of_agents_are_not_on_the_strip(dana: Agent, administrator: User, settings: Any) -> None:
    call = transcribed(dana)
    say(call.recording, "agent", "Wonderful to hear", 20.0, score=0.9)
    path = reverse("call", args=[call.pk])
    assert [
        mark["by"] for mark in get(administrator, path).context["scene"]["marks"] if mark["type"] == "sentiment"
    ] == ["customer"]
    settings.AGENT_SENTIMENT = True
    assert len([m for m in get(administrator, path).context["scene"]["marks"] if m["type"] == "sentiment"]) == 2


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ({"status": "waiting"}, "Waiting for its turn"),
        ({"status": "processing", "stage": "diarizing", "progress": 0.4}, "Being transcribed: diarizing"),
        ({"status": "failed", "error": "No audio stream."}, "No audio stream."),
        ({"status": "done", "outcome": "no_speech"}, "Nobody speaks in this recording"),
        ({"status": "done", "outcome": "one_sided"}, "Only one party speaks"),
    ],
)
def test_every_state_of_a_call_has_a_page(administrator: User, state: dict[str, Any], words: str) -> None:
    recording = make_recording(**state)
    page = get(administrator, reverse("call", args=[recording.pk]))
    assert page.status_code == 200
    assert words in text(page)


def test_exports_stream_what_the_page_shows(dana: Agent, eli: Agent, supervisor: User) -> None:
    make_call(dana)
    make_call(eli)
    response = get(supervisor, reverse("export", args=["calls"]))
    lines = b"".join(response.streaming_content).decode().splitlines()
    assert response.headers["Content-Disposition"] == 'attachment; filename="calls.csv"'
    assert lines[0].startswith("call_id,external_id,source_file")
    assert len(lines) == 2
    assert "Dana Reyes" in lines[1]


def test_exports_are_of_known_tables(administrator: User) -> None:
    assert get(administrator, reverse("export", args=["secrets"])).status_code == 404


def test_calls_list_costs_the_same_for_one_call_and_for_many(
    dana: Agent, administrator: User, django_assert_num_queries: Any
) -> None:
    client = login(administrator)
    for day in range(12):
        transcribed(dana, started_at=MAY_12 - timedelta(days=day))
        if day in {0, 11}:
            with django_assert_num_queries(10):  # session, user, page (two), views, confirm, lists (two); agents, teams
                client.get(reverse("calls"))


@pytest.mark.parametrize(("name", "queries"), [("overview", 22), ("agents", 11), ("agent", 27)])
def test_a_dashboard_costs_the_same_for_one_agent_and_for_many(
    dana: Agent, administrator: User, django_assert_num_queries: Any, name: str, queries: int
) -> None:
    client, address = login(administrator), reverse(name, args=[dana.pk] if name == "agent" else [])
    client.get(address)  # the first look of a sitting is written down
    for _ in range(2):
        for number in range(6):
            transcribed(make_agent(f"Agent {number}", team="Billing"), wpm_agent=140.0 + number)
            transcribed(dana, wpm_agent=140.0 + number)
        with django_assert_num_queries(queries):
            client.get(address)


def test_a_searched_list_hands_its_words_on_to_the_call(dana: Agent, administrator: User) -> None:
    call = transcribed(dana)
    page = text(get(administrator, reverse("calls") + "?q=parcel&customer_said=late"))
    assert f'href="{reverse("call", args=[call.pk])}?q=parcel&amp;customer_said=late"' in page
