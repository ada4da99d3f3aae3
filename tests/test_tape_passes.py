"""Each optimiser pass, and the plan, by itself: shorter programs that compute the same numbers."""

import math
import random
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd import Tape, Value, dot, relu
from autograd.op import TABLE, Op
from autograd.tape.adjoint import with_adjoints
from autograd.tape.arrays import ArrayRunner
from autograd.tape.compiled import KernelRunner
from autograd.tape.grouping import Memory
from autograd.tape.interpreter import Interpreter
from autograd.tape.kernel import kernel
from autograd.tape.passes import fused, optimised, shortened
from autograd.tape.plan import Plan
from autograd.tape.program import Program
from autograd.tape.step import DOT, EACH, FILL, MATMUL, OUTER, PAIRS, SUM

EXTREMES = [0.0, -0.0, 1.0, -2.5, math.inf, -math.inf, math.nan]


def program_of(build, inputs=2, parameters=2):
    """The program that `build(append, x, w)` writes, with its results; `append("mul", a, b)` is one instruction and
    numbers stand for constants."""
    program = Program()
    program.inputs = [program.leaf(f"x{i}") for i in range(inputs)]
    program.parameters = [program.leaf(f"w{i}") for i in range(parameters)]

    def append(name, *arguments):
        slots = [program.constant(a) if isinstance(a, float) else a for a in arguments]
        return program.append(TABLE[name], slots)

    results = build(append, program.inputs, program.parameters)
    results = [results] if isinstance(results, int) else results
    return program, results


def text(program, slot):
    """The expression of one slot, written out down to the leaves."""
    if slot in program.numbers:
        return repr(program.numbers[slot])
    op = program.ops[slot]
    if op is None:
        return program.names[slot]
    return f"{op.name}({', '.join([text(program, x) for x in program.arguments(slot)])})"


def length(program):
    return sum(op is not None for op in program.ops)


def same(a, b):
    return a == b or (a != a and b != b)


def computed(program, results, rows, parameters=(0.75, -1.5)):
    return Interpreter(program, results, []).run(parameters, rows)[1]


def grid(numbers=EXTREMES):
    return [[a, b] for a in numbers for b in numbers]


# --- dead code, constants, common subexpressions -------------------------------------------------------------------


def test_dead_code_goes_and_everything_wanted_stays():
    def build(append, x, w):
        kept = append("tanh", x[0])
        append("sin", append("mul", x[1], w[0]))
        output = append("exp", w[1])
        append("cos", kept)
        return [kept, output]

    program, (kept, output) = program_of(build)
    program.outputs = [output]
    short, (found,) = shortened(program, [kept])
    assert [text(short, found), text(short, short.outputs[0])] == ["tanh(x0)", "exp(w1)"]
    assert length(short) == 2
    assert [short.names[slot] for slot in (*short.inputs, *short.parameters)] == ["x0", "x1", "w0", "w1"]


def test_results_may_be_leaves_and_may_be_the_same():
    program, results = program_of(lambda append, x, w: [x[1], w[0], x[1], append("neg", x[0]), append("neg", x[0])])
    results += [program.constant(4.0)]
    short, found = optimised(program, results)
    assert [text(short, slot) for slot in found] == ["x1", "w0", "x1", "neg(x0)", "neg(x0)", "4.0"]


def test_what_is_computed_from_constants_is_one():
    program, results = program_of(lambda append, x, w: append("mul", x[0], append("sin", append("add", 1.0, 0.5))))
    short, (found,) = shortened(program, results)
    assert text(short, found) == f"mul(x0, {math.sin(1.5)!r})"


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("div", (1.0, 0.0), "inf"),
        ("log", (-1.0,), "nan"),
        ("exp", (1e3,), "inf"),
        ("pow", (-8.0, 3.0), "-512.0"),
        ("dot", (1.0, 2.0, 3.0, 4.0, 0.5), "11.5"),
        ("logsumexp", (0.0,), "0.0"),
        ("where", (0.0, 1.0, 2.0), "2.0"),
        ("mul", (-0.0, 1.0), "-0.0"),
    ],
)
def test_constants_are_folded_as_ieee_numbers(name, arguments, expected):
    program, results = program_of(lambda append, x, w: append(name, *arguments))
    for shorter in (shortened, optimised):
        short, (found,) = shorter(program, results)
        assert text(short, found) == expected
        assert length(short) == 0


