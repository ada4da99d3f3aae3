"""Toy sets: the printed data of J1 and P2, scikit-learn's moons and circles, spirals, the four curves of D."""

import math
import random
import re
from collections import Counter

import numpy as np
import pytest

from autograd import relu, step
from nn import MLP
from nn.toys import CURVES, bishop_curve, circles, moons, noisy_xor, p2_samples, spirals, xor

NOISY = [moons, circles, spirals]


def j1(x):
    """J1's network: wᵀ max(0, W x + b) with W = [[1, 1], [1, 1]], b = [0, −1], w = [1, −2]."""
    return relu(x[0] + x[1]) - 2 * relu(x[0] + x[1] - 1)


def test_J1_xor_is_what_the_printed_weights_compute():
    x, y = xor()
    assert x == [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]] and y == [0, 1, 1, 0]
    assert [j1(row) for row in x] == y


def test_J1_the_warm_up_data_is_as_printed():
    printed = """(−0.02, 0.01)→0, (1.05, 0.99)→0, (0.03, 0.01)→0, (0.97, −0.01)→1, (0.02, 0.98)→1, (1.03, −0.02)→1,
        (1.03, 1.01)→0, (0.96, 0.03)→1; to predict: (1.00, 0.01), (−0.04, 0.03)""".replace("−", "-")
    x, y, to_predict = noisy_xor()
    points = [[float(a), float(b)] for a, b in re.findall(r"\((.*?), (.*?)\)", printed)]
    assert x == points[:8] and to_predict == points[8:]
    assert y == [int(label) for label in re.findall(r"→(\d)", printed)]


def test_J1_the_printed_weights_classify_the_warm_up_data():
    x, y, to_predict = noisy_xor()
    assert [int(j1(row) > 0.5) for row in x] == y
    assert [int(j1(row) > 0.5) for row in to_predict] == [1, 0]


def test_P2_samples_are_as_printed():
    x, y = p2_samples()
    assert x == [[0.75, 0.80], [0.20, 0.05], [-0.75, 0.80], [0.20, -0.05]]
    assert y == [1, 1, -1, -1]


@pytest.mark.parametrize("make", [xor, noisy_xor, p2_samples])
def test_printed_data_is_made_anew_at_every_call(make):
    make().x[0][0] = 9.0
    assert make().x[0][0] != 9.0


@pytest.mark.parametrize("n", [2, 3, 7, 100])
def test_moons_without_noise_are_scikit_learns(n):
    from sklearn.datasets import make_moons

    x, y = make_moons(n, shuffle=False)
    ours = moons(n, noise=0)
    np.testing.assert_allclose(ours.x, x, atol=1e-12)
    assert ours.y == y.tolist()


@pytest.mark.parametrize("n", [2, 3, 7, 100])
def test_circles_without_noise_are_scikit_learns(n):
    from sklearn.datasets import make_circles

    x, y = make_circles(n, shuffle=False, factor=0.3)
    ours = circles(n, noise=0, factor=0.3)
    np.testing.assert_allclose(ours.x, x, atol=1e-12)
    assert ours.y == y.tolist()


@pytest.mark.parametrize("arms", [1, 2, 3])
@pytest.mark.parametrize("turns", [0.5, 1.0, -2.0])
def test_spiral_arms_wind_by_the_turns_and_are_copies_turned(arms, turns):
    x, y = spirals(20 * arms, noise=0, arms=arms, turns=turns)
    assert y == [arm for arm in range(arms) for _ in range(20)]
    z = np.array([complex(*point) for point in x]).reshape(arms, 20)
    np.testing.assert_allclose(np.abs(z), np.tile(np.arange(1, 21) / 20, (arms, 1)))
    steps = np.angle(z[:, 1:] / z[:, :-1])
    np.testing.assert_allclose(steps, 2 * math.pi * turns / 20)
    np.testing.assert_allclose(z / z[0], np.exp(2j * math.pi * np.arange(arms) / arms)[:, None] * np.ones(20))


def test_points_that_do_not_divide_are_shared_to_within_one():
    assert Counter(spirals(11, arms=3).y) == {0: 3, 1: 4, 2: 4}


