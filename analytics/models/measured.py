"""What was measured: one row of numbers a call, and the facts behind them.

All of it is derived from transcription.models and may be thrown away and computed again; only comments, saved views
and what is decided about topics are by people.
"""

from typing import Final

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from pgvector.django import HalfVectorField

from transcription.models import Agent, Recording, Team, User


class Role(models.TextChoices):
    AGENT = "agent"
    CUSTOMER = "customer"


SORTED_BY: Final = (
    *("agent_talk_share", "wpm_agent", "wpm_customer", "fillers_per_100_words_agent", "sentiment_customer"),
    *("interruptions_by_agent", "interruptions_by_customer", "silence_share", "longest_silence_s"),
    *("longest_monologue_s_agent", "longest_monologue_s_customer", "response_latency_median_s"),
    *("questions_agent", "questions_customer"),
)
"""Numbers by which the list of calls is sorted; each has an index, or a page would sort the whole history."""
QUESTIONS_DUE: Final = models.Q(questions_collected_at=None) | models.Q(
    questions_collected_at__lt=models.F("measured_at")
)
"""Calls whose questions are of an older transcript, or not collected yet."""


class CallMetrics(models.Model):
    """The numbers of one call, named as metrics.measure names them. None is "cannot be told"; `reasons` says why."""

    recording = models.OneToOneField(Recording, models.CASCADE, primary_key=True, related_name="metrics")
    agent = models.ForeignKey(Agent, models.SET_NULL, related_name="calls", null=True, blank=True)
    team = models.ForeignKey(
        Team, models.SET_NULL, related_name="calls", null=True, blank=True, help_text="The agent's when it was measured"
    )
    started_at = models.DateTimeField(null=True, blank=True)
    day = models.DateField(null=True, blank=True, help_text="Of started_at, in the site's zone")
    outcome = models.CharField(max_length=20, choices=Recording.Outcome.choices)
    filler_capture_mode = models.CharField(max_length=20)
    metrics_version = models.PositiveIntegerField()
    filler_list = models.CharField(
        max_length=24, blank=True, help_text="By which list fillers were counted (filler_list.list_name)"
    )
    measured_at = models.DateTimeField(auto_now=True)
    questions_collected_at = models.DateTimeField(null=True, blank=True)
    reasons = models.JSONField(default=dict, blank=True)

    words_agent = models.PositiveIntegerField(null=True)
    words_customer = models.PositiveIntegerField(null=True)
    talk_s_agent = models.FloatField(null=True)
    talk_s_customer = models.FloatField(null=True)
    agent_talk_share = models.FloatField(null=True)
    agent_talk_pct_of_call = models.FloatField(null=True)
    silence_count = models.PositiveIntegerField(null=True)
    silence_s = models.FloatField(null=True)
    silence_share = models.FloatField(null=True)
    longest_silence_s = models.FloatField(null=True)
    dead_air_count = models.PositiveIntegerField(null=True)
    dead_air_s = models.FloatField(null=True)
    hold_count = models.PositiveIntegerField(null=True)
    hold_s = models.FloatField(null=True)
    overlap_s = models.FloatField(null=True)
    interruptions_by_agent = models.PositiveIntegerField(null=True)
    interruptions_by_customer = models.PositiveIntegerField(null=True)
    backchannels_agent = models.PositiveIntegerField(null=True)
    backchannels_customer = models.PositiveIntegerField(null=True)
    wpm_agent = models.FloatField(null=True)
    wpm_customer = models.FloatField(null=True)
    longest_monologue_s_agent = models.FloatField(null=True)
    longest_monologue_s_customer = models.FloatField(null=True)
    response_latency_median_s = models.FloatField(null=True)
    response_latency_p90_s = models.FloatField(null=True)
    overlapping_starts = models.PositiveIntegerField(null=True)
    switches_per_min = models.FloatField(null=True)
    questions_agent = models.PositiveIntegerField(null=True)
    questions_customer = models.PositiveIntegerField(null=True)
    questions_agent_per_10_min = models.FloatField(null=True)
    questions_customer_per_10_min = models.FloatField(null=True)
    fillers_agent = models.PositiveIntegerField(null=True)
    fillers_customer = models.PositiveIntegerField(null=True)
    fillers_tier1_agent = models.PositiveIntegerField(null=True)
    fillers_tier1_customer = models.PositiveIntegerField(null=True)
    fillers_tier2_agent = models.PositiveIntegerField(null=True)
    fillers_tier2_customer = models.PositiveIntegerField(null=True)
    fillers_tier3_agent = models.PositiveIntegerField(null=True)
    fillers_tier3_customer = models.PositiveIntegerField(null=True)
    fillers_per_100_words_agent = models.FloatField(null=True)
    fillers_per_100_words_customer = models.FloatField(null=True)
    fillers_per_min_agent = models.FloatField(null=True)
    fillers_per_min_customer = models.FloatField(null=True)
    sentiment_agent = models.FloatField(null=True)
    sentiment_customer = models.FloatField(null=True)
    sentiment_customer_q1 = models.FloatField(null=True)
    sentiment_customer_q2 = models.FloatField(null=True)
    sentiment_customer_q3 = models.FloatField(null=True)
    sentiment_customer_q4 = models.FloatField(null=True)
    sentiment_shift = models.CharField(max_length=20, null=True)  # noqa: DJ001  None has a reason, as for any number
    worst_turn_at_s = models.FloatField(null=True)
    worst_turn_score = models.FloatField(null=True)
    coverage = models.FloatField(null=True)

    class Meta:
        verbose_name_plural = "call metrics"
        indexes = [
            models.Index(fields=["day"], name="call_day"),
            models.Index(fields=["agent", "day"], name="call_agent_day"),
            models.Index(fields=["team", "day"], name="call_team_day"),
            models.Index(fields=["metrics_version"], name="call_version"),
            models.Index(fields=["filler_list"], name="call_filler_list"),
            models.Index(fields=["recording"], name="call_questions_due", condition=QUESTIONS_DUE),
            *(
                models.Index(fields=[name, "recording"], name=f"by_{name}"[:30], condition=~models.Q(**{name: None}))
                for name in SORTED_BY
            ),
        ]

    def __str__(self) -> str:
        return f"Metrics of call {self.pk}"


