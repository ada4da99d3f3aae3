"""Optimizers held against PyTorch's documented formulas, written once more in NumPy; clipping; what they refuse."""

import inspect
import math
import random

import numpy as np
import pytest

from autograd import Value, exp
from nn.clipping import clip_gradient_values, clip_gradients
from nn.module import Parameter
from nn.optimizers import SGD, Adam, AdamW, Optimizer, RMSProp
from nn.schedules import cosine, step_decay

STEPS, SIZE = 20, 6


def numpy_sgd(lr, momentum=0.0, nesterov=False, weight_decay=0.0):
    """The steps of torch.optim.SGD as its documentation states them, with dampening 0."""
    buffer = None

    def step(theta, g, t):
        nonlocal buffer
        if weight_decay != 0:
            g = g + weight_decay * theta
        if momentum != 0:
            buffer = momentum * buffer + g if t > 1 else g
            g = g + momentum * buffer if nesterov else buffer
        return theta - lr(t - 1) * g

    return step


def numpy_rmsprop(lr=lambda k: 0.01, alpha=0.99, eps=1e-8, momentum=0.0, weight_decay=0.0):
    """Those of torch.optim.RMSprop, not centered."""
    v, b = np.zeros(SIZE), np.zeros(SIZE)

    def step(theta, g, t):
        nonlocal v, b
        if weight_decay != 0:
            g = g + weight_decay * theta
        v = alpha * v + (1 - alpha) * g**2
        if momentum > 0:
            b = momentum * b + g / (np.sqrt(v) + eps)
            return theta - lr(t - 1) * b
        return theta - lr(t - 1) * g / (np.sqrt(v) + eps)

    return step


def numpy_adam(lr=lambda k: 1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0, decoupled=False):
    """Those of torch.optim.Adam and AdamW, without amsgrad."""
    m, v = np.zeros(SIZE), np.zeros(SIZE)

    def step(theta, g, t):
        nonlocal m, v
        if decoupled:
            theta = theta - lr(t - 1) * weight_decay * theta
        elif weight_decay != 0:
            g = g + weight_decay * theta
        m = betas[0] * m + (1 - betas[0]) * g
        v = betas[1] * v + (1 - betas[1]) * g**2
        m_hat, v_hat = m / (1 - betas[0] ** t), v / (1 - betas[1] ** t)
        return theta - lr(t - 1) * m_hat / (np.sqrt(v_hat) + eps)

    return step


def numpy_adamw(weight_decay=0.01, **options):
    return numpy_adam(weight_decay=weight_decay, decoupled=True, **options)


ORACLES = {SGD: numpy_sgd, RMSProp: numpy_rmsprop, Adam: numpy_adam, AdamW: numpy_adamw}
CASES = [
    (SGD, {"learning_rate": 0.1}),
    (SGD, {"learning_rate": 0.1, "weight_decay": 0.3}),
    (SGD, {"learning_rate": 0.05, "momentum": 0.9}),
    (SGD, {"learning_rate": 0.05, "momentum": 0.9, "weight_decay": 0.01}),
    (SGD, {"learning_rate": 0.05, "momentum": 0.8, "nesterov": True}),
    (SGD, {"learning_rate": 0.05, "momentum": 0.8, "nesterov": True, "weight_decay": 0.2}),
    (SGD, {"learning_rate": step_decay(0.1, 6, 0.5), "momentum": 0.9}),
    (RMSProp, {}),
    (RMSProp, {"learning_rate": 0.05, "alpha": 0.9, "eps": 1e-3}),
    (RMSProp, {"momentum": 0.9}),
    (RMSProp, {"momentum": 0.5, "weight_decay": 0.1}),
    (Adam, {}),
    (Adam, {"learning_rate": 0.1, "betas": (0.8, 0.95), "eps": 1e-4}),
    (Adam, {"learning_rate": 0.1, "weight_decay": 0.1}),
    (Adam, {"betas": (0.0, 0.0)}),
    (AdamW, {}),
    (AdamW, {"learning_rate": 0.1, "weight_decay": 0.2}),
    (AdamW, {"learning_rate": cosine(0.1, 15), "betas": [0.5, 0.9]}),
]
IDS = [f"{kind.__name__}-{i}" for i, (kind, _) in enumerate(CASES)]

rng = np.random.default_rng(3)
START = rng.standard_normal(SIZE)
TARGET = rng.standard_normal(SIZE)
CURVATURE = rng.uniform(0.2, 3.0, SIZE)
NOISE = rng.standard_normal((STEPS, SIZE)) * 10.0 ** rng.integers(-6, 4, (STEPS, SIZE))


