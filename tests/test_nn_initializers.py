"""Initializers: mean, variance, bounds and shape of what they draw; seeds; arguments that are refused."""

import math
import random
import statistics

import numpy as np
import pytest

from nn.activations import ACTIVATIONS
from nn.initializers import (
    LEFT,
    constant,
    default_for,
    generator,
    normal,
    scaled_uniform,
    truncated_normal,
    uniform,
    zeros,
)

SCALED = {"normal": normal, "scaled_uniform": scaled_uniform, "truncated_normal": truncated_normal}
N = 30_000


def drawn(initializer, fan_in, n=N, seed=0):
    rng = random.Random(seed)
    return [initializer(fan_in, rng) for _ in range(n)]


def within_errors(weights, variance, errors=4.0):
    """Mean 0 and that variance, within so many standard errors (those of a Gaussian, which has the largest)."""
    n = len(weights)
    mean = statistics.fmean(weights)
    found = statistics.fmean([(w - mean) ** 2 for w in weights])
    assert abs(mean) < errors * math.sqrt(variance / n)
    assert abs(found - variance) < errors * variance * math.sqrt(2 / n)


@pytest.mark.parametrize("name", SCALED)
@pytest.mark.parametrize("fan_in", [1, 7, 100])
def test_J10_the_variance_is_2_over_the_fan_in_for_relu(name, fan_in):
    within_errors(drawn(SCALED[name](2.0), fan_in), 2 / fan_in)


@pytest.mark.parametrize("name", SCALED)
@pytest.mark.parametrize("fan_in", [1, 7, 100])
def test_J10_the_variance_is_1_over_the_fan_in_otherwise(name, fan_in):
    within_errors(drawn(SCALED[name](), fan_in), 1 / fan_in)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_J10_the_default_follows_the_activation(name):
    gain = 2.0 if name in ("relu", "leaky_relu") else 1.0
    assert drawn(default_for(name), 5, n=10) == drawn(normal(gain), 5, n=10)


@pytest.mark.parametrize(("gain", "kept"), [(2.0, 1.0), (1.0, 0.5)])
def test_J10_relu_units_of_gain_2_keep_the_mean_square_of_their_inputs_and_those_of_gain_1_halve_it(gain, kept):
    units, fan_in = 2000, 50
    x = np.random.default_rng(0).standard_normal(fan_in)
    outputs = np.maximum(0.0, np.reshape(drawn(normal(gain), fan_in, n=units * fan_in), (units, fan_in)) @ x)
    spread = math.sqrt((1.5 / 0.25 - 1) / units)  # of the mean of relu(z)², for Gaussian z
    assert np.mean(outputs**2) / np.mean(x**2) == pytest.approx(kept, rel=4 * spread)


def test_scaled_uniform_fills_its_bounds_evenly():
    limit = math.sqrt(3 * 2.0 / 8)
    weights = drawn(scaled_uniform(2.0), 8)
    assert -limit <= min(weights) < -0.999 * limit
    assert 0.999 * limit < max(weights) <= limit
    inner = sum(abs(w) < limit / 2 for w in weights) / N
    assert inner == pytest.approx(0.5, abs=4 * 0.5 / math.sqrt(N))


def test_truncated_normal_is_cut_at_two_standard_deviations_of_the_gaussian_it_is_cut_from():
    x = np.linspace(-2.0, 2.0, 200_001)
    density = np.exp(-x * x / 2)
    left = np.trapezoid(x * x * density, x) / np.trapezoid(density, x)
    assert pytest.approx(left, rel=1e-9) == LEFT
    cut = 2 / math.sqrt(left) * math.sqrt(2.0 / 8)
    weights = drawn(truncated_normal(2.0), 8)
    assert -cut <= min(weights) < -0.99 * cut
    assert 0.99 * cut < max(weights) <= cut


def test_truncated_normal_has_the_gaussian_shape_between_the_cuts():
    scale = 1 / math.sqrt(LEFT)
    inner = sum(abs(w) < scale for w in drawn(truncated_normal(), 1)) / N
    expected = math.erf(1 / math.sqrt(2)) / math.erf(2 / math.sqrt(2))
    assert inner == pytest.approx(expected, abs=4 * math.sqrt(expected * (1 - expected) / N))


