"""Grouping of questions by meaning, measured on intents that thresholds were not chosen on."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from django.conf import settings
from sklearn.metrics import adjusted_rand_score

from analytics.metrics.gist import gist
from analytics.topics.joining import FARTHEST
from analytics.topics.small_talk import small_talk
from transcription import wiring
from transcription.speech.engines.linkage import AverageLinkageGrouper
from transcription.speech.engines.minilm import SentenceEncoder
from transcription.speech.engines.sentences import MiniLMEmbedder
from transcription.speech.ports import Meanings, SpeechError

pytestmark = pytest.mark.models

DATA = Path(__file__).parents[1] / "data" / "questions.tsv"
NO_INTENT, SMALL = "-", "small"


class Labelled(NamedTuple):
    intents: list[str]
    gists: list[str]
    meanings: Meanings


@pytest.fixture(scope="module")
def embedder() -> MiniLMEmbedder:
    return MiniLMEmbedder(settings.MODELS_DIR / "minilm")


@pytest.fixture(scope="module")
def unseen(embedder: MiniLMEmbedder) -> Labelled:
    """The half of the intents that no threshold was chosen on, and every second other question."""
    rows = [line.split("\t") for line in DATA.read_text(encoding="utf-8").splitlines()]
    chosen_on = set(sorted({intent for intent, _ in rows} - {NO_INTENT, SMALL})[::2])
    kept = [row for row in rows if row[0] not in chosen_on | {NO_INTENT, SMALL}]
    for other in (NO_INTENT, SMALL):
        kept += [row for row in rows if row[0] == other][1::2]
    gists = [gist(text, "en") for _, text in kept]
    return Labelled([intent for intent, _ in kept], gists, embedder.embed(gists))


def joined(meanings: Meanings) -> list[int]:
    """The group of each row, after all of them joined the nearest centre as in the database; -1 for none."""
    centres = np.stack([meanings[rows].mean(axis=0) for rows in AverageLinkageGrouper().group(meanings)])
    likeness = meanings @ (centres / np.linalg.norm(centres, axis=1, keepdims=True)).T
    return [int(row.argmax()) if row.max() >= 1 - FARTHEST else -1 for row in likeness]


def test_questions_of_one_intent_come_together(unseen: Labelled) -> None:
    of_intents = [row for row, intent in enumerate(unseen.intents) if intent != SMALL]
    groups = joined(unseen.meanings[of_intents])
    intents = [unseen.intents[row] for row in of_intents]
    truth = [f"{intent} {row}" if intent == NO_INTENT else intent for row, intent in enumerate(intents)]
    alone = [f"alone {row}" if group < 0 else str(group) for row, group in enumerate(groups)]
    assert adjusted_rand_score(truth, alone) > 0.6
    assert np.mean([group < 0 for group, intent in zip(groups, intents, strict=True) if intent != NO_INTENT]) < 0.25
    assert np.mean([group >= 0 for group, intent in zip(groups, intents, strict=True) if intent == NO_INTENT]) < 0.2


def test_small_talk_is_told_from_matters(
    unseen: Labelled, embedder: MiniLMEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wiring, "embedder", lambda: embedder)
    found = small_talk(unseen.gists, unseen.meanings)
    of = [(social, intent == SMALL) for social, intent in zip(found, unseen.intents, strict=True)]
    assert sum(social for social, truth in of if truth) >= 17  # of 20
    assert sum(social for social, truth in of if not truth) <= 1


def test_meanings_have_unit_length_and_do_not_depend_on_company(embedder: MiniLMEmbedder) -> None:
    alone = embedder.embed(["Where is it?"])
    together = embedder.embed(["Where is it?", "A much longer question about something else altogether, is it not?"])
    assert alone.shape == (1, 384)
    assert np.linalg.norm(together, axis=1) == pytest.approx([1, 1], abs=1e-5)
    assert together[0] == pytest.approx(alone[0], abs=1e-4)
    assert embedder.embed([]).shape == (0, 384)


def test_the_first_layers_share_the_memory_of_the_whole(embedder: MiniLMEmbedder) -> None:
    whole = SentenceEncoder(settings.MODELS_DIR / "minilm")._model
    first = SentenceEncoder(settings.MODELS_DIR / "minilm", layers=3)._model
    assert (len(whole.encoder.layer), len(first.encoder.layer)) == (6, 3)
    addresses = {parameter.data_ptr() for parameter in whole.parameters()}
    assert {parameter.data_ptr() for parameter in first.parameters()} <= addresses


def test_a_missing_model_is_a_permanent_error(tmp_path: Path) -> None:
    with pytest.raises(SpeechError, match="No sentence model") as caught:
        MiniLMEmbedder(tmp_path)
    assert caught.value.permanent


def test_few_sentences_make_no_group() -> None:
    assert AverageLinkageGrouper().group(np.eye(2, 384, dtype=np.float32)) == []
