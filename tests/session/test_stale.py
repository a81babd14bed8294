"""Large networks: all but flow, verdict and spectra changes in the same frame; those follow and say so."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from threading import enumerate as threads
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PySide6.QtCore import QTimer
from weighing import with_weight

from rnnviz import engine as e
from rnnviz.session.session import Session
from rnnviz.session.state import DocumentState
from rnnviz.session.vocabulary import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray
    from pytestqt.qtbot import QtBot

    from rnnviz.session.session import Moment

TOKENS = tuple("abcd")


@pytest.fixture(autouse=True)
def _one_thread() -> None:
    """Compute as the program does."""
    e.limit_threads()


def large(units: int = 65, steps: int = 120, cell: str = "lstm") -> DocumentState:
    spec = e.NetworkSpec(cell, 4, units, 4)
    return DocumentState("large", spec, e.initialise(spec), Vocabulary(TOKENS), "abcd" * (steps // 4) + "a")


def change(session: Session, value: float) -> None:
    state = with_weight(session.document.state, "weight_hh_l0", 1, 1, value)
    session.document.edit(state, "Change", merge="drag")


def is_fresh(session: Session) -> bool:
    """Whether nothing is stale and flow, verdict and spectra are what the engine gives for this document."""
    now, state = session.moment, session.moment.state
    analysis = e.analyse(state.spec, state.parameters, state.x, state.y, steps=now.window)
    found = e.spectra(state.spec, state.parameters).found
    assert now.spectra is not None
    return (
        not now.stale
        and same(now.analysis.flow.norms, analysis.flow.norms)
        and now.analysis.verdict == analysis.verdict
        and same(eigenvalues(now.spectra.found), eigenvalues(found))
    )


def same(one: Mapping[str, NDArray[Any]], other: Mapping[str, NDArray[Any]]) -> bool:
    return one.keys() == other.keys() and all(np.array_equal(one[name], other[name]) for name in one)


def eigenvalues(spectra: Mapping[Any, e.Spectrum]) -> dict[str, NDArray[Any]]:
    return {str(place): spectrum.eigenvalues for place, spectrum in spectra.items()}


def has_another_flow(old: Moment, new: Moment) -> bool:
    """Whether something that was stale has been found."""
    return new.analysis.flow is not old.analysis.flow


def nothing_comes(session: Session) -> bool:
    """Whether no thread works for a session and none of its timers runs."""
    works = any(thread.name == "rnnviz-background" for thread in threads())
    return not works and not any(timer.isActive() for timer in session.findChildren(QTimer))


def settle(session: Session, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not session.moment.stale, timeout=20_000)


def test_flow_and_spectra_of_a_large_network_follow_and_the_rest_does_not_wait(qtbot: QtBot) -> None:
    session = Session(large())
    assert not session.moment.stale
    before = session.moment
    change(session, 0.5)
    now = session.moment
    assert now.stale
    assert now.analysis.flow is before.analysis.flow
    assert now.spectra is before.spectra
    trace = e.forward(now.state.spec, now.state.parameters, now.state.x[:, None])
    assert np.array_equal(now.analysis.trace.logits, trace.logits)
    settle(session, qtbot)
    assert session.moment.analysis.trace is now.analysis.trace
    assert is_fresh(session)


@pytest.mark.parametrize("units", [64, 65])
def test_only_networks_of_more_than_64_units_are_large(qtbot: QtBot, units: int) -> None:
    session = Session(large(units))
    change(session, 0.5)
    assert session.moment.stale == (units > 64)
    assert (session.moment.spectra is not None) == (units > 64)
    settle(session, qtbot)


def test_after_a_drag_everything_belongs_to_its_last_frame(qtbot: QtBot) -> None:
    session = Session(large())
    seen = []
    session.moment_changed.connect(lambda _old, new: seen.append(new))
    for value in np.linspace(-1, 1, 15):
        with qtbot.waitSignal(session.moment_changed, check_params_cb=has_another_flow):
            change(session, value)
            assert session.moment.stale
        assert session.moment.stale
    settle(session, qtbot)
    assert is_fresh(session)
    assert all(new.stale for new in seen[:-1])
    session.document.undo()
    settle(session, qtbot)
    assert is_fresh(session)


def test_what_was_asked_for_another_network_is_dropped(qtbot: QtBot) -> None:
    session = Session(large())
    change(session, 0.5)
    smaller = large(units=3)
    session.document.edit(smaller, "Open")
    now = session.moment
    assert not now.stale
    qtbot.waitUntil(lambda: nothing_comes(session))
    assert session.moment is now
    assert now.analysis.flow.norms["h"].shape == (80, 80)


def test_another_window_is_never_stale(qtbot: QtBot) -> None:
    session = Session(large())
    change(session, 0.5)
    session.playback.last()
    assert session.moment.window == (40, 120)
    assert is_fresh(session)
    now = session.moment
    qtbot.waitUntil(lambda: nothing_comes(session))
    assert session.moment is now


def test_the_layer_looked_at_has_its_own_spectra_while_something_is_stale(qtbot: QtBot) -> None:
    spec = replace(large().spec, num_layers=2)
    session = Session(replace(large(), spec=spec, parameters=e.initialise(spec)))
    change(session, 0.5)
    session.playback.look_at(0, 0)
    settle(session, qtbot)
    spectra = session.moment.spectra
    assert spectra is not None
    matrix = session.document.state.parameters["weight_hh_l0"][:65]
    assert np.array_equal(spectra.found["weight_hh_l0", 0].eigenvalues, e.spectrum(matrix).eigenvalues)


def test_one_can_also_wait_for_it(qtbot: QtBot) -> None:
    session = Session(large())
    change(session, 0.5)
    session.catch_up()
    assert is_fresh(session)
    now = session.moment
    qtbot.waitUntil(lambda: nothing_comes(session))
    assert session.moment is now
    session.catch_up()
    assert session.moment is now


def test_a_program_that_ends_meanwhile_ends_quietly() -> None:
    program = (
        "import sys; sys.path[:0] = ['tests', 'tests/session']\n"
        "from PySide6.QtCore import QCoreApplication\n"
        "application = QCoreApplication([])\n"
        "from test_stale import Session, change, e, large\n"
        "e.limit_threads()\n"
        "session = Session(large(128, 200))\n"
        "for n in range(3): change(session, n / 7); application.processEvents()\n"
        "assert session.moment.stale\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False
    )
    assert (ended.returncode, ended.stderr) == (0, "")
