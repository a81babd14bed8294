"""The status bar: what network this is, what its gradients do, and whether its numbers are still numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QStatusBar

from rnnviz.engine import CELLS
from rnnviz.figures.numbers import written
from rnnviz.figures.staleness import COMPUTING
from rnnviz.panels.base.live_label import LiveLabel
from rnnviz.panels.base.tips import Tips, in_notation
from rnnviz.session.offers import refusal

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from rnnviz.session.session import Moment, Session

EDGE = 10  # pixels between the loss and the window's edge
LOSS_WIDTH = 300  # pixels: room for any loss, so that the bar rests while it changes
VERDICT = (
    "Vanishing, exploding or healthy: how ‖∂L_t/∂h_k‖ shrinks or grows a step, "
    "from the last loss back to the first step"
)
PILLS = {"vanishing": "pill-gradient", "exploding": "pill-warning"}


def network_in_words(moment: Moment) -> str:
    """Say which network is shown: RNN · tanh · 3 units · 33 parameters · float64."""
    spec = moment.state.spec
    parts = (
        CELLS[spec.cell].title,
        "" if refusal(spec, "activation") else spec.activation,
        f"{spec.num_layers} layers" if spec.num_layers > 1 else "",
        "both directions" if spec.bidirectional else "",
        f"{spec.hidden_size} units",
        f"{moment.state.parameters.flat.size:,} parameters",
        spec.dtype,
    )
    return " · ".join(filter(None, parts))


class StatusBar(QStatusBar):
    """Reads everything from the session's moment."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self.setSizeGripEnabled(False)
        self.network, self.verdict, self.trouble = QLabel(), QLabel(), QLabel()
        self.loss = LiveLabel(Qt.AlignmentFlag.AlignRight)
        self.loss.setFixedWidth(LOSS_WIDTH)
        self.loss.setContentsMargins(0, 0, EDGE, 0)
        self.loss.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.trouble.setProperty("class", "pill-warning")
        for label in (self.network, self.verdict, self.trouble):
            label.setTextFormat(Qt.TextFormat.PlainText)
            self.addWidget(label)
        self.addPermanentWidget(self.loss)
        Tips(session, self).set(self.verdict, VERDICT)
        self.loss.setToolTip("The total loss: L_t summed over the steps, in nats")
        session.moment_changed.connect(self._on_moment_changed)
        self.ensurePolished()  # so that the looks below replace the bar's own
        self._show(session.moment)

    def _on_moment_changed(self, old: Moment, new: Moment) -> None:
        if old.analysis is not new.analysis or old.stale != new.stale or old.notation != new.notation:
            self._show(new)

    def _show(self, moment: Moment) -> None:
        analysis = moment.analysis
        _set(self.network, network_in_words(moment))
        verdict = in_notation(moment, analysis.verdict.sentence)
        _set(self.verdict, verdict + (f" · {COMPUTING}" if moment.stale else ""))
        look = PILLS.get(analysis.verdict.kind, "pill")
        _set_look(self.verdict, look)
        _set(self.trouble, "" if analysis.trouble is None else in_notation(moment, analysis.trouble.sentence))
        self.trouble.setVisible(analysis.trouble is not None)
        counted = moment.state.steps - len(moment.state.silent)
        of = f"{counted} of {moment.state.steps} steps" if moment.state.silent else f"{counted} steps"
        unit = " nats" if moment.state.spec.readout == "softmax" else ""
        _set(self.loss, f"loss {written(float(analysis.loss.total), 4)}{unit} over {of}")


def _set(label: QLabel, text: str) -> None:
    if label.text() != text:
        label.setText(text)


def _set_look(label: QLabel, look: str) -> None:
    """Give a label another class of the stylesheet, and the room that class needs."""
    if label.property("class") != look:
        label.setProperty("class", look)
        label.style().unpolish(label)
        label.style().polish(label)
        label.updateGeometry()
