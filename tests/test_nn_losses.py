"""Losses: value and gradient beside NumPy formulas written by hand, the δ's of the course material, readable errors."""

import math
import re

import numpy as np
import pytest

from autograd import Value, check_gradients, exp, gradient, sigmoid, tanh
from nn.activations import half_tanh, softmax
from nn.cross_entropy import (
    binary_cross_entropy,
    binary_cross_entropy_from_logit,
    cross_entropy,
    cross_entropy_from_probabilities,
    normalized_cross_entropy,
    relative_entropy,
)
from nn.losses import (
    gaussian_nll,
    half_squared_error,
    hinge,
    lp_error,
    mean_squared_error,
    multiclass_hinge,
    squared_error,
    squared_norm,
)

ULP = np.finfo(float).eps
TARGETS = [0.5, -1.0, 2.0]
OUTPUTS = [1.25, -0.5, -0.75]
CHANCES = [0.2, 0.7, 0.4]  # probabilities that need not add up to 1
HAPPENED = [0.0, 1.0, 0.3]
WEIGHTS = [0.2, 0.0, 0.8]
ONE_HOT = [0.0, 0.0, 1.0]


def np_softmax(z):
    e = np.exp(z - z.max())
    return e / e.sum()


def np_hinge(o, y, margin):
    """P3 by hand: the loss, and ∂L/∂o = J^T ∂L/∂p with the softmax's Jacobian J = diag(p) − p p^T."""
    p = np_softmax(o)
    slack = p - p[y] + margin
    slack[y] = 0
    inside = (slack > 0).astype(float)
    g = inside.copy()
    g[y] = -inside.sum()
    return np.maximum(slack, 0).sum(), (np.diag(p) - np.outer(p, p)) @ g


def np_bernoulli(y, t):
    with np.errstate(divide="ignore", invalid="ignore"):
        happens = np.where(t > 0, t * np.log(y), 0) + np.where(t < 1, (1 - t) * np.log(1 - y), 0)
    return -happens.sum()


def np_entropy(t):
    return np_bernoulli(t, t)


