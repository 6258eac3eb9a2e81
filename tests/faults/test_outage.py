"""The database goes away under a worker at work, for longer than a heartbeat may be missing."""

import time
from collections.abc import Callable
from pathlib import Path

from tests.faults.site import Site, wait_for

AWAY = 40
"""Seconds: a worker is missed after 30."""


def test_postgres_stops_while_calls_are_processed(site: Site, wav: Callable[..., Path]) -> None:
    calls = [wav(f"call-{number}.wav", seed=number) for number in range(4)]
    site.manage("ingest", *calls)
    worker = site.worker(hold="diarizing", seconds=AWAY / 2)
    wait_for(lambda: site.stages("held")["diarizing"])
    site.stop_postgres()
    time.sleep(AWAY)
    site.start_postgres()
    wait_for(lambda: site.states() == {"done": len(calls)})
    assert site.ask("SELECT count(*) FROM transcription_run WHERE error = ''") == [(len(calls),)]
    assert site.ask("SELECT recording_id, count(*) FROM transcription_turn GROUP BY 1 HAVING count(*) <> 2") == []
    assert site.stages()["recognizing"] == len(calls), "what was heard before is kept"
    assert worker.poll() is None
