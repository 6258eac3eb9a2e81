"""Search in what was said."""

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Q, QuerySet

from transcription.models import Recording, Turn

_CONFIG = "english"


def turns_saying(q: str, by: str = "") -> QuerySet[Turn]:
    """Turns with the words of `q` in any form ("refunds" finds "refund"), or with its text as it is ("how are you",
    which full text ignores as too common). `by`: agent, customer or empty for anybody."""
    words = SearchQuery(q, search_type="websearch", config=_CONFIG)
    turns = Turn.objects.annotate(said=SearchVector("text", config=_CONFIG)).filter(
        Q(said=words) | Q(text__icontains=q)
    )
    return turns.filter(role=by) if by else turns


def search_hits(recording: Recording, q: str, by: str = "") -> list[int]:
    """The indexes of the turns that contain the words `q` (read as CallFilters.q)."""
    return list(turns_saying(q, by).filter(recording=recording).order_by("index").values_list("index", flat=True))
