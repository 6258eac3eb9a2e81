"""What the list of calls can be asked for in its address."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from math import isfinite
from typing import Any, Final
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from transcription.models import Recording

from .catalogue import METRICS
from .columns import SORTS
from .search import Said

EVERY = "all"
NONE = "none"
ANY_NUMBER = "any"
"""As values of `calls`: a form of boxes sends `none` beside the ticked ones: nothing ticked is not everything."""


@dataclass(frozen=True, slots=True)
class CallFilters:
    """The query string of the calls list; each field is the parameter of the same name, but `start` is from, `end` to.

    A value that cannot be read is left out and named in `errors` (parameter -> what is wrong). `given` has the others
    as text, in the order of the form.
    """

    start: date | None = None
    end: date | None = None
    agent: int | None = None
    team: int | None = None
    status: str = ""
    outcome: str = ""
    q: str = ""
    """Words that anybody said in one turn (see search.Said)."""
    agent_said: str = ""
    customer_said: str = ""
    not_said: str = ""
    """Words that no turn of the finished call has, or none of `not_by`."""
    not_by: str = ""
    sentiment_min: float | None = None
    sentiment_max: float | None = None
    """Customer sentiment of the call, −5 … +5."""
    shift: str = ""
    """improved, steady or worsened."""
    duration_min: float | None = None
    duration_max: float | None = None
    """Seconds."""
    fillers_min: float | None = None
    """More agent fillers per 100 words than this."""
    silence_min: float | None = None
    silence_max: float | None = None
    """Percent of the call."""
    counted: str = ""
    """A key of catalogue.METRICS: only calls whose number enters its means; ANY_NUMBER: all that are measured."""
    feeling: str = ""
    """positive, neutral, negative or unknown (see scope.felt)."""
    filler: str = ""
    """A term that the agent said in a call whose fillers enter means."""
    language: str = ""
    roles: str = ""
    """"unconfirmed": only calls whose roles wait for confirmation; "certain": the others that have both parties."""
    calls: tuple[int, ...] | None = None
    """Primary keys of chosen calls; None for no choice."""
    sort: str = "-started_at"
    errors: dict[str, str] = field(default_factory=dict, compare=False)
    given: dict[str, str] = field(default_factory=dict, compare=False)

    @classmethod
    def parse(cls, params: Mapping[str, str]) -> "CallFilters":
        """From request.GET or any mapping of strings; unknown parameters are ignored (e.g. after)."""
        values: dict[str, Any] = {}
        errors: dict[str, str] = {}
        given: dict[str, str] = {}
        for name, (attribute, read, wanted) in _PARAMETERS.items():
            text = _text(params, name)
            if not text:
                continue
            try:
                value = read(text)
            except ValueError:
                said = {"text": text[:50], "wanted": gettext(wanted)}
                errors[name] = gettext("“%(text)s” is not %(wanted)s.") % said
                continue
            if value is not None:
                values[attribute], given[name] = value, _written(value, text)
        return cls(**values, errors=errors, given=given)

    @property
    def query(self) -> str:
        """As a query string that means the same."""
        return urlencode(self.given)

    @property
    def said(self) -> list[Said]:
        """What turns are shown for. A call passes when it has a turn for each."""
        wanted = (Said(self.q), Said(self.agent_said, "agent"), Said(self.customer_said, "customer"))
        return [said for said in wanted if said.words]

    @property
    def active(self) -> list[str]:
        """The parameters that leave calls out: all but the order of the list and who did not say it."""
        return [name for name in self.given if name not in ("sort", "not_by")]

    def without(self, *names: str) -> "CallFilters":
        """The same but for some parameters."""
        return CallFilters.parse({name: text for name, text in self.given.items() if name not in names})


def _text(params: Mapping[str, str], name: str) -> str:
    several = name == "calls" and isinstance(params, QueryDict)
    text = ",".join(params.getlist(name)) if several else params.get(name, "")  # type: ignore[attr-defined]
    return text.replace("\0", "").strip()


def _written(value: object, text: str) -> str:
    return (",".join(map(str, value)) or NONE) if isinstance(value, tuple) else text


def _day(text: str) -> date:
    day = date.fromisoformat(text)
    if not date.min.year < day.year < date.max.year:
        raise ValueError(text)
    return day


def _finite(text: str) -> float:
    number = float(text)
    if not isfinite(number):
        raise ValueError(text)
    return number


def _words(text: str) -> str:
    """An index finds words, not their absence: something besides "-without" is needed."""
    if all(word.startswith("-") for word in text.split()) or len(text) > MOST_WORDS:
        raise ValueError(text)
    return text


def _calls(text: str) -> tuple[int, ...] | None:
    parts = [part for part in text.split(",") if part not in ("", NONE)]
    return None if EVERY in parts else tuple(dict.fromkeys(map(_key, parts)))


def _key(text: str) -> int:
    key = int(text)
    if not 0 < key < 2**63:
        raise ValueError(text)
    return key


def _one_of(*choices: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in choices:
            raise ValueError(text)
        return text

    return read


MOST_WORDS: Final = 500
_A_DAY = _("a date like 2025-01-31")
_SOMETHING = _("something to look for: give at least one word without “-”, or use “Not said”")
_PARAMETERS: Final[dict[str, tuple[str, Callable[[str], object], str]]] = {
    "q": ("q", _words, _SOMETHING),
    "agent_said": ("agent_said", _words, _SOMETHING),
    "customer_said": ("customer_said", _words, _SOMETHING),
    "not_said": ("not_said", _words, _SOMETHING),
    "not_by": ("not_by", _one_of("agent", "customer"), _("agent or customer")),
    "from": ("start", _day, _A_DAY),
    "to": ("end", _day, _A_DAY),
    "agent": ("agent", _key, _("the number of an agent")),
    "team": ("team", _key, _("the number of a team")),
    "status": ("status", _one_of(*Recording.Status.values), _("a status")),
    "outcome": ("outcome", _one_of(*Recording.Outcome.values), _("an outcome")),
    "sentiment_min": ("sentiment_min", _finite, _("a number")),
    "sentiment_max": ("sentiment_max", _finite, _("a number")),
    "shift": ("shift", _one_of("improved", "steady", "worsened"), _("improved, steady or worsened")),
    "duration_min": ("duration_min", _finite, _("a number of seconds")),
    "duration_max": ("duration_max", _finite, _("a number of seconds")),
    "fillers_min": ("fillers_min", _finite, _("a number")),
    "silence_min": ("silence_min", _finite, _("a number of percent")),
    "silence_max": ("silence_max", _finite, _("a number of percent")),
    "counted": ("counted", _one_of(ANY_NUMBER, *METRICS), _("a number of the dashboards")),
    "feeling": ("feeling", _one_of("positive", "neutral", "negative", "unknown"), _("a feeling")),
    "filler": ("filler", str.lower, _("a filler")),
    "language": ("language", str.lower, _("a language code")),
    "roles": ("roles", _one_of("unconfirmed", "certain"), _("“unconfirmed” or “certain”")),
    "calls": ("calls", _calls, _("numbers of calls")),
    "sort": ("sort", _one_of(*SORTS, *(f"-{key}" for key in SORTS)), _("something to sort by")),
}
"""Parameter -> field of CallFilters, how to read it, and what it should be."""
