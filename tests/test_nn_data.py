"""Preparing data: splits and batches are partitions, columns get mean 0 and variance 1, bad rows are named."""

import itertools
import json
import math
import random
import statistics
import sys
from collections import Counter

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from autograd import Value
from nn import MLP
from nn.data import minibatches, one_hot
from nn.datasets import diabetes, digits, iris
from nn.rows import Data, require_finite
from nn.splitting import Split, split
from nn.standardizer import Standardizer

FRACTIONS = st.lists(st.integers(1, 20), min_size=1, max_size=5).map(lambda w: [v / sum(w) for v in w])
# a grid of numbers: neighbours that differ in the last bit only have no mean between them
GRID = st.integers(-(10**6), 10**6).map(lambda k: k / 64)
TABLES = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(GRID, min_size=width, max_size=width), min_size=1, max_size=20)
)


def numbered(n):
    """n rows that can be told apart, and targets that say which is which."""
    return [[float(i), -2.0 * i] for i in range(n)], list(range(n))


# rows


def test_rows_become_lists_of_floats():
    found = require_finite([(1, True), np.array([2, 3]), [np.float32(0.5), 4.0]])
    assert found == [[1.0, 1.0], [2.0, 3.0], [0.5, 4.0]]
    assert {type(v) for row in found for v in row} == {float}


@pytest.mark.parametrize("x", [np.array([1, 2]), (1, 2), range(1, 3), iter([1, 2]), [np.float32(1), np.array(2)]])
def test_a_number_is_a_row_of_one(x):
    assert require_finite(x) == [[1.0], [2.0]]


def test_a_table_that_offers_only_an_array_is_read_by_rows():
    class Table:
        def __iter__(self):
            return iter(["the names", "of columns"])

        def __array__(self):
            return np.array([[1.0, 2.0]])

    assert require_finite(Table()) == [[1.0, 2.0]]


@pytest.mark.parametrize("make", [list, np.array])
@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_a_number_that_is_not_finite_is_named_by_row_and_column(make, bad):
    x = [[0.0, 1.0, 2.0] for _ in range(5)]
    x[3][2] = bad
    with pytest.raises(ValueError, match=rf"^x: row 3, column 2 is {bad} \(both count from 0\)"):
        require_finite(make(x))


def test_an_int_beyond_floats_is_infinite():
    with pytest.raises(ValueError, match=r"row 0, column 1 is inf"):
        require_finite([[1, 10**400]])


@pytest.mark.parametrize(
    ("x", "error", "message"),
    [
        ([], ValueError, "x is empty: it has no rows"),
        ([[], []], ValueError, "x is empty: it has rows without columns"),
        (np.zeros((0, 3)), ValueError, "x is empty"),
        ([[1, 2], [3]], ValueError, "row 1 has 1 numbers, row 0 has 2"),
        ([[1, "2"]], TypeError, "row 0, column 1 is of type str, expected a plain number"),
        ([[1, None]], TypeError, "row 0, column 1 is of type NoneType"),
        ([[1j]], TypeError, "row 0, column 0 is of type complex"),
        ([[Value(1.0)]], TypeError, "row 0, column 0 is of type Value"),
        (["12"], TypeError, "row 0: expected a sequence of numbers or an array, got str"),
        ({0: [1.0]}, TypeError, "x: expected a sequence of rows or an array, got dict"),
        ({1.0, 2.0}, TypeError, "got set"),
        ("12", TypeError, "got str"),
        (3.0, TypeError, "got float"),
        (np.float64(3.0), TypeError, "got float"),
        ([[[1.0]]], TypeError, "row 0, column 0 is of type list"),
    ],
)
def test_what_is_no_table_of_numbers_is_refused(x, error, message):
    with pytest.raises(error, match=message):
        require_finite(x)


def test_the_rows_are_new_lists():
    x = [[1.0, 2.0]]
    require_finite(x)[0][0] = 9.0
    assert x == [[1.0, 2.0]]


