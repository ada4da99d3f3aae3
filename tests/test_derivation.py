"""Derivations: the numbers are backprop's, the symbols say where they come from, and nothing breaks the notation."""

import logging
import math
from itertools import pairwise

import pytest
from matplotlib.mathtext import MathTextParser
from oracles import samples
from strategies import chain, one_line, untidy
from test_names import NASTY
from test_paths import doublings, random_graph, u1

from autograd import Value, checkpoint, count_paths, dot, exp, gradient, logsumexp, path_sum, sqrt
from autograd.chain_rule import adjoints
from autograd.derivation import LIMITS, derivation
from autograd.op import TABLE, Op
from nn import MLP, half_squared_error

inf, nan = math.inf, math.nan
both_styles = pytest.mark.parametrize("style", LIMITS)
every_op = pytest.mark.parametrize("op", TABLE.values(), ids=TABLE.keys())

BY_PATHS = """\
∂f/∂x for f = (x · y + z)² + exp(x - y · z)
at x = 1, y = 2, z = 0, v₄ = y · z = 0

Nodes on the way
  (1)  v₁ = x · y = 1 · 2 = 2
  (2)  v₂ = v₁ + z = 2 + 0 = 2
  (3)  v₃ = v₂² = 2² = 4
  (4)  v₅ = x - v₄ = 1 - 0 = 1
  (5)  v₆ = exp(v₅) = exp(1) ≈ 2.71828
  (6)  f  = v₃ + v₆ ≈ 4 + 2.71828 ≈ 6.71828

Chain rule: 2 paths, the largest product first
  (7)  ∂f/∂x = ∂f/∂v₃ · ∂v₃/∂v₂ · ∂v₂/∂v₁ · ∂v₁/∂x + ∂f/∂v₆ · ∂v₆/∂v₅ · ∂v₅/∂x

Local derivatives
  (8)  ∂f/∂v₃  = 1
  (9)  ∂v₃/∂v₂ = 2 · v₂ = 2 · 2 = 4
 (10)  ∂v₂/∂v₁ = 1
 (11)  ∂v₁/∂x  = y = 2
 (12)  ∂f/∂v₆  = 1
 (13)  ∂v₆/∂v₅ = v₆ ≈ 2.71828
 (14)  ∂v₅/∂x  = 1

Put in and multiplied out
 (15)  ∂f/∂x = 1 · (2 · v₂) · 1 · y + 1 · v₆ · 1
 (16)        ≈ 1 · 4 · 1 · 2 + 1 · 2.71828 · 1
 (17)        ≈ 8 + 2.71828
 (18)        ≈ 10.7183"""

BY_NODES = """\
∂f/∂x for f = (x · y + z)² + exp(x - y · z)
at x = 1, y = 2, z = 0, v₄ = y · z = 0
v̇ = ∂v/∂x and v̄ = ∂f/∂v for every node v

Values and tangents, from top to bottom
       node   definition         v         v̇         v̄
          x                      1         1   10.7183
  (1)    v₁   x · y              2         2         4
  (2)    v₂   v₁ + z             2         2         4
  (3)    v₃   v₂²                4         8         1
  (4)    v₅   x - v₄             1         1   2.71828
  (5)    v₆   exp(v₅)      2.71828   2.71828         1
  (6)     f   v₃ + v₆      6.71828   10.7183         1

Adjoints, from bottom to top: a term for each consumer
  (7)  f̄     = 1
  (8)  v̄₆    = f̄ · ∂f/∂v₆ = f̄ · 1 = 1 · 1 = 1
  (9)  v̄₅    = v̄₆ · ∂v₆/∂v₅ = v̄₆ · v₆ ≈ 1 · 2.71828 ≈ 2.71828
 (10)  v̄₃    = f̄ · ∂f/∂v₃ = f̄ · 1 = 1 · 1 = 1
 (11)  v̄₂    = v̄₃ · ∂v₃/∂v₂ = v̄₃ · (2 · v₂) = 1 · 4 = 4
 (12)  v̄₁    = v̄₂ · ∂v₂/∂v₁ = v̄₂ · 1 = 4 · 1 = 4
 (13)  x̄     = v̄₁ · ∂v₁/∂x + v̄₅ · ∂v₅/∂x = v̄₁ · y + v̄₅ · 1 ≈ 4 · 2 + 2.71828 · 1 ≈ 10.7183
 (14)  ∂f/∂x = x̄ ≈ 10.7183"""


