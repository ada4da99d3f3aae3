"""A tape as source: the text in Python and in C gives the interpreter's numbers and the engine's gradients."""

import ctypes
import itertools
import math
import random
import re
import shutil
import subprocess

import numpy as np
import pytest
from expressions import call, expressions
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles import samples
from strategies import chain, one_line, untidy

import nn
from autograd import Value, dot, gradient, log, relu, sigmoid, where
from autograd.extended import same
from autograd.op import ARITHMETIC_ERRORS, TABLE, Op
from autograd.tape import c_printer
from autograd.tape.adjoint import with_adjoints
from autograd.tape.functions import Functions
from autograd.tape.identifiers import RESERVED, identifier
from autograd.tape.interpreter import Interpreter
from autograd.tape.passes import optimised
from autograd.tape.program import Program
from autograd.tape.quiet import RAISING, WHOLE, guard
from autograd.tape.recorder import recorded
from autograd.tape.source import source

inf, nan = math.inf, math.nan
every_op = pytest.mark.parametrize("op", TABLE.values(), ids=TABLE.keys())
needs_cc = pytest.mark.skipif(shutil.which("cc") is None, reason="there is no C compiler")
EDGES = [0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -3.0, 800.0, -800.0, 1e200, -1e200, 1.7e308, -1.7e308, 5e-324, inf, -inf, nan]
STRICT = ["-std=c99", "-Wall", "-Wextra", "-pedantic", "-Werror"]


def program_of(outputs, inputs=(), parameters=()) -> Program:
    return recorded(list(outputs), list(inputs), list(parameters))[0]


def in_python(text: str) -> dict:
    """The names that the text defines."""
    found: dict = {}
    exec(compile(text, "the source of a tape", "exec"), found)
    return found


