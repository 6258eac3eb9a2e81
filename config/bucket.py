"""Sounds in a bucket of S3, or of anything that speaks its language, for sites on many machines.

PyAV, range requests and reverse proxies want files, so `path` brings a copy here; a machine forgets a copy that it has
not used for KEPT_SECONDS. What is made of a recording to be played is such a copy from the start, not in the bucket.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.utils._os import safe_join
from storages.backends.s3 import S3Storage
from storages.utils import clean_name

COPIES = "copies"
"""The folder of MEDIA_ROOT for them."""
KEPT_SECONDS = 3600
_PATIENCE = Config(connect_timeout=5, read_timeout=60, retries={"max_attempts": 3, "mode": "standard"})


class Bucket(S3Storage):  # type: ignore[misc]  # untyped
    """S3Storage with paths, whose failures are OSErrors as those of a disk are. What it holds never changes."""

    def get_default_settings(self) -> dict[str, Any]:
        return {**super().get_default_settings(), "file_overwrite": False, "client_config": _PATIENCE}

    def path(self, name: str) -> str:
        """Of a file on this machine with what the bucket holds; there is none if the bucket has no such object."""
        _forget_unused()
        copy = _copy(name)
        if copy.exists():
            copy.touch()
        else:
            copy.parent.mkdir(parents=True, exist_ok=True)
            self._fetch(name, copy)
        return str(copy)

    def delete(self, name: str) -> None:
        _copy(name).unlink(missing_ok=True)
        with _os_errors():
            super().delete(name)

    def exists(self, name: str) -> bool:
        with _os_errors():
            return bool(super().exists(name))

    def size(self, name: str) -> int:
        with _os_errors():
            return int(super().size(name))

    def _open(self, name: str, mode: str = "rb") -> Any:
        with _os_errors():
            return super()._open(name, mode)

    def _save(self, name: str, content: Any) -> str:
        with _os_errors():
            return str(super()._save(name, content))

    def _fetch(self, name: str, copy: Path) -> None:
        """All or nothing."""
        with NamedTemporaryFile(dir=copy.parent, suffix=".part", delete=False) as part:
            try:
                with _os_errors():
                    self.bucket.Object(self._normalize_name(clean_name(name))).download_fileobj(part)
                part.flush()
                Path(part.name).replace(copy)
            except FileNotFoundError:
                pass
            finally:
                Path(part.name).unlink(missing_ok=True)


def _copy(name: str) -> Path:
    """Raises SuspiciousFileOperation if the name leads elsewhere."""
    return Path(safe_join(Path(settings.MEDIA_ROOT, COPIES), clean_name(name)))


def _forget_unused() -> None:
    """A file that is being read goes when it is closed."""
    long_ago = time.time() - KEPT_SECONDS
    for copy in Path(settings.MEDIA_ROOT, COPIES).rglob("*.*"):
        with suppress(FileNotFoundError):  # others forget, too
            if copy.stat().st_mtime < long_ago:
                copy.unlink()


@contextmanager
def _os_errors() -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
            raise FileNotFoundError(f"not in the bucket: {error}") from error
        raise OSError(f"the bucket refused: {error}") from error
    except (BotoCoreError, Boto3Error) as error:
        raise OSError(f"the bucket cannot be reached: {error}") from error
