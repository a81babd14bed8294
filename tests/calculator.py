"""A calculator for what is printed: numbers as read, and the equations that copied LaTeX says."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
POWER = re.compile(r"·10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)")
BLANKS = "\u2007 "

NUMBER = r"-?\d+(?:\.\d+)?(?:e-?\d+)?"
VECTOR = re.compile(r"\\begin\{bmatrix\}(.*?)\\end\{bmatrix\}")
FUNCTIONS: dict[str, Any] = {
    "tanh": np.tanh,
    "sigma": lambda a: 1 / (1 + np.exp(-a)),
    "relu": lambda a: np.maximum(a, 0.0),
    "exp": np.exp,
    "ln": np.log,
    "log": np.log,
    "inf": np.inf,
    "nan": np.nan,
}
NAMES = {r"\tanh": "tanh", r"\sigma": "sigma", r"\operatorname{ReLU}": "relu", r"\exp": "exp", r"\ln": "ln"}


def plainly(text: str) -> str:
    """Write a printed number, or arithmetic, as Python does."""
    text = POWER.sub(lambda found: f"e{found[1].translate(RAISED)}", text.strip(BLANKS))
    return text.replace("−", "-").replace("∞", "inf").replace("NaN", "nan").replace("·", "*")


def number(text: str) -> float:
    return float(plainly(text))


def digit(text: str) -> float:
    """What one in the last printed digit of a number is worth."""
    mantissa, _, power = plainly(text).partition("e")
    if "inf" in mantissa or "nan" in mantissa:
        return 0.0
    return float(f"1e{int(power or 0) - len(mantissa.partition('.')[2])}")


def agrees(printed: str, value: float) -> bool:
    """Whether a value rounds to what is printed."""
    shown = number(printed)
    if not np.isfinite(value) or not np.isfinite(shown):
        return bool(shown == value or (np.isnan(shown) and np.isnan(value)))
    return bool(abs(value - shown) <= digit(printed) * (0.5 + 1e-5))


def evaluated(arithmetic: str) -> float:
    """The value of plain arithmetic such as 0.31·(−0.76) + tanh(0.2)."""
    source = plainly(arithmetic.replace("σ(", "sigma(").replace("ReLU(", "relu("))
    source = re.sub(r"\bln ([\d.e-]+)", r"ln(\1)", source).replace("²", "**2")
    with np.errstate(all="ignore"):
        return float(eval(source, {"__builtins__": {}}, FUNCTIONS))


def sides(latex: str) -> list[tuple[str, list[str]]]:
    """The sides of an equation between vectors, each with the rows of its last vector as printed."""
    found = []
    for side in re.split(r"=|\\approx", latex):
        rows = [entry.strip() for entry in VECTOR.findall(side)[-1].split(r"\\")]
        found.append((side, rows))
    return found


def vector_value(side: str) -> np.ndarray[Any, Any]:
    """The value of one side of an equation between vectors, NaN where rows are left out."""
    source = VECTOR.sub(lambda found: f" V({_entries(found[1])}) ", side)
    source = source.replace(r"\left(", "(").replace(r"\right)", ")").replace(r"\odot", "*")
    for name, function in NAMES.items():
        source = source.replace(name, f" {function} ")
    source = re.sub(r"\b(tanh|sigma|relu)\s+V(\([^)]*\))", r"\1(V\2)", source)
    source = re.sub(r"\b(tanh|sigma|relu)\s+\(", r"\1(", source)
    values = FUNCTIONS | {"V": lambda *entries: np.array(entries, float)}
    with np.errstate(all="ignore"):
        found: np.ndarray[Any, Any] = eval(source.strip(), {"__builtins__": {}}, values)
    return found


def _entries(text: str) -> str:
    return ", ".join(latex_number(entry) for entry in text.split(r"\\"))


def latex_number(text: str) -> str:
    """A number in LaTeX as Python writes it."""
    text = text.strip()
    if text in {r"\vdots", r"\cdot"}:
        return "nan"
    text = re.sub(r"\s*\\cdot\s*10\^\{(-?\d+)\}", r"e\1", text.replace("{-}", "-"))
    return text.replace(r"\infty", "inf").replace(r"\text{NaN}", "nan").replace(" ", "")