def in_c(folder, *texts: str, count: int = 1, optimised: str = "-O0"):
    """Each text's forward and value_and_gradient, compiled together, as functions like Python's: forward gives as
    many outputs as `count` says."""
    for k, text in enumerate(texts):
        renamed = f"#define forward forward_{k}\n#define value_and_gradient value_and_gradient_{k}\n"
        (folder / f"{k}.c").write_text(renamed + text, encoding="utf-8")
    files = [str(folder / f"{k}.c") for k in range(len(texts))]
    command = ["cc", *STRICT, optimised, "-shared", "-fPIC", "-o", str(folder / "all.so"), *files, "-lm"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0 and not done.stderr, done.stderr
    library = ctypes.CDLL(str(folder / "all.so"))

    def numbers(xs):
        return (ctypes.c_double * max(len(xs), 1))(*xs)

    def functions(k: int):
        forward, gradient = getattr(library, f"forward_{k}"), getattr(library, f"value_and_gradient_{k}", None)

        def several(x, w):
            out = numbers([0.0] * count)
            forward.restype = None
            forward(numbers(x), numbers(w), out)
            return list(out)

        def one(x, w):
            forward.restype = ctypes.c_double
            return forward(numbers(x), numbers(w))

        def value_and_gradient(x, w):
            gradient.restype = ctypes.c_double
            by_parameters, by_inputs = numbers(w), numbers(x)
            value = gradient(numbers(x), numbers(w), by_parameters, by_inputs)
            return value, list(by_parameters)[: len(w)], list(by_inputs)[: len(x)]

        return {"forward": one if count == 1 else several, "value_and_gradient": value_and_gradient}

    return [functions(k) for k in range(len(texts))]


def assert_close(found, expected, tolerance=1e-12):
    for a, b in zip(found, expected, strict=True):
        assert same(a, b) or math.isclose(a, b, rel_tol=tolerance, abs_tol=tolerance), (found, expected)


# --- the numbers


def table_program() -> tuple[Program, list[tuple[str, int]]]:
    """Every op of the table, on x, y and z, and each of its local derivatives."""
    program, results, labels = Program(), [], []
    program.inputs = [program.leaf(name) for name in "xyz"]
    for op in list(TABLE.values()):
        for count in [op.arity] if op.arity else [1, 2, 3]:
            out = program.append(op, range(count))
            results += [out, *with_adjoints(program, out, range(count))]
            labels += [(op.name, k) for k in range(count + 1)]
    program.outputs = results
    return program, labels


@needs_cc
def test_every_op_and_its_derivatives_are_the_interpreters_at_zeros_infinities_nans_ties_and_overflows(tmp_path):
    program, labels = table_program()
    rows = random.Random(0).sample(list(itertools.product(EDGES, repeat=3)), 300)
    rows += [(x, y, 1.0) for x in EDGES for y in EDGES]
    expected = Interpreter(*optimised(program, program.outputs), []).run([], rows)[1]
    python = in_python(source(program, "python"))
    (c,) = in_c(tmp_path, source(program, "c"), count=len(labels), optimised="-O2")
    for row, numbers in zip(rows, expected, strict=True):
        for language, found in (("Python", python["forward"](row, [])), ("C", c["forward"](row, []))):
            wrong = [(label, a, b) for label, a, b in zip(labels, found, numbers, strict=True) if not same(a, b)]
            assert not wrong, (language, row, wrong)


@every_op
def test_every_op_has_the_engines_value_and_gradient(op):
    for count in sorted({len(point) for point in samples(op)}):
        points = [point for point in samples(op) if len(point) == count]
        leaves = [Value(x) for x in points[0]]
        text = in_python(source(program_of([call(op, leaves)], leaves[:1], leaves[1:]), "python"))
        for point in points:
            xs = [Value(x) for x in point]
            f = call(op, xs)
            value, by_parameters, by_inputs = text["value_and_gradient"](point[:1], point[1:])
            assert_close([value, *by_inputs, *by_parameters], [f.data, *gradient(f, xs)])
            assert text["forward"](point[:1], point[1:]) == value


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_expressions_have_the_engines_gradient(data):
    f, leaves = data.draw(expressions(data.draw(st.sampled_from(list(TABLE.values())))))
    text = in_python(source(program_of([f.value], leaves[:1], leaves[1:]), "python"))
    numbers = [x.data for x in leaves]
    value, by_parameters, by_inputs = text["value_and_gradient"](numbers[:1], numbers[1:])
    assert_close([value, *by_inputs, *by_parameters], [f.value.data, *gradient(f.value, leaves)], 1e-9)


@needs_cc
def test_untidy_graphs_in_c_have_the_engines_gradient(tmp_path):
    graphs = [untidy(seed) for seed in range(8)]
    texts = [source(program_of([nodes[-1]], leaves[:2], leaves[2:]), "c") for leaves, nodes in graphs]
    for (leaves, nodes), c in zip(graphs, in_c(tmp_path, *texts), strict=True):
        numbers = [x.data for x in leaves]
        value, by_parameters, by_inputs = c["value_and_gradient"](numbers[:2], numbers[2:])
        assert_close([value, *by_inputs, *by_parameters], [nodes[-1].data, *gradient(nodes[-1], leaves)])


@needs_cc
def test_a_network_in_both_languages_gives_the_engines_hinge_loss_and_gradient(tmp_path):
    model = nn.MLP(2, [16, 16, 1], rng=random.Random(0))
    xs = [Value(0.3, "x1"), Value(-0.7, "x2"), Value(1.0, "y")]
    loss = relu(1.0 - xs[2] * model(xs[:2]))
    program = program_of([loss], xs, model.parameters())
    weights = [p.data for p in model.parameters()]
    (c,) = in_c(tmp_path, source(program, "c"))
    python = in_python(source(program, "python"))
    rng = random.Random(1)
    for _ in range(5):
        row = [rng.uniform(-1, 2), rng.uniform(-1, 2), rng.choice([-1.0, 1.0])]
        for x, number in zip(xs, row, strict=True):
            x.data = number
        loss = relu(1.0 - xs[2] * model(xs[:2]))
        derivatives = gradient(loss, [*model.parameters(), *xs])
        found = python["value_and_gradient"](row, weights)
        assert found == c["value_and_gradient"](row, weights)
        assert_close([found[0], *found[1], *found[2]], [loss.data, *derivatives])


def test_a_sum_of_negative_zeros_has_the_interpreters_sign_where_it_is_divided_by():
    x, w = Value(-1.0, "x"), Value(2.0, "w")
    program = program_of([1.0 / dot([x, x], [w, w])], [x], [w])
    assert in_python(source(program, "python"))["forward"]([-0.0], [1.0]) == inf
    assert "0.0 + x * w" in source(program, "c")
    harmless = program_of([dot([x, x], [w, w])], [x], [w])
    assert "0.0 +" not in source(harmless, "c")


def test_functions_of_math_that_raise_have_numpys_limits():
    names = {"asin": "arcsin", "acos": "arccos", "acosh": "arccosh", "atanh": "arctanh"}
    for name in set(RAISING) - {"lgamma", "gamma", "remainder"}:
        function, theirs = in_python("import math\n" + guard(name))[name], getattr(np, names.get(name, name))
        with np.errstate(all="ignore"):
            for point in itertools.product(EDGES, repeat=2 if name == "fmod" else 1):
                assert same(function(*point), float(theirs(*point))) or math.isclose(
                    function(*point), theirs(*point), rel_tol=1e-13
                ), (name, point)


def test_every_function_of_math_that_raises_is_known():
    def raises(function, count):
        for point in itertools.product(EDGES, repeat=count):
            try:
                out = function(*point)
            except ARITHMETIC_ERRORS:
                return True
            assert isinstance(out, float)
        return False

    known = {*RAISING, *WHOLE, "pow"}
    others = {
        "dist",
        "fsum",
        "prod",
        "sumprod",
        "isclose",
        "isfinite",
        "isinf",
        "isnan",
        "ldexp",
        "frexp",
        "modf",
        "fma",
    }
    whole = {"comb", "factorial", "gcd", "isqrt", "lcm", "perm"}
    for name in {name for name in vars(math) if callable(getattr(math, name))} - known - others - whole:
        two = name in ("atan2", "copysign", "fmod", "hypot", "nextafter", "remainder")
        assert not raises(getattr(math, name), 2 if two else 1), name


@pytest.mark.parametrize("name", ["ceil", "floor", "trunc", "gamma", "lgamma", "fmod", "remainder", "power", "divided"])
def test_what_is_printed_for_a_function_never_raises(name):
    function = in_python("import math\n" + guard(name))[name]
    for point in itertools.product(EDGES, repeat=function.__code__.co_argcount):
        assert isinstance(function(*point), float)


# --- rows of the user's own


def own_row(**columns) -> Op:
    return Op("own", partials=(lambda x, out: 1.0,), doc="a test's own row; it */ ends no ??/ comment\n", **columns)


@needs_cc
def test_rows_of_ones_own_work_in_both_languages(tmp_path):
    rows = {
        "reciprocal": lambda xp, x: 1.0 / x,
        "cube": lambda xp, x: x**3,
        "ramp": lambda xp, x: xp.minimum(xp.maximum(x, 0.0), 1e300),
        "angle": lambda xp, x: xp.arctan(x) - xp.log2(xp.absolute(x)),
        "stairs": lambda xp, x: xp.floor(x) + xp.where(x < 0.0, -inf, 0.5),
        "next op?": lambda xp, x: xp.exp(x) / (1.0 + xp.exp(x)),
    }
    x = Value(0.5, "x")
    ops = [
        Op(name, lambda x: x, (lambda x, out: 1.0,), "it */ ends no ??/ comment", array=a) for name, a in rows.items()
    ]
    program = program_of([op(x) for op in ops], [x])
    python = in_python(source(program, "python"))
    (c,) = in_c(tmp_path, source(program, "c"), count=len(ops))
    with np.errstate(all="ignore"):
        for number in EDGES:
            found = python["forward"]([number], [])
            theirs = [float(array(np, np.float64(number))) for array in rows.values()]
            assert all(map(same, found, c["forward"]([number], []))), (number, found)
            for a, b in zip(found, theirs, strict=True):
                assert same(a, b) or math.isclose(a, b, rel_tol=1e-13), (number, found, theirs)


def test_arithmetic_alone_needs_no_array():
    x = Value(2.0, "x")
    text = source(program_of([own_row(forward=lambda x: x * x - 1.0)(x)], [x]), "python")
    assert "return x * x - 1.0" in text
    assert in_python(text)["forward"]([3.0], []) == 8.0


@pytest.mark.parametrize("language", ["python", "c"])
@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"forward": lambda x: math.sin(x) * 2.0}, "own has no source; give its row array="),
        ({"forward": lambda x: x if x > 0 else 0.0}, "own has no source; give its row array="),
        ({"forward": lambda x: x, "array": lambda xp, x: np.sin(x)}, "own has no source; give its row array="),
        ({"forward": lambda x: x, "array": lambda xp, x: xp.bessel(x)}, "own has no source: it calls bessel, which"),
    ],
)
def test_a_row_without_source_is_refused_by_name(language, columns, said):
    x = Value(2.0, "x")
    with pytest.raises(TypeError, match=re.escape(said)) as raised:
        source(program_of([own_row(**columns)(x)], [x]), language)
    one_line(raised)


