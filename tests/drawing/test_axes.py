"""What stands around a plot: ticks at their values, labels beside them, a legend, keys and names."""

from __future__ import annotations

import numpy as np
import pytest
from drawing.pictures import BARE, HIDDEN, LIGHT, differing, extent, figure_of, picture, rgb

from rnnviz.drawing.legend import blocks, ends
from rnnviz.figures.model import Axis, Figure, GutterLabel, Heatmap, Line, Margins, Plot, Scale

ROOM = Margins(60, 30, 20, 40, 0, 0)
LOG = Scale("gradient", 1e-4, 1.0, log=True, label="‖∂L_t/∂h_k‖")
FLAT = Line(np.array([0.0, 10.0]), np.array([5.0, 5.0]), "hidden", "h")


def around(x: Axis = HIDDEN, y: Axis = HIDDEN, **options: object) -> np.ndarray:
    """What is drawn of a plot at 60 … 280 by 30 … 160."""
    return differing(picture(figure_of(x=x, y=y, margins=ROOM, **options), 300, 200))


def test_a_hidden_axis_draws_nothing() -> None:
    shown = Axis(0, 10, "label", shown=False)
    assert not around(shown, shown).any()


def test_x_ticks_stand_below_their_values() -> None:
    drawn = around(Axis(0, 10, ticks=((2.0, "a"), (8.0, "b"))))
    assert not drawn[:160].any()
    for value in (2, 8):
        centre = 60 + 22 * value
        seen = np.flatnonzero(drawn[:, centre - 20 : centre + 20].any(0)) + centre - 20
        assert seen.mean() == pytest.approx(centre, abs=1.5)


def test_y_ticks_stand_left_of_their_values() -> None:
    drawn = around(y=Axis(0, 10, ticks=((3.0, "0.25"),)))
    _, right, top, bottom = extent(drawn)
    assert 48 <= right < 53
    assert (top + bottom) / 2 == pytest.approx(160 - 39, abs=1)


def test_crowded_labels_do_not_overlap() -> None:
    ticks = tuple((n / 10, f"label {n}") for n in range(101))
    seen = around(Axis(0, 10, ticks=ticks)).any(0)
    gaps = np.flatnonzero(np.diff(seen.astype(int)) == 1)
    assert len(gaps) >= 4
    longest = max(len(run) for run in "".join("x" if s else " " for s in seen).split("    "))
    assert longest < 60


def test_an_axis_label_is_centred_beneath_the_ticks() -> None:
    left, right, top, _ = extent(around(Axis(0, 10, "step", ticks=((5.0, "5"),)))[178:])
    assert (left + right) / 2 == pytest.approx(170, abs=2)
    assert top <= 8


def test_a_y_label_runs_upwards_at_the_left() -> None:
    left, right, top, bottom = extent(around(y=Axis(0, 10, "norm of it", ticks=())))
    assert right < 56
    assert bottom - top > 2 * (right - left)
    assert (top + bottom) / 2 == pytest.approx(95, abs=4)


def test_a_y_label_without_room_stays_in_the_picture() -> None:
    narrow = Margins(20, 10, 10, 10)
    wide_ticks = Axis(0, 10, "norm", ticks=((5.0, "1,000,000"),))
    drawn = differing(picture(figure_of(y=wide_ticks, margins=narrow), 300, 200))
    assert extent(drawn[:95])[0] > 0


def test_a_heading_stands_above_the_plot() -> None:
    left, _, top, bottom = extent(around(heading="loss per update"))
    assert left == pytest.approx(60, abs=2)
    assert (top + bottom) / 2 == pytest.approx(16, abs=3)


def test_curves_are_named_in_their_colours_if_there_are_several() -> None:
    other = Line(FLAT.x, FLAT.y - 2, "gradient", "MMM")
    one, two = (picture(figure_of(*lines, margins=ROOM), 300, 200)[:28] for lines in ((FLAT,), (FLAT, other)))
    assert not differing(one).any()
    assert (two == rgb(LIGHT["gradient"])).all(2).any()
    assert extent(differing(two))[1] == pytest.approx(279, abs=2)


def test_keys_give_way_to_a_long_heading() -> None:
    other = Line(FLAT.x, FLAT.y, "gradient", "a long name of a curve")
    long = "a heading that reaches over the plot"
    with_keys = picture(figure_of(FLAT, other, margins=ROOM, heading=long), 300, 200)[:28]
    np.testing.assert_array_equal(with_keys, picture(figure_of(margins=ROOM, heading=long), 300, 200)[:28])


def test_charts_have_lines_to_read_them_against_and_matrices_have_none() -> None:
    axes = {"x": Axis(0, 10), "y": Axis(0, 10)}
    chart = picture(figure_of(FLAT, margins=ROOM, **axes), 300, 200)
    assert (chart[160, 60:280] == rgb(LIGHT["frame"])).all()
    assert (chart[40:90, 60] == rgb(LIGHT["frame"])).all()
    assert (chart[30, 70:270] == rgb(LIGHT["faint"])).all()
    heat = Heatmap(np.zeros((1, 1)), Scale("signed", -1, 1), 4, 4, 6)
    matrix = picture(figure_of(heat, margins=ROOM, **axes), 300, 200)
    assert not differing(matrix[30:75, 61:280]).any()


def test_names_in_the_gutter_line_up_at_the_left() -> None:
    labels = (GutterLabel(9.0, "ŷ_t", "muted"), GutterLabel(1.0, "h_t", "hidden"))
    drawn = around(gutter=labels)
    for half, centre in ((slice(0, 95), 43), (slice(95, 200), 147)):
        seen = np.zeros_like(drawn)
        seen[half] = drawn[half]
        left, right, top, bottom = extent(seen)
        assert 8 <= left <= 10
        assert right < 58
        assert (top + bottom) / 2 == pytest.approx(centre, abs=4)


