"""What new networks begin with: what holds for every scheme, and what each promises."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnviz import engine as e

every = pytest.mark.parametrize("scheme", e.SCHEMES)
seeds = st.integers(0, 100_000)


@st.composite
def specs(draw, cells=tuple(e.CELLS), dtypes=e.DTYPES, biases=(True, False)):
    cell = draw(st.sampled_from(cells))
    sizes = [draw(st.integers(1, 9)) for _ in range(3)]
    return e.NetworkSpec(
        cell,
        *sizes,
        num_layers=draw(st.integers(1, 3)),
        bidirectional=e.CELLS[cell].recurrent and draw(st.booleans()),
        bias=draw(st.sampled_from(biases)),
        embedding_size=draw(st.none() | st.integers(1, 4)),
        dtype=draw(st.sampled_from(dtypes)),
    )


RECURRENT = tuple(name for name, cell in e.CELLS.items() if cell.recurrent)
exact = specs(RECURRENT, ("float64",))


def gates(spec, array):
    """The blocks of a layer's parameter."""
    return array.reshape(-1, spec.hidden_size, *array.shape[1:])


def recurrent_blocks(spec, params):
    return [
        block
        for name, array in params.items()
        if name.startswith("weight_hh")
        for block in gates(spec, array)
    ]


def large(scheme):
    """Parameters so many that their statistics show."""
    return e.initialise(e.NetworkSpec("rnn", 80, 100, 60), scheme, seed=5)


@every
def test_each_has_what_menus_and_files_need(scheme):
    entry = e.SCHEMES[scheme]
    assert isinstance(entry, e.Scheme)
    assert entry.name == scheme
    assert entry.title
    assert entry.help.endswith(".")
    assert entry.help.count(". ") == 0


def test_titles_tell_schemes_apart():
    assert len({scheme.title for scheme in e.SCHEMES.values()}) == len(e.SCHEMES)


@every
@settings(max_examples=25)
@given(spec=specs(), seed=seeds)
def test_every_network_is_filled_with_its_own_numbers(scheme, spec, seed):
    params = e.initialise(spec, scheme, seed)
    assert {name: array.shape for name, array in params.items()} == e.parameter_shapes(spec)
    assert params.flat.dtype == spec.number
    assert np.isfinite(params.flat).all()
    assert np.array_equal(params.flat, e.initialise(spec, scheme, seed).flat)


@every
def test_another_seed_gives_other_numbers_where_numbers_are_drawn(scheme):
    spec = e.NetworkSpec("rnn", 3, 4, 5)
    first, other = (e.initialise(spec, scheme, seed) for seed in (1, 2))
    assert np.array_equal(first.flat, other.flat) == (scheme == "zero")


@every
@settings(max_examples=25)
@given(spec=specs(dtypes=("float64",)), seed=seeds)
def test_float32_is_float64_rounded(scheme, spec, seed):
    rounded = e.NetworkSpec(
        **{field: getattr(spec, field) for field in spec.__slots__ if field != "dtype"}, dtype="float32"
    )
    exact_numbers = e.initialise(spec, scheme, seed).flat
    assert np.array_equal(exact_numbers.astype(np.float32), e.initialise(rounded, scheme, seed).flat)


@pytest.mark.parametrize("scheme", sorted(set(e.SCHEMES) - {"uniform"}))
@settings(max_examples=25)
@given(spec=specs(), seed=seeds)
def test_biases_are_zero_unless_the_scheme_is_pytorchs(scheme, spec, seed):
    params = e.initialise(spec, scheme, seed)
    assert all(not array.any() for name, array in params.items() if "bias" in name)


@given(spec=specs(), seed=seeds)
def test_uniform_lies_within_one_over_the_root_of_the_units(spec, seed):
    for name, array in e.initialise(spec, seed=seed).items():
        if name != "embedding.weight":
            units = spec.width if name.startswith("head.") else spec.hidden_size
            assert np.abs(array).max() <= units**-0.5 * (1 + 1e-7)


def test_uniform_fills_its_bounds():
    spec = e.NetworkSpec("rnn", 40, 50, 60, bidirectional=True)
    params = e.initialise(spec)
    for name, bound in (("weight_ih_l0", 50**-0.5), ("weight_hh_l0_reverse", 50**-0.5), ("head.weight", 0.1)):
        assert params[name].max() == pytest.approx(bound, rel=0.01)
        assert params[name].min() == pytest.approx(-bound, rel=0.01)
        assert params[name].std() == pytest.approx(bound / math.sqrt(3), rel=0.05)


