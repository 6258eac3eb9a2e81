from hypothesis import settings

# The same examples each time, on however slow a machine. `pytest --hypothesis-profile default` looks for new ones.
settings.register_profile("verbatim", deadline=None, derandomize=True, database=None)
settings.load_profile("verbatim")
