"""`python3 docker/rehearse.py FOLDER`: build and start what the containers would be, without Docker, and use it.

The same scripts, the same files, the same nginx.conf; only addresses and folders differ. Needs Python 3.11, the package
index, openssl, nginx and 10 GB of disk. The models are those of VERBATIM_MODELS_DIR.
"""

import argparse
import http.cookiejar
import json
import os
import re
import secrets
import shutil
import ssl
import subprocess
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from urllib.error import URLError

ROOT = Path(__file__).resolve().parent.parent
CALL = "transcription/demo/calls/bluewater_roaming.ogg"
WEB, PLAIN, TLS = 8790, 8791, 8792
PASSWORD, TOKEN = secrets.token_urlsafe(12), secrets.token_urlsafe(12)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="a new one, or of an earlier rehearsal, whose packages serve again")
    folder = parser.parse_args().folder.resolve()
    for name in ("app", "backup", "certificates", "elsewhere", "static", "var"):
        shutil.rmtree(folder / name, ignore_errors=True)
    folder.mkdir(exist_ok=True)
    web, worker = build(folder)
    with ExitStack() as running:
        with step("web, worker and proxy answer"):
            running.enter_context(started([folder / "app/docker/run", "web"], folder / "app", web))
            running.enter_context(started([folder / "app/docker/run", "worker"], folder / "app", worker))
            running.enter_context(proxy(folder))
            wait_for(lambda: ask(f"http://localhost:{WEB}/readyz"))
            print(json.loads(ask(f"https://localhost:{TLS}/readyz")[1]))
            container(folder, worker, "ready")
        with step("one call is analysed"):
            container(folder, web, "ingest", str(ROOT / CALL), "--wait")
        with step("pages, sound and gauges through the proxy"):
            use_it()
        with step("a backup while all of it runs, restored elsewhere"):
            elsewhere = web | {"VERBATIM_VAR_DIR": str(folder / "elsewhere")}
            container(folder, web, "backup", str(folder / "backup"))
            container(folder, elsewhere, "restore", str(folder / "backup"))
            for number, env in enumerate((web, elsewhere)):
                container(folder, env, "export", "turns", "--output", str(folder / f"turns-{number}.csv"))
            assert (folder / "turns-0.csv").read_bytes() == (folder / "turns-1.csv").read_bytes()
    print("All of it works.")


def build(folder: Path) -> tuple[dict[str, str], dict[str, str]]:
    """What the Dockerfile does; returns the environments of web and worker."""
    packages = {"web": folder / "web-packages", "worker": folder / "worker-packages"}
    if not packages["web"].exists():
        with step("packages of web"):
            install("requirements-web.txt", packages["web"])
    if not packages["worker"].exists():
        with step("packages of worker, for CPU"):
            install("requirements.txt", packages["worker"])
            run([ROOT / "docker/without-cuda", packages["worker"]])
            print(size_of(packages["worker"]), "without what a GPU needs")
    run([packages["web"] / "bin/python", "-c", "import importlib.util as u; assert not u.find_spec('torch')"])
    with step("sources, static files, migrations"):
        copy_sources(folder / "app")
        web, worker = (environment(folder, packages[name]) for name in ("web", "worker"))
        container(folder, web, "static")
        container(folder, web, "migrate", "--verbosity", "0")
        container(folder, web, "createsuperuser", "--noinput", "--username", "rehearsal", "--email", "")
    return web, worker


def install(requirements: str, packages: Path) -> None:
    run([ROOT / "docker/install", requirements, packages], cwd=ROOT)
    print(size_of(packages))


def size_of(folder: Path) -> str:
    files = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return f"{sum(path.stat().st_size for path in files) / 1e9:.2f} GB"


def copy_sources(app: Path) -> None:
    """Nothing but what the stage `sources` copies, so that a file forgotten there is missing here, too."""
    stage = re.search(r"AS sources\n(.*?)\n\n", (ROOT / "docker/Dockerfile").read_text(), re.DOTALL)
    for line in re.findall(r"^COPY (.*)$", stage[1] if stage else "", re.MULTILINE):
        *sources, target = line.split()
        for source in sources:
            destination = app / source if target == "./" else app / target
            destination.parent.mkdir(parents=True, exist_ok=True)
            copy = shutil.copytree if (ROOT / source).is_dir() else shutil.copy2
            copy(ROOT / source, destination)


def environment(folder: Path, packages: Path) -> dict[str, str]:
    """As compose.yaml and the Dockerfile set it; without DATABASE_URL the embedded PostgreSQL takes the database's
    part."""
    return {
        "PATH": f"{packages / 'bin'}:{os.environ['PATH']}",
        "HOME": str(folder),
        "LOG_FORMAT": "json",
        "VERBATIM_VAR_DIR": str(folder / "var"),
        "VERBATIM_STATIC_DIR": str(folder / "static"),
        "VERBATIM_MODELS_DIR": os.environ.get("VERBATIM_MODELS_DIR", str(ROOT / "var/models")),
        "VERBATIM_AUDIO_HEADER": "X-Accel-Redirect",
        "ALLOWED_HOSTS": "localhost",
        "CSRF_TRUSTED_ORIGINS": f"https://localhost:{TLS}",
        "HTTPS": "true",
        "BEHIND_PROXY": "true",
        "METRICS_TOKEN": TOKEN,
        "WEB_ADDRESS": f"127.0.0.1:{WEB}",
        "DJANGO_SUPERUSER_PASSWORD": PASSWORD,
    } | {name: os.environ[name] for name in ("DATABASE_URL", "OMP_NUM_THREADS") if name in os.environ}


