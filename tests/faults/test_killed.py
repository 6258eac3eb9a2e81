"""Workers that die by SIGKILL. Nothing is lost and nothing is done twice."""

from collections.abc import Callable
from pathlib import Path

from tests.faults.site import Site, kill, wait_for
from tests.faults.stages import STAGES


def test_a_worker_is_killed_in_each_stage(site: Site, wav: Callable[..., Path]) -> None:
    calls = [wav(f"Dana Reyes_2026-11-02_09-{number:02}.wav", seed=number) for number in range(len(STAGES))]
    site.manage("ingest", *calls)
    for stage in STAGES:
        kill(site.victim(stage, "speech", "text") if stage == "asking" else site.victim(stage, "speech"))
    site.worker()
    wait_for(lambda: all_done(site, len(calls)))
    site.defer("analytics.tasks.repair_measurements")
    wait_for(lambda: measured(site) == len(calls))

    assert site.ask("SELECT recording_id, count(*) FROM transcription_turn GROUP BY 1 HAVING count(*) <> 2") == []
    assert site.ask("SELECT count(*) FROM transcription_run WHERE error = ''") == [(len(calls),)]
    assert site.ask("SELECT count(*) FROM analytics_filleruse") == [(len(calls),)]
    passed = site.stages()
    assert passed["recognizing"] == len(calls) + 1, "again only where the words had no times yet"
    assert passed["diarizing"] == len(calls), "never again once it was kept"
    assert passed["scoring"] == len(calls) + 1, "again only where nothing was saved"
    assert passed["saving"] == len(calls)


def all_done(site: Site, calls: int) -> bool:
    """Until they are, the worker looks again for jobs whose worker is silent: one is missed after 30 s."""
    if site.states() == {"done": calls}:
        return True
    site.defer("transcription.tasks.retry_stalled_jobs")
    return False


def measured(site: Site) -> int:
    return int(site.ask("SELECT count(*) FROM analytics_callmetrics")[0][0])
