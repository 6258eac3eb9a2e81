"""`gunicorn --config python:config.gunicorn config.wsgi`: the web server's own lines look like all others."""

from .settings import LOGGING

logconfig_dict = LOGGING
