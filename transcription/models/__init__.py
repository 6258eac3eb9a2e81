"""People, recordings, and what was said in them."""

from .audit import Action, AuditEntry
from .calls import Batch, Recording, Run, Source, Turn, Vocabulary, stored_name
from .corrections import Correction
from .drafts import Draft, DraftFile
from .people import Agent, Team, User
from .voices import VoiceSample

__all__ = [
    "Action",
    "Agent",
    "AuditEntry",
    "Batch",
    "Correction",
    "Draft",
    "DraftFile",
    "Recording",
    "Run",
    "Source",
    "Team",
    "Turn",
    "User",
    "Vocabulary",
    "VoiceSample",
    "stored_name",
]
