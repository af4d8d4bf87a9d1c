"""How properties are tried: without a clock, which a busy machine would stop."""

from hypothesis import settings

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