# split


@given(st.integers(1, 60), FRACTIONS, st.integers())
def test_a_split_is_a_partition_with_each_row_beside_its_target(n, fractions, seed):
    assume(n >= len(fractions))
    x, y = numbered(n)
    parts = split(x, y, fractions, rng=seed)
    assert sorted(t for part in parts for t in part.y) == y
    assert all(row == x[t] for part in parts for row, t in zip(part.x, part.y, strict=True))


@given(st.integers(1, 60), FRACTIONS)
def test_no_part_of_a_split_is_empty_and_none_is_a_row_off(n, fractions):
    assume(n >= len(fractions))
    sizes = [len(part.y) for part in split(*numbered(n), fractions)]
    assert min(sizes) >= 1
    if all(n * f >= 1 for f in fractions):
        assert all(abs(size - n * f) < 1 for size, f in zip(sizes, fractions, strict=True))


@pytest.mark.parametrize(
    ("n", "fractions", "sizes"),
    [
        (150, (0.8, 0.1, 0.1), [120, 15, 15]),
        (10, (0.8, 0.1, 0.1), [8, 1, 1]),
        (3, (0.8, 0.1, 0.1), [1, 1, 1]),
        (5, (0.8, 0.1, 0.1), [3, 1, 1]),
        (100, (0.29, 0.71), [29, 71]),
        (7, (1 / 3, 1 / 3, 1 / 3), [3, 2, 2]),
        (12, [0.2] * 5, [3, 3, 2, 2, 2]),
        (4, [1.0], [4]),
    ],
)
@pytest.mark.parametrize("stratify", [False, True])
def test_sizes_of_a_split(n, fractions, sizes, stratify):
    x, _ = numbered(n)
    assert [len(part.x) for part in split(x, [i % 3 for i in range(n)], fractions, stratify=stratify)] == sizes


@given(st.lists(st.integers(1, 12), min_size=1, max_size=6), FRACTIONS, st.integers())
def test_a_stratified_split_keeps_every_class_within_one_row_of_its_share(counts, fractions, seed):
    n = sum(counts)
    assume(n >= len(fractions))
    y = [label for label, count in enumerate(counts) for _ in range(count)]
    parts = split(range(n), y, fractions, rng=seed, stratify=True)
    assert sorted(v for part in parts for (v,) in part.x) == list(range(n))
    sizes = [len(part.y) for part in parts]
    assert sizes == [len(part.y) for part in split(range(n), y, fractions)]
    if all(abs(size - n * f) < 1 for size, f in zip(sizes, fractions, strict=True)):  # else sizes make it impossible
        found = [Counter(part.y) for part in parts]
        for label, count in enumerate(counts):
            assert all(abs(c[label] - count * f) < 1 + 1e-9 for c, f in zip(found, fractions, strict=True))


def test_a_share_within_one_row_goes_before_a_smaller_sum_of_squares():
    # class 1's share of the last part is 7 · 13/15 = 6.07: two of its rows elsewhere would be one too many
    parts = split(range(8), [0] + [1] * 7, (1 / 15, 1 / 15, 13 / 15), stratify=True, rng=0)
    assert sorted(sorted(part.y) for part in parts) == [[0], [1], [1] * 6]


