"""Text: tokens in frames, labels with subscripts, nothing outside of its room."""

from __future__ import annotations

import numpy as np
import pytest
from drawing.pictures import BARE, DARK, LIGHT, differing, extent, figure_of, picture, rgb
from hypothesis import given
from hypothesis import strategies as st

from rnnviz.drawing.text import Style, advance, font, width_of
from rnnviz.figures.colour import contrast
from rnnviz.figures.model import Axis, Text

MIDDLE = np.array([[5.0, 5.0]])


def text(string: str = "a", role: str = "text", at: np.ndarray = MIDDLE, **options: object) -> Text:
    return Text(at, (string,) * len(at), role, **options)


def drawn(mark: Text, width: float = 200, height: float = 100, **options: object) -> np.ndarray:
    return differing(picture(figure_of(mark), width, height, **options))


@pytest.mark.parametrize(("align", "side"), [(0.0, "left"), (0.5, "middle"), (1.0, "right")])
def test_labels_are_aligned_at_their_position(align: float, side: str) -> None:
    left, right, top, bottom = extent(drawn(text("Hidden", align=align)))
    at = {"left": left, "middle": (left + right) / 2, "right": right}[side]
    assert at == pytest.approx(100, abs=2.5)
    assert (top + bottom) / 2 == pytest.approx(50, abs=1.5)


def test_a_subscript_is_small_and_low() -> None:
    flat, lowered = extent(drawn(text("h"))), extent(drawn(text("h_t")))
    assert lowered[3] > flat[3]
    assert width_of("h_t", Style()) < width_of("ht", Style())


@pytest.mark.parametrize("frame", ["circle", "box"])
@pytest.mark.parametrize("vector", [False, True])
def test_a_frame_surrounds_its_token(frame: str, vector: bool) -> None:
    found = picture(figure_of(text(frame=frame, frame_role="input")), vector=vector)
    left, right, top, bottom = extent(differing(found))
    assert right - left == bottom - top
    assert (left + right, top + bottom) == (pytest.approx(199, abs=1), pytest.approx(99, abs=1))
    assert 20 <= right - left <= 26
    assert differing(found)[top : top + 3, left : left + 3].any() == (frame == "box")


@pytest.mark.parametrize("vector", [False, True])
@pytest.mark.parametrize("string", ["a", "kingdom"])
@pytest.mark.parametrize("frame", ["circle", "box"])
def test_what_is_picked_has_an_outline_around_its_frame(frame: str, string: str, vector: bool) -> None:
    plain = extent(drawn(text(string, frame=frame), vector=vector))
    mark = text(string, frame=frame, outlined=frozenset({0}))
    found = picture(figure_of(mark), vector=vector)
    left, right, top, bottom = around = extent(differing(found))
    apart = [abs(inner - outer) for inner, outer in zip(plain, around, strict=True)]
    assert apart == [pytest.approx(3, abs=1)] * 4
    middle = (top + bottom) // 2
    assert (left + right, top + bottom) == (pytest.approx(199, abs=1), pytest.approx(99, abs=1))
    assert (found[middle, left : left + 2] == rgb(LIGHT["selection"])).all(axis=-1).any()


def test_a_frame_hides_what_is_behind_it() -> None:
    found = picture(figure_of(text("", frame="box")))
    assert (found[45:55, 95:105] == rgb(LIGHT["background"])).all()


@given(
    frame_role=st.sampled_from(["input", "hidden", "gradient", "frame"]), theme=st.sampled_from([LIGHT, DARK])
)
def test_a_solid_token_is_filled_and_still_readable(frame_role: str, theme: object) -> None:
    mark = text("m", frame="circle", frame_role=frame_role, solid=frozenset({0}))
    found = picture(figure_of(mark), theme=theme)
    assert found[43, 100].tolist() == rgb(theme[frame_role])
    inks = {tuple(pixel) for pixel in found[40:60, 90:110].reshape(-1, 3).tolist()}
    assert max(contrast(theme[frame_role], "#{:02x}{:02x}{:02x}".format(*ink)) for ink in inks) > 3


