"""People, recordings, and what was said in them."""

from .audit import Action, AuditEntry
from .calls import Batch, Recording, Run, Source, Turn, Vocabulary, stored_name
from .corrections import Correction
from .drafts import Draft, DraftFile
from .keeping import Hold, Removal, RetentionRule, removed
from .people import Agent, Team, User
from .voices import VoiceSample
from .withheld import Withheld

__all__ = [
    "Action",
    "Agent",
    "AuditEntry",
    "Batch",
    "Correction",
    "Draft",
    "DraftFile",
    "Hold",
    "Recording",
    "Removal",
    "RetentionRule",
    "Run",
    "Source",
    "Team",
    "Turn",
    "User",
    "Vocabulary",
    "VoiceSample",
    "Withheld",
    "removed",
    "stored_name",
]
