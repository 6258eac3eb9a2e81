from django.urls import path

from . import views

urlpatterns = [
    path("", views.overview, name="overview"),
    path("calls/", views.calls, name="calls"),
    path("calls/<int:pk>/", views.call, name="call"),
    path("agents/", views.agents, name="agents"),
    path("agents/<int:pk>/", views.agent, name="agent"),
    path("export/<str:kind>.csv", views.export, name="export"),
    path("charts.js", views.vega, name="vega"),
    path("healthz", views.healthz, name="healthz"),
]
