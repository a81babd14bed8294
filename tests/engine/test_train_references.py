"""Whole runs of training as another implementation made them, in float64."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import repeat

import numpy as np
import pytest
from networks import REFERENCE, reference, relative_error

from rnnviz import engine as e

RUNS = sorted(path.stem for path in REFERENCE.glob("train_*.npz"))


def test_every_optimiser_is_compared():
    assert {json.loads(str(reference(name)["meta"]))["optimizer"] for name in RUNS} == e.OPTIMIZERS.keys()


def network(wanted, meta, dtype):
    """The network of a run; "rnn_tanh" is a cell with its activation."""
    cell, _, activation = meta["cell"].partition("_")
    sizes = [meta[f"{size}_size"] for size in ("input", "hidden", "output")]
    spec = e.NetworkSpec(cell, *sizes, activation=activation or "tanh", dtype=dtype)
    weights = {name[6:]: array for name, array in wanted.items() if name.startswith("param.")}
    return spec, e.parameters(spec, weights)


@pytest.mark.parametrize(("dtype", "tolerance"), [("float64", 1e-9), ("float32", 1e-3)])
@pytest.mark.parametrize("name", RUNS)
def test_a_run_comes_out_the_same(name, dtype, tolerance):
    wanted = reference(name)
    meta = json.loads(str(wanted["meta"]))
    spec, params = network(wanted, meta, dtype)
    run = e.train(
        spec,
        params,
        repeat((wanted["x"], wanted["targets"]), meta["steps"]),
        optimizer=replace(e.OPTIMIZERS[meta["optimizer"]](), lr=meta["lr"]),
        clip_norm=meta["clip_norm"],
    )
    snapshots = list(run)
    assert len(snapshots) == meta["steps"]
    assert relative_error(np.array([s.loss for s in snapshots]), wanted["losses"]) <= tolerance
    assert relative_error(np.array([s.total_norm for s in snapshots]), wanted["grad_norms"]) <= tolerance
    assert [s.clipped for s in snapshots] == [norm > meta["clip_norm"] for norm in wanted["grad_norms"]]
    for parameter, array in snapshots[-1].parameters.items():
        assert relative_error(array, wanted[f"final.{parameter}"]) <= tolerance, parameter
        assert array.dtype == dtype
