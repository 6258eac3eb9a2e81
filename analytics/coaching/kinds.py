"""The kinds of moments worth talking about: what each looks for in a call, from which size on, and why in words. Pure.

Nothing here reads what the agent felt: only the customer's turns have a score.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from analytics.metrics.sentiment import SCALE
from analytics.metrics.silence import HOLD_S

from .picking import Candidate

MOST: Final = 5.0
"""The highest level; beyond it, more says nothing new."""
MOOD: Final = 2.0
"""Points of a customer's mood (−5 … +5) between the turns before and after."""
MOOD_TURNS: Final = 3
MOOD_WORDS: Final = 12
WAIT_S: Final = 5.0
CUT_INS: Final = 2
MONOLOGUE_S: Final = 45.0
FILLERS: Final = 5.0
"""Per 100 words."""
FILLERS_WITHIN_S: Final = 20.0
QUICK_S: Final = 1.0
QUESTIONS: Final = 5.0
"""Per 10 minutes."""
MIN_AGENT_WORDS: Final = 4
SHORT_WORDS: Final = 2
"""A turn of up to this many words does not end the other's monologue."""


@dataclass(frozen=True, slots=True)
class Said:
    """One turn: times in seconds, `score` −1 … +1 (customers only), `asks`: it has a question mark."""

    role: Literal["agent", "customer", ""]
    start: float
    end: float
    words: int
    score: float | None = None
    asks: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """What the kinds look at. Times in seconds."""

    recording: int
    day: date
    turns: tuple[Said, ...] = ()
    topics: tuple[tuple[float, str], ...] = ()
    """When the customer asked something that has a topic, and which, by time."""
    waits: tuple[tuple[float, float], ...] = ()
    """Silences after the customer that the agent broke."""
    cut_ins: tuple[tuple[float, float], ...] = ()
    """The agent's interruptions."""
    fillers: tuple[float, ...] = ()
    """When the agent said one; empty for a call whose fillers nobody asked for."""
    numbers: Mapping[str, float | None] | None = None
    """Of CallMetrics, those of USUAL."""


USUAL: Final = (
    "interruptions_by_agent",
    "longest_monologue_s_agent",
    "fillers_per_100_words_agent",
    "response_latency_median_s",
    "questions_agent_per_10_min",
)
"""Numbers of which the words say what is usual."""

Usual = Mapping[str, tuple[float, int]]
"""Of these days: number -> its mean and the n calls that have it."""
Kind = Callable[[Call, Usual], Candidate | None]


def candidates(call: Call, usual: Usual) -> list[Candidate]:
    """At most one moment of each kind: the most extreme of the call, if it is extreme enough to count."""
    return [found for kind in KINDS.values() if (found := kind(call, usual))]


def mood_rises(call: Call, _usual: Usual) -> Candidate | None:
    return _mood(call, strong=True)


def mood_falls(call: Call, _usual: Usual) -> Candidate | None:
    return _mood(call, strong=False)


def quick(call: Call, usual: Usual) -> Candidate | None:
    """In a call with quicker answers than usual, the one after the customer's longest turn."""
    median = _better(call, usual, "response_latency_median_s", less=True)
    pairs = zip(call.turns, call.turns[1:], strict=False)
    answered = [
        (one, other)
        for one, other in pairs
        if (one.role, other.role) == ("customer", "agent")
        and median is not None
        and other.words >= MIN_AGENT_WORDS
        and 0 < other.start - one.end <= median
    ]
    if median is None or median > QUICK_S or not answered:
        return None
    asked, said = max(answered, key=lambda pair: (pair[0].words, -pair[0].start))
    mean = _mean(usual, "s", "response_latency_median_s")
    why = f"Answered after {said.start - asked.end:.1f} s; median {median:.1f} s in this call{mean}"
    return _candidate(call, "quick", QUICK_S / max(median, 0.01), (asked.start, said.end), why, strong=True)


def asks(call: Call, usual: Usual) -> Candidate | None:
    """In a call with many questions by the agent, more than usual, the first of them."""
    rate = _better(call, usual, "questions_agent_per_10_min")
    first = next((turn for turn in call.turns if turn.role == "agent" and turn.asks), None)
    if rate is None or rate < QUESTIONS or first is None:
        return None
    why = (
        f"Asks {rate:.1f} questions per 10 min in this call{_mean(usual, '', 'questions_agent_per_10_min')}; the first"
    )
    return _candidate(call, "asks", rate / QUESTIONS, (first.start, first.end), why, strong=True)


def waits(call: Call, _usual: Usual) -> Candidate | None:
    """The longest wait of the customer, but for probable holds."""
    known = [span for span in call.waits if WAIT_S <= span[1] - span[0] < HOLD_S]
    if not known:
        return None
    start, end = max(known, key=lambda span: (span[1] - span[0], -span[0]))
    times = f"{len(known)} such wait{'s' * (len(known) > 1)} in this call"
    why = f"The customer waits {end - start:.1f} s for the agent to speak; {times}"
    return _candidate(call, "waits", (end - start) / WAIT_S, (start, end), why)


