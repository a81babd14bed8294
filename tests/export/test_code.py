"""Exported programs compute what the network computes."""

from __future__ import annotations

import runpy
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from networks import KINDS

from rnnviz import engine as e
from rnnviz import export
from rnnviz.app.arguments import CODE
from rnnviz.engine.interventions import targets
from rnnviz.export import Subject, _code
from rnnviz.panels.base.scene import scene_of
from rnnviz.session import edits, presets, sequence_edits
from rnnviz.session.session import Session

if TYPE_CHECKING:
    from pathlib import Path

    from rnnviz.session.state import DocumentState

NETWORKS: dict[str, dict[str, Any]] = {
    "plain": {},
    "deep": {"num_layers": 2, "bidirectional": True, "embedding_size": 2, "started": True},
    "held": {"bidirectional": True, "bias": False, "started": True, "held": True},
    "float32": {"dtype": "float32", "num_layers": 2},
}


def network(kind: str, name: str) -> DocumentState:
    """A network of any kind of cell with random weights that reads some letters."""
    options = dict(NETWORKS[name])
    started, held = options.pop("started", False), options.pop("held", False)
    recurrent = e.CELLS[KINDS[kind]["cell"]].recurrent
    options["bidirectional"] = options.get("bidirectional", False) and recurrent
    spec = e.NetworkSpec(input_size=4, hidden_size=3, output_size=4, **KINDS[kind], **options)
    draw = np.random.default_rng(len(kind) + len(name))
    parameters = e.initialise(spec, seed=0)
    parameters = parameters.replaced({key: draw.normal(0, 0.6, old.shape) for key, old in parameters.items()})
    shape = spec.num_layers * spec.directions, 1, 3
    initial = {state: draw.normal(size=shape) for state in e.CELLS[spec.cell].states}
    holds = tuple(
        e.Intervention(target, 0.3 + n / 10, n % 2, None if n % 2 else 1, 0, int(spec.bidirectional))
        for n, target in enumerate(targets(spec))
    )
    return replace(
        presets.load("dogs"),
        spec=spec,
        parameters=parameters,
        origin=None,
        text="dogsdog",
        initial=initial if started and recurrent else None,
        interventions=holds if held else (),
    )


def computed(state: DocumentState) -> e.Array:
    trace = e.forward(
        state.spec, state.parameters, state.x[:, None], state.initial, interventions=state.interventions
    )
    return trace.probabilities[:, 0]


def program(state: DocumentState, name: str, folder: Path) -> dict[str, Any]:
    path = folder / "network.py"
    export.write(Subject(state, scene_of(Session(state).moment)), path, name)
    return runpy.run_path(str(path))


def tolerance(state: DocumentState, usual: float) -> float:
    return 1e-6 if state.spec.dtype == "float32" else usual


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("kind", KINDS)
def test_numpy_code_gives_the_networks_outputs(kind: str, name: str, tmp_path: Path) -> None:
    state = network(kind, name)
    ran = program(state, "numpy", tmp_path)
    assert np.abs(ran["forward"](ran["INPUTS"]) - computed(state)).max() < tolerance(state, 1e-12)


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("kind", KINDS)
def test_pytorch_code_gives_the_networks_outputs(kind: str, name: str, tmp_path: Path) -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is not installed; it comes with the extra bench")
    state, usual = network(kind, name), torch.get_default_dtype()
    try:
        ran = program(state, "pytorch", tmp_path)
        found = ran["network"](ran["INPUTS"]).detach().numpy()
    finally:
        torch.set_default_dtype(usual)
    assert np.abs(found - computed(state)).max() < 1e-6


@pytest.mark.parametrize("name", ["numpy", "pytorch"])
def test_a_large_network_is_kept_in_one_file(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if name == "pytorch":
        pytest.importorskip("torch", reason="PyTorch is not installed; it comes with the extra bench")
    monkeypatch.setattr(_code, "LITERAL", 10)
    state = network("lstm-tanh", "plain")
    ran = program(state, name, tmp_path)
    assert "b64decode" in (tmp_path / "network.py").read_text(encoding="utf-8")
    found = ran.get("network", ran.get("forward"))(ran["INPUTS"])
    assert np.abs(np.asarray(found.detach() if name == "pytorch" else found) - computed(state)).max() < 1e-6


def test_networks_of_numbers_and_words_can_be_run(tmp_path: Path) -> None:
    state = sequence_edits.with_reads(presets.load("dogs"), "numbers")
    for one in (state, presets.load("shepherd-lstm")):
        ran = program(one, "numpy", tmp_path)
        assert np.abs(ran["forward"](ran["INPUTS"]) - computed(one)).max() < 1e-12


def test_the_program_prints_what_it_predicts(tmp_path: Path) -> None:
    path = tmp_path / "dogs.py"
    state = presets.load("dogs")
    export.write(Subject(state, scene_of(Session(state).moment)), path, "numpy")
    done = subprocess.run(
        [sys.executable, "-W", "error", str(path)], capture_output=True, text=True, timeout=60, check=True
    )
    lines = done.stdout.splitlines()
    assert len(lines) == state.steps
    assert lines[0].startswith("step 1, 'd' is read: 'd' 0.32")


def test_the_code_names_its_equations(tmp_path: Path) -> None:
    state = network("lstm-tanh", "plain")
    program(state, "numpy", tmp_path)
    text = (tmp_path / "network.py").read_text(encoding="utf-8")
    assert "# c_t = f_t ⊙ c_{t−1} + i_t ⊙ g_t" in text
    assert max(map(len, text.splitlines())) < 140


def test_equations_become_a_document() -> None:
    session = Session(presets.load("dogs"))
    session.playback.last()
    subject = Subject(session.document.state, scene_of(session.moment))
    text = export.WRITERS["latex"].text(subject)
    assert text.startswith(r"\documentclass{article}")
    assert r"\[ h_{t} = \tanh (W_{H} \, h_{t-1} + W_{X} \, x_{t}) \]" in text
    assert r"\subsection*{Backwards}" in text
    assert text.count("{") == text.count("}")
    assert text.endswith("\\end{document}\n")


def test_without_a_step_there_are_no_equations() -> None:
    state = edits.with_text(presets.load("dogs"), "d")
    with pytest.raises(export.ExportError, match="make it longer"):
        export.WRITERS["latex"].text(Subject(state, scene_of(Session(state).moment)))


def test_the_command_line_knows_every_text() -> None:
    assert tuple(sorted(export.WRITERS)) == CODE
