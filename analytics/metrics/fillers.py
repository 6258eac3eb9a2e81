"""Filler words: what is said to fill time, by term, tier and party."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from transcription.speech.types import Turn, Word
from transcription.speech.vocabulary import FillerTerm

from .acknowledgements import acknowledges, is_hum
from .conversation import Conversation, Party
from .facts import Event, FillerUse
from .figures import Figure, Figures, Unknown, per
from .literal import neighbours
from .talk import talk_seconds
from .wording import ends_clause, ends_sentence, plain, plain_words

PAUSE_S = 0.15
"""A pause this long beside an ambiguous word says that it stands apart from the sentence."""
CONTEXT_WORDS = 3
TIERS = (1, 2, 3)

_STRETCHED = re.compile(r"(\w)\1{2,}")


@dataclass(frozen=True, slots=True)
class _Phrase:
    words: tuple[str, ...]
    term: str
    tier: int


_Index = dict[str, list[_Phrase]]
"""First word -> the phrases that begin with it, the longest first."""


def find(conversation: Conversation, terms: Iterable[FillerTerm]) -> list[FillerUse]:
    """Every use of the terms, in order of time. Words match whole, without case and punctuation; "ummm" matches "um".

    Tier 1 (um, uh, hmm) always counts, except in a turn that only acknowledges ("Hmm, okay") and in hums ("uh huh").
    Tier 2 (you know, kind of) counts unless a neighbour makes it literal ("do you know", "what kind of") and no comma
    or pause of ≥ 0.15 s parts it from that neighbour.
    Tier 3 (like, so, well) counts only with a comma or such a pause, inside the sentence, on one side of it (after
    it for "so", which joins clauses); a literal neighbour ("so much", "I like") excludes it unless a comma is between.
    """
    index = _index(terms)
    uses = [
        use for party in conversation.parties for turn in party.turns for use in _uses(turn, party, conversation, index)
    ]
    return sorted(uses, key=lambda use: (use.at_s, use.by))


def events(uses: Iterable[FillerUse]) -> list[Event]:
    return [Event("filler", use.by, use.at_s, use.end_s, use.term) for use in uses]


def figures(conversation: Conversation, uses: Sequence[FillerUse], *, listed: bool) -> Figures:
    """Uses of each party: in all, by tier, per 100 of its words, and per minute of its own talk.

    `listed`: there are filler terms for the language; without, the numbers are unknown and not 0.
    """
    unlisted = None if listed else Unknown("no filler words listed for this language")

    def count(party: Party, tiers: Sequence[int] = TIERS) -> int:
        return sum(use.by == party.name and use.tier in tiers for use in uses)

    def per_100_words(party: Party) -> Figure:
        return unlisted or per(count(party), len(party.words), 100, "no words")

    def per_minute(party: Party) -> Figure:
        return unlisted or per(count(party), talk_seconds(party.words), 60, "words have no length")

    return {
        **conversation.each("fillers_{}", lambda party: unlisted or count(party)),
        **conversation.each("fillers_tier1_{}", lambda party: unlisted or count(party, [1])),
        **conversation.each("fillers_tier2_{}", lambda party: unlisted or count(party, [2])),
        **conversation.each("fillers_tier3_{}", lambda party: unlisted or count(party, [3])),
        **conversation.each("fillers_per_100_words_{}", per_100_words),
        **conversation.each("fillers_per_min_{}", per_minute),
    }


def _index(terms: Iterable[FillerTerm]) -> _Index:
    index: _Index = {}
    for term in terms:
        for words in {tuple(map(plain, spelling.split())) for spelling in term.spellings}:
            index.setdefault(words[0], []).append(_Phrase(words, term.term, term.tier))
    for phrases in index.values():
        phrases.sort(key=lambda phrase: (-len(phrase.words), phrase.tier))
    return index


def _uses(turn: Turn, party: Party, conversation: Conversation, index: _Index) -> Iterator[FillerUse]:
    said = plain_words(turn.words)
    if acknowledges(said, conversation.language):
        return
    position = 0
    while position < len(said):
        phrase = _match(said, position, turn.words, index)
        if phrase and _is_filler(phrase, said, position, turn.words):
            yield _use(phrase, turn.words, position, party)
        position += len(phrase.words) if phrase else _step(said, position)


def _step(said: Sequence[str], position: int) -> int:
    return 2 if is_hum(said[position], "".join(said[position + 1 : position + 2])) else 1


def _match(said: Sequence[str], position: int, words: Sequence[Word], index: _Index) -> _Phrase | None:
    following = said[position + 1 : position + 2]
    if following and is_hum(said[position], following[0]):
        return None
    for spelling in _spellings(said[position]):
        for phrase in index.get(spelling, ()):
            size = len(phrase.words)
            unbroken = not any(_parted(word) for word in words[position : position + size - 1])
            if unbroken and tuple(said[position + 1 : position + size]) == phrase.words[1:]:
                return phrase
    return None


def _spellings(word: str) -> tuple[str, ...]:
    if not _STRETCHED.search(word):
        return (word,)
    return (word, _STRETCHED.sub(r"\1", word), _STRETCHED.sub(r"\1\1", word))


def _parted(word: Word) -> bool:
    return ends_clause(word.text) or ends_sentence(word.text)


def _is_filler(phrase: _Phrase, said: Sequence[str], position: int, words: Sequence[Word]) -> bool:
    if phrase.tier == 1:
        return True
    end = position + len(phrase.words)
    literal = neighbours(phrase.words)
    ambiguous = phrase.tier >= 3
    if position > 0 and said[position - 1] in literal.before and not _apart(words, position, comma_only=ambiguous):
        return False
    if end < len(said) and said[end] in literal.after and not _apart(words, end, comma_only=ambiguous):
        return False
    return not ambiguous or _boundary(words, end) or (_boundary(words, position) and not literal.joins)


def _apart(words: Sequence[Word], position: int, *, comma_only: bool) -> bool:
    """Whether the word at `position` is parted from the one before it."""
    before = words[position - 1]
    return _parted(before) or (not comma_only and _pause(words, position))


def _boundary(words: Sequence[Word], position: int) -> bool:
    """Whether a comma or a pause lies before the word at `position`, inside a sentence and a turn."""
    if position == 0:
        return False
    before = words[position - 1]
    if ends_clause(before.text):
        return True
    return position < len(words) and not ends_sentence(before.text) and _pause(words, position)


def _pause(words: Sequence[Word], position: int) -> bool:
    return round(words[position].start - words[position - 1].end, 6) >= PAUSE_S


def _use(phrase: _Phrase, words: Sequence[Word], position: int, party: Party) -> FillerUse:
    end = position + len(phrase.words)
    context = words[max(0, position - CONTEXT_WORDS) : end + CONTEXT_WORDS]
    return FillerUse(
        term=phrase.term,
        tier=phrase.tier,
        by=party.name,
        role=party.role,
        at_s=words[position].start,
        end_s=words[end - 1].end,
        words=len(phrase.words),
        context=" ".join(word.text for word in context),
    )