def container(folder: Path, env: dict[str, str], *arguments: str) -> None:
    run([folder / "app/docker/run", *arguments], cwd=folder / "app", env=env)


def proxy(folder: Path) -> AbstractContextManager[None]:
    """nginx with our configuration and a certificate made for the occasion."""
    certificates = folder / "certificates"
    certificates.mkdir()
    keys = ["-keyout", "privkey.pem", "-out", "fullchain.pem"]
    run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost", *keys],
        cwd=certificates,
        capture_output=True,
    )
    text = (ROOT / "docker/nginx.conf").read_text()
    for ours, here in (
        (" /tmp/", f" {folder}/nginx-"),
        ("web:8000", f"127.0.0.1:{WEB}"),
        ("listen 8080", f"listen 127.0.0.1:{PLAIN}"),
        ("listen 8443", f"listen 127.0.0.1:{TLS}"),
        ("/certificates", str(certificates)),
        ("/var/lib/verbatim", str(folder / "var")),
    ):
        text = text.replace(ours, here)
    (folder / "nginx.conf").write_text(f"user {os.environ.get('USER', 'root')};\n{text}")
    return started(["nginx", "-c", folder / "nginx.conf", "-g", "daemon off;"], folder, dict(os.environ))


def use_it() -> None:
    """Log in, open the call, hear a part of it, read the gauges."""
    site = f"https://localhost:{TLS}"
    cookies = http.cookiejar.CookieJar()
    browser = urllib.request.build_opener(
        urllib.request.HTTPCookieProcessor(cookies), urllib.request.HTTPSHandler(context=unverified())
    )
    login = browser.open(f"{site}/login/").read().decode()
    form = {"username": "rehearsal", "password": PASSWORD, "csrfmiddlewaretoken": token_in(login)}
    sent = urllib.request.Request(
        f"{site}/login/", urllib.parse.urlencode(form).encode(), {"Referer": f"{site}/login/"}
    )
    assert "Overview" in browser.open(sent).read().decode()
    assert "bluewater_roaming" in browser.open(f"{site}/calls/1/").read().decode()
    part = browser.open(urllib.request.Request(f"{site}/recordings/1/audio", headers={"Range": "bytes=100-199"}))
    assert (part.status, part.headers["Content-Type"], len(part.read())) == (206, "audio/ogg", 100)
    assert part.headers["ETag"], "which nginx gives to what it sends itself"
    assert status(f"{site}/recordings/1/audio") == 302, "nobody hears it without logging in"
    assert status(f"{site}/protected/recordings/") == 404, "nor past the view"
    assert (status(f"{site}/metrics"), status(f"http://localhost:{WEB}/metrics")) == (404, 403)
    gauges = ask(f"http://localhost:{WEB}/metrics", {"Authorization": f"Bearer {TOKEN}"})[1].decode()
    print("\n".join(line for line in gauges.splitlines() if re.match(r"verbatim_(workers|stage|recordings{)", line)))
    assert 'verbatim_recordings{status="done"} 1.0' in gauges


def token_in(page: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert found
    return found[1]


def unverified() -> ssl.SSLContext:
    return ssl._create_unverified_context()  # noqa: S323, SLF001  we have just made the certificate ourselves


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


def ask(address: str, headers: dict[str, str] | None = None) -> tuple[int, bytes]:
    opener = urllib.request.build_opener(_Stay, urllib.request.HTTPSHandler(context=unverified()))
    with opener.open(urllib.request.Request(address, headers=headers or {}), timeout=20) as answer:
        return answer.status, answer.read()


def status(address: str) -> int:
    try:
        return ask(address)[0]
    except urllib.error.HTTPError as error:
        return error.code


def wait_for(condition: Callable[[], object], seconds: float = 120) -> None:
    until = time.monotonic() + seconds
    while True:
        try:
            condition()
        except (URLError, OSError):
            if time.monotonic() > until:
                raise
            time.sleep(1)
        else:
            return


@contextmanager
def started(command: list[object], folder: Path, env: dict[str, str]) -> Iterator[None]:
    """A process that is to end well when it is asked to."""
    process = subprocess.Popen([str(part) for part in command], cwd=folder, env=env)
    try:
        yield
        assert process.poll() is None, f"{command[0]} ended by itself"
    finally:
        process.terminate()
        code = process.wait(120)
        print(f"{command[0]} {command[1]} ended with {code}")
    assert code == 0


@contextmanager
def step(what: str) -> Iterator[None]:
    print(f"\n== {what}", flush=True)
    began = time.monotonic()
    yield
    print(f"== {what}: {time.monotonic() - began:.0f} s", flush=True)


def run(command: list[object], **how: object) -> None:
    subprocess.run([str(part) for part in command], check=True, **how)  # type: ignore[call-overload]


if __name__ == "__main__":
    main()
