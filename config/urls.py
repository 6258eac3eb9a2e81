from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, include, path
from django.views.decorators.cache import cache_control
from django.views.generic import RedirectView
from django.views.i18n import JavaScriptCatalog

from transcription.views.door import Login, Logout, Password

cached = cache_control(private=True, max_age=3600)  # the language is in the address

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("analytics.urls")),
    path("", include("transcription.urls")),
    path("login/", Login.as_view(), name="login"),
    path("logout/", Logout.as_view(), name="logout"),
    path("password/", Password.as_view(), name="password"),
    # The admin site's own door would be one without a throttle
    path("admin/login/", login_not_required(RedirectView.as_view(pattern_name="login", query_string=True))),
    path("admin/password_change/", RedirectView.as_view(pattern_name="password")),
    path("words.js", cached(login_not_required(JavaScriptCatalog.as_view())), name="words"),
    path("admin/", admin.site.urls),
]
