"""The knobs that make gradients vanish, explode or stay: each turn is an edit that every panel follows."""

from __future__ import annotations

from functools import partial
from math import isfinite, isnan
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QWidget

from rnnviz.engine import SCHEMES
from rnnviz.panels.base.buttons import tool_button
from rnnviz.panels.base.knob import Knob, Range
from rnnviz.panels.base.tips import Tips
from rnnviz.session import edits, knobs
from rnnviz.session.background import Background
from rnnviz.session.errors import EditError
from rnnviz.session.offers import choices
from rnnviz.session.vocabulary import MAX_TEXT

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QResizeEvent, QShowEvent

    from rnnviz.session.session import Session
    from rnnviz.session.state import DocumentState

RADIUS = Range(0.05, 3.0, log=True)
BIAS = Range(-4.0, 8.0)
LENGTH = Range(2.0, 200.0, log=True, decimals=0)
CLIP = Range(0.01, 100.0, log=True)
NARROWEST, WIDE = 300, 720  # logical pixels: the least, and those from which there are three columns
PLACES = {  # (row, column) of radius, bias, steps, clip, activation, weights, by the number of columns
    2: ((0, 0), (1, 0), (0, 1), (1, 1), (2, 0), (2, 1)),
    3: ((0, 0), (1, 0), (0, 1), (1, 1), (0, 2), (1, 2)),
}
BIASES = {"f": "forget bias", "z": "update bias"}
"""What the bias of the gate that keeps the memory is called."""
MOST_UNITS = 64  # of which eigenvalues can be found while something is dragged
TIPS = {
    "radius": "The largest |eigenvalue| of the recurrent weights W_H, which are all scaled alike: "
    "what h_{t−1} adds to a_t grows or shrinks by it",
    "bias": "The bias of the gate that keeps the memory, f in c_t = f ⊙ c_{t−1} + i ⊙ g or z in "
    "h_t = (1 − z) ⊙ n + z ⊙ h_{t−1}: at 3 it keeps 95 % from step to step; "
    "a network without gates has none",
    "length": "How many steps the text has; a longer one says its tokens again",
    "clip": "The longest gradient that training takes: ∂L/∂W ← c ∂L/∂W / ‖∂L/∂W‖ if it is longer than c. "
    "It bounds the updates, not the gradient itself",
    "activation": "The activation φ in h_t = φ(a_t): tanh flattens out, ReLU does not; "
    "the activations of gated cells are fixed",
    "scheme": "How weights are drawn",
    "draw": "Draw all weights anew, W_X, W_H, W_Y and the biases, in the way chosen beside this button",
}


