"""The Wengert list of a program and of its adjoint program: what is printed, and that it computes what it says."""

import math
import re

import pytest
from strategies import chain, one_line, untidy

from autograd import Value, dot, gradient, logsumexp, relu
from autograd.op import TABLE
from autograd.tape.adjoint import with_adjoints
from autograd.tape.listing import adjoint_listing, listing
from autograd.tape.program import Program
from autograd.tape.recorder import recorded


def program_of(outputs, inputs=(), parameters=()) -> Program:
    return recorded(list(outputs), list(inputs), list(parameters))[0]


def neuron() -> Program:
    x, w, b = [Value(1.0, "x1"), Value(2.0, "x2")], [Value(0.5, "w1"), Value(-1.0, "w2")], Value(0.1, "b")
    z = x[0] * w[0] + x[1] * w[1] + b
    z.name = "z"
    loss = relu(z) * -2
    loss.name = "loss"
    return program_of([loss], x, [*w, b])


def computed(text: str, numbers: dict[str, float]) -> dict[str, float]:
    """The lines of a list run one after the other, as a reader would: the numbers of all names in them."""
    scope = {name: op.compute for name, op in TABLE.items()} | numbers
    for line in text.splitlines():
        if re.match(r"[^ ]+ = ", line):
            exec(line, scope)
    return scope


def identifiers(text: str) -> str:
    """The text with names that Python takes, no two of which are alike: v̄₁ is v_bar_1."""
    from unicodedata import normalize

    text = normalize("NFD", text).replace("\u0304", "_bar").replace("′", "_prime")
    return re.sub("[₀-₉]+", lambda found: "_" + normalize("NFKC", found[0]), text)


def test_the_program_is_printed_line_by_line_in_the_tables_notation():
    assert listing(neuron()).splitlines() == [
        "inputs x1, x2; parameters w1, w2, b",
        "v1 = x1 * w1",
        "v2 = x2 * w2",
        "v3 = v1 + v2",
        "z = v3 + b",
        "v4 = relu(z)",
        "loss = v4 * (-2.0)",
        "return loss",
    ]


def test_the_adjoint_program_runs_backwards_through_it():
    assert adjoint_listing(neuron()).splitlines() == [
        "x̄ is ∂loss/∂x, and so on",
        "l̄oss = 1.0",
        "v̄₄ = -2.0",
        "v5 = step(z)",
        "z̄ = v5 * (-2.0)",
        "v̄₃ = z̄",
        "v̄₂ = z̄",
        "v̄₁ = z̄",
        "b̄ = z̄",
        "w̄₂ = x2 * z̄",
        "w̄₁ = x1 * z̄",
        "x̄₂ = w2 * z̄",
        "x̄₁ = w1 * z̄",
        "return w̄₁, w̄₂, b̄, x̄₁, x̄₂",
    ]


@pytest.mark.parametrize("seed", range(6))
def test_the_lines_compute_what_the_engine_computes(seed):
    leaves, nodes = untidy(seed, nodes=14)
    f = nodes[-1]
    f.name = "f"
    program = program_of([f], leaves[:2], leaves[2:])
    numbers = computed(listing(program), {x.name: x.data for x in leaves})
    assert math.isclose(numbers["f"], f.data)
    found = computed(identifiers(adjoint_listing(program)), numbers)
    for x, derivative in zip(leaves, gradient(f, leaves), strict=True):
        bar = found.get(f"x_bar_{x.name[1:]}", 0.0)
        assert math.isclose(bar, derivative, rel_tol=1e-12, abs_tol=1e-15), x.name


def test_unnamed_leaves_are_counted_and_values_of_one_name_told_apart():
    leaves = [Value(1.0), Value(2.0, "h"), Value(3.0), Value(4.0, "h")]
    v1 = leaves[0] * leaves[1]
    v1.name = "v2"
    f = v1 + leaves[2] * leaves[3]
    lines = listing(program_of([f], leaves[:2], leaves[2:])).splitlines()
    assert lines == ["inputs x1, h; parameters w1, h′", "v2 = x1 * h", "v1 = w1 * h′", "v3 = v2 + v1", "return v3"]


def test_names_stay_on_their_line():
    x = Value(1.0, "a\nb")
    assert listing(program_of([x * x], [x])).splitlines() == ["inputs a␣b", "v1 = a␣b * a␣b", "return v1"]


def test_constants_are_numbers_that_round_trip():
    x = Value(1.0, "x")
    lines = listing(program_of([x * (0.1 + 0.2) - math.inf], [x])).splitlines()
    assert lines[1:3] == ["v1 = x * 0.30000000000000004", "v2 = v1 - inf"]


