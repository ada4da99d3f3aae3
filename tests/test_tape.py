"""Tape as a user meets it: the numbers of the eager engine for whole batches, and errors that say what to do."""

import copy
import math
import pickle
import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from strategies import one_line

import autograd
from autograd import Tape, Value, checkpoint, dot, gradient, less, logsumexp, no_grad, relu, tanh, where
from autograd.graph import topological_order
from autograd.op import Op
from autograd.tape import kernel as kernel_module
from autograd.tape.ieee import ieee
from autograd.tape.runners import COMPILING, LOADING

EXECUTORS = ["python", "numpy", "compiled"]
every_executor = pytest.mark.parametrize("executor", EXECUTORS)

# Each function makes a graph from the inputs of one row and the parameters: name -> (function, inputs, parameters).


def network(x, w):
    h = [tanh(w[3 * j] * x[0] + w[3 * j + 1] * x[1] + w[3 * j + 2]) for j in range(3)]
    out = dot(w[9:12], h, w[12])
    return relu(1.0 - x[2] * out) + 0.01 * sum(p * p for p in w)


def right_nested(x, w):
    total = w[3]
    for a, b in zip(x, w, strict=False):
        total = a * b + total
    return total * total


def under_checkpoints(x, w):
    inner = checkpoint(lambda a, b: [a * b + w[0], (a - b).sin()], x[0], w[1])
    return checkpoint(lambda parts: parts[0] * parts[1] + x[1], inner) * w[0]


FUNCTIONS = {
    "network": (network, 3, [0.1 * (-1) ** i * (i + 1) for i in range(13)]),
    "right nested sum": (right_nested, 3, [0.3, -1.1, 0.7, 0.2]),
    "repeated operands": (lambda x, w: x[0] * x[0] * w[0] * w[0] + dot([x[0], x[0]], [x[0], w[0]], x[0]), 1, [1.7]),
    "checkpoints": (under_checkpoints, 2, [0.4, -0.9]),
    "softmax": (lambda x, w: logsumexp(x[0] * w[0], w[1], 0.5, x[0]) - x[1] * w[0], 2, [0.8, -0.3]),
    "kinks": (lambda x, w: abs(x[0] - 0.5).maximum(w[0] * x[1]) + relu(x[0] - x[0]) + x[0].minimum(x[0]), 2, [0.9]),
    "powers": (lambda x, w: (1.2 + x[0] * x[0]) ** w[0] + x[0] ** 3 + 2.0 ** x[0] / w[1] + w[0] ** 0, 1, [1.5, 0.4]),
    "where": (lambda x, w: where(less(x[0], w[0]), x[0] * w[1], tanh(x[1] / w[1])), 2, [0.3, 2.5]),
    "an input alone": (lambda x, w: x[1], 2, [0.3]),
    "a parameter alone": (lambda x, w: w[1], 1, [0.3, 0.4]),
    "parameters alone": (lambda x, w: tanh(w[0] * w[1]) + w[0], 2, [0.3, 0.4]),
    "constants alone": (lambda x, w: Value(2.0) * Value(3.0), 1, [0.5]),
    "no inputs": (lambda x, w: (w[0] * w[0]).exp(), 0, [0.5]),
    "no parameters": (lambda x, w: (x[0] * x[1]).exp(), 2, []),
    "nothing but numbers": (lambda x, w: Value(2.0).sqrt(), 0, []),
    "unused": (lambda x, w: x[1] * w[1], 3, [0.3, 0.4, 0.5]),
}
every_function = pytest.mark.parametrize("name", list(FUNCTIONS))
ROWS = 5


def leaves(name, row=None):
    """The output of the function, its inputs and its parameters, at a row; some numbers, if none is given."""
    function, inputs, numbers = FUNCTIONS[name]
    x = [Value(number, f"x{i}") for i, number in enumerate(row or [0.5] * inputs)]
    w = [Value(number, f"w{i}") for i, number in enumerate(numbers)]
    return function(x, w), x, w


def rows_of(name, rows=ROWS):
    rng = random.Random(name)
    return [[round(rng.uniform(-2, 2), 3) for _ in range(FUNCTIONS[name][1])] for _ in range(rows)]


def by_the_engine(name, rows):
    """Values (n,), gradients by parameter (n, parameters) and by input (n, inputs)."""
    found = [[], [], []]
    for row in rows:
        f, x, w = leaves(name, row)
        derivatives = gradient(f, [*w, *x])
        found[0].append(f.data)
        found[1].append(derivatives[: len(w)])
        found[2].append(derivatives[len(w) :])
    return [np.array(part, dtype=float) for part in found]


def tape_of(name, executor=None, **options):
    f, x, w = leaves(name)
    return Tape(f, x, w, executor=executor, **options)


def close(found, expected):
    found = np.asarray(found)
    assert found.dtype == float
    assert found.shape == np.shape(expected)
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-13)


def product_tape(executor=None):
    x, w = Value(2.0, "x"), Value(3.0, "w")
    return Tape(x * w, [x], [w], executor=executor)


# --- the numbers -------------------------------------------------------------------------------------------------


