import csv
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from analytics.exports import csv_lines
from analytics.models import Event, FillerUse
from analytics.queries import CallFilters
from transcription.models import Recording, User

from .conftest import make_agent, make_recording, make_user
from .measured import MAY_12, SHIPPED, make_call, make_question, make_topic, say

pytestmark = pytest.mark.django_db

CALLS = [
    "call_id",
    "external_id",
    "source_file",
    "started_at",
    "duration_s",
    "agent",
    "team",
    "customer_ref",
    "direction",
    "queue",
    "language",
    "channels",
    "role_source",
    "role_confidence",
    "status",
    "words_agent",
    "words_customer",
    "talk_s_agent",
    "talk_s_customer",
    "agent_talk_share",
    "silence_count",
    "silence_s",
    "silence_share",
    "longest_silence_s",
    "overlap_s",
    "interruptions_by_agent",
    "interruptions_by_customer",
    "wpm_agent",
    "wpm_customer",
    "longest_monologue_s_agent",
    "longest_monologue_s_customer",
    "response_latency_median_s",
    "questions_agent",
    "questions_customer",
    "fillers_agent",
    "fillers_per_100_words_agent",
    "fillers_per_min_agent",
    "filler_capture_mode",
    "sentiment_customer",
    "sentiment_customer_q1",
    "sentiment_customer_q2",
    "sentiment_customer_q3",
    "sentiment_customer_q4",
    "sentiment_shift",
    "worst_turn_at_s",
    "asr_model",
    "metrics_version",
    "filler_list",
]


def table(kind: str, user: User | None = None, **filters: Any) -> tuple[list[str], list[list[str]]]:
    lines = csv_lines(kind, user or make_user(), CallFilters(**filters))
    header, *rows = csv.reader(StringIO("".join(lines)))
    return header, rows


def test_calls(settings: Any) -> None:
    settings.TIME_ZONE = "Europe/Vienna"
    call = make_call(
        make_agent(),
        words_agent=120,
        silence_share=0.123456,
        sentiment_customer=-2.5,
        sentiment_shift="improved",
        recording={
            "external_id": "X-1",
            "duration": 61.23456,
            "channels": 2,
            "speakers": [
                {"label": "Speaker 1", "role": "customer", "role_confidence": 0.9, "evidence": ["no greeting"]},
                {"label": "Speaker 2", "role": "agent", "role_confidence": 0.9, "evidence": ["left channel", "greets"]},
            ],
            "engines": {"recognizer": "whisper base"},
        },
    )
    header, (row,) = table("calls")
    assert header == CALLS
    assert {name: cell for name, cell in zip(header, row, strict=True) if cell} == {
        "call_id": str(call.pk),
        "external_id": "X-1",
        "source_file": "call-1.wav",
        "started_at": "2025-05-12T11:30:00+02:00",
        "duration_s": "61.2346",
        "agent": "Dana Reyes",
        "team": "Billing",
        "channels": "2",
        "role_source": "decided",
        "role_confidence": "0.9",
        "status": "done",
        "words_agent": "120",
        "silence_share": "0.1235",
        "filler_capture_mode": "prompted",
        "sentiment_customer": "-2.5",
        "sentiment_shift": "improved",
        "asr_model": "whisper base",
        "metrics_version": "1",
        "filler_list": SHIPPED,
    }


def test_zero_is_not_empty() -> None:
    make_call(make_agent(), silence_count=0, silence_s=0.0)
    header, (row,) = table("calls")
    assert (row[header.index("silence_count")], row[header.index("silence_s")]) == ("0", "0")


def test_unfinished_calls_have_empty_cells() -> None:
    make_recording()
    header, (row,) = table("calls")
    assert row[header.index("status") :] == ["waiting"] + [""] * (len(header) - header.index("status") - 1)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_formulas_are_neutralised(start: str) -> None:
    make_recording(external_id=f"{start}HYPERLINK(1)", original_name="a=b.wav")
    header, (row,) = table("calls")
    assert row[header.index("external_id")] == f"'{start}HYPERLINK(1)"
    assert row[header.index("source_file")] == "a=b.wav"


def test_agents() -> None:
    dana = make_agent()
    for pace in (100.0, 110.0, 120.0, 130.0, 200.0):
        make_call(dana, wpm_agent=pace, silence_share=0.25)
    header, (row,) = table("agents", start=MAY_12.date(), end=MAY_12.date() + timedelta(days=6))
    cells = dict(zip(header, row, strict=True))
    assert header[:5] == ["period", "agent", "team", "calls", "minutes"]
    assert row[:5] == ["2025-05-12/2025-05-18", "Dana Reyes", "Billing", "5", "5.0"]
    assert (cells["wpm_agent_mean"], cells["wpm_agent_median"], cells["wpm_agent_n"]) == ("132.0", "120.0", "5")
    assert float(cells["wpm_agent_ci_low"]) < 120 < 140 < float(cells["wpm_agent_ci_high"])
    assert cells["silence_share_mean"] == "0.25"
    assert (cells["wpm_agent_team_median"], cells["wpm_customer_mean"], cells["wpm_customer_n"]) == ("", "", "0")


def test_agents_without_dates_cover_all_days() -> None:
    make_call(make_agent())
    make_call(make_agent(), MAY_12 - timedelta(days=40))
    assert [row[:4] for row in table("agents")[1]] == [["2025-04-02/2025-05-12", "Dana Reyes", "Billing", "2"]]