def test_uniform_is_one_row_of_draws_for_a_plain_network():
    spec = e.NetworkSpec("rnn", 3, 4, 5)
    params = e.initialise(spec, seed=7)
    row = np.random.default_rng(7).uniform(-0.5, 0.5, params.flat.size)
    assert np.array_equal(params.flat, row)


def test_embeddings_are_standard_normal_but_for_the_zero_scheme():
    spec = e.NetworkSpec("rnn", 100, 3, 4, embedding_size=50)
    for scheme in e.SCHEMES:
        table = e.initialise(spec, scheme)["embedding.weight"]
        if scheme == "zero":
            assert not table.any()
        else:
            assert table.std() == pytest.approx(1, rel=0.05)
            assert table.mean() == pytest.approx(0, abs=0.05)


@given(spec=specs(), seed=seeds)
def test_glorot_lies_within_its_bound_for_each_gate(spec, seed):
    params = e.initialise(spec, "glorot", seed)
    for name, array in params.items():
        if name.startswith("weight"):
            bound = math.sqrt(6 / (spec.hidden_size + array.shape[1]))
            assert np.abs(array).max() <= bound * (1 + 1e-7)
    bound = math.sqrt(6 / (spec.width + spec.output_size))
    assert np.abs(params["head.weight"]).max() <= bound * (1 + 1e-7)


def test_glorot_and_he_have_the_variance_that_their_papers_ask_for():
    glorot, he = large("glorot"), large("he")
    assert glorot["weight_ih_l0"].var() == pytest.approx(2 / (80 + 100), rel=0.05)
    assert glorot["weight_hh_l0"].var() == pytest.approx(2 / (100 + 100), rel=0.05)
    assert glorot["head.weight"].var() == pytest.approx(2 / (100 + 60), rel=0.05)
    assert he["weight_ih_l0"].var() == pytest.approx(2 / 80, rel=0.05)
    assert he["weight_hh_l0"].var() == pytest.approx(2 / 100, rel=0.05)
    assert he["head.weight"].var() == pytest.approx(2 / 100, rel=0.05)


@given(spec=exact, seed=seeds)
def test_orthogonal_blocks_are_orthogonal(spec, seed):
    for block in recurrent_blocks(spec, e.initialise(spec, "orthogonal", seed)):
        assert np.abs(block @ block.T - np.eye(len(block))).max() < 1e-12


def test_orthogonal_blocks_turn_either_way():
    """Of evenly distributed orthogonal matrices, half mirror, and no direction is preferred."""
    spec = e.NetworkSpec("rnn", 1, 3, 1)
    blocks = [e.initialise(spec, "orthogonal", seed)["weight_hh_l0"] for seed in range(400)]
    assert 150 < sum(np.linalg.det(block) > 0 for block in blocks) < 250
    assert np.abs(np.mean(blocks, axis=0)).max() < 0.15


@given(spec=exact, seed=seeds)
def test_identity_repeats_the_last_value(spec, seed):
    params = e.initialise(spec, "identity", seed)
    for block in recurrent_blocks(spec, params):
        assert np.array_equal(block, np.eye(spec.hidden_size))
    for name in ("weight_ih_l0", "head.weight"):
        assert 0 < np.abs(params[name]).max() < 0.006


@given(spec=specs(), seed=seeds)
def test_zero_is_nothing_but_zeros(spec, seed):
    assert not e.initialise(spec, "zero", seed).flat.any()


@pytest.mark.parametrize("scheme", sorted(set(e.SCHEMES) - {"zero"}))
@settings(max_examples=25)
@given(spec=exact, seed=seeds, radius=st.floats(0.01, 5))
def test_every_recurrent_block_has_the_spectral_radius_asked_for(scheme, spec, seed, radius):
    params = e.initialise(spec, scheme, seed, spectral_radius=radius)
    drawn = e.initialise(spec, scheme, seed)
    for block in recurrent_blocks(spec, params):
        assert e.spectrum(block).spectral_radius == pytest.approx(radius, rel=1e-9)
    for name, array in params.items():
        if not name.startswith("weight_hh"):
            assert np.array_equal(array, drawn[name])


@every
@settings(max_examples=25)
@given(spec=exact, seed=seeds)
def test_a_spectral_radius_of_zero_is_zero_weights(scheme, spec, seed):
    params = e.initialise(spec, scheme, seed, spectral_radius=0)
    assert not any(block.any() for block in recurrent_blocks(spec, params))