def test_several_outputs_and_leaves_among_them_are_returned():
    x, w = Value(1.0, "x"), Value(2.0, "w")
    program = program_of([x * w, x, Value(3.0) + 1.0], [x], [w])
    assert listing(program).splitlines()[-1] == "return v1, x, v2"
    with pytest.raises(ValueError, match="a gradient is that of one output, and this tape has 3") as raised:
        adjoint_listing(program)
    one_line(raised)


def test_what_the_output_does_not_depend_on_has_the_derivative_zero():
    x, w = Value(2.0, "x"), Value(3.0, "w")
    assert adjoint_listing(program_of([x.sin()], [x], [w])).splitlines()[-1] == "return 0.0, x̄"


def test_the_same_adjoint_is_written_once_and_named_again():
    x, y = Value(2.0, "x"), Value(3.0, "y")
    assert adjoint_listing(program_of([x * y], [x, y])).splitlines()[1:] == [
        "v̄₁ = 1.0",
        "ȳ = x",
        "x̄ = y",
        "return x̄, ȳ",
    ]


def test_long_lists_are_cut_in_the_middle_and_the_rest_counted():
    x, f = chain(1000)
    lines = listing(program_of([f], [x])).splitlines()
    assert len(lines) == 62
    assert lines[1] == "v1 = x + 1.0" and lines[30] == "… 941 more …" and lines[31] == "v971 = v970 + 1.0"
    assert lines[-1] == "return v1000"
    lines = adjoint_listing(program_of([f.sin()], [x])).splitlines()
    assert len(lines) == 62 and lines[2] == "v̄₁₀₀₀ = cos(v1000)" and lines[-2] == "x̄ = v̄₁₀₀₀"


def test_sixty_lines_are_not_cut():
    x, f = chain(60)
    assert len(listing(program_of([f], [x])).splitlines()) == 62
    assert "more" not in listing(program_of([f], [x]))


def test_any_part_can_be_printed_whole():
    x, f = chain(1000)
    program = program_of([f], [x])
    assert listing(program, 501, 504).splitlines() == [f"v{k} = v{k - 1} + 1.0" for k in (500, 501, 502)]
    assert len(listing(program, 0, len(program)).splitlines()) == 1002
    assert listing(program, 1000).splitlines() == ["v999 = v998 + 1.0", "v1000 = v999 + 1.0", "return v1000"]


def test_many_leaves_and_many_terms_are_cut_too():
    xs, ws = ([Value(0.1 * k, f"{letter}{k}") for k in range(40)] for letter in "xw")
    head, product, total, _ = listing(program_of([logsumexp(dot(xs, ws, 1.0), *xs)], xs, ws)).splitlines()
    assert head == "; ".join(
        f"{kind} {x}0, {x}1, {x}2, {x}3, … 32 more …, {x}36, {x}37, {x}38, {x}39"
        for kind, x in (("inputs", "x"), ("parameters", "w"))
    )
    assert product == "v1 = x0 * w0 + x1 * w1 + x2 * w2 + … 35 more … + x38 * w38 + x39 * w39 + 1.0"
    assert total == "v2 = logsumexp(v1, x0, x1, … 36 more …, x38, x39)"


@pytest.mark.parametrize("terms", range(5, 10))
def test_no_term_is_lost_where_a_sum_is_cut(terms):
    xs = [Value(1.0, f"x{k}") for k in range(terms)]
    line = listing(program_of([dot(xs, xs)], xs)).splitlines()[1]
    shown, left_out = len(re.findall(r"x\d \* x\d", line)), re.search(r"… (\d+) more …", line)
    assert shown + (int(left_out[1]) if left_out else 0) == terms


def test_printing_leaves_the_program_alone():
    program = neuron()
    before = len(program), dict(program.names), dict(program.numbers), program.ops[:]
    assert listing(program) == listing(program) and adjoint_listing(program) == adjoint_listing(program)
    assert (len(program), program.names, program.numbers, program.ops) == before


def test_adjoints_are_told_by_slot_in_the_order_in_which_they_are_computed():
    program, adjoints = Program(), {}
    x, y = program.leaf("x"), program.leaf("y")
    z = program.append(TABLE["mul"], (x, y))
    f = program.append(TABLE["sin"], (z,))
    unused = program.append(TABLE["cos"], (z,))
    found = with_adjoints(program, f, [x, y], adjoints)
    assert list(adjoints) == [f, z, y, x] and unused not in adjoints
    assert [adjoints[x], adjoints[y]] == found
    assert program.numbers[adjoints[f]] == 1.0 and program.ops[adjoints[z]] is TABLE["cos"]