@every_function
@every_executor
@pytest.mark.parametrize("reduce", ["sum", "mean", None])
@pytest.mark.parametrize("by", ["parameters", "inputs", "both"])
def test_values_and_gradients_are_the_engines(name, executor, reduce, by):
    rows = rows_of(name)
    values, by_parameters, by_inputs = by_the_engine(name, rows)
    if reduce is not None:
        factor = 1.0 if reduce == "sum" else 1.0 / ROWS
        values, by_parameters, by_inputs = sum(values) * factor, by_parameters.sum(axis=0) * factor, by_inputs * factor
    value, derivatives = tape_of(name, executor).value_and_gradient(rows, reduce=reduce, by=by)
    close(value, values)
    assert (reduce is None) or type(value) is float
    if by == "both":
        close(derivatives[0], by_parameters)
        close(derivatives[1], by_inputs)
    else:
        close(derivatives, by_parameters if by == "parameters" else by_inputs)


@every_function
@every_executor
def test_forward_gives_the_engines_numbers(name, executor):
    rows = rows_of(name)
    close(tape_of(name, executor).forward(rows), by_the_engine(name, rows)[0])


@every_function
@every_executor
def test_second_derivatives_are_the_engines(name, executor):
    tape, rows = tape_of(name, executor), rows_of(name)
    d = [0.3 * (-1) ** i + 0.1 * i for i in range(20)]
    d_w, d_x = d[: len(tape.parameters)], d[: FUNCTIONS[name][1]]
    _, slope_w, slope_x = by_the_engine(name, rows)
    by_parameters = np.array([autograd.hvp(f, w, d_w) for f, _, w in [leaves(name, row) for row in rows]])
    by_inputs = np.array([autograd.hvp(f, x, d_x) for f, x, _ in [leaves(name, row) for row in rows]])
    close(tape.hvp(rows, d_w), by_parameters.sum(axis=0))
    close(tape.hvp(rows, d_w, reduce="mean"), by_parameters.mean(axis=0))
    close(tape.hvp_tape().forward([[*row, *d_w] for row in rows]), by_parameters)
    close(tape.hvp_tape("inputs").forward([[*row, *d_x] for row in rows]), by_inputs)
    close(tape.gradient_tape().forward(rows), slope_w)
    close(tape.gradient_tape("inputs").forward(rows), slope_x)


@every_executor
def test_gradient_tapes_of_gradient_tapes_give_any_order(executor):
    x, w = Value(0.3, "x"), Value(1.7, "w")
    tape, rows = Tape((x * w).sin(), [x], [w], executor=executor), [[0.3], [-1.2], [0.0]]
    expected = [lambda a: 1.7 * math.cos(a), lambda a: -(1.7**2) * math.sin(a), lambda a: -(1.7**3) * math.cos(a)]
    for derivative in expected:
        tape = tape.gradient_tape("inputs")
        close(tape.forward(rows), [[derivative(1.7 * row[0])] for row in rows])


@every_executor
def test_third_derivatives_are_the_engines(executor):
    def graph(row):
        x, w = [Value(number) for number in row], [Value(0.7), Value(-0.4)]
        return tanh(x[0] * w[0] + w[1] * w[1]) * x[1], x, w

    def slope(row):  # dᵀ H d as a graph of its own: the gradient of this one is a third derivative
        f, x, w = graph(row)
        first = gradient(f, w, create_graph=True)
        second = gradient(dot(first, [0.5, -1.5]), w, create_graph=True)
        return dot(second, [0.5, -1.5]), x, w

    rows = [[0.4, 1.0], [-1.3, 0.2], [2.0, -0.7]]
    f, x, w = slope(rows[0])
    _, found = Tape(f, x, w, executor=executor).value_and_gradient(rows, reduce=None)
    close(found, [gradient(*slope(row)[::2]) for row in rows])


@every_executor
def test_local_derivatives_that_are_constants_keep_the_signs_of_zeros(executor):
    x = [Value(1.0), Value(1.0)]
    _, slopes = Tape(x[0] * 0.0 + x[1] * -0.0, x, executor=executor).value_and_gradient([[1.0, 2.0]], by="inputs")
    assert [math.copysign(1.0, d) for d in slopes[0]] == [1.0, -1.0]


@every_executor
def test_a_local_derivative_that_raises_for_its_constants_is_nan(executor):
    x = Value(2.0)
    f = (-2.0) ** x  # whose derivative by x takes the logarithm of -2
    assert math.isnan(gradient(f, [x])[0])
    values, slopes = Tape(f, [x], executor=executor).value_and_gradient([[2.0], [3.0]], reduce=None, by="inputs")
    assert values.tolist() == [4.0, -8.0] and np.isnan(slopes).all()


@every_executor
def test_a_derived_tape_starts_with_the_present_parameters_and_has_its_own(executor):
    tape = tape_of("network", executor)
    tape.parameters[:] = 0.25
    derived = tape.gradient_tape()
    assert list(derived.parameters) == [0.25] * 13
    before = derived.forward(rows_of("network"))
    tape.parameters[:] = 0.5
    close(derived.forward(rows_of("network")), before)