# name: the loss of its outputs, the outputs, NumPy's value and gradient as functions of the outputs
t, h, w = np.array(TARGETS), np.array(HAPPENED), np.array(WEIGHTS)
CASES = {
    "half squared error": (
        lambda y: half_squared_error(y, TARGETS),
        OUTPUTS,
        lambda y: 0.5 * ((y - t) ** 2).sum(),
        lambda y: y - t,
    ),
    "squared error": (
        lambda y: squared_error(y, TARGETS),
        OUTPUTS,
        lambda y: ((y - t) ** 2).sum(),
        lambda y: 2 * (y - t),
    ),
    "mean squared error": (
        lambda y: mean_squared_error(y, TARGETS),
        OUTPUTS,
        lambda y: ((y - t) ** 2).mean(),
        lambda y: 2 * (y - t) / 3,
    ),
    **{
        f"L_{p:g}": (
            lambda y, p=p: lp_error(y, TARGETS, p),
            OUTPUTS,
            lambda y, p=p: (np.abs(t - y) ** p).sum(),
            lambda y, p=p: -p * (t - y) * np.abs(t - y) ** (p - 2),
        )
        for p in (1, 1.5, 2, 3, 4)
    },
    "gaussian": (
        lambda y: gaussian_nll(y, TARGETS, 0.3),
        OUTPUTS,
        lambda y: 0.5 * (np.log(2 * np.pi * 0.3) + (y - t) ** 2 / 0.3).sum(),
        lambda y: (y - t) / 0.3,
    ),
    "hinge inside the margin": (
        lambda y: hinge(y[0], -1),
        OUTPUTS[:1],
        lambda y: 1 + y[0],
        lambda y: np.ones(1),
    ),
    "hinge outside the margin": (
        lambda y: hinge(y[0], 1),
        OUTPUTS[:1],
        lambda y: 0.0,
        lambda y: np.zeros(1),
    ),
    **{
        f"multiclass hinge, margin {margin:g}": (
            lambda o, margin=margin: multiclass_hinge(o, 1, margin),
            OUTPUTS,
            lambda o, margin=margin: np_hinge(o, 1, margin)[0],
            lambda o, margin=margin: np_hinge(o, 1, margin)[1],
        )
        for margin in (1, 0.1, 0)
    },
    "binary": (
        lambda y: binary_cross_entropy(y, HAPPENED),
        CHANCES,
        lambda y: np_bernoulli(y, h),
        lambda y: (y - h) / (y * (1 - y)),
    ),
    "binary from logits": (
        lambda z: binary_cross_entropy_from_logit(z, HAPPENED),
        OUTPUTS,
        lambda z: np_bernoulli(1 / (1 + np.exp(-z)), h),
        lambda z: 1 / (1 + np.exp(-z)) - h,
    ),
    "relative entropy": (
        lambda y: relative_entropy(y, HAPPENED),
        CHANCES,
        lambda y: np_bernoulli(y, h) - np_entropy(h),
        lambda y: -(h / y - (1 - h) / (1 - y)),
    ),
    "cross-entropy, weights": (
        lambda z: cross_entropy(z, WEIGHTS),
        OUTPUTS,
        lambda z: -(w * np.log(np_softmax(z))).sum(),
        lambda z: np_softmax(z) - w,
    ),
    "cross-entropy, label": (
        lambda z: cross_entropy(z, 2),
        OUTPUTS,
        lambda z: -np.log(np_softmax(z)[2]),
        lambda z: np_softmax(z) - np.array(ONE_HOT),
    ),
    "from probabilities, weights": (
        lambda y: cross_entropy_from_probabilities(y, WEIGHTS),
        CHANCES,
        lambda y: -(w * np.log(y)).sum(),
        lambda y: -w / y,
    ),
    "from probabilities, label": (
        lambda y: cross_entropy_from_probabilities(y, 1),
        CHANCES,
        lambda y: -np.log(y[1]),
        lambda y: np.array([0, -1 / y[1], 0]),
    ),
    "normalised, weights": (
        lambda a: normalized_cross_entropy(a, WEIGHTS),
        [3.0, 0.5, 1.5],
        lambda a: -(w * np.log(a / a.sum())).sum(),
        lambda a: 1 / a.sum() - w / a,
    ),
    "squared norm": (squared_norm, OUTPUTS, lambda y: (y**2).sum(), lambda y: 2 * y),
}


def leaves(numbers):
    return [Value(x) for x in numbers]


def delta(loss, z):
    """δ = ∂L/∂z for one pre-activation."""
    z = Value(z)
    return gradient(loss(z), z)


@pytest.mark.parametrize("case", CASES)
def test_value_and_gradient_are_numpys(case):
    loss, point, value, slope = CASES[case]
    ys = leaves(point)
    found = loss(ys)
    found.backward()
    assert found.data == pytest.approx(value(np.array(point)), rel=1e-13, abs=1e-15)
    assert [y.grad for y in ys] == pytest.approx(slope(np.array(point)), rel=1e-13, abs=1e-15)


@pytest.mark.parametrize("case", CASES)
def test_gradients_agree_with_finite_differences(case):
    loss, point, *_ = CASES[case]
    assert check_gradients(lambda *ys: loss(ys), point)


@pytest.mark.parametrize("case", CASES)
def test_numbers_give_the_same_number(case):
    loss, point, *_ = CASES[case]
    found = loss(point)
    assert type(found) is float
    assert found == loss(leaves(point)).data


@pytest.mark.parametrize(
    "loss",
    [half_squared_error, squared_error, mean_squared_error, binary_cross_entropy, relative_entropy],
    ids=lambda loss: loss.__name__,
)
def test_one_output_may_stand_alone_or_in_a_sequence(loss):
    alone = loss(Value(0.25), 1).data
    assert loss([Value(0.25)], 1).data == loss(Value(0.25), [1]).data == loss((Value(0.25),), (1,)).data == alone
    assert loss(np.array([Value(0.25)]), np.array([1])).data == alone
    assert loss(iter([Value(0.25)]), iter([1])).data == alone


