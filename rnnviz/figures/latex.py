r"""From the runs in which formulas are written, `⟦hidden|h_{t−1}⟧`, to LaTeX, `h_{t-1}`.

Besides what `textruns` says, a formula may hold ∂A/∂B or ⟦r|A⟧/⟦s|B⟧, which become fractions; Σ_{t=1}^{T};
superscripts such as ² or ⁽²⁾; an arrow behind a letter, which says a direction and is raised; brackets
behind a letter, which hold an index or a token.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple
from unicodedata import normalize

if TYPE_CHECKING:
    from collections.abc import Mapping

NAMES = """
α alpha β beta γ gamma δ delta ε epsilon η eta θ theta κ kappa λ lambda μ mu ν nu π pi ρ rho σ sigma τ tau
φ varphi χ chi ψ psi ω omega Γ Gamma Δ Delta Θ Theta Λ Lambda Ξ Xi Π prod Σ sum Φ Phi Ψ Psi Ω Omega
∂ partial ⊙ odot · cdot × times ≈ approx ≠ neq ≤ leq ≥ geq ≪ ll ≫ gg ∈ in ∞ infty … dots ⋮ vdots √ surd
→ rightarrow ← leftarrow ↔ leftrightarrow ⊤ top ∏ prod ∑ sum ℓ ell
"""
SYMBOLS = dict(zip(NAMES.split()[::2], NAMES.split()[1::2], strict=True))
PLAIN = {
    "−": "-",
    "\u2009": r"\,",
    "–": "-",
    "’": "'",
    "′": "'",
    "ℝ": r"\mathbb{R}",
    "½": r"\tfrac{1}{2}",
    "\\": r"\backslash",
}
MINUS = "−-"
SPECIAL = "#$%&_{}"
FUNCTIONS = frozenset({"tanh", "exp", "ln", "log", "max", "min"})
OPERATORS = frozenset({"softmax", "ReLU", "diag", "mean", "sign"})
ACCENTS = {"\u0302": "hat", "\u0303": "tilde", "\u0304": "bar", "\u0307": "dot"}
ARROWS = {"→": r"\rightarrow", "←": r"\leftarrow", "↔": r"\leftrightarrow"}
RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺⁽⁾ᵀⁿᵗᵏ", "0123456789-+()⊤ntk")
LOWERED = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
LOWERED_RUN = re.compile("[₀₁₂₃₄₅₆₇₈₉]+")
RAISED_RUN = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺⁽⁾ᵀⁿᵗᵏ]+")
PAIRS = {"(": (")", "(", ")"), "[": ("]", "[", "]"), "‖": ("‖", r"\lVert ", r"\rVert "), "|": ("|", "|", "|")}
TALL = ("frac", "sum", "prod")
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
WORD = re.compile(r"[A-Za-z]{2,}")


@lru_cache(maxsize=1024)
def latex(text: str) -> str:
    """Return a formula in LaTeX, without colours."""
    return _Reader(text, None).formula()


def coloured_latex(text: str, colours: Mapping[str, str]) -> str:
    """Return a formula in LaTeX, its parts in the colours, #rrggbb, of their roles."""
    return _Reader(text, colours).formula()


def quoted(text: str) -> str:
    r"""Return words or a token as LaTeX: \text{…}, what has a meaning of its own escaped."""
    named = {"\\": r"\backslash", "~": r"\sim", "^": r"\wedge", "{": r"\{", "}": r"\}"}
    if text in named:
        return named[text]
    parts = re.split(f"([{re.escape(SPECIAL)}])", text)
    return "".join(f"\\{part}" if part in SPECIAL else rf"\text{{{part}}}" for part in parts if part)


class _Item(NamedTuple):
    """A piece of LaTeX.

    part: it can stand above or below the line of a fraction, as ∂A and all in one colour. factor: it can be
    multiplied by what stands beside it; apart: there was a space before it.
    """

    tex: str
    part: bool = False
    factor: bool = False
    apart: bool = False


