"""Worksheets: what is left out and what is shown, the key, and what the marks say of right and of wrong answers."""

import math
import re
import xml.etree.ElementTree as ET
from decimal import Decimal
from fractions import Fraction

import nbformat
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from strategies import chain, one_line

import nn
from autograd import Value, checkpoint, dot, exp, gradient, log, relu, sigmoid, sin, sqrt
from autograd.practice.answers import read
from autograd.practice.blanks import KINDS
from autograd.practice.exercise import exercise
from autograd.practice.mistakes import Mistakes
from autograd.practice.sheet import SheetNotation
from autograd.practice.worksheet import worksheet

E = math.e
any_exercise = st.builds(exercise, st.sampled_from([1, 2, 3, 4, 5]), st.integers(0, 10**6))
any_blanks = st.one_of(st.sampled_from([*KINDS[:2], "totals", "all"]), st.floats(0.05, 1.0))


def u1():
    """f = (xy + z)² + exp(x − yz) at (1, 2, 0), exercise U1."""
    x, y, z = Value(1.0, "x"), Value(2.0, "y"), Value(0.0, "z")
    return (x * y + z) ** 2 + exp(x - y * z), [x, y, z]


def marked(f, xs, answers, blanks="totals"):
    return worksheet(f, xs, blanks).check(answers)


def reasons(f, xs, answers, blanks="totals"):
    """Why the only answer given is off."""
    (mark,) = [mark for mark in marked(f, xs, answers, blanks).marks.values() if mark.verdict == "off"]
    return mark.reasons


def number_of(sheet, label):
    """The number of the blank of that label, as the marks print it."""
    found = {mark.label: number for number, mark in sheet.check({}).marks.items()}
    return found[label]


def every_mistake(sheet):
    """(blank, mistake) for all of them."""
    quantities = sheet._quantities
    mistakes = Mistakes(SheetNotation(sheet.f, sheet.xs, {}), quantities.routes)
    makers = dict(
        zip(KINDS, [mistakes.in_value, mistakes.in_local, mistakes.in_product, mistakes.in_total], strict=True)
    )
    return [(each, mistake) for each in quantities.all if each.number for mistake in makers[each.kind](each.about)]


# the misprint of U1


def test_U1_the_misprint_is_found():
    marks = marked(*u1(), ["4*1 + e*1", "0 + 4*2", "4*1 + e*(-2)"])
    assert repr(marks) == (
        "(1) ∂f/∂x: off: the factors x and y are swapped in v₁ = x · y: ∂v₁/∂x is y = 2, not x = 1\n"
        "(2) ∂f/∂y: off: the factors y and x are swapped in v₁ = x · y: ∂v₁/∂y is x = 1, not y = 2\n"
        "(3) ∂f/∂z: right\n"
        "1 of 3 right, 2 off"
    )


def test_U1_the_two_lines_of_the_misprint_are_explained_by_one_node():
    f, xs = u1()
    marks = marked(f, xs, ["4*1 + e*1", "0 + 4*2", "4*1 + e*(-2)"])
    first, second = (marks.marks[i].mistakes for i in (1, 2))
    assert [m.kind for m in (*first, *second)] == ["swapped", "swapped"] and first[0].place is second[0].place


# right answers


@given(any_exercise, any_blanks, st.integers(0, 100))
@settings(max_examples=40, deadline=None)
def test_the_key_passes_its_own_check(found, blanks, seed):
    sheet = found.worksheet(blanks, seed)
    marks = sheet.check(sheet.answers)
    assert marks and marks.right == len(sheet.answers) and (marks.wrong, marks.missing) == (0, 0)


@given(any_exercise)
@settings(max_examples=30, deadline=None)
def test_the_numbers_printed_in_the_key_pass_the_check(found):
    sheet = found.worksheet()
    lines = re.split(r"\n +(?=\(\d+\))", sheet.key().text())[1:]
    printed = {
        int(re.match(r"\((\d+)\)", line)[1]): re.findall(r"[=≈] (\S+)", line.split("\n\n")[0])[-1] for line in lines
    }
    assert printed.keys() == sheet.answers.keys()
    assert sheet.check(printed), sheet.check(printed)


