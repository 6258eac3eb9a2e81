"""People, recordings, and what was said in them."""

from .calls import Batch, Recording, Run, Source, Turn, Vocabulary, stored_name
from .people import Agent, Team, User

__all__ = ["Agent", "Batch", "Recording", "Run", "Source", "Team", "Turn", "User", "Vocabulary", "stored_name"]
