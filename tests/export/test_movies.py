"""Animations as Pillow and PyAV read them."""

from __future__ import annotations

import itertools
import sys
from fractions import Fraction
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PySide6.QtGui import QImage

from rnnviz.export import ExportError, Look, png
from rnnviz.export._colours import MOST, Census, packed, places, unpacked
from rnnviz.export._movies import MOVIES, Cancelled, Film, changed, durations, pixels, save_film
from rnnviz.export.frames import painted
from rnnviz.figures.gallery import FIGURES as FIGURES_BY_NAME
from rnnviz.figures.model import Axis, Figure, Heatmap, Plot, Scale, Text
from rnnviz.panels.base.scene import scene_of
from rnnviz.session import presets
from rnnviz.session.session import Session

if TYPE_CHECKING:
    from pathlib import Path

    from rnnviz.export._movies import Pixels

pytestmark = pytest.mark.usefixtures("qapp")

LOOK = Look((160, 120))
RATE = Fraction(8)
STILL = [suffix for suffix in MOVIES if suffix != ".mp4"]


def figure(step: int) -> Figure:
    cells = Heatmap(np.linspace(-1, 1, 12).reshape(3, 4) * step / 4, Scale("signed", -1, 1), left=0)
    word = Text(np.array([[2.0, 0.5]]), (f"step {step}",), "text")
    return Figure("Cells", f"Step {step}.", (Plot("cells", Axis(0, 4), Axis(0, 1), (cells, word)),))


FIGURES = [figure(step) for step in range(1, 5)]


def film(figures: list[Figure], rate: Fraction = RATE) -> Film:
    return Film(painted(figures, LOOK), len(figures), rate)


def shown(path: Path) -> tuple[list[Pixels], list[float]]:
    """Return the frames that an independent reader finds, and for how many seconds it shows each."""
    if path.suffix == ".mp4":
        with av.open(str(path)) as container:
            stream = container.streams.video[0]
            assert stream.average_rate is not None
            frames = [frame.to_ndarray(format="rgb24") for frame in container.decode(stream)]
            return frames, [float(1 / stream.average_rate)] * len(frames)
    frames, seconds = [], []
    with Image.open(path) as image:
        for n in range(image.n_frames):
            image.seek(n)
            image.load()
            frames.append(np.asarray(image.convert("RGB")))
            seconds.append(image.info["duration"] / 1000)
    return frames, seconds