@given(st.lists(st.integers(1, 4), min_size=1, max_size=3), FRACTIONS)
def test_no_other_table_of_class_counts_is_nearer_to_the_shares(counts, fractions):
    fractions = [f / sum(fractions[:3]) for f in fractions[:3]]
    assume(sum(counts) >= len(fractions))
    y = [label for label, count in enumerate(counts) for _ in range(count)]
    parts = split(range(len(y)), y, fractions, rng=0, stratify=True)
    sizes = tuple(len(part.y) for part in parts)

    def misses(table):
        """How many whole rows entries lie outside floor … ceiling, then the sum of squares."""
        pairs = [
            (n, round(count * f, 9))
            for row, count in zip(table, counts, strict=True)
            for n, f in zip(row, fractions, strict=True)
        ]
        outside = sum(max(0, math.floor(q) - n, n - math.ceil(q)) for n, q in pairs)
        return outside, round(sum((n - q) ** 2 for n, q in pairs), 6)

    rows = [[r for r in itertools.product(range(count + 1), repeat=len(sizes)) if sum(r) == count] for count in counts]
    possible = [table for table in itertools.product(*rows) if tuple(map(sum, zip(*table, strict=True))) == sizes]
    found = [[part.y.count(label) for part in parts] for label in range(len(counts))]
    assert misses(found) == min(map(misses, possible))


def test_a_stratified_split_reads_one_hot_targets():
    y = one_hot([0] * 20 + [1] * 10)
    parts = split(range(30), y, stratify=True, rng=1)
    assert [Counter(map(tuple, part.y)) for part in parts] == [{(1.0, 0.0): 2 * m, (0.0, 1.0): m} for m in (8, 1, 1)]


def test_a_stratified_part_mixes_its_classes():
    y = split(range(100), [0] * 50 + [1] * 50, rng=0, stratify=True).train.y
    assert 20 < sum(a != b for a, b in itertools.pairwise(y)) < 60


def test_the_same_seed_splits_alike_and_another_does_not():
    x, y = numbered(30)
    first = split(x, y, rng=5)
    assert first == split(np.array(x), np.array(y), rng=random.Random(5))
    assert first != split(x, y, rng=6)
    assert first.train.y != sorted(first.train.y)


def test_without_an_rng_pythons_random_module_decides():
    random.seed(5)
    first = split(*numbered(30))
    assert first == split(*numbered(30), rng=5)


def test_each_row_is_as_likely_in_the_test_part_as_any_other():
    rng = random.Random(0)
    hits = Counter(split(*numbered(10), rng=rng).test.y[0] for _ in range(1000))
    assert all(abs(hits[i] - 100) < 5 * math.sqrt(90) for i in range(10))


def test_parts_have_names():
    train, validation, test = parts = split(*numbered(20), rng=0)
    assert isinstance(parts, Split) and isinstance(train, Data)
    assert parts.train is train and parts.validation is validation and parts.test is test
    assert repr(parts) == "Split(16 + 2 + 2 rows)"


def test_two_parts_are_train_and_test():
    train, test = parts = split(*numbered(10), (0.7, 0.3), rng=0)
    assert parts.train is train and parts.test is test
    with pytest.raises(AttributeError, match="a split into 2 parts has no validation part"):
        _ = parts.validation


def test_arrays_are_split_into_plain_lists():
    part = split(np.arange(12.0).reshape(6, 2), np.array([0, 1, 0, 1, 0, 1]), (0.5, 0.5), rng=0, stratify=True).train
    assert {type(row) for row in part.x} == {list} and {type(v) for row in part.x for v in row} == {float}
    assert {type(t) for t in part.y} == {int}
    assert isinstance(MLP(2, [1], rng=0)(part.x[0]), Value)


def test_targets_stay_what_they_are():
    y = ["cat", (1, 2), [np.float32(0.5), 1], None, np.array([3.0, 4.0])]
    assert sorted(map(str, split(range(5), y, [1.0]).train.y)) == sorted(
        ["cat", "[1, 2]", "[0.5, 1]", "None", "[3.0, 4.0]"]
    )


@pytest.mark.parametrize(
    ("fractions", "error"),
    [
        ((0.8, 0.1), ValueError),
        ((80, 10, 10), ValueError),
        ((1.2, -0.2), ValueError),
        ((1.0, 0.0), ValueError),
        ((), ValueError),
        ((math.nan, 1.0), ValueError),
        (("0.5", 0.5), TypeError),
        (0.8, TypeError),
    ],
)
def test_fractions_that_make_no_whole_are_refused(fractions, error):
    with pytest.raises(error, match="fractions"):
        split(*numbered(10), fractions)


