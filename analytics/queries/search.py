"""Search in what was said."""

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Q, QuerySet

from transcription.models import Turn

CONFIG = "english"


def turns_saying(q: str, by: str = "") -> QuerySet[Turn]:
    """Turns with the words of `q` in any form ("refunds" finds "refund"), or with its text as it is ("how are you",
    which full text ignores as too common). `by`: agent, customer or empty for anybody."""
    words = SearchQuery(q, search_type="websearch", config=CONFIG)
    turns = Turn.objects.annotate(said=SearchVector("text", config=CONFIG)).filter(Q(said=words) | Q(text__icontains=q))
    return turns.filter(role=by) if by else turns