@given(any_exercise)
@settings(max_examples=30, deadline=None)
def test_the_answers_are_what_the_engine_computes(found):
    totals = found.worksheet("totals").answers
    assert list(totals.values()) == pytest.approx(gradient(found.f, found.xs), rel=1e-12, abs=1e-12)
    assert list(found.worksheet("values").answers.values())[-1] == found.f.data


@pytest.mark.parametrize(
    "answer",
    [4 + E, "4+e", "4 + e", " e + 4 ", "4*x + e", "2·y + e", "2^2 + e^1", "2² + e", "4*1 + e = 6.718", "e − (−4)",
     "(8+2*e)/2", "exp(1) + 4", Value(4 + E), np.float64(4 + E)],
)  # fmt: skip
def test_an_answer_may_be_written_in_many_ways(answer):
    f, xs = u1()
    sheet = worksheet(f, xs, "values")
    assert sheet.check({7: answer}).marks[7].verdict == ("right, rounded" if answer == "4*1 + e = 6.718" else "right")


@pytest.mark.parametrize("answer", ["1/3", Fraction(1, 3), Decimal("0.3333333333333"), 1 / 3])
def test_a_third_may_be_a_fraction(answer):
    x = Value(3.0, "x")
    assert marked(log(x), x, [answer]).marks[1].verdict == "right"


@pytest.mark.parametrize("answer", ["0.333", 0.333, 0.33333, "0,333", "≈ 0.333", ".3333", "3.33e-1", "0.333*1"])
def test_rounded_answers_are_right_from_three_digits_on(answer):
    x = Value(3.0, "x")
    assert marked(log(x), x, [answer]).marks[1].verdict == "right, rounded"


@pytest.mark.parametrize("answer", ["0.33", 0.3, "0.3333334", "0.334", "0.332", 0.33334])
def test_answers_with_fewer_or_wrong_digits_are_off(answer):
    x = Value(3.0, "x")
    assert marked(log(x), x, [answer]).marks[1].verdict == "off"


def test_too_few_digits_are_called_too_coarse():
    x = Value(3.0, "x")
    assert marked(log(x), x, ["0.33"]).marks[1].reasons == ["too coarse, 3 digits are needed at least"]


def test_a_number_that_was_rounded_on_the_way_is_called_close():
    f, xs = u1()
    assert reasons(f, xs[0], ["10.72001"]) == ["close, but not to the digits given: was something rounded on the way?"]


def test_a_leaf_named_e_means_itself_in_answers():
    e = Value(5.0, "e")
    assert marked(e * e, e, ["2*e"]).marks[1].value == 10.0


def test_infinite_derivatives_can_be_answered():
    x = Value(0.0, "x")
    sheet = worksheet(sqrt(x), x, "totals")
    assert sheet.check([math.inf]) and not sheet.check([1e300])


# wrong answers


@given(any_exercise, any_blanks, st.data())
@settings(max_examples=40, deadline=None)
def test_every_mistake_is_recognised_or_coincides_with_another(found, blanks, data):
    sheet = found.worksheet(blanks, 3)
    cases = every_mistake(sheet)
    assume(cases)
    for quantity, mistake in data.draw(st.lists(st.sampled_from(cases), min_size=3, max_size=5)):
        assert not math.isclose(mistake.value, quantity.value, rel_tol=1e-9, abs_tol=1e-12)
        if not read(mistake.value, {}).means(quantity.value):  # -4.125 may well be meant as -4.1250001
            mark = sheet.check({quantity.number: mistake.value}).marks[quantity.number]
            assert mark.verdict == "off" and 1 <= len(mark.reasons) <= 2
            assert all(other.value == pytest.approx(mistake.value, rel=1e-8, abs=1e-11) for other in mark.mistakes)
            assert mistake.sentence in mark.reasons or mark.mistakes[0].sentence != mistake.sentence