@pytest.mark.parametrize("function", [split, lambda x, y: minibatches(x, y, 2)])
@pytest.mark.parametrize(
    ("x", "y", "message"),
    [
        ([[1.0], [2.0]], [0], "x has 2 rows and y 1; every row needs one target"),
        ([], [], "x is empty"),
        ([[1.0], [math.nan]], [0, 1], "x: row 1, column 0 is nan"),
        ([[1.0], [2.0]], [0.0, math.nan], "y: entry 1 is nan"),
        ([[1.0], [2.0]], [[0.0, 1.0], (0.0, math.inf)], "y: row 1, column 1 is inf"),
        ([[1.0], [2.0]], np.array([1.0, math.nan], dtype=np.float32), "y: entry 1 is nan"),
    ],
)
def test_rows_and_targets_that_do_not_go_together_are_refused_at_once(function, x, y, message):
    with pytest.raises(ValueError, match=message):
        function(x, y)


def test_fewer_rows_than_parts_are_refused():
    with pytest.raises(ValueError, match="3 parts need as many rows or more, got 2"):
        split(*numbered(2))


def test_stratify_takes_no_labels():
    x, y = numbered(10)
    with pytest.raises(TypeError, match="stratify is True or False"):
        split(x, y, stratify=y)


# Standardizer


@given(TABLES)
def test_J10_standardized_columns_have_mean_0_and_variance_1(x):
    for column, z in zip(zip(*x, strict=True), zip(*Standardizer().fit(x).transform(x), strict=True), strict=True):
        if len(set(column)) == 1:
            assert set(z) == {0.0}
        else:
            assert statistics.fmean(z) == pytest.approx(0, abs=1e-9)
            assert statistics.pvariance(z) == pytest.approx(1, rel=1e-9)


@given(TABLES, st.integers(0, 10))
def test_inverse_undoes_transform(x, shift):
    scale = Standardizer().fit(x)
    other = [[v + shift for v in row] for row in x]  # rows it was not fitted on
    for row, back in zip(other, scale.inverse(scale.transform(other)), strict=True):
        assert back == pytest.approx(row, rel=1e-12, abs=1e-9)


@pytest.mark.parametrize("load", [iris, digits, diabetes])
def test_the_standardizer_agrees_with_scikit_learns(load):
    from sklearn.preprocessing import StandardScaler

    x = np.array(load().x)
    train, test = x[::2], x[1::2]
    ours, theirs = Standardizer().fit(train), StandardScaler().fit(train)
    np.testing.assert_allclose(ours.transform(test), theirs.transform(test), rtol=1e-10, atol=1e-10)
    np.testing.assert_allclose(ours.inverse(test), theirs.inverse_transform(test), rtol=1e-10, atol=1e-10)


def test_J10_the_test_set_is_scaled_with_the_training_sets_statistics():
    scale = Standardizer().fit([[0.0], [10.0]])
    assert scale.transform([[20.0], [5.0]]) == [[3.0], [0.0]]


@pytest.mark.parametrize("constant", [0.0, 0.1, -1e300, 5e-324])
def test_a_constant_column_becomes_0_and_comes_back(constant):
    x = [[constant, float(i)] for i in range(3)]
    scale = Standardizer().fit(x)
    assert scale.deviation[0] == 0.0
    assert [row[0] for row in scale.transform(x)] == [0.0] * 3
    assert [row[0] for row in scale.inverse(scale.transform(x))] == [constant] * 3


@pytest.mark.parametrize("size", [1e-200, 1e200])
def test_squares_that_floats_cannot_hold_do_no_harm(size):
    assert Standardizer().fit([[-size], [size]]).transform([[size]])[0] == pytest.approx([1.0], rel=1e-15)


