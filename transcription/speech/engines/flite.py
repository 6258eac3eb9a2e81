"""Debian's flite as a library: speech whose word times are known exactly, because the synthesiser decided them."""

from __future__ import annotations

import ctypes
from ctypes import POINTER, Structure, c_char_p, c_float, c_int, c_short, c_void_p
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from transcription.speech.ports import SpeechError

FIRST_PHONE = b"daughter1.R:SylStructure.daughter1.daughter1.R:Segment.p.end"
LAST_PHONE = b"daughtern.R:SylStructure.daughtern.daughtern.R:Segment.end"

SpokenWord = tuple[str, float, float]
"""Text, start and end in seconds."""


class _Wave(Structure):
    _fields_ = (
        ("type", c_char_p),
        ("rate", c_int),
        ("samples", c_int),
        ("channels", c_int),
        ("data", POINTER(c_short)),
    )


class _Voice(Structure):
    _fields_ = (("name", c_char_p), ("features", c_void_p))


@dataclass(frozen=True, slots=True)
class Spoken:
    """`samples` of shape (n,) in [-1, 1] at 16 kHz; the words are the text's, split at white space."""

    samples: NDArray[np.float32]
    words: tuple[SpokenWord, ...]


def speak(text: str, voice: str, stretch: float) -> Spoken:
    """`text` by one of flite's 16 kHz voices (rms, awb, slt, kal16), `stretch` times as long as usual.

    Digits are read out by flite's own rules. Raises SpeechError when flite or the voice is not installed.
    """
    flite, speaker = _flite(), _voice(voice)
    flite.flite_feat_set_float(speaker.contents.features, b"duration_stretch", stretch)
    utterance = flite.flite_synth_text(text.encode(), ctypes.cast(speaker, c_void_p))
    wave = flite.utt_wave(utterance).contents
    samples = (np.ctypeslib.as_array(wave.data, (wave.samples,)) / 32768).astype(np.float32)
    spans = [span for span in _token_spans(flite, utterance) if span[1] > 0.0]
    flite.delete_utterance(utterance)
    words = [word for word in text.split() if any(character.isalnum() for character in word)]
    if len(words) != len(spans):
        raise SpeechError(f"flite splits {text!r} into other words", permanent=True)
    return Spoken(samples, tuple((word, *span) for word, span in zip(words, spans, strict=True)))


def _token_spans(flite: Any, utterance: int) -> list[tuple[float, float]]:
    spans = []
    token = flite.relation_head(flite.utt_relation(utterance, b"Token"))
    while token:
        spans.append((flite.flite_ffeature_float(token, FIRST_PHONE), flite.flite_ffeature_float(token, LAST_PHONE)))
        token = flite.item_next(token)
    return spans


@cache
def _flite() -> Any:
    library = _library("libflite.so.1")
    signatures: dict[str, tuple[Any, tuple[Any, ...]]] = {
        "flite_synth_text": (c_void_p, (c_char_p, c_void_p)),
        "flite_feat_set_float": (None, (c_void_p, c_char_p, c_float)),
        "flite_ffeature_float": (c_float, (c_void_p, c_char_p)),
        "utt_wave": (POINTER(_Wave), (c_void_p,)),
        "utt_relation": (c_void_p, (c_void_p, c_char_p)),
        "relation_head": (c_void_p, (c_void_p,)),
        "item_next": (c_void_p, (c_void_p,)),
        "delete_utterance": (None, (c_void_p,)),
    }
    for name, (result, arguments) in signatures.items():
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    library.flite_init()
    return library


@cache
def _voice(name: str) -> Any:
    register = getattr(_library(f"libflite_cmu_us_{name}.so.1"), f"register_cmu_us_{name}")
    register.restype, register.argtypes = POINTER(_Voice), (c_char_p,)
    return register(None)


def _library(name: str) -> Any:
    try:
        return ctypes.CDLL(name)
    except OSError as error:
        raise SpeechError(f"{name} is missing. Install Debian's package flite.", permanent=True) from error
