from datetime import UTC, datetime
from pathlib import PurePath
from zoneinfo import ZoneInfo

import pytest

from transcription.manifest import Manifest, ManifestError, read
from transcription.metadata import Metadata


def of(text: str) -> Manifest:
    return read(text.encode(), UTC)


def errors(manifest: Manifest) -> list[tuple[int, str]]:
    return [(row.number, row.error) for row in manifest.rows if row.error]


def test_every_column() -> None:
    manifest = of(
        "filename,agent,team,started_at,customer_ref,direction,queue,external_id,channel_map,language\n"
        "a.wav,Dana,Billing,2026-03-31T14:05:00+02:00,C-1,inbound,refunds,PBX-1,agent_left,en\n"
    )
    assert [row.metadata for row in manifest.rows] == [
        Metadata(
            agent="Dana",
            team="Billing",
            started_at=datetime(2026, 3, 31, 12, 5, tzinfo=UTC),
            customer_ref="C-1",
            direction="inbound",
            queue="refunds",
            external_id="PBX-1",
            channel_map="agent_left",
            language="en",
        )
    ]


def test_times_without_offset_are_of_the_site() -> None:
    manifest = read(b"filename,started_at\na.wav,2026-07-01 14:05\n", ZoneInfo("Europe/Berlin"))
    assert manifest.rows[0].metadata.started_at == datetime(2026, 7, 1, 12, 5, tzinfo=UTC)


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_separators_and_headers_as_spreadsheets_write_them(mark: str) -> None:
    manifest = of(f'\ufeffFILENAME{mark} Agent {mark}Customer Ref\r\n"a.wav"{mark}"Reyes{mark} Dana"{mark}x\r\n')
    row = manifest.rows[0]
    assert (row.filename, row.metadata.agent, row.metadata.customer_ref) == ("a.wav", f"Reyes{mark} Dana", "x")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_encodings(encoding: str) -> None:
    manifest = read("filename,agent\na.wav,Jürgen Müller\n".encode(encoding), UTC)
    assert manifest.rows[0].metadata.agent == "Jürgen Müller"


def test_errors_carry_the_number_of_the_row() -> None:
    manifest = of(
        "filename,agent,started_at\n"
        "a.wav,Dana,2026-03-31 14:05\n"
        "\n"
        "b.wav,Dana,tomorrow\n"
        ",Dana,2026-03-31 14:05\n"
        'c.wav,"Dana\nReyes",2026-03-31 14:05\n'
        "d.wav,Reyes, Dana,2026-03-31 14:05\n"
    )
    assert errors(manifest) == [
        (4, "started_at is not a date and time like 2026-03-31 14:05: 'tomorrow'"),
        (5, "names no file"),
        (7, "has more cells than there are columns; quote cells that hold a separator"),
    ]


def test_two_rows_for_one_file_are_both_wrong() -> None:
    manifest = of("filename,agent\na.wav,Dana\nb.wav,Eve\nA.WAV,Sam\n")
    assert errors(manifest) == [(2, "rows 2, 4 are about the same file"), (4, "rows 2, 4 are about the same file")]


def test_unknown_columns_are_noted() -> None:
    assert of("filename,agnet\na.wav,Dana\n").notes == ("Column 'agnet' is not known and was ignored.",)


@pytest.mark.parametrize(
    "content", [b"", b"\n", b"agent,team\nDana,Billing\n", b"RIFF\x00\x00WAVE", b"filename,agent,agent\n"]
)
def test_files_that_are_no_manifest(content: bytes) -> None:
    with pytest.raises(ManifestError):
        read(content, UTC)


def test_rows_are_found_by_name_and_by_folder() -> None:
    manifest = of("filename,agent\na.wav,Dana\n2026/a.wav,Eve\nCalls\\B.wav,Sam\n")

    def agent(path: str) -> str | None:
        row = manifest.row_for(PurePath(path))
        return row.metadata.agent if row else None

    assert agent("/in/a.wav") == "Dana"
    assert agent("/in/2026/a.wav") == "Eve"
    assert agent("/in/calls/b.wav") == "Sam"
    assert agent("/in/other/b.wav") is None


def test_names_match_in_any_unicode_form() -> None:
    manifest = read("filename,agent\nMu\u0308ller.wav,Dana\n".encode(), UTC)
    assert manifest.row_for(PurePath("M\u00fcller.wav")) is not None


def test_rows_without_file() -> None:
    manifest = of("filename,agent\na.wav,Dana\nb.wav,Eve\n,Sam\n")
    assert [row.number for row in manifest.without_file([PurePath("x/A.wav")])] == [3, 4]