@pytest.fixture(scope="module")
def typesets():
    logging.getLogger("matplotlib.mathtext").setLevel(logging.ERROR)  # its fonts lack some characters
    parser, known = MathTextParser("agg"), set()

    def parse(latex):
        if latex not in known:
            parser.parse(f"${latex}$")
            known.add(latex)

    return parse


def of_kind(found, *kinds):
    return [line for line in found.lines if line.kind in kinds]


def one(found, kind):
    (line,) = of_kind(found, kind)
    return line


def applied(op, point):
    xs = [Value(x, f"x{i + 1}") for i, x in enumerate(point)]
    half = len(xs) // 2
    return op(xs[:half], xs[half : 2 * half], *xs[2 * half :]) if op.name == "dot" else op(*xs), xs


def shared():
    """A node that is used twice, an edge that is double, and a constant."""
    x, y = Value(3.0, "x"), Value(0.5, "y")
    square = x * x
    return (square * y + 2 * square - x / y).tanh() * y, (x, y)


def network():
    model = MLP(2, [2, 1], rng=0, activation="tanh")
    loss = half_squared_error(model([1.0, 2.0]), 1.0)
    loss.name = "L"
    return loss, model.parameters()


def test_U1_by_paths():
    f, (x, _, _) = u1()
    assert repr(derivation(f, x)) == BY_PATHS


def test_U1_by_nodes():
    f, (x, _, _) = u1()
    assert derivation(f, x, "nodes").text() == BY_NODES


def test_U1_makes_the_slides_misprint_plain():
    f, (x, y, z) = u1()
    products = [[term.value for term in one(derivation(f, v), "products").sides[0].terms] for v in (x, y, z)]
    assert products == [[8.0, math.e], [4.0, 0.0], [-2 * math.e, 4.0]]


GRAPHS = [u1, shared, network, *[lambda seed=seed: random_graph(seed, 8) for seed in range(12)]]


@both_styles
@pytest.mark.parametrize("make", GRAPHS)
def test_the_value_is_backprops(make, style):
    f, leaves = make()
    for x in leaves:
        assert derivation(f, x, style).value == gradient(f, x)


@both_styles
@pytest.mark.parametrize("make", [lambda seed=seed: untidy(seed, 30) for seed in range(6)])
def test_every_line_equals_its_sides(make, style):
    leaves, pool = make()
    for x in leaves[:2]:
        for line in derivation(pool[-1], x, style, limit=5).lines:
            for side in line.sides:
                assert sum(term.value for term in side.terms) == pytest.approx(line.value, rel=1e-9, abs=1e-9), line
                for term in side.terms:
                    assert math.prod(piece.value for piece in term.factors) == pytest.approx(term.value, rel=1e-9)


