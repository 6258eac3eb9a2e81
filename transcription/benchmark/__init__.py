"""How good and how quick transcripts are, on recordings whose truth is known."""
