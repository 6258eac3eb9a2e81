"""The saved views of the list of calls."""

from django.db.models import Q, QuerySet

from analytics.models import SavedView
from transcription.models import User


def views_visible_to(user: User) -> QuerySet[SavedView]:
    """The own ones; managers also have those that others share with them. Filters never show more than one may see."""
    seen = Q(user=user) | Q(shared=True) if user.may_manage_calls else Q(user=user)
    return SavedView.objects.filter(seen).select_related("user")
