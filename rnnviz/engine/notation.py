"""The notations in which networks are written; what is stored keeps PyTorch's names."""

from __future__ import annotations

from typing import Literal, TypeAlias

Notation: TypeAlias = Literal["weights", "letters", "pytorch"]
"""W_X, W_H and W_Y of lectures; U, W and V of papers; the names of PyTorch's documentation."""
