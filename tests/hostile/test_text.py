"""Names and manifests with anything in them."""

from datetime import UTC
from pathlib import PurePath

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from transcription import filenames, manifest
from transcription.arrivals import tidy_name
from transcription.manifest import ManifestError
from transcription.metadata import FIELDS, MAX_LENGTHS, Metadata

NAMES = st.text(max_size=60) | st.from_regex(r"[\w.\-/\\ \n]{1,60}") | st.sampled_from(["../../etc/passwd", "a\n.wav"])
CELLS = st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=20)


@given(NAMES)
@example("..\\..\\windows\\system32")
@example("/" * 700 + "..")
@example("\ud800.wav")
def test_a_stored_name_leads_nowhere(name: str) -> None:
    tidy = tidy_name(name)
    assert tidy
    assert len(tidy) <= 500
    assert not PurePath(tidy).is_absolute()
    assert ".." not in PurePath(tidy).parts
    assert "\0" not in tidy
    tidy.encode()  # can be stored


@given(NAMES)
def test_any_name_says_something_or_nothing(name: str) -> None:
    said = filenames.parse(name, zone=UTC)
    assert said is None or said != Metadata()
    assert all(len(getattr(said, field) or "") <= longest for field, longest in MAX_LENGTHS.items() if said)


@given(st.binary(max_size=300))
@example(b"\xef\xbb\xbffilename\na.wav")
@example(b"\xff\xfef\x00")
@example(b'filename\n"a.wav')
@example(b"filename;agent\r\n\xe9.wav;Zo\xeb")
def test_any_bytes_are_a_manifest_or_not(content: bytes) -> None:
    for prefix in (b"", b"filename,agent\n"):
        try:
            rows = manifest.read(prefix + content, UTC).rows
        except ManifestError:
            rows = ()
        assert all(row.filename or row.error for row in rows)


@given(
    st.lists(st.tuples(CELLS, CELLS), max_size=5),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["utf-8-sig", "utf-16"]),
)
def test_a_manifest_says_what_was_written(rows: list[tuple[str, str]], mark: str, encoding: str) -> None:
    """Quoted as spreadsheets do, in their encodings: every row is there, with its number, its name and its queue."""
    lines = [("filename", "queue"), *((f"{number}.wav", cell) for number, (_, cell) in enumerate(rows))]
    text = "\r\n".join(mark.join(f'"{cell.replace(chr(34), 2 * chr(34))}"' for cell in line) for line in lines)
    read = manifest.read(text.encode(encoding, "replace"), UTC)
    assert [(row.number, row.filename) for row in read.rows] == [(at + 2, f"{at}.wav") for at in range(len(rows))]
    for (_, cell), row in zip(rows, read.rows, strict=True):
        said = cell.encode(encoding, "replace").decode(encoding).strip()
        assert row.metadata.queue == (said or None)


@pytest.mark.parametrize("field", FIELDS)
@given(value=st.text(max_size=300))
def test_a_strange_value_is_an_error_of_its_row(field: str, value: str) -> None:
    cell = value.replace('"', '""')
    content = f'filename,{field}\n"a.wav","{cell}"\n"b.wav",""\n'.encode(errors="replace")
    first, second = manifest.read(content, UTC).rows
    assert second.error == ""
    assert first.error == "" or field in first.error