@pytest.mark.parametrize("x", [[[1e308], [1.5e308], [1.7e308]], [[-1.7e308], [1.7e308]]])
def test_a_column_too_wide_for_floats_is_refused(x):
    with pytest.raises(ValueError, match=r"column 0 reaches from .*, too far for floats; scale it first"):
        Standardizer().fit(x)


def test_an_overflow_in_transform_or_inverse_is_refused():
    scale = Standardizer().fit([[0.0], [1e-300]])
    with pytest.raises(ValueError, match="the standardized x: row 0, column 0 is inf"):
        scale.transform([[1e300]])
    with pytest.raises(ValueError, match="the restored x: row 0, column 0 is inf"):
        Standardizer().fit([[0.0], [1e300]]).inverse([[1e300]])


def test_a_failed_fit_leaves_the_old_one():
    scale = Standardizer().fit([[0.0], [2.0]])
    with pytest.raises(ValueError, match="too far"):
        scale.fit([[0.0, -1.7e308], [1.0, 1.7e308]])
    assert scale.transform([[3.0]]) == [[2.0]]


@pytest.mark.parametrize("method", ["transform", "inverse"])
def test_rows_of_another_width_are_refused(method):
    scale = Standardizer().fit([[0.0, 1.0], [2.0, 3.0]])
    with pytest.raises(ValueError, match=r"fitted on rows of 2 numbers, got rows of 1 \(a single row goes in as"):
        getattr(scale, method)([1.0, 2.0])


@pytest.mark.parametrize("use", [lambda s: s.transform([[1.0]]), lambda s: s.inverse([[1.0]]), lambda s: s.to_dict()])
def test_a_standardizer_must_be_fitted_first(use):
    with pytest.raises(ValueError, match=r"knows no columns yet; call fit\(x\)"):
        use(Standardizer())


def test_a_standardizer_says_what_it_knows():
    assert repr(Standardizer()) == "Standardizer(not fitted)"
    assert repr(Standardizer().fit([[1, 2, 3]])) == "Standardizer(3 columns)"


@pytest.mark.parametrize("method", ["fit", "transform"])
def test_bad_rows_are_named(method):
    scale = Standardizer().fit([[0.0, 1.0], [2.0, 3.0]])
    with pytest.raises(ValueError, match="row 1, column 1 is nan"):
        getattr(scale, method)(np.array([[1.0, 2.0], [3.0, math.nan]]))


@given(TABLES)
def test_a_standardizer_travels_through_json_exactly(x):
    scale = Standardizer().fit(x)
    again = Standardizer.from_dict(json.loads(json.dumps(scale.to_dict())))
    assert (again.mean, again.deviation) == (scale.mean, scale.deviation)
    assert again.transform(x) == scale.transform(x)


def test_what_is_saved_is_a_copy():
    scale = Standardizer().fit([[0.0], [2.0]])
    scale.to_dict()["mean"][0] = 9.0
    assert scale.mean == [1.0]


@pytest.mark.parametrize(
    ("saved", "error", "message"),
    [
        ({"mean": [1.0]}, ValueError, r"has 'mean' and 'deviation' and nothing else, got \['mean'\]"),
        ([1.0], ValueError, "nothing else, got list"),
        ({"mean": [1.0], "deviation": [1.0], "more": []}, ValueError, "nothing else"),
        ({"mean": [1.0], "deviation": [1.0, 2.0]}, ValueError, "as many means as deviations"),
        ({"mean": [], "deviation": []}, ValueError, "one at least"),
        ({"mean": [1.0], "deviation": [-1.0]}, ValueError, "no deviation below 0"),
        ({"mean": [math.nan], "deviation": [1.0]}, ValueError, "mean: entry 0 is nan"),
        ({"mean": [1.0], "deviation": ["1"]}, TypeError, "deviation: entry 0 is of type str"),
        ({"mean": 1.0, "deviation": [1.0]}, TypeError, "mean: expected a sequence of numbers"),
    ],
)
def test_a_damaged_description_of_a_standardizer_is_refused(saved, error, message):
    with pytest.raises(error, match=message):
        Standardizer.from_dict(saved)