def telling():
    """f = sin(x y) + x w at a point where no two mistakes coincide."""
    x, y, w = Value(0.7, "x"), Value(1.9, "y"), Value(0.31, "w")
    return sin(x * y) + x * w, [x, y, w], math.cos(0.7 * 1.9)


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        (lambda x, y, w, c: w, "the path x → v₁ → v₂ → f is forgotten"),
        (lambda x, y, w, c: c * y, "the path x → v₃ → f is forgotten"),
        (lambda x, y, w, c: -c * y - w, "the sign is wrong"),
        (lambda x, y, w, c: c * y - w, "the product of the path x → v₃ → f has the wrong sign"),
        (lambda x, y, w, c: c * x + w, "the factors x and y are swapped in v₁ = x · y: ∂v₁/∂x is y = 1.9, not x = 0.7"),
        (lambda x, y, w, c: y + w, "the factor ∂v₂/∂v₁ = 0.238476 is missing"),
        (lambda x, y, w, c: c + w, "the inner derivative ∂v₁/∂x = 1.9 is missing"),
        (lambda x, y, w, c: 2 * c * y + w, "the path x → v₁ → v₂ → f is counted twice"),
        (lambda x, y, w, c: c * y + 2 * w, "the path x → v₃ → f is counted twice"),
        (lambda x, y, w, c: 1 + c + y + w,
         "the local derivatives on the path x → v₁ → v₂ → f are added instead of multiplied"),
        (lambda x, y, w, c: 1 + c + y + 1 + w, "the local derivatives are added instead of multiplied on every path"),
        (lambda x, y, w, c: c * y * w, "the products of the paths are multiplied instead of added"),
        (lambda x, y, w, c: math.sin(x * y) * y + w,
         "∂v₂/∂v₁ is cos(v₁) = 0.238476, and not the value of v₂ itself, 0.971148"),
        (lambda x, y, w, c: math.sin(x * y) + x * w, "this is the value of f, not ∂f/∂x"),
        (lambda x, y, w, c: c * x, "this is ∂f/∂y"),
        (lambda x, y, w, c: y, "this is ∂v₁/∂x: from v₁ to f something is missing"),
        (lambda x, y, w, c: c, "this is ∂f/∂v₁: from x to v₁ something is missing"),
        (lambda x, y, w, c: 17.5, "no typical mistake gives 17.5"),
    ],
)  # fmt: skip
def test_a_wrong_total_is_explained(wrong, expected):
    f, xs, c = telling()
    assert reasons(f, xs, {1: wrong(*[x.data for x in xs], c)}) == [expected]


def test_a_forgotten_path_of_three_and_two_forgotten_ones():
    x = Value(1.7, "x")
    f = x * x * x
    assert reasons(f, x, [2 * 1.7**2]) == [
        "the path x →₁ v₁ → f is forgotten", "the path x →₂ v₁ → f is forgotten",
    ]  # fmt: skip
    y, z = Value(0.6, "y"), Value(2.3, "z")
    g = x * y + x * z + sin(x)
    assert reasons(g, x, [2.3]) == ["the paths x → v₁ → v₃ → f and x → v₄ → f are forgotten"]


def test_the_two_of_a_square_is_missed():
    x = Value(0.4, "x")
    f = (3 * x + 1) ** 2
    assert reasons(f, x, [3 * 2.2]) == ["∂f/∂v₂ is 2 · v₂ = 4.4, not 2.2: a factor of it is missing"]


def test_a_forgotten_minus_sign_is_placed():
    x, y = Value(1.3, "x"), Value(0.4, "y")
    f = x * 3 - y * x * x
    assert reasons(f, y, [1.3**2]) == ["the minus sign of ∂f/∂v₃ = -1 is missing"]


def test_the_outer_derivative_is_missing():
    x = Value(0.4, "x")
    assert reasons(exp(3 * x), x, [3.0]) == ["the outer derivative ∂f/∂v₁ = 3.32012 is missing"]


