"""The model store, on tiny wheels made here."""

from __future__ import annotations

import hashlib
import json
from io import BytesIO, StringIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.core.management import CommandError, call_command

from transcription import checks
from transcription.management.commands.fetch_models import Command
from transcription.speech import store
from transcription.speech.store import StoreError, WheelFile

ONE, TWO, INNER = b"first half,", b" second half", b"a table of words"


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@pytest.fixture
def wheels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two wheels: `big` is joined from both, `zipped` lies in a zip inside the second."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    inner = BytesIO()
    with ZipFile(inner, "w") as archive:
        archive.writestr("sub/words.txt", INNER)
    with ZipFile(folder / "a_one-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("a_one/part1", ONE)
    with ZipFile(folder / "a_two-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("a_two/part2", TWO)
        wheel.writestr("a_two/model.zip", inner.getvalue())
    table = {
        "big": {"model.bin": WheelFile(digest(ONE + TWO), (("a-one", "a_one/part1"), ("a-two", "a_two/part2")))},
        "zipped": {"sub/words.txt": WheelFile(digest(INNER), (("a-two", "a_two/model.zip!sub/words.txt"),))},
    }
    monkeypatch.setattr(store, "MODELS", table)
    return folder


@pytest.fixture
def root(tmp_path: Path, settings) -> Path:  # type: ignore[no-untyped-def]
    settings.MODELS_DIR = tmp_path / "models"
    return settings.MODELS_DIR


def test_wheels_become_models(wheels: Path, root: Path) -> None:
    assert store.missing(root) == ["big", "zipped"]
    store.install_pinned(root, wheels, ["big", "zipped"])
    assert (root / "big/model.bin").read_bytes() == b"first half, second half"
    assert (root / "zipped/sub/words.txt").read_bytes() == INNER
    assert store.missing(root) == []
    assert [(s.name, s.size, s.problem) for s in store.verify(root)] == [("big", 23, None), ("zipped", 16, None)]
    assert sorted(path.name for path in root.iterdir()) == ["big", "zipped"]


def test_a_wrong_hash_is_refused_and_changes_nothing(wheels: Path, root: Path) -> None:
    (root / "big").mkdir(parents=True)
    (root / "big/model.bin").write_text("what was there")
    with ZipFile(wheels / "a_one-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("a_one/part1", b"forged")
    with pytest.raises(StoreError, match=r"big/model.bin has SHA-256 .* refused"):
        store.install_pinned(root, wheels, ["big"])
    assert (root / "big/model.bin").read_text() == "what was there"
    assert [path.name for path in root.iterdir()] == ["big"]


def test_verify_names_changed_and_missing_files(wheels: Path, root: Path) -> None:
    store.install_pinned(root, wheels, ["big"])
    (root / "big/model.bin").write_text("changed")
    assert [s.problem for s in store.verify(root)] == ["changed: model.bin", "missing: sub/words.txt"]


def test_absent_wheel_and_absent_member(wheels: Path, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(store.MODELS, "big", {"model.bin": WheelFile("0" * 64, (("a-one", "a_one/part9"),))})  # type: ignore[arg-type]
    with pytest.raises(StoreError, match="holds no a_one/part9"):
        store.install_pinned(root, wheels, ["big"])
    (wheels / "a_two-1.0-py3-none-any.whl").unlink()
    with pytest.raises(StoreError, match=r"No wheel a_two-\*\.whl"):
        store.install_pinned(root, wheels, ["zipped"])


def test_own_model_is_recorded_and_later_verified(wheels: Path, root: Path, tmp_path: Path) -> None:
    own = tmp_path / "my-whisper"
    (own / ".git").mkdir(parents=True)
    (own / ".git/config").write_text("not part of it")
    (own / "model.bin").write_bytes(b"weights")
    store.install_folder(root, "my-whisper", own, "folder: here")
    assert json.loads((root / "my-whisper/manifest.json").read_text())["files"] == {"model.bin": digest(b"weights")}
    assert store.verify(root)[-1] == store.Status("my-whisper", "folder: here", 7, None)
    (root / "my-whisper/model.bin").write_bytes(b"tampered")
    assert store.verify(root)[-1].problem == "changed: model.bin"


@pytest.mark.parametrize("name", ["big", "..", "a/b", ""])
def test_names_an_own_model_cannot_have(name: str, wheels: Path, root: Path, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be the name"):
        store.install_folder(root, name, tmp_path, "folder")


def test_command_fetches_once(wheels: Path, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    downloads = []

    def download(requirements: Path, folder: Path) -> None:
        downloads.append(requirements.name)
        folder.mkdir()
        for wheel in wheels.iterdir():
            (folder / wheel.name).write_bytes(wheel.read_bytes())

    monkeypatch.setattr(store, "download_pinned", download)
    out = StringIO()
    call_command(Command(), stdout=out)
    call_command(Command(), stdout=out)
    assert downloads == ["requirements-models.txt"]
    assert out.getvalue().count("SHA-256 verified") == 4
    assert sorted(path.name for path in root.iterdir()) == ["big", "zipped"]


def test_command_takes_folders_and_says_what_is_broken(wheels: Path, root: Path, tmp_path: Path) -> None:
    call_command(Command(), source=str(wheels), stdout=StringIO())
    assert store.missing(root) == []
    own = tmp_path / "own"
    own.mkdir()
    (own / "model.bin").write_bytes(b"weights")
    out = StringIO()
    call_command(Command(), source=str(own), stdout=out)
    assert f"folder: {own}" in out.getvalue()
    (root / "own/model.bin").unlink()
    with pytest.raises(CommandError, match="Not as recorded: own"):
        call_command(Command(), stdout=StringIO())
    with pytest.raises(CommandError, match="is not a folder"):
        call_command(Command(), source=str(tmp_path / "nowhere"), stdout=StringIO())


def test_hub_prefers_safetensors(wheels: Path, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import huggingface_hub

    asked = {}

    def snapshot(repository: str, local_dir: Path, ignore_patterns: list[str] | None) -> None:
        asked.update(repository=repository, ignore=ignore_patterns)
        Path(local_dir).mkdir()
        (Path(local_dir) / "model.safetensors").write_bytes(b"safe")

    listing = ["model.safetensors", "pytorch_model.bin"]
    monkeypatch.setattr(huggingface_hub.HfApi, "list_repo_files", lambda _self, _repository: listing)
    monkeypatch.setattr(huggingface_hub, "snapshot_download", snapshot)
    assert store.install_hub(root, "someone/kind-words") == "kind-words"
    assert asked["repository"] == "someone/kind-words"
    assert "*.bin" in asked["ignore"]
    assert store.verify(root)[-1].origin == "hub: someone/kind-words"
    listing.remove("model.safetensors")
    store.install_hub(root, "someone/only-pickled")
    assert asked["ignore"] is None


def test_command_refuses_the_hub_offline(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(CommandError, match="HF_HUB_OFFLINE"):
        call_command(Command(), source="hub", name="a/b", stdout=StringIO())


def test_check_names_missing_models(wheels: Path, root: Path) -> None:
    (found,) = checks.models_are_present(app_configs=None)
    assert found.id == "transcription.W001"
    assert "big, zipped" in found.msg
    assert "fetch_models" in str(found.hint)
    store.install_pinned(root, wheels, ["big", "zipped"])
    assert checks.models_are_present(app_configs=None) == []


def test_every_default_wheel_is_pinned_by_hash() -> None:
    text = (Path(store.__file__).parents[2] / "requirements-models.txt").read_text()
    distributions = {dist for files in store.MODELS.values() for file in files.values() for dist, _ in file.members}
    assert all(f"{distribution}==" in text for distribution in distributions)
    assert "http" not in text
    assert text.count("--hash=sha256:") >= len(distributions)