def test_a_function_that_only_python_has_is_refused_in_c_alone():
    x = Value(2.0, "x")
    program = program_of([own_row(forward=math.radians)(x)], [x])
    assert in_python(source(program, "python"))["forward"]([180.0], []) == math.pi
    with pytest.raises(TypeError, match="own has no source: it calls radians, which C does not have"):
        source(program, "c")


# --- the text


def neuron():
    x, w, b = [Value(1.0, "x1"), Value(2.0, "x2")], [Value(0.5, "w1"), Value(-1.0, "w2")], Value(0.1, "b")
    z = x[0] * w[0] + x[1] * w[1] + b
    z.name = "z"
    return program_of([relu(z) / 2], x, [*w, b])


PYTHON = '''\
"""A graph of one row, recorded by a tape. Instructions: forward 3, value_and_gradient 9.

x: 2 inputs: x1, x2
w: 3 parameters: w1, w2, b
"""


# x if x > 0, else 0
def relu(x):
    return 0.0 if x <= 0.0 else x


# Heaviside's function, 1 if x > 0, else 0
def step(x):
    return 1.0 if x > 0.0 else 0.0 if x <= 0.0 else x


def forward(x, w):
    """The value."""
    x1, x2 = x
    w1, w2, b = w
    z = b + x1 * w1 + x2 * w2
    v1 = relu(z)
    v2 = v1 / 2.0
    return v2


def value_and_gradient(x, w):
    """The value, its derivatives by w, and those by x."""
    x1, x2 = x
    w1, w2, b = w
    # forward
    z = b + x1 * w1 + x2 * w2
    v1 = relu(z)
    v2 = v1 / 2.0
    # adjoints: z_bar is the derivative of v2 by z
    v3 = step(z)
    z_bar = v3 * 0.5
    w2_bar = x2 * z_bar
    w1_bar = x1 * z_bar
    x2_bar = w2 * z_bar
    x1_bar = w1 * z_bar
    return v2, [w1_bar, w2_bar, z_bar], [x1_bar, x2_bar]
'''

