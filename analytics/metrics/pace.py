"""Pace: how fast each party speaks, and for how long at a stretch."""

from __future__ import annotations

from collections.abc import Iterable

from .conversation import Conversation, Party, Utterance
from .facts import FillerUse
from .figures import Figure, Figures, Unknown
from .talk import talk_seconds

MIN_WORDS = 30
MIN_TALK_S = 20.0


def figures(conversation: Conversation, uses: Iterable[FillerUse]) -> Figures:
    """Words per minute of own talk of each party, fillers not counted."""
    filler_words: dict[str, int] = {}
    for use in uses:
        filler_words[use.by] = filler_words.get(use.by, 0) + use.words
    return conversation.each("wpm_{}", lambda party: words_per_minute(party, filler_words.get(party.name, 0)))


def monologues(conversation: Conversation, chains: list[list[Utterance]]) -> Figures:
    """The longest monologue of each party, in seconds."""
    alone = conversation.exchange()
    return conversation.each("longest_monologue_s_{}", lambda party: alone or longest_monologue(party, chains))


def words_per_minute(party: Party, filler_words: int) -> Figure:
    """Words that are not fillers per minute of talk; Unknown under 30 of them or under 20 s of talk."""
    words, seconds = len(party.words) - filler_words, talk_seconds(party.words)
    if words < MIN_WORDS:
        return Unknown(f"under {MIN_WORDS} words")
    if seconds < MIN_TALK_S:
        return Unknown(f"under {MIN_TALK_S:.0f} s of talk")
    return words / seconds * 60


def longest_monologue(party: Party, chains: list[list[Utterance]]) -> Figure:
    """Seconds from start to end of the party's longest chain of utterances (see `floor.chains`), pauses included."""
    lengths = [round(chain[-1].end - chain[0].start, 6) for chain in chains if chain[0].party == party.name]
    return max(lengths) if lengths else Unknown("nothing said besides acknowledgements")