def cuts_in(call: Call, usual: Usual) -> Candidate | None:
    """In a call with several interruptions by the agent, the longest."""
    if len(call.cut_ins) < CUT_INS:
        return None
    start, end = max(call.cut_ins, key=lambda span: (span[1] - span[0], -span[0]))
    why = f"Cuts in {len(call.cut_ins)} times in this call{_mean(usual, '', 'interruptions_by_agent')}; the longest"
    return _candidate(call, "cuts_in", len(call.cut_ins) / CUT_INS, (start, end), why)


def monologue(call: Call, usual: Usual) -> Candidate | None:
    seconds = _number(call, "longest_monologue_s_agent")
    if seconds is None or seconds < MONOLOGUE_S:
        return None
    runs: list[list[Said]] = [[]]
    for turn in call.turns:
        if turn.role == "agent":
            runs[-1].append(turn)
        elif turn.words > SHORT_WORDS:
            runs.append([])
    spans = [(run[0].start, run[-1].end) for run in runs if run]
    if not spans:
        return None
    start, end = max(spans, key=lambda span: (span[1] - span[0], -span[0]))
    mean = _mean(usual, "s", "longest_monologue_s_agent", 0)
    why = f"Speaks for {seconds:.0f} s without a word of the customer’s{mean}"
    return _candidate(call, "monologue", seconds / MONOLOGUE_S, (start, end), why)


def fillers(call: Call, usual: Usual) -> Candidate | None:
    """In a call with many fillers, the stretch of FILLERS_WITHIN_S with most of them."""
    rate = _number(call, "fillers_per_100_words_agent")
    if rate is None or rate < FILLERS or not call.fillers:
        return None
    stretches = [[at for at in call.fillers if start <= at < start + FILLERS_WITHIN_S] for start in call.fillers]
    densest = max(stretches, key=len)
    why = (
        f"{len(densest)} filler{'s' * (len(densest) > 1)} within {FILLERS_WITHIN_S:.0f} s; "
        f"{rate:.1f} per 100 words in this call{_mean(usual, '', 'fillers_per_100_words_agent')}"
    )
    return _candidate(call, "fillers", rate / FILLERS, (densest[0], densest[-1] + 1), why)


KINDS: Final[dict[str, Kind]] = {
    "mood_rises": mood_rises,
    "quick": quick,
    "asks": asks,
    "mood_falls": mood_falls,
    "waits": waits,
    "cuts_in": cuts_in,
    "monologue": monologue,
    "fillers": fillers,
}


def _mood(call: Call, *, strong: bool) -> Candidate | None:
    """What the agent says between turns of the customer that differ most in mood."""
    sign = 1 if strong else -1
    scored = [turn for turn in call.turns if turn.role == "customer" and turn.score is not None]
    best: tuple[float, Said, str] | None = None
    for turn in call.turns:
        if turn.role != "agent" or turn.words < MIN_AGENT_WORDS:
            continue
        before = [one for one in scored if one.start < turn.start][-MOOD_TURNS:]
        after = [one for one in scored if one.start > turn.start][:MOOD_TURNS]
        words = [sum(one.words for one in side) for side in (before, after)]
        if min(words) < MOOD_WORDS:
            continue
        was, is_now = _feeling(before), _feeling(after)
        change = sign * (is_now - was)
        if change >= MOOD and (best is None or change > best[0]):
            told = (
                f"The customer’s mood {'rises' if strong else 'falls'} from {_signed(was)} to {_signed(is_now)} after "
                f"this (n {words[0]} words before, {words[1]} after; of −5 to +5)"
            )
            best = (change, turn, told)
    if best is None:
        return None
    change, turn, why = best
    kind = "mood_rises" if strong else "mood_falls"
    return _candidate(call, kind, change / MOOD, (turn.start, turn.end), why, strong=strong)


def _candidate(
    call: Call, kind: str, level: float, span: tuple[float, float], why: str, *, strong: bool = False
) -> Candidate:
    at_s, until_s = span
    asked = [label for at, label in call.topics if at <= until_s]
    topic = asked[-1] if asked else ""
    return Candidate(call.recording, call.day, topic, kind, strong, min(level, MOST), at_s, until_s, why)


def _feeling(turns: list[Said]) -> float:
    words = sum(turn.words for turn in turns)
    return SCALE * sum((turn.score or 0.0) * turn.words for turn in turns) / words


def _number(call: Call, key: str) -> float | None:
    return (call.numbers or {}).get(key)


def _better(call: Call, usual: Usual, key: str, *, less: bool = False) -> float | None:
    """The number, where it is above (or, with `less`, below) the mean of these days or there is no other to compare."""
    value = _number(call, key)
    mean, n = usual.get(key, (0.0, 0))
    usually = value is not None and n > 1 and (value >= mean if less else value <= mean)
    return None if usually else value


def _mean(usual: Usual, unit: str, key: str, places: int = 1) -> str:
    """ " (mean 1.2 s, n 34 calls)", or nothing with no other call to compare with."""
    mean, n = usual.get(key, (0.0, 0))
    return f" (mean {mean:.{places}f}{' ' * bool(unit)}{unit}, n {n} calls)" if n > 1 else ""


def _signed(value: float) -> str:
    return f"{value:+.1f}".replace("-", "−")
