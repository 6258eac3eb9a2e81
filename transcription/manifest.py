"""A CSV file that says what is known about recordings: one row a file. Pure: the site's zone is an argument.

Columns: `filename` and any field of Metadata. Headers in any case; comma, semicolon or tab; UTF-8 (with or without a
byte-order mark), UTF-16 with one, or Windows-1252, as spreadsheets save it.
"""

import codecs
import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from functools import cached_property
from pathlib import PurePath

from .metadata import FIELDS, Metadata, from_text

DELIMITERS = ",;\t"


class ManifestError(Exception):
    """The file as a whole cannot be used."""


@dataclass(frozen=True, slots=True)
class Row:
    """`number` counts as a spreadsheet does: the header is row 1. Either `error` says what is wrong, or it is empty."""

    number: int
    filename: str
    metadata: Metadata = field(default_factory=Metadata)
    error: str = ""


@dataclass(frozen=True)
class Manifest:
    """`notes` are remarks that concern no single row."""

    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()

    def row_for(self, path: PurePath) -> Row | None:
        """The row of a file. `calls/a.wav` in a row means only that folder's, `a.wav` any; the longest name wins."""
        parts = _key(str(path)).split("/")
        return next((row for at in range(len(parts)) if (row := self._index.get("/".join(parts[at:])))), None)

    def without_file(self, paths: Iterable[PurePath]) -> tuple[Row, ...]:
        """Rows whose file is not among `paths`, and rows that name no file."""
        used = {_key(row.filename) for path in paths if (row := self.row_for(path))}
        return tuple(row for row in self.rows if not row.filename or _key(row.filename) not in used)

    @cached_property
    def _index(self) -> Mapping[str, Row]:
        return {_key(row.filename): row for row in self.rows if row.filename}


def read(content: bytes, zone: tzinfo) -> Manifest:
    """The rows of a CSV file, each wrong one with what is wrong. Raises ManifestError if it is no manifest at all."""
    text = _decoded(content)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    try:
        table = list(lines)
    except csv.Error as error:
        raise ManifestError(f"This is not a CSV file: line {lines.line_num}, {error}.") from error
    header = [name.strip().lower().replace(" ", "_") for name in table[0]] if table else []
    if "filename" not in header:
        raise ManifestError("The first row must name the columns, and one of them must be 'filename'.")
    if doubled := sorted({name for name in header if name and header.count(name) > 1}):
        raise ManifestError(f"Columns named twice: {', '.join(doubled)}.")
    unknown = [name for name in header if name and name not in {"filename", *FIELDS}]
    rows = (_row(number, header, cells, zone) for number, cells in enumerate(table[1:], start=2) if any(cells))
    notes = (f"Column '{name}' is not known and was ignored." for name in unknown)
    return Manifest(tuple(_without_repetition(rows)), tuple(notes))


def _row(number: int, header: list[str], cells: list[str], zone: tzinfo) -> Row:
    values = dict(zip(header, cells, strict=False))
    filename = values.pop("filename", "").strip()
    if not filename:
        return Row(number, "", error="names no file")
    if any(cell.strip() for cell in cells[len(header) :]):
        return Row(number, filename, error="has more cells than there are columns; quote cells that hold a separator")
    try:
        return Row(number, filename, from_text(values, zone))
    except ValueError as error:
        return Row(number, filename, error=str(error))


def _without_repetition(rows: Iterable[Row]) -> Iterator[Row]:
    """Rows for the same file cannot all be right, so every one of them is an error."""
    numbers: dict[str, list[int]] = {}
    every = tuple(rows)
    for row in every:
        numbers.setdefault(_key(row.filename), []).append(row.number)
    for row in every:
        same = numbers[_key(row.filename)]
        if row.filename and len(same) > 1:
            yield Row(row.number, row.filename, error=f"rows {', '.join(map(str, same))} are about the same file")
        else:
            yield row


def _key(filename: str) -> str:
    """Names are compared without regard to case and Unicode form, because file systems differ in both."""
    return unicodedata.normalize("NFC", filename.replace("\\", "/").removeprefix("./").strip("/")).casefold()


def _delimiter(text: str) -> str:
    """The separator that cuts the first line into the most known columns."""
    first = text.partition("\n")[0].lower()
    known = {"filename", *FIELDS}
    return max(DELIMITERS, key=lambda mark: sum(cell.strip(' "\r') in known for cell in first.split(mark)))


def _decoded(content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")