class Knobs(QWidget):
    """Spectral radius, bias of the keeping gate, length, clipping, activation and initialiser."""

    refused = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.radius = Knob("spectral radius", TIPS["radius"], RADIUS, 1e3)
        self.bias = Knob("forget bias", TIPS["bias"], BIAS, 1e3)
        self.length = Knob("steps", TIPS["length"], LENGTH, MAX_TEXT - 1.0)
        self.clip = Knob("clip", TIPS["clip"], CLIP, CLIP.high, last="none")
        self.activation, self.scheme = QComboBox(), QComboBox()
        self.draw = tool_button("Draw", "small", TIPS["draw"])
        self.background = Background(self)
        self.background.found.connect(self._on_found)
        self._seed = 0
        self._tokens: tuple[str, ...] = ()
        self._texts: set[str] = set()  # that the knob for the length has made of these tokens
        self._entries: list[tuple[QLabel, QWidget, QWidget]] = []
        self._columns = 0
        self._lay_out()
        self._say_tips()
        self._connect()
        session.document.state_changed.connect(self._on_state_changed)
        self._read_back(session.document.state)

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(4, 0, 4, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        self.setMinimumWidth(NARROWEST)
        for knob in (self.radius, self.bias, self.length, self.clip):
            self._entries.append((QLabel(knob.name), knob.slider, knob.box))
        self._entries.append((QLabel("activation φ"), self.activation, QWidget()))
        self._entries.append((QLabel("weights"), self.scheme, self.draw))
        self._arrange(columns=2)
        for box, key in ((self.activation, "activation"), (self.scheme, "scheme")):
            box.setToolTip(TIPS[key])
            box.setAccessibleName(key)
        for name, scheme in SCHEMES.items():
            self.scheme.addItem(scheme.title, name)

    def _arrange(self, columns: int) -> None:
        """Put the knobs into so many columns, those that belong together above one another."""
        grid = self.layout()
        if columns == self._columns or not isinstance(grid, QGridLayout):
            return
        self._columns = columns
        places = PLACES[columns]
        for widget in (widget for entry in self._entries for widget in entry):
            grid.removeWidget(widget)
        for entry, (row, column) in zip(self._entries, places, strict=True):
            for n, widget in enumerate(entry):
                grid.addWidget(widget, row, 3 * column + n)
        for column in range(2):
            grid.setColumnStretch(3 * column + 1, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the knobs out for the new width."""
        super().resizeEvent(event)
        self._arrange(3 if self.width() >= WIDE else 2)

    def _say_tips(self) -> None:
        """Keep those tooltips that speak of states and weights in the notation chosen."""
        tips, radius, bias = Tips(self.session, self), self.radius, self.bias
        for widget in (radius.slider, radius.box):
            tips.set(widget, TIPS["radius"])
        for widget in (bias.slider, bias.box):
            tips.set(widget, TIPS["bias"])
        for widget in (self.clip.slider, self.clip.box):
            tips.set(widget, TIPS["clip"])
        tips.set(self.activation, TIPS["activation"])
        tips.set(self.draw, TIPS["draw"])

    def _connect(self) -> None:
        for knob, slot in (
            (self.radius, self._on_radius),
            (self.bias, self._on_bias),
            (self.length, self._on_length),
            (self.clip, self._on_clip),
        ):
            knob.turned.connect(slot)
            knob.let_go.connect(self._on_let_go)
        self.activation.textActivated.connect(self._on_activation)
        self.draw.clicked.connect(self._on_draw)

    def _edit(
        self, edit: Callable[[DocumentState], DocumentState], text: str, merge: str | None = None
    ) -> None:
        document = self.session.document
        try:
            document.edit(edit(document.state), text, merge)
        except EditError as error:
            self.refused.emit(str(error))
        self._read_back(document.state)

    def _on_radius(self, radius: float) -> None:
        self._edit(partial(knobs.with_radius, radius=radius), "Change the spectral radius", "radius")

    def _on_bias(self, bias: float) -> None:
        gate = knobs.keeping_gate(self.session.document.state.spec)
        self._edit(partial(knobs.with_keeping_bias, bias=bias), f"Change the bias of {gate}", "keeping bias")

    def _on_length(self, steps: float) -> None:
        """Make the text longer or shorter; until another one comes, the first one is remembered.

        So a text that was shortened gets its own words back.
        """
        state = self.session.document.state
        if state.text not in self._texts:
            self._tokens, self._texts = state.tokens, {state.text}
        change = partial(knobs.with_length, tokens=self._tokens, steps=round(steps))
        self._edit(change, "Change the length", "length")
        self._texts.add(self.session.document.state.text)

    def _on_clip(self, clip: float) -> None:
        wanted = None if clip >= CLIP.high else clip
        self._edit(partial(edits.with_settings, clip=wanted), "Clip gradients", "clip")

    def _on_let_go(self) -> None:
        self.session.document.end_merge()
        self._read_back(self.session.document.state)

    def _on_activation(self, activation: str) -> None:
        self._edit(partial(edits.with_activation, activation=activation), f"Use {activation}")

    def _on_draw(self) -> None:
        self._seed += 1
        scheme = self.scheme.currentData()
        self._edit(partial(knobs.with_scheme, scheme=scheme, seed=self._seed), "Draw the weights anew")

    def _on_state_changed(self, _old: DocumentState, new: DocumentState) -> None:
        if self.isVisible():
            self._read_back(new)

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what changed while the knobs were hidden."""
        super().showEvent(event)
        self._read_back(self.session.document.state)

    def _name_bias(self, name: str) -> None:
        """Call the knob of the bias after the gate that there is."""
        self._entries[1][0].setText(name)
        for widget in (self.bias.slider, self.bias.box):
            widget.setAccessibleName(name)

    def _read_back(self, state: DocumentState) -> None:
        """Show the numbers of the document."""
        self._read_radius_back(state)
        bias = knobs.keeping_bias(state)
        self.bias.set_possible(not isnan(bias))
        self._name_bias(BIASES.get(knobs.keeping_gate(state.spec), self.bias.name))
        self.length.set_possible(bool(state.tokens))
        if isfinite(bias):
            self.bias.show_value(bias)
        self.length.show_value(float(state.steps))
        self.clip.show_value(CLIP.high if state.settings.clip is None else state.settings.clip)
        blocker = QSignalBlocker(self.activation)
        offered = choices(state.spec.cell, "activation")
        if [self.activation.itemText(n) for n in range(self.activation.count())] != list(offered):
            self.activation.clear()
            self.activation.addItems(offered)
        self.activation.setCurrentText(state.spec.activation)
        self.activation.setEnabled(len(offered) > 1)
        blocker.unblock()

    def _read_radius_back(self, state: DocumentState) -> None:
        """Show the spectral radius, that of a large network when it has been found."""
        self.background.cancel()
        if state.spec.hidden_size <= MOST_UNITS:
            self._show_radius(knobs.radius_of(state))
        elif (known := knobs.radius_known(state)) is not None:
            self._show_radius(known)
        else:
            self.background.ask(partial(knobs.radius_of, state))

    def _on_found(self, radius: float, _is_newest: bool) -> None:
        self._show_radius(radius)

    def _show_radius(self, radius: float) -> None:
        self.radius.set_possible(isfinite(radius) and radius > knobs.SMALLEST)
        if isfinite(radius):
            self.radius.show_value(radius)
