"""From audio to a transcript with speakers: plain Python, no Django, no database, no settings."""