@every_executor
def test_several_outputs_are_columns_in_their_order(executor):
    x, w = [Value(1.0, "x0"), Value(2.0, "x1")], [Value(3.0, "w0"), Value(5.0, "w1")]
    product = x[0] * w[0]
    outputs = [product, x[1], w[1], product, w[0] * w[1], Value(2.0) * 3.0, x[0] + x[1], product]
    found = Tape(outputs, x, w, executor=executor).forward([[1.0, 2.0], [-1.0, 4.0]])
    close(found, [[3, 2, 5, 3, 15, 6, 3, 3], [-3, 4, 5, -3, 15, 6, 3, -3]])


@every_executor
def test_a_list_of_one_output_stays_a_column_and_has_a_gradient(executor):
    x, w = Value(2.0), Value(3.0)
    tape = Tape([x * w], [x], [w], executor=executor)
    close(tape.forward([[1.0], [2.0]]), [[3.0], [6.0]])
    assert tape.value_and_gradient([[1.0], [2.0]])[0] == 9.0
    close(tape.gradient_tape().forward([[1.0], [2.0]]), [[1.0], [2.0]])


@every_executor
def test_no_rows_sum_to_zero_even_where_each_would_be_infinite(executor):
    w, x = Value(1.0), Value(1.0)
    tape = Tape(w.log() + 0.0 * x, [x], [w], executor=executor)
    tape.parameters[:] = 0.0
    for none in ([], np.zeros((0, 1))):
        value, slope = tape.value_and_gradient(none)
        assert (value, list(slope)) == (0.0, [0.0])
        assert list(tape.hvp(none, [1.0])) == [0.0]
        close(tape.forward(none), np.zeros(0))
        each, slopes = tape.value_and_gradient(none, reduce=None, by="both")
        assert each.shape == (0,) and slopes[0].shape == (0, 1) and slopes[1].shape == (0, 1)


@every_executor
@pytest.mark.parametrize(
    "kind", ["read-only", "broadcast", "big-endian", "unaligned", "reversed", "generator", "Values"]
)
def test_rows_may_come_in_any_shape_of_memory(executor, kind):
    plain = np.array([[1.0], [1.0], [1.0]])
    made = {
        "read-only": np.array(plain),
        "broadcast": np.broadcast_to(np.ones((1, 1)), (3, 1)),
        "big-endian": plain.astype(">f8"),
        "unaligned": np.ones(3, dtype=[("a", "i1"), ("b", "f8")])["b"][:, None],
        "reversed": plain[::-1],
        "generator": (row for row in [[1.0], [1], [True]]),
        "Values": [[Value(1.0)]] * 3,
    }[kind]
    if kind == "read-only":
        made.flags.writeable = False
    value, slope = product_tape(executor).value_and_gradient(made)
    assert (value, list(slope)) == (9.0, [3.0])


@every_executor
def test_results_are_the_callers_own(executor):
    tape = product_tape(executor)
    runs = [
        lambda x: tape.forward([[x]]),
        lambda x: tape.value_and_gradient([[x]])[1],
        lambda x: tape.value_and_gradient([[x]], by="inputs")[1],
        lambda x: tape.hvp([[x]], [x]),
    ]
    for run in runs:
        first = run(1.0)
        kept = first.copy()
        second = run(7.0)
        assert not np.shares_memory(first, second)
        assert list(first.ravel()) == list(kept.ravel())
    assert list(tape.parameters) == [3.0]


# --- parameters --------------------------------------------------------------------------------------------------


@every_executor
def test_parameters_are_one_flat_array_between_the_tape_and_the_values(executor):
    x, w = Value(1.0), [Value(2.0), Value(3.0)]
    tape = Tape(x * w[0] + w[1], [x], w, executor=executor)
    assert isinstance(tape.parameters, np.ndarray) and tape.parameters.dtype == float
    assert list(tape.parameters) == [2.0, 3.0]
    tape.parameters[:] = [10.0, 20.0]
    assert list(tape.forward([[1.0]])) == [30.0]
    assert [p.data for p in w] == [2.0, 3.0]  # in step only when asked
    tape.to_values()
    assert [p.data for p in w] == [10.0, 20.0] and all(type(p.data) is float for p in w)
    w[1].data = -1.0
    assert list(tape.forward([[1.0]])) == [30.0]
    array = tape.parameters
    tape.from_values()
    assert list(tape.forward([[1.0]])) == [9.0] and tape.parameters is array
    tape.parameters -= 1.0
    assert list(tape.forward([[1.0]])) == [7.0]


@every_executor
def test_other_leaves_stay_what_they_were(executor):
    x, constant = Value(1.0), Value(5.0)
    tape = Tape(x * constant, [x], executor=executor)
    constant.data = 100.0
    assert list(tape.forward([[2.0]])) == [10.0]


@every_executor
def test_recording_takes_the_present_numbers_and_leaves_the_graph_alone(executor):
    x, w = Value(2.0, "x"), Value(3.0, "w")
    f = x * w
    f.backward()
    w.data = 4.0
    tape = Tape(f, [x], [w], executor=executor)
    tape.value_and_gradient([[10.0]])
    assert list(tape.forward([[10.0]])) == [40.0]
    assert (f.data, x.data, w.data, x.grad, w.grad) == (6.0, 2.0, 4.0, 3.0, 2.0)


