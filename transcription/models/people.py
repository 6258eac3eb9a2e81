"""Who uses the site, and who is on the calls."""

from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """What a user may see follows from the role (see queries.recordings_visible_to)."""

    class Role(models.TextChoices):
        ADMINISTRATOR = "administrator", _("Administrator")
        SUPERVISOR = "supervisor", _("Supervisor")
        REVIEWER = "reviewer", _("Reviewer")
        AGENT = "agent", _("Agent")

    role = models.CharField(max_length=20, choices=Role.choices, default=Role.AGENT)
    teams: "models.ManyToManyField[Team, Team]" = models.ManyToManyField(
        "Team",
        related_name="supervisors",
        blank=True,
        help_text="Teams whose calls a supervisor or a reviewer looks after",
    )
    agent = models.OneToOneField(
        "Agent", models.SET_NULL, related_name="user", null=True, blank=True, help_text="Who this user is on calls"
    )

    preferences = models.JSONField(default=dict, blank=True, help_text="What the user chose about pages, by name")

    @property
    def language(self) -> str:
        """Code of the chosen language; empty: as the browser says."""
        code = self.preferences.get("language")
        return code if code in dict(settings.LANGUAGES) else ""

    @property
    def zone(self) -> ZoneInfo | None:
        """The chosen time zone; None: the site's."""
        try:
            return ZoneInfo(self.preferences["zone"])
        except (KeyError, ValueError):  # none chosen, or one that this machine does not know
            return None

    @property
    def is_administrator(self) -> bool:
        return self.is_superuser or self.role == self.Role.ADMINISTRATOR

    @property
    def may_manage_calls(self) -> bool:
        """Upload, export in bulk, change. Agents only look at their own calls."""
        return self.is_administrator or self.role == self.Role.SUPERVISOR

    @property
    def may_review(self) -> bool:
        """Judge calls of the own teams with scorecards."""
        return self.may_manage_calls or self.role == self.Role.REVIEWER

    @property
    def may_see_personal_data(self) -> bool:
        """Read and hear card numbers and the like, which stand masked in transcripts and are silent in the sound."""
        trusted = settings.SUPERVISORS_SEE_PERSONAL_DATA and self.role == self.Role.SUPERVISOR
        return self.is_administrator or trusted

    def prefer(self, **chosen: Any) -> None:
        """Remember choices (values that JSON can hold) beside those already made, also by another tab just now."""
        with transaction.atomic():
            held = User.objects.select_for_update().get(pk=self.pk)
            self.preferences = held.preferences | chosen
            self.save(update_fields=["preferences"])


class Team(models.Model):
    name = models.CharField(max_length=100, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Agent(models.Model):
    name = models.CharField(max_length=100, unique=True)
    team = models.ForeignKey(Team, models.SET_NULL, related_name="agents", null=True, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