def test_numerator_and_denominator_are_swapped():
    x, y = Value(3.0, "x"), Value(0.7, "y")
    assert reasons(x / y, [x, y], {1: -3 / 0.49}) == [
        "the derivatives of f = x / y by x and y are swapped: (∂f/∂x)₁ is 1 / y = 1.42857, not -f / y = -6.12245",
        "this is ∂f/∂y",
    ]


def test_factors_of_a_dot_product_are_swapped():
    x, y, w, v = Value(1.1, "x"), Value(2.3, "y"), Value(0.3, "w"), Value(-0.7, "v")
    f = dot([w, v], [x, y])
    assert reasons(f, [w], [0.3])[0].startswith("the factors w and x are swapped in f = w · x + v · y: ")


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        (2.6, "this is x · 2"),
        (-1.69, "the sign is wrong"),
        (1.3, "this is x alone"),
        (3.3, "this is x + 2"),
        (2.0**1.3, "this is 2 ** x"),
    ],
)
def test_a_wrong_value_is_explained(wrong, expected):
    x = Value(1.3, "x")
    assert expected in reasons(x**2 + 5, x, {1: wrong}, "values")


def test_a_value_for_which_the_derivative_was_given():
    x = Value(1.3, "x")
    assert reasons(sin(x), x, {1: math.cos(1.3)}, "values") == ["this is the derivative (∂f/∂x)₁, not the value"]


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        (1.3, "∂v₁/∂x is 3 · x² = 5.07, not 1.69: a factor of it is missing"),
        (-5.07, "the sign is wrong"),
        (2.197, "∂v₁/∂x is 3 · x² = 5.07, and not the value of v₁ itself, 2.197"),
        (1 / 5.07, "this is 1 divided by ∂v₁/∂x"),
        (1.3, "this is the number of x, not the slope of v₁"),
    ],
)
def test_a_wrong_local_derivative_is_explained(wrong, expected):
    x = Value(1.3, "x")
    wrong = 1.69 if "1.69" in expected else wrong
    assert expected in reasons(x**3 + 5, x, {1: wrong}, "local derivatives")


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        (7.2, "the minus sign of ∂f/∂v₃ = -1 is missing"),
        (-6.0, "the inner derivative ∂v₂/∂x = 1.2 is missing"),
        (-1.2, "the factor ∂v₃/∂v₂ = 6 is missing"),
        (-2.4, "∂v₃/∂v₂ is 2 · v₂ = 6, not 2: a factor of it is missing"),
        (-8.64, "the factor ∂v₂/∂x = 1.2 is there twice"),
        (6.2, "the local derivatives are added instead of multiplied"),
        (0.3, "this is the product of the path x → v₁ → f"),
        (-6.9, "this is ∂f/∂x as a whole, not this path's share"),
    ],
)
def test_a_wrong_product_is_explained(wrong, expected):
    x = Value(2.5, "x")
    f = x * 0.3 - (1.2 * x) ** 2  # paths of 0.3 and of -1 · 6 · 1.2
    assert expected in reasons(f, x, {2: wrong}, "products")


def test_what_follows_from_an_answer_that_is_off_is_said_to_follow():
    f, xs = u1()
    sheet = worksheet(f, xs)
    local, product = number_of(sheet, "∂v₃/∂v₂"), number_of(sheet, "z → v₂ → v₃ → f")
    mark = sheet.check({local: 2, product: 2}).marks[product]
    assert mark.verdict == "follows" and repr(mark).endswith(f"off, but right with the answer to ({local})")


def test_what_follows_through_numbers_that_are_not_asked_for():
    f, xs = u1()
    sheet = worksheet(f, xs, ["local derivatives", "totals"])
    local, total = number_of(sheet, "∂v₃/∂v₂"), number_of(sheet, "∂f/∂y")
    assert sheet.check({local: 3, total: 3}).marks[total].verdict == "follows"


def test_a_value_that_follows_from_another():
    f, xs = u1()
    assert worksheet(f, xs).check({1: 3, 2: 3}).marks[2].verdict == "follows"


