"""One slide: a title, a figure beneath it in charts and pictures, words for who cannot see it, and notes."""

from __future__ import annotations

import io
from dataclasses import replace
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rnnviz.export import png
from rnnviz.export._chart_axes import PIXEL, tint, write_label
from rnnviz.export._charts import add_chart
from rnnviz.export._series import is_bars, is_curves, name_of
from rnnviz.export.look import Look
from rnnviz.figures.layout import Rect, plot_rects

if TYPE_CHECKING:
    from rnnviz.figures.model import Figure, Plot
    from rnnviz.figures.theme import Theme

WIDTH, HEIGHT = 1280 * PIXEL, 720 * PIXEL
TITLE = Rect(48.0, 24.0, 1184.0, 56.0)
NOTE = Rect(48.0, 76.0, 1184.0, 32.0)
AREA = Rect(48.0, 116.0, 1184.0, 576.0)
TITLE_POINTS, NOTE_POINTS, LETTERS = 28.0, 16.0, 14.0
GAP = 16.0  # pixels between pieces
SQUARE = 1.25  # of its height: the width of what is square, with its legend
SHARPNESS = 2.0  # dots a pixel


def fill_slide(slide: Any, figure: Figure, source: str, theme: Theme) -> None:
    """Put a figure on an empty slide that has a place for a title."""
    slide.background.fill.solid()
    slide.background.fill.fore_color.rgb = tint(theme, "background")
    _title(slide, figure, theme)
    if figure.plots and not any(is_curves(plot) or is_bars(plot) for plot in figure.plots):
        _add_picture(slide, figure, _room(figure), theme, figure.description)
    elif figure.across or any(is_bars(plot) for plot in figure.plots):
        _add_tracks(slide, figure, theme)
    else:
        _add_grid(slide, figure, theme)
    notes = (figure.description, _fact(figure.note), figure.caption, figure.message, source)
    slide.notes_slide.notes_text_frame.text = "\n".join(dict.fromkeys(filter(None, notes)))


def _room(figure: Figure) -> Rect:
    """Return where a picture of a whole figure goes: one that is square, in the middle."""
    if figure.columns > 1 or not any(plot.fit == "square" for plot in figure.plots):
        return AREA
    width = min(AREA.w, SQUARE * AREA.h)
    return AREA._replace(x=AREA.x + (AREA.w - width) / 2, w=width)


def _title(slide: Any, figure: Figure, theme: Theme) -> None:
    title = slide.shapes.title
    title.left, title.top, title.width, title.height = _units(TITLE)
    _write(title.text_frame, figure.title, TITLE_POINTS, tint(theme, "text"))
    if note := _fact(figure.note):
        box = slide.shapes.add_textbox(*_units(NOTE))
        _write(box.text_frame, note, NOTE_POINTS, tint(theme, "muted"))


def _fact(note: str) -> str:
    """Return what a note says, without what one can do with the mouse, which does nothing to a slide."""
    return " · ".join(part for part in note.split(" · ") if not part.startswith("click"))


def _write(frame: Any, label: str, points: float, colour: Any) -> None:
    from pptx.enum.text import MSO_ANCHOR, PP_ALIGN

    write_label(frame, label, points, colour)
    frame.word_wrap = True
    frame.vertical_anchor = MSO_ANCHOR.MIDDLE
    frame.margin_left = frame.margin_right = 0
    frame.paragraphs[0].alignment = PP_ALIGN.LEFT


def _add_tracks(slide: Any, figure: Figure, theme: Theme) -> None:
    """Put tracks above one another: a picture, and the bars as charts exactly where they are in it."""
    look = _look(AREA, theme)
    rects = plot_rects(figure, *look.room)
    bare = tuple(replace(plot, marks=()) if is_bars(plot) else plot for plot in figure.plots)
    _add_picture(slide, replace(figure, plots=bare), AREA, theme, figure.description)
    for plot, rect in zip(figure.plots, rects, strict=True):
        if is_bars(plot) and rect.w > 0 and rect.h > 0:
            inner = Rect(*(side * look.zoom for side in rect))
            at = inner._replace(x=inner.x + AREA.x, y=inner.y + AREA.y)
            _describe(add_chart(slide, plot, at, theme, at), plot, figure)


def _add_grid(slide: Any, figure: Figure, theme: Theme) -> None:
    """Put plots into the rows and columns that they have: those of curves as charts, others as pictures."""
    for plot, cell in zip(figure.plots, _cells(figure), strict=True):
        if is_curves(plot):
            _describe(add_chart(slide, plot, cell, theme), plot, figure)
        else:
            alone = replace(figure, plots=(plot,), columns=1, caption="")
            _add_picture(slide, alone, cell, theme, _words(plot, figure))
    if not figure.plots:
        _add_picture(slide, figure, AREA, theme, figure.description)


def _cells(figure: Figure) -> list[Rect]:
    """Return where each plot goes, rows as high as they are in the figure, compared with one another."""
    columns = max(1, figure.columns)
    rects = plot_rects(figure, AREA.w, AREA.h)
    highest = [max(rect.h for rect in rects[n : n + columns]) for n in range(0, len(rects), columns)]
    room = AREA.h - GAP * (len(highest) - 1)
    heights = [room * high / sum(highest) for high in highest]
    tops = accumulate((high + GAP for high in heights), initial=AREA.y)
    width = (AREA.w - GAP * (columns - 1)) / columns
    found = [
        Rect(AREA.x + column * (width + GAP), top, width, high)
        for top, high in zip(tops, heights, strict=False)
        for column in range(columns)
    ]
    return found[: len(figure.plots)]


def _add_picture(slide: Any, figure: Figure, cell: Rect, theme: Theme, words: str) -> None:
    look = _look(cell, theme)
    image = png.encoded(png.painted(figure, look), Path(name_of(figure.title)), look.scale)
    shape = slide.shapes.add_picture(io.BytesIO(image), *_units(cell))
    shape.name = figure.title
    _alternative(shape, words)


def _look(cell: Rect, theme: Theme) -> Look:
    return Look((cell.w, cell.h), theme, SHARPNESS, LETTERS)


def _describe(shape: Any, plot: Plot, figure: Figure) -> None:
    shape.name = name_of(plot.heading) or plot.name
    _alternative(shape, _words(plot, figure))


def _words(plot: Plot, figure: Figure) -> str:
    """Return what is said of a plot: the figure's sentence, and of several plots, which one it is."""
    which = name_of(plot.gutter[0].text if plot.gutter else plot.heading)
    return f"{figure.description} ({which})" if which and len(figure.plots) > 1 else figure.description


def _alternative(shape: Any, words: str) -> None:
    """Say in words what is seen."""
    shape._element.xpath("./*/p:cNvPr")[0].set("descr", words)  # noqa: SLF001 (python-pptx cannot)


def _units(rect: Rect) -> list[int]:
    return [round(PIXEL * side) for side in rect]