def noise(theta, t):
    return NOISE[t - 1]


def slope(theta, t):
    return CURVATURE * (theta - TARGET)


def ours(kind, options, gradient):
    """The weights after each step of our optimizer; the quadratic's gradients are the engine's."""
    w = [Parameter(x) for x in START]
    optimizer = kind(w, **options)
    weights = []
    for t in range(1, STEPS + 1):
        optimizer.zero_grad()
        if gradient is slope:
            sum(0.5 * c * (p - a) ** 2 for p, a, c in zip(w, TARGET, CURVATURE, strict=True)).backward()
        else:
            for p, g in zip(w, gradient(None, t), strict=True):
                p.grad = g
        optimizer.step()
        weights.append([p.data for p in w])
    assert optimizer.steps == STEPS
    assert {type(x) for state in optimizer.state for x in state} <= {float}
    return np.array(weights)


def oracles(kind, options, gradient):
    options = dict(options)
    if "learning_rate" in options:
        rate = options.pop("learning_rate")
        options["lr"] = rate if callable(rate) else lambda k: rate
    step, theta, weights = ORACLES[kind](**options), START, []
    for t in range(1, STEPS + 1):
        theta = step(theta, gradient(theta, t), t)
        weights.append(theta)
    return np.array(weights)


@pytest.mark.parametrize("gradient", [slope, noise])
@pytest.mark.parametrize(("kind", "options"), CASES, ids=IDS)
def test_twenty_steps_are_those_of_pytorchs_documented_formulas(kind, options, gradient):
    expected = oracles(kind, options, gradient)
    assert np.abs(expected[-1] - START).min() > 0
    # beside the largest weight there was: a weight that passes 0 keeps the rounding errors of where it came from
    scale = np.maximum.accumulate(np.abs(np.vstack([START, expected])))[1:]
    assert np.all(np.abs(ours(kind, options, gradient) - expected) <= 8 * np.finfo(float).eps * scale)


def test_twenty_steps_are_pytorchs():
    torch = pytest.importorskip("torch", reason="compares with PyTorch itself, which is optional")
    for kind, options in CASES:
        options = {"learning_rate": inspect.signature(kind).parameters["learning_rate"].default, **options}
        rate = options.pop("learning_rate")
        theta = torch.tensor(START, dtype=torch.float64, requires_grad=True)
        theirs = getattr(torch.optim, "RMSprop" if kind is RMSProp else kind.__name__)([theta], lr=1.0, **options)
        for t in range(1, STEPS + 1):
            theirs.param_groups[0]["lr"] = rate(t - 1) if callable(rate) else rate
            theta.grad = torch.tensor(NOISE[t - 1], dtype=torch.float64)
            theirs.step()
        found = ours(kind, {"learning_rate": rate, **options}, noise)[-1]
        np.testing.assert_allclose(found, theta.detach().numpy(), rtol=1e-12, atol=1e-12, err_msg=str((kind, options)))


@pytest.mark.parametrize(
    ("kind", "defaults"),
    [
        (SGD, {"momentum": 0, "nesterov": False, "weight_decay": 0}),
        (RMSProp, {"learning_rate": 0.01, "alpha": 0.99, "eps": 1e-8, "momentum": 0, "weight_decay": 0}),
        (Adam, {"learning_rate": 1e-3, "betas": (0.9, 0.999), "eps": 1e-8, "weight_decay": 0}),
        (AdamW, {"learning_rate": 1e-3, "betas": (0.9, 0.999), "eps": 1e-8, "weight_decay": 0.01}),
    ],
)
def test_the_defaults_are_pytorchs(kind, defaults):
    parameters = inspect.signature(kind).parameters.values()
    assert {p.name: p.default for p in parameters if p.default is not p.empty} == defaults


KINDS = [
    lambda w, **o: SGD(w, **{"learning_rate": 0.1, "momentum": 0.9, "nesterov": True, **o}),
    lambda w, **o: RMSProp(w, **{"momentum": 0.5, **o}),
    Adam,
    AdamW,
]
every_optimizer = pytest.mark.parametrize("make", KINDS, ids=["SGD", "RMSProp", "Adam", "AdamW"])


def test_D_sgd_is_w_minus_rate_times_gradient_to_the_last_bit():
    source = random.Random(0)
    for _ in range(100):
        w, g, rate = source.gauss(0, 1), source.gauss(0, 1), source.random()
        p = Parameter(w)
        p.grad = g
        SGD([p], rate).step()
        assert p.data == w - rate * g