# one-hot


@given(st.lists(st.integers(-5, 5), min_size=1))
def test_J10_one_hot_rows_are_rows_of_the_unit_matrix(labels):
    known, index = np.unique(labels, return_inverse=True)
    assert one_hot(labels) == one_hot(np.array(labels)) == np.eye(len(known))[index].tolist()


def test_one_hot_columns_follow_the_given_classes():
    assert one_hot(["b", "c"], ["c", "a", "b"]) == [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]


@pytest.mark.parametrize("classes", [4, np.int64(4), range(4), np.arange(4)])
def test_classes_may_be_counted(classes):
    assert one_hot([3, 0.0, np.int8(1)], classes) == [[0, 0, 0, 1], [1, 0, 0, 0], [0, 1, 0, 0]]


@pytest.mark.parametrize(
    ("labels", "classes", "error", "message"),
    [
        ([0, 3], 3, ValueError, r"label 1 \(counted from 0\) is 3, but the classes are 0, 1, 2$"),
        ([-1], 3, ValueError, "label 0 .* is -1"),
        ([1.5], 3, ValueError, "label 0 .* is 1.5"),
        (["cow"], ["cat", "dog"], ValueError, "is 'cow', but the classes are 'cat', 'dog'"),
        ([99], 20, ValueError, "the classes are 0, 1, 2, 3, 4, 5, 6, 7, …, 19$"),
        ([0], [0, 1, 0], ValueError, "every class has one column, but some of 0, 1, 0 repeat"),
        ([0], 0, ValueError, "classes must be a whole number from 1 up, got 0"),
        ([0], 2.0, TypeError, "classes: expected a sequence of targets"),
        ([], None, ValueError, "labels is empty"),
        ([math.nan], None, ValueError, "labels: entry 0 is nan"),
        ([1, "a"], None, TypeError, "labels of type int, str have no order; give classes="),
        ("ab", None, TypeError, "labels: expected a sequence of targets or an array, got str"),
        (5, None, TypeError, "got int"),
    ],
)
def test_labels_without_a_column_are_refused(labels, classes, error, message):
    with pytest.raises(error, match=message):
        one_hot(labels, classes)


@pytest.mark.parametrize("labels", [[[0, 1], [1, 0]], np.eye(2)])
@pytest.mark.parametrize("classes", [None, 2])
def test_rows_are_no_labels(labels, classes):
    with pytest.raises(TypeError, match=r"label 0 \(counted from 0\) is a list"):
        one_hot(labels, classes)


# mini-batches