def test_turns() -> None:
    recording = make_call(make_agent()).recording
    say(recording, "customer", "My router is broken", 2.0, -0.8)
    say(recording, "", "um " + "word " * 30, 10.0)
    FillerUse.objects.create(recording=recording, role="customer", term="um", tier=1, at_s=10.0, end_s=11.0)
    header, rows = table("turns")
    assert header == ["call_id", "turn", "role", "start_s", "end_s", "words", "wpm", "sentiment", "text"]
    assert rows[0] == [str(recording.pk), "0", "customer", "2.0", "6.0", "4", "", "-0.8", "My router is broken"]
    assert rows[1][:8] == [str(recording.pk), "1", "", "10.0", "41.0", "31", "58.0645", ""]


def test_fillers_are_the_agents() -> None:
    recording = make_call(make_agent()).recording
    for role in ("agent", "customer"):
        FillerUse.objects.create(
            recording=recording,
            agent=recording.agent,
            role=role,
            term="um",
            tier=1,
            at_s=1.5,
            end_s=1.8,
            context="well um yes",
        )
    header, rows = table("fillers")
    assert header == ["call_id", "agent", "term", "tier", "at_s", "context"]
    assert rows == [[str(recording.pk), "Dana Reyes", "um", "1", "1.5", "well um yes"]]


def test_events() -> None:
    recording = make_call(make_agent()).recording
    for kind, start in (
        ("silence", 5.0),
        ("overlap", 1.0),
        ("backchannel", 2.0),
        ("interruption", 3.0),
        ("filler", 9.0),
    ):
        Event.objects.create(recording=recording, type=kind, by="agent", start_s=start, end_s=start + 1)
    header, rows = table("events")
    assert header == ["call_id", "type", "by", "start_s", "end_s"]
    assert [row[1:] for row in rows] == [
        ["overlap", "agent", "1.0", "2.0"],
        ["interruption", "agent", "3.0", "4.0"],
        ["silence", "agent", "5.0", "6.0"],
        ["filler", "agent", "9.0", "10.0"],
    ]


@pytest.mark.parametrize("kind", ["calls", "turns", "fillers", "events", "agents"])
def test_rows_obey_access_and_filters(kind: str) -> None:
    dana, ben = make_agent(), make_agent("Ben Okafor", "Support")
    for agent in (dana, ben):
        full_call(agent)
        full_call(agent, days=-9)
    own = make_user(User.Role.AGENT, agent=ben)
    since = MAY_12.date()
    expected = {"agents": 1}.get(kind, 2)
    assert len(table(kind, own)[1]) == expected
    assert len(table(kind, own, start=since)[1]) == 1
    assert len(table(kind, own, agent=dana.pk)[1]) == 0
    assert len(table(kind, team=10**9)[1]) == 0
    assert len(table(kind, agent=dana.pk, start=since)[1]) == 1
    assert dana.team
    assert len(table(kind, team=dana.team.pk, start=since)[1]) == 1


@pytest.mark.parametrize(
    ("kind", "queries"), [("calls", 8), ("turns", 3), ("fillers", 1), ("events", 1), ("agents", 6)]
)
@pytest.mark.parametrize("calls", [1, 8])
def test_query_counts(kind: str, queries: int, calls: int, django_assert_num_queries: Any) -> None:
    for number in range(calls):
        full_call(make_agent(f"Agent {number % 3}"))
    user = make_user()
    with django_assert_num_queries(queries):
        assert len(list(csv_lines(kind, user, CallFilters()))) > 1


def full_call(agent: Any, days: int = 0) -> Recording:
    recording = make_call(agent, MAY_12 + timedelta(days=days)).recording
    say(recording, "agent", "Hello there")
    FillerUse.objects.create(recording=recording, agent=agent, role="agent", term="um", tier=1, at_s=1, end_s=2)
    Event.objects.create(recording=recording, type="silence", by="agent", start_s=3, end_s=5)
    return recording


def test_the_command_writes_what_the_page_streams(tmp_path: Path, capsys: Any) -> None:
    full_call(make_agent())
    full_call(make_agent("Ben Okafor", "Support"), days=3)
    expected = "".join(csv_lines("fillers", make_user(), CallFilters()))
    call_command("export", "fillers")
    assert capsys.readouterr().out == expected
    call_command("export", "fillers", "--output", str(tmp_path / "fillers.csv"))
    assert (tmp_path / "fillers.csv").read_bytes().decode() == expected
    call_command("export", "fillers", "--agent", "Dana Reyes", "--from", "2025-05-12", "--to", "2025-05-12")
    assert capsys.readouterr().out.count("Dana Reyes") == 1
    call_command("export", "fillers", "--team", "Billing", "--from", "2025-05-13")
    assert capsys.readouterr().out.splitlines() == ["call_id,agent,term,tier,at_s,context"]


def test_the_command_knows_no_strangers() -> None:
    with pytest.raises(CommandError, match="There is no agent called “Nobody”"):
        call_command("export", "calls", "--agent", "Nobody")


def test_questions_with_their_topics_and_answers() -> None:
    call = make_call(make_agent("Dana")).recording
    topic = make_topic("Where is my parcel?")
    make_question(call, "Where is it?", topic)
    make_question(call, "=Hello?", small_talk=True, at_s=9.0, answer="", answer_at_s=None, answer_meaning=None)
    lines = list(csv.DictReader(StringIO("".join(csv_lines("questions", make_user(), CallFilters())))))
    assert lines == [
        {
            "call_id": str(call.pk),
            "agent": "Dana",
            "at_s": "5.0",
            "question": "Where is it?",
            "topic_id": str(topic.pk),
            "topic": "Where is my parcel?",
            "small_talk": "False",
            "answer": "Let me see.",
            "answer_at_s": "8.0",
        },
        {
            "call_id": str(call.pk),
            "agent": "Dana",
            "at_s": "9.0",
            "question": "'=Hello?",
            "topic_id": "",
            "topic": "",
            "small_talk": "True",
            "answer": "",
            "answer_at_s": "",
        },
    ]