def test_names_of_values_are_those_of_the_program():
    x, w = Value(2.0, "height"), Value(3.0, "slope")
    product = x * w
    product.name = "rise"
    assert str(Tape(product + 1.0, [x], [w])).splitlines() == [
        "inputs height; parameters slope",
        "rise = height * slope",
        "v1 = rise + 1.0",
        "return v1",
    ]
    assert "height" in Tape(product, [x], [w]).adjoint_text()
    assert repr(Tape(product, [x], [w])) == "<Tape of 1 instructions, 1 inputs, 1 parameters, 1 outputs>"


# --- copies ------------------------------------------------------------------------------------------------------


@every_executor
@pytest.mark.parametrize(
    "copied", [copy.deepcopy, lambda tape: pickle.loads(pickle.dumps(tape))], ids=["copy", "pickle"]
)
def test_a_tape_can_be_copied_and_pickled_before_and_after_it_ran(executor, copied):
    rows = rows_of("network")
    tape = tape_of("network", executor)
    tape.threads = 3
    fresh = copied(tape)
    expected = [tape.value_and_gradient(rows, by="both"), tape.hvp(rows, [1.0] * 13), tape.forward(rows)]
    for other in (fresh, copied(tape)):
        value, (by_parameters, by_inputs) = other.value_and_gradient(rows, by="both")
        assert value == expected[0][0]
        assert list(by_parameters) == list(expected[0][1][0]) and by_inputs.tolist() == expected[0][1][1].tolist()
        assert list(other.hvp(rows, [1.0] * 13)) == list(expected[1])
        assert list(other.forward(rows)) == list(expected[2])
        assert other.threads == 3 and str(other) == str(tape)
        other.parameters[:] = 0.0
        other.to_values()
    assert tape.parameters.any() and all(p.data for p in tape.values)  # a copy has Values of its own


# --- who runs it -------------------------------------------------------------------------------------------------


@pytest.fixture
def said(monkeypatch):
    """Nothing was said yet, and Numba is looked for anew."""
    monkeypatch.setattr(kernel_module, "_said", set())
    kernel_module.available.cache_clear()
    yield
    kernel_module.available.cache_clear()


def test_work_is_counted_and_decides(monkeypatch):
    monkeypatch.setattr(kernel_module, "ready", lambda ops: False)
    tape = tape_of("network")
    assert tape.executor == "numpy"
    runners = tape._runners
    runners.asked = LOADING * 1.01
    assert tape.executor == "numpy"  # it would have to be compiled first
    monkeypatch.setattr(kernel_module, "ready", lambda ops: True)
    assert tape.executor == "compiled"
    runners.asked = LOADING * 0.99
    assert tape.executor == "numpy"
    monkeypatch.setattr(kernel_module, "ready", lambda ops: False)
    runners.asked = COMPILING * 1.01
    assert tape.executor == "compiled"


def test_the_same_calls_count_the_same_and_each_tape_for_itself():
    first, second = tape_of("network"), tape_of("network")
    for tape in (first, second):
        for _ in range(3):
            tape.value_and_gradient(rows_of("network"))
    assert first._runners.asked == second._runners.asked > 0.0
    assert tape_of("network")._runners.asked == 0.0


def test_more_rows_count_for_more():
    found = []
    for rows in (1, 1000, 100_000):
        tape = product_tape()
        tape.forward(np.ones((rows, 1)))
        found.append(tape._runners.asked)
    assert found == sorted(found) and found[2] > 50 * found[1]


def test_announced_work_counts_before_it_is_done(monkeypatch):
    monkeypatch.setattr(kernel_module, "ready", lambda ops: True)
    tape = tape_of("network")
    tape.expect(10, calls=2)
    assert tape.executor == "numpy"
    tape.expect(100_000, calls=1000)
    assert tape.executor == "compiled"


def test_a_tape_that_goes_over_to_the_kernel_gives_the_same_numbers(monkeypatch):
    monkeypatch.setattr(kernel_module, "ready", lambda ops: True)
    tape, rows = tape_of("network"), rows_of("network")
    before = tape.value_and_gradient(rows, by="both")
    tape.expect(100_000, 1000)
    after = tape.value_and_gradient(rows, by="both")
    assert tape._runners.of("gradient", "both", True)._engines.keys() == {"numpy", "compiled"}
    close(after[0], before[0])
    close(after[1][0], before[1][0])
    close(after[1][1], before[1][1])


@every_executor
def test_an_executor_that_was_asked_for_stays(executor):
    tape = tape_of("network", executor)
    assert tape.executor == executor
    tape.expect(10**9, 10**9)
    assert tape.executor == executor
    assert tape.gradient_tape().executor == executor


