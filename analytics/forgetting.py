"""What was derived from the words of a call, removed with them. Numbers stay."""

from . import rollups
from .models import CallMetrics, CoachingMoment, Comment, FillerUse, Question, ReviewAnswer
from .models.reviews import Review
from .queries.filler_lists import FINAL_LIST


def forget(recording_id: int, *, erased: bool) -> None:
    """Questions with their answers, and the words around fillers; `erased`: also what people wrote about the call."""
    Question.objects.filter(recording=recording_id).delete()
    FillerUse.objects.filter(recording=recording_id).update(context="")
    CallMetrics.objects.filter(recording=recording_id).update(filler_list=FINAL_LIST)
    measured = CallMetrics.objects.filter(recording=recording_id).values_list("agent_id", "day")
    rollups.recompute((agent, day) for agent, day in measured if day)
    if erased:
        Comment.objects.filter(recording=recording_id).delete()
        CoachingMoment.objects.filter(recording=recording_id).delete()
        Review.objects.filter(recording=recording_id).update(comment="")
        ReviewAnswer.objects.filter(review__recording=recording_id).update(text="")