def test_what_was_computed_already_is_not_computed_again():
    def build(append, x, w):
        first, second = append("sin", append("mul", x[0], w[0])), append("sin", append("mul", x[0], w[0]))
        return append("add", append("tanh", first), append("tanh", second))

    short, (found,) = shortened(*program_of(build))
    assert text(short, found) == "add(tanh(sin(mul(x0, w0))), tanh(sin(mul(x0, w0))))"
    assert length(short) == 4


def test_equal_constants_are_one_slot_and_zeros_are_two():
    program = Program()
    assert program.constant(2.0) == program.constant(2.0)
    assert program.constant(0.0) != program.constant(-0.0)
    assert program.constant(math.nan) == program.constant(float("nan"))


def test_common_subexpressions_of_zeros_of_both_signs_stay_apart():
    program, results = program_of(lambda append, x, w: [append("div", x[0], 0.0), append("div", x[0], -0.0)])
    short, found = optimised(program, results)
    assert computed(short, found, [[1.0, 0.0]]) == [[math.inf, -math.inf]]


# --- rules that simplify -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("mul", ("x", 1.0), "x0"),
        ("mul", (1.0, "x"), "x0"),
        ("mul", ("x", -1.0), "neg(x0)"),
        ("mul", (-1.0, "x"), "neg(x0)"),
        ("div", ("x", 1.0), "x0"),
        ("pow", ("x", 0.0), "1.0"),
        ("pow", ("x", 1.0), "x0"),
        ("pow", ("x", 2.0), "mul(x0, x0)"),
        ("pow", ("x", 3.0), "mul(mul(x0, x0), x0)"),
        ("pow", ("x", 4.0), "mul(mul(x0, x0), mul(x0, x0))"),
        # and these are what they are: 0 · ∞ is NaN, 0 + -0.0 is 0, and so on
        ("mul", ("x", 0.0), "mul(x0, 0.0)"),
        ("add", ("x", 0.0), "add(x0, 0.0)"),
        ("sub", ("x", "x"), "sub(x0, x0)"),
        ("div", ("x", "x"), "div(x0, x0)"),
        ("div", (1.0, "x"), "div(1.0, x0)"),
        ("div", ("x", -1.0), "div(x0, -1.0)"),
        ("pow", ("x", 0.5), "pow(x0, 0.5)"),
        ("pow", (1.0, "x"), "pow(1.0, x0)"),
        ("pow", (2.0, "x"), "pow(2.0, x0)"),
    ],
)
def test_rules_that_simplify(name, arguments, expected):
    program, results = program_of(
        lambda append, x, w: append(name, *[x[0] if argument == "x" else argument for argument in arguments])
    )
    short, found = shortened(program, results)
    assert text(short, found[0]) == expected
    for row, (true,), (got,) in zip(
        grid(), computed(program, results, grid()), computed(short, found, grid()), strict=True
    ):
        assert same(true, got), row


@pytest.mark.parametrize(
    ("outer", "inner", "expected"),
    [
        (2.0, 3.0, "tanh(mul(6.0, x0))"),
        (-0.5, 4.0, "tanh(mul(-2.0, x0))"),
        # where the product of the two is no ordinary number, it would not do as well as they do
        (1e-200, 1e-200, "tanh(mul(1e-200, mul(x0, 1e-200)))"),
        (1e200, 1e200, "tanh(mul(1e+200, mul(x0, 1e+200)))"),
        (0.0, 3.0, "tanh(mul(0.0, mul(x0, 3.0)))"),
        (math.inf, 3.0, "tanh(mul(inf, mul(x0, 3.0)))"),
    ],
)
def test_a_number_times_a_number_times_x(outer, inner, expected):
    def build(append, x, w):
        return append("tanh", append("mul", outer, append("mul", x[0], inner)))

    program, results = program_of(build)
    short, (found,) = optimised(program, results)
    assert text(short, found) == expected
    assert length(short) == expected.count("(")  # and no dead code
    rows = [[x, 0.0] for x in (*EXTREMES, 1e-250, 1e250)]
    for row, (true,), (got,) in zip(
        rows, computed(program, results, rows), computed(short, [found], rows), strict=True
    ):
        assert same(true, got), row