@pytest.mark.parametrize("executor", [None, "compiled"])
@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda patch: patch.setitem(sys.modules, "numba", None), "Numba is not installed; pip install"),
        (lambda patch: patch.setattr("numba.__version__", "0.58.1"), "Numba 0.58.1 is too old; pip install"),
    ],
    ids=["missing", "too old"],
)
def test_without_numba_tapes_run_on_numpy_and_say_so_once(monkeypatch, capsys, said, executor, change, reason):
    change(monkeypatch)
    tapes = [tape_of("network", executor) for _ in range(2)]
    for tape in tapes:
        tape.expect(10**6, 10**6)
        for _ in range(2):
            close(tape.forward(rows_of("network")), by_the_engine("network", rows_of("network"))[0])
            tape.value_and_gradient(rows_of("network"))
        assert tape.executor == "numpy"
    out, err = capsys.readouterr()
    assert out == "" and err.count("\n") == 1
    assert err.startswith(f"pathgrad: {reason}") and "NumPy" in err


def test_a_numba_that_cannot_be_imported_is_no_obstacle(monkeypatch, capsys, said, tmp_path):
    (tmp_path / "numba.py").write_text("raise ImportError('Numba needs NumPy 2.0 or less')")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "numba")
    tape = product_tape("compiled")
    assert list(tape.forward([[2.0]])) == [6.0]
    assert "Numba needs NumPy 2.0 or less" in capsys.readouterr().err


def test_short_jobs_do_not_look_for_numba_at_all(monkeypatch, capsys, said):
    monkeypatch.setitem(sys.modules, "numba", None)
    product_tape().value_and_gradient([[1.0]])
    assert capsys.readouterr().err == ""


WITHOUT_NUMPY = """
import sys

class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("numpy", "numba"):
            raise ImportError(f"no {name} here", name=name)

sys.meta_path.insert(0, Blocker())
from autograd import Tape, Value, tanh

def told(call):
    try:
        return call()
    except Exception as error:
        return f"{type(error).__name__}: {error}"

for executor in (None, "python", "numpy", "compiled"):
    x, w = [Value(1.0, "x"), Value(2.0, "y")], [Value(3.0, "w"), Value(5.0, "b")]
    tape = Tape(x[0] * w[0] * w[0] + x[1] * w[1], x, w, executor=executor)
    rows = [[1.0, 2], (3, True)]
    print(tape.forward(rows), tape.forward([]), tape.executor)
    print(tape.value_and_gradient(rows), tape.value_and_gradient(rows, "mean", "both"))
    print(tape.value_and_gradient(rows, None, "both"), tape.value_and_gradient([], None, "inputs"))
    print(tape.hvp(rows, [1.0, 0.0]), tape.gradient_tape().forward(rows), tape.hvp_tape().forward([[1, 2, 1, 0]]))
    tape.parameters[:] = type(tape.parameters)("d", [1.0, 1.0])
    print(tape.forward(rows), type(tape.parameters).__name__)
    for bad in ([[1.0]], [[1.0, 2.0], [1.0]], [1.0, 2.0], 3, [["a", "b"]], [[None, 1.0]]):
        print(told(lambda: tape.forward(bad)))
    print(told(lambda: tape.forward([[1.0, 1.0], [1.0, float("nan")]], check_finite=True)))
    print(told(lambda: tape.value_and_gradient([[1.0, 1.0], [1e308, 1e308], [9e307, 9e307]], check_finite=True)))
"""


def test_without_numpy_rows_and_results_are_lists():
    root = Path(__file__).parents[1]
    found = subprocess.run([sys.executable, "-c", WITHOUT_NUMPY], cwd=root, capture_output=True, text=True, check=True)
    expected = [
        "[19.0, 32.0] [] python",
        "(51.0, [24.0, 3.0]) (25.5, ([12.0, 1.5], [[4.5, 2.5], [4.5, 2.5]]))",
        "([19.0, 32.0], ([[6.0, 2.0], [18.0, 1.0]], [[9.0, 5.0], [9.0, 5.0]])) ([], [])",
        "[8.0, 0.0] [[6.0, 2.0], [18.0, 1.0]] [[2.0, 0.0]]",
        "[3.0, 4.0] array",
        "ValueError: expected rows of 2 numbers, one for each input, and row 0 (counted from 0) has 1",
        "ValueError: expected rows of 2 numbers, one for each input, and row 1 (counted from 0) has 1",
        "ValueError: expected rows of 2 numbers, one for each input, got float 1.0 as row 0; put a row in brackets of "
        "its own",
        "ValueError: expected rows of 2 numbers, one for each input, got int 3",
        "ValueError: expected a number, got str 'a' in row 0, column 0 of the rows (both count from 0)",
        "ValueError: expected a number, got NoneType None in row 0, column 0 of the rows (both count from 0)",
        "FloatingPointError: row 1, column 1 (y) of the rows is nan (both count from 0)",
        "FloatingPointError: in row 1, v4 = v2 + v3 is inf with v2 = 1e+308, v3 = 1e+308",
    ]
    assert found.stdout.splitlines() == expected * 4
    assert found.stderr == ""


# --- what is wrong is said ---------------------------------------------------------------------------------------