@every_optimizer
def test_minimises_a_bowl(make):
    w = [Parameter(3.0), Parameter(-2.0)]
    optimizer = make(w, learning_rate=cosine(0.1, 300), weight_decay=0.0)
    for _ in range(300):
        optimizer.zero_grad()
        ((w[0] - 1) ** 2 + 4 * (w[1] - 0.5) ** 2).backward()
        optimizer.step()
    assert [p.data for p in w] == pytest.approx([1.0, 0.5], abs=1e-3)


def test_a_schedule_is_asked_at_each_step_for_the_number_of_steps_taken():
    asked = []
    w = Parameter(0.0)
    optimizer = SGD([w], learning_rate=lambda k: asked.append(k) or 2.0**-k)
    w.grad = -1.0
    for _ in range(4):
        optimizer.step()
    assert asked == [0, 1, 2, 3]
    assert w.data == 1 + 1 / 2 + 1 / 4 + 1 / 8


def test_the_learning_rate_may_be_changed_between_steps_to_a_number_or_a_schedule():
    w = Parameter(0.0)
    optimizer = SGD([w], learning_rate=1)
    w.grad = -1.0
    optimizer.step()
    optimizer.learning_rate *= 0.5
    assert optimizer.learning_rate == optimizer.rate() == 0.5
    optimizer.step()
    optimizer.learning_rate = schedule = step_decay(8.0, 1, 0.5)
    assert optimizer.learning_rate is schedule
    assert optimizer.rate() == 2.0
    optimizer.step()
    assert w.data == 1 + 0.5 + 2


@every_optimizer
def test_a_learning_rate_of_zero_moves_nothing(make):
    w = Parameter(1.5)
    w.grad = 2.0
    optimizer = make([w], learning_rate=0)
    optimizer.step()
    assert (w.data, optimizer.steps) == (1.5, 1)


@every_optimizer
def test_zero_grad_sets_every_gradient_to_zero(make):
    w = [Parameter(1.0), Parameter(2.0)]
    (w[0] * w[1]).backward()
    make(w).zero_grad()
    assert [p.grad for p in w] == [0.0, 0.0]


def test_momentum_turned_on_later_starts_afresh():
    w = Parameter(0.0)
    optimizer = SGD([w], learning_rate=1.0)
    for momentum, gradient in ((0.0, -1.0), (0.5, -8.0), (0.5, -8.0)):
        optimizer.momentum, w.grad = momentum, gradient
        optimizer.step()
    assert w.data == 1.0 + 8.0 + (0.5 * 8.0 + 8.0)


@every_optimizer
def test_shared_weights_listed_twice_move_once(make):
    once, twice = Parameter(1.0), Parameter(1.0)
    once.grad = twice.grad = 0.3
    a, b = make([once]), make([twice, twice])
    assert b.parameters == [twice]
    for _ in range(3):
        a.step()
        b.step()
    assert once.data == twice.data != 1.0


def test_plain_values_and_generators_of_them_will_do():
    w = [Value(1.0), Value(2.0)]
    optimizer = SGD((p for p in w), 0.5)
    exp(w[0]).backward()
    optimizer.step()
    assert [p.data for p in w] == [1.0 - 0.5 * math.exp(1.0), 2.0]


def test_the_repr_counts_parameters_and_steps():
    optimizer = Adam([Parameter(1.0), Parameter(2.0)])
    optimizer.step()
    assert repr(optimizer) == "Adam(2 parameters, 1 steps taken)"


def test_the_base_does_not_know_how_to_move():
    optimizer = Optimizer([Parameter(1.0)], 0.1)
    with pytest.raises(NotImplementedError, match=r"^Optimizer does not say how a weight moves; "):
        optimizer.step()


@every_optimizer
@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_a_gradient_that_is_not_finite_stops_the_step_before_anything_changes(make, bad):
    w = [Parameter(1.0, "w1"), Parameter(2.0, "w2"), Parameter(3.0)]
    optimizer = make(w)
    for p in w:
        p.grad = 0.5
    optimizer.step()
    before = [p.data for p in w], [list(s) for s in optimizer.state], optimizer.steps
    w[1].grad = bad
    with pytest.raises(FloatingPointError, match=rf"^the gradient of parameters\[1\] \(w2\) is {bad}, so nothing was"):
        optimizer.step()
    assert ([p.data for p in w], optimizer.state, optimizer.steps) == before
    w[1].grad, w[2].grad = 0.5, bad
    with pytest.raises(FloatingPointError, match=rf"^the gradient of parameters\[2\] is {bad}, so"):
        optimizer.step()