# --- ops of any number of inputs -----------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_logsumexp_becomes_ops_of_few_inputs(count):
    def build(append, x, w):
        return append("logsumexp", *[x[0], x[1], w[0], 0.5, x[0]][:count])

    program, results = program_of(build)
    short, found = shortened(program, results)
    assert all(op is None or op.arity for op in short.ops)
    numbers = [*EXTREMES, 800.0, -800.0, 1e308]
    true, got = computed(program, results, grid(numbers)), computed(short, found, grid(numbers))
    for row, (a,), (b,) in zip(grid(numbers), true, got, strict=True):
        assert same(a, b) or math.isclose(a, b, rel_tol=1e-15), row


def test_an_array_form_that_asks_for_what_is_no_op_is_left_to_the_executors():
    norm = Op(
        "norm", math.hypot, lambda xs, out: tuple(x / out for x in xs), "√Σx²", arrange=lambda *xs: xs,
        array=lambda xp, *xs: xp.sqrt(sum(xp.square(x) for x in xs)),
    )  # fmt: skip
    program, results = program_of(lambda append, x, w: append("norm", x[0], x[1]))
    short, found = optimised(program, results)
    assert short.ops[found[0]] is norm
    rows = [[3.0, 4.0], [-5.0, 12.0]]
    assert ArrayRunner(Plan(short, found, [])).run([0.0, 0.0], np.array(rows))[1].tolist() == [[5.0], [13.0]]


def test_an_array_form_may_use_numpys_names_for_ops():
    Op(
        "total", lambda *xs: sum(xs), lambda xs, out: (1.0,) * len(xs), "Σx", arrange=lambda *xs: xs,
        array=lambda xp, x, *xs: xp.subtract(x, xp.negative(xs[0])),
    )  # fmt: skip
    program, results = program_of(lambda append, x, w: append("total", x[0], x[1]))
    short, (found,) = shortened(program, results)
    assert text(short, found) == "sub(x0, neg(x1))"


# --- fusion --------------------------------------------------------------------------------------------------------


def left_nested(append, terms, start):
    total = start
    for term in terms:
        total = term if total is None else append("add", total, term)
    return total


def right_nested(append, terms, start):
    total = start
    for term in reversed(terms):
        total = term if total is None else append("add", term, total)
    return total


def balanced(append, terms, start):
    terms = [*terms, *([] if start is None else [start])]
    while len(terms) > 1:
        terms = [append("add", *terms[i : i + 2]) if i + 1 < len(terms) else terms[i] for i in range(0, len(terms), 2)]
    return terms[0]


@pytest.mark.parametrize("nested", [left_nested, right_nested, balanced])
@pytest.mark.parametrize("start", [None, "bias", 0.5])
@pytest.mark.parametrize("count", [2, 3, 4, 9])
def test_sums_of_products_become_one_dot(nested, start, count):
    def build(append, x, w):
        products = [append("mul", w[i], x[i]) if i % 2 else append("mul", x[i], w[i]) for i in range(count)]
        first = {"bias": w[-1], None: None}.get(start, start)
        return nested(append, products, first)

    program, results = program_of(build, count, count + 1)
    short, (found,) = fused(program, results)
    assert length(short) == 1
    assert short.ops[found] is TABLE["dot"]
    reads = short.arguments(found)
    assert len(reads) == 2 * count + (start is not None)
    pairs = {frozenset(pair) for pair in zip(reads[:count], reads[count : 2 * count], strict=True)}
    assert pairs == {frozenset(pair) for pair in zip(short.inputs, short.parameters, strict=False)}
    if start is not None:
        assert text(short, reads[-1]) == ("0.5" if start == 0.5 else f"w{count}")


def test_a_sum_of_single_terms_becomes_a_dot_with_ones_and_a_sum_of_two_stays():
    def build(append, x, w):
        return append("add", append("add", append("add", x[0], x[1]), w[0]), w[1])

    program, results = program_of(build)
    short, found = fused(program, results)
    assert length(short) == 1
    assert computed(short, found, [[1.0, 2.0]]) == [[2.25]]
    short, (found,) = fused(*program_of(lambda append, x, w: append("add", x[0], w[0])))
    assert text(short, found) == "add(x0, w0)"


def test_a_dot_takes_in_the_sum_that_it_starts_with_but_not_its_factors():
    def build(append, x, w):
        inner = append("dot", x[0], w[0], append("mul", x[1], w[1]))
        factor = append("add", append("mul", x[0], x[0]), w[0])
        return append("dot", factor, x[1], inner)

    short, (found,) = fused(*program_of(build))
    assert length(short) == 2
    assert len(short.arguments(found)) == 6


