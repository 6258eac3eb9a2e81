"""Sentiment of turns from their text: a small head on MiniLM, or any Hugging Face text-classification model."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from transformers import AutoConfig, AutoModelForSequenceClassification, AutoTokenizer
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from transcription.speech.ports import SpeechError
from transcription.speech.types import Role, Sentiment, SentimentLabel, Turn
from transcription.speech.vocabulary import strip_hesitations

from .failures import engine_errors
from .minilm import MAX_TOKENS, SentenceEncoder, encoded

LABELS: tuple[SentimentLabel, ...] = ("negative", "neutral", "positive")
HEAD = Path(__file__).with_name("sentiment_head.safetensors")
LAYER = 3
"""The third of MiniLM's six layers keeps more of the attitude than the last, which is tuned to topic."""

BINARY_CERTAINTY = 2 / 3
"""A model without a neutral class calls a turn neutral when neither side reaches this."""

Features = NDArray[np.float32]
Probabilities = NDArray[np.float32]


class TurnFeatures:
    """Numbers that describe a turn: the mean of MiniLM's third hidden layer, VADER's four scores, who speaks."""

    def __init__(self, model_dir: Path) -> None:
        self._encoder = SentenceEncoder(model_dir, layers=LAYER)
        self._vader = SentimentIntensityAnalyzer()

    def __call__(self, texts: Sequence[str], roles: Sequence[Role | None]) -> Features:
        """Shape (turns, width + 4 + 2). Hesitations are left out; a role of None sets neither of the last two."""
        plain = [strip_hesitations(text) for text in texts]
        scores = [self._vader.polarity_scores(text) for text in plain]
        lexicon = [[score[key] for key in ("neg", "neu", "pos", "compound")] for score in scores]
        speaker = [[role == "agent", role == "customer"] for role in roles]
        return np.concatenate([self._encoder.pooled(plain), lexicon, speaker], axis=1, dtype=np.float32)


@dataclass(frozen=True)
class Head:
    """Logistic regression over TurnFeatures. `weight`: (classes, features); `bias`: (classes,), classes as LABELS."""

    weight: Features
    bias: Features
    about: Mapping[str, Any]
    """What it was trained on and with: layer, classes, data_sha256, sklearn …"""

    def probabilities(self, features: Features) -> Probabilities:
        """Shape (turns, 3)."""
        return _softmax(features @ self.weight.T + self.bias)


def load_head(path: Path) -> Head:
    """Raises SpeechError when the file is missing, damaged or made for other features."""
    try:
        with safe_open(str(path), framework="numpy") as tensors:
            about = json.loads(tensors.metadata()["head"])
            head = Head(tensors.get_tensor("weight"), tensors.get_tensor("bias"), about)
    except (OSError, SafetensorError, KeyError, TypeError, ValueError) as error:
        raise SpeechError(f"No sentiment head in {path}: {error}", permanent=True) from error
    if (about.get("layer"), about.get("classes")) != (LAYER, list(LABELS)):
        raise SpeechError(f"The sentiment head {path} was trained for other features or classes", permanent=True)
    return head


class MiniLMSentiment:
    """The default scorer: English, trained on turns of calls. An estimate; far weaker on other kinds of talk."""

    def __init__(self, model_dir: Path, head: Path = HEAD) -> None:
        self._head = load_head(head)
        self._features = TurnFeatures(model_dir)
        self.name = f"{model_dir.name} layer {LAYER}, head {self._head.about['data_sha256'][:8]}"

    def score(self, turns: Sequence[Turn]) -> Sequence[Sentiment]:
        if not turns:
            return []
        with engine_errors("scoring sentiment"):
            features = self._features([turn.text for turn in turns], [turn.role for turn in turns])
            return _sentiments(self._head.probabilities(features))


class TransformersSentiment:
    """Any text-classification model, from a folder or by hub name, whose labels tell negative from positive."""

    def __init__(self, model: str | Path) -> None:
        with engine_errors(f"loading {model}"):
            config = AutoConfig.from_pretrained(str(model))
            self._classes = label_classes(config.id2label)
            self._tokenizer = AutoTokenizer.from_pretrained(str(model))
            self._model = AutoModelForSequenceClassification.from_pretrained(str(model)).eval()
        positions = getattr(config, "max_position_embeddings", MAX_TOKENS)
        # two positions less: RoBERTa's begin after the padding index
        self._max_tokens = min(MAX_TOKENS, self._tokenizer.model_max_length, positions - 2)
        self.name = Path(model).name if Path(model).is_dir() else str(model)

    def score(self, turns: Sequence[Turn]) -> Sequence[Sentiment]:
        if not turns:
            return []
        with engine_errors("scoring sentiment"):
            batches = encoded(self._tokenizer, [turn.text for turn in turns], self._max_tokens)
            logits = torch.cat([self._model(**batch).logits for batch in batches]).float().numpy()
        probabilities = np.zeros((len(turns), len(LABELS)), dtype=np.float32)
        for column, label in enumerate(self._classes):
            probabilities[:, LABELS.index(label)] += _softmax(logits)[:, column]
        if "neutral" not in self._classes:
            return [_binary_sentiment(row) for row in probabilities]
        return _sentiments(probabilities)


_UNNAMED: Mapping[int, tuple[SentimentLabel, ...]] = {
    2: ("negative", "positive"),
    3: LABELS,
    5: ("negative", "negative", "neutral", "positive", "positive"),
}
"""What LABEL_0, LABEL_1 … mean by custom: from the worst to the best."""


def label_classes(id2label: Mapping[int, str]) -> tuple[SentimentLabel, ...]:
    """The class of every output of a model, by its labels: words, stars, or LABEL_0 and so on.

    Raises SpeechError for labels that are not about sentiment ("joy", "spam") or lack one side.
    """
    names = [id2label[index].strip().lower() for index in sorted(id2label)]
    classes = tuple(found for name in names if (found := _class_of(name)))
    if all(re.fullmatch(r"label_\d+", name) for name in names):
        classes = _UNNAMED.get(len(names), ())
    if len(classes) != len(names) or not {"negative", "positive"} <= set(classes):
        raise SpeechError(f"Not a sentiment model: its labels are {', '.join(id2label.values())}", permanent=True)
    return classes


def _class_of(name: str) -> SentimentLabel | None:
    if stars := re.fullmatch(r"([1-5])( ?stars?)?", name):
        return _UNNAMED[5][int(stars[1]) - 1]
    for label in LABELS:
        if re.fullmatch(rf"(very|extremely|slightly|somewhat)?[ _-]?({label}|{label[:3]})", name):
            return label
    return None


def _softmax(logits: NDArray[np.float32]) -> Probabilities:
    exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))
    result: Probabilities = exponentials / exponentials.sum(axis=1, keepdims=True)
    return result


def _sentiments(probabilities: Probabilities) -> list[Sentiment]:
    return [Sentiment(LABELS[int(row.argmax())], float(row[2] - row[0])) for row in probabilities]


def _binary_sentiment(row: Probabilities) -> Sentiment:
    best = int(row.argmax())
    return Sentiment(LABELS[best] if row[best] >= BINARY_CERTAINTY else "neutral", float(row[2] - row[0]))
