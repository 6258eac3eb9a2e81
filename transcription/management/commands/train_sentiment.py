"""manage.py train_sentiment: make the sentiment head again, or one from own labelled turns."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from transcription.speech.engines.sentiment import HEAD, LABELS, TurnFeatures
from transcription.speech.engines.sentiment_training import DATA, Evaluation, Trainer, read_examples, save_head
from transcription.speech.ports import SpeechError


class Command(BaseCommand):
    requires_system_checks = ()  # it needs neither a database nor the site
    help = "Train the sentiment head on labelled turns (text, speaker, label) and report cross-validated quality."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--data", type=Path, default=DATA, help="TSV with columns text, speaker, label")
        parser.add_argument("--out", type=Path, default=HEAD, help="where the head goes (.safetensors)")

    def handle(self, *args: Any, data: Path, out: Path, **options: Any) -> None:
        try:
            examples = read_examples(data)
            trainer = Trainer.prepare(examples, TurnFeatures(settings.MODELS_DIR / "minilm"))
        except (OSError, ValueError, SpeechError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(report(trainer.evaluate(), len(examples.texts)))
        save_head(trainer.train(), out)
        self.stdout.write(f"Wrote {out}")


def report(evaluation: Evaluation, examples: int) -> str:
    """The numbers as a text of several lines."""
    rows = "\n".join(
        f"  {label:>8} {' '.join(f'{count:8d}' for count in counts)}"
        for label, counts in zip(LABELS, evaluation.confusion, strict=True)
    )
    return (
        f"{examples} turns, macro-F1 in 5-fold cross-validation:\n"
        f"  head                    {evaluation.macro_f1:.3f}\n"
        f"  head, speaker unknown   {evaluation.macro_f1_without_role:.3f}\n"
        f"  VADER alone             {evaluation.vader_macro_f1:.3f}\n"
        f"  the commonest label     {evaluation.majority_macro_f1:.3f}\n"
        f"Truth in rows, prediction in columns:\n"
        f"  {'':>8} {' '.join(f'{label:>8}' for label in LABELS)}\n{rows}"
    )