@pytest.mark.parametrize("who", ["another instruction", "the same sum", "a result", "an output"])
def test_a_part_that_is_used_elsewhere_too_is_not_taken_in(who):
    def build(append, x, w):
        product = append("mul", x[0], w[0])
        total = append("add", product, append("mul", x[1], w[1]))
        if who == "the same sum":
            total = append("add", total, product)
        return [total, append("tanh", product) if who == "another instruction" else product]

    program, (total, other) = program_of(build)
    if who == "an output":
        program.outputs = [other]
    results = [total, other] if who in ("another instruction", "a result") else [total]
    short, found = fused(program, results)
    products = [i for i, op in enumerate(short.ops) if op is TABLE["mul"]]
    assert [text(short, i) for i in products] == ["mul(x0, w0)"]
    assert products[0] in short.arguments(found[0])
    assert computed(short, found, [[2.0, 3.0]]) == computed(program, results, [[2.0, 3.0]])


def test_a_sum_in_a_sum_is_shared_where_it_is_read_twice():
    def build(append, x, w):
        total = append("add", append("mul", x[0], w[0]), x[1])
        return append("add", total, total)

    program, results = program_of(build)
    short, found = fused(program, results)
    assert length(short) == 2
    assert text(short, found[0]) == "add(dot(x0, w0, x1), dot(x0, w0, x1))"


def test_terms_that_share_a_factor_are_collected_where_infinities_allow():
    def build(*factors):
        def inner(append, x, w):
            return left_nested(append, [append("mul", w[0], number) for number in factors], x[0])

        return fused(*program_of(inner))

    short, (found,) = build(2.0, 3.0, 0.5)
    assert text(short, found) == "dot(w0, 5.5, x0)"
    short, (found,) = build(2.0, -3.0, 0.5, -1.0)  # ∞ · 2 - ∞ · 3 is NaN
    assert sorted(set(short.numbers.values()) & {2.5, -4.0}) == [-4.0, 2.5]
    assert len(short.arguments(found)) == 5
    for factors in ((0.0, 3.0), (1e308, 1e308), (math.inf, -math.inf)):
        program, results = program_of(
            lambda append, x, w, factors=factors: append("add", *[append("mul", w[0], f) for f in factors])
        )
        short, found = fused(program, results)
        for number in (0.5, 0.0, *EXTREMES):
            ((true,),) = computed(program, results, [[0.0, 0.0]], [number, 0.0])
            ((got,),) = computed(short, found, [[0.0, 0.0]], [number, 0.0])
            assert same(true, got), (factors, number)


@pytest.mark.parametrize("nested", [left_nested, right_nested, balanced])
def test_long_chains_take_linear_time(nested):
    def lines(count):
        """How many lines of Python the passes and the plan run for a chain of so many products."""
        program, results = program_of(
            lambda append, x, w: nested(append, [append("mul", x[0], p) for p in w], x[1]), 2, count
        )
        total = 0

        def trace(frame, event, argument):
            nonlocal total
            total += event == "line"
            return trace

        before = sys.gettrace()
        sys.settrace(trace)
        try:
            short, found = optimised(program, results)
            Plan(short, found, [])
        finally:
            sys.settrace(before)
        assert length(short) == 1
        return total

    assert lines(1200) < 2.2 * lines(600)


@pytest.mark.parametrize("nested", [left_nested, right_nested])
def test_chains_of_any_depth_need_no_recursion(nested):
    program, results = program_of(
        lambda append, x, w: nested(append, [append("mul", x[0], p) for p in w], x[1]), 2, 20_000
    )
    short, found = optimised(program, results)
    assert length(short) == 1
    assert computed(short, found, [[2.0, 1.0]], [0.5] * 20_000) == [[20_001.0]]


def test_names_stay_with_what_they_name():
    def build(append, x, w):
        z = append("add", append("mul", x[0], w[0]), w[1])
        return append("tanh", z)

    program, (result,) = program_of(build)
    z, square = program.arguments(result)[0], program.append(TABLE["pow"], (result, program.constant(2.0)))
    program.names |= {z: "z", result: "h", square: "h²"}
    short, (found,) = optimised(program, [square])
    assert {name: short.ops[slot].name for slot, name in short.names.items() if short.ops[slot]} == {
        "z": "dot",
        "h": "tanh",
        "h²": "mul",
    }
    assert short.names[found] == "h²"


