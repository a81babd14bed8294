"""Recurrent networks in NumPy: every number of a run, of its gradients and of their flow through time.

Arrays are time-major, T steps × B sequences × units; steps count from 0. Infinity and NaN pass through
without an exception or a warning. What is illegal raises an `EngineError` of one sentence.
"""

from __future__ import annotations

from rnnviz.engine.activations import ACTIVATIONS
from rnnviz.engine.analysis import Analysis, analyse
from rnnviz.engine.arrays import Array, Integers
from rnnviz.engine.backward import Gradients, LayerGradients, backward
from rnnviz.engine.batches import Batch, sequence_batches, text_batches
from rnnviz.engine.cells import CELLS, Cell, LayerTrace
from rnnviz.engine.errors import EngineError, ShapeError, SpecError, StepError
from rnnviz.engine.flow import GradientFlow, gradient_flow
from rnnviz.engine.forward import forward
from rnnviz.engine.health import NonFinite, first_nonfinite
from rnnviz.engine.jacobian import jacobian
from rnnviz.engine.losses import Loss, cross_entropy
from rnnviz.engine.optimizers import OPTIMIZERS, SGD, Optimizer, OptimizerState
from rnnviz.engine.parameters import Parameters, initialise, parameter_shapes, parameters
from rnnviz.engine.snapshot import Snapshot
from rnnviz.engine.spec import DTYPES, NetworkSpec
from rnnviz.engine.spectrum import Spectrum, spectrum
from rnnviz.engine.threads import limit_threads
from rnnviz.engine.trace import Trace
from rnnviz.engine.trainer import Trainer, train
from rnnviz.engine.verdict import Verdict, verdict
from rnnviz.engine.window import visible_steps

__all__ = [
    "ACTIVATIONS",
    "CELLS",
    "DTYPES",
    "OPTIMIZERS",
    "SGD",
    "Analysis",
    "Array",
    "Batch",
    "Cell",
    "EngineError",
    "GradientFlow",
    "Gradients",
    "Integers",
    "LayerGradients",
    "LayerTrace",
    "Loss",
    "NetworkSpec",
    "NonFinite",
    "Optimizer",
    "OptimizerState",
    "Parameters",
    "ShapeError",
    "Snapshot",
    "SpecError",
    "Spectrum",
    "StepError",
    "Trace",
    "Trainer",
    "Verdict",
    "analyse",
    "backward",
    "cross_entropy",
    "first_nonfinite",
    "forward",
    "gradient_flow",
    "initialise",
    "jacobian",
    "limit_threads",
    "parameter_shapes",
    "parameters",
    "sequence_batches",
    "spectrum",
    "text_batches",
    "train",
    "verdict",
    "visible_steps",
]
