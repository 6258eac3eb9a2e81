"""What this installation can do: its queue, its speed, and what more of it would cost."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from transcription import jobs, speed
from transcription.capacity_form import CapacityForm

from .access import for_managers


@for_managers
@require_safe
def capacity(request: HttpRequest) -> HttpResponse:
    pace, space, waiting = speed.measured(), speed.space(), speed.backlog()
    form = CapacityForm(request.GET, pace)
    shown = {"pace": pace, "waiting": waiting, "left": pace.seconds(waiting), "queues": jobs.queues(), "form": form}
    shown |= {
        "stages": [(stage, factor * 3600, factor) for stage, factor in speed.stages().items()],
        "megabytes": space.megabytes_an_hour,
    }
    if form.is_valid():
        held, price = form.kept(space)
        all_at_once = pace.seconds(3600 * form.asked.hours)
        shown |= {"asked": form.asked, "around": form.around, "given": form.assumptions}
        shown |= {"held": held, "price": price, "all_at_once": all_at_once}
    return render(request, "transcription/capacity.html", shown)