# --- programs of all kinds -----------------------------------------------------------------------------------------

SMOOTH = ["add", "sub", "mul", "dot", "neg", "tanh", "sin", "sigmoid", "atan", "relu", "abs", "logsumexp"]
LINEAR = ["add", "add", "mul", "mul", "dot", "sub", "neg"]
EXACT = ["add", "sub", "mul", "dot", "neg", "relu", "abs", "step", "sign", "less", "maximum", "minimum", "where"]


def drawn_program(rng, names, number, size):
    """A random program: ops of these names, inputs, parameters and constants in any order, near and far operands."""
    program = Program()
    kinds = ["input"] * rng.randint(0, 3) + ["parameter"] * rng.randint(0, 4) + ["constant"] * rng.randint(1, 3)
    rng.shuffle(kinds)
    for kind in kinds:
        if kind == "constant":
            program.constant(number(rng))
        else:
            slot = program.leaf()
            (program.inputs if kind == "input" else program.parameters).append(slot)

    def operand():
        last = len(program) - 1
        return rng.randint(0, last) if rng.random() < 0.5 else max(0, last - int(rng.expovariate(0.3)))

    for _ in range(size):
        op = TABLE[rng.choice(names)]
        count = op.arity or (2 * rng.randint(1, 5) + rng.randint(0, 1) if op.name == "dot" else rng.randint(1, 4))
        program.append(op, [operand() for _ in range(count)])
        if rng.random() < 0.1:
            program.constant(number(rng))
    results = [rng.randrange(len(program)) for _ in range(rng.randint(1, 4))]
    if rng.random() < 0.5:
        results += with_adjoints(program, len(program) - 1, [*program.parameters, *program.inputs])
    program.outputs = [rng.choice(results)]
    return program, results


def with_errors(program, row, parameters):
    """Each slot's number, and by how much rounding may have moved it: errors of operands times local derivatives, and
    one rounding of each of the terms."""
    found = dict(program.numbers)
    found |= dict(zip([*program.inputs, *program.parameters], [*row, *parameters], strict=True))
    errors = dict.fromkeys(found, 0.0)
    for slot, (op, reads) in enumerate(program.instructions()):
        if op is None:
            continue
        xs = [found[x] for x in reads]
        out = found[slot] = op.compute(*xs)
        slopes = op.local_derivatives(xs, out, [None] * len(xs))
        n = len(xs) // 2
        size = abs(out)
        if op.name == "dot":
            size += len(xs) * sum([abs(a * b) for a, b in zip(xs[:n], xs[n : 2 * n], strict=True)])
        if op.name in ("dot", "add", "sub"):
            size += sum(map(abs, xs[2 * n * (op.name == "dot") :])) * len(xs)
        errors[slot] = sum([abs(d) * errors[x] for d, x in zip(slopes, reads, strict=True)]) + 2.0**-52 * size
    return found, errors


@given(seed=st.integers(0, 10**9), linear=st.booleans())
@settings(max_examples=150, deadline=None)
def test_optimised_programs_compute_what_the_recorded_ones_do(seed, linear):
    rng = random.Random(seed)
    names = SMOOTH + LINEAR * (3 * linear)
    program, results = drawn_program(rng, names, lambda rng: rng.choice([rng.uniform(-1.5, 1.5), 1.0, -1.0, 2.0]), 15)
    rows = [[rng.uniform(-1.5, 1.5) for _ in program.inputs] for _ in range(3)]
    parameters = [rng.uniform(-1.5, 1.5) for _ in program.parameters]
    for row in rows:
        try:
            found, errors = with_errors(program, row, parameters)
        except (ArithmeticError, ValueError):  # what overflows has no error to speak of
            return
        for passes in (shortened, fused, optimised):
            short, places = passes(program, results)
            (got,) = computed(short, places, [row], parameters)
            for slot, number in zip(results, got, strict=True):
                bound = 4.0 * errors[slot] + 1e-300
                assert abs(number - found[slot]) <= bound or not math.isfinite(bound), (passes, slot)
            assert computed(short, short.outputs, [row], parameters) == [[got[results.index(program.outputs[0])]]]


