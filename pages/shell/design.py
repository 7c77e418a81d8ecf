"""Tokens and style sheets."""

from __future__ import annotations

PUBLIC_CSS_PATH = "/statique/public.css"
