"""Where in the sound the characters of known words are: the best path through a hidden Markov model of the text.

The states are the characters in order, with a silence before, between and after words that may be skipped. A frame
either stays in its state or moves on. Characters of a word are contiguous, so words end where their sound ends.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

FRAMES_PER_SECOND = 100
ALPHABET = "'abcdefghijklmnopqrstuvwxyz"
SILENCE, WILDCARD = 0, len(ALPHABET) + 1
"""Classes: silence, the alphabet from 1 on, and last what no network scores: a sound that has no letter of its own."""
CLASSES = WILDCARD
DIGIT_FRAMES, LETTER_FRAMES = 8, 4
"""The least a spoken digit or symbol ("%"), and a letter of another alphabet, may last."""
WILDCARD_COST = 1.5
"""By this (in nats) a wildcard is worse than the best letter, so that letters claim their own sound from it."""
APOSTROPHES = str.maketrans("’‘`", "'''")

Scores = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Placed:
    """A word's first frame, the frame after its last, and its mean probability (of its letters; None without any)."""

    start: int
    end: int
    probability: float | None


@dataclass(frozen=True, slots=True)
class States:
    """`classes` and `words` (the word's index, -1 in silence) of every state, both of shape (states,)."""

    classes: NDArray[np.intp]
    words: NDArray[np.intp]

    @property
    def enters(self) -> NDArray[np.bool_]:
        """Which states may be entered past a skipped silence: the first of each word."""
        return np.append(False, (self.words[:-1] == -1) & (self.words[1:] >= 0))


def classes_of(word: str) -> list[int]:
    """The states of a word. Empty when nothing of it is spoken, as in "—"."""
    states: list[int] = []
    for character in unicodedata.normalize("NFKD", word.translate(APOSTROPHES).lower()):
        if character in ALPHABET:
            states.append(1 + ALPHABET.index(character))
        elif character.isalpha():
            states += [WILDCARD] * LETTER_FRAMES
        elif character.isnumeric() or character in "%&@+" or unicodedata.category(character) == "Sc":
            states += [WILDCARD] * DIGIT_FRAMES
    return states


def states_of(words: Sequence[str]) -> States:
    """Silence, a word, silence, a word, ..., silence."""
    classes, owners = [SILENCE], [-1]
    for index, word in enumerate(words):
        own = classes_of(word)
        if own:
            classes += [*own, SILENCE]
            owners += [*[index] * len(own), -1]
    return States(np.array(classes), np.array(owners))


def emissions(scores: Scores, states: States) -> Scores:
    """Log-probabilities (frames, CLASSES) of the network as scores of the states, (frames, states)."""
    wildcard = scores[:, 1:].max(axis=1, keepdims=True) - WILDCARD_COST
    return np.ascontiguousarray(np.concatenate([scores, wildcard], axis=1)[:, states.classes])


def best_path(emitted: Scores, states: States) -> NDArray[np.intp] | None:
    """The state of every frame by the Viterbi algorithm; None when the frames are too few for the words."""
    frames, count = emitted.shape
    if frames == 0:
        return None
    skip = np.where(states.enters, 0.0, -np.inf).astype(np.float32)
    held = np.full(count + 2, -np.inf, np.float32)  # two states in front that are never reached
    held[2:4] = emitted[0, :2]
    moves = np.zeros((frames, 2, count), np.bool_)
    for frame in range(1, frames):
        stay, skipped = held[2:], held[:-2] + skip
        np.greater(held[1:-1], stay, out=moves[frame, 0])
        best = np.maximum(held[1:-1], stay)
        np.greater(skipped, best, out=moves[frame, 1])
        np.maximum(best, skipped, out=best)
        np.add(best, emitted[frame], out=held[2:])
    state = count - 1 if count == 1 or held[-1] >= held[-2] else count - 2
    return _traced(moves, state) if np.isfinite(held[state + 2]) else None


def _traced(moves: NDArray[np.bool_], state: int) -> NDArray[np.intp]:
    path = np.empty(len(moves), np.intp)
    for frame in range(len(moves) - 1, -1, -1):
        path[frame] = state
        step, skip = moves[frame, :, state]
        state -= 2 if skip else int(step)
    return path


def place(scores: Scores, words: Sequence[str]) -> list[Placed | None] | None:
    """Every word's place; None for a word without sound. None for all when the words do not fit into the frames."""
    states = states_of(words)
    path = best_path(emissions(scores, states), states)
    if path is None:
        return None
    owners, classes = states.words[path], states.classes[path]
    spoken = owners >= 0
    changes = np.flatnonzero(np.diff(owners, prepend=-2))
    runs = {int(owners[first]): (first, last) for first, last in pairwise([*changes.tolist(), len(path)])}
    letters = spoken & (classes != WILDCARD)
    confidence = np.exp(scores[np.arange(len(path)), np.where(letters, classes, SILENCE)])
    return [_placed(runs.get(index), confidence, letters) for index in range(len(words))]


def _placed(run: tuple[int, int] | None, confidence: Scores, letters: NDArray[np.bool_]) -> Placed | None:
    if run is None:
        return None
    known = confidence[slice(*run)][letters[slice(*run)]]
    return Placed(*run, float(known.mean()) if len(known) else None)
