"""Exporting and copying as a user does it, in the real window."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog, QMenu
from shiboken6 import isValid

from rnnviz.app.export_choice import ExportChoice
from rnnviz.app.export_dialog import ExportDialog, Waiting
from rnnviz.export import EXPORTERS, WRITERS
from rnnviz.export._movies import Cancelled
from rnnviz.figures.formats import FORMATS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from rnnviz.app.window import MainWindow


@pytest.fixture
def dialog(window: MainWindow, qtbot: QtBot) -> Iterator[ExportDialog]:
    window.contents.actions["export"].trigger()
    shown = next(child for child in window.findChildren(ExportDialog) if child.isVisible())
    qtbot.waitUntil(lambda: shown.preview.sheet.image is not None)
    yield shown
    if isValid(shown):  # it goes when it has done its work
        shown.close()


def choose(dialog: ExportDialog, box: str, words: str) -> None:
    """Choose an entry of a box as a click does, by the beginning of its words."""
    found = getattr(dialog.form, box)
    index = next(n for n in range(found.count()) if found.itemText(n).startswith(words))
    found.setCurrentIndex(index)
    found.activated.emit(index)


def said(window: MainWindow) -> str:
    return window.contents.notice.text()


def to(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))


@pytest.mark.parametrize("suffix", EXPORTERS)
def test_a_panel_is_exported_in_every_format(
    suffix: str, dialog: ExportDialog, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    to(tmp_path / "picture", monkeypatch)  # the suffix is added
    choose(dialog, "what", "Timeline")
    choose(dialog, "suffix", EXPORTERS[suffix].title)
    dialog.save.click()
    assert (tmp_path / f"picture{suffix}").stat().st_size > 500
    assert said(window).startswith("Exported")


def test_a_slide_is_exported_with_its_letters(
    dialog: ExportDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    to(tmp_path / "a.png", monkeypatch)
    choose(dialog, "size_", "Slide 16:9")
    assert dialog.form.points.value() == FORMATS["16:9"].points
    assert (dialog.form.across.value(), dialog.form.down.value()) == (1280, 720)
    dialog.form.scale.setValue(3)
    assert dialog.facts.text() == "" or "dots" in dialog.facts.text()
    dialog.save.click()
    picture = QImage(str(tmp_path / "a.png"))
    assert (picture.width(), picture.height()) == (3840, 2160)


def test_the_preview_follows_what_is_chosen(dialog: ExportDialog, qtbot: QtBot) -> None:
    before = dialog.preview.sheet.image
    choose(dialog, "theme", "Dark")
    qtbot.waitUntil(lambda: dialog.preview.sheet.image != before)
    dark = dialog.preview.sheet.image
    assert dark is not None
    assert dark.pixelColor(2, 2).lightness() < 80
    dialog.form.transparent.setChecked(True)
    qtbot.waitUntil(lambda: bool(dialog.preview.sheet.image and dialog.preview.sheet.image.hasAlphaChannel()))


def test_the_preview_follows_the_network(dialog: ExportDialog, window: MainWindow, qtbot: QtBot) -> None:
    choose(dialog, "what", "Timeline")
    qtbot.waitUntil(lambda: not dialog._later.isActive())
    before = dialog.preview.sheet.image
    window.contents.session.playback.last()
    qtbot.waitUntil(lambda: dialog.preview.sheet.image != before)


@pytest.mark.parametrize("name", WRITERS)
def test_the_network_is_exported_as_a_text(
    name: str, dialog: ExportDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    writer = WRITERS[name]
    to(tmp_path / f"a{writer.suffix}", monkeypatch)
    choose(dialog, "what", f"Network: {writer.title}")
    qtbot.waitUntil(lambda: dialog.preview.currentWidget() is dialog.preview.text)
    assert not dialog.form.scale.isEnabled()
    dialog.copy.click()
    text = QGuiApplication.clipboard().text()
    dialog.save.click()
    assert (tmp_path / f"a{writer.suffix}").read_text(encoding="utf-8") == text
    assert dialog.preview.text.toPlainText()[:200] == text[:200]


@pytest.mark.parametrize("suffix", [".png", ".svg", ".pdf"])
def test_all_panels_are_exported_together(
    suffix: str, dialog: ExportDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    to(tmp_path / f"a{suffix}", monkeypatch)
    choose(dialog, "what", "All panels")
    assert {dialog.form.suffix.itemData(n) for n in range(dialog.form.suffix.count())} >= {
        ".png",
        ".svg",
        ".pdf",
    }
    assert ".csv" not in {dialog.form.suffix.itemData(n) for n in range(dialog.form.suffix.count())}
    choose(dialog, "suffix", EXPORTERS[suffix].title)
    dialog.save.click()
    assert (tmp_path / f"a{suffix}").stat().st_size > 20_000


def test_a_choice_is_remembered(window: MainWindow, dialog: ExportDialog) -> None:
    choose(dialog, "size_", "Other")
    dialog.form.across.setValue(777)
    choose(dialog, "theme", "Projector")
    dialog.form.points.setValue(17.5)
    chosen = dialog.form.choice
    dialog.close()
    again = window.contents.controller.exports.open()
    assert again.form.choice == chosen
    assert (again.form.across.value(), again.form.points.value()) == (777, 17.5)
    again.close()


@pytest.mark.parametrize("kept", ["", "{", '{"suffix": ".exe"}', '{"scale": 99}', '{"width": "x"}', "[]"])
def test_what_cannot_be_chosen_is_as_at_first(kept: str) -> None:
    assert ExportChoice.from_text(kept) == ExportChoice()


def test_a_choice_comes_back_from_its_text() -> None:
    choice = ExportChoice(".svg", "4:3", 300, 200, "dark", True, 4.0, 11.5)
    assert ExportChoice.from_text(choice.to_text()) == choice


def test_a_file_that_cannot_be_written_is_a_sentence(
    dialog: ExportDialog, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    to(tmp_path / "no" / "a.png", monkeypatch)
    dialog.save.click()
    assert dialog.isVisible()
    assert said(window).endswith(".")
    assert "no folder" in said(window)


def test_a_picture_of_too_many_dots_is_refused(dialog: ExportDialog, window: MainWindow) -> None:
    choose(dialog, "size_", "Other")
    dialog.form.across.setValue(9000)
    dialog.form.down.setValue(9000)
    dialog.save.click()
    assert "too large" in said(window)


def test_a_long_export_can_be_cancelled(
    dialog: ExportDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cancelled(_waiting: Waiting, share: float) -> None:
        if share > 0.3:
            raise Cancelled

    monkeypatch.setattr(Waiting, "tell", cancelled)
    to(tmp_path / "a.png", monkeypatch)
    dialog.save.click()
    assert not (tmp_path / "a.png").exists()
    assert dialog.isVisible()


def test_the_progress_says_when_nobody_wants_the_rest(dialog: ExportDialog) -> None:
    waiting = Waiting("Exporting …", dialog)
    waiting.tell(0.4)
    assert waiting.value() == 40
    waiting.cancel()
    with pytest.raises(Cancelled):
        waiting.tell(0.5)
    waiting.deleteLater()


def test_a_picture_is_copied_as_dots_and_as_shapes(window: MainWindow) -> None:
    panel = window.contents.panel("network")
    window.contents.controller.exports.copy_picture(panel)
    data = QGuiApplication.clipboard().mimeData()
    assert data.hasImage()
    assert b"<svg" in bytes(data.data("image/svg+xml").data())
    picture = QImage.fromData(data.data("image/png"), "PNG")
    assert (picture.width(), picture.height()) == (2 * panel.view.width(), 2 * panel.view.height())
    assert "Copied the picture" in said(window)


def test_numbers_are_copied_as_a_table(window: MainWindow) -> None:
    window.contents.controller.exports.copy_data(window.contents.panel("timeline"))
    rows = list(csv.DictReader(io.StringIO(QGuiApplication.clipboard().text()), delimiter="\t"))
    losses = [float(row["y"]) for row in rows if row["mark"] == "L_t/bars"]
    np.testing.assert_array_equal(losses, window.contents.session.moment.analysis.loss.step[:, 0])


def test_commands_act_on_the_panel_used_last(window: MainWindow) -> None:
    panel = window.contents.panel("weights")
    panel.view.setFocus()
    assert window.contents.controller.exports.panel is panel
    window.contents.actions["copy-data"].trigger()
    assert "Weights" in said(window)


def test_every_panel_offers_it_in_its_menu(window: MainWindow) -> None:
    dock = window.contents.docks["gradient-flow"]
    menu = dock.card_title.more.menu()
    assert isinstance(menu, QMenu)
    words = {action.text(): action for action in menu.actions()}
    words["Export…"].trigger()
    shown = next(child for child in window.findChildren(ExportDialog) if child.isVisible())
    assert shown.form.shown.title == dock.panel.title
    shown.close()
    words["Copy picture"].trigger()
    assert dock.panel.title in said(window)
    words["Copy data"].trigger()
    assert "numbers" in said(window)


def test_a_chart_is_exported_with_the_ranges_that_are_seen(window: MainWindow, qtbot: QtBot) -> None:
    from rnnviz.app.board import figure_of

    window.contents.open_panel("powers")
    panel = window.contents.panel("powers")
    window.contents.load_charts(all_of_them=True)
    qtbot.waitUntil(lambda: hasattr(panel.view, "shown_figure") and panel.view.shown_figure is not None)
    qtbot.keyClicks(panel.view, "+")
    figure, whole = figure_of(panel), panel.view.figure
    assert figure is not None
    assert whole is not None
    assert figure.plots[0].x.high - figure.plots[0].x.low < whole.plots[0].x.high - whole.plots[0].x.low