C = """\
/* A graph of one row, recorded by a tape. Instructions: forward 3, value_and_gradient 9.
   x: 2 inputs: x1, x2
   w: 3 parameters: w1, w2, b */
#include <math.h>
#ifdef __clang__
#pragma STDC FP_CONTRACT OFF /* else a product may be added without being rounded first */
#endif

/* x if x > 0, else 0 */
static double relu(double x)
{
    return (x <= 0.0) ? 0.0 : x;
}

/* Heaviside's function, 1 if x > 0, else 0 */
static double step(double x)
{
    return (x > 0.0) ? 1.0 : ((x <= 0.0) ? 0.0 : x);
}

/* The value. */
double forward(const double *x, const double *w)
{
    const double x1 = x[0];
    const double x2 = x[1];
    const double w1 = w[0];
    const double w2 = w[1];
    const double b = w[2];
    const double z = b + x1 * w1 + x2 * w2;
    const double v1 = relu(z);
    const double v2 = v1 / 2.0;
    return v2;
}

/* The value, its derivatives by w, in by_parameters, and those by x, in by_inputs. */
double value_and_gradient(const double *x, const double *w, double *by_parameters, double *by_inputs)
{
    const double x1 = x[0];
    const double x2 = x[1];
    const double w1 = w[0];
    const double w2 = w[1];
    const double b = w[2];
    /* forward */
    const double z = b + x1 * w1 + x2 * w2;
    const double v1 = relu(z);
    const double v2 = v1 / 2.0;
    /* adjoints: z_bar is the derivative of v2 by z */
    const double v3 = step(z);
    const double z_bar = v3 * 0.5;
    const double w2_bar = x2 * z_bar;
    const double w1_bar = x1 * z_bar;
    const double x2_bar = w2 * z_bar;
    const double x1_bar = w1 * z_bar;
    by_parameters[0] = w1_bar;
    by_parameters[1] = w2_bar;
    by_parameters[2] = z_bar;
    by_inputs[0] = x1_bar;
    by_inputs[1] = x2_bar;
    return v2;
}
"""


def test_the_text_for_people_to_read():
    assert source(neuron(), "python") == PYTHON
    assert source(neuron(), "c") == C


def test_the_text_is_the_same_every_time():
    leaves, nodes = untidy(3)
    for language in ("python", "c"):
        texts = {source(program_of([nodes[-1]], leaves), language) for _ in range(3)}
        assert len(texts) == 1


