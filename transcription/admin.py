from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.contrib.auth.models import Group
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from . import audit
from .forms import SourceForm
from .models import Action, Agent, Batch, Recording, Source, Team, Turn, User, Vocabulary, VoiceSample

GRANTS = ("is_superuser", "groups", "user_permissions")
"""What an account may do in the admin site: for superusers to say."""
GIVEN = ("agent", "started_at", "external_id", "customer_ref", "direction", "queue", "channel_map", "language_hint")
RECEIVED = ("original_name", "batch", "source", "sha256", "codec", "channels", "sample_rate", "duration", "origins")
FOUND = (
    "status",
    "error",
    "language",
    "layout",
    "outcome",
    "speakers",
    "engines",
    "stage_seconds",
    "notes",
    "confidence",
)


class Audited:
    """Whatever is done in the admin site is in the audit, too. Before `admin.ModelAdmin` in the bases."""

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        audit.record(request, Action.ADDED, obj, **self.noted(obj))
        return super().log_addition(request, obj, message)  # type: ignore[misc]

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        audit.record(request, Action.CHANGED, obj, fields=_fields(message), **self.noted(obj))
        return super().log_change(request, obj, message)  # type: ignore[misc]

    def log_deletions(self, request: HttpRequest, queryset: "QuerySet[Any]") -> Any:
        audit.record_each(request, Action.DELETED, queryset)
        return super().log_deletions(request, queryset)  # type: ignore[misc]

    def noted(self, obj: Any) -> dict[str, Any]:
        """What the entry says of the object as it is now."""
        return {}


def _fields(message: Any) -> list[str]:
    """Which were changed, from Django's message: a list of {"changed": {"fields": […]}}, or a text."""
    parts = message if isinstance(message, list) else []
    return [str(field) for part in parts for change in part.values() for field in change.get("fields", ())]


class NewUserForm(AdminUserCreationForm):  # type: ignore[type-arg]  # not generic at run time
    class Meta(AdminUserCreationForm.Meta):
        model = User


admin.site.unregister(Group)  # what somebody may do follows from the role


@admin.register(User)
class VerbatimUserAdmin(Audited, UserAdmin):  # type: ignore[type-arg]
    add_form = NewUserForm
    list_display = ("username", "role", "agent", "is_active", "is_staff")
    list_filter = ("role", "teams", "is_active")
    filter_horizontal = ("teams", "user_permissions")
    fieldsets = ((None, {"fields": ("role", "teams", "agent")}), *(UserAdmin.fieldsets or ()))
    add_fieldsets = (*UserAdmin.add_fieldsets, (None, {"fields": ("role", "teams", "agent")}))

    def get_queryset(self, request: HttpRequest) -> "QuerySet[User]":
        """Who is no superuser cannot touch one, nor become one."""
        accounts = super().get_queryset(request)
        return accounts if request.user.is_superuser else accounts.filter(is_superuser=False)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        may_grant = request.user.is_superuser
        return (*super().get_readonly_fields(request, obj), *(() if may_grant else GRANTS))

    def noted(self, obj: Any) -> dict[str, Any]:
        """What the account may do from now on."""
        return {
            "role": obj.role,
            "teams": sorted(obj.teams.values_list("name", flat=True)),
            "agent": str(obj.agent or ""),
            "active": obj.is_active,
            "staff": obj.is_staff,
            "superuser": obj.is_superuser,
        }


@admin.register(Team)
class TeamAdmin(Audited, admin.ModelAdmin):  # type: ignore[type-arg]
    search_fields = ("name",)


@admin.register(Agent)
class AgentAdmin(Audited, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("name", "team")
    list_filter = ("team",)
    list_select_related = ("team",)
    search_fields = ("name",)
    actions = ("forget_voice",)

    @admin.action(description="Delete the voice of selected agents", permissions=["change"])
    def forget_voice(self, request: HttpRequest, agents: QuerySet[Agent]) -> None:
        """What roles were decided with it stays decided; the next confirmed call would start it anew."""
        deleted, _ = VoiceSample.objects.filter(agent__in=agents).delete()
        audit.record_each(request, Action.DELETED, agents, of="voice")
        self.message_user(request, f"Deleted the voice in {deleted} calls.")


@admin.register(Source)
class SourceAdmin(Audited, admin.ModelAdmin):  # type: ignore[type-arg]
    form = SourceForm
    list_display = ("name", "channel_map", "language", "filename_pattern")


@admin.register(Vocabulary)
class VocabularyAdmin(Audited, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("language", "company_words")


class RecordingInline(admin.TabularInline):  # type: ignore[type-arg]
    model = Recording
    fields = ("original_name", "status", "error")
    readonly_fields = fields
    extra = 0
    max_num = 0
    can_delete = False
    show_change_link = True


@admin.register(Batch)
class BatchAdmin(Audited, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("id", "created_at", "created_by")
    list_select_related = ("created_by",)
    readonly_fields = ("created_at", "created_by")
    inlines = (RecordingInline,)


class TurnInline(admin.TabularInline):  # type: ignore[type-arg]
    model = Turn
    fields = ("index", "speaker", "role", "start", "end", "text")
    readonly_fields = fields
    extra = 0
    max_num = 0
    can_delete = False


@admin.register(Recording)
class RecordingAdmin(Audited, admin.ModelAdmin):  # type: ignore[type-arg]
    """What is known about a call can be corrected here; what was received and what was found cannot."""

    list_display = ("original_name", "agent", "started_at", "status", "duration")
    list_filter = ("status", "agent", "source")
    list_select_related = ("agent",)
    search_fields = ("original_name", "external_id", "customer_ref")
    date_hierarchy = "started_at"
    fields = (*GIVEN, *RECEIVED, *FOUND)
    readonly_fields = (*RECEIVED, *FOUND)
    inlines = (TurnInline,)

    def has_add_permission(self, _request: object) -> bool:
        """Recordings come in through the upload page or `manage.py ingest`, which store the file and defer the job."""
        return False
