"""Rows as CSV, streamed: None is an empty cell, times are ISO 8601 in the site's zone, no cell runs as a formula."""

import csv
from collections.abc import Iterable, Iterator
from datetime import datetime

from .days import written

Row = list[object]


def lines(columns: Iterable[str], rows: Iterable[Row]) -> Iterator[str]:
    """The table line by line, its header first."""
    writer = csv.writer(_Echo())
    yield writer.writerow(columns)
    for row in rows:
        yield writer.writerow([_cell(value) for value in row])


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, line: str) -> str:
        return line


def _cell(value: object) -> object:
    """As it goes into the file. Text that a spreadsheet would run as a formula gets an apostrophe in front."""
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, str):
        return f"'{value}" if value.startswith(("=", "+", "-", "@", "\t", "\r")) else value
    if isinstance(value, datetime):
        return written(value)
    return value