def test_only_what_is_needed_is_printed():
    x, w = Value(1.0, "x"), Value(2.0, "w")
    text = source(program_of([x * w], [x], [w]), "python")
    assert "import" not in text and text.count("def ") == 2
    text = source(program_of([log(x) / 3 + x / w], [x], [w]), "python")
    assert re.findall(r"def (\w+)", text) == ["log", "divided", "forward", "value_and_gradient"]
    assert re.findall(r"import .*", text) == ["import math"]


def test_numbers_round_trip_whatever_they_are():
    x = Value(2.0, "x")
    numbers = [0.1 + 0.2, 5e-324, 1.7976931348623157e308, -1e22, -0.5, math.pi, -0.0]
    f = [x - number for number in numbers] + [x - inf, x + inf, x * nan, x / -inf]
    program = program_of(f, [x])
    found = in_python(source(program, "python"))["forward"]([1e-300], [])
    assert all(map(same, found, [1e-300 - number for number in numbers] + [-inf, inf, nan, -0.0]))
    assert "INFINITY" in source(program, "c") and "NAN" in source(program, "c")


# --- names


@needs_cc
def test_names_are_valid_unique_and_no_keywords_in_either_language(tmp_path):
    names = [
        "lambda",
        "λ",
        "double",
        "x",
        "w",
        "x",
        "exp",
        "forward",
        "out put",
        "1st",
        "ŷ",
        "w1_1,2",
        "v1",
        "α′",
        "→",
        "",
    ]
    names += [
        "outputs",
        "relu",
        "x_bar",
        "sigmoid",
        "class",
        "_private",
        "a" * 100,
        "a" * 99,
        "*/",
        '"""',
        "\n",
        "𝐱",
        "名",
    ]
    leaves = [Value(0.1 * k, name) for k, name in enumerate(names)]
    f = dot(leaves, leaves[::-1])
    f.name = "math"
    f = (f + sigmoid(leaves[0])).exp() * relu(leaves[3])
    program = program_of([f], leaves[:10], leaves[10:])
    numbers = [x.data for x in leaves]
    expected = [f.data, *gradient(f, leaves)]
    (c,) = in_c(tmp_path, source(program, "c"))
    for found in (in_python(source(program, "python")), c):
        value, by_parameters, by_inputs = found["value_and_gradient"](numbers[:10], numbers[10:])
        assert_close([value, *by_inputs, *by_parameters], expected)
    unpacked = source(program, "python").partition("(\n")[2].partition("\n    ) = ws")[0]
    found = re.findall(r"\w+(?=,)", unpacked)
    assert len(found) == len(set(found))
    assert all(name.isascii() and name.isidentifier() and name not in RESERVED for name in found)


def test_arguments_give_way_to_values_called_x_and_w():
    x, w, xs = Value(1.0, "x"), Value(2.0, "w"), Value(3.0, "xs")
    text = source(program_of([x * w + xs], [x, xs], [w]), "python")
    assert "def forward(xs_2, ws):" in text and "x, xs = xs_2" in text
    assert in_python(text)["value_and_gradient"]([4.0, 5.0], [6.0]) == (29.0, [4.0], [6.0, 1.0])


def test_the_gradient_may_have_a_name_of_its_own():
    x = Value(1.0, "relu")
    text = source(program_of([relu(x)], [x]), "python", name="hinge")
    assert in_python(text)["hinge"]([2.0], []) == (2.0, [], [1.0])
    text = source(program_of([relu(x)], [x]), "python", name="relu")  # the op gives way
    assert in_python(text)["relu"]([2.0], []) == (2.0, [], [1.0])


@pytest.mark.parametrize("name", ["", "two words", "λ", "int", "lambda", "forward", "exp"])
def test_a_name_that_no_function_can_have_is_refused(name):
    with pytest.raises(ValueError, match="expected a name that a function may have in Python and in C, got"):
        source(neuron(), "c", name=name)


@pytest.mark.parametrize("language", ["C", "rust", None])
def test_another_language_is_refused(language):
    with pytest.raises(ValueError, match=f"expected the language 'python' or 'c', got {language!r}") as raised:
        source(neuron(), language)
    one_line(raised)


@given(st.text())
def test_identifiers_are_identifiers_and_stay_what_they_are(name):
    found = identifier(name)
    assert found == "" or (found.isascii() and found.isidentifier() and found not in RESERVED and len(found) <= 43)
    assert found.endswith("_") or identifier(found) == found


# --- shapes and sizes


