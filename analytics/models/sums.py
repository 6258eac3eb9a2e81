"""What is added up of the calls, for dashboards: made by `rollups`, from CallMetrics alone."""

from django.db import models

from transcription.models import Agent, Team, User


class AgentDay(models.Model):
    """One thing that is added up (queries.summed) over an agent's calls of one day: `n` calls that have it, the sum of
    their values and of the squares of these.

    All of them add up, so means and their intervals over any days, agents or teams are exact. Calls of no agent are
    kept by who uploaded them, as the rule of access goes.
    """

    agent = models.ForeignKey(Agent, models.CASCADE, related_name="days", null=True, blank=True, db_index=False)
    uploader = models.ForeignKey(  # without a constraint: nothing is to be done when the user goes
        User, models.DO_NOTHING, related_name="+", null=True, blank=True, db_index=False, db_constraint=False
    )
    team = models.ForeignKey(Team, models.SET_NULL, related_name="days", null=True, blank=True, db_index=False)
    day = models.DateField()
    metric = models.CharField(max_length=60)
    n = models.PositiveIntegerField()
    total = models.FloatField()
    squares = models.FloatField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agent", "day", "metric", "team", "uploader"], name="agent_day_once", nulls_distinct=False
            )
        ]
        indexes = [
            models.Index(
                fields=["metric", "day"],
                name="agent_day_metric",
                include=["agent", "team", "uploader", "n", "total", "squares"],
            )
        ]

    def __str__(self) -> str:
        return f"{self.metric} of {self.agent} on {self.day}"


class StaleDay(models.Model):
    """A day of an agent (or of nobody) whose calls have changed since its sums were made.

    Written by the database whenever a row of CallMetrics comes, goes or changes, whoever does it; any number of rows
    for one day, so that writers never wait for each other. Taken away by rollups.recompute.
    """

    agent = models.ForeignKey(
        Agent, models.DO_NOTHING, related_name="+", null=True, db_index=False, db_constraint=False
    )
    day = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["agent", "day"], name="stale_day")]

    def __str__(self) -> str:
        return f"{self.agent} on {self.day}"
