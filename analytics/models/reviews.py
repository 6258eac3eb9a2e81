"""Scorecards, and what reviewers found with them."""

import uuid

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from analytics.scoring import Answered
from transcription.models import Agent, Recording, User


class Scorecard(models.Model):
    """One version of a form. Once a review uses it, it is not changed: a change makes the next version."""

    name = models.CharField(max_length=100)
    lineage = models.UUIDField(default=uuid.uuid4, editable=False, help_text="The same for all its versions")
    version = models.PositiveIntegerField(default=1)
    retired = models.BooleanField(default=False, help_text="Replaced by a newer version")
    by = models.ForeignKey(User, models.SET_NULL, related_name="+", null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["lineage", "version"], name="scorecard_version_once"),
            models.UniqueConstraint(
                fields=["lineage"], condition=models.Q(retired=False), name="scorecard_current_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, version {self.version}"


class ScorecardQuestion(models.Model):
    """A question of a form. With a `metric`, the number of the call suggests yes or no."""

    class Kind(models.TextChoices):
        YES_NO = "yes_no", _("yes or no")
        SCALE = "scale", _("1 to 5")
        TEXT = "text", _("text")

    class Side(models.TextChoices):
        AT_MOST = "at_most", _("at most")
        AT_LEAST = "at_least", _("at least")

    scorecard = models.ForeignKey(Scorecard, models.CASCADE, related_name="questions")
    place = models.PositiveIntegerField()
    section = models.CharField(max_length=60)
    text = models.CharField(max_length=300)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.YES_NO)
    weight = models.FloatField(default=1, validators=[MinValueValidator(0)])
    critical = models.BooleanField(default=False, help_text="Failing it fails the review")
    metric = models.CharField(max_length=60, blank=True, help_text="Key of queries.METRICS")
    side = models.CharField(max_length=10, choices=Side.choices, default=Side.AT_MOST)
    threshold = models.FloatField(null=True, blank=True, help_text="In the unit on screen")

    class Meta:
        ordering = ["scorecard", "place", "id"]

    def __str__(self) -> str:
        return self.text


class Review(models.Model):
    """One call judged by one form. Until it is submitted only reviewers see it."""

    scorecard = models.ForeignKey(Scorecard, models.PROTECT, related_name="reviews")
    recording = models.ForeignKey(Recording, models.CASCADE, related_name="reviews")
    agent = models.ForeignKey(Agent, models.CASCADE, related_name="reviews", help_text="Of the call at the time")
    by = models.ForeignKey(User, models.SET_NULL, related_name="reviews", null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    comment = models.TextField(max_length=4000, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["scorecard", "recording"], name="review_once")]

    def __str__(self) -> str:
        return f"Review of call {self.recording_id}"


class ReviewAnswer(models.Model):
    """`value`: 1 or 0, or 1 to 5; None does not apply, or is a text. `suggested` is what the number of the call said,
    so that an answer against it is known as one."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="answers")
    question = models.ForeignKey(ScorecardQuestion, models.PROTECT, related_name="answers")
    value = models.PositiveSmallIntegerField(null=True, blank=True)
    text = models.TextField(max_length=2000, blank=True)
    suggested = models.PositiveSmallIntegerField(null=True, blank=True)
    why = models.CharField(max_length=300, blank=True, help_text="The suggestion in words")

    class Meta:
        ordering = ["review", "question__place", "id"]
        constraints = [models.UniqueConstraint(fields=["review", "question"], name="answer_once")]

    def __str__(self) -> str:
        return f"{self.question}: {self.value}"

    @property
    def overridden(self) -> bool:
        return self.suggested is not None and self.suggested != self.value

    def scored(self, weights: dict[int, float] | None = None) -> Answered:
        """For scoring; `weights` (question -> weight) in place of the form's."""
        asked = self.question
        weight = (weights or {}).get(asked.pk, asked.weight)
        return Answered(asked.pk, asked.section, asked.kind, weight, asked.critical, self.value)  # type: ignore[arg-type]


class ReviewSample(models.Model):
    """Calls drawn to be reviewed. The seed and the days draw the same calls again from the same calls."""

    scorecard = models.ForeignKey(Scorecard, models.CASCADE, related_name="samples")
    start = models.DateField()
    end = models.DateField(help_text="Included")
    per_agent = models.PositiveSmallIntegerField()
    seed = models.PositiveIntegerField()
    by = models.ForeignKey(User, models.SET_NULL, related_name="+", null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    recordings = models.ManyToManyField(Recording, related_name="samples")

    class Meta:
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return f"Sample {self.seed} for {self.scorecard}"