@pytest.mark.parametrize("make", NOISY)
def test_noise_has_the_given_standard_deviation(make):
    clean, noisy = np.array(make(4000, noise=0).x), np.array(make(4000, noise=0.2, rng=0).x)
    assert (noisy - clean).std(axis=0) == pytest.approx([0.2, 0.2], rel=0.05)
    assert (noisy - clean).mean(axis=0) == pytest.approx([0.0, 0.0], abs=0.015)


@pytest.mark.parametrize("make", NOISY)
def test_the_same_seed_gives_the_same_points(make):
    assert make(20, rng=3) == make(20, rng=random.Random(3)) == make(np.int64(20), rng=3)
    assert make(20, rng=3) != make(20, rng=4)
    random.seed(3)
    assert make(20) == make(20, rng=3)


@pytest.mark.parametrize("make", NOISY)
def test_points_are_lists_of_floats_with_classes_0_and_1(make):
    x, y = make(10, rng=0)
    assert {type(v) for row in x for v in row} == {float} and {len(row) for row in x} == {2}
    assert Counter(y) == {0: 5, 1: 5} and {type(label) for label in y} == {int}
    assert len([MLP(2, [1], rng=0)(row) for row in x]) == 10


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        *((lambda f=f: f(1), ValueError, "n must be a whole number from 2 up, got 1") for f in NOISY),
        *((lambda f=f: f(10.5), ValueError, "n must be a whole number from 2 up, got 10.5") for f in NOISY),
        *(
            (lambda f=f: f(10, noise=-0.1), ValueError, "noise must be 0 or a positive finite number, got -0.1")
            for f in NOISY
        ),
        *((lambda f=f: f(10, noise=math.nan), ValueError, "noise must .* got nan") for f in NOISY),
        *((lambda f=f: f(10, noise=math.inf), ValueError, "noise must .* got inf") for f in NOISY),
        (
            lambda: circles(factor=1.0),
            ValueError,
            "factor must be above 0 and below 1, the radius of the outer circle, got 1.0",
        ),
        (lambda: circles(factor=0.0), ValueError, "got 0.0"),
        (lambda: spirals(arms=0), ValueError, "arms must be a whole number from 1 up, got 0"),
        (lambda: spirals(2, arms=3), ValueError, "n must be a whole number from 3 up, got 2"),
        (lambda: spirals(turns=math.inf), ValueError, "turns must be a finite number, got inf"),
        (
            lambda: bishop_curve("cosine"),
            ValueError,
            "unknown curve 'cosine'; the curves are square, sin, abs, heavisi",
        ),
        (lambda: bishop_curve("sin", 1), ValueError, "n must be a whole number from 2 up, got 1"),
    ],
)
def test_what_makes_no_set_is_refused(make, error, message):
    with pytest.raises(error, match=message):
        make()


@pytest.mark.parametrize(
    ("name", "curve"),
    [
        ("square", np.square),
        ("sin", lambda x: np.sin(np.pi * x)),
        ("abs", np.abs),
        ("heaviside", lambda x: np.heaviside(x, 0.0)),
    ],
)
@pytest.mark.parametrize("n", [2, 3, 50, 51])
def test_D_curves_over_evenly_spaced_inputs(name, curve, n):
    x, y = bishop_curve(name, n)
    inputs = np.array(x)[:, 0]
    np.testing.assert_allclose(inputs, np.linspace(-1, 1, n), atol=1e-15)
    np.testing.assert_allclose(y, curve(inputs), atol=1e-15)
    assert inputs.tolist() == (-inputs[::-1]).tolist()
    assert {type(v) for v in [*y, *(row[0] for row in x)]} == {float}


def test_D_the_four_curves_of_the_figure_have_50_points_each():
    assert [len(bishop_curve(name).y) for name in CURVES] == [50] * 4


def test_D_the_heaviside_curve_is_the_engines_step():
    x, y = bishop_curve("heaviside", 5)
    assert y == [step(row[0]) for row in x] == [0.0, 0.0, 0.0, 1.0, 1.0]
