"""Real processes that are really killed, cut off and starved: a site of its own, with its own server and workers."""
