"""A network as a program for PyTorch: with its own layers where they compute the same, else step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rnnviz.export._code import (
    Library,
    about,
    dictionary,
    holds,
    inputs,
    lane_states,
    not_finite,
    quoted,
    states_of,
    step_lines,
    tidied,
)
from rnnviz.export._registry import Subject, register_writer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rnnviz.engine import Array, NetworkSpec
    from rnnviz.session.state import DocumentState

TORCH = Library(
    name="torch",
    split="torch.chunk",
    relu="torch.relu(a)",
    array="torch.tensor({list}, dtype=torch.{dtype})",
    decoded='torch.frombuffer(bytearray(base64.b64decode("{code}")), dtype=torch.{dtype}).reshape({shape})',
)
READOUTS = {
    "softmax": "torch.softmax(logits, -1)  # ŷ_t = softmax(W_Y h_t + b_Y)",
    "sigmoid": "torch.sigmoid(logits)  # ŷ_t = σ(W_Y h_t + b_Y)",
    "linear": "logits  # ŷ_t = W_Y h_t + b_Y",
}
LAYERS = {"rnn": "RNN", "lstm": "LSTM", "gru": "GRU"}


@register_writer("pytorch", ".py", "PyTorch code")
def text(subject: Subject) -> str:
    """Return a program whose `network(INPUTS)` gives the network's outputs, (T, O)."""
    state = subject.state
    weights = dictionary("WEIGHTS", _named(state), TORCH)
    imports = "import base64\n\nimport torch" if "base64." in weights else "import torch"
    if not_finite(state):
        imports += "\nfrom math import inf, nan"
    own = is_own(state)
    why = "" if own else "\nPyTorch has no layer that computes this, so its steps are written out.\n"
    parts = (
        f'"""{quoted(state.title)}, a network of RNNViz as PyTorch code.\n\n{about(state)}\n{why}"""\n',
        f"{imports}\n\ntorch.set_default_dtype(torch.{state.spec.dtype})\n",
        f"{weights}\n",
        f"{_inputs(state)}\n{lane_states(state, TORCH)}{holds(state, 'values.clone()')}\n",
        "" if own else _layer(state),
        _network(state, own=own),
        _main(state),
    )
    return tidied(parts)


def is_own(state: DocumentState) -> bool:
    """Whether a layer of PyTorch computes the same as the network's."""
    spec = state.spec
    if state.interventions or spec.cell not in LAYERS:
        return False
    return spec.activation in {"tanh", "relu"} and spec.gru_reset == "after"


def _named(state: DocumentState) -> Iterator[tuple[str, Array]]:
    """Give the weights the names that they have in the module's state dict."""
    for name, array in state.parameters.items():
        yield (name if name.startswith(("head.", "embedding.")) else f"layers.{name}"), array


def _inputs(state: DocumentState) -> str:
    found = inputs(state, TORCH)
    if state.reads == "numbers":
        return found
    start, _, ids = found.rpartition("INPUTS = ")
    ids, _, comment = ids.rpartition("  # ")
    return f"{start}INPUTS = torch.tensor({ids}, dtype=torch.long)  # {comment}"


def _layer(state: DocumentState) -> str:
    """Return the function that runs one layer in one direction."""
    spec = state.spec
    names = [*states_of(spec), "W_X", *(["W_H"] if states_of(spec) else [])]
    names += ["b_X", *(["b_H"] if states_of(spec) else [])] if spec.bias else []
    names += ["lane", "steps"] if state.interventions else []
    loop = "for t, x in zip(steps, xs):" if state.interventions else "for x in xs:"
    lines = [line.replace("sigma(", "torch.sigmoid(") for line in step_lines(state, TORCH)]
    body = "\n".join(f"        {line}" for line in (*lines, "states.append(h)"))
    return f'''
def layer(xs, {", ".join(names)}):
    """Return the h_t of all steps, (T, units), of a layer that reads xs, (T, inputs)."""
    states = []
    {loop}
{body}
    return torch.stack(states) if states else xs.new_zeros(0, {spec.hidden_size})

'''


