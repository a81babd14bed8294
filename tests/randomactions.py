"""A user without a plan, the same again for a seed: presses, drags, wheels, types, clicks in a real window.

Buttons that train are left out, since how far another process gets is not the same again, and so are the
ways out of the window: quitting, and dialogs of the system, which answer that they were cancelled.
"""

from __future__ import annotations

import logging
import sys
import traceback
from collections import deque
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import numpy as np
from freshness import panels_not_fresh
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QFileDialog,
    QInputDialog,
    QLineEdit,
    QWidget,
)
from shiboken6 import isValid

from rnnviz.engine.interventions import targets
from rnnviz.engine.selection import Selection
from rnnviz.session.state import equal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rnnviz.app.window import MainWindow
    from rnnviz.session.state import DocumentState

Key = Qt.Key
NONE, SHIFT, CONTROL, ALT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
)
LEFT, NO_BUTTON = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton

KEYS: tuple[tuple[Key, str], ...] = (
    *((key, "") for key in (Key.Key_Left, Key.Key_Right, Key.Key_Up, Key.Key_Down) * 2),
    *((key, "") for key in (Key.Key_Home, Key.Key_End, Key.Key_Tab, Key.Key_Backtab, Key.Key_F2)),
    *((key, "") for key in (Key.Key_Escape, Key.Key_Return, Key.Key_Delete, Key.Key_Backspace)),
    *((Qt.Key(ord(letter.upper())), letter) for letter in "fln.,-0123456789 "),
)
CHORDS: tuple[tuple[Key, Qt.KeyboardModifier], ...] = (
    (Key.Key_Z, CONTROL),
    (Key.Key_Z, CONTROL),
    (Key.Key_Y, CONTROL),
    (Key.Key_C, CONTROL),
    (Key.Key_V, CONTROL),
    (Key.Key_X, CONTROL),
    (Key.Key_A, CONTROL),
    (Key.Key_Up, ALT),
    (Key.Key_Down, ALT),
    (Key.Key_Left, SHIFT),
    (Key.Key_Down, SHIFT),
    (Key.Key_Plus, CONTROL),
    (Key.Key_Minus, CONTROL),
)
TYPED = "abcdefgh  zäß0"
TEXTS = ("", "a", "hello world", "to be or not to be", "0.5\t-1\n2,5\t3", "x" * 120, "1.5", "-0,3", "nan")
LEFT_OUT = {"Train", "Step", "Resume", "Pause", "Reset"}  # what starts the other process, or waits for it
SIZES = ((1280, 720), (1600, 1000), (1180, 640), (2000, 1300))
REMEMBERED = 12
HOLDING = ("hold-zero", "hold-as-is")


class TroubleError(AssertionError):
    """What went wrong, after which actions."""


