"""manage.py train_alignment_head: make the alignment head of a Whisper model, and say how exact it is."""

from __future__ import annotations

from itertools import chain
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from transcription.speech.engines.alignment_evaluation import Exactness, evaluate
from transcription.speech.engines.alignment_head import HEADS, AlignmentHeadAligner, save_head
from transcription.speech.engines.alignment_speech import (
    TRAINING_VOICES,
    UNSEEN_VOICES,
    read_folder,
    sentences,
    synthesise,
)
from transcription.speech.engines.alignment_training import encode, train
from transcription.speech.engines.attention import AttentionAligner
from transcription.speech.engines.weights import load_whisper
from transcription.speech.ports import Aligner, SpeechError

COMPUTE_TYPE = "int8"


class Command(BaseCommand):
    requires_system_checks = ()  # it needs neither a database nor the site
    help = "Train the alignment head of a Whisper model on speech that flite makes (Debian's package flite; minutes)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--model", default="whisper-base", help="the model's folder in VERBATIM_MODELS_DIR")
        parser.add_argument("--extra", type=Path, help="folder of read speech: labels.tsv with columns file and text")
        parser.add_argument("--out", type=Path, help="where the head goes (.safetensors); default: it is shipped")

    def handle(self, *args: Any, model: str, extra: Path | None, out: Path | None, **options: Any) -> None:
        out = out or HEADS / f"{model}.safetensors"
        try:
            self._make(settings.MODELS_DIR / model, extra, out)
        except (OSError, ValueError, SpeechError) as error:
            raise CommandError(str(error)) from error

    def _make(self, model_dir: Path, extra: Path | None, out: Path) -> None:
        model = load_whisper(model_dir, "cpu", COMPUTE_TYPE, 0)
        read = read_folder(extra) if extra else ()
        examples = list(encode(model, chain(synthesise(TRAINING_VOICES, sentences(held_out=False)), read)))
        head = train(examples)
        self.stdout.write(f"Trained on {len(examples)} windows, {head.about['minutes']} min.")
        save_head(head, out)
        aligners: dict[str, Aligner] = {
            "head": AlignmentHeadAligner(model_dir, compute_type=COMPUTE_TYPE, head=out),
            "attention": AttentionAligner(model_dir, compute_type=COMPUTE_TYPE),
        }
        for voice in UNSEEN_VOICES:
            windows = list(synthesise([voice], sentences(held_out=True)))
            self.stdout.write(f"\nWord times on the unseen voice {voice}, unseen sentences, telephone band:")
            for name, aligner in aligners.items():
                exactness = evaluate(aligner, model, windows)
                self.stdout.write(report(name, exactness))
                head.about[f"{voice} {name}"] = report(name, exactness)
        save_head(head, out)
        self.stdout.write(f"Wrote {out}")


def report(name: str, exactness: Exactness) -> str:
    """One line."""
    return (
        f"  {name:>10}  {exactness.words} words  "
        f"start {exactness.start * 1000:.0f} ms ({exactness.start_close:.0%} within 50 ms)  "
        f"end {exactness.end * 1000:.0f} ms ({exactness.end_close:.0%})  "
        f"{exactness.cost * 1000:.1f} ms per second"
    )
