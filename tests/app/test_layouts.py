"""Arrangements of docks survive a file, and no file can do harm with one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDockWidget, QLabel, QMainWindow

from rnnviz.app.layouts import apply_layout, layout_of
from rnnviz.app.workspaces import WORKSPACES, Split
from rnnviz.session.files.schema import LayoutPart

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from rnnviz.app.layouts import Tree

NAMES = ("a", "b", "c", "d", "e")
Docks = dict[str, QDockWidget]


@pytest.fixture
def desk(qtbot: QtBot) -> tuple[QMainWindow, Docks]:
    window = QMainWindow()
    window.setDockNestingEnabled(True)
    docks: Docks = {}
    for name in NAMES:
        docks[name] = dock = QDockWidget(name, window)
        dock.setObjectName(name)
        dock.setWidget(QLabel(name))
        window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, dock)
    qtbot.addWidget(window)
    window.resize(1200, 800)
    window.show()
    QApplication.processEvents()
    return window, docks


def tree(*parts: Any, way: str = "row", sizes: tuple[int, ...] = ()) -> LayoutPart:
    return LayoutPart(way, parts, sizes or (1,) * len(parts))


def names_in(layout: Tree | None) -> Any:
    """A tree without its sizes."""
    if isinstance(layout, LayoutPart):
        return layout.direction, *(names_in(part) for part in layout.parts)
    return layout


@pytest.mark.parametrize(
    "layout",
    [
        "c",
        tree("a", "b"),
        tree("b", "a", way="column"),
        tree("a", tree("b", "c", tree("d", "e"), way="column")),
        tree(tree("a", "b", way="column"), tree("c", tree("d", "e"), way="column")),
        tree("a", tree("b", "c", "d", way="tabs"), "e"),
        tree("e", "d", "c", way="tabs"),
    ],
)
def test_an_arrangement_comes_back(desk: tuple[QMainWindow, Docks], layout: Tree) -> None:
    apply_layout(*desk, layout)
    QApplication.processEvents()
    found = layout_of(*desk)
    assert names_in(found) == names_in(layout)
    apply_layout(*desk, "a")
    QApplication.processEvents()
    assert found is not None
    apply_layout(*desk, found)
    QApplication.processEvents()
    assert names_in(layout_of(*desk)) == names_in(layout)


def test_sizes_come_back_too(desk: tuple[QMainWindow, Docks]) -> None:
    layout = tree("a", tree("b", "c", way="column", sizes=(1, 3)), sizes=(1, 2))
    apply_layout(*desk, layout)
    QApplication.processEvents()
    docks = desk[1]
    assert docks["b"].width() == pytest.approx(2 * docks["a"].width(), rel=0.05)
    assert docks["c"].height() == pytest.approx(3 * docks["b"].height(), rel=0.1)


def test_a_dock_that_floats_or_is_closed_is_no_part_of_it(desk: tuple[QMainWindow, Docks]) -> None:
    apply_layout(*desk, tree("a", "b", "c"))
    desk[1]["a"].setFloating(True)
    desk[1]["c"].close()
    QApplication.processEvents()
    assert layout_of(*desk) == "b"


def test_names_that_are_not_there_or_twice_are_passed_over(desk: tuple[QMainWindow, Docks]) -> None:
    apply_layout(*desk, tree("a", "zebra", tree("a", "b"), tree("zebra", way="tabs")))
    QApplication.processEvents()
    assert names_in(layout_of(*desk)) == ("row", "a", "b")
    apply_layout(*desk, tree("zebra"))
    QApplication.processEvents()
    assert names_in(layout_of(*desk)) == ("row", "a", "b")


TREES = st.recursive(
    st.sampled_from([*NAMES, "zebra", ""]),
    lambda inner: st.builds(
        LayoutPart,
        st.sampled_from(["row", "column", "tabs"]),
        st.lists(inner, max_size=4).map(tuple),
        st.lists(st.integers(-(2**31), 2**31 - 1), max_size=4).map(tuple),
    ),
    max_leaves=12,
)


@settings(max_examples=60)
@given(layout=TREES)
def test_no_arrangement_does_any_harm(desk: tuple[QMainWindow, Docks], layout: Tree) -> None:
    apply_layout(*desk, layout)
    QApplication.processEvents()
    assert layout_of(*desk) is not None
    assert all(dock.width() < 10_000 for dock in desk[1].values())


def test_a_tree_that_is_too_deep_is_cut(desk: tuple[QMainWindow, Docks]) -> None:
    layout: Tree = "a"
    for _ in range(500):
        layout = LayoutPart("row", (layout,))
    apply_layout(*desk, tree("b", layout))
    assert layout_of(*desk) is not None


@pytest.mark.parametrize("name", WORKSPACES)
def test_a_workspace_is_such_a_tree(desk: tuple[QMainWindow, Docks], name: str) -> None:
    def as_tree(part: Any) -> Any:
        if isinstance(part, Split):
            return LayoutPart(part.direction, tuple(map(as_tree, part.parts)), part.sizes)
        return part

    panels = WORKSPACES[name].panels()
    window = desk[0]
    docks = {panel: QDockWidget(panel, window) for panel in panels}
    for panel, dock in docks.items():
        dock.setObjectName(panel)
        dock.setWidget(QLabel(panel))
    apply_layout(window, docks, as_tree(WORKSPACES[name].layout))
    QApplication.processEvents()
    assert sorted(docks) == sorted(name for name, dock in docks.items() if dock.isVisible())
