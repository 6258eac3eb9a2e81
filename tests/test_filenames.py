from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from transcription.filenames import parse, problem
from transcription.metadata import Metadata, combine, from_text, read_time

BERLIN = ZoneInfo("Europe/Berlin")


def test_guid_agent_dt() -> None:
    name = "rec_GUID_7f-3a_AGENT_dana_reyes_DT_2021-12-01T06-01-22_final.wav"
    assert parse(name, zone=BERLIN) == Metadata(
        agent="dana reyes", external_id="7f-3a", started_at=datetime(2021, 12, 1, 5, 1, 22, tzinfo=UTC)
    )


def test_asterisk_outgoing_call() -> None:
    assert parse("out-+4930123456-101-20210701-143000-1625142600.42.wav", zone=BERLIN) == Metadata(
        agent="101",
        customer_ref="+4930123456",
        direction="outbound",
        external_id="1625142600.42",
        started_at=datetime(2021, 7, 1, 12, 30, tzinfo=UTC),
    )


def test_asterisk_incoming_calls() -> None:
    ending = "-20210701-143000-1625142600.42"
    incoming = parse(f"in-8005550-5551234{ending}.wav", zone=UTC)
    extension = parse(f"external-101-5551234{ending}.gsm", zone=UTC)
    queue = parse(f"q-600-5551234{ending}.wav", zone=UTC)
    assert incoming
    assert (incoming.direction, incoming.customer_ref, incoming.agent) == ("inbound", "5551234", None)
    assert extension
    assert (extension.agent, extension.customer_ref) == ("101", "5551234")
    assert queue
    assert (queue.queue, queue.customer_ref) == ("600", "5551234")


def test_asterisk_name_without_extension_keeps_its_number() -> None:
    found = parse("out-5551234-101-20210701-143000-1625142600.42", zone=UTC)
    assert found
    assert found.external_id == "1625142600.42"


def test_agent_and_time() -> None:
    assert parse("Dana_2026-03-31_14-05.mp3", zone=UTC) == Metadata(
        agent="Dana", started_at=datetime(2026, 3, 31, 14, 5, tzinfo=UTC)
    )
    assert parse("calls\\Dana_2026-03-31_14-05.mp3", zone=UTC) == parse("Dana_2026-03-31_14-05.mp3", zone=UTC)


@pytest.mark.parametrize(
    "name", ["call.wav", "2026-03-31_14-05.wav", "Dana_2026-02-31_14-05.wav", "Dana_2026-03-31.wav", ""]
)
def test_other_names_say_nothing(name: str) -> None:
    assert parse(name, zone=UTC) is None


def test_pattern_of_a_source_replaces_the_presets() -> None:
    pattern = r"(?P<datetime>\d{8}T\d{6}Z)_(?P<queue>[a-z]+)_(?P<call_id>\d+)"
    assert parse("20260331T140500Z_billing_17.wav", pattern, zone=BERLIN) == Metadata(
        queue="billing", external_id="17", started_at=datetime(2026, 3, 31, 14, 5, tzinfo=UTC)
    )
    assert parse("Dana_2026-03-31_14-05.mp3", pattern, zone=UTC) is None


def test_patterns_that_cannot_be_used() -> None:
    assert problem(r"(?P<agent>.+)_\d+") is None
    assert "not a regular expression" in (problem("(") or "")
    assert "agnet" in (problem("(?P<agnet>.+)") or "")
    assert "no named groups" in (problem(".*") or "")


def test_times_with_an_offset_ignore_the_zone() -> None:
    expected = datetime(2026, 3, 31, 12, 5, tzinfo=UTC)
    for text in ("2026-03-31T14:05:00+02:00", "2026-03-31T12:05Z", "2026-03-31 07:05 -0500"):
        assert read_time(text, ZoneInfo("Asia/Tokyo")) == expected


def test_a_time_that_happened_twice_is_the_first() -> None:
    assert read_time("2026-10-25 02:30", BERLIN) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert read_time("2026-10-25 03:30", BERLIN) == datetime(2026, 10, 25, 2, 30, tzinfo=UTC)


def test_a_time_that_never_happened_moves_on_by_the_gap() -> None:
    moved = read_time("2026-03-29 02:30", BERLIN)
    assert moved == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert moved.astimezone(BERLIN).hour == 3


@pytest.mark.parametrize(
    "text", ["yesterday", "31.03.2026 14:05", "2026-03-31", "2026-13-01 10:00", "2026-03-31 25:00"]
)
def test_unreadable_times(text: str) -> None:
    with pytest.raises(ValueError, match="is not a date and time"):
        read_time(text, UTC)


@pytest.mark.parametrize(
    ("field", "value"),
    [("direction", "sideways"), ("channel_map", "agent_top"), ("language", "english"), ("queue", "q" * 101)],
)
def test_wrong_values_name_their_field(field: str, value: str) -> None:
    with pytest.raises(ValueError, match=f"^{field} is "):
        from_text({field: value}, UTC)


def test_values_are_put_in_order() -> None:
    values = {"direction": "IN", "channel_map": "Agent Left", "language": "en-GB", "agent": "  Dana ", "queue": " "}
    assert from_text(values, UTC) == Metadata(
        direction="inbound", channel_map="agent_left", language="en", agent="Dana"
    )


def test_the_best_source_wins_field_by_field() -> None:
    metadata, origins = combine(
        [
            ("manifest", Metadata(agent="Dana", team="Billing")),
            ("file name", Metadata(agent="D", external_id="17")),
            ("form", Metadata(agent="Eve")),
        ]
    )
    assert metadata == Metadata(agent="Dana", team="Billing", external_id="17")
    assert origins == {"agent": "manifest", "team": "manifest", "external_id": "file name"}


def test_a_team_is_not_given_to_the_agent_of_another_source() -> None:
    metadata, origins = combine(
        [("manifest", Metadata(agent="Dana")), ("sidecar", Metadata(agent="Eve", team="Sales"))]
    )
    assert (metadata.agent, metadata.team) == ("Dana", None)
    assert "team" not in origins
