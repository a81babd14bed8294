"""A number as people type it."""

from __future__ import annotations

import math

from rnnviz.session.errors import EditError


def parse_number(text: str, purpose: str = "a weight can have") -> float:
    """Read a finite number; a decimal comma and a true minus sign are understood. Raises EditError."""
    cleaned = text.strip().replace("−", "-")
    if "." not in cleaned:
        cleaned = cleaned.replace(",", ".", 1)
    try:
        value = float(cleaned)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise EditError(f"“{text.strip()}” is not a number {purpose}; type one such as 0.5 or -1e-3.")
    return value