@given(spec=exact, seed=seeds)
def test_the_spectral_scheme_has_a_radius_of_one_of_its_own(spec, seed):
    for block in recurrent_blocks(spec, e.initialise(spec, "spectral", seed)):
        assert e.spectrum(block).spectral_radius == pytest.approx(1, rel=1e-9)


def test_only_the_spectral_scheme_scales_unasked():
    assert {name for name, scheme in e.SCHEMES.items() if scheme.spectral_radius is not None} == {"spectral"}


@every
@settings(max_examples=25)
@given(spec=specs(("lstm",), biases=(True,)), seed=seeds, value=st.floats(-5, 5, width=32))
def test_a_forget_bias_is_what_both_biases_add_up_to(scheme, spec, seed, value):
    params, drawn = e.initialise(spec, scheme, seed, forget_bias=value), e.initialise(spec, scheme, seed)
    forget = e.CELLS["lstm"].gates.index("f")
    for name, array in params.items():
        if name.startswith("bias_ih"):
            other = params[name.replace("ih", "hh")]
            assert (gates(spec, array)[forget] + gates(spec, other)[forget] == value).all()
            for gate in set(range(4)) - {forget}:
                assert np.array_equal(gates(spec, array)[gate], gates(spec, drawn[name])[gate])
        elif "bias" not in name:
            assert np.array_equal(array, drawn[name])
    assert np.array_equal(params["head.bias"], drawn["head.bias"])


@pytest.mark.parametrize(
    ("cell", "more", "arguments", "sentence"),
    [
        ("rnn", {}, {"scheme": "magic"}, r"^scheme must be one of glorot, .*, zero, not 'magic'\.$"),
        ("rnn", {}, {"seed": -1}, r"^seed must be a whole number of at least 0, not -1\.$"),
        ("rnn", {}, {"seed": 1.5}, r"^seed must be a whole number of at least 0, not 1\.5\.$"),
        ("rnn", {}, {"spectral_radius": -1.0}, r"^spectral_radius must be a finite .*, not -1\.0\.$"),
        (
            "rnn",
            {},
            {"spectral_radius": math.inf},
            r"^spectral_radius must be a finite .*, not inf\.$",
        ),
        (
            "rnn",
            {},
            {"spectral_radius": math.nan},
            r"^spectral_radius must be a finite .*, not nan\.$",
        ),
        (
            "rnn",
            {},
            {"scheme": "zero", "spectral_radius": 1.0},
            r"^spectral_radius must be 0 or None if all recurrent weights are 0, not 1\.0\.$",
        ),
        (
            "feedforward",
            {},
            {"spectral_radius": 1.0},
            r"^spectral_radius must be None for the cell feedforward, which has no W_hh\.$",
        ),
        (
            "rnn",
            {},
            {"forget_bias": 1.0},
            r"^forget_bias must be None for the cell rnn, which has no forget gate\.$",
        ),
        ("gru", {}, {"forget_bias": 1.0}, r"^forget_bias must be None for the cell gru, "),
        (
            "lstm",
            {"bias": False},
            {"forget_bias": 1.0},
            r"^forget_bias must be None for a network without biases\.$",
        ),
        ("lstm", {}, {"forget_bias": math.inf}, r"^forget_bias must be a finite number, or None, not inf\.$"),
    ],
)
def test_what_makes_no_sense_is_refused(cell, more, arguments, sentence):
    with pytest.raises(e.SpecError, match=sentence):
        e.initialise(e.NetworkSpec(cell, 2, 3, 4, **more), **arguments)


def test_a_feedforward_network_takes_the_spectral_scheme_as_it_is():
    params = e.initialise(e.NetworkSpec("feedforward", 2, 3, 4), "spectral")
    assert params["weight_ih_l0"].all()


@pytest.mark.parametrize(("bias", "kept"), [(0.0, 0.5), (1.0, 0.731059), (2.0, 0.880797)])
def test_the_forget_bias_says_how_much_a_new_cell_keeps(bias, kept):
    spec = e.NetworkSpec("lstm", 2, 3, 4)
    trace = e.forward(spec, e.initialise(spec, "zero", forget_bias=bias), np.zeros((5, 1), int))
    assert trace.layers[0].gates["f"] == pytest.approx(kept, abs=1e-6)