def test_a_label_a_one_hot_row_and_numpys_forms_of_them_are_the_same_target():
    forms = [2, 2.0, np.int64(2), ONE_HOT, tuple(ONE_HOT), np.array(ONE_HOT), [False, False, True]]
    for loss, outputs in (
        (cross_entropy, OUTPUTS),
        (cross_entropy_from_probabilities, CHANCES),
        (normalized_cross_entropy, CHANCES),
    ):
        assert len({loss(leaves(outputs), form).data for form in forms}) == 1


def test_a_distribution_of_single_precision_adds_up_well_enough():
    weights = np.full(10, 0.1, dtype=np.float32)
    assert math.fsum(weights.tolist()) != 1
    assert cross_entropy(leaves([0.0] * 10), weights).data == pytest.approx(math.log(10), rel=1e-7)


def test_classes_of_weight_zero_leave_no_path():
    ys = leaves(CHANCES)
    assert cross_entropy_from_probabilities(ys, 1).inputs[0].inputs == (ys[1],)


# what happens where y = t and on other edges


@pytest.mark.parametrize("p", [1, 1.1, 1.5, 2, 3, 4])
def test_the_slope_of_an_lp_error_is_0_where_it_vanishes(p):
    y = Value(0.5)
    loss = lp_error(y, 0.5, p)
    loss.backward()
    assert (loss.data, y.grad) == (0.0, 0.0)


def test_the_l2_error_curves_where_it_vanishes_as_the_squared_error_does():
    y = Value(0.5)
    for loss in (lp_error(y, 0.5, 2), squared_error(y, 0.5)):
        assert gradient(gradient(loss, y, create_graph=True), y) == 2.0


@pytest.mark.parametrize("loss", [binary_cross_entropy, relative_entropy])
@pytest.mark.parametrize(("certain", "slope"), [(0, 1.0), (1, -1.0)])
def test_a_certain_and_right_probability_costs_nothing_and_has_the_right_slope(loss, certain, slope):
    y = Value(certain)
    found = loss(y, certain)
    found.backward()
    assert (found.data, y.grad) == (0.0, slope)


def test_a_tiny_probability_is_not_rounded_away():
    assert binary_cross_entropy(Value(1e-20), 0).data == pytest.approx(1e-20, abs=0)


@pytest.mark.parametrize("t", [0.0, 0.3, 1.0])
def test_the_relative_entropy_is_least_at_the_target_and_0_there(t):
    assert relative_entropy(Value(t), t).data == 0.0
    assert min(relative_entropy(Value(y), t).data for y in np.linspace(0.01, 0.99, 99) if abs(y - t) > 1e-9) > 0


@pytest.mark.parametrize(("z", "t", "loss"), [(1000, 1, 0), (1000, 0, 1000), (-1000, 0, 0), (-1000, 1, 1000)])
def test_a_logit_of_a_thousand_has_a_finite_loss_and_slope(z, t, loss):
    logit = Value(z)
    found = binary_cross_entropy_from_logit(logit, t)
    found.backward()
    assert (found.data, logit.grad) == (loss, (z > 0) - t)


def test_activations_of_zero_are_allowed_where_the_target_is_zero():
    activations = leaves([0.0, 2.0, 6.0])
    normalized_cross_entropy(activations, 1).backward()
    assert [a.grad for a in activations] == pytest.approx([1 / 8, 1 / 8 - 1 / 2, 1 / 8], rel=1e-15, abs=1e-15)


def test_nan_outputs_give_a_nan_loss():
    nan = Value(math.nan)
    assert math.isnan(squared_error(nan, 0.0).data)
    assert math.isnan(binary_cross_entropy(nan, 1).data)
    assert math.isnan(cross_entropy([nan, Value(0.0)], 1).data)
    assert math.isnan(cross_entropy_from_probabilities([nan, Value(0.5)], 0).data)
    assert math.isnan(multiclass_hinge([nan, Value(0.0)], 1).data)


# the course material


@pytest.mark.parametrize("y", [-2.0, 0.3, 5.0])
def test_J3_squared_error_with_linear_output_has_delta_a_minus_y(y):
    for z in np.linspace(-8, 8, 33):
        assert delta(lambda z: half_squared_error(z, y), z) == z - y


