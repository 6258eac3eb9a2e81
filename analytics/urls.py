from django.urls import path

from .views import call, calls, chosen, comments, dashboards, preferences, runs, saved_views, site

urlpatterns = [
    path("", dashboards.overview, name="overview"),
    path("calls/", calls.calls, name="calls"),
    path("calls/views/", saved_views.save, name="view_save"),
    path("calls/views/<int:pk>/", saved_views.change, name="view_change"),
    path("calls/views/<int:pk>/delete/", saved_views.delete, name="view_delete"),
    path("calls/chosen/", chosen.chosen, name="calls_chosen"),
    path("calls/assign/", chosen.assign_calls, name="calls_assign"),
    path("calls/list.csv", calls.export_list, name="calls_export"),
    path("calls/<int:pk>/", call.call, name="call"),
    path("calls/<int:pk>/numbers/", call.numbers, name="call_numbers"),
    path("calls/<int:pk>/comments/", comments.comments, name="comments"),
    path("comments/<int:pk>/", comments.comment, name="comment"),
    path("calls/<int:pk>/runs/", runs.run_again, name="run_again"),
    path("calls/<int:pk>/runs/<int:one>/<int:other>/", runs.compare_runs, name="compare_runs"),
    path("calls/<int:pk>/dispute/", runs.dispute, name="dispute"),
    path("calls/rerun/", runs.rerun_calls, name="rerun"),
    path("runs/<int:pk>/current/", runs.run_current, name="run_current"),
    path("runs/<int:pk>/retry/", runs.run_retry, name="run_retry"),
    path("agents/", dashboards.agents, name="agents"),
    path("agents/<int:pk>/", dashboards.agent, name="agent"),
    path("export/<str:kind>.csv", calls.export, name="export"),
    path("preferences/columns/", preferences.columns, name="calls_columns"),
    path("preferences/layers/", preferences.layers, name="layers"),
    path("charts.js", site.vega, name="vega"),
    path("healthz", site.healthz, name="healthz"),
]
