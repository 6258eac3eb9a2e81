"""What nobody should send, and somebody will: broken files, strange names, impossible values."""
