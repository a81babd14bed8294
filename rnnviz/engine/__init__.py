"""Recurrent networks in NumPy: every number of a run, of its gradients and of their flow through time.

Arrays are time-major, T steps × B sequences × units; steps count from 0. Infinity and NaN pass through
without an exception or a warning. What is illegal raises an `EngineError` of one sentence.
"""

from __future__ import annotations

from rnnviz.engine.activations import ACTIVATIONS
from rnnviz.engine.analysis import Analysis, analyse, judged_flow
from rnnviz.engine.arrays import Array, Integers
from rnnviz.engine.autonomous import Autonomous
from rnnviz.engine.backward import Gradients, LayerGradients, backward
from rnnviz.engine.batches import Batch, sequence_batches, text_batches
from rnnviz.engine.bounds import StepBound, step_bound
from rnnviz.engine.cells import CELLS, Cell, Stage
from rnnviz.engine.chain import Chain, chain, kept
from rnnviz.engine.errors import EngineError, ShapeError, SpecError, StepError
from rnnviz.engine.fixed_points import FixedPoint, fixed_points
from rnnviz.engine.flow import GradientFlow, gradient_flow
from rnnviz.engine.forward import forward
from rnnviz.engine.health import NonFinite, first_nonfinite
from rnnviz.engine.initialisers import SCHEMES, Scheme, initialise
from rnnviz.engine.interventions import Intervention
from rnnviz.engine.jacobian import jacobian
from rnnviz.engine.losses import (
    LOSSES,
    Loss,
    binary_cross_entropy,
    cross_entropy,
    loss_for,
    mean_squared_error,
    measure,
)
from rnnviz.engine.lyapunov import LyapunovExponents, lyapunov_exponents
from rnnviz.engine.optimizers import (
    OPTIMIZERS,
    SGD,
    Adagrad,
    Adam,
    Momentum,
    Optimizer,
    OptimizerState,
    RMSprop,
)
from rnnviz.engine.parameters import Parameters, parameter_shapes, parameters
from rnnviz.engine.snapshot import Snapshot
from rnnviz.engine.spec import DTYPES, NetworkSpec
from rnnviz.engine.spectrum import Spectra, Spectrum, spectra, spectrum
from rnnviz.engine.stages import stages
from rnnviz.engine.threads import limit_threads
from rnnviz.engine.trace import DirectionTrace, LayerTrace, Trace
from rnnviz.engine.trainer import Trainer, train
from rnnviz.engine.training_options import Options
from rnnviz.engine.truncation import Carried
from rnnviz.engine.verdict import Verdict, verdict
from rnnviz.engine.window import visible_steps

__all__ = [
    "ACTIVATIONS",
    "CELLS",
    "DTYPES",
    "LOSSES",
    "OPTIMIZERS",
    "SCHEMES",
    "SGD",
    "Adagrad",
    "Adam",
    "Analysis",
    "Array",
    "Autonomous",
    "Batch",
    "Carried",
    "Cell",
    "Chain",
    "DirectionTrace",
    "EngineError",
    "FixedPoint",
    "GradientFlow",
    "Gradients",
    "Integers",
    "Intervention",
    "LayerGradients",
    "LayerTrace",
    "Loss",
    "LyapunovExponents",
    "Momentum",
    "NetworkSpec",
    "NonFinite",
    "Optimizer",
    "OptimizerState",
    "Options",
    "Parameters",
    "RMSprop",
    "Scheme",
    "ShapeError",
    "Snapshot",
    "SpecError",
    "Spectra",
    "Spectrum",
    "Stage",
    "StepBound",
    "StepError",
    "Trace",
    "Trainer",
    "Verdict",
    "analyse",
    "backward",
    "binary_cross_entropy",
    "chain",
    "cross_entropy",
    "first_nonfinite",
    "fixed_points",
    "forward",
    "gradient_flow",
    "initialise",
    "jacobian",
    "judged_flow",
    "kept",
    "limit_threads",
    "loss_for",
    "lyapunov_exponents",
    "mean_squared_error",
    "measure",
    "parameter_shapes",
    "parameters",
    "sequence_batches",
    "spectra",
    "spectrum",
    "stages",
    "step_bound",
    "text_batches",
    "train",
    "verdict",
    "visible_steps",
]
