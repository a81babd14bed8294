"""The same networks and the same work in PyTorch, one thread, as a person would write them there."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, one_hot
from torch.nn.utils.rnn import pack_padded_sequence

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from rnnviz import engine as e

LAYERS: dict[str, Any] = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}


class Network(nn.Module):
    """Recurrent layers and a readout that learn from one batch, whose one-hot vectors are made beforehand."""

    def __init__(
        self, spec: e.NetworkSpec, params: e.Parameters, batch: e.Batch, rate: float, clip_norm: float
    ) -> None:
        torch.set_num_threads(1)
        super().__init__()
        number = torch.float32 if spec.dtype == "float32" else torch.float64
        self.rnn = LAYERS[spec.cell](
            spec.input_size,
            spec.hidden_size,
            spec.num_layers,
            bidirectional=spec.bidirectional,
            dtype=number,
        )
        self.head = nn.Linear(spec.width, spec.output_size, dtype=number)
        self.load_state_dict({_name(name): torch.tensor(array) for name, array in params.items()})
        self.learned = list(self.parameters())
        self.optimizer = torch.optim.SGD(self.learned, lr=rate)
        self.clip_norm = clip_norm
        self.x = one_hot(torch.tensor(batch.x), spec.input_size).to(number)
        self.targets = torch.tensor(batch.targets)
        self.lengths = None if batch.lengths is None else torch.tensor(batch.lengths)
        self.batch = self.targets.shape[1]
        if self.lengths is not None:
            self.targets = pack_padded_sequence(self.targets, self.lengths).data

    def loss(self) -> Tensor:
        """Return the cross-entropy, summed over time and averaged over the sequences."""
        if self.lengths is None:
            output = self.rnn(self.x)[0].flatten(0, 1)
        else:  # the readout of what is packed, so that nothing is computed for the padding
            output = self.rnn(pack_padded_sequence(self.x, self.lengths))[0].data
        return cross_entropy(self.head(output), self.targets.flatten(), reduction="sum") / self.batch

    def update(self) -> Tensor:
        """Make one update: forward, loss, backward, clip by norm, SGD."""
        loss = self.loss()
        self.optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.learned, self.clip_norm)
        self.optimizer.step()
        return loss

    def update_with_snapshot(self) -> tuple[float, list[float], list[Tensor]]:
        """Make one update and take what a Snapshot carries: the loss, every norm and the parameters."""
        loss = self.loss()
        self.optimizer.zero_grad()
        loss.backward()
        norms = [gradient.norm().item() for weights in self.learned if (gradient := weights.grad) is not None]
        nn.utils.clip_grad_norm_(self.learned, self.clip_norm)
        self.optimizer.step()
        return loss.item(), norms, [weights.detach().clone() for weights in self.learned]

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return the parameters under the names that the engine gives them."""
        named = self.named_parameters()
        return {name.removeprefix("rnn."): weights.detach().numpy() for name, weights in named}


def _name(name: str) -> str:
    return name if name.startswith("head.") else f"rnn.{name}"


class Unrolled:
    """An LSTM that reads one sequence step by step, since only so autograd knows every h_k and c_k.

    x and targets: (T,).
    """

    def __init__(
        self, spec: e.NetworkSpec, params: e.Parameters, x: NDArray[Any], targets: NDArray[Any]
    ) -> None:
        """x and targets: (T,)."""
        torch.set_num_threads(1)
        weights = {name: torch.tensor(array, dtype=torch.float64) for name, array in params.items()}
        cell = nn.LSTMCell(spec.input_size, spec.hidden_size, dtype=torch.float64)
        cell.load_state_dict({name: weights[f"{name}_l0"] for name in cell.state_dict()})
        inputs = one_hot(torch.tensor(x), spec.input_size).double()
        state = torch.zeros(2, 1, spec.hidden_size, dtype=torch.float64).unbind()
        self.h, self.c, self.losses = [], [], []
        for token, target in zip(inputs, torch.tensor(targets), strict=True):
            state = cell(token[None], state)
            logits = state[0] @ weights["head.weight"].T + weights["head.bias"]
            self.h.append(state[0])
            self.c.append(state[1])
            self.losses.append(cross_entropy(logits, target[None]))

    def gradient_map(self) -> NDArray[np.float64]:
        """Return ‖∂L_t/∂h_k‖ and ‖∂L_t/∂c_k‖, (2, T, T), by one call of autograd a loss."""
        steps = len(self.losses)
        norms = np.zeros((2, steps, steps))
        for t, loss in enumerate(self.losses):
            states = [*self.h[: t + 1], *self.c[: t + 1]]
            gradients = torch.autograd.grad(loss, states, retain_graph=True)
            rows = torch.cat(gradients).view(2, t + 1, -1)
            norms[:, t, : t + 1] = torch.linalg.vector_norm(rows, dim=2).numpy()
        return norms


def relative_error(found: NDArray[Any], wanted: NDArray[Any]) -> float:
    """Return the largest difference in units of the largest number."""
    return float(np.abs(found - wanted).max() / (np.abs(wanted).max() or math.inf))
