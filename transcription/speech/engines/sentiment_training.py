"""Trains the head of MiniLMSentiment and says how good it is, next to VADER and to guessing the commonest label."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import sklearn
from numpy.typing import NDArray
from safetensors.numpy import save_file
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import confusion_matrix, f1_score
from sklearn.model_selection import StratifiedKFold
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from transcription.speech.types import Role

from .sentiment import LABELS, LAYER, Features, Head, TurnFeatures

DATA = Path(__file__).with_name("sentiment_train.tsv")
"""Columns text, speaker (agent or customer), label (negative, neutral or positive)."""

FOLDS = 5
STRENGTH = 0.5
"""scikit-learn's C: of 0.5, 1, 3 and 10 the best in cross-validation without the speaker."""

VADER_THRESHOLD = 0.05
"""On the compound score, as VADER's authors advise."""

Labels = NDArray[np.str_]


@dataclass(frozen=True, slots=True)
class Examples:
    texts: tuple[str, ...]
    roles: tuple[Role, ...]
    labels: Labels
    sha256: str


@dataclass(frozen=True)
class Evaluation:
    """Macro-F1 of three classes, of cross-validated predictions; `confusion[truth][predicted]` in order of LABELS."""

    macro_f1: float
    macro_f1_without_role: float
    vader_macro_f1: float
    majority_macro_f1: float
    confusion: NDArray[np.int64]


def read_examples(path: Path) -> Examples:
    """Raises ValueError for a file with other columns, speakers or labels."""
    content = path.read_bytes()
    rows = list(csv.DictReader(content.decode("utf-8").splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE))
    try:
        texts, labels = tuple(row["text"] for row in rows), np.array([row["label"] for row in rows])
        roles = tuple(_role(row["speaker"]) for row in rows)
    except KeyError as error:
        raise ValueError(f"{path} has no column {error}") from error
    if set(labels) != set(LABELS):
        raise ValueError(f"{path} must have the labels {', '.join(LABELS)}, and all of them")
    return Examples(texts, roles, labels, hashlib.sha256(content).hexdigest())


def _role(speaker: str) -> Role:
    if speaker == "agent":
        return "agent"
    if speaker == "customer":
        return "customer"
    raise ValueError(f"a speaker is agent or customer, not {speaker!r}")


@dataclass(frozen=True)
class Trainer:
    """Every example counts twice, with its speaker and without, since the role of a turn is not always known."""

    examples: Examples
    known: Features
    unknown: Features

    @classmethod
    def prepare(cls, examples: Examples, features: TurnFeatures) -> Trainer:
        unknown = [None] * len(examples.texts)
        return cls(examples, features(examples.texts, examples.roles), features(examples.texts, unknown))

    def train(self) -> Head:
        """The head of all examples; the same for the same examples and library versions."""
        model = self._fit(np.arange(len(self.examples.labels)))
        about = {
            "layer": LAYER,
            "classes": list(LABELS),
            "data_sha256": self.examples.sha256,
            "examples": len(self.examples.labels),
            "strength": STRENGTH,
            "sklearn": sklearn.__version__,
        }
        return Head(model.coef_.astype(np.float32), model.intercept_.astype(np.float32), about)

    def evaluate(self) -> Evaluation:
        """Five-fold cross-validation, shuffled with a fixed seed."""
        truth = self.examples.labels
        predicted, without_role = np.empty_like(truth), np.empty_like(truth)
        for train, test in StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(truth, truth):
            model = self._fit(train)
            predicted[test] = model.predict(self.known[test])
            without_role[test] = model.predict(self.unknown[test])
        values, counts = np.unique(truth, return_counts=True)
        return Evaluation(
            macro_f1=_macro_f1(truth, predicted),
            macro_f1_without_role=_macro_f1(truth, without_role),
            vader_macro_f1=_macro_f1(truth, vader_labels(self.examples.texts)),
            majority_macro_f1=_macro_f1(truth, np.full_like(truth, values[counts.argmax()])),
            confusion=confusion_matrix(truth, predicted, labels=LABELS),
        )

    def _fit(self, chosen: NDArray[np.int64]) -> LogisticRegression:
        rows = np.concatenate([self.known[chosen], self.unknown[chosen]])
        labels = self.examples.labels[chosen]
        return LogisticRegression(C=STRENGTH, max_iter=3000).fit(rows, np.concatenate([labels, labels]))


def vader_labels(texts: Sequence[str]) -> Labels:
    """What VADER alone says."""
    analyzer = SentimentIntensityAnalyzer()
    compound = np.array([analyzer.polarity_scores(text)["compound"] for text in texts])
    return np.select([compound <= -VADER_THRESHOLD, compound >= VADER_THRESHOLD], ["negative", "positive"], "neutral")


def save_head(head: Head, path: Path) -> None:
    """One metadata entry, as the order of several is not fixed: the same head is the same file."""
    tensors = {"weight": np.ascontiguousarray(head.weight), "bias": head.bias}  # save_file scrambles column order
    save_file(tensors, path, {"head": json.dumps(head.about, sort_keys=True)})


def _macro_f1(truth: Labels, predicted: Labels) -> float:
    return float(f1_score(truth, predicted, labels=LABELS, average="macro", zero_division=0))