@given(seed=st.integers(0, 10**9), linear=st.booleans())
@settings(max_examples=150, deadline=None)
def test_exact_numbers_stay_exact_in_every_pass_and_every_executor(seed, linear):
    rng = random.Random(seed)

    def number(rng):
        return float(rng.choice([0, 1, -1, 2, -2, 3, 0.5, -0.5]))

    program, results = drawn_program(rng, EXACT + LINEAR * (3 * linear), number, 8)
    n = rng.choice([0, 1, 2, 8, 9, 17])
    rows = np.array([[number(rng) for _ in program.inputs] for _ in range(n)]).reshape(n, len(program.inputs))
    parameters = np.array([number(rng) for _ in program.parameters])
    cut = rng.randint(0, len(results))
    totals, each = Interpreter(program, results[:cut], results[cut:]).run(parameters.tolist(), rows.tolist())
    if any(abs(x) > 2.0**40 for x in [*totals, *[x for row in each for x in row]]):
        return  # a product of many, of which some bits may be gone
    short, places = optimised(program, results)
    plan = Plan(short, places[:cut], places[cut:])
    runs = [
        Interpreter(short, places[:cut], places[cut:]).run(parameters.tolist(), rows.tolist()),
        ArrayRunner(plan).run(parameters, rows),
        KernelRunner(plan, kernel()).run(parameters, rows),
    ]
    for found in runs:
        assert list(found[0]) == totals
        assert [list(row) for row in found[1]] == each


@given(seed=st.integers(0, 10**9))
@settings(max_examples=100, deadline=None)
def test_no_pass_makes_a_program_longer(seed):
    rng = random.Random(seed)
    names = [name for name in [*SMOOTH, *LINEAR, "div", "exp", "maximum", "where"] if name != "logsumexp"]
    program, results = drawn_program(rng, names, lambda rng: rng.choice([1.0, -1.0, 0.0, 2.0, 0.3]), 25)
    short, found = shortened(program, results)
    assert length(short) <= length(program)
    assert length(fused(short, found)[0]) <= length(short)
    again, found = optimised(*optimised(program, results))
    assert length(again) <= length(optimised(program, results)[0])


# --- the plan ------------------------------------------------------------------------------------------------------


def read_by(step, varying):
    """The places that a step reads in V, and those in U; of one that runs once, all are in U."""
    v, u = [], []
    if step.kind == EACH:
        for letter, at in zip(step.kinds, step.operands, strict=True):
            places = range(at, at + step.count) if letter == "v" else [at]
            (v if letter == "v" and varying else u).extend(places)
    elif step.kind == MATMUL:
        xs, weights, starts = step.operands
        assert len(weights) == len(xs) * step.count and len(starts) == step.count
        v.extend(xs)
        u.extend([*weights, *[s for s in starts if s >= 0]])
    elif step.kind == FILL:
        u.extend(step.operands)
    elif step.kind in (PAIRS, DOT):
        xs, ys, start = step.operands
        assert len(xs) == len(ys)
        (v if varying else u).extend([*xs, *ys, *([start] if start >= 0 else [])])
    elif step.kind == OUTER:
        v.extend([*step.operands[0], *step.operands[1]])
    else:
        assert step.kind == SUM
        v.extend(step.operands[1])
        u.extend(step.operands[2])
    return v, u


@given(seed=st.integers(0, 10**9))
@settings(max_examples=150, deadline=None)
def test_steps_write_every_place_once_and_read_only_what_is_written(seed):
    rng = random.Random(seed)
    program, results = drawn_program(rng, [*SMOOTH, *LINEAR, *LINEAR, "where", "div"], lambda rng: rng.random(), 25)
    short, places = optimised(program, results)
    cut = rng.randint(0, len(places))
    plan = Plan(short, places[:cut], places[cut:])
    written_u = len(program.parameters) + len(plan.numbers)
    assert sorted(at for at, _ in plan.numbers) == list(range(len(program.parameters), written_u))
    for step in plan.before:
        v, u = read_by(step, varying=False)
        assert not v and all(0 <= at < written_u for at in u)
        assert step.out == written_u  # neighbours, in the order in which they are computed
        written_u += step.count
    assert written_u == plan.size_u
    written_v = len(program.inputs)
    for step in plan.rows:
        v, u = read_by(step, varying=True)
        assert all(0 <= at < written_v for at in v) and all(0 <= at < plan.size_u for at in u)
        assert step.out == written_v
        written_v += step.count
    assert written_v == plan.size_v
    for step in plan.sums:
        v, u = read_by(step, varying=True)
        assert all(0 <= at < plan.size_v for at in v) and all(0 <= at < plan.size_u for at in u)
        targets = step.operands[2 if step.kind == OUTER else 0]
        assert all(0 <= t < len(plan.uniform) for t in targets)
    assert all(at < (plan.size_v if kind == "v" else plan.size_u) for kind, at in plan.results)
    assert all(-1 <= at < plan.size_u for at in plan.uniform)