@pytest.mark.parametrize(
    ("make", "weight", "gradient"),
    [
        (lambda w: SGD(w, 1e10), 1.0, 1e300),  # the weight itself
        (lambda w: SGD(w, 0.1, momentum=0.9), math.nan, 1.0),
        (RMSProp, 1.0, 1e200),  # its square, which would leave the step 0 for ever
        (Adam, 1.0, -1e200),
        (AdamW, math.inf, 1.0),
    ],
)
def test_a_step_that_would_not_stay_finite_stops_before_anything_changes(make, weight, gradient):
    w = [Parameter(1.0, "a"), Parameter(weight, "b")]
    w[0].grad, w[1].grad = 1.0, gradient
    optimizer = make(w)
    with pytest.raises(FloatingPointError, match=r"^parameters\[1\] \(b\), \S+ with gradient \S+, would not stay fin"):
        optimizer.step()
    assert w[0].data == 1.0
    assert w[1].data == weight or weight != weight
    assert (optimizer.state, optimizer.steps) == ([[], []], 0)


def test_finite_numbers_whose_sum_is_not_are_no_reason_to_stop():
    w = [Parameter(1.7e308), Parameter(1.7e308)]
    for p in w:
        p.grad = 1.7e308
    SGD(w, 0.5).step()
    assert [p.data for p in w] == [0.85e308, 0.85e308]
    w = [Parameter(1.7e308), Parameter(1.7e308)]
    SGD(w, 0.5).step()
    assert [p.data for p in w] == [1.7e308, 1.7e308]


@every_optimizer
@pytest.mark.parametrize("rate", [-0.1, math.nan, math.inf])
def test_a_negative_or_infinite_learning_rate_is_refused_when_given(make, rate):
    message = rf"^learning_rate must be 0 or a positive finite number, got {rate}$"
    with pytest.raises(ValueError, match=message):
        make([Parameter(1.0)], learning_rate=rate)
    optimizer = make([Parameter(1.0)])
    with pytest.raises(ValueError, match=message):
        optimizer.learning_rate = rate


@pytest.mark.parametrize("rate", [None, "0.1", Value(0.1)])
def test_a_learning_rate_that_is_no_number_is_refused(rate):
    with pytest.raises(TypeError, match=rf"^learning_rate must be 0 or a positive .*, got {type(rate).__name__} "):
        SGD([Parameter(1.0)], rate)


@pytest.mark.parametrize(("rate", "error"), [(-1.0, ValueError), (math.nan, ValueError), (None, TypeError)])
def test_what_a_schedule_gives_is_checked_at_the_step(rate, error):
    w = Parameter(1.0)
    w.grad = 1.0
    optimizer = SGD([w], learning_rate=lambda k: rate if k else 0.5)
    optimizer.step()
    with pytest.raises(error, match=r"^the schedule's learning rate after 1 steps must be 0 or a positive finite num"):
        optimizer.step()
    assert (w.data, optimizer.steps) == (0.5, 1)


BAD_OPTIONS = [
    (kind, name, value, f"{name} must be {expected}, got {value}")
    for kinds, name, values, expected in [
        ([SGD, RMSProp], "momentum", [-0.1, 1, math.nan], "at least 0 and below 1"),
        ([RMSProp], "alpha", [-0.1, 1.0, 2], "at least 0 and below 1"),
        ([RMSProp, Adam, AdamW], "eps", [0, -1e-8, math.inf, math.nan], "a positive finite number"),
        ([SGD, RMSProp, Adam, AdamW], "weight_decay", [-0.01, math.inf], "0 or a positive finite number"),
    ]
    for kind in kinds
    for value in values
]


@pytest.mark.parametrize(("kind", "name", "value", "message"), BAD_OPTIONS)
def test_options_out_of_range_are_refused(kind, name, value, message):
    with pytest.raises(ValueError) as error:  # noqa: PT011  # the whole message is compared below
        kind([Parameter(1.0)], learning_rate=0.1, **{name: value})
    assert str(error.value) == message


@pytest.mark.parametrize("kind", [Adam, AdamW])
@pytest.mark.parametrize(
    ("betas", "message"),
    [
        ((1.0, 0.9), "betas[0] must be at least 0 and below 1, got 1.0"),
        ((0.9, -0.1), "betas[1] must be at least 0 and below 1, got -0.1"),
        (0.9, "betas must be two numbers, such as (0.9, 0.999), got 0.9"),
        ((0.9,), "betas must be two numbers, such as (0.9, 0.999), got (0.9,)"),
    ],
)
def test_betas_that_are_not_two_numbers_below_one_are_refused(kind, betas, message):
    with pytest.raises(ValueError) as error:  # noqa: PT011  # the whole message is compared below
        kind([Parameter(1.0)], betas=betas)
    assert str(error.value) == message


