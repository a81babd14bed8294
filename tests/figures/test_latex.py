"""Formulas become LaTeX that can be set, and room is left for what it looks like."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from latex2mathml.converter import convert

from rnnviz.drawing import formula
from rnnviz.figures.extent import extent
from rnnviz.figures.latex import coloured_latex, latex, quoted

TOKENS = [*"#$%&_{}~^\\[]|,.␣⏎é日", "the", "dog's", "a_b", "50%"]
PIECES = [
    *(
        "h_t",
        "h_{t−1}",
        "⟦hidden|h_t⟧",
        "a_{f,t}",
        "W_{Xf} x_t",
        "σ(",
        "tanh(",
        ")",
        "(",
        "[3]",
        "[g]",
        " + ",
    ),
    *("∂L/∂h_t", "∂L_t/∂⟦hidden|h_k⟧", "⟦gradient|∂L⟧/⟦hidden|∂h⟧", "Σ_{t=1}^{T} ", "s̃_t", "ŷ_t", "h⁽²⁾↔_t"),
    *(" ⊙ ", "‖x‖", "W_Hᵀ", "e^{a}", "1.2·10⁻⁵", "−0.31·(−0.76)", "softmax(", "ReLU", "diag(1 − h_j²)"),
    *(" = −", "h→_t", "∂²L", "½", "σ₁"),
]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("h_{t−1}", "h_{t-1}"),
        ("⟦hidden|W_H h_t⟧", r"W_{H} \, h_{t}"),
        ("∂L/∂W_H", r"\frac{\partial L}{\partial W_{H}}"),
        ("⟦gradient|∂L_t/∂h_k⟧", r"\frac{\partial L_{t}}{\partial h_{k}}"),
        ("Σ_{t=1}^{T} L_t", r"\sum_{t=1}^{T} L_{t}"),
        ("ŷ_t = softmax(z)", r"\hat{y}_{t} = \operatorname{softmax} (z)"),
        ("s̃_t ⊙ h⁽²⁾↔_t", r"\tilde{s}_{t} \odot h_{t}^{(2)\leftrightarrow}"),
        ("W_X[3, ·] x[␣]", r"W_{X}[3, {\cdot}] \, x[\text{␣}]"),
        ("L = −ln p", r"L = {-} \ln p"),
        ("W_{ih} W_{out}", r"W_{ih} \, W_{\mathrm{out}}"),
        ("−0.31·(−2)", r"{-} 0.31 \cdot ({-} 2)"),
        ("1.2·10⁻⁵", r"1.2 \cdot 10^{-5}"),
        ("⟦a|x⟧/⟦b|y⟧", r"\frac{x}{y}"),
    ],
)
def test_formulas_are_written_as_latex(text: str, wanted: str) -> None:
    assert latex(text) == wanted


def test_colours_are_those_of_the_roles() -> None:
    assert coloured_latex("⟦hidden|h_t⟧ + b", {"hidden": "#010203"}) == r"\textcolor{#010203}{h_{t}} + b"


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=8).map("".join))
def test_whatever_is_put_together_can_be_set(text: str) -> None:
    assert_parses(latex(text))


@pytest.mark.parametrize("token", TOKENS)
def test_any_token_may_be_an_index(token: str) -> None:
    assert_parses(latex(f"ŷ_{{11}}[{token}] = 0.31"))
    assert_parses(quoted(token))


@given(st.text(max_size=12))
def test_anything_at_all_becomes_something(text: str) -> None:
    assert isinstance(latex(text.replace("⟦", "").replace("⟧", "")), str)


def assert_parses(source: str) -> None:
    tree = ElementTree.fromstring(convert(source))
    assert not [node for node in tree.iter() if node.tag.endswith("merror")]


@pytest.mark.parametrize(
    "text",
    [
        "⟦forget_gate|f_t⟧ = σ(⟦input|W_{Xf} x_t⟧ + ⟦hidden|W_{Hf} h_{t−1}⟧ + b_f)",
        "n_t = tanh(W_{in} x_t + b_{in} + r_t ⊙ (W_{hn} h_{t−1} + b_{hn}))",
        "∂L/∂W_H = Σ_{t=1}^{T} Σ_{k=1}^{t} ∂L_t/∂h_t ∂h_t/∂h_k ∂h_k/∂W_H",
        "ŷ_t = softmax(W_Y ⟦hidden|h⁽²⁾↔_t⟧ + b_Y)",
        "ŷ_t[k] = ⟦text|exp(z_t[k])⟧/⟦text|Σ exp(z_t[j])⟧",
    ],
)
def test_the_room_that_is_left_is_about_that_of_the_formula(text: str) -> None:
    box = formula.VIEW.search(formula.picture(text))
    assert box is not None
    width, height = (100 / formula.NOMINAL * float(box[n]) for n in (3, 4))
    room = extent(text, 100)
    assert 0.93 <= room.width / width <= 1.25
    assert height * 0.95 <= room.above + room.below <= height + 90