def wrong_tapes():
    x, w, y = Value(2.0, "x"), Value(3.0, "w"), Value(1.0)
    product = x * w
    with no_grad():
        unrecorded = x * w
    return [
        (ValueError, "a tape needs at least one output", lambda: Tape([], [x])),
        (ValueError, "belongs to no graph", lambda: Tape(Value(1.0, "alone"), [x])),
        (ValueError, "alone", lambda: Tape([product, Value(1.0, "alone")], [x], [w])),
        (ValueError, "belongs to no graph", lambda: Tape(unrecorded, [x], [w])),
        (TypeError, "expected outputs as a list of Values, got float", lambda: Tape(3.0, [x])),
        (TypeError, "expected outputs as a list of Values, got float", lambda: Tape([product, 3.0], [x])),
        (TypeError, "expected outputs as a list of Values, got NoneType", lambda: Tape(None)),
        (TypeError, "expected outputs as a list of Values, got str", lambda: Tape("f", [x])),
        (TypeError, "expected inputs as a list of Values, got Value", lambda: Tape(product, x)),
        (TypeError, "expected inputs as a list of Values, got int", lambda: Tape(product, [x, 1])),
        (TypeError, "expected parameters as a list of Values, got str", lambda: Tape(product, [x], ["w"])),
        (TypeError, "expected parameters as a list of Values, got list", lambda: Tape(product, [x], [[w]])),
        (ValueError, "is computed, by mul", lambda: Tape(product + 1, [product])),
        (ValueError, "is computed, by neg", lambda: Tape(product, [x], [-w])),
        (ValueError, "an input is listed twice", lambda: Tape(product, [x, y, x], [w])),
        (ValueError, "w is listed twice among the parameters", lambda: Tape(product, [x], [w, w])),
        (ValueError, "x is among the inputs and the parameters", lambda: Tape(product, [x], [w, x])),
        (ValueError, "executor is one of compiled, numpy, python", lambda: Tape(product, [x], executor="fast")),
        (ValueError, "executor is one of compiled, numpy, python", lambda: Tape(product, [x], executor=1)),
    ]


@pytest.mark.parametrize("k", range(len(wrong_tapes())))
def test_what_no_tape_can_be_made_of_is_said(k):
    kind, says, call = wrong_tapes()[k]
    with pytest.raises(kind) as raised:
        call()
    assert says in one_line(raised)
    assert ". " not in one_line(raised)


def wrong_calls(tape, several):
    run, slope = tape.forward, tape.value_and_gradient
    return [
        ("expected rows of 2 numbers, one for each input, got an array of shape (1, 3)", lambda: run([[1, 2, 3]])),
        ("got an array of shape (0, 3)", lambda: run(np.zeros((0, 3)))),
        ("shape (2,); put one row in brackets of its own", lambda: run([1.0, 2.0])),
        ("got an array of shape (2, 1, 1)", lambda: run(np.zeros((2, 1, 1)))),
        ("got an array of shape ()", lambda: run(3.0)),
        ("and row 1 (counted from 0) has 3", lambda: run([[1, 2], [1, 2, 3]])),
        ("got float 5.0 as row 1; put a row in brackets of its own", lambda: run([[1, 2], 5.0])),
        ("got str '1' in row 0, column 1 of the rows", lambda: run([[1, "1"]])),
        ("got complex 1j in row 1, column 0 of the rows", lambda: run([[1, 2], [1j, 2]])),
        ("got an array of complex128", lambda: run(np.ones((2, 2), dtype=complex))),
        ("got an array of datetime64[s]", lambda: run(np.zeros((2, 2), dtype="M8[s]"))),
        ("got str 'r' as row 0", lambda: run("rows")),
        ("reduce is one of ('sum', 'mean', None)", lambda: slope([[1, 2]], reduce="max")),
        ("got 'sum' and 'weights'", lambda: slope([[1, 2]], by="weights")),
        ("the mean of no rows was asked for; give at least one row", lambda: slope([], reduce="mean")),
        ("the mean of no rows was asked for; give at least one row", lambda: tape.hvp([], [1], reduce="mean")),
        ("reduce is 'sum' or 'mean', got None", lambda: tape.hvp([[1, 2]], [1], reduce=None)),
        ("expected a direction of length 1, got one of 2", lambda: tape.hvp([[1, 2]], [1, 2])),
        ("by is 'parameters' or 'inputs', got 'both'", lambda: tape.gradient_tape("both")),
        ("by is 'parameters' or 'inputs', got 'all'", lambda: tape.hvp_tape("all")),
        ("expected rows of 4 numbers", lambda: tape.hvp_tape("inputs").forward([[1, 2]])),
        ("a gradient is that of one output, and this tape has 2", lambda: several.value_and_gradient([[1, 2]])),
        ("a gradient is that of one output, and this tape has 2", lambda: several.gradient_tape()),
        ("a gradient is that of one output, and this tape has 2", lambda: several.hvp([[1, 2]], [1])),
        ("a gradient is that of one output, and this tape has 2", lambda: several.adjoint_text()),
    ]


@every_executor
@pytest.mark.parametrize("k", range(25))
def test_what_a_tape_cannot_be_asked_for_is_said(executor, k):
    x, w = [Value(1.0, "x"), Value(2.0, "y")], [Value(3.0, "w")]
    tape = Tape(x[0] * w[0] + x[1], x, w, executor=executor)
    calls = wrong_calls(tape, Tape([x[0] * w[0], x[1]], x, w, executor=executor))
    assert len(calls) == 25
    says, call = calls[k]
    with pytest.raises(ValueError) as raised:  # noqa: PT011  # `says` is looked for below
        call()
    assert says in one_line(raised)
    assert ". " not in one_line(raised)