@pytest.mark.parametrize("y", [0, 0.25, 1])
def test_J3_binary_cross_entropy_with_sigmoid_has_delta_a_minus_y(y):
    for z in np.linspace(-8, 8, 33):
        a = sigmoid(float(z))
        assert delta(lambda z: binary_cross_entropy_from_logit(z, y), z) == a - y
        assert abs(delta(lambda z: binary_cross_entropy(sigmoid(z), y), z) - (a - y)) <= 2 * ULP * max(a, y)


@pytest.mark.parametrize("y", [ONE_HOT, WEIGHTS])
def test_J3_categorical_cross_entropy_with_softmax_has_delta_a_minus_y(y):
    for scale in (0.1, 1.0, 4.0):
        zs = leaves(scale * z for z in OUTPUTS)
        expected = np_softmax(np.array([z.data for z in zs])) - y
        assert gradient(cross_entropy(zs, y), zs) == pytest.approx(expected, rel=0, abs=4 * ULP)
        composed = cross_entropy_from_probabilities(softmax(zs), y)
        assert gradient(composed, zs) == pytest.approx(expected, rel=0, abs=4 * ULP)


def test_J3_other_combination_squared_error_does_not_see_that_a_saturated_sigmoid_is_wrong():
    z = 30.0  # the output is 1 and should be 0
    assert 0 < delta(lambda z: half_squared_error(sigmoid(z), 0), z) < 1e-12
    assert delta(lambda z: binary_cross_entropy_from_logit(z, 0), z) == pytest.approx(1)


@pytest.mark.parametrize("t", [-0.5, 0.9])
def test_G3_lp_errors_change_the_output_delta_alone(t):
    z = 0.4
    y = math.tanh(z)
    slope = 1 - y * y
    assert delta(lambda z: lp_error(tanh(z), t, 2), z) == pytest.approx(-2 * (t - y) * slope, rel=1e-14, abs=1e-15)
    assert delta(lambda z: lp_error(tanh(z), t, 1), z) == pytest.approx(-np.sign(t - y) * slope, rel=1e-14, abs=1e-15)


@pytest.mark.parametrize("t", [0.3, 0.8])
def test_G3_cross_entropy_has_its_delta_for_any_activation(t):
    z = 0.4
    y = math.exp(-z)
    expected = -(t / y - (1 - t) / (1 - y)) * -y
    assert delta(lambda z: relative_entropy(exp(-z), t), z) == pytest.approx(expected, rel=1e-14, abs=1e-15)


@pytest.mark.parametrize("t", [0.0, 0.3, 1.0])
def test_G3_cross_entropy_with_half_tanh_collapses(t):
    for z in np.linspace(-3, 3, 25):
        y = 0.5 * (1 + math.tanh(z))
        assert delta(lambda z: relative_entropy(half_tanh(z), t), z) == pytest.approx(
            -2 * (t - y), rel=1e-13, abs=1e-15
        )


def test_G3_half_tanh_is_the_logistic_sigmoid_of_twice_z():
    for z in np.linspace(-3, 3, 25):
        assert half_tanh(float(z)) == pytest.approx(1 / (1 + math.exp(-2 * z)), rel=1e-13, abs=1e-15)


def test_D_i_delta_is_y_minus_t_in_every_output():
    zs = leaves([0.5, -1.0, 2.0, 0.0])
    target = [0.0, 1.0, 0.0, 0.0]
    expected = np_softmax(np.array([z.data for z in zs])) - target
    assert gradient(cross_entropy(zs, target), zs) == pytest.approx(expected, rel=1e-14, abs=1e-15)


@pytest.mark.parametrize(
    ("logits", "loss", "deltas"),
    [
        ([1000, -1000], 0, [0, 0]),
        ([-1000, 1000], 2000, [-1, 1]),
        ([1000, 1000], math.log(2), [-0.5, 0.5]),
        ([-1000, -1000], math.log(2), [-0.5, 0.5]),
    ],
)
def test_D_i_logits_of_a_thousand_stay_finite(logits, loss, deltas):
    zs = leaves(logits)
    found = cross_entropy(zs, 0)
    assert found.data == pytest.approx(loss, abs=1e-12)
    assert gradient(found, zs) == pytest.approx(deltas, abs=1e-12)


