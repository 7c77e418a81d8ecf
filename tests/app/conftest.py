"""Properties are tried on the same examples at each run, in the time that a busy machine takes."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

settings.register_profile(
    "aplus", deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("aplus")
