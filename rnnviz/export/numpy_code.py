"""A network as a program that needs NumPy alone, to be read like a page of equations."""

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
    from rnnviz.session.state import DocumentState

NUMPY = Library(
    name="np",
    split="np.split",
    relu="np.maximum(a, 0)",
    array="np.array({list}, np.{dtype})",
    decoded='np.frombuffer(base64.b64decode("{code}"), np.{dtype}).reshape({shape})',
)
READOUTS = {
    "softmax": "softmax(logits)  # ŷ_t = softmax(W_Y h_t + b_Y)",
    "sigmoid": "sigma(logits)  # ŷ_t = σ(W_Y h_t + b_Y)",
    "linear": "logits  # ŷ_t = W_Y h_t + b_Y",
}


@register_writer("numpy", ".py", "NumPy code")
def text(subject: Subject) -> str:
    """Return a program whose `forward(INPUTS)` gives the network's outputs, (T, O)."""
    state = subject.state
    weights = dictionary("WEIGHTS", state.parameters.items(), NUMPY)
    imports = "import base64\n\nimport numpy as np" if "base64." in weights else "import numpy as np"
    if not_finite(state):
        imports += "\nfrom numpy import inf, nan"
    parts = (
        f'"""{quoted(state.title)}, a network of RNNViz as NumPy code.\n\n{about(state)}\n"""\n\n{imports}\n',
        f"# The weights, by the names that PyTorch gives them.\n{weights}\n",
        f"{inputs(state, NUMPY)}\n{lane_states(state, NUMPY)}{holds(state, 'values.copy()')}\n",
        _functions(state),
        _layer(state),
        _forward(state),
        _main(state),
    )
    return tidied(parts)


def _functions(state: DocumentState) -> str:
    """Return the functions that the rest calls."""
    if any("sigma(" in line for line in step_lines(state, NUMPY)) or state.spec.readout == "sigmoid":
        found = (
            '\ndef sigma(a):\n    """Return σ(a) = 1 / (1 + e^−a), written so that nothing overflows."""\n'
        )
        found += "    return 0.5 + 0.5 * np.tanh(0.5 * a)\n\n"
    else:
        found = ""
    if state.spec.readout == "softmax":
        found += '\ndef softmax(z):\n    """Return e^z / Σ e^z of each row."""\n'
        found += "    e = np.exp(z - z.max(axis=-1, keepdims=True))\n"
        found += "    return e / e.sum(axis=-1, keepdims=True)\n\n"
    return found


def _layer(state: DocumentState) -> str:
    """Return the function that runs one layer in one direction."""
    spec = state.spec
    names = [*states_of(spec), "W_X", *(["W_H"] if states_of(spec) else [])]
    names += ["b_X", *(["b_H"] if states_of(spec) else [])] if spec.bias else []
    names += ["lane", "steps"] if state.interventions else []
    loop = "for t, x in zip(steps, xs):" if state.interventions else "for x in xs:"
    body = "\n".join(f"        {line}" for line in (*step_lines(state, NUMPY), "states.append(h)"))
    return f'''def layer(xs, {", ".join(names)}):
    """Return the h_t of all steps, (T, units), of a layer that reads xs, (T, inputs)."""
    states = []
    {loop}
{body}
    return np.array(states).reshape(len(xs), {spec.hidden_size})

'''


def _forward(state: DocumentState) -> str:
    """Return the function that runs the whole network."""
    spec = state.spec
    enters = {
        True: "x = np.asarray(xs)",
        False: f"x = np.eye({spec.input_size})[np.asarray(xs, int)]  # one-hot vectors",
    }[state.reads == "numbers"]
    if spec.embedding_size is not None:
        enters = 'x = WEIGHTS["embedding.weight"][np.asarray(xs, int)]  # each token is a row of the table'
        if state.reads == "numbers":
            enters = 'x = np.asarray(xs) @ WEIGHTS["embedding.weight"]'
    bias = ' + WEIGHTS["head.bias"]' if spec.bias else ""
    names = ["weight_ih", *(["weight_hh"] if states_of(spec) else [])]
    names += ["bias_ih", *(["bias_hh"] if states_of(spec) else [])] if spec.bias else []
    starts = "".join(f"{name.upper()}_0[{{lane}}], " for name in states_of(spec))
    listed = ", ".join(f'"{name}"' for name in names) + ("," if len(names) == 1 else "")
    weights = f"*(WEIGHTS[name + end] for name in ({listed}))"
    return f'''
def forward(xs):
    """Return the outputs ŷ_t of all steps, (T, {spec.output_size})."""
    {enters}
    for number in range({spec.num_layers}):
{_ways(state, starts, weights)}
    logits = x @ WEIGHTS["head.weight"].T{bias}
    return {READOUTS[spec.readout] if spec.bias else READOUTS[spec.readout].replace(" + b_Y", "")}

'''


def _ways(state: DocumentState, starts: str, weights: str) -> str:
    """Return the lines that run a layer forwards, or both ways."""
    both = state.spec.bidirectional
    lane = "2 * number" if both else "number"
    held = f", {lane}, range(len(x))" if state.interventions else ""
    lines = [
        'end = f"_l{number}"',
        f"{'ahead' if both else 'x'} = layer(x, {starts.format(lane=lane)}{weights}{held})",
    ]
    if both:
        lane = "2 * number + 1"
        held = f", {lane}, reversed(range(len(x)))" if state.interventions else ""
        lines += [
            'end = f"_l{number}_reverse"  # from the last step to the first',
            f"back = layer(x[::-1], {starts.format(lane=lane)}{weights}{held})[::-1]",
            "x = np.concatenate([ahead, back], axis=1)",
        ]
    return "\n".join(f"        {line}" for line in lines)


def _main(state: DocumentState) -> str:
    if state.reads == "numbers":
        show = "    for t, row in enumerate(forward(INPUTS), start=1):\n"
        show += '        print(f"step {t}:", *(f"{number:.6f}" for number in row))\n'
    else:
        show = "    for t, (token, row) in enumerate(zip(INPUTS, forward(INPUTS)), start=1):\n"
        show += '        shown = "  ".join(f"{name!r} {number:.4f}" for name, number in zip(TOKENS, row))\n'
        show += '        print(f"step {t}, {TOKENS[token]!r} is read: {shown}")\n'
    return f'\nif __name__ == "__main__":\n{show}'
