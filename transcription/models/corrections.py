"""What people set right in transcripts."""

from django.conf import settings
from django.db import models

from .calls import Recording, Run


class Correction(models.Model):
    """One passage of a transcript put in place of another (speech.rewriting.Passage, as speech.plain writes it)."""

    class Kind(models.TextChoices):
        WORDS = "words"
        SPEAKER = "speaker"

    recording = models.ForeignKey(Recording, models.CASCADE, related_name="corrections")
    run = models.ForeignKey(
        Run, models.CASCADE, related_name="corrections", null=True, blank=True, help_text="The current one at the time"
    )
    kind = models.CharField(max_length=20, choices=Kind.choices)
    start = models.FloatField()
    end = models.FloatField()
    before = models.JSONField()
    after = models.JSONField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, related_name="corrections", null=True)
    made_at = models.DateTimeField(auto_now_add=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, related_name="+", null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["recording", "-made_at", "-id"]

    def __str__(self) -> str:
        return f"{self.kind} at {self.start:.1f} s"