def regression(variance, weight):
    """Five samples of two outputs w·x: the summed likelihood loss, E, and the two parameters."""
    xs = [(0.5, 1.0), (-1.0, 2.0), (1.5, -0.5), (0.2, 0.3), (-0.7, -1.1)]
    ts = [(1.0, 0.5), (-0.5, 1.0), (1.0, 0.0), (0.0, 1.0), (-1.0, -1.0)]
    w, sigma2 = Value(weight), Value(variance)
    samples = [([w * x for x in row], target) for row, target in zip(xs, ts, strict=True)]
    nll = sum(gaussian_nll(y, target, sigma2) for y, target in samples)
    return nll, sum(squared_error(y, target) for y, target in samples), w, sigma2


@pytest.mark.parametrize("variance", [0.1, 1.0, 7.0])
def test_D_e_the_negative_log_likelihood_is_the_sum_of_squares_scaled_and_shifted(variance):
    nll, e, *_ = regression(variance, 0.4)
    assert nll.data == pytest.approx(
        5 * 2 / 2 * math.log(2 * math.pi * variance) + e.data / (2 * variance), rel=1e-14, abs=1e-15
    )


def test_D_f_the_best_weight_does_not_depend_on_the_variance():
    slopes = []
    for variance in (0.1, 1.0, 7.0):
        nll, e, w, _ = regression(variance, 0.4)
        slopes.append(gradient(nll, w) * 2 * variance)
        assert slopes[-1] == pytest.approx(gradient(e, w), rel=1e-13, abs=1e-15)
    _, e, w, _ = regression(1.0, 0.0)
    curvature = gradient(gradient(e, w, create_graph=True), w)
    best = -gradient(e, w) / curvature  # E is a parabola in w
    for variance in (0.1, 1.0, 7.0):
        nll, _, w, _ = regression(variance, best)
        assert gradient(nll, w) == pytest.approx(0, abs=1e-13)


def test_D_f_the_best_variance_is_the_mean_squared_error():
    _, e, *_ = regression(1.0, 0.4)
    best = e.data / (5 * 2)
    for variance, sign in ((best, 0), (0.9 * best, -1), (1.1 * best, 1)):
        nll, _, _, sigma2 = regression(variance, 0.4)
        slope = gradient(nll, sigma2)
        assert slope == pytest.approx(0, abs=1e-13) if sign == 0 else slope * sign > 1


def test_D_f_the_variance_can_be_trained_through_its_logarithm():
    assert check_gradients(lambda y, s: gaussian_nll([y, 2 * y], [1.0, -1.0], exp(s)), [0.3, -0.5])


@pytest.mark.parametrize("margin", [1.0, 0.3, 0.05])
@pytest.mark.parametrize("label", [0, 1, 2, 3])
def test_P3_the_gradient_by_each_logit(label, margin):
    o = [0.2, 1.1, -0.4, 0.9]
    p = np_softmax(np.array(o))
    inside = [j for j in range(4) if j != label and p[j] - p[label] + margin > 0]
    # by hand: Σ_{k inside} (∂p_k/∂o_j − ∂p_y/∂o_j), with ∂p_k/∂o_j = p_k ([k = j] − p_j)
    expected = [sum(p[k] * ((k == j) - p[j]) - p[label] * ((label == j) - p[j]) for k in inside) for j in range(4)]
    zs = leaves(o)
    assert gradient(multiclass_hinge(zs, label, margin), zs) == pytest.approx(expected, rel=1e-13, abs=1e-16)


def test_P3_a_class_that_leads_by_the_margin_costs_nothing():
    zs = leaves([9.0, 0.0, 0.0])
    loss = multiclass_hinge(zs, 0, margin=0.5)
    assert (loss.data, gradient(loss, zs)) == (0.0, [0.0, 0.0, 0.0])


def test_P3_logits_of_a_thousand_stay_finite():
    zs = leaves([1000.0, -1000.0])
    loss = multiclass_hinge(zs, 1)
    assert (loss.data, gradient(loss, zs)) == (2.0, [0.0, 0.0])