@pytest.mark.parametrize("frame", ["none", "box"])
def test_struck_strings_have_a_line_through_them(frame: str) -> None:
    plain, struck = (drawn(text("l", frame=frame, struck=s)) for s in (frozenset(), frozenset({0})))
    changed = plain != struck
    left, right, top, bottom = extent(changed)
    assert bottom - top <= 1
    assert 4 <= right - left <= 14
    assert (top + bottom) / 2 == pytest.approx(50, abs=1.5)


def test_only_the_chosen_are_solid_or_struck() -> None:
    at = np.array([[2.0, 5.0], [8.0, 5.0]])
    found = picture(figure_of(text(at=at, frame="box", frame_role="input", solid=frozenset({1}))))
    assert found[50, 30].tolist() == rgb(LIGHT["background"])
    assert found[50, 168].tolist() == rgb(LIGHT["input"])


@pytest.mark.parametrize("frame", ["none", "circle", "box"])
@given(pitch=st.floats(0.1, 3))
def test_strings_shrink_to_stay_inside_their_pitch(frame: str, pitch: float) -> None:
    found = drawn(text("mmm", frame=frame, pitch=pitch))
    room = 20 * pitch
    if found.any():
        left, right, _, _ = extent(found)
        assert right - left + 1 <= room + 2


def test_long_tokens_stay_inside_their_frame() -> None:
    alone, crowded = (drawn(text(string, frame="box")) for string in ("", "wwwwww"))
    assert extent(alone) == extent(crowded)


def test_text_too_small_to_read_is_not_written() -> None:
    assert not drawn(text("abc", size=4.0)).any()
    assert not drawn(text("a much longer label", pitch=0.2)).any()


def test_strings_outside_of_the_picture_are_left_out() -> None:
    at = np.array([[np.nan, 5.0], [1e300, 5.0], [-1e9, np.inf]])
    assert not drawn(text(at=at, frame="circle")).any()


@pytest.mark.parametrize("token", ["␣", "⏎", "⇥", "é", "🙂", "א", "猫"])
def test_every_token_is_seen(token: str) -> None:
    assert (drawn(text(token, frame="box")) != drawn(text("", frame="box"))).any()


def test_parts_of_a_label_have_their_own_colours() -> None:
    found = picture(figure_of(text("⟦gradient|MMM⟧MMM", size=30.0, weight=700))).reshape(-1, 3).tolist()
    assert rgb(LIGHT["gradient"]) in found
    assert rgb(LIGHT["text"]) in found


def test_mathematics_is_set_in_another_face() -> None:
    assert (drawn(text("h")) != drawn(text("h", family="mathematics"))).any()
    assert font(12, family="mathematics", italic=True).italic()


def test_figures_are_equally_wide() -> None:
    assert len({round(advance(digit, 11), 3) for digit in "0123456789"}) == 1


def test_fonts_are_made_once() -> None:
    assert font(12, 600) is font(12, 600)


def test_zoom_and_device_pixels_scale_tokens() -> None:
    mark = text(frame="circle", frame_role="input")
    one, large, dense = (extent(drawn(mark, **options)) for options in ({}, {"zoom": 2.0}, {"ratio": 2.0}))
    size = one[1] - one[0]
    assert large[1] - large[0] == pytest.approx(2 * size, abs=3)
    assert dense[1] - dense[0] == pytest.approx(2 * size, abs=3)


def test_tokens_look_alike_wherever_they_stand() -> None:
    at = np.stack([np.linspace(0.5, 9.5, 9), np.full(9, 5.0)], 1)
    found = picture(
        figure_of(text("g", at=at, frame="circle"), x=Axis(0, 10, shown=False), margins=BARE), 487
    )
    edges = np.flatnonzero(np.diff(differing(found).any(0).astype(int), prepend=0, append=0)).reshape(-1, 2)
    first = found[:, slice(*edges[0])]
    for start, stop in edges.tolist():
        np.testing.assert_array_equal(found[:, start:stop], first)


@pytest.mark.parametrize("frame", ["circle", "box"])
def test_the_frame_of_a_word_is_as_wide_as_there_is_room(frame: str) -> None:
    letter, word, narrow = (
        extent(drawn(text(string, frame=frame, pitch=pitch)))
        for string, pitch in (("o", 5.0), ("horse", 5.0), ("horse", 2.0))
    )
    assert word[1] - word[0] > 1.5 * (letter[1] - letter[0])
    assert word[3] - word[2] == letter[3] - letter[2]
    assert narrow[1] - narrow[0] <= 40
