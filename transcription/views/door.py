"""In and out, and the own password. The admin site has no door of its own."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.contrib.auth.views import LoginView, LogoutView, PasswordChangeView
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse_lazy
from django.utils.translation import gettext as _

from transcription import audit
from transcription.models import Action
from transcription.throttle import is_blocked

from .access import user_of


class LoginForm(AuthenticationForm):
    """Where there were too many failures the password is not even looked at, right or wrong."""

    blocked = False

    def clean(self) -> dict[str, Any]:
        name = self.cleaned_data.get("username", "")
        if self.request and is_blocked(name, audit.address_of(self.request)):
            self.blocked = True
            raise ValidationError("blocked")
        return super().clean()


class Login(LoginView):
    authentication_form = LoginForm
    http_method_names = ["get", "head", "post", "options"]

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        response = super().form_valid(form)
        audit.record(self.request, Action.LOGGED_IN, user_of(self.request))
        return response

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        name = form.data.get("username", "")
        if isinstance(form, LoginForm) and form.blocked:
            audit.record_once(self.request, Action.LOGIN_BLOCKED, name)
            return self.render_to_response(self.get_context_data(form=form), status=429)
        audit.record(self.request, Action.LOGIN_FAILED, name)
        return super().form_invalid(form)


class Logout(LogoutView):
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            audit.record(request, Action.LOGGED_OUT, user_of(request))
        return super().post(request, *args, **kwargs)


class Password(PasswordChangeView):
    """One's own. All other sessions of the account end."""

    http_method_names = ["get", "head", "post", "options"]
    template_name = "registration/password.html"
    success_url = reverse_lazy("password")

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        response = super().form_valid(form)
        audit.record(self.request, Action.CHANGED, user_of(self.request), fields=["password"])
        messages.success(self.request, _("Your password is changed. Other devices have to log in again."))
        return response
