"""Marks that did not change stay the same objects."""

from __future__ import annotations

import numpy as np

from rnnviz.figures.memo import KEPT, LARGEST, memoised


class Made:
    """What a memoised function returns here."""

    def __init__(self, *parts: object) -> None:
        self.parts = parts


@memoised
def make(values: np.ndarray, name: str) -> Made:
    return Made(values, name)


def test_equal_arrays_give_the_same_object() -> None:
    assert make(np.arange(3.0), "a") is make(np.arange(3.0), "a")


def test_other_values_shapes_types_or_names_give_another() -> None:
    made = make(np.zeros(4), "a")
    assert made is not make(np.ones(4), "a")
    assert made is not make(np.zeros((2, 2)), "a")
    assert made is not make(np.zeros(8, np.float32), "a")
    assert made is not make(np.zeros(4), "b")


def test_large_arrays_are_not_kept() -> None:
    large = np.zeros(LARGEST // 8 + 1)
    assert make(large, "a") is not make(large, "a")


def test_the_oldest_is_forgotten() -> None:
    first = make(np.array([-1.0]), "a")
    for n in range(KEPT):
        make(np.array([float(n)]), "a")
    assert make(np.array([-1.0]), "a") is not first
