"""The synthetic calls of the demo: scripts, the studio that records them, and the recordings it made.

Read `cast.toml` and `scripts/` for what is said; `manage.py make_samples` turns them into `calls/`.
"""