def test_what_cannot_follow_from_an_answer_is_just_off():
    x = Value(2.0, "x")
    sheet = worksheet(log(x - 1.0), x)
    marks = sheet.check({1: -3, 2: 5, 4: 17})  # log of -3
    assert [marks.marks[i].verdict for i in (1, 2)] == ["off", "off"]


def test_a_slope_follows_from_an_answer_even_if_it_is_infinite_there():
    x = Value(4.0, "x")
    sheet = worksheet(sqrt(x) * 2.0, x)
    slope = number_of(sheet, "∂v₁/∂x")
    assert sheet.check({1: 0, slope: 0.3}).marks[slope].verdict == "off"


def test_the_number_of_a_checkpoint_follows_from_nothing():
    x = Value(0.5, "x")
    sheet = worksheet(checkpoint(lambda a: a * a, x * 3.0), x)
    assert [mark.verdict for mark in sheet.check({1: 2, 2: 4}).marks.values()][:2] == ["off", "off"]


def test_mistakes_print_what_they_are():
    f, xs = u1()
    marks = marked(f, xs, ["4 + e"])
    assert repr(marks.marks[1].mistakes[0]).startswith("<swapped: 6.71828, the factors x and y are swapped")


def test_right_numbers_are_right_whatever_mistake_gives_them_too():
    x = Value(1.0, "x")
    assert marked(x * x * x, x, [3]).right == 1


# what is asked for, and what is shown


@pytest.mark.parametrize(
    ("blanks", "count"),
    [("values", 7), ("local derivatives", 12), ("products", 6), ("totals", 3), ("all", 28), (["values", "totals"], 10),
     (1, 28), (0.5, 14), (0.001, 1)],
)  # fmt: skip
def test_blanks_are_of_the_kind_asked_for(blanks, count):
    assert list(worksheet(*u1(), blanks, 1).answers) == list(range(1, count + 1))


@given(any_exercise, st.floats(0.01, 1.0), st.integers())
@settings(max_examples=20, deadline=None)
def test_the_same_seed_gives_the_same_sheet(found, share, seed):
    first, second = (worksheet(found.f, found.xs, share, seed) for _ in range(2))
    assert (first.text(), first.markdown(), first.html()) == (second.text(), second.markdown(), second.html())


def test_without_a_seed_one_is_drawn_and_kept():
    sheet = worksheet(*u1(), 0.5)
    assert worksheet(*u1(), 0.5, sheet.seed).text() == sheet.text()


def test_other_seeds_give_other_blanks():
    assert len({worksheet(*u1(), 0.5, seed).text() for seed in range(10)}) > 5


def test_a_sheet_prints_as_text():
    x, y = Value(2.0, "x"), Value(3.0, "y")
    assert (
        repr(worksheet(x * y + sin(x * y), [x], "products"))
        == """Fill in (1) to (2)
∂f/∂x for f = x · y + sin(x · y)
at x = 2, y = 3

Values
       v₁ = x · y = 2 · 3 = 6
       v₂ = x · y = 2 · 3 = 6
       v₃ = sin(v₂) = sin(6) ≈ -0.279415
       f  = v₁ + v₃ ≈ 6 + (-0.279415) ≈ 5.72058

Local derivatives
       ∂v₁/∂x  = y = 3
       ∂v₂/∂x  = y = 3
       ∂v₃/∂v₂ = cos(v₂) = cos(6) ≈ 0.96017
       ∂f/∂v₁  = 1
       ∂f/∂v₃  = 1

Products along the paths
  (1)  x → v₁ → f:      ______
  (2)  x → v₂ → v₃ → f: ______

Sums over the paths
       ∂f/∂x = □₁ + □₂ ≈ 5.88051"""
    )


def test_the_key_has_the_same_lines_filled_in():
    sheet = worksheet(*u1(), "all")
    asked, filled = sheet.text().splitlines(), sheet.key().text().splitlines()
    assert filled[0] == "Key" and len(asked) == len(filled)
    for line, full in zip(asked[1:], filled[1:], strict=True):
        assert full.startswith(line.removesuffix("______").rstrip().removesuffix("=").rstrip())
    assert "______" not in sheet.key().text() and "□" not in sheet.key().text()