def perceptron(sizes, penalty=False):
    """A relu network with hinge loss, inputs and target in the rows."""
    x = layer = [Value(0.5, f"x{i}") for i in range(sizes[0])]
    y, weights = Value(1.0, "y"), []
    for n, width in enumerate(sizes[1:]):
        units = []
        for _ in range(width):
            w = [Value(0.1 + 0.01 * len(weights) + 0.001 * i) for i in range(len(layer) + 1)]
            weights += w
            z = sum((a * b for a, b in zip(w, layer, strict=False)), w[-1])
            units.append(z if n == len(sizes) - 2 else relu(z))
        layer = units
    loss = relu(1.0 - y * layer[0])
    if penalty:
        loss = loss + 1e-4 * sum(p * p for p in weights)
    return Tape(loss, [*x, y], weights)


def shape(steps):
    return [(step.op.name if step.op else step.kind, step.count) for step in steps]


def test_the_layers_of_a_network_become_matrix_products_again():
    plan = perceptron([2, 16, 16, 1])._runners.of("forward").plan
    assert shape(plan.rows) == [
        ("matmul", 16), ("relu", 16), ("matmul", 16), ("relu", 16), ("matmul", 1), ("mul", 1), ("sub", 1), ("relu", 1),
    ]  # fmt: skip
    assert plan.before == [] and plan.sums == []


def test_and_so_does_their_gradient():
    plan = perceptron([2, 16, 16, 1])._runners.of("gradient", "parameters", True).plan
    assert shape(plan.rows) == [
        ("matmul", 16), ("relu", 16), ("step", 16), ("matmul", 16), ("relu", 16), ("step", 16), ("matmul", 1),
        ("mul", 1), ("sub", 1), ("relu", 1), ("step", 1), ("neg", 1), ("mul", 1),
        ("matmul", 16), ("mul", 16), ("matmul", 16), ("mul", 16),
    ]  # fmt: skip
    assert sorted(shape(plan.sums)) == [("outer", 1), ("outer", 16), ("outer", 16), ("sum", 34)]
    assert plan.before == []


def test_a_penalty_on_the_parameters_is_computed_once():
    plain, penalised = perceptron([2, 4, 1]), perceptron([2, 4, 1], penalty=True)
    one, two = [tape._runners.of("gradient", "parameters", True).plan for tape in (plain, penalised)]
    assert shape(one.rows) == shape(two.rows) and shape(one.sums) == shape(two.sums)
    assert len(two.before) <= 4 and sum(step.count for step in two.before) <= len(plain.parameters) + 2


def test_a_sum_over_rows_needs_no_products_row_by_row():
    x, w = [Value(1.0), Value(2.0)], [Value(3.0), Value(4.0)]
    tape = Tape(dot(w, x), x, w)
    plan = tape._runners.of("gradient", "parameters", True).plan
    assert plan.rows == []
    assert shape(plan.sums) == [("sum", 4)]
    assert tape.value_and_gradient([[1.0, 2.0], [10.0, 20.0]])[0] == 121.0


def test_memory_gives_neighbouring_places():
    program = Program()
    program.inputs = [program.leaf(), program.leaf()]
    program.parameters = [program.leaf()]
    program.constant(2.0)
    memory = Memory(program, 10)
    assert [memory.place[slot] for slot in (*program.inputs, *program.parameters, 3)] == [0, 1, 0, 1]
    assert (memory.size_u, memory.size_v) == (2, 2)
    assert memory.take([7, 5], varying=True) == 2
    assert memory.take([6], varying=False) == 2
    assert [memory.place[slot] for slot in (7, 5, 6)] == [2, 3, 2]
    assert (memory.size_u, memory.size_v) == (3, 4)