def test_truncated_normal_draws_again_what_lies_beyond_the_cut_and_nothing_else():
    class Scripted:
        def __init__(self, numbers):
            self.numbers = numbers

        def gauss(self, mu, sigma):
            assert (mu, sigma) == (0.0, 1.0)
            return self.numbers.pop(0)

    rng = Scripted([2.1, -3.0, -2.0, 0.5])
    assert truncated_normal()(1, rng) == -2.0 / math.sqrt(LEFT)
    assert rng.numbers == [0.5]


def test_J10_uniform_over_minus_one_to_one():
    weights = drawn(uniform(), 3)
    assert -1 <= min(weights) < -0.999
    assert 0.999 < max(weights) <= 1
    within_errors(weights, 1 / 3)


def test_uniform_takes_any_bounds_and_equal_ones():
    assert all(2 <= w <= 3 for w in drawn(uniform(2, 3), 5, n=1000))
    assert drawn(uniform(0.5, 0.5), 5, n=2) == [0.5, 0.5]


def test_zeros_and_constants_draw_nothing_from_the_generator():
    rng = random.Random(0)
    state = rng.getstate()
    assert [zeros()(3, rng), constant(0.25)(3, rng), constant(-2)(3, rng)] == [0.0, 0.25, -2.0]
    assert rng.getstate() == state


RANDOM = [uniform(), normal(), scaled_uniform(), truncated_normal(), default_for("relu")]


@pytest.mark.parametrize("initializer", RANDOM)
def test_the_same_seed_draws_the_same_weights(initializer):
    assert drawn(initializer, 4, n=20, seed=3) == drawn(initializer, 4, n=20, seed=3)
    assert drawn(initializer, 4, n=20, seed=3) != drawn(initializer, 4, n=20, seed=4)


@pytest.mark.parametrize("initializer", RANDOM)
def test_a_generator_of_ones_own_leaves_pythons_random_alone(initializer):
    state = random.getstate()
    initializer(4, generator(3))
    assert random.getstate() == state


def test_a_weight_is_a_float():
    assert {type(i(4, generator(0))) for i in (*RANDOM, zeros(), constant(1), uniform(1, 1))} == {float}


def test_the_generator_is_a_source_a_seed_or_pythons_random():
    rng = random.Random(5)
    assert generator(rng) is rng
    assert generator(None) is random
    assert generator(5).gauss(0, 1) == generator(np.int64(5)).gauss(0, 1) == rng.gauss(0, 1)


@pytest.mark.parametrize("rng", [1.5, "seed", np.random.default_rng(0)])
def test_what_is_no_source_of_randomness_is_refused(rng):
    message = r"^expected a random\.Random, a seed \(an int\) or None, got (float 1\.5|str 'seed'|Generator Generator)"
    with pytest.raises(TypeError, match=message):
        generator(rng)


@pytest.mark.parametrize("name", SCALED)
@pytest.mark.parametrize("gain", [0, -1.0, math.nan, math.inf])
def test_a_gain_that_is_not_positive_is_refused(name, gain):
    with pytest.raises(ValueError, match=rf"^gain must be a positive finite number, got {gain}$"):
        SCALED[name](gain)


def test_a_gain_that_is_no_number_is_refused():
    with pytest.raises(TypeError, match=r"^gain must be a positive finite number, got str 'relu'$"):
        normal("relu")


@pytest.mark.parametrize("name", SCALED)
@pytest.mark.parametrize("fan_in", [0, -1])
def test_a_unit_without_inputs_needs_no_weights(name, fan_in):
    with pytest.raises(
        ValueError, match=f"^fan_in must be 1 or more, got {fan_in}: a unit without inputs needs no weights$"
    ):
        SCALED[name]()(fan_in, generator(0))


def test_bounds_in_the_wrong_order_are_refused():
    with pytest.raises(ValueError, match=r"^low must not be above high, got low 1\.0 and high -1\.0$"):
        uniform(1, -1)


@pytest.mark.parametrize(
    ("make", "name"),
    [(lambda x: uniform(x, 1.0), "low"), (lambda x: uniform(0.0, x), "high"), (constant, "c")],
)
@pytest.mark.parametrize("x", [math.nan, math.inf, -math.inf, pytest.param(-(10**400), id="-10**400")])
def test_what_is_not_finite_is_refused(make, name, x):
    with pytest.raises(ValueError, match=rf"^{name} must be a finite number, got \S+$"):
        make(x)


def test_an_unknown_activation_has_no_default():
    with pytest.raises(ValueError, match=r"^there is no activation 'rellu'"):
        default_for("rellu")
