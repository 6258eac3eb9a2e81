"""Metadata from file names, by regular expressions with named groups. Pure.

Groups: `agent`, `datetime`, `call_id`, `customer`, `direction`, `queue`. A name that does not match says nothing.
"""

import re
from datetime import tzinfo
from pathlib import PurePath

from .metadata import Metadata, from_text

GROUPS = {
    "agent": "agent",
    "datetime": "started_at",
    "call_id": "external_id",
    "customer": "customer_ref",
    "direction": "direction",
    "queue": "queue",
}
"""Group of a pattern -> field of Metadata."""

_CALL = r"-(?P<datetime>\d{8}-\d{6})-(?P<call_id>\d+\.\d+)"
_DAY_AND_TIME = r"(?P<datetime>\d{4}-\d\d-\d\d[T_ ]\d\d-\d\d(?:-\d\d)?)"

PRESETS = {
    name: re.compile(pattern, re.IGNORECASE)
    for name, pattern in {
        "…_GUID_<id>_AGENT_<name>_DT_2021-12-01T06-01-22…": (
            rf"(?:.*_)?GUID_(?P<call_id>.+?)_AGENT_(?P<agent>.+?)_DT_{_DAY_AND_TIME}(?!\d).*"
        ),
        # FreePBX and Asterisk: <type>-<destination>-<source>-YYYYMMDD-HHMMSS-<epoch>.<n>
        "FreePBX, outgoing": rf"(?P<direction>out)-(?P<customer>[^-]+)-(?P<agent>[^-]+){_CALL}",
        "FreePBX, incoming": rf"(?P<direction>in)-[^-]+-(?P<customer>[^-]+){_CALL}",
        "FreePBX, to an extension": rf"(?:external|exten)-(?P<agent>[^-]+)-(?P<customer>[^-]+){_CALL}",
        "FreePBX, internal": rf"(?P<direction>internal)-[^-]+-(?P<agent>[^-]+){_CALL}",
        "FreePBX, queue": rf"(?:q|rg)-(?P<queue>[^-]+)-(?P<customer>[^-]+){_CALL}",
        "agent_2021-12-01_06-01": rf"(?P<agent>[^\W\d](?:(?!_\d{{4}}-).)*)_{_DAY_AND_TIME}",
    }.items()
}
"""What each is called -> the pattern; the first that matches wins."""


def parse(name: str, pattern: str = "", *, zone: tzinfo) -> Metadata | None:
    """What `name` (a file name or path) says by `pattern`, or by the first preset that matches; None if none does.

    Patterns must match the whole name, with or without its extension. Times without an offset are read in `zone` (see
    `metadata.read_time`). A match with an impossible value (the 31st of February) is no match.
    """
    path = PurePath(name.replace("\\", "/"))
    for expression in (re.compile(pattern),) if pattern else PRESETS.values():
        match = expression.fullmatch(path.stem) or expression.fullmatch(path.name)
        if match:
            return _metadata(match, zone)
    return None


def problem(pattern: str) -> str | None:
    """Why `pattern` cannot be used, or None if it can."""
    try:
        groups = re.compile(pattern).groupindex
    except re.error as error:
        return f"This is not a regular expression: {error}."
    if unknown := sorted(set(groups) - set(GROUPS)):
        return f"Unknown groups: {', '.join(unknown)}. Known are {', '.join(GROUPS)}."
    return None if groups else f"It has no named groups. Known are {', '.join(GROUPS)}."


def _metadata(match: re.Match[str], zone: tzinfo) -> Metadata | None:
    groups = {GROUPS[name]: value for name, value in match.groupdict().items() if name in GROUPS and value}
    if "agent" in groups:
        groups["agent"] = groups["agent"].replace("_", " ")
    try:
        return from_text(groups, zone)
    except ValueError:
        return None