def test_nesterov_without_momentum_is_refused():
    with pytest.raises(ValueError, match=r"^nesterov needs a momentum above 0, such as momentum=0\.9$"):
        SGD([Parameter(1.0)], 0.1, nesterov=True)


TAKERS = [
    *KINDS,
    lambda parameters: clip_gradients(parameters, 1.0),
    lambda parameters: clip_gradient_values(parameters, 1.0),
]


@pytest.mark.parametrize("take", TAKERS)
@pytest.mark.parametrize(
    ("parameters", "error", "message"),
    [
        ([], ValueError, "there are no parameters to move: the list is empty (a generator can be used once only)"),
        ([Parameter(1.0), 2.0], TypeError, "parameters[1] must be a Value, got float"),
        (["w"], TypeError, "parameters[0] must be a Value, got str"),
        (Parameter(1.0), TypeError, "expected a list of Values, such as model.parameters(), got Parameter"),
        ([Value(1.0) * 2], ValueError, "parameters[0] is computed, by mul; pass the leaves it is computed from"),
    ],
)
def test_what_is_no_list_of_leaves_is_refused(take, parameters, error, message):
    with pytest.raises(error) as raised:
        take(parameters)
    assert str(raised.value) == message


def with_gradients(*gradients):
    w = [Parameter(1.0, f"w{i}") for i in range(len(gradients))]
    for p, g in zip(w, gradients, strict=True):
        p.grad = g
    return w


def test_clipping_by_norm_is_pytorchs_clip_grad_norm():
    for seed, max_norm in [(0, 0.1), (1, 1.0), (2, 2.5), (3, 100.0)]:
        g = np.random.default_rng(seed).standard_normal(9)
        w = with_gradients(*g)
        norm = clip_gradients(w, max_norm)
        assert norm == pytest.approx(np.sqrt(np.sum(g**2)), rel=4e-16)
        expected = g * np.minimum(1.0, max_norm / (np.linalg.norm(g) + 1e-6))
        np.testing.assert_allclose([p.grad for p in w], expected, rtol=1e-15)


def test_gradients_within_the_norm_stay_as_they_are_to_the_last_bit():
    w = with_gradients(0.3, -0.4)
    assert clip_gradients(w, 1.0) == 0.5
    assert [p.grad for p in w] == [0.3, -0.4]


def test_an_infinite_norm_measures_and_clips_nothing():
    w = with_gradients(3e200, -4e200)
    assert clip_gradients(w, math.inf) == pytest.approx(5e200, rel=1e-15)
    assert [p.grad for p in w] == [3e200, -4e200]


def test_gradients_of_zero_have_norm_zero_and_stay():
    w = with_gradients(0.0, 0.0)
    assert clip_gradients(w, 1.0) == 0.0
    assert [p.grad for p in w] == [0.0, 0.0]


def test_shared_weights_count_once_in_the_norm_and_are_scaled_once():
    (w,) = with_gradients(4.0)
    assert clip_gradients([w, w], 2.0) == 4.0
    assert w.grad == 4.0 * (2.0 / (4.0 + 1e-6))


def test_a_norm_that_no_float_holds_is_refused():
    w = with_gradients(1.7e308, 1.7e308)
    with pytest.raises(FloatingPointError, match=r"^the gradients' norm is beyond 1\.8e308; clip them by value first"):
        clip_gradients(w, 1.0)
    assert [p.grad for p in w] == [1.7e308, 1.7e308]


def test_clipping_by_value_brings_each_gradient_between_the_bounds():
    w = with_gradients(-3.0, -0.5, 0.0, 0.5, 0.75, 1e300)
    clip_gradient_values(w, 0.5)
    assert [p.grad for p in w] == [-0.5, -0.5, 0.0, 0.5, 0.5, 0.5]


@pytest.mark.parametrize("clip", [clip_gradients, clip_gradient_values])
@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_clipping_does_not_hide_a_gradient_that_is_not_finite(clip, bad):
    w = with_gradients(5.0, bad)
    with pytest.raises(FloatingPointError, match=rf"^the gradient of parameters\[1\] \(w1\) is {bad}, so nothing was "):
        clip(w, 1.0)
    assert w[0].grad == 5.0


@pytest.mark.parametrize(("clip", "name"), [(clip_gradients, "max_norm"), (clip_gradient_values, "max_value")])
@pytest.mark.parametrize("limit", [0, -1.0, math.nan, pytest.param(-(10**400), id="-10**400")])
def test_a_limit_that_is_not_positive_is_refused(clip, name, limit):
    with pytest.raises(ValueError, match=rf"^{name} must be a positive number, got \S+$"):
        clip(with_gradients(1.0), limit)