@every_executor
def test_an_output_that_depends_on_no_parameter_has_gradient_zero(executor):
    x, w = Value(2.0), [Value(3.0), Value(4.0)]
    tape = Tape(x * x, [x], w, executor=executor)
    value, slope = tape.value_and_gradient([[2.0], [3.0]])
    assert (value, list(slope)) == (13.0, [0.0, 0.0])
    assert list(tape.hvp([[2.0]], [1.0, 1.0])) == [0.0, 0.0]
    close(tape.gradient_tape().forward([[2.0]]), [[0.0, 0.0]])


# --- branches ----------------------------------------------------------------------------------------------------


def branching():
    x, w = Value(2.0, "x"), Value(3.0, "w")
    product = x * w
    product.name = "product"
    return (product if product > 1.0 else -product) + x, x, w


def test_compared_values_are_refused_with_the_place():
    line = branching.__code__.co_firstlineno + 4
    f, x, w = branching()
    with pytest.raises(ValueError, match="was compared") as raised:
        Tape(f, [x], [w])
    text = one_line(raised)
    assert f"{__file__}:{line}" in text
    assert "where(condition, a, b)" in text and "allow_branches=True" in text


@every_executor
def test_a_tape_that_may_have_branches_repeats_the_one_taken(executor):
    f, x, w = branching()
    tape = Tape(f, [x], [w], allow_branches=True, executor=executor)
    assert list(tape.forward([[2.0], [-2.0]])) == [8.0, -8.0]


def test_a_comparison_under_a_checkpoint_is_seen():
    x, w = Value(2.0, "x"), Value(3.0, "w")
    f = checkpoint(lambda a, b: a * b if a * b > 1.0 else a - b, x, w) + 1.0
    with pytest.raises(ValueError, match="was compared"):
        Tape(f, [x], [w])


@every_executor
def test_where_needs_no_permission_and_decides_in_each_row(executor):
    x = Value(2.0, "x")
    tape = Tape(where(less(x, 0.0), -x, x * x), [x], executor=executor)
    assert list(tape.forward([[2.0], [-2.0]])) == [4.0, 2.0]
    assert tape.value_and_gradient([[2.0], [-2.0]], by="inputs")[1].ravel().tolist() == [4.0, -1.0]


# --- numbers that are not finite ---------------------------------------------------------------------------------


def named_graph(seed):
    """A random graph of ops that overflow or leave their domain, every node of which has a name."""
    rng = random.Random(seed)
    x, w = [Value(0.7, f"x{i}") for i in range(3)], [Value(0.6, f"w{i}") for i in range(2)]
    pool = [*x, *w]
    for _ in range(12):
        a, b = rng.choice(pool), rng.choice(pool)
        steps = [
            lambda a=a, b=b: a * b,
            lambda a=a, b=b: a + b,
            lambda a=a, b=b: a - b,
            lambda a=a: (a * a + 0.1).log(),
            lambda a=a: (a * 0.5 + 0.4).maximum(0.2).sqrt(),
            lambda a=a, b=b: a / (b + 3.0),
            lambda a=a: (0.3 * a).exp(),
            lambda a=a, b=b: dot([a, b], [b, 2.0], a),
        ]
        try:
            node = rng.choice(steps)()
        except (ArithmeticError, ValueError):  # not at the point of recording
            continue
        pool.append(node)
    for k, node in enumerate(topological_order(pool[-1])):
        if node.op is not None:
            node.name = f"n{k}"
    return pool[-1], x, w


def first_not_finite(f, x, w, numbers, rows):
    """By brute force: the row and the name of the node, or of the input, and None if there is none."""
    order = topological_order(f)
    for i, row in enumerate(rows):
        found = dict(zip([*x, *w], [*row, *numbers], strict=True))
        for node in order:
            if node.op is not None:
                found[node] = ieee(node.op)(*[found.get(a, getattr(a, "data", a)) for a in node.inputs])
        if math.isfinite(found.get(f, 0.0)):
            continue
        inputs = [a for a in x if a in order and not math.isfinite(found[a])]
        return i, [*inputs, *[node for node in order if not math.isfinite(found.get(node, 0.0))]][0].name
    return None


@every_executor
@pytest.mark.parametrize("seed", range(40))
def test_the_first_row_and_instruction_that_are_not_finite_are_named(executor, seed):
    f, x, w = named_graph(seed)
    if f.op is None:
        return
    rng = random.Random(seed)
    extremes = [0.0, -3.0, 1e200, -1e160, 800.0, 0.5, 1.0, -0.8, 2.0, math.nan, math.inf]
    rows = [[rng.choice(extremes) if rng.random() < 0.3 else rng.uniform(-1, 1) for _ in x] for _ in range(12)]
    expected = first_not_finite(f, x, w, [p.data for p in w], rows)
    tape = Tape(f, x, w, executor=executor)
    if expected is None:
        tape.forward(rows, check_finite=True)
        return
    with pytest.raises(FloatingPointError) as raised:
        tape.forward(rows, check_finite=True)
    text, (row, name) = one_line(raised), expected
    if name.startswith("x"):
        assert text.startswith(f"row {row}, column {name[1:]} ({name}) of the rows is ")
    else:
        assert text.startswith(f"in row {row}, {name} = ")
    with pytest.raises(FloatingPointError, match=f"row {row}"):
        tape.value_and_gradient(rows[: row + 1], check_finite=True)