@pytest.mark.parametrize("make", GRAPHS)
def test_all_paths_stand_there_and_add_up_to_the_path_sum(make):
    f, leaves = make()
    for x in leaves:
        found = derivation(f, x, limit=10_000)
        if count := count_paths(f, x):
            terms = of_kind(found, "formulas", "numbers", "products", "total")[0].sides[0].terms
            assert len(terms) == count
            assert math.fsum(term.value for term in terms) == pytest.approx(path_sum(f, x), rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("make", GRAPHS)
def test_each_path_is_written_with_edges_of_its_own(make):
    f, leaves = make()
    for x in leaves:
        for line in of_kind(derivation(f, x, limit=10_000), "chain"):
            terms = line.sides[0].terms
            ways = [tuple(piece.about for piece in term.factors) for term in terms]
            assert len(set(ways)) == len(ways) == count_paths(f, x)
            for term, way in zip(terms, ways, strict=True):
                assert [node.inputs[i] for node, i in way] == list(term.path.nodes[-2::-1])


@pytest.mark.parametrize("make", GRAPHS)
def test_the_table_has_every_adjoint_and_every_tangent(make):
    f, leaves = make()
    for x in leaves:
        found = derivation(f, x, "nodes", limit=1000)
        everywhere = adjoints(f)
        assert {line.about: line.value for line in of_kind(found, "adjoint")} == pytest.approx(
            {node: everywhere[node] for node in {line.about for line in of_kind(found, "adjoint")}}
        )
        for line in of_kind(found, "tangent"):
            assert line.value == pytest.approx(gradient(line.about, x), rel=1e-12)
        if of_kind(found, "tangent"):
            assert of_kind(found, "tangent")[-1].about is f


@every_op
@both_styles
def test_a_derivation_of_one_op_has_its_local_derivatives(op, style):
    f, xs = applied(op, samples(op)[0])
    for x, local in zip(xs, f.local_derivatives, strict=True):
        found = derivation(f * 2.0, x, style)
        assert found.value == pytest.approx(2.0 * local, rel=1e-12)


@every_op
def test_a_local_derivative_says_its_formula_its_numbers_and_its_value(op):
    f, xs = applied(op, samples(op)[0])
    for line in of_kind(derivation(f * 2.0, xs[0]), "local"):
        node, i = line.about
        assert line.value == node.local_derivatives[i]
        assert [side.role for side in line.sides] in (["formula", "numbers", "value"], ["formula", "value"], ["value"])


@every_op
@both_styles
def test_the_latex_of_every_op_compiles(op, style, typesets):
    f, xs = applied(op, samples(op)[1])
    for line in of_kind(derivation(2.0 * f, xs[0], style), "definition", "local", "formulas", "adjoint", "tangent"):
        typesets(line.latex)


@both_styles
@pytest.mark.parametrize("seed", range(2))
def test_the_latex_of_untidy_graphs_compiles(seed, style, typesets):
    leaves, pool = untidy(seed, 12)
    for line in derivation(pool[-1], leaves[seed], style, limit=5).lines:
        typesets(line.latex)


@both_styles
@pytest.mark.parametrize("name", NASTY, ids=[ascii(name)[:20] for name in NASTY])
def test_no_name_breaks_out_of_the_notation(name, style, typesets):
    x, y = Value(2.0, name), Value(3.0, name)
    found = derivation(x * y, x, style)
    for line in found.lines:
        assert line.text.replace("\u2068", "").replace("\u2069", "").isprintable()
    for line in of_kind(found, "definition", "tangent", "total"):
        typesets(line.latex)
    for formula in found.markdown().split("$$")[1::2]:
        assert "$" not in formula.replace(r"\$", "")
        assert "\n\n" not in formula.strip("\n")
    outside = "".join(found.markdown().split("$$")[::2])
    assert not set("<>`$\\&|_") & set(outside)
    assert all(after in " }" for c, after in pairwise(found.markdown()) if c == "<")


def test_the_largest_product_comes_first():
    x = Value(3.0, "x")
    f = x + x * x + 0.5 * x
    products = [term.value for term in one(derivation(f, x), "products").sides[0].terms]
    assert products == [3.0, 3.0, 1.0, 0.5]


def test_an_edge_used_twice_is_two_edges_told_apart_and_the_notation_explained():
    x = Value(3.0, "x")
    found = derivation((x * x).exp(), x)
    assert "(∂v₁/∂x)₁ = x = 3" in found.text()
    assert "(∂v₁/∂x)₂ = x = 3" in found.text()
    assert "by its 1st, 2nd, … input alone" in found.text()
    assert one(found, "chain").text == "∂f/∂x = ∂f/∂v₁ · (∂v₁/∂x)₁ + ∂f/∂v₁ · (∂v₁/∂x)₂"


def test_a_direct_edge_is_not_mistaken_for_the_whole_derivative():
    x, y = Value(3.0, "x"), Value(2.0, "y")
    assert one(derivation(x * y + x, x), "chain").text == "∂f/∂x = ∂f/∂v₁ · ∂v₁/∂x + (∂f/∂x)₂"


def test_one_step_needs_no_chain_rule():
    x, y = Value(3.0, "x"), Value(2.0, "y")
    found = derivation(x * y, x)
    assert [line.text for line in found.lines] == [
        "x = 3",
        "y = 2",
        "f = x · y = 3 · 2 = 6",
        "∂f/∂x = y",
        "∂f/∂x = 2",
    ]


@both_styles
def test_f_that_does_not_depend_on_x_takes_one_line(style):
    x, y = Value(3.0, "x"), Value(2.0, "y")
    found = derivation(y * y, x, style)
    assert found.text() == "∂f/∂x = 0, because no path leads from x to f"
    assert (found.value, [line.kind for line in found.lines]) == (0.0, ["total"])


@both_styles
def test_a_node_by_itself_is_one(style):
    x = Value(3.0, "x")
    assert derivation(x, x, style).text() == "∂x/∂x = 1, the derivative of a node by itself"


def test_an_unnamed_f_is_called_f_and_other_nodes_as_in_diagrams():
    a = Value(3.0)
    assert one(derivation(a.exp(), a), "definition").text == "f = exp(v₁) = exp(3) ≈ 20.0855"


def test_f_keeps_its_label_where_another_node_is_called_f():
    f, y = Value(3.0, "f"), Value(2.0, "y")
    assert derivation(f * y + y, y).lines[-1].text == "∂v₂/∂y = 4"


def test_f_keeps_its_name():
    x = Value(3.0, "x")
    loss = x.exp()
    loss.name = "loss"
    assert derivation(loss, x).lines[-1].left.latex == r"\frac{\partial \mathrm{loss}}{\partial x}"


def test_x_may_be_an_inner_node():
    a = Value(2.0, "a")
    b = a * 3
    found = derivation((b * b).exp(), b)
    assert found.text().startswith("∂f/∂v₁ for f = exp(v₁ · v₁)\nat a = 2, v₁ = a · 3 = 6\n")
    assert found.value == gradient((b * b).exp(), b)


@pytest.mark.parametrize(("first", "second"), [("x1", "x_1"), ("alpha", "α"), ("w1_52", "w15_2"), ("a" * 60, "a" * 61)])
def test_two_names_that_look_alike_are_told_apart(first, second):
    x, y = Value(2.0, first), Value(3.0, second)
    given = of_kind(derivation(x * y, x), "given")
    assert len({line.left.text for line in given}) == len({line.left.latex for line in given}) == 2


def test_numbers_that_were_rounded_are_said_to_be():
    x = Value(0.1, "x")
    lines = derivation(x + 0.2 + x / 3, x).lines
    assert lines[0].text == "x = 0.1"
    assert lines[1].text == "v₁ = x + 0.2 = 0.1 + 0.2 = 0.3"
    assert lines[2].text == "v₂ = x / 3 = 0.1 / 3 ≈ 0.0333333"


def test_what_a_definition_needs_is_given_and_nothing_else():
    x, y, z = Value(1.0, "x"), Value(2.0, "y"), Value(3.0, "z")
    f = x * y.exp().sin() + z * (z + 1)
    assert [line.text for line in of_kind(derivation(f, x), "given")] == ["x = 1", "v₂ ≈ 0.893855", "v₅ = 12"]


@both_styles
def test_lines_are_numbered_in_order(style):
    f, (x, _, _) = u1()
    found = derivation(f, x, style)
    numbers = [line.number for line in found.lines if line.number]
    assert numbers == [*range(1, len(numbers) + 1)]
    assert {line.kind for line in found.lines if not line.number} <= {"given", "tangent"}
    assert all(f"({number})" in found.text() and f"({number})" in found.latex() for number in numbers)


def test_the_derivation_is_the_same_each_time():
    assert derivation(*pair(shared())).markdown() == derivation(*pair(shared())).markdown()
    assert derivation(*pair(network())).latex() == derivation(*pair(network())).latex()


def pair(made):
    f, leaves = made
    return f, leaves[0]


def test_a_leaf_of_no_row_of_its_own_is_derived_by_numbers_alone():
    cube = Op("cube", lambda x: x * x * x, (lambda x, out: 3 * x * x if float(x) else 0.0,), "x³")
    try:
        x = Value(2.0, "x")
        found = derivation(cube(x) + 1, x)
        assert [line.text for line in of_kind(found, "local")] == ["∂f/∂v₁ = 1", "∂v₁/∂x = 12"]
    finally:
        del TABLE["cube"]


@both_styles
def test_a_checkpoint_has_local_derivatives_in_numbers(style):
    x, w = Value(2.0, "x"), Value(3.0, "w")
    c = checkpoint(lambda v: (w * v + 1) ** 2, x)
    f = c * x + c
    found = derivation(f, x, style)
    assert found.value == gradient(f, x) == 175.0
    assert of_kind(found, "definition")[0].text == "v₁ = checkpoint(w, x) = 49"
    assert ("∂v₁/∂x  = 42" if style == "paths" else "v̄₁ · 42 + v̄₂ · v₁") in found.text()


@pytest.mark.parametrize(
    ("make", "products", "total"),
    [
        (lambda x: sqrt(x) * 2.0, [inf], inf),
        (lambda x: sqrt(x) * 0.0, [nan], nan),
        (lambda x: sqrt(x) - sqrt(x), [-inf, inf], nan),
        (lambda x: x * inf + x, [inf, 1.0], inf),
        (lambda x: x * nan + x, [nan, 1.0], nan),
    ],
)
def test_infinite_and_undefined_products_stand_as_they_are(make, products, total, typesets):
    x = Value(0.0, "x")
    found = derivation(make(x), x)
    terms = of_kind(found, "numbers", "products")[-1].sides[0].terms
    assert [term.value for term in terms] == pytest.approx(products, nan_ok=True)
    assert found.value == pytest.approx(total, nan_ok=True)
    for line in found.lines:
        typesets(line.latex)


def test_a_sum_over_paths_that_is_not_backprops_number_says_so():
    x = Value(0.0, "x")
    g = sqrt(x)
    found = derivation(g - 0.5 * g, x)
    assert found.text().endswith(
        "= -∞ + ∞\n (12)        = NaN\n       backprop, which adds up before it multiplies, gives ∞"
    )
    assert math.isnan(found.value)
    assert derivation(g - 0.5 * g, x, "nodes").value == inf


def test_of_many_paths_the_rest_is_counted_and_summed():
    f, x = doublings(10)
    found = derivation(f, x)
    line = one(found, "products")
    assert line.text == "∂f/∂x = 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + (1 016 more paths: 1016)"
    assert found.value == 1024.0
    assert "Chain rule: 1 024 paths, the largest product first" in found.text()


@pytest.mark.parametrize("seed", range(4))
def test_shown_and_hidden_paths_make_the_total(seed):
    f, leaves = random_graph(seed, 16)
    for x in leaves:
        if count_paths(f, x) > 3:
            terms = one(derivation(f, x, limit=3), "products").sides[0].terms
            assert len(terms) == 4
            assert f"{count_paths(f, x) - 3:,}".replace(",", " ") in terms[-1].factors[0].text
            assert sum(term.value for term in terms) == pytest.approx(gradient(f, x), rel=1e-9, abs=1e-12)


@both_styles
def test_more_paths_than_atoms_take_one_screen(style):
    f, x = doublings(300)
    text = derivation(f, x, style).text()
    assert text.count("\n") < 120
    assert "about 10^90 more paths: 2.03704e90" in text or "… 271 more nodes …" in text


@both_styles
def test_a_long_chain_is_cut_and_what_is_left_out_counted(style):
    x, f = chain(20_000)
    text = derivation(f, x, style).text()
    assert text.count("\n") < 90
    assert ("· … 19 992 more … ·" in text) if style == "paths" else ("… 19 971 more nodes …" in text)


def test_a_node_with_many_inputs_is_cut_around_those_on_the_way():
    xs, ws = [Value(0.5, f"x{i}") for i in range(1000)], [Value(2.0, f"w{i}") for i in range(1000)]
    found = derivation(dot(xs, ws, 1.0), xs[500])
    assert one(found, "definition").sides[0].text == "x₀ · w₀ + … 499 more … + x₅₀₀ · w₅₀₀ + … 499 more … + 1"
    assert [line.left.text for line in of_kind(found, "given")] == ["x₀", "x₅₀₀", "w₀", "w₅₀₀"]
    found = derivation(logsumexp(xs), xs[500], "nodes")
    assert "logsumexp(x₀, … 499 more …, x₅₀₀, … 498 more …, x₉₉₉)" in found.text()


def test_a_node_with_many_consumers_has_its_sum_cut():
    x = Value(2.0, "x")
    f = dot([x * float(i) for i in range(100)], [1.0] * 100)
    line = of_kind(derivation(f, x, "nodes", limit=200), "adjoint")[-1]
    assert len(line.sides[0].terms) == 9
    assert "(92 more consumers: 4554)" in line.text
    assert line.value == 4950.0


@both_styles
def test_text_is_a_hundred_columns_wide_at_the_most(style):
    model = MLP(2, [16, 16, 1], rng=0)
    loss = half_squared_error(model([1.0, 2.0]), 1.0)
    text = derivation(loss, model.parameters()[0], style).text()
    assert max(len(line) for line in text.replace("\u0304", "").splitlines()) <= 100


@both_styles
def test_a_formula_is_short_enough_for_mathjax(style):
    model = MLP(2, [16, 16, 1], rng=0)
    loss = half_squared_error(model([1.0, 2.0]), 1.0)
    found = derivation(loss, model.parameters()[0], style, limit=60)
    for notebook in (found._repr_markdown_(), found._repr_latex_()):
        formulas = notebook.split("$$")[1::2]
        assert len(formulas) > 4
        assert max(map(len, formulas)) < 4500  # its buffer holds 5 KB


@both_styles
def test_markdown_and_latex_hold_every_line(style):
    f, (x, _, _) = u1()
    found = derivation(f, x, style)
    for line in found.lines:
        if line.kind not in ("tangent", "definition", "given"):
            for side in line.sides:
                for whole in (found.latex(), found._repr_latex_(), found._repr_markdown_()):
                    assert side.latex in whole


def test_lines_and_pieces_show_what_they_are():
    x, y = Value(3.0, "x"), Value(2.0, "y")
    line = one(derivation(x * y, x), "definition")
    assert repr(line) == "<definition: f = x · y = 3 · 2 = 6>"
    assert [repr(side.terms[0].factors[0]) for side in line.sides] == ["<x · y: 6.0>", "<3 · 2: 6.0>", "<6: 6.0>"]


def test_a_formula_that_must_not_be_broken_is_left_whole():
    xs = [Value(1.0, letter * 25) for letter in "abcde"]
    latex = derivation(logsumexp(xs), xs[0]).latex()
    assert latex.count(r"\left") == latex.count(r"\right") == 2
    for row in latex.splitlines():
        assert row.count(r"\left") == row.count(r"\right")


def test_a_cut_table_says_so_in_latex_too():
    f, x = doublings(50)
    assert derivation(f, x, "nodes", limit=6).latex().count(r"\text{… 45 more nodes …}") == 2


def test_environments_are_opened_and_closed():
    f, leaves = shared()
    for style in LIMITS:
        latex = derivation(f, leaves[0], style).latex()
        for name in ("aligned", "array"):
            assert latex.count(rf"\begin{{{name}}}") == latex.count(rf"\end{{{name}}}")
        assert latex.count(r"\left") == latex.count(r"\right")


def test_changed_data_is_refused_and_not_derived_wrongly():
    x, y = Value(2.0, "x"), Value(3.0, "y")
    f = (x * y).exp()
    y.data = 5.0
    for style in LIMITS:
        with pytest.raises(ValueError, match="data changed after mul was computed") as raised:
            derivation(f, x, style)
        one_line(raised)


def test_changed_data_is_seen_where_only_the_slope_changes():
    x = Value(-2.0, "x")
    f = abs(x) + 1
    x.data = 2.0
    with pytest.raises(ValueError, match=r"its local derivative was -1\.0 and would be 1\.0 now"):
        derivation(f, x)


def test_changed_data_below_a_checkpoint_is_seen():
    x, w = Value(2.0, "x"), Value(3.0, "w")
    f = checkpoint(lambda v: w * v, x) + x
    w.data = 4.0
    with pytest.raises(ValueError, match=r"its input was 3\.0 and would be 4\.0 now"):
        derivation(f, x)


@pytest.mark.parametrize(
    ("arguments", "kind", "message"),
    [
        ((3.0, Value(1.0)), TypeError, "expected a Value as f, got float 3.0"),
        ((Value(1.0), "x"), TypeError, "expected a Value as x, got str 'x'"),
        ((Value(1.0), Value(1.0), "path"), ValueError, "expected style 'paths' or 'nodes', got 'path'"),
        ((Value(1.0), Value(1.0), "paths", 0), ValueError, "limit is how many paths to write out, .* got 0"),
        ((Value(1.0), Value(1.0), "nodes", 2.5), ValueError, "limit is how many nodes to write out, .* got 2.5"),
    ],
)
def test_what_is_no_argument_is_refused_in_one_line(arguments, kind, message):
    with pytest.raises(kind, match=message) as raised:
        derivation(*arguments)
    one_line(raised)


def test_no_gradient_is_touched():
    f, (x, y, z) = u1()
    derivation(f, x)
    derivation(f, x, "nodes")
    assert [v.grad for v in (f, x, y, z)] == [0.0] * 4


def test_exp_of_a_product_reads_as_in_a_book(typesets):
    x, y = Value(1.0, "x"), Value(2.0, "y")
    line = one(derivation(exp(x * y) / y, x), "formulas")
    assert line.latex == r"\frac{\partial f}{\partial x} = \frac{1}{y} \cdot v_{2} \cdot y"
    typesets(line.latex)
