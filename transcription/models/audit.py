"""What people did here."""

from typing import Final

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class Action(models.TextChoices):
    """What can be done to something. Not the choices of a column, so that a new one needs no migration."""

    LOGGED_IN = "logged_in", _("logged in")
    LOGIN_FAILED = "login_failed", _("failed to log in")
    LOGIN_BLOCKED = "login_blocked", _("was kept from logging in")
    LOGGED_OUT = "logged_out", _("logged out")
    OPENED = "opened", _("opened")
    PLAYED = "played", _("played")
    EXPORTED = "exported", _("exported")
    ADDED = "added", _("added")
    CHANGED = "changed", _("changed")
    DELETED = "deleted", _("deleted")
    STARTED = "started", _("started")
    CANCELLED = "cancelled", _("cancelled")
    SWAPPED = "swapped", _("exchanged agent and customer")
    CONFIRMED = "confirmed", _("confirmed the roles")
    CORRECTED = "corrected", _("corrected")
    UNDONE = "undone", _("took a correction back")
    ASSIGNED = "assigned", _("assigned")
    HEARD_AGAIN = "heard_again", _("had heard again")
    DISPUTED = "disputed", _("disputed")
    COMMENTED = "commented", _("commented on")
    ANSWERED = "answered", _("answered")
    SHARED = "shared", _("shared")


KINDS: Final = {
    "recording": _("call"),
    "agent": _("agent"),
    "user": _("account"),
    "batch": _("batch"),
    "draft": _("upload"),
    "source": _("source"),
    "review": _("review"),
    "scorecard": _("scorecard"),
    "coachingsession": _("coaching"),
    "savedview": _("saved view"),
}
"""What people call the models that they look for; others go by the model's name."""


class AuditEntry(models.Model):
    """Who did what to what, and when (written by `audit`).

    Rows are only ever added: a trigger of the database refuses to change, delete or truncate. Nothing is a foreign key,
    because an entry outlives the account and the call that it names.
    """

    at = models.DateTimeField()
    user_id = models.BigIntegerField(null=True, help_text="Empty: nobody who is logged in, a job, or the command line")
    user_name = models.CharField(max_length=150)
    address = models.CharField(max_length=45, help_text="From where, as an IP address")
    action = models.CharField(max_length=20)
    kind = models.CharField(max_length=40, help_text="Of what it was done to: the name of the model, or empty")
    object_id = models.BigIntegerField(null=True)
    object_name = models.CharField(max_length=500)
    detail = models.JSONField(
        default=dict, encoder=DjangoJSONEncoder, help_text="Counts, filters, settings; never what was said in a call"
    )

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name_plural = "audit entries"
        indexes = [
            models.Index(fields=["at", "id"], name="audit_newest"),
            models.Index(fields=["action", "at", "id"], name="audit_action"),
            models.Index(fields=["user_id", "at", "id"], name="audit_user"),
            models.Index(fields=["kind", "object_id", "at", "id"], name="audit_object"),
        ]

    def __str__(self) -> str:
        return f"{self.user_name or '–'} {self.action} {self.object_name}"

    @property
    def done(self) -> str:
        """The action in words."""
        return str(Action(self.action).label) if self.action in Action.values else self.action

    @property
    def what(self) -> str:
        """The kind in words."""
        return str(KINDS.get(self.kind, self.kind))

    @property
    def facts(self) -> list[tuple[str, str]]:
        """The detail as names and texts; what is empty says nothing."""
        return [(name, _said(value)) for name, value in self.detail.items() if value not in (None, "", [])]


def _said(value: object) -> str:
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
