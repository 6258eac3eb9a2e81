"""What is stored in English (for exports, other programs, every reader) said in the language of who reads it.

A word or a fixed sentence is looked up as it is, a sentence with something in it by its pattern. What is in neither,
such as what a library said of an error, stays as it is.
"""

import re
from typing import Final

from django.conf import settings
from django.utils.formats import get_format
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_noop as _

from .queries import METRICS

FIXED: Final = frozenset(
    {
        # how far a recording is, and what a run was asked for
        *(_("received"), _("transcribed"), _("diarized"), _("measured"), _("starting")),
        *(_("waiting"), _("processing"), _("done"), _("failed"), _("cancelled")),
        *(_("recognizing"), _("aligning"), _("diarizing"), _("scoring"), _("reading"), _("grouping"), _("joining")),
        *(_("recognizer"), _("aligner"), _("diarizer"), _("sentiment"), _("voices"), _("embedder"), _("grouper")),
        *(_("disputed"), _("uncertain roles"), _("uncertain words"), _("sample")),
        *(_("inbound"), _("outbound"), _("internal")),
        # where a value came from, and what it is
        *(_("manifest"), _("sidecar"), _("file name"), _("folder"), _("form"), _("source")),
        *(_("agent"), _("customer"), _("team"), _("datetime"), _("call_id"), _("queue"), _("direction")),
        *(_("external_id"), _("customer_ref"), _("channel_map"), _("language")),
        # why a number is not known (analytics.metrics, analytics.queries)
        *(_("no speech"), _("no words recognised"), _("roles not known"), _("only one party is heard")),
        *(_("no words of the agent recognised"), _("no words of the customer recognised")),
        *(_("only the agent is heard"), _("only the customer is heard")),
        _("overlaps cannot be told in this audio"),
        *(_("no speech detected"), _("no words"), _("words have no length"), _("the call has no length")),
        _("no filler words listed for this language"),
        _("the agent never responds to the customer after a gap"),
        _("nothing said besides acknowledgements"),
        *(_("agent sentiment is switched off"), _("no turn has a sentiment")),
        _("the first or the last quarter has no sentiment"),
        *(_("not measured"), _("no two-sided calls in this period"), _("no call whose fillers were asked for")),
        # moments
        *(_("floor taken"), _("floor kept"), _("after agent"), _("after customer"), _("worst turn of the customer")),
        *(_("silence"), _("overlap"), _("interruption"), _("backchannel"), _("filler"), _("found"), _("comment")),
        *(_("positive"), _("neutral"), _("negative"), _("improved"), _("steady"), _("worsened")),
        # who is the agent (speech.roles)
        _("spoke first"),
        _("the source says the agent is on the left channel"),
        _("the source says the agent is on the right channel"),
        *(_("spoke first in an inbound call"), _("spoke first in an outbound call")),
        # what was found out about the sound, and about a file
        *(_("nothing can be heard"), _("nothing can be heard on either channel")),
        *(_("the left channel is silent"), _("the right channel is silent"), _("both channels carry the same sound")),
        _("The left channel is silent; the call was treated as mono"),
        _("The right channel is silent; the call was treated as mono"),
        _("Both channels are silent"),
        _("Both channels carry the same sound; the call was treated as mono"),
        _("The source says both channels are one mixed call"),
        *(_("name not recognised"), _("no agent"), _("no start time")),
    }
)