@given(st.integers(1, 40), st.integers(1, 50), st.booleans(), st.integers())
def test_J4_batches_hold_every_row_once_and_only_the_last_is_smaller(n, size, shuffle, seed):
    x, y = numbered(n)
    batches = list(minibatches(x, y, size, seed, shuffle))
    assert [len(batch.y) for batch in batches] == [size] * (n // size) + [n % size] * (n % size > 0)
    assert sorted(t for batch in batches for t in batch.y) == y
    assert all(row == x[t] for xs, ys in batches for row, t in zip(xs, ys, strict=True))


def test_J4_online_learning_is_batches_of_one_and_full_batch_one_of_all():
    x, y = numbered(5)
    assert [len(ys) for _, ys in minibatches(x, y, 1)] == [1] * 5
    for size in (5, 1000):
        ((xs, ys),) = minibatches(x, y, size, shuffle=False)
        assert (xs, ys) == (x, y)


def test_the_same_seed_deals_the_same_batches_and_a_shared_rng_other_ones_every_epoch():
    data = numbered(30)
    assert list(minibatches(*data, 7, rng=3)) == list(minibatches(*map(np.array, data), np.int64(7), rng=3))
    rng = random.Random(3)
    first, second = (list(minibatches(*data, 7, rng)) for _ in range(2))
    assert first == list(minibatches(*data, 7, rng=3)) and first != second


def test_batches_that_are_not_shuffled_draw_nothing():
    rng = random.Random(3)
    before = rng.getstate()
    assert [ys for _, ys in minibatches(*numbered(5), 2, rng, shuffle=False)] == [[0, 1], [2, 3], [4]]
    assert rng.getstate() == before


@pytest.mark.parametrize(
    ("size", "error", "got"),
    [(0, ValueError, "0"), (-2, ValueError, "-2"), (2.5, ValueError, "2.5"), ("2", TypeError, "str '2'")],
)
def test_a_batch_size_that_is_no_whole_number_from_1_up_is_refused_at_once(size, error, got):
    with pytest.raises(error, match=f"batch_size must be a whole number from 1 up, got {got}"):
        minibatches(*numbered(5), size)


def gradient_of_mean_loss(model, x, y):
    model.zero_grad()
    (sum((model(row) - target) ** 2 for row, target in zip(x, y, strict=True)) / len(y)).backward()
    return np.array([p.grad for p in model.parameters()])


@pytest.mark.parametrize("size", [1, 3, 4, 12])
def test_D_h_mean_of_minibatch_gradients_is_the_full_gradient(size):
    rng = random.Random(0)
    x = [[rng.gauss(0, 1), rng.gauss(0, 1)] for _ in range(12)]
    y = [rng.gauss(0, 1) for _ in x]
    model = MLP(2, [5, 1], rng=1)
    full = gradient_of_mean_loss(model, x, y)
    parts = [gradient_of_mean_loss(model, *batch) for batch in minibatches(x, y, size, rng)]
    assert np.abs(full).max() > 0.1
    np.testing.assert_allclose(np.mean(parts, axis=0), full, rtol=1e-12, atol=1e-13)
    if size < 12:
        assert np.abs(parts[0] - full).max() > 0.1  # one batch alone says something else


# real sets


@pytest.mark.parametrize(
    ("load", "shape", "classes"), [(iris, (150, 4), 3), (digits, (1797, 64), 10), (diabetes, (442, 10), 0)]
)
def test_real_sets_are_plain_lists_with_names(load, shape, classes):
    found = load()
    x, y, features, names = found
    assert np.array(x).shape == shape and len(y) == shape[0] and len(features) == shape[1] and len(names) == classes
    assert {type(v) for row in x for v in row} == {float} and {type(t) for t in y} == {int if classes else float}
    assert {type(name) for name in features + names} == {str}
    assert sorted(set(y)) == list(range(classes)) or not classes
    assert repr(found).startswith(f"Dataset({shape[0]} rows, {shape[1]} features")


def test_the_diabetes_columns_are_as_measured():
    from sklearn.datasets import load_diabetes

    x = diabetes().x
    z = np.array(Standardizer().fit(x).transform(x)) / math.sqrt(len(x))
    np.testing.assert_allclose(z, load_diabetes().data, atol=1e-12)  # scikit-learn's columns have norm 1
    assert 19 <= min(row[0] for row in x) < max(row[0] for row in x) <= 79  # age in years


def test_iris_splits_evenly():
    found = iris()
    parts = split(found.x, found.y, rng=0, stratify=True)
    assert [Counter(part.y) for part in parts] == [dict.fromkeys(range(3), m) for m in (40, 5, 5)]


@pytest.mark.parametrize("load", [iris, digits, diabetes])
def test_without_scikit_learn_one_sentence_says_what_to_install(load, monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn", None)
    message = (
        rf"^{load.__name__}\(\) needs scikit-learn: pip install 'pathgrad\[notebooks\]' \(sklearn.* is not installed\)$"
    )
    with pytest.raises(ModuleNotFoundError, match=message):
        load()