@pytest.mark.parametrize("suffix", MOVIES)
def test_each_frame_is_the_painted_picture_and_stays_as_long_as_asked(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"a{suffix}"
    save_film(film(FIGURES), path)
    frames, seconds = shown(path)
    wanted = [pixels(png.painted(each, LOOK)) for each in FIGURES]
    assert len(frames) == len(FIGURES)
    for frame, picture in zip(frames, wanted, strict=True):
        apart = np.abs(frame.astype(int) - picture)
        if suffix in {".webp", ".apng"}:
            assert not apart.any()
        elif suffix == ".gif":
            assert apart.max() <= 6  # of 255, at the edges of letters
        else:  # half the resolution of colours, and quality of a high but finite rate
            assert apart.mean() < 3
    assert sum(seconds) == pytest.approx(len(FIGURES) / RATE)
    assert max(seconds) - min(seconds) <= 0.0101


@pytest.mark.parametrize("suffix", MOVIES)
def test_every_registered_figure_can_be_a_frame(suffix: str, tmp_path: Path) -> None:
    path, look = tmp_path / f"a{suffix}", Look((320, 240))
    scene = scene_of(Session(presets.load("dogs")).moment)
    figures = [entry.figure(scene) for entry in FIGURES_BY_NAME.values()]
    save_film(Film(painted(figures, look), len(figures), RATE), path)
    frames, seconds = shown(path)
    assert len(frames) == len(figures)
    assert sum(seconds) == pytest.approx(len(figures) / RATE, abs=0.011)
    for frame, figure in zip(frames, figures, strict=True):
        apart = np.abs(frame.astype(int) - pixels(png.painted(figure, look)))
        assert apart.mean() < {".webp": 1e-9, ".apng": 1e-9, ".gif": 1.0, ".mp4": 3.0}[suffix]


@pytest.mark.parametrize("suffix", MOVIES)
def test_the_same_film_gives_the_same_bytes(suffix: str, tmp_path: Path) -> None:
    one, two = tmp_path / f"one{suffix}", tmp_path / f"two{suffix}"
    save_film(film(FIGURES), one)
    save_film(film(FIGURES), two)
    assert one.read_bytes() == two.read_bytes()


@pytest.mark.parametrize("suffix", STILL)
def test_animations_begin_again_at_their_end(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"a{suffix}"
    save_film(film(FIGURES), path)
    with Image.open(path) as image:
        assert image.info["loop"] == 0


@pytest.mark.parametrize("suffix", MOVIES)
def test_one_frame_is_a_film_too(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"a{suffix}"
    save_film(film(FIGURES[:1]), path)
    if suffix == ".mp4":
        assert len(shown(path)[0]) == 1
    else:
        with Image.open(path) as image:
            assert image.size == (160, 120)


@pytest.mark.parametrize("suffix", STILL)
def test_frames_that_do_not_change_take_their_time(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"a{suffix}"
    save_film(film([FIGURES[0], FIGURES[0], FIGURES[0], FIGURES[1]]), path)
    frames, seconds = shown(path)
    assert sum(seconds) == pytest.approx(4 / RATE)
    assert (frames[-1] != frames[0]).any()


@pytest.mark.parametrize("suffix", MOVIES)
@pytest.mark.parametrize("after", [1, 3, 6])
def test_cancelling_leaves_the_old_file_and_nothing_else(suffix: str, after: int, tmp_path: Path) -> None:
    told = itertools.count(1)

    def tell() -> None:
        if next(told) == after:
            raise Cancelled

    path = tmp_path / f"a{suffix}"
    path.write_bytes(b"old")
    moving = Film(painted(FIGURES, LOOK), len(FIGURES), RATE, tell)
    if after > len(FIGURES) * MOVIES[suffix].passes:
        save_film(moving, path)
        assert path.read_bytes() != b"old"
    else:
        with pytest.raises(Cancelled):
            save_film(moving, path)
        assert path.read_bytes() == b"old"
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("suffix", MOVIES)
def test_progress_is_told_of_each_frame_in_each_pass(suffix: str, tmp_path: Path) -> None:
    told: list[int] = []
    moving = Film(painted(FIGURES, LOOK), len(FIGURES), RATE, lambda: told.append(1))
    save_film(moving, tmp_path / f"a{suffix}")
    assert len(told) == len(FIGURES) * MOVIES[suffix].passes


def test_an_odd_size_becomes_even_in_a_video(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    save_film(Film(painted(FIGURES, Look((161, 121))), len(FIGURES), RATE), path)
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        assert (stream.width, stream.height) == (162, 122)
        assert stream.pix_fmt == "yuv420p"


def test_without_its_extra_a_video_is_refused_with_the_cure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "av", None)
    with pytest.raises(ExportError, match=r"pip install rnnviz\[video\]"):
        save_film(film(FIGURES), tmp_path / "a.mp4")
    assert not list(tmp_path.iterdir())


def test_an_unknown_suffix_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"a\.avi must end in"):
        save_film(film(FIGURES), tmp_path / "a.avi")


@given(st.integers(1, 400), st.fractions(Fraction(1, 10), 50))
def test_durations_add_up_to_the_length_of_the_film(count: int, rate: Fraction) -> None:
    unit = Fraction(1, 100)
    each = durations(count, rate, unit)
    assert len(each) == count
    assert sum(each) == max(count, round(count / rate / unit))
    assert max(each) - min(each) <= 1


def test_flat_colours_are_exact_and_gradients_smooth() -> None:
    ramp = np.linspace(0, 255, 640).round().astype(np.uint32)
    sky = np.tile(ramp << 16 | ramp << 8 | 255 - ramp, (100, 1))
    sky = np.vstack(
        [sky, (sky >> 8) ^ 0x400000, np.full((200, 640), 0x2563D0), np.full((200, 640), 0xFDFEFF)]
    )
    sky = sky.astype(np.uint32)
    census = Census()
    census.add(sky)
    palette = census.palette()
    assert len(palette) <= MOST
    found = unpacked(palette)[places(census, palette)[sky]].astype(int)
    apart = np.abs(found - unpacked(sky))
    assert not apart[200:].any()
    assert apart.max() <= 6


def test_the_palette_is_exact_if_there_are_few_colours() -> None:
    picture = np.arange(200, dtype=np.uint32).reshape(10, 20) * 70_001
    census = Census()
    census.add(picture)
    assert (census.palette()[places(census, census.palette())[picture]] == picture).all()
    assert (packed(unpacked(picture)) == picture).all()


def test_what_changed_is_the_smallest_box() -> None:
    before = np.zeros((6, 9, 3), np.uint8)
    after = before.copy()
    after[2, 3, 1] = after[4, 7, 0] = 1
    assert changed(before, after) == (3, 2, 8, 5)
    assert changed(before, before) is None


def test_pixels_are_those_of_the_image_whatever_its_width() -> None:
    image = QImage(5, 3, QImage.Format.Format_RGB32)
    image.fill(0x102030)
    image.setPixel(4, 2, 0xFFFFFFFF)
    found = pixels(image)
    assert found.shape == (3, 5, 3)
    assert found[0, 0].tolist() == [0x10, 0x20, 0x30]
    assert found[2, 4].tolist() == [255, 255, 255]
