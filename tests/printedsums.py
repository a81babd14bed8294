"""Read numbers and equations as they are printed, as one does who checks them with a calculator."""

from __future__ import annotations

import math
import re

SUPERSCRIPT = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
FUNCTIONS = {"__builtins__": {}, "tanh": math.tanh, "tanh_squared": lambda x: math.tanh(x) ** 2}
MATRIX = re.compile(r"\\begin\{bmatrix\}(.*?)\\end\{bmatrix\}")


def read(text: str) -> float:
    """The number that is printed: −0.54, 1.2·10⁻⁹, ∞."""
    mantissa, _, power = text.replace("−", "-").replace("∞", "inf").partition("·10")
    return float(f"{mantissa}e{power.translate(SUPERSCRIPT) or 0}")


def last_digit(text: str) -> float:
    """What one in the last printed digit is worth; that of a whole number counts as exact."""
    mantissa, _, power = text.partition("·10")
    decimals = len(mantissa.partition(".")[2])
    if not decimals and not power:
        return 1e-9
    return 10.0 ** (int(power.translate(SUPERSCRIPT) or 0) - decimals)


def rows_of(tex: str) -> list[str]:
    """An equation of vectors, in LaTeX, row by row: each a string without matrices."""
    entries = [[one.strip() for one in found.split(r"\\")] for found in MATRIX.findall(tex)]
    rows = []
    for n in range(len(entries[0])):
        numbers = iter(f"({column[n]})" for column in entries)
        rows.append(MATRIX.sub(lambda _, numbers=numbers: next(numbers), tex))
    return rows


def comes_out(row: str) -> bool:
    """Whether what stands behind the sign of equality rounds to what stands before it."""
    left, _, right = row.partition("=")
    wanted, text = evaluated(left), left.strip().strip("()").replace("{-}", "").replace(" ", "")
    mantissa, _, power = text.partition(r"\cdot10^{")
    decimals = len(mantissa.partition(".")[2])
    unit = 10.0 ** (int(power.strip("}") or 0) - decimals) if decimals else 1e-9
    return abs(evaluated(right) - wanted) <= 0.5000005 * unit


def evaluated(tex: str) -> float:
    """The value of a formula with numbers, as LaTeX writes it."""
    text = tex.replace("{-}", "-").replace(r"\left(", "(").replace(r"\right)", ")")
    text = re.sub(r"\\cdot 10\^\{([^}]*)\}", r"*10.0**(\1)", text)
    text = (
        text.replace(r"\tanh^{2}", "tanh_squared")
        .replace(r"\tanh", "tanh")
        .replace(r"\odot", "*")
        .replace(r"\cdot", "*")
        .replace("^{2}", "**2")
    )
    text = re.sub(r"(\d)\s+\(", r"\1*(", re.sub(r"\\text\{held\}", "held", text))
    return float(eval(text, FUNCTIONS))