class _Reader:
    """Reads a formula from the left."""

    def __init__(self, text: str, colours: Mapping[str, str] | None) -> None:
        self.text = normalize("NFD", text)
        self.colours, self.at = colours, 0

    def formula(self) -> str:
        """Return all of it as LaTeX."""
        found = []
        while self.at < len(self.text):
            found.append(self._until(""))
            self.at += 1  # a closing bracket that nothing opened
        return " ".join(found)

    def _until(self, closing: str) -> str:
        """Read on to a closing bracket, which is not read."""
        items: list[_Item] = []
        apart = False
        while self.at < len(self.text) and self.text[self.at] not in (closing or "\0") + "⟧":
            if (item := self._item()) is not None:
                items.append(item._replace(apart=apart))
            apart = item is None
        return _joined(_fractions(items))

    def _item(self) -> _Item | None:
        """Read one letter, number, word or bracket with its scripts; None for a space."""
        letter = self.text[self.at]
        if letter == "⟦":
            return self._coloured()
        if letter == "∂":
            return self._derivative()
        if letter == " ":
            self.at += 1
            return None
        if letter in PAIRS and self.text.find(PAIRS[letter][0], self.at + 1) > 0:
            return _Item(self._scripted(self._bracket(letter)))
        if letter in MINUS and self._is_unary():
            self.at += 1
            return _Item("{-}")
        factor = letter.isalpha() and WORD.match(self.text, self.at) is None and letter not in "ΣΠσ"
        return _Item(self._scripted(self._atom()), factor=factor)

    def _is_unary(self) -> bool:
        """Whether a minus belongs to what follows it: at the start, after a bracket or a relation."""
        before = self.text[: self.at].rstrip(" ")
        return not before or before[-1] in "=≈([|,{"

    def _coloured(self) -> _Item:
        bar = self.text.index("|", self.at)
        role = self.text[self.at + 1 : bar]
        self.at = bar + 1
        inside = self._until("⟧")
        self.at += 1
        if self.colours is not None:
            inside = rf"\textcolor{{{self.colours[role]}}}{{{inside}}}"
        return _Item(self._scripted(inside), part=r"\frac" not in inside, factor=True)

    def _derivative(self) -> _Item:
        self.at += 1
        power = self._raised()
        tex = rf"\partial{f'^{{{power}}}' if power else ''}"
        of = self._item() if self.at < len(self.text) and self.text[self.at] not in " /)" else None
        return _Item(f"{tex} {of.tex}" if of else tex, part=of is not None)

    def _bracket(self, opening: str) -> str:
        closing, left, right = PAIRS[opening]
        self.at += 1
        inside = self._until(closing)
        self.at += 1
        tall = any(name in inside for name in TALL)
        return rf"\left{left} {inside} \right{right}" if tall else f"{left}{inside}{right}"

    def _atom(self) -> str:
        """Read a number, a word, a letter with its accents and arrow, or a sign."""
        if found := NUMBER.match(self.text, self.at):
            self.at = found.end()
            return found[0].replace(",", "{,}")
        if found := WORD.match(self.text, self.at):
            return self._word(found)
        letter = self.text[self.at]
        self.at += 1
        tex = rf"\{SYMBOLS[letter]}" if letter in SYMBOLS else PLAIN.get(letter, _escaped(letter))
        while (accent := self.text[self.at : self.at + 1]) in ACCENTS and accent:
            tex = rf"\{ACCENTS[accent]}{{{tex}}}"
            self.at += 1
        return tex

    def _word(self, found: re.Match[str]) -> str:
        word, self.at = found[0], found.end()
        if word in FUNCTIONS:
            return rf"\{word}"
        if word in OPERATORS:
            return rf"\operatorname{{{word}}}"
        before = " " if self.text[found.start() - 1 : found.start()] == " " else ""
        after = " " if self.text[self.at : self.at + 1] == " " else ""
        return rf"\text{{{before}{word}{after}}}"

    def _scripted(self, base: str) -> str:
        """Read what stands above and below what was just read."""
        above, below = "", ""
        while self.at < len(self.text):
            letter = self.text[self.at]
            if letter in ARROWS and self.text[self.at - 1] != " ":
                self.at += 1
                above += ARROWS[letter]
            elif RAISED_RUN.match(self.text, self.at):
                above += self._raised()
            elif found := LOWERED_RUN.match(self.text, self.at):
                below, self.at = below + found[0].translate(LOWERED), found.end()
            elif letter in "_^" and self.text[self.at + 1 : self.at + 2] not in {"", " "}:
                script = self._script()
                above, below = (above + script, below) if letter == "^" else (above, below + script)
            else:
                break
        scripted = base + (f"_{{{below}}}" if below else "") + (f"^{{{above}}}" if above else "")
        return scripted + self._index_behind()

    def _index_behind(self) -> str:
        """Read the index in brackets that stands right behind what was just read."""
        end = self.text.find("]", self.at + 2)
        if self.text[self.at : self.at + 1] != "[" or end < 0:
            return ""
        content = self.text[self.at + 1 : end]
        if set(content) & set("_⟦[") and len(content) > 1:
            return ""
        self.at = end + 1
        parts = [content] if content in {",", ", "} else re.split(", ?", content)
        return f"[{', '.join(map(_index, parts))}]"

    def _script(self) -> str:
        """Read what follows `_` or `^`: one letter, or all in braces; its words are letters."""
        braces = self.text[self.at + 1] == "{"
        end = self.text.find("}", self.at) if braces else self.at + 2
        content = self.text[self.at + 2 : end] if braces else self.text[self.at + 1]
        self.at = end + 1 if braces else end
        return _of_script(content)

    def _raised(self) -> str:
        found = RAISED_RUN.match(self.text, self.at)
        if found is None:
            return ""
        self.at = found.end()
        return found[0].translate(RAISED).replace("⊤", r"\top")


def _fractions(items: list[_Item]) -> list[_Item]:
    """Set ∂A/∂B as a fraction, and so two parts in colours of their own."""
    found: list[_Item] = []
    n = 0
    while n < len(items):
        if n + 2 < len(items) and items[n].part and items[n + 1].tex == "/" and items[n + 2].part:
            over = rf"\frac{{{items[n].tex}}}{{{items[n + 2].tex}}}"
            found.append(_Item(over, factor=True, apart=items[n].apart))
            n += 3
        else:
            found.append(items[n])
            n += 1
    return found


def _joined(items: list[_Item]) -> str:
    """Join pieces, with a thin space between factors that stand apart."""
    found = ""
    for n, item in enumerate(items):
        thin = n and item.apart and item.factor and items[n - 1].factor
        found += (r" \, " if thin else " " if n else "") + item.tex
    return found


def _of_script(content: str) -> str:
    """Write a script: letters side by side are symbols, a word of three or more is a word."""
    words = WORD.fullmatch(content)
    if words and len(content) > 2:
        return rf"\mathrm{{{content}}}"
    return "".join(
        rf"\{SYMBOLS[letter]} " if letter in SYMBOLS else PLAIN.get(letter, _escaped(letter))
        for letter in content
    )


def _index(part: str) -> str:
    """Write an index of a vector: a number, all of them, or a token."""
    if NUMBER.fullmatch(part):
        return part
    return {"·": r"{\cdot}", "": ""}.get(part) or quoted(normalize("NFC", part))


def _escaped(letter: str) -> str:
    return f"\\{letter}" if letter in SPECIAL else letter
