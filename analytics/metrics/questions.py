"""Questions: sentences that ask."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from transcription.speech.types import Word

from .conversation import Conversation, Party, Utterance
from .figures import Figure, Figures, per
from .interrogatives import opens_question
from .wording import ends_question, ends_sentence, plain_words


def figures(conversation: Conversation, chains: list[list[Utterance]]) -> Figures:
    """Questions of each party, and the same per ten minutes of the call. `chains`: see `floor.chains`."""

    def per_10_min(party: Party) -> Figure:
        return per(count(party, chains, conversation.language), conversation.duration, 600, "the call has no length")

    return {
        **conversation.each("questions_{}", lambda party: count(party, chains, conversation.language)),
        **conversation.each("questions_{}_per_10_min", per_10_min),
    }


def count(party: Party, chains: list[list[Utterance]], language: str) -> int:
    return len(asked(party, chains, language))


def asked(party: Party, chains: list[list[Utterance]], language: str) -> list[list[Word]]:
    """Sentences that end in a question mark or open like a question, as their words.

    A sentence goes on over pauses and the listener's backchannels, until its punctuation or the other party ends it.
    """
    own = (chain for chain in chains if chain[0].party == party.name)
    sentences = (sentence for chain in own for sentence in _sentences([word for u in chain for word in u.words]))
    return [sentence for sentence in sentences if is_question(sentence, language)]


def is_question(sentence: Sequence[Word], language: str) -> bool:
    return ends_question(sentence[-1].text) or opens_question(plain_words(sentence), language)


def _sentences(words: Sequence[Word]) -> Iterator[list[Word]]:
    sentence: list[Word] = []
    for word in words:
        sentence.append(word)
        if ends_sentence(word.text):
            yield sentence
            sentence = []
    if sentence:
        yield sentence