_NUMBER = r"[−+-]?\d+(?:\.\d+)?"
_MEAN = rf"(?: \(mean (?P<mean>{_NUMBER})(?: s)?, n (?P<n>\d+) calls\))?"
_PATTERNS: Final = tuple(
    (re.compile(pattern, re.DOTALL), words)
    for pattern, words in (
        (r"under (?P<n>\d+) words", _("under %(n)s words")),
        (r"under (?P<n>\d+) s of talk", _("under %(n)s s of talk")),
        (r"under (?P<n>\d+) words in this quarter", _("under %(n)s words in this quarter")),
        (r"under (?P<n>\d+) calls", _("under %(n)s calls")),
        (r"by (?P<who>[^,]+), (?P<what>.+)", _("by %(who)s, %(what)s")),
        (r"by (?P<who>agent|customer|Speaker \d+)", _("by %(who)s")),
        (r"Speaker (?P<n>\d+)", _("Speaker %(n)s")),
        (r"against it: (?P<what>.+)", _("against it: %(what)s")),
        (r"the other party (?P<what>.+)", _("the other party: %(what)s")),
        (r"opened with the company's name, (?P<what>.+)", _("opened with the company’s name, %(what)s")),
        (r'said "(?P<quote>.+)" at (?P<at>[\d:]+)', _("said “%(quote)s” at %(at)s")),
        (r'said "(?P<quote>.+)"', _("said “%(quote)s”")),
        (r'answered with only "(?P<quote>.+)"', _("answered with only “%(quote)s”")),
        (
            r"sounds like the agent in (?P<n>\d+) confirmed calls",
            _("sounds like the agent in %(n)s confirmed calls"),
        ),
        (r"sounds like (?P<name>.+) in (?P<n>\d+) confirmed calls", _("sounds like %(name)s in %(n)s confirmed calls")),
        (
            r"the agent is on the left channel in (?P<n>\d+) of (?P<all>\d+) confirmed calls of this source",
            _("the agent is on the left channel in %(n)s of %(all)s confirmed calls of this source"),
        ),
        (
            r"the agent is on the right channel in (?P<n>\d+) of (?P<all>\d+) confirmed calls of this source",
            _("the agent is on the right channel in %(n)s of %(all)s confirmed calls of this source"),
        ),
        (
            r"spoke first, as the (?P<who>\w+) did in (?P<n>\d+) of (?P<all>\d+) confirmed calls of this source",
            _("spoke first, as the %(who)s did in %(n)s of %(all)s confirmed calls of this source"),
        ),
        (
            r"clipped: (?P<share>[\d.]+) % of samples are at full scale",
            _("clipped: %(share)s %% of samples are at full scale"),
        ),
        (r"new agent (?P<name>.+)", _("new agent %(name)s")),
        (r"unknown agent (?P<name>.+), left unassigned", _("unknown agent %(name)s, left unassigned")),
        # reasons of coaching.kinds
        (
            (
                rf"The customer’s mood rises from (?P<was>{_NUMBER}) to (?P<now>{_NUMBER}) after this "
                r"\(n (?P<before>\d+) words before, (?P<after>\d+) after; of −5 to \+5\)"
            ),
            _(
                "The customer’s mood rises from %(was)s to %(now)s after this "
                "(n %(before)s words before, %(after)s after; of −5 to +5)"
            ),
        ),
        (
            (
                rf"The customer’s mood falls from (?P<was>{_NUMBER}) to (?P<now>{_NUMBER}) after this "
                r"\(n (?P<before>\d+) words before, (?P<after>\d+) after; of −5 to \+5\)"
            ),
            _(
                "The customer’s mood falls from %(was)s to %(now)s after this "
                "(n %(before)s words before, %(after)s after; of −5 to +5)"
            ),
        ),
        (
            rf"Answered after (?P<seconds>{_NUMBER}) s; median (?P<median>{_NUMBER}) s in this call{_MEAN}",
            _("Answered after %(seconds)s s; median %(median)s s in this call%(usually)s"),
        ),
        (
            rf"Asks (?P<rate>{_NUMBER}) questions per 10 min in this call{_MEAN}; the first",
            _("Asks %(rate)s questions per 10 min in this call%(usually)s; the first"),
        ),
        (
            rf"The customer waits (?P<seconds>{_NUMBER}) s for the agent to speak; (?P<n>\d+) such waits? in this call",
            _("The customer waits %(seconds)s s for the agent to speak; such waits in this call: %(n)s"),
        ),
        (
            rf"Cuts in (?P<times>\d+) times in this call{_MEAN}; the longest",
            _("Cuts in %(times)s times in this call%(usually)s; the longest"),
        ),
        (
            rf"Speaks for (?P<seconds>\d+) s without a word of the customer’s{_MEAN}",
            _("Speaks for %(seconds)s s without a word of the customer’s%(usually)s"),
        ),
        (
            (
                r"(?P<fillers>\d+) fillers? within (?P<seconds>\d+) s; "
                rf"(?P<rate>{_NUMBER}) per 100 words in this call{_MEAN}"
            ),
            _("Fillers within %(seconds)s s: %(fillers)s; %(rate)s per 100 words in this call%(usually)s"),
        ),
        # suggestions of scoring.suggesting
        (
            r"no suggestion: (?P<metric>.+) is not known \((?P<what>.+)\)",
            _("no suggestion: %(metric)s is not known (%(what)s)"),
        ),
        (
            rf"suggested: yes, (?P<metric>.+?) (?P<value>{_NUMBER}) ?(?P<unit>[^(]*) \(at most (?P<limit>{_NUMBER})\)",
            _("suggested: yes, %(metric)s %(value)s (at most %(limit)s)"),
        ),
        (
            rf"suggested: no, (?P<metric>.+?) (?P<value>{_NUMBER}) ?(?P<unit>[^(]*) \(at most (?P<limit>{_NUMBER})\)",
            _("suggested: no, %(metric)s %(value)s (at most %(limit)s)"),
        ),
        (
            rf"suggested: yes, (?P<metric>.+?) (?P<value>{_NUMBER}) ?(?P<unit>[^(]*) \(at least (?P<limit>{_NUMBER})\)",
            _("suggested: yes, %(metric)s %(value)s (at least %(limit)s)"),
        ),
        (
            rf"suggested: no, (?P<metric>.+?) (?P<value>{_NUMBER}) ?(?P<unit>[^(]*) \(at least (?P<limit>{_NUMBER})\)",
            _("suggested: no, %(metric)s %(value)s (at least %(limit)s)"),
        ),
    )
)
_METRICS: Final = {metric.name.lower(): metric.name for metric in METRICS.values()}
_UNITS: Final = frozenset(metric.measure for metric in METRICS.values())


def said(stored: str) -> str:
    """`stored` in the language of the request. English is as it is stored."""
    if str(get_language() or settings.LANGUAGE_CODE).startswith("en"):
        return stored
    if stored in FIXED:
        return gettext(stored)
    for pattern, words in _PATTERNS:
        if found := pattern.fullmatch(stored):
            return gettext(words) % _parts(found)
    return stored


def _parts(found: re.Match[str]) -> dict[str, str]:
    """What fills the sentence. Quotes are in the language of the call, names are names."""
    parts = {name: text if name in ("quote", "name") else _part(text) for name, text in found.groupdict("").items()}
    parts["value"] = f"{parts.get('value', '')} {parts.get('unit', '')}".strip()
    mean = {"mean": parts.get("mean", ""), "n": parts.get("n", "")}
    return parts | {"usually": gettext(" (mean %(mean)s, n %(n)s calls)") % mean if mean["mean"] else ""}


def _part(text: str) -> str:
    if re.fullmatch(_NUMBER, text):
        return text.replace(".", str(get_format("DECIMAL_SEPARATOR")))
    if text in _UNITS:
        return gettext(text)
    return gettext(_METRICS[text]) if text in _METRICS else said(text)


def spoken_by(who: str) -> str:
    """A party as a heading: Agent, Customer, Speaker 1."""
    names = {"": gettext("Speaker"), "agent": gettext("Agent"), "customer": gettext("Customer")}
    return names.get(who) or said(who)
