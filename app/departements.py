"""The départements, for screens (which import no models but the vocabularies)."""

from __future__ import annotations

from models.departements import DEPARTEMENTS

__all__ = ["DEPARTEMENTS"]
