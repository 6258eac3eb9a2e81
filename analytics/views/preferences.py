"""What a user chose about pages, kept in the account."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from analytics import strip
from transcription.views.access import user_of


@require_POST
def layers(request: HttpRequest) -> HttpResponse:
    """The layers of the strip that are on; what is no layer is ignored."""
    shown = request.POST.getlist("layer")
    user_of(request).prefer(hidden_layers=[layer for layer in strip.LAYERS if layer not in shown])
    return HttpResponse(status=204)
