"""The only place that reads the environment. A value of the wrong type stops the start with the variable's name."""

import os
import secrets
from pathlib import Path

from environs import Env

BASE_DIR = Path(__file__).resolve().parent.parent

env = Env()
env.read_env(str(BASE_DIR / ".env"), recurse=False)


def secret_key(var_dir: Path) -> str:
    """SECRET_KEY of the environment, or one made for this installation and kept in var/, for its owner only."""
    if key := env.str("SECRET_KEY", ""):
        return key
    path = var_dir / "secret_key"
    if not path.exists():
        var_dir.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text()


def given() -> dict[str, str]:
    """The variables that were set, here or in .env, of those that were read until now; the others have defaults."""
    return {name: os.environ[name] for name in env.dump() if name in os.environ}