def test_a_number_that_is_asked_for_is_named_by_its_blank_further_on():
    text = worksheet(*u1(), ["values"]).text()
    assert "∂v₃/∂v₂ = 2 · v₂ = 2 · □₂ = 4" in text


def test_the_paths_are_not_given_away_where_only_totals_are_asked_for():
    text = worksheet(*u1(), "totals").text()
    assert "→" not in text and "Products" not in text
    assert "→" in worksheet(*u1(), "products").text()


def test_a_variable_asked_for_twice_is_asked_for_once():
    x = Value(2.0, "x")
    assert worksheet(x * x, [x, [x]], "totals").answers == {1: 4.0}


def test_an_inner_node_can_be_differentiated_by():
    x = Value(2.0, "x")
    u = 3 * x
    u.name = "u"
    assert worksheet(u * u, u, "totals").answers == {1: 12.0}


def test_the_derivative_of_a_node_by_itself_is_one():
    x = Value(2.0, "x")
    assert worksheet(x, x).answers == {1: 1.0}


def test_parallel_edges_are_told_apart():
    x = Value(3.0, "x")
    text = worksheet((x * x).sin(), x).text()
    assert "x →₁ v₁ → f" in text and "x →₂ v₁ → f" in text and "(∂v₁/∂x)₂" in text


def test_a_checkpoint_is_one_op():
    x = Value(0.5, "x")
    f = checkpoint(lambda a: sigmoid(a) * a, x) * 2.0
    sheet = worksheet(f, x)
    assert sheet.check(sheet.answers) and list(sheet.answers.values())[-1] == pytest.approx(gradient(f, x))


def test_a_kink_is_taken_as_the_engine_takes_it():
    x = Value(0.0, "x")
    assert worksheet(relu(x), x, "totals").answers == {1: 0.0}


def test_a_sum_of_many_paths_is_shortened():
    xs = [Value(float(i + 1), f"x{i}") for i in range(14)]
    u = Value(2.0, "u")
    text = worksheet(sum((x * u for x in xs[1:]), xs[0] * u), u, "products").text()
    assert "□₁ + □₂ + □₃ + □₄ + … 6 more … + □₁₁" in text


def heading(sheet):
    """The lines that say where."""
    lines = sheet.text().split("\n\n")[0].split("\n")
    return lines[next(i for i, line in enumerate(lines) if line.startswith("at ")) :]


def test_the_numbers_of_a_network_are_given_in_the_order_in_which_it_needs_them():
    model = nn.MLP(2, [3, 1], rng=0)
    loss = (model([Value(1.0, "x1"), Value(2.0, "x2")]) - 1) ** 2
    sheet = worksheet(loss, model.layers[1].neurons[0].w[0])
    lines = heading(sheet)
    assert len(lines) == 3 and max(map(len, lines)) <= 100
    names = re.findall(r"(\S+) [=≈] ", " ".join(lines))
    first = "w⁽¹⁾₁₁ w⁽¹⁾₁₂ x₁ x₂ b⁽¹⁾₁ w⁽¹⁾₂₁ w⁽¹⁾₂₂ b⁽¹⁾₂ w⁽¹⁾₃₁ w⁽¹⁾₃₂ b⁽¹⁾₃ w⁽²⁾₁₁ w⁽²⁾₁₂ w⁽²⁾₁₃ b⁽²⁾₁"
    assert names == first.split()
    assert sum(" at " in f" {re.sub('[{}]', ' ', line)}" for line in sheet.markdown().split("\n")) == 1
    ET.fromstring(sheet.html())


def test_of_very_many_numbers_the_first_are_given_and_those_asked_about():
    xs = [Value(float(i), f"x{i}") for i in range(60)]
    f = xs[0]
    for x in xs[1:]:
        f = f * 2 + x
    text = " ".join(heading(worksheet(f, [xs[50], xs[3]])))
    assert re.findall(r"x\S+ = (\d+)", text) == [str(i) for i in [*range(40), 50]]
    assert text.endswith("x₅₀ = 50, … 19 more")