def test_a_name_too_long_for_the_gutter_is_made_smaller() -> None:
    drawn = around(gutter=(GutterLabel(5.0, "a long name here", "loss"),))
    assert extent(drawn)[1] < 60


def test_names_are_of_one_size_that_fits_those_closest_together() -> None:
    def wide(*tracks: float) -> int:
        """How wide the name of the first of tracks of these heights is drawn."""
        label = (GutterLabel(0.5, "h⁽¹⁾_t", "hidden"),)
        plots = tuple(
            Plot(str(n), HIDDEN, Axis(0, 1, shown=False), (), gutter=label, height=high)
            for n, high in enumerate(tracks)
        )
        figure = Figure("f", "d", plots, margins=Margins(60, 0, 0, 0, between_rows=2))
        drawn = differing(picture(figure, 100, sum(tracks) + 2 * len(tracks) - 2))
        return int(np.ptp(np.flatnonzero(drawn[: round(tracks[0])].any(0))))

    assert wide(40) == wide(40, 40) == wide(40, 18, 18)
    assert wide(40, 8, 8, 40) == wide(10, 10, 40, 8, 8) < wide(40)


def test_labels_of_tracks_stay_beside_their_track() -> None:
    ends_of = Axis(0, 1, ticks=((0.0, "0"), (1.0, "1")))
    plots = tuple(Plot(name, HIDDEN, ends_of, ()) for name in "ab")
    margins = Margins(40, 10, 10, 10, between_rows=8)
    rows = differing(picture(Figure("f", "d", plots, margins=margins), 100, 128)).any(1)
    assert np.count_nonzero(np.diff(rows.astype(int)) == 1) == 4


@pytest.fixture
def mapped() -> np.ndarray:
    heat = Heatmap(np.full((1, 1), np.nan), LOG)
    plot = Plot("p", HIDDEN, HIDDEN, (heat,))
    return picture(Figure("f", "d", (plot,), legend=LOG, margins=BARE), 300, 200)


def test_the_legend_stands_at_the_top_right(mapped: np.ndarray) -> None:
    left, right, top, bottom = extent(differing(mapped))
    assert left > 180
    assert right >= 297
    assert top < 20
    assert bottom < 60


def test_the_legend_has_a_colour_a_decade(mapped: np.ndarray) -> None:
    assert blocks(LOG) == 5
    row = [tuple(pixel) for pixel in mapped[26, 200:300].tolist()]
    assert len(set(row)) == 5
    assert row[0] == tuple(rgb(LIGHT.maps["gradient"][0]))
    assert row[-1] == tuple(rgb(LIGHT.maps["gradient"][-1]))


@pytest.mark.parametrize(
    ("scale", "expected"),
    [
        (LOG, ("10⁻⁴", "1")),
        (Scale("signed", -1, 1), ("−1.0", "1.0")),
        (Scale("signed", -0.37, 0.37), ("-0.37", "0.37")),
        (Scale("gradient", 1e-12, 1e3, log=True), ("10⁻¹²", "10³")),
        (Scale("signed", 1, 1), ("1", "1")),
    ],
)
def test_the_legend_names_its_ends(scale: Scale, expected: tuple[str, str]) -> None:
    assert ends(scale) == expected


def test_there_is_no_legend_without_room() -> None:
    plot = Plot("p", HIDDEN, HIDDEN, ())
    assert not differing(picture(Figure("f", "d", (plot,), legend=LOG, margins=BARE), 60, 60)).any()


def test_a_label_at_the_edge_stays_inside_the_picture() -> None:
    ticks = ((0.0, "the first of them"), (10.0, "the last of them"))
    left, right, *_ = extent(around(Axis(0, 10, ticks=ticks))[162:])
    assert (left, right) > (0, 250)
    assert right < 299


def test_a_label_that_was_moved_is_not_written_over_its_neighbour() -> None:
    ticks = ((8.6, "neighbour"), (10.0, "one that is long"))
    both, first = around(Axis(0, 10, ticks=ticks)), around(Axis(0, 10, ticks=ticks[:1]))
    np.testing.assert_array_equal(both, first)


def test_an_axis_label_that_is_too_long_is_set_smaller() -> None:
    label = "the first principal direction, which holds most of the variance of all states"
    left, right, *_ = extent(around(Axis(0, 10, label, ticks=((5.0, "5"),)))[178:])
    assert left >= 1
    assert right <= 298


@pytest.mark.parametrize("word", ["german shepherd", "Donaudampfschifffahrtsgesellschaft"])
def test_a_y_label_that_is_too_long_begins_inside_the_picture(word: str) -> None:
    left, right, *_ = extent(around(y=Axis(0, 10, ticks=((5.0, word),))))
    assert left >= 1
    assert 45 <= right < 56


def test_keys_are_set_smaller_before_one_is_left_out() -> None:
    names = ("product of all norms", "norm of product")

    def keys(*labels: str) -> np.ndarray:
        lines = tuple(
            Line(np.array([0.0, 10.0]), np.array([n + 3.0, n + 3.0]), "hidden", label)
            for n, label in enumerate(labels)
        )
        return differing(picture(figure_of(*lines, x=HIDDEN, y=HIDDEN, margins=ROOM), 300, 200))[:28]

    left, right, *_ = extent(keys(*names))
    assert 60 <= left < 100
    assert right <= 281