def _network(state: DocumentState, *, own: bool) -> str:
    """Return the module."""
    spec = state.spec
    made = f"torch.nn.{LAYERS[spec.cell]}({_options(spec)})" if own else _parameters()
    embedding = ""
    if spec.embedding_size is not None:
        embedding = f"        self.embedding = torch.nn.Embedding({spec.input_size}, {spec.embedding_size})\n"
    readout = READOUTS[spec.readout] if spec.bias else READOUTS[spec.readout].replace(" + b_Y", "")
    return f'''
class Network(torch.nn.Module):
    """The network; forward gives the outputs ŷ_t of all steps, (T, {spec.output_size})."""

    def __init__(self):
        super().__init__()
{embedding}        self.layers = {made}
        self.head = torch.nn.Linear({spec.width}, {spec.output_size}, bias={spec.bias})
        self.load_state_dict(WEIGHTS)

    def forward(self, xs):
        x = {_entering(state)}
{_run(state, own=own)}
        logits = self.head(x)
        return {readout}


network = Network()

'''


def _options(spec: NetworkSpec) -> str:
    found = [str(spec.layer_inputs(0)), str(spec.hidden_size)]
    if spec.num_layers > 1:
        found.append(f"num_layers={spec.num_layers}")
    if spec.cell == "rnn":
        found.append(f'nonlinearity="{spec.activation}"')
    if not spec.bias:
        found.append("bias=False")
    if spec.bidirectional:
        found.append("bidirectional=True")
    return ", ".join(found)


def _parameters() -> str:
    return (
        "torch.nn.ParameterDict(\n"
        "            {name[7:]: torch.empty_like(w) for name, w in WEIGHTS.items()\n"
        '             if name[:7] == "layers."}\n'
        "        )"
    )


def _entering(state: DocumentState) -> str:
    """Return what the first layer reads."""
    spec = state.spec
    if state.reads == "numbers":
        return "xs @ self.embedding.weight" if spec.embedding_size is not None else "xs"
    if spec.embedding_size is not None:
        return "self.embedding(xs)"
    return f"torch.nn.functional.one_hot(xs, {spec.input_size}).to(torch.{spec.dtype})"


def _run(state: DocumentState, *, own: bool) -> str:
    """Return the lines that run all layers."""
    spec = state.spec
    if own:
        start = "(H_0, C_0)" if spec.cell == "lstm" else "H_0"
        return f"        x, _ = self.layers(x, {start})"
    names = ["weight_ih", *(["weight_hh"] if states_of(spec) else [])]
    names += ["bias_ih", *(["bias_hh"] if states_of(spec) else [])] if spec.bias else []
    starts = "".join(f"{name.upper()}_0[{{lane}}], " for name in states_of(spec))
    weights = "*(self.layers[name + end] for name in " + repr(tuple(names)).replace("'", '"') + ")"
    both = spec.bidirectional
    lane = "2 * number" if both else "number"
    held = f", {lane}, range(len(x))" if state.interventions else ""
    lines = [f"for number in range({spec.num_layers}):", '    end = f"_l{number}"']
    lines.append(f"    {'ahead' if both else 'x'} = layer(x, {starts.format(lane=lane)}{weights}{held})")
    if both:
        lane = "2 * number + 1"
        held = f", {lane}, reversed(range(len(x)))" if state.interventions else ""
        lines += [
            '    end = f"_l{number}_reverse"  # from the last step to the first',
            f"    back = layer(x.flip(0), {starts.format(lane=lane)}{weights}{held}).flip(0)",
            "    x = torch.cat([ahead, back], 1)",
        ]
    return "\n".join(f"        {line}" for line in lines)


def _main(state: DocumentState) -> str:
    if state.reads == "numbers":
        show = "        for t, row in enumerate(network(INPUTS).tolist(), start=1):\n"
        show += '            print(f"step {t}:", *(f"{number:.6f}" for number in row))\n'
    else:
        show = "        outputs = network(INPUTS).tolist()\n"
        show += "        for t, (token, row) in enumerate(zip(INPUTS.tolist(), outputs), start=1):\n"
        show += (
            '            shown = "  ".join(f"{name!r} {number:.4f}" for name, number in zip(TOKENS, row))\n'
        )
        show += '            print(f"step {t}, {TOKENS[token]!r} is read: {shown}")\n'
    return f'\nif __name__ == "__main__":\n    with torch.no_grad():\n{show}'
