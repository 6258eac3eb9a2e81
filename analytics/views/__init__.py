"""Pages and CSV of what was measured. Each view: who asks, for what, one read, one template."""