def test_U11_normalising_the_outputs_is_one_more_step_of_backprop():
    a = leaves([1.0, 2.0, 5.0])
    y = leaves([1 / 8, 2 / 8, 5 / 8])
    by_y = np.array(gradient(cross_entropy_from_probabilities(y, WEIGHTS), y))
    jacobian = (np.eye(3) - np.outer([1 / 8, 2 / 8, 5 / 8], np.ones(3))) / 8  # ∂y_k/∂a_j = ([k = j] − y_k) / Σ a
    assert gradient(normalized_cross_entropy(a, WEIGHTS), a) == pytest.approx(by_y @ jacobian, rel=1e-14, abs=1e-15)


# bad input: one sentence that names what arrived and what was expected

two, three = leaves([0.25, 0.75]), leaves(CHANCES)
PAIRED = [
    half_squared_error,
    squared_error,
    mean_squared_error,
    lambda y, t: lp_error(y, t, 2),
    lambda y, t: gaussian_nll(y, t, 1.0),
    binary_cross_entropy,
    binary_cross_entropy_from_logit,
    relative_entropy,
]
CLASSES = [cross_entropy, cross_entropy_from_probabilities, normalized_cross_entropy]
NAMES = ["half", "squared", "mean", "lp", "gaussian", "binary", "logit", "relative"]


@pytest.mark.parametrize("loss", PAIRED, ids=NAMES)
@pytest.mark.parametrize(
    ("prediction", "target", "error", "message"),
    [
        (three, [0.0, 1.0], ValueError, " has, got one of length 2"),
        (three, 1.0, ValueError, "a target of length 3, as the "),
        (Value(0.5), [0.0, 1.0], ValueError, "a target of length 1, as the "),
        ([], [], ValueError, ": a loss takes at least one output"),
        (two, [0.0, math.nan], ValueError, "target[1] is nan"),
        (two, [math.inf, 0.0], ValueError, "target[0] is inf"),
        (Value(0.5), math.nan, ValueError, "target is nan"),
        (two, [0.0, "one"], TypeError, "expected a number as target[1], got str 'one'"),
        (Value(0.5), "cat", TypeError, "expected a number as target, got str 'cat'"),
        (Value(0.5), None, TypeError, "expected a number as target, got NoneType None"),
        (Value(0.5), Value(1.0), TypeError, "take its .data"),
        ([two, two], [0.0, 1.0], TypeError, "[0], got list [Value("),
        (["a", "b"], [0.0, 1.0], TypeError, "[0], got str 'a'"),
    ],
    ids=lambda x: x if isinstance(x, str) and len(x) > 5 else "",
)
def test_outputs_and_targets_that_do_not_fit(loss, prediction, target, error, message):
    with pytest.raises(error, match=re.escape(message)):
        loss(prediction, target)


@pytest.mark.parametrize("loss", CLASSES, ids=lambda loss: loss.__name__)
@pytest.mark.parametrize(
    ("prediction", "target", "error", "message"),
    [
        (three, 3, ValueError, "a whole number from 0 to 2, got 3"),
        (three, -1, ValueError, "a whole number from 0 to 2, got -1"),
        (three, 1.5, ValueError, "a whole number from 0 to 2, got 1.5"),
        (three, math.nan, ValueError, "a whole number from 0 to 2, got nan"),
        (three, math.inf, ValueError, "a whole number from 0 to 2, got inf"),
        (three, "cat", TypeError, "expected a number as the class label, got str 'cat'"),
        (three, [1.0, 0.0], ValueError, " has, got one of length 2"),
        (three, [0.5, 0.2, 0.2], ValueError, "adds up to 1, this one to 0.9"),
        (three, [1.0, 0.5, -0.5], ValueError, "target[2] is -0.5"),
        (three, [1.0, math.nan, 0.0], ValueError, "target[1] is nan"),
        ([], 0, ValueError, "empty "),
        ([], [], ValueError, "empty "),
        (["a"], 0, TypeError, "got str 'a'"),
    ],
)
def test_classes_and_targets_that_do_not_fit(loss, prediction, target, error, message):
    with pytest.raises(error, match=re.escape(message)):
        loss(prediction, target)


@pytest.mark.parametrize("loss", [binary_cross_entropy, binary_cross_entropy_from_logit, relative_entropy])
@pytest.mark.parametrize("t", [-1, 1.5])
def test_a_binary_target_outside_0_to_1(loss, t):
    with pytest.raises(ValueError, match=re.escape(f"expected target[1] in 0 … 1, got {float(t)}")):
        loss(two, [0, t])


