"""Three executors, one meaning: every row of the table on ordinary and on extreme numbers, and programs of them."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import untidy

from autograd import Tape, Value, gradient, relu, tanh
from autograd.graph import topological_order
from autograd.op import TABLE
from autograd.tape.ieee import ieee

EXECUTORS = ["python", "numpy", "compiled"]
EXTREMES = [0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 2.0, -3.0, 1e-310, 1e300, -1e300, 710.5, -746.0]
EXTREMES += [math.inf, -math.inf, math.nan]
ULPS = 4  # by which NumPy's functions and Python's differ; the compiled kernel calls the same library as Python


def ulps_between(a: float, b: float) -> float:
    """How many floats apart two results are; infinite where only one is NaN, or infinities differ."""
    if a == b or (a != a and b != b):
        return 0.0
    if not (math.isfinite(a) and math.isfinite(b)):
        return math.inf
    return abs(a - b) / math.ulp(max(abs(a), abs(b), 2.3e-308))


def points(op):
    """Rows of inputs for one op: every combination of the extremes, of fewer where there are many inputs."""
    width = op.arity or 4
    return [list(p) for p in itertools.product(EXTREMES if width < 3 else EXTREMES[::3], repeat=width)]


def applied(op, xs):
    if op.name == "dot":
        return op(xs[:2], xs[2:])
    return op(*xs) if op.arity else op(xs)


def safe_inputs(op):
    """Leaves at which the op can be recorded."""
    numbers = [1.0 if 1.0 in domain else 0.5 for domain in op.domain] or [0.5] * 4
    return [Value(number, f"x{i}") for i, number in enumerate(numbers)]


@pytest.mark.parametrize("executor", EXECUTORS)
@pytest.mark.parametrize("name", list(TABLE))
def test_every_op_computes_as_ieee_numbers_do(name, executor):
    op, rows = TABLE[name], points(TABLE[name])
    xs = safe_inputs(op)
    found = Tape(applied(op, xs), xs, executor=executor).forward(rows)
    for row, got in zip(rows, found, strict=True):
        assert ulps_between(ieee(op)(*row), float(got)) <= ULPS, (row, got, ieee(op)(*row))


@pytest.mark.parametrize("name", list(TABLE))
def test_the_executors_agree_on_every_local_derivative(name):
    op, rows = TABLE[name], points(TABLE[name])
    xs = safe_inputs(op)
    slow, *others = [
        Tape(applied(op, xs), xs, executor=e).value_and_gradient(rows, reduce=None, by="inputs") for e in EXECUTORS
    ]
    for other in others:
        for row, true, got in zip(rows, slow[1], other[1], strict=True):
            for a, b in zip(true, got, strict=True):
                # one rounding of the op becomes a relative error of a few ulps in what is computed from it
                assert ulps_between(float(a), float(b)) <= 64 or abs(a - b) < 1e-15, (row, true, got)


@pytest.mark.parametrize("executor", EXECUTORS)
@pytest.mark.parametrize("name", [op.name for op in TABLE.values() if op.arity in (1, 2)])
def test_local_derivatives_are_the_engines(name, executor):
    op = TABLE[name]
    at = [[0.3, 0.7], [0.9, 0.2], [0.6, 0.6]]
    inside = [row[: op.arity] for row in at if all(x in d for x, d in zip(row, op.domain, strict=False))]
    inside = inside or [[1.5], [3.0]]
    xs = safe_inputs(op)
    tape = Tape(op(*xs), xs, executor=executor)
    _, found = tape.value_and_gradient(inside, reduce=None, by="inputs")
    for row, got in zip(inside, found, strict=True):
        here = [Value(x) for x in row]
        assert list(got) == pytest.approx(gradient(op(*here), here), rel=1e-14, abs=1e-15)


@pytest.mark.parametrize("executor", EXECUTORS)
@given(seed=st.integers(0, 10**6))
@settings(max_examples=40, deadline=None)
def test_untidy_graphs_have_the_engines_values_and_gradients(executor, seed):
    leaves, nodes = untidy(seed)
    f, rows = nodes[-1], [[0.1, -0.4], [0.8, 0.3], [-0.9, 0.5]]
    inputs, parameters = leaves[:2], leaves[2:]
    value, by_parameters = Tape(f, inputs, parameters, executor=executor).value_and_gradient(rows)
    each, by_inputs = Tape(f, inputs, parameters, executor=executor).value_and_gradient(rows, None, "inputs")
    total, sums = 0.0, np.zeros(2)
    for k, row in enumerate(rows):
        again, nodes = untidy(seed)
        for x, number in zip(again[:2], row, strict=True):
            x.data = number
        g = _recomputed(nodes[-1], again)
        total += g[0]
        sums += g[1][2:]
        assert each[k] == pytest.approx(g[0], rel=1e-12, abs=1e-12)
        assert list(by_inputs[k]) == pytest.approx(g[1][:2], rel=1e-10, abs=1e-12)
    assert value == pytest.approx(total, rel=1e-12, abs=1e-12)
    assert list(by_parameters) == pytest.approx(list(sums), rel=1e-10, abs=1e-12)


def _recomputed(f, leaves):
    """The value and gradient of the graph of f with the leaves' present numbers, by the engine."""
    twin = {x: Value(x.data) for x in leaves}
    for node in topological_order(f):
        if node.op is not None:
            inputs = tuple(twin[x] if isinstance(x, Value) else x for x in node.inputs)
            twin[node] = Value.apply(node.op, inputs)
        elif node not in twin:
            twin[node] = Value(node.data)
    return twin[f].data, gradient(twin[f], [twin[x] for x in leaves])


