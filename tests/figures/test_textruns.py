"""Subscripts, colours and slant of short labels."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnviz.figures.textruns import Run, plain, runs, styled


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("h_t", (("h", False), ("t", True))),
        ("h_{t−1}", (("h", False), ("t−1", True))),
        ("‖∂L_t/∂h_k‖", (("‖∂L", False), ("t", True), ("/∂h", False), ("k", True), ("‖", False))),
        ("W_H h_t", (("W", False), ("H", True), (" h", False), ("t", True))),
        ("ŷ_t", (("ŷ", False), ("t", True))),
        ("plain", (("plain", False),)),
        ("", ()),
    ],
)
def test_underscores_lower_what_follows(text: str, expected: object) -> None:
    assert runs(text) == expected


@pytest.mark.parametrize("token", ["_", "__", "_a", "a_", "a _b", "a_ b", "x_{", "x_{}", "_\u0301", "␣"])
def test_what_is_no_subscript_stays_as_it_is(token: str) -> None:
    assert runs(token) == ((token, False),)


def test_parts_can_have_a_colour_of_their_own() -> None:
    found = styled("a_t = ⟦hidden|W_H h⟧ + b")
    assert Run("W", role="hidden") in found
    assert Run("H", subscript=True, role="hidden") in found
    assert found[-1] == Run(" + b")


def test_mathematics_slants_letters_and_nothing_else() -> None:
    found = {run.text: run.italic for run in styled("h_{t−1} = tanh(a) + 0.5 ŷ", mathematics=True)}
    assert all(found[letter] for letter in ("h", "t", "a", "ŷ"))
    assert not any(found[sign] for sign in ("−1", " = tanh(", ") + 0.5 "))


def test_an_accent_goes_with_its_letter() -> None:
    assert styled("y\u0302 = 1", mathematics=True)[0] == Run("y\u0302", italic=True)


def test_indices_of_several_letters_are_slanted_too() -> None:
    assert styled("W_{Xf}", mathematics=True)[-1] == Run("Xf", subscript=True, italic=True)


def test_plain_reads_aloud() -> None:
    assert plain("⟦hidden|h_{t−1}⟧ → ŷ_t") == "ht−1 → ŷt"


@given(text=st.text(st.characters(exclude_characters="_⟦⟧"), max_size=30), mathematics=st.booleans())
def test_no_character_is_lost(text: str, mathematics: bool) -> None:
    assert "".join(run.text for run in styled(text, mathematics=mathematics)) == text


@given(text=st.text("ab_{}t−1⟦⟧|h ", max_size=20))
def test_any_text_can_be_set(text: str) -> None:
    assert all(run.text for run in styled(text, mathematics=True))