@pytest.mark.parametrize("loss", [binary_cross_entropy, relative_entropy])
@pytest.mark.parametrize("y", [-0.25, 1.25])
def test_an_output_that_is_no_probability(loss, y):
    with pytest.raises(ValueError, match=f"expected probability in 0 … 1, got {y}; is a sigmoid missing"):
        loss(Value(y), 1)


def test_outputs_of_a_softmax_that_are_no_probabilities():
    with pytest.raises(ValueError, match=r"expected probabilities\[1\] in 0 … 1, got 1.5; is a softmax missing"):
        cross_entropy_from_probabilities(leaves([0.5, 1.5]), 0)


@pytest.mark.parametrize("loss", [binary_cross_entropy, relative_entropy])
@pytest.mark.parametrize(("y", "t"), [(0, 1), (0, 0.5), (1, 0), (1, 0.5)])
def test_a_certain_and_wrong_probability_is_an_infinite_loss(loss, y, t):
    with pytest.raises(ValueError, match=f"probability is {y} where the target is {t}, an infinite loss.*from_logit"):
        loss(Value(y), t)


def test_a_class_of_probability_0_that_is_the_target_is_an_infinite_loss():
    with pytest.raises(ValueError, match=r"probabilities\[0\] is 0 where the target is 1, an infinite loss"):
        cross_entropy_from_probabilities(leaves([0.0, 1.0]), 0)


@pytest.mark.parametrize(("activations", "place"), [([0.0, 1.0], 0), ([1.0, -0.5], 1), ([0.0, 0.0], 0)])
def test_activations_that_cannot_be_normalised(activations, place):
    with pytest.raises(ValueError, match=rf"activations\[{place}\] is .* must be positive; exp or softplus"):
        normalized_cross_entropy(leaves(activations), 0)


@pytest.mark.parametrize("p", [0.5, 0, -1, math.nan, math.inf])
def test_an_lp_error_below_1(p):
    with pytest.raises(ValueError, match=f"expected a finite p >= 1, got {p:g}"):
        lp_error(Value(0.5), 1.0, p)


@pytest.mark.parametrize("variance", [0.0, -1.0, math.nan, math.inf])
def test_a_variance_that_is_not_positive(variance):
    for given in (variance, Value(variance)):
        with pytest.raises(ValueError, match=f"expected a variance > 0 and finite, got {variance}"):
            gaussian_nll(Value(0.5), 1.0, given)


def test_parameters_of_a_loss_that_are_no_numbers():
    with pytest.raises(TypeError, match="expected a number as p, got str 'two'"):
        lp_error(Value(0.5), 1.0, "two")
    with pytest.raises(TypeError, match=r"expected a number as the variance, got list \[1.0\]"):
        gaussian_nll(Value(0.5), 1.0, [1.0])
    with pytest.raises(TypeError, match="expected a number as the margin, got NoneType None"):
        multiclass_hinge(two, 0, None)


@pytest.mark.parametrize("label", [2, -1, 0.5, math.nan])
def test_a_multiclass_hinge_without_such_a_class(label):
    with pytest.raises(ValueError, match=f"a whole number from 0 to 1, got {label}"):
        multiclass_hinge(two, label)


def test_a_multiclass_hinge_that_has_nothing_to_compare():
    with pytest.raises(ValueError, match="two or more logits, got 1; hinge takes a single output"):
        multiclass_hinge(Value(0.5), 0)
    with pytest.raises(ValueError, match="empty logits: a loss takes at least one output"):
        multiclass_hinge([], 0)


@pytest.mark.parametrize("margin", [-0.5, math.nan, math.inf])
def test_a_multiclass_hinge_of_an_impossible_margin(margin):
    with pytest.raises(ValueError, match=f"expected a finite margin >= 0, got {margin:g}"):
        multiclass_hinge(two, 0, margin)


@pytest.mark.parametrize("target", [0, 2, math.nan, "1"])
def test_a_hinge_of_another_target_than_minus_1_and_1(target):
    with pytest.raises(ValueError, match="hinge takes a target of -1 or 1"):
        hinge(Value(0.5), target)
