"""Schedules: values worked by hand, the final value kept, and arguments that are refused."""

import math

import numpy as np
import pytest

from autograd import Value
from nn.schedules import constant, cosine, linear, step_decay

SCHEDULES = {
    "constant": constant(0.1),
    "step_decay": step_decay(0.1, 10, 0.5),
    "cosine": cosine(0.1, 10),
    "linear": linear(0.1, 10),
}


def test_constant_is_the_same_at_every_step():
    assert [constant(0.3)(k) for k in (0, 1, 10**6)] == [0.3] * 3


def test_step_decay_by_hand():
    schedule = step_decay(0.8, every=3, factor=0.25)
    assert [schedule(k) for k in range(8)] == [0.8, 0.8, 0.8, 0.2, 0.2, 0.2, 0.05, 0.05]


def test_step_decay_far_out_is_zero_and_no_overflow():
    assert step_decay(1.0, 1, 0.5)(10**6) == 0.0


def test_a_step_decay_of_factor_one_is_constant():
    assert step_decay(0.7, 1, 1)(99) == 0.7


def test_J10_the_learning_rate_decreases_later_along_the_grid_of_powers_of_ten():
    schedule = step_decay(0.1, every=25, factor=0.1)
    assert [schedule(k) for k in (0, 25, 50, 75)] == pytest.approx([1e-1, 1e-2, 1e-3, 1e-4], rel=1e-15)


def test_cosine_by_hand():
    schedule = cosine(0.9, steps=6, final=0.1)
    cosines = [1, math.sqrt(3) / 2, 0.5, 0, -0.5, -math.sqrt(3) / 2, -1]
    assert [schedule(k) for k in range(7)] == pytest.approx([0.5 + 0.4 * c for c in cosines], rel=1e-15)


def test_linear_by_hand():
    schedule = linear(1.0, steps=4, final=0.5)
    assert [schedule(k) for k in range(5)] == [1.0, 0.875, 0.75, 0.625, 0.5]


def test_linear_may_rise_as_a_warm_up():
    schedule = linear(0.25, steps=3, final=1.0)
    assert [schedule(k) for k in range(5)] == [0.25, 0.5, 0.75, 1.0, 1.0]


def test_linear_gives_the_rates_of_the_two_moons_demo():
    schedule = linear(1.0, steps=100, final=0.1)
    assert [schedule(k) for k in range(100)] == [1.0 - 0.9 * k / 100 for k in range(100)]


@pytest.mark.parametrize("make", [cosine, linear])
def test_the_final_value_is_reached_exactly_and_kept(make):
    schedule = make(0.3, 7, 0.1)
    assert [schedule(k) for k in (7, 8, 14, 10**6)] == [0.1] * 4
    assert schedule(6) > 0.1
    assert make(0.3, 7)(7) == 0.0


@pytest.mark.parametrize("name", SCHEDULES)
def test_the_steps_may_be_numpys(name):
    assert SCHEDULES[name](np.int64(3)) == SCHEDULES[name](3)


@pytest.mark.parametrize("name", SCHEDULES)
@pytest.mark.parametrize("k", [-1, 2.5, math.nan, math.inf])
def test_what_is_no_number_of_steps_is_refused(name, k):
    with pytest.raises(ValueError, match=rf"^the number of steps taken must be a whole number from 0 up, got {k}$"):
        SCHEDULES[name](k)


RATED = [
    constant,
    lambda rate: step_decay(rate, 10, 0.5),
    lambda rate: cosine(rate, 10),
    lambda rate: linear(rate, 10),
]


@pytest.mark.parametrize("make", RATED)
@pytest.mark.parametrize("rate", [0, -0.1, math.nan, math.inf, pytest.param(10**400, id="10**400")])
def test_a_rate_that_is_not_positive_and_finite_is_refused(make, rate):
    with pytest.raises(ValueError, match=r"^rate must be a positive finite number, got \S+$"):
        make(rate)


@pytest.mark.parametrize("rate", ["0.1", None, 1j, Value(0.1), np.array([0.1])])
def test_a_rate_that_is_no_number_is_refused(rate):
    with pytest.raises(TypeError, match=rf"^rate must be a positive finite number, got {type(rate).__name__} "):
        constant(rate)


def test_a_long_argument_is_cut_short_in_the_error():
    with pytest.raises(TypeError, match=r"^rate must be a positive finite number, got list \[0, 0.{52}\.\.\.$"):
        constant([0] * 1000)


@pytest.mark.parametrize("count", [0, -3, 1.5, math.inf])
def test_a_length_that_is_no_whole_number_from_one_up_is_refused(count):
    for name, make in (("steps", cosine), ("steps", linear), ("every", lambda r, n: step_decay(r, n, 0.5))):
        with pytest.raises(ValueError, match=rf"^{name} must be a whole number from 1 up, got {count}$"):
            make(0.1, count)


@pytest.mark.parametrize("factor", [0, -0.5, 1.1, math.nan])
def test_a_factor_that_does_not_decay_is_refused(factor):
    with pytest.raises(ValueError, match=rf"^factor must be above 0 and at most 1, got {factor}$"):
        step_decay(0.1, 10, factor)


@pytest.mark.parametrize("make", [cosine, linear])
@pytest.mark.parametrize("final", [-0.1, math.nan, math.inf])
def test_a_final_rate_that_is_negative_or_not_finite_is_refused(make, final):
    with pytest.raises(ValueError, match=rf"^final must be 0 or a positive finite number, got {final}$"):
        make(0.1, 10, final)