class RandomUser:
    """Acts in a window, and notes what goes wrong in it."""

    def __init__(self, window: MainWindow, seed: int) -> None:
        self.window = window
        self.session = window.contents.session
        self.draw = np.random.default_rng(seed)
        self.count = 0
        self._grabber: QWidget = window
        self.last: deque[str] = deque(maxlen=REMEMBERED)
        self._actions: tuple[tuple[Callable[[], str], float], ...] = (
            (self._press, 4),
            (self._drag, 5),
            (self._wheel, 2),
            (self._double_click, 2),
            (self._hover, 1),
            (self._key, 8),
            (self._chord, 3),
            (self._type, 3),
            (self._push_button, 4),
            (self._choose, 2),
            (self._open_menu, 1),
            (self._trigger, 2),
            (self._hold, 2),
            (self._resize, 0.2),
        )
        weights = np.array([weight for _, weight in self._actions])
        self._odds = weights / weights.sum()

    def act(self) -> None:
        """Do one thing and let the window answer; raises TroubleError if it does not stand that."""
        action = self._actions[self.draw.choice(len(self._actions), p=self._odds)][0]
        self.count += 1
        self.last.append(action.__name__)  # in case it does not come back
        self.last[-1] = f"{self.count}: {action()}"
        QApplication.processEvents()
        self._close_what_is_open()

    def check(self) -> None:
        """Raise TroubleError unless every panel shows what a fresh run of the engine gives."""
        self.session.catch_up()
        QApplication.processEvents()
        wrong = panels_not_fresh(self.window)
        if wrong:
            raise TroubleError(f"not fresh: {', '.join(wrong)} after {list(self.last)}")

    def undo_all(self) -> None:
        """Undo by the keyboard until there is nothing to undo."""
        self._close_what_is_open(at_once=True)
        stack, window = self.session.document.undo_stack, self.window
        for other in QApplication.topLevelWidgets():
            if other is not window and other.isVisible():
                other.close()
        window.activateWindow()
        QApplication.processEvents()
        self.session.playback.pause()
        self.session.training.stop()  # Tab and Space lead to its button, too
        while stack.canUndo():
            index = stack.index()
            window.setFocus()
            self._send_key(window, Key.Key_Z, "", CONTROL)
            if stack.index() >= index:
                raise TroubleError(f"Ctrl+Z does not undo “{stack.undoText()}”")
        self.check()

    def _pick(self, several: Any) -> Any:
        return several[int(self.draw.integers(len(several)))]

    def _view(self) -> QWidget | None:
        views = [panel.view for panel in self.window.contents.visible_panels()]
        return self._pick(views) if views else None

    def _point(self, widget: QWidget) -> QPointF:
        x, y = self.draw.uniform(size=2)
        return QPointF(x * max(1, widget.width() - 1), y * max(1, widget.height() - 1))

    def _modifiers(self) -> Qt.KeyboardModifier:
        return self._pick((NONE, NONE, NONE, SHIFT, CONTROL, ALT))

    def _press(self) -> str:
        view = self._view()
        if view is None:
            return "press nothing"
        at, modifiers = self._point(view), self._modifiers()
        self._mouse(view, QEvent.Type.MouseButtonPress, at, modifiers)
        self._mouse(view, QEvent.Type.MouseButtonRelease, at, modifiers)
        return f"press {where(view, at)} {modifiers.name}"

    def _drag(self) -> str:
        view = self._view()
        if view is None:
            return "drag nothing"
        at, modifiers = self._point(view), self._modifiers()
        self._mouse(view, QEvent.Type.MouseButtonPress, at, modifiers)
        moves = self.draw.normal(0, 40, (int(self.draw.integers(1, 6)), 2))
        for x, y in moves.tolist():
            self._mouse(view, QEvent.Type.MouseMove, at + QPointF(x, y), modifiers)
        end = at + QPointF(*moves[-1].tolist())
        self._mouse(view, QEvent.Type.MouseButtonRelease, end, modifiers)
        return f"drag {where(view, at)} to {where(view, end)} {modifiers.name}"

    def _double_click(self) -> str:
        view = self._view()
        if view is None:
            return "double-click nothing"
        at = self._point(view)
        for kind in (
            QEvent.Type.MouseButtonPress,
            QEvent.Type.MouseButtonRelease,
            QEvent.Type.MouseButtonDblClick,
            QEvent.Type.MouseButtonRelease,
        ):
            self._mouse(view, kind, at, NONE)
        return f"double-click {where(view, at)}"

    def _hover(self) -> str:
        view = self._view()
        if view is None:
            return "hover nowhere"
        at = self._point(view)
        event = QMouseEvent(QEvent.Type.MouseMove, at, view.mapToGlobal(at), NO_BUTTON, NO_BUTTON, NONE)
        QApplication.sendEvent(target(view, at), event)
        return f"hover {where(view, at)}"

    def _wheel(self) -> str:
        view = self._view()
        if view is None:
            return "wheel nothing"
        at, modifiers = self._point(view), self._modifiers()
        turned = QPoint(0, int(self._pick((-240, -120, 120, 240))))
        event = QWheelEvent(
            at,
            view.mapToGlobal(at),
            QPoint(),
            turned,
            NO_BUTTON,
            modifiers,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(target(view, at), event)
        return f"wheel {where(view, at)} {turned.y()} {modifiers.name}"

    def _key(self) -> str:
        key, text = self._pick(KEYS)
        times = int(self.draw.integers(1, 4))
        for _ in range(times):
            self._send_key(self._focus(), key, text, NONE)
        return f"{times} × {key.name} in {named(self._focus())}"

    def _chord(self) -> str:
        key, modifiers = self._pick(CHORDS)
        widget = self._focus()
        self._send_key(widget, key, "", modifiers)
        return f"{modifiers.name} {key.name} in {named(widget)}"

    def _type(self) -> str:
        """Type into a line that is there to be typed into."""
        lines = [line for line in self._widgets(QLineEdit) if not line.isReadOnly()]
        if not lines:
            return "type nowhere"
        line = self._pick(lines)
        line.setFocus()
        if self.draw.uniform() < 0.5:
            line.selectAll()
        text = "".join(self._pick(TYPED) for _ in range(int(self.draw.integers(1, 8))))
        for letter in text:
            self._send_key(
                self._focus(), Qt.Key(ord(letter.upper())) if letter.isascii() else Key(0), letter, NONE
            )
        if self.draw.uniform() < 0.7:
            self._send_key(self._focus(), Key.Key_Return, "\r", NONE)
        return f"type {text!r} into {named(line)}"

    def _push_button(self) -> str:
        buttons = [
            button
            for button in self._widgets(QAbstractButton)
            if button.text() not in LEFT_OUT and not button.text().startswith("Quit")
        ]
        if not buttons:
            return "push nothing"
        button = self._pick(buttons)
        name = named(button)
        at = QPointF(button.rect().center())
        with self._attended():
            self._mouse(button, QEvent.Type.MouseButtonPress, at, NONE)
            self._mouse(button, QEvent.Type.MouseButtonRelease, at, NONE)
        return f"push {name}"

    def _choose(self) -> str:
        """Turn a spin box or a combo box by the keys."""
        boxes = [*self._widgets(QComboBox), *self._widgets(QAbstractSpinBox)]
        if not boxes:
            return "choose nothing"
        box = self._pick(boxes)
        box.setFocus()
        key = self._pick((Key.Key_Up, Key.Key_Down, Key.Key_PageDown, Key.Key_Home))
        self._send_key(box, key, "", NONE)
        return f"{key.name} in {named(box)}"

    def _open_menu(self) -> str:
        view = self._view()
        if view is None:
            return "no menu"
        at = self._point(view)
        QApplication.clipboard().setText(self._pick(TEXTS))
        place, globally = at.toPoint(), view.mapToGlobal(at).toPoint()
        with self._attended():
            event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, globally)
            QApplication.sendEvent(target(view, at), event)
        return f"menu at {where(view, at)}"

    def _trigger(self) -> str:
        """Use a command, as the menus and the palette offer them."""
        actions = [
            action
            for action in self.window.contents.actions
            if action.isEnabled() and action.objectName() not in {"quit", "guide"}
        ]
        action = self._pick(actions)
        with self._attended():
            action.trigger()
        return f"command {action.objectName() or action.text()}"

    def _hold(self) -> str:
        """Pick a unit, and hold it or let go, or look at what that changes."""
        spec = self.session.moment.state.spec
        sizes = (spec.hidden_size, spec.num_layers, spec.directions)
        place = [int(self.draw.integers(size)) for size in sizes]
        self.session.playback.select(Selection(str(self._pick(targets(spec))), *place))
        name = self._pick((*HOLDING, *HOLDING, "let-go", "let-all-go", "sight-effect"))
        with self._attended():
            self.window.contents.actions[name].trigger()
        return f"{name} at {self.session.moment.selection}"

    def _resize(self) -> str:
        size = self._pick(SIZES)
        self.window.resize(*size)
        return f"resize to {size}"

    def _widgets(self, kind: type) -> list[Any]:
        """The widgets of a kind that can be reached with the mouse."""
        roots = [self.window, *(w for w in QApplication.topLevelWidgets() if w.isWindow() and w.isVisible())]
        found = dict.fromkeys(widget for root in roots for widget in root.findChildren(kind))
        return [w for w in found if w.isVisible() and w.isEnabled() and w.width() and not is_foreign(w)]

    def _focus(self) -> QWidget:
        return QApplication.focusWidget() or self.window

    def _mouse(self, widget: QWidget, kind: QEvent.Type, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Send what the mouse does; what is pressed hears of it until the release."""
        if kind in {QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick}:
            self._grabber = target(widget, at)
        if not isValid(self._grabber) or not isValid(widget):
            return
        button = NO_BUTTON if kind == QEvent.Type.MouseMove else LEFT
        held = NO_BUTTON if kind == QEvent.Type.MouseButtonRelease else LEFT
        globally = widget.mapToGlobal(at)
        there = self._grabber.mapFromGlobal(globally)
        QApplication.sendEvent(self._grabber, QMouseEvent(kind, there, globally, button, held, modifiers))

    def _send_key(self, widget: QWidget, key: Key, text: str, modifiers: Qt.KeyboardModifier) -> None:
        """Send a key as the system does: shortcuts come first."""
        with self._attended():
            if text and not text.isascii():
                for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                    QApplication.sendEvent(widget, QKeyEvent(kind, 0, modifiers, text))
            else:
                QTest.keyClick(widget, key, modifiers)

    @contextmanager
    def _attended(self) -> Iterator[None]:
        """Answer what opens and waits for an answer meanwhile."""
        timer = QTimer(interval=1)
        timer.timeout.connect(lambda: self._close_what_is_open(at_once=True))
        timer.start()
        try:
            yield
        finally:
            timer.stop()

    def _close_what_is_open(self, *, at_once: bool = False) -> None:
        """Use an open menu or dialog now and then, and close it."""
        for _ in range(20):
            popup = QApplication.activePopupWidget() or QApplication.activeModalWidget()
            if popup is None:
                return
            if not at_once and self.draw.uniform() < 0.6:
                for _ in range(int(self.draw.integers(1, 6))):
                    key_in(popup, Key.Key_Down)
                key_in(popup, Key.Key_Return)
                self.last[-1] += " and use what opens"
            if popup.isVisible():
                popup.close()
            QApplication.processEvents()


def key_in(widget: QWidget, key: Key) -> None:
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QApplication.sendEvent(widget, QKeyEvent(kind, key, NONE))


def target(widget: QWidget, at: QPointF) -> QWidget:
    """The widget that the mouse meets at a place."""
    return widget.childAt(at.toPoint()) or widget


def is_foreign(widget: QWidget) -> bool:
    """Whether a widget is part of another one that is counted itself."""
    return isinstance(widget.parent(), QAbstractSpinBox | QComboBox)


def named(widget: QWidget) -> str:
    words = [widget.objectName()]
    if isinstance(widget, QAbstractButton):
        words.append(widget.text())
    words.append(widget.accessibleName() or widget.toolTip()[:30])
    return " ".join(filter(None, [type(widget).__name__, *words]))


def where(view: QWidget, at: QPointF) -> str:
    panel = view
    while panel is not None and not hasattr(panel, "name"):
        panel = panel.parentWidget()
    return f"{getattr(panel, 'name', '?')} ({at.x():.0f}, {at.y():.0f})"


class _Errors(logging.Handler):
    """Collects what was logged as an error, such as a figure that could not be drawn."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.found.append(logging.Formatter().format(record))


@contextmanager
def watched() -> Iterator[list[str]]:
    """Collect what goes wrong in the dark: errors that are logged or raised in slots; let no dialog open."""
    errors, hook = _Errors(), sys.excepthook
    logging.getLogger().addHandler(errors)

    def note(kind: type[BaseException], error: BaseException, trace: Any) -> None:
        errors.found.append("".join(traceback.format_exception(kind, error, trace)))

    sys.excepthook = note
    try:
        with (
            patch.object(QFileDialog, "getOpenFileName", lambda *_, **__: ("", "")),
            patch.object(QFileDialog, "getSaveFileName", lambda *_, **__: ("", "")),
            patch.object(QInputDialog, "getItem", lambda *_, **__: ("", False)),
        ):
            yield errors.found
    finally:
        sys.excepthook = hook
        logging.getLogger().removeHandler(errors)


def live(window: MainWindow, actions: int, seed: int, check_every: int = 25) -> RandomUser:
    """Act in a window, look at the panels now and then, undo all; raises TroubleError if any is wrong."""
    user, document = RandomUser(window, seed), window.contents.session.document
    before = document.state
    with watched() as errors:
        for number in range(1, actions + 1):
            user.act()
            if number % check_every == 0:
                user.check()
            if errors:
                raise TroubleError(f"{errors[0]}\nafter {list(user.last)}")
        user.undo_all()
        if errors:
            raise TroubleError(f"{errors[0]}\nwhile undoing")
    if document.state is not before and not identical(document.state, before):
        raise TroubleError("the document is not what it was")
    return user


def identical(one: DocumentState, other: DocumentState) -> bool:
    """Whether two documents are the same to the last bit."""
    parts = [(state.parameters.flat.dtype, state.parameters.flat.tobytes()) for state in (one, other)]
    return equal(one, other) and parts[0] == parts[1]