@needs_cc
def test_several_outputs_have_a_forward_alone_and_leaves_and_constants_may_be_outputs(tmp_path):
    x, unused, w = Value(1.0, "x"), Value(2.0, "unused"), Value(3.0, "w")
    program = program_of([x * w, x, w, Value(2.0) * 3.0, x * w], [x, unused], [w])
    (c,) = in_c(tmp_path, source(program, "c"), count=5)
    python = in_python(source(program, "python"))
    assert "value_and_gradient" not in python
    for found in (python, c):
        assert found["forward"]([5.0, 0.0], [7.0]) == [35.0, 5.0, 7.0, 6.0, 35.0]


@needs_cc
@pytest.mark.parametrize(("inputs", "parameters"), [(1, 0), (0, 1), (0, 0)])
def test_inputs_or_parameters_may_be_missing(tmp_path, inputs, parameters):
    x = Value(3.0, "a")
    program = program_of([x * x], [x][:inputs], [x][:parameters])
    (c,) = in_c(tmp_path, source(program, "c"))
    row, weights = [3.0] * inputs, [3.0] * parameters
    for found in (in_python(source(program, "python")), c):
        assert found["forward"](row, weights) == 9.0
        assert found["value_and_gradient"](row, weights) == (9.0, [6.0] * parameters, [6.0] * inputs)


def test_a_row_of_another_width_is_refused_by_python():
    with pytest.raises(ValueError, match="unpack"):
        in_python(source(neuron(), "python"))["forward"]([1.0], [1.0, 2.0, 3.0])


@needs_cc
def test_sums_of_a_thousand_terms_are_cut_into_statements_that_go_on(tmp_path):
    xs, ws = ([Value(random.Random(k).uniform(-1, 1)) for k in range(a, b)] for a, b in ((0, 1000), (1000, 2000)))
    f = dot(xs, ws, 0.5)
    program = program_of([f], xs, ws)
    numbers, weights = [x.data for x in xs], [w.data for w in ws]
    text = source(program, "python")
    (c,) = in_c(tmp_path, source(program, "c"))
    assert in_python(text)["value_and_gradient"](numbers, weights) == (f.data, numbers, weights)
    assert c["value_and_gradient"](numbers, weights) == (f.data, numbers, weights)
    assert max(map(len, text.splitlines())) <= 100


@needs_cc
def test_long_programs_are_functions_too_and_in_c_write_into_an_array(tmp_path):
    x, w = Value(0.5, "x"), Value(0.9, "w")
    f = x
    for _ in range(500):
        f = (f * w + x).sin()
    f.name = "last"
    program = program_of([f], [x], [w])
    text = source(program, "c")
    assert re.search(r"double v\[\d+\];", text) and "/* last */" in text
    (c,) = in_c(tmp_path, text)
    value, by_w, by_x = in_python(source(program, "python"))["value_and_gradient"]([0.5], [0.9])
    assert c["value_and_gradient"]([0.5], [0.9]) == (value, by_w, by_x)
    assert_close([value, *by_w, *by_x], [f.data, *gradient(f, [w, x])])


def test_graphs_deeper_than_any_recursion_have_source():
    x, f = chain(5000)
    f = f.sin()
    assert "static double v[" not in source(program_of([f], [x]), "c")
    for language in ("python", "c"):
        assert source(program_of([f], [x]), language).count("+ 1.0") >= 5000


def test_very_long_programs_in_c_do_not_lie_on_the_stack(monkeypatch):
    monkeypatch.setattr(c_printer, "MOST_LOCALS", 2)
    monkeypatch.setattr(c_printer, "MOST_ON_STACK", 5)
    text = source(neuron(), "c")
    assert re.findall(r".*double v\[.*", text)[:2] == [
        "    double v[3];",
        "    static double v[9]; /* not on the stack: call it in one thread at a time */",
    ]


def test_functions_that_were_asked_for_are_printed_once():
    functions = Functions(c=False)
    assert [functions.applied(TABLE["exp"], [x]) for x in "ab"] == ["exp(a)", "exp(b)"]
    assert list(functions.texts) == ["exp"]


def test_where_is_written_as_a_choice():
    x = Value(1.0, "x")
    program = program_of([where(x.less(0.0), -x, x * 2.0)], [x])
    text = in_python(source(program, "python"))
    assert text["value_and_gradient"]([-3.0], []) == (3.0, [], [-1.0])
    assert text["value_and_gradient"]([3.0], []) == (6.0, [], [2.0])
