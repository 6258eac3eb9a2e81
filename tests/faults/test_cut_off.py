"""The web process dies in the middle of a piece: the file goes on from there, and becomes one call."""

import hashlib
from collections.abc import Callable
from pathlib import Path

from tests.faults.browser import PIECE, Visitor, piece_headers
from tests.faults.site import Site, kill, wait_for


def test_an_upload_goes_on_after_its_web_process_was_killed(
    site: Site, visitor: Visitor, wav: Callable[..., Path]
) -> None:
    content = wav(seconds=30.0).read_bytes()
    web = site.web(visitor.port)
    wait_for(visitor.is_served)
    draft = visitor.json("POST", "/upload/")
    (file,) = visitor.json("POST", draft["files"], [{"name": "call.wav", "size": len(content), "modified": 1}])["files"]
    assert visitor.ask("PATCH", file["url"], content[:PIECE], **piece_headers(0)).status == 204

    unfinished = visitor.send_part(file["url"], PIECE, content[PIECE : 2 * PIECE], sent=PIECE // 2)
    kill(web)
    unfinished.close()
    site.web(visitor.port)
    wait_for(visitor.is_served)

    assert PIECE <= visitor.offset(file["url"]) <= PIECE + PIECE // 2, "whole pieces are never asked for again"
    visitor.send(file["url"], content)
    visitor.start(draft["page"])
    assert site.ask("SELECT sha256 FROM transcription_recording") == [(hashlib.sha256(content).hexdigest(),)]
    site.worker()
    wait_for(lambda: site.states() == {"done": 1})
