from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from transcription.admin import Audited

from .models import CallMetrics, SavedView


@admin.register(CallMetrics)
class CallMetricsAdmin(Audited, admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """To look at only: numbers are computed, and computed again."""

    list_display = ["recording", "agent", "team", "started_at", "outcome", "filler_capture_mode", "metrics_version"]
    list_filter = ["outcome", "filler_capture_mode", "metrics_version", "team"]
    list_select_related = ["recording", "agent", "team"]
    date_hierarchy = "day"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(SavedView)
class SavedViewAdmin(Audited, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ["name", "user", "shared", "query"]
    list_filter = ["shared"]
    list_select_related = ["user"]
