"""MiniLM, loaded once per process and shared by the sentiment of turns and the meaning of sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import copy
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from transformers import AutoModel, AutoTokenizer

from transcription.speech.ports import SpeechError

from .failures import engine_errors

MAX_TOKENS = 256
"""Over a minute of talk; longer texts are cut."""

BATCH = 32

_TOKENIZING = Lock()
"""Tokenizers refuse to be told how to pad by one thread while another one uses them."""


class SentenceEncoder:
    """The mean of the last hidden states of a BERT-like model, or of its first `layers` alone."""

    def __init__(self, model_dir: Path, layers: int | None = None) -> None:
        self._tokenizer, whole = _loaded(model_dir)
        self._model = whole if layers is None else _first_layers(whole, layers)

    def pooled(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Shape (texts, width)."""
        pooled = []
        for batch in encoded(self._tokenizer, texts, MAX_TOKENS):
            hidden = self._model(**batch).last_hidden_state
            mask = batch["attention_mask"].unsqueeze(-1)
            pooled.append((hidden * mask).sum(1) / mask.sum(1))
        result: NDArray[np.float32] = torch.cat(pooled).numpy()
        return result


@cache
def _loaded(model_dir: Path) -> tuple[Any, Any]:
    if not (model_dir / "model.safetensors").is_file():
        raise SpeechError(f"No sentence model in {model_dir}. Run: manage.py fetch_models", permanent=True)
    with engine_errors(f"loading {model_dir.name}"):
        tokenizer = AutoTokenizer.from_pretrained(str(model_dir), local_files_only=True)
        return tokenizer, AutoModel.from_pretrained(str(model_dir), local_files_only=True).eval()


def _first_layers(model: Any, layers: int) -> Any:
    """The model without its later layers; the weights of the rest are the same memory."""
    config = copy(model.config)
    config.num_hidden_layers = layers
    first = AutoModel.from_config(config)
    first.load_state_dict(model.state_dict(), strict=False, assign=True)
    return first.eval()


def encoded(tokenizer: Any, texts: Sequence[str], max_tokens: int) -> Iterator[Any]:
    """Batches of token tensors, in order; the caller's use of them needs no gradients."""
    with torch.inference_mode():
        for start in range(0, len(texts), BATCH):
            batch = list(texts[start : start + BATCH])
            with _TOKENIZING:
                tokens = tokenizer(batch, padding=True, truncation=True, max_length=max_tokens, return_tensors="pt")
            yield tokens