# forms


@given(any_exercise, any_blanks)
@settings(max_examples=25, deadline=None)
def test_html_is_well_formed_and_has_a_line_for_every_blank(found, blanks):
    sheet = found.worksheet(blanks, 1)
    root = ET.fromstring(sheet.html())
    assert len(root.findall(".//span[@class='blank']")) == len(sheet.answers)
    assert not root.findall(".//script")
    filled = ET.fromstring(sheet.key().html())
    assert len(filled.findall(".//span[@class='answer']")) == len(sheet.answers)


def test_html_has_formulas_in_mathml_that_no_network_is_needed_for():
    html = worksheet(*u1(), "totals").html()
    assert "<mfrac><mrow><mo>∂</mo><mi>f</mi></mrow>" in html
    assert "http" not in html and "url(" not in html


def test_markdown_has_balanced_formulas_and_blanks():
    sheet = worksheet(*u1(), "all")
    text = sheet.markdown()
    assert sheet._repr_markdown_() == text
    assert text.count(r"\_\_\_\_\_\_") == 28 and text.replace(r"\$", "").count("$") % 2 == 0
    assert r"- (1) $v_{1} = x \cdot y =$ \_\_\_\_\_\_" in text


def test_cells_are_a_notebook_that_marks_itself():
    sheet = worksheet(*u1(), "totals")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.from_dict(cell) for cell in sheet.cells()])
    nbformat.validate(nbformat.v4.upgrade(notebook))
    code = sheet.cells()[1]["source"]
    assert code == "answers = {\n    1: ...,\n    2: ...,\n    3: ...,\n}\nsheet.check(answers)"
    *statements, last = code.replace("1: ...", "1: '8 + e'").splitlines()
    scope = {"sheet": sheet}
    exec("\n".join(statements), scope)
    assert repr(eval(last, scope)).endswith("1 of 3 right, 2 missing")


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", 'a "quoted" & $name$', "two\nlines", "x" * 300, "שלום", "", "a|b_c^d#%~`\\{"]
)
def test_names_of_any_kind_do_no_harm(name):
    x = Value(2.0, name)
    sheet = worksheet((x * x).exp(), x)
    for html in (sheet.html(), sheet.key().html()):
        assert not ET.fromstring(html).findall(".//script")
    assert all(len(line) < 250 for line in sheet.text().splitlines())
    assert sheet.check(sheet.answers)


# answers


@pytest.mark.parametrize("nothing", [None, ..., "…", "...", "", "  ", "?", "______"])
def test_what_says_nothing_is_missing(nothing):
    f, xs = u1()
    marks = marked(f, xs, {2: nothing, 1: "8+e"})
    assert (marks.right, marks.wrong, marks.missing) == (1, 0, 2) and not marks
    assert marks.marks[2].verdict == "missing"


def test_marks_are_counted():
    f, xs = u1()
    marks = marked(f, xs, ["10.7", 5, "2e"])
    assert (marks.right, marks.wrong, marks.missing) == (1, 2, 0)
    assert [mark.verdict for mark in marks.marks.values()] == ["right, rounded", "off", "unreadable"]
    assert marks.marks[2].expected == 4.0 and marks.marks[2].answer == 5 and marks.marks[2].value == 5.0


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("2e", "for a product write *"),
        ("4 +", "the expression ends too early"),
        ("q", "unknown name 'q'"),
        ("log(-1)", "log of -1.0"),
        ("1/0", "div of 1.0 and 0.0"),
        ("9**9**9**9", "beyond 1.8e308"),
        ("__import__('os')", "unknown function '__import__'"),
        ("x.data", "is not allowed"),
        ("[1, 2]", "is not allowed"),
        ("(" * 5000, "it has 5000 characters"),
        ("1" * 999, "no float can hold"),
        ([1.0], "an answer is a number or a text such as '2*e', got list [1.0]"),
        (1j, "an answer is a number or a text such as '2*e', got complex"),
        (np.array([1.0]), "an answer is a number or a text such as '2*e', got ndarray"),
        ({}, "an answer is a number or a text such as '2*e', got dict {}"),
    ],
)
def test_an_answer_that_cannot_be_read_says_why_and_the_others_are_marked(answer, reason):
    f, xs = u1()
    marks = marked(f, xs, [answer, 4, "4 - 2*e"])
    assert marks.marks[1].verdict == "unreadable" and reason in marks.marks[1].reasons[0]
    assert "\n" not in repr(marks.marks[1]) and marks.right == 2