@every_executor
def test_what_is_infinite_on_the_way_to_a_finite_result_is_no_error(executor):
    x = Value(0.5, "x")
    f = x.log().exp() + x.sqrt()
    tape = Tape(f, [x], executor=executor)
    assert list(tape.forward([[0.0]], check_finite=True)) == [0.0]
    with pytest.raises(FloatingPointError, match=r"^in row 2, ") as raised:  # not in row 0, whose result is finite
        tape.forward([[0.0], [1.0], [-1.0]], check_finite=True)
    assert "log(x) is nan with x = -1" in one_line(raised)


@every_executor
@pytest.mark.parametrize("reduce", ["sum", "mean", None])
def test_a_gradient_that_is_not_finite_is_told_from_its_value(executor, reduce):
    x, w = Value(0.5, "x"), Value(1.0, "w")
    tape = Tape((x * w).sqrt(), [x], [w], executor=executor)
    rows = [[1.0], [0.0]]
    assert list(tape.forward(rows, check_finite=True)) == [1.0, 0.0]
    with pytest.raises(FloatingPointError, match=r"^in row 1, .* is inf"):
        tape.value_and_gradient(rows, reduce=reduce, by="both", check_finite=True)
    value, slope = tape.value_and_gradient(rows, by="both")  # without it, as IEEE 754 has it
    assert value == 1.0 and math.isnan(slope[0][0]) and slope[1].tolist() == [[0.5], [math.inf]]


@every_executor
@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_rows_and_parameters_that_are_not_finite_are_named(executor, bad):
    x, w = [Value(1.0, "x"), Value(2.0)], [Value(3.0, "w"), Value(4.0)]
    tape = Tape(x[0] * w[0] + x[1] * w[1], x, w, executor=executor)
    rows = [[1.0, 2.0], [1.0, bad], [bad, 1.0]]
    for run in (tape.forward, tape.value_and_gradient):
        with pytest.raises(FloatingPointError) as raised:
            run(rows, check_finite=True)
        assert one_line(raised) == f"row 1, column 1 of the rows is {bad} (both count from 0)"
    tape.parameters[0] = bad
    with pytest.raises(FloatingPointError) as raised:
        tape.forward([[1.0, 2.0]], check_finite=True)
    assert one_line(raised) == f"the parameter w is {bad}"


@every_executor
def test_a_column_that_is_not_used_may_hold_anything(executor):
    x = [Value(1.0, "x"), Value(2.0, "y")]
    tape = Tape(x[1] * 2.0, x, executor=executor)
    assert list(tape.forward([[math.nan, 1.0]], check_finite=True)) == [2.0]
    with pytest.raises(FloatingPointError, match=r"^row 1, column 1 \(y\)"):
        tape.forward([[math.nan, 1.0], [math.nan, math.inf]], check_finite=True)


@every_executor
def test_a_sum_may_overflow_where_no_row_does(executor):
    x = Value(1.0, "x")
    tape = Tape(x * 1e308, [x], executor=executor)
    with pytest.raises(FloatingPointError, match="every number is finite in each row, but their sum is not"):
        tape.value_and_gradient([[1.0], [1.0]], check_finite=True)


@every_executor
def test_a_constant_that_is_not_finite_is_named(executor):
    x = Value(1.0, "x")
    with pytest.raises(FloatingPointError, match=r"^the constant inf is inf$"):
        Tape(x * math.inf, [x], executor=executor).forward([[1.0]], check_finite=True)


# --- rows of the table that are new ------------------------------------------------------------------------------


def test_an_op_of_any_number_of_inputs_without_an_array_form_runs_number_by_number(capsys, said):
    squares = Op(
        "squares", lambda *xs: sum(x * x for x in xs), lambda xs, out: tuple(2.0 * x for x in xs), "Σ x²",
        arrange=lambda *xs: xs,
    )  # fmt: skip
    x, w = [Value(1.0), Value(2.0)], [Value(3.0)]
    rows = [[1.0, 2.0], [-1.0, 0.5]]
    for inputs, parameters in ([x, w], [[], [*x, *w]], [[*x, *w], []]):
        for executor in EXECUTORS:
            tape = Tape(squares(*x, *w) * 2.0, inputs, parameters, executor=executor)
            here = [[*row, 3.0][: len(inputs)] for row in rows]
            full = [row + [1.0, 2.0, 3.0][len(inputs) :] for row in here] if inputs else [[1.0, 2.0, 3.0]] * 2
            values, slopes = tape.value_and_gradient(here, reduce=None, by="both")
            close(values, [2.0 * sum(a * a for a in row) for row in full])
            close(np.hstack(slopes[::-1]), [[4.0 * a for a in row] for row in full])
    assert capsys.readouterr().err.count("squares cannot be compiled, so tapes with it run on NumPy") == 1
