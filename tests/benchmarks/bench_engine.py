"""How fast the engine is: whole updates and gradient maps against PyTorch, updates of long sequences, import.

    python tests/benchmarks/bench_engine.py --against torch [--json] [--quick]

Needs the extra `bench`. An update is forward, loss, backward, clipping by norm and SGD. Ours is
`Trainer.step` on tokens; it keeps every gate and returns a snapshot, which holds the loss, the norm of every
parameter's gradient and a copy of the parameters. PyTorch's is nn.RNN, nn.LSTM or nn.GRU on one-hot vectors
made beforehand, bare and once more with what a snapshot holds. Before it is timed, an update must leave the
same loss and parameters on both sides. Both have one thread in one process; times are medians of CPU time,
ratios are PyTorch's time over ours.

Both sides take turns of 20 ms, so that an update follows another of its own kind, as it does in training, and
both meet the same noise; that is the ratio that has an aim. "alternating" is the ratio if they take turns
after every single update: then each finds the caches full of what the other one did, which costs either some
0.1 ms. Exit code 1 if an aim is missed.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from dataclasses import dataclass
from statistics import median
from time import process_time
from typing import TYPE_CHECKING, Any

import numpy as np
from pytorch import Network, Unrolled, relative_error

from rnnviz import engine as e

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

RATE, CLIP_NORM = 0.01, 5.0
CELLS = ("rnn", "lstm", "gru")
SIZES = ((3, 4, 1, 4), (16, 20, 1, 27), (64, 50, 16, 65), (128, 100, 32, 65), (256, 100, 64, 128))  # H T B I
LEAST = (10.0, 10.0, 3.0, 1.7, 1.3)  # ratios aimed at, size by size
LEAST_LSTM_FLOAT32 = (10.0, 4.0, 1.2, 1.0, 1.3)
LEAST_FLOAT64 = 1.4
COLUMNS = {
    "torch_ms": "torch",
    "torch_snapshot_ms": "+snapshot",
    "ours_ms": "ours",
    "ratio": "ratio",
    "snapshot_ratio": "+snapshot",
    "alternating_ratio": "alternating",
}
TOLERANCE = {"float64": 1e-10, "float32": 1e-4}


@dataclass(frozen=True)
class Work:
    """Updates of one network of one size; least: the ratio aimed at, None for none."""

    cell: str
    dtype: str
    size: tuple[int, int, int, int]
    least: float | None
    layers: int = 1
    bidirectional: bool = False
    ragged: bool = False

    @property
    def title(self) -> str:
        """What it is, in one line."""
        more = [f"{self.layers} layers"] * (self.layers > 1) + ["two ways"] * self.bidirectional
        sizes = "·".join(map(str, self.size))
        return " ".join([f"{self.cell:<4} {self.dtype} {sizes:<13}", *more, *["ragged"] * self.ragged])

    def network(self) -> tuple[e.NetworkSpec, e.Parameters]:
        """Return the network, the same every time."""
        hidden, _, _, inputs = self.size
        spec = e.NetworkSpec(
            self.cell,
            inputs,
            hidden,
            inputs,
            num_layers=self.layers,
            bidirectional=self.bidirectional,
            dtype=self.dtype,
        )
        return spec, e.initialise(spec)

    def batch(self) -> e.Batch:
        """Return random tokens; ragged sequences have T/5 … T steps, the longest first, as packing wants."""
        _, steps, size, inputs = self.size
        lengths = np.linspace(steps, steps / 5, size).astype(int) if self.ragged else None
        generator = np.random.default_rng(0)
        return e.Batch(*generator.integers(0, inputs, (2, steps, size)), lengths=lengths)

    def trainer(self) -> e.Trainer:
        """Return what learns it on our side."""
        return e.Trainer(*self.network(), e.SGD(lr=RATE), clip_norm=CLIP_NORM)


def works() -> Iterator[Work]:
    """Return everything to be compared."""
    for dtype in e.DTYPES:
        for place, size in enumerate(SIZES):
            for cell in CELLS:
                yield Work(cell, dtype, size, _least(cell, dtype, place))
        least = LEAST_FLOAT64 if dtype == "float64" else None
        yield Work("gru", dtype, SIZES[2], least, layers=3, bidirectional=True)
        yield Work("lstm", dtype, SIZES[2], least, ragged=True)


def _least(cell: str, dtype: str, place: int) -> float:
    if dtype == "float64":
        return max(LEAST[place], LEAST_FLOAT64)
    return (LEAST_LSTM_FLOAT32 if cell == "lstm" else LEAST)[place]


def cpu_time(action: Callable[[], object], times: int = 1) -> float:
    """Return how many seconds of CPU an action takes, in all threads, on average."""
    start = process_time()
    for _ in range(times):
        action()
    return (process_time() - start) / times


def take_turns(actions: Sequence[Callable[[], object]], seconds: float, turn: float = 0.0) -> list[float]:
    """Return the median seconds of each action; for so many seconds they take turns, to meet the same noise.

    turn: how many seconds an action goes on before it is another one's turn; with 0 it is done once.
    """
    single = [min(cpu_time(action) for _ in range(3)) for action in actions]
    times = [max(1, round(turn / once)) for once in single]
    rounds = int(np.clip(seconds / np.dot(single, times), 3, 2000))
    seen = [[cpu_time(*pair) for pair in zip(actions, times, strict=True)] for _ in range(rounds)]
    return [median(column) for column in zip(*seen, strict=True)]


def check_agreement(work: Work) -> None:
    """End the program unless one update leaves the same loss and parameters on both sides."""
    batch = work.batch()
    theirs = Network(*work.network(), batch, RATE, CLIP_NORM)
    loss = theirs.update().item()
    ours = work.trainer().step(batch)
    found = {"loss": np.array(ours.loss), **ours.parameters}
    for name, wanted in {"loss": np.array(loss), **theirs.arrays()}.items():
        error = relative_error(found[name], wanted)
        if not error < TOLERANCE[work.dtype]:
            raise SystemExit(f"{work.title}: {name} differs from PyTorch's by {error:.1e}.")


def compare(work: Work, seconds: float) -> dict[str, Any]:
    """Return the times of an update, in milliseconds, and their ratios."""
    check_agreement(work)
    batch, trainer = work.batch(), work.trainer()
    theirs = Network(*work.network(), batch, RATE, CLIP_NORM)
    turns = (theirs.update, lambda: trainer.step(batch), theirs.update_with_snapshot)
    bare, ours, snapshot = take_turns(turns, seconds, turn=0.02)
    alternating = take_turns(turns[:2], seconds / 2)
    return {
        "torch_ms": bare * 1e3,
        "torch_snapshot_ms": snapshot * 1e3,
        "ours_ms": ours * 1e3,
        "ratio": bare / ours,
        "snapshot_ratio": snapshot / ours,
        "alternating_ratio": alternating[0] / alternating[1],
    }


def growth(cell: str, seconds: float) -> float:
    """Return the time of a step among 1,000 over that of a step among 100; 1 if time grows linearly."""
    updates = []
    for steps in (100, 1000):
        work = Work(cell, "float32", (16, steps, 1, 27), None)
        trainer, batch = work.trainer(), work.batch()
        updates.append(lambda trainer=trainer, batch=batch: trainer.step(batch))
    short, long = take_turns(updates, seconds)
    return long / short / 10


def gradient_map(seconds: float) -> dict[str, float]:
    """Return the time of an LSTM's gradient map in updates of the same size, and autograd's time over it."""
    work = Work("lstm", "float32", (64, 100, 16, 65), None)
    (spec, params), batch, trainer = work.network(), work.batch(), work.trainer()
    trace = e.forward(spec, params, batch.x)
    loss = e.cross_entropy(trace, batch.targets)
    unrolled = Unrolled(spec, params, batch.x[:, 0], batch.targets[:, 0])
    flow = e.gradient_flow(spec, params, trace, loss, sequence=0)
    for name, wanted in zip("hc", unrolled.gradient_map(), strict=True):
        if not (error := relative_error(flow.norms[name], wanted)) < TOLERANCE["float32"]:
            raise SystemExit(f"The gradient map of {name} differs from PyTorch's by {error:.1e}.")
    ours, update = take_turns(
        (lambda: e.gradient_flow(spec, params, trace, loss, sequence=0).norms, lambda: trainer.step(batch)),
        seconds,
    )
    (autograd,) = take_turns((unrolled.gradient_map,), seconds)
    return {
        "map_ms": ours * 1e3,
        "map_in_updates": ours / update,
        "maps_of_the_batch_in_updates": batch.x.shape[1] * ours / update,
        "map_autograd_ratio": autograd / ours,
    }


def import_seconds(rounds: int) -> float:
    """Return the CPU time that importing the engine takes in a process that has imported NumPy."""
    program = (
        "import time, numpy; start = time.process_time(); import rnnviz.engine;"
        "print(time.process_time() - start)"
    )
    command = [sys.executable, "-c", program]
    times = [float(subprocess.run(command, capture_output=True, check=True).stdout) for _ in range(rounds)]
    return median(times[1:])  # the first one compiles


AIMS = {
    **{f"growth_{cell}": ("at most", 1.2) for cell in CELLS},
    "map_in_updates": ("at most", 25.0),
    "map_autograd_ratio": ("at least", 30.0),
    "import_s": ("at most", 0.2),
}


def judge(value: float, aim: tuple[str, float] | None) -> tuple[str, bool]:
    """Return the aim and what became of it in words, and whether all is well."""
    if aim is None:
        return "", True
    met = value >= aim[1] if aim[0] == "at least" else value <= aim[1]
    return f"aim {aim[0]} {aim[1]:g}: {'met' if met else 'MISSED'}", met


def show_updates(seconds: float, show: Callable[[str], None]) -> tuple[list[dict[str, Any]], bool]:
    """Compare all updates, a line each as soon as it is known."""
    show(f"{'':<48}{'ms an update':^30}{'PyTorch / ours':^30}")
    show("".join([f"{'cell, numbers, H·T·B·I':<48}", *(f"{title:>10}" for title in COLUMNS.values())]))
    rows, well = [], True
    for work in works():
        found = compare(work, seconds)
        said, met = judge(found["ratio"], None if work.least is None else ("at least", work.least))
        numbers = "".join(f"{found[key]:10.{3 if key.endswith('ms') else 2}f}" for key in COLUMNS)
        show(f"{work.title:<48}{numbers}  {said}".rstrip())
        rows.append({"work": " ".join(work.title.split()), **found, "aim": work.least, "met": met})
        well &= met
    return rows, well


def show_others(quick: bool, show: Callable[[str], None]) -> tuple[dict[str, float], bool]:
    """Measure what is a number of its own, a line each."""
    seconds = 0.5 if quick else 3.0
    found = {f"growth_{cell}": growth(cell, seconds) for cell in CELLS}
    found |= gradient_map(seconds)
    found["import_s"] = import_seconds(4 if quick else 12)
    well = True
    for name, value in found.items():
        said, met = judge(value, AIMS.get(name))
        show(f"{name:<48}{value:10.3f}  {said}".rstrip())
        well &= met
    return found, well


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--against", choices=("torch",), default="torch")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--quick", action="store_true", help="fewer rounds, so less certain")
    asked = parser.parse_args()
    e.limit_threads()

    def show(line: str) -> None:
        if not asked.json:
            print(line, flush=True)

    rows, well = show_updates(0.3 if asked.quick else 3.0, show)
    others, all_well = show_others(asked.quick, show)
    if asked.json:
        print(json.dumps({"updates": rows, **others, "met": well and all_well}))
    sys.exit(0 if well and all_well else 1)


if __name__ == "__main__":
    main()