def network_tape(executor):
    """A small network's tape with a penalty that depends on the parameters alone, 2 inputs and a target."""
    w = [Value(0.1 * (-1) ** i * (i + 1), f"w{i}") for i in range(9)]
    x, y = [Value(0.5, "x1"), Value(-0.2, "x2")], Value(1.0, "y")
    h = [tanh(w[3 * j] * x[0] + w[3 * j + 1] * x[1] + w[3 * j + 2]) for j in range(2)]
    loss = relu(1.0 - y * (w[6] * h[0] + w[7] * h[1] + w[8])) + 0.01 * sum(p * p for p in w)
    return Tape(loss, [*x, y], w, executor=executor)


def rows_of(n):
    rng = np.random.default_rng(1)
    return np.c_[rng.normal(size=(n, 2)), rng.choice([-1.0, 1.0], n)]


@pytest.mark.parametrize("executor", EXECUTORS)
@pytest.mark.parametrize("n", [0, 1, 7, 8, 9, 100, 129, 1000])
def test_sums_are_those_of_the_rows(executor, n):
    tape, rows = network_tape(executor), rows_of(n)
    value, gradient_ = tape.value_and_gradient(rows)
    each, gradients = tape.value_and_gradient(rows, reduce=None)
    assert value == pytest.approx(sum(each), rel=1e-12)
    assert list(gradient_) == pytest.approx(list(np.sum(gradients, axis=0)), rel=1e-11, abs=1e-13)
    assert list(tape.forward(rows)) == pytest.approx(list(each), rel=1e-14)
    if n:
        mean, by_mean = tape.value_and_gradient(rows, reduce="mean", by="both")
        assert mean == pytest.approx(value / n)
        assert by_mean[0] == pytest.approx(gradient_ / n)
        assert by_mean[1] == pytest.approx(tape.value_and_gradient(rows, None, "inputs")[1] / n)


def test_results_do_not_depend_on_the_number_of_threads():
    tape, rows = network_tape("compiled"), rows_of(200_000)
    found = []
    for threads in (1, 2, 3):
        tape.threads = threads
        value, by_parameters = tape.value_and_gradient(rows)
        found.append((value, *by_parameters, *tape.forward(rows)[::1000]))
    assert found[0] == found[1] == found[2]
    slow = network_tape("numpy").value_and_gradient(rows)
    assert found[0][0] == pytest.approx(slow[0], rel=1e-12)


@pytest.mark.parametrize("layout", ["C", "F", "strided", "lists", "float32", "ints"])
def test_rows_of_any_make(layout):
    rows = np.round(rows_of(20) * 4) / 4
    given_rows = {
        "C": rows,
        "F": np.asfortranarray(rows),
        "strided": np.repeat(rows, 2, axis=0)[::2],
        "lists": rows.tolist(),
        "float32": rows.astype(np.float32),
        "ints": [[1, 0, 1]],
    }[layout]
    want = network_tape("python").value_and_gradient(np.array(given_rows, dtype=float))
    for executor in EXECUTORS:
        value, by_parameters = network_tape(executor).value_and_gradient(given_rows)
        assert value == pytest.approx(want[0], rel=1e-13)
        assert list(by_parameters) == pytest.approx(list(want[1]), rel=1e-12)


@pytest.mark.parametrize("executor", EXECUTORS)
def test_a_chain_of_many_ops_needs_no_recursion(executor):
    x, w = Value(0.5, "x"), Value(1.01, "w")
    y = x
    for _ in range(5000):
        y = tanh(y * w + x)
    value, by_parameters = Tape(y, [x], [w], executor=executor).value_and_gradient([[0.5]])
    assert value == pytest.approx(y.data, rel=1e-12)
    assert list(by_parameters) == pytest.approx(gradient(y, [w]), rel=1e-10)
