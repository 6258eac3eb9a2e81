import socket
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.faults.browser import Visitor
from tests.faults.site import Site


@pytest.fixture
def site() -> Iterator[Site]:
    """Not in pytest's own folder, which the server's user may not enter."""
    with TemporaryDirectory(prefix="verbatim-faults-") as folder:
        made = Site(Path(folder) / "site")
        yield made
        made.end()


@pytest.fixture
def visitor(site: Site) -> Visitor:
    """Somebody at a port that nobody serves yet."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return Visitor(site, free.getsockname()[1])
