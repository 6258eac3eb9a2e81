"""The admin site, for administrators only, whatever an account's permissions say."""

from django.contrib.admin import AdminSite
from django.http import HttpRequest


class Administration(AdminSite):
    def has_permission(self, request: HttpRequest) -> bool:
        return super().has_permission(request) and request.user.is_authenticated and request.user.is_administrator
