"""What was taken out of transcripts because it is personal."""

from django.db import models

from .calls import Turn


class Withheld(models.Model):
    """The personal words of one turn, in whose row masks stand for them (see speech.personal).

    Whatever reads turns shows masks; `transcripts.transcript_for` and `turns_for` alone put the words back.
    """

    turn = models.OneToOneField(Turn, models.CASCADE, related_name="withheld", primary_key=True)
    spans = models.JSONField(help_text="[kind, first word, [the words]] each")

    class Meta:
        verbose_name_plural = "withheld"

    def __str__(self) -> str:
        return f"{len(self.spans)} in a turn"