@pytest.mark.parametrize("number", [0, 4, -1, "1", None, 1.5])
def test_answers_to_blanks_that_are_not_there_are_refused(number):
    with pytest.raises(
        ValueError, match=re.escape(f"there is no blank {number!r}; the blanks are numbered from 1 to 3")
    ) as raised:
        marked(*u1(), {number: 1})
    one_line(raised)


def test_a_list_may_be_too_short_and_not_too_long():
    f, xs = u1()
    assert marked(f, xs, []).missing == 3
    with pytest.raises(ValueError, match="there is no blank 4"):
        marked(f, xs, [1, 2, 3, 4])


@pytest.mark.parametrize("answers", ["8 + e", 5, None, {1, 2}, np.array([1.0, 2.0, 3.0])])
def test_answers_of_another_kind_are_refused(answers):
    with pytest.raises(
        TypeError, match="expected answers as a dict from number to answer, or as a list, got"
    ) as raised:
        marked(*u1(), answers)
    one_line(raised)


# bad input


@pytest.mark.parametrize("blanks", ["vlaues", ["values", "sums"], [], "", ["all"]])
def test_blanks_of_no_kind_are_refused(blanks):
    with pytest.raises(
        ValueError, match="blanks are 'values', 'local derivatives', 'products', 'totals', 'all', several"
    ) as raised:
        worksheet(*u1(), blanks)
    one_line(raised)


@pytest.mark.parametrize("share", [0, 1.5, -0.5, math.nan, True, None, object()])
def test_a_share_that_is_none_is_refused(share):
    with pytest.raises(ValueError, match="as a share, blanks is a number above 0 and up to 1, got ") as raised:
        worksheet(*u1(), share)
    one_line(raised)


def test_blanks_that_the_derivation_does_not_have_are_refused():
    x = Value(2.0, "x")
    with pytest.raises(ValueError, match="this derivation has no products to ask for"):
        worksheet(x.sin(), x, "products")


def test_an_x_that_f_does_not_depend_on_is_refused():
    x, w = Value(2.0, "x"), Value(1.0, "w")
    with pytest.raises(ValueError, match="f does not depend on w: no path leads from it to f") as raised:
        worksheet(x * x, [x, w])
    one_line(raised)


def test_no_x_at_all_is_refused():
    with pytest.raises(ValueError, match="xs is empty"):
        worksheet(Value(1.0) * 2, [])


@pytest.mark.parametrize(("f", "xs"), [(3.0, Value(1.0)), (Value(1.0), 3.0), ("f", []), (Value(1.0), "x")])
def test_what_is_no_value_is_refused(f, xs):
    with pytest.raises(TypeError, match="expected a Value"):
        worksheet(f, xs)


def test_a_graph_too_large_for_paper_is_refused():
    x, f = chain(100_000)
    with pytest.raises(ValueError, match="100 000 nodes and 1 path are too many for pen and paper"):
        worksheet(f, x)
    f = x
    for _ in range(60):
        f = f + f
    with pytest.raises(ValueError, match=r"60 nodes and about 10.18 paths are too many for pen and paper") as raised:
        worksheet(f, x)
    one_line(raised)


def test_data_that_was_changed_is_refused():
    x = Value(2.0, "x")
    f = x * x
    x.data = 5.0
    with pytest.raises(ValueError, match="data changed"):
        worksheet(f, x).text()