class Event(models.Model):
    """Something that happened in a call, to be clicked and heard (see metrics.facts.Event)."""

    class Type(models.TextChoices):
        SILENCE = "silence"
        OVERLAP = "overlap"
        INTERRUPTION = "interruption"
        BACKCHANNEL = "backchannel"
        FILLER = "filler"

    recording = models.ForeignKey(Recording, models.CASCADE, related_name="events")
    type = models.CharField(max_length=20, choices=Type.choices)
    by = models.CharField(max_length=40, help_text="Role, or the speaker's label where roles are not known")
    start_s = models.FloatField()
    end_s = models.FloatField()
    detail = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["recording", "start_s", "id"]
        indexes = [models.Index(fields=["recording", "start_s"], name="event_recording")]

    def __str__(self) -> str:
        return f"{self.type} at {self.start_s:.1f} s"


class FillerUse(models.Model):
    """One filler that was said (see metrics.facts.FillerUse)."""

    recording = models.ForeignKey(Recording, models.CASCADE, related_name="filler_uses")
    agent = models.ForeignKey(
        Agent,
        models.SET_NULL,
        related_name="filler_uses",
        null=True,
        blank=True,
        help_text="Of the call, whoever said it",
    )
    role = models.CharField(max_length=20, choices=Role.choices, blank=True)
    term = models.CharField(max_length=60)
    tier = models.PositiveSmallIntegerField()
    at_s = models.FloatField()
    end_s = models.FloatField()
    context = models.TextField(blank=True)

    class Meta:
        ordering = ["recording", "at_s", "id"]
        indexes = [
            models.Index(fields=["recording", "at_s"], name="filler_recording"),
            models.Index(fields=["term", "recording"], name="filler_term", condition=models.Q(role="agent")),
        ]

    def __str__(self) -> str:
        return f"{self.term} at {self.at_s:.1f} s"


class Comment(models.Model):
    """What somebody has to say about a moment of a call, to everybody who may see the call."""

    recording = models.ForeignKey(Recording, models.CASCADE, related_name="comments")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, related_name="comments", null=True)
    at_s = models.FloatField()
    text = models.TextField(max_length=2000)
    created_at = models.DateTimeField(auto_now_add=True)
    edited_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["recording", "at_s", "id"]

    def __str__(self) -> str:
        return f"{self.author} at {self.at_s:.1f} s"


class SavedView(models.Model):
    """Filters and order of the list of calls under a name; `query` is CallFilters.query."""

    user = models.ForeignKey(User, models.CASCADE, related_name="saved_views")
    name = models.CharField(max_length=60)
    query = models.TextField(blank=True)
    shared = models.BooleanField(_("Shared with all managers"), default=False)

    class Meta:
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="saved_view_once")]

    def __str__(self) -> str:
        return self.name


MEANING = 384
"""Numbers that place a sentence among all meanings (ports.Embedder)."""


class Topic(models.Model):
    """Questions of one meaning. What people decided (a name, hidden, merged) outlives every grouping."""

    label = models.CharField(max_length=200)
    renamed = models.BooleanField(default=False, help_text="A person chose the label")
    hidden = models.BooleanField(default=False)
    merged_into = models.ForeignKey(
        "self", models.CASCADE, related_name="merged", null=True, blank=True, help_text="Which gets its questions"
    )
    centre = HalfVectorField(dimensions=MEANING)

    class Meta:
        ordering = ["label", "id"]

    def __str__(self) -> str:
        return self.label


class Question(models.Model):
    """One question of a customer, with the agent's answer (see metrics.asked)."""

    recording = models.ForeignKey(Recording, models.CASCADE, related_name="questions")
    turn = models.PositiveIntegerField(help_text="Index of the turn in which it begins")
    at_s = models.FloatField()
    end_s = models.FloatField()
    text = models.TextField()
    gist = models.TextField(help_text="Without what differs from caller to caller; questions are grouped by it")
    small_talk = models.BooleanField(default=False, help_text="About the conversation itself: in no topic")
    topic = models.ForeignKey(Topic, models.SET_NULL, related_name="questions", null=True, blank=True)
    answer = models.TextField(blank=True)
    answer_at_s = models.FloatField(null=True, blank=True)
    meaning = HalfVectorField(dimensions=MEANING)
    answer_meaning = HalfVectorField(dimensions=MEANING, null=True, blank=True)

    class Meta:
        ordering = ["recording", "at_s", "id"]
        indexes = [
            models.Index(fields=["recording", "at_s"], name="question_recording", include=["topic", "small_talk"]),
            models.Index(fields=["topic", "recording"], name="question_topic"),
            models.Index(fields=["id"], name="question_grouped", condition=models.Q(small_talk=False)),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class Grouping(models.Model):
    """One run that grouped all questions anew. Unfinished with an `error`: it failed, and changed nothing."""

    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    stage = models.CharField(max_length=40, blank=True)
    questions = models.PositiveIntegerField(default=0, help_text="Without small talk")
    grouped = models.PositiveIntegerField(default=0)
    topics = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)

    class Meta:
        ordering = ["-started_at", "-id"]
        get_latest_by = ["started_at", "id"]

    def __str__(self) -> str:
        return f"Grouping of {self.started_at}"
