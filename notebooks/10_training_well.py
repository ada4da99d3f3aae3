# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 10 · Training well
#
# Gradients are half of learning. The other half is craft: which data to learn from, in what order, in what units, at what
# rate, and when to stop. Each rule of the craft is stated here, and then measured.
#
# After this notebook you can …
#
# - split data into training, validation and test set, and say what each may be used for;
# - standardise inputs and write categories as one-hot, and show what that is good for;
# - explain why a mini-batch gives the right gradient on average, and how far off it is;
# - choose between full batch, mini-batch and online learning, and find a learning rate;
# - read learning curves, recognise overfitting, and do something about it.
#
# **Needed beforehand:** [5 · Losses and likelihood](05_losses_and_likelihood.ipynb) for the losses; eigenvalues, once, from
# [9 · Curvature](09_curvature.ipynb). Allow 20 minutes.
#
# **Sources:** JKU Linz, *Deep Learning and Neural Networks I* (J4, J10); DTU 02456 *Deep Learning*, exercise 1, "Pen and paper"
# (its paragraph "SGD", D-h, and the one-dimensional regression after Bishop, *Pattern Recognition and Machine Learning*,
# figure 5.3).
#
# The networks here are small and the data few, because our engine computes one number at a time.

# %%
# %matplotlib inline
import math
import random
from itertools import combinations

import numpy as np

from autograd import Value, gradient, worksheet
from nn import MLP, SGD, Adam, Standardizer, binary_cross_entropy_from_logit, cross_entropy
from nn import datasets, fit, half_squared_error, learning_curves, minibatches, one_hot
from nn import plots, schedules, softmax, split, squared_error, toys
from nn.curvature import hessian_eigenvalues, newton
from nn.plots import CLASSES, new_figure

# %% [markdown]
# ## Three sets of data
#
# The iris data (Fisher, 1936) are 150 flowers of three species, with four lengths measured on each. The question is how
# well a network names the species of flowers that it has *not* seen. So some flowers must be kept from it (J4):
#
# - the **training set**, about 80 %, is what the gradients are computed from;
# - the **validation set**, about 10 %, is what you look at to choose: learning rate, size, when to stop;
# - the **test set**, about 10 %, is looked at once, at the very end. Whoever chooses by the test set has no test set.

# %%
iris = datasets.iris()
train, validation, test = split(iris.x, iris.y, rng=0, stratify=True)
for name, part in {"training": train, "validation": validation, "test": test}.items():
    print(f"{name:10} {len(part.y):3} flowers, by species {[part.y.count(k) for k in range(3)]}")

assert [len(part.y) for part in (train, validation, test)] == [120, 15, 15]
rows = sorted(train.x + validation.x + test.x)
assert rows == sorted(iris.x)  # every flower in exactly one part

# %% [markdown]
# The rows are dealt out at random, for the file is sorted by species. `stratify=True` gives each species its share of each
# part, which matters when parts are small.

# %% [markdown]
# ## Inputs of one size
#
# The four lengths have different means and spreads. **Standardising** makes each column have mean 0 and variance 1 (J10),
#
# $$x' = \frac{x - \text{mean}}{\text{standard deviation}},$$
#
# with mean and deviation of the *training* set. They are parameters like the weights: learned from the training
# data, and then applied to all data as they are.

# %%
scale = Standardizer().fit(train.x)
x, x_validation = scale.transform(train.x), scale.transform(validation.x)
for name, part in {"training": x, "validation": x_validation}.items():
    means, deviations = np.mean(part, axis=0).round(2) + 0.0, np.std(part, axis=0).round(2)
    print(f"{name:10} means {means}, deviations {deviations}")

assert np.allclose(np.mean(x, axis=0), 0, atol=1e-12) and np.allclose(np.std(x, axis=0), 1)
assert not np.allclose(np.mean(x_validation, axis=0), 0, atol=0.05)

# %% [markdown]
# The validation set comes out only about right, as it should: it knows nothing of its own statistics, just as a flower
# that arrives tomorrow.
#
# What is gained? Think of a single linear unit. Its loss is a bowl, and the Hessian's eigenvalues say how steep the bowl is
# in each direction. Gradient descent needs a learning rate below $2/\lambda_{\max}$ for the steepest direction, and with
# that rate it crawls along the flattest.

# %%
for name, part in {"raw": train.x, "standardised": x}.items():
    unit = MLP(4, [1], activation=["linear"], rng=0)
    loss = sum(half_squared_error(unit(row), t) for row, t in zip(part, train.y)) / len(part)
    bends = hessian_eigenvalues(loss, unit.parameters())
    ratio, limit = bends[-1] / bends[0], 2 / bends[-1]
    print(f"{name:12} steepest / flattest = {ratio:5.0f}, learning rate below {limit:.3f}")

assert ratio < 200 and limit > 0.6

# %% [markdown]
# Now with a network: four inputs, six tanh units, three outputs as logits for `cross_entropy`.


# %%
def trained(data=(x, train.y), rate=0.1, batch_size=10, epochs=20):
    """The history of one training run; model and order of the data are always the same."""
    model = MLP(4, [6, 3], activation="tanh", rng=1)
    held = (x_validation, validation.y) if data[0] is x else None
    sgd = SGD(model.parameters(), rate)
    return fit(model, data, cross_entropy, sgd, epochs, batch_size, held, seed=0, progress=False)


raw, standard = trained((train.x, train.y)), trained()
print(f"loss in the 20th epoch: raw {raw.loss[-1]:.3f}, standardised {standard.loss[-1]:.3f}")
assert standard.loss[-1] < 0.5 * raw.loss[-1]
learning_curves({"raw inputs": raw.loss, "standardised inputs": standard.loss})

# %% [markdown]
# ## One-hot
#
# Categories such as species, colours or words have no order. To write them as 1, 2, 3 claims that the second lies
# halfway between the others. **One-hot** rows claim nothing (J10): as many columns as categories, a 1 in the right one,
# 0 elsewhere.

# %%
colours = ["red", "green", "blue"]
for colour, row in zip(colours, one_hot(colours, classes=colours)):
    print(f"{colour:6} {row}")
assert one_hot([2, 0], 3) == [[0, 0, 1], [1, 0, 0]]

# %% [markdown]
# Let the price of a thing depend on its colour: red 1, green 5, blue 2. A linear unit that reads the colour as a number
# cannot express that. With one-hot inputs each colour has a weight of its own, which becomes its price. (One Newton step
# finds the best weights of a linear unit; see notebook 9.)

# %%
prices = [1.0, 5.0, 2.0]


def misfit():
    return sum(half_squared_error(unit(row), price) for row, price in zip(rows, prices))


for name, rows, bias in (("1, 2, 3", [[1], [2], [3]], True), ("one-hot", one_hot([0, 1, 2]), False)):
    unit = MLP(len(rows[0]), [1], activation=["linear"], bias=bias, rng=0)
    newton(misfit, unit.parameters(), steps=1)
    found = [round(unit(row).data, 6) + 0.0 for row in rows]
    print(f"{name:8} predictions {found}")
    assert (found == prices) == (name == "one-hot")

# %% [markdown]
# Classes as *targets* are one-hot for the same reason, with softmax and cross-entropy. `cross_entropy` takes the number of
# the class as shorthand:

# %%
model = MLP(4, [6, 3], activation="tanh", rng=1)
for row, label in zip(x[:20], train.y):
    long = cross_entropy(model(row), one_hot([label], 3)[0]).data
    assert math.isclose(cross_entropy(model(row), label).data, long)
print("class numbers and one-hot targets give the same losses")

# %% [markdown]
# ## A part stands for the whole
#
# **Gradient descent** moves all weights by $w \leftarrow w - \eta\,\nabla E$ (D-SGD), where $\nabla E$, the gradient, is
# a sum over all training samples: $E = \sum_n E_n$. That is a lot of work for one step. **Stochastic** gradient
# descent takes a random part of the samples instead. Exercise D-h asks to show that its gradient is, on average,
# proportional to the full one.
#
# The reason is short. Draw $m$ of $N$ samples. Each sample is in the draw with probability $m/N$, so the expected sum is
#
# $$\mathrm{E}\Bigl[\sum_{n \in \text{batch}} \nabla E_n\Bigr] = \frac{m}{N} \sum_{n=1}^{N} \nabla E_n .$$
#
# Take a small case where "on average" can be worked out in full: 8 flowers, and all 56 batches of 3.

# %%
few = list(zip(x, train.y))[:8]


def gradient_of(samples):
    """∇ of the summed loss, one number for each weight."""
    return np.array(gradient(sum(cross_entropy(model(row), t) for row, t in samples), model.parameters()))


batches = [gradient_of(batch) for batch in combinations(few, 3)]
average, full = sum(batches) / len(batches), gradient_of(few)
print(f"{len(batches)} batches; average / full gradient lies in", end=" ")
ratios = (average / full)[abs(full) > 1e-9]
print(f"{ratios.min():.6f} … {ratios.max():.6f}, and 3/8 is {3 / 8}")
assert np.allclose(average, 3 / 8 * full) and len(batches) == math.comb(8, 3) == 56

# %% [markdown]
# Now all 120 flowers and random batches of 10, each weight's entry against that of the full gradient. The full gradient
# is a sum over the samples' gradients, so computing those once is enough. A single batch scatters widely; the average of
# 500 batches lies on the line of slope $10/120$.

# %%
each = np.array([gradient_of([sample]) for sample in zip(x, train.y)])
full, rng = each.sum(axis=0), random.Random(0)
drawn = [each[rng.sample(range(120), 10)].sum(axis=0) for _ in range(500)]
mean = np.mean(drawn, axis=0)

figure = new_figure(7, 3.6)
axes = figure.subplots()
axes.plot(full, drawn[0], "^", color=CLASSES[1][1], markersize=5, alpha=0.7, label="one batch of 10")
axes.plot(full, mean, "o", color=CLASSES[0][1], markersize=5, label="average of 500 batches")
axes.axline((0, 0), slope=10 / 120, color="#222222", linewidth=1, label="slope 10/120")
axes.set(xlabel="entry of the full gradient", ylabel="entry of the batch's")
axes.grid(alpha=0.3)
axes.legend()
figure

# %%
fitted = (mean @ full) / (full @ full)
print(f"fitted slope {fitted:.4f}, and 10/120 = {10 / 120:.4f}")
assert abs(fitted - 10 / 120) < 0.001

# %% [markdown]
# On average right, then. How far off is a single batch? For the *mean* over the batch (which is what one uses in practice,
# so that the learning rate need not change with the batch size), statistics says: the squared error falls as $1/m$, with a
# small correction because no sample is drawn twice,
#
# $$\mathrm{E}\,\Bigl\lVert \tfrac1m \sum_{n \in \text{batch}} \nabla E_n - \overline{\nabla E} \Bigr\rVert^2
# = \frac{S^2}{m}\Bigl(1 - \frac{m}{N}\Bigr), \qquad
# S^2 = \frac{1}{N-1} \sum_n \bigl\lVert \nabla E_n - \overline{\nabla E} \bigr\rVert^2 ,$$
#
# with the bar for the mean over all samples.

# %%
center = each.mean(axis=0)
S2 = ((each - center) ** 2).sum() / 119
print("   m   off by, relative to the gradient    formula")
for m in (1, 4, 16, 64, 120):
    off = [((each[rng.sample(range(120), m)].mean(axis=0) - center) ** 2).sum() for _ in range(2000)]
    measured, formula = (math.sqrt(v / (center @ center)) for v in (np.mean(off), S2 / m * (1 - m / 120)))
    print(f"{m:4} {abs(measured):20.3f} {formula:24.3f}")
    assert math.isclose(measured, formula, rel_tol=0.1, abs_tol=1e-9)

# %% [markdown]
# Four times as many samples only halve the error (until the batch is a large part of everything). So for the work of one step with 64 samples you may take 16 steps with 4,
# each in a direction that is less exact.

# %% [markdown]
# ## Full batch, mini-batch, online
#
# How many samples a step looks at has three names (J4): **full batch**, all of them; **mini-batch**, a few; **online**, one.
# An **epoch** is one pass through the training set. In each, `minibatches` deals the samples anew in random order:

# %%
sizes = {"full batch": None, "mini-batches of 10": 10, "online": 1}
runs = {}
for name, size in sizes.items():
    runs[name] = standard if size == 10 else trained(batch_size=size)
    steps = 1 if size is None else len(list(minibatches(x, train.y, size, rng=0)))
    print(f"{name:18} {steps:3} steps an epoch, loss after 20 epochs {runs[name].loss[-1]:.3f}")
    assert steps == 120 // (size or 120)

losses = [run.loss[-1] for run in runs.values()]
assert losses == sorted(losses, reverse=True)
figure = learning_curves({name: run.loss for name, run in runs.items()})
figure.axes[0].set_ylim(top=3)  # room for the legend
figure.axes[0].legend(loc="upper right")
figure

# %% [markdown]
# Each epoch costs the same number of gradients, 120, and here the many small steps use them best. That is typical for the
# start of training, where any rough direction will do. It is not the whole story: single samples make a restless curve
# later on, and on hardware that computes many samples at once a batch of 64 often takes little longer than one of 1. Mini-batches
# are the compromise nearly everyone makes.

# %% [markdown]
# ## The learning rate
#
# The one number that matters most. The advice of the course (J10) is to try the grid $10^{-1}, 10^{-2}, 10^{-3}, 10^{-4}$
# and compare by the *validation* loss.

# %%
grid = {"0.1": standard} | {f"{rate:g}": trained(rate=rate) for rate in (0.01, 0.001, 0.0001)}
for name, run in grid.items():
    print(f"learning rate {name:7} validation loss {run.validation_loss[-1]:.3f}")

best = min(grid, key=lambda name: grid[name].validation_loss[-1])
assert best == "0.1"
learning_curves({f"rate {name}": run.validation_loss for name, run in grid.items()})

# %% [markdown]
# The winner stands at the edge of the grid. Whenever that happens, the grid was too small: go on beyond it. With a rate of 1
# the loss falls faster still, and then gets restless. The cure for that is to **decrease the rate later** (J10). `SGD` takes
# a function of the number of steps instead of a number; `schedules` has the usual ones.

# %%
later = {
    "constant 0.1": grid["0.1"],
    "constant 1": trained(rate=1.0),
    "1, times 0.3 every 5 epochs": trained(rate=schedules.step_decay(1.0, every=60, factor=0.3)),
}
for name, run in later.items():
    low, high = min(run.loss[-5:]), max(run.loss[-5:])
    print(f"{name:28} last 5 epochs {low:.3f} … {high:.3f}, validation {run.validation_loss[-1]:.3f}")
learning_curves({name: run.loss for name, run in later.items()})

# %%
spreads = [max(run.loss[-5:]) - min(run.loss[-5:]) for run in later.values()]
assert spreads[2] < 0.1 * spreads[1]
at_end = [run.validation_loss[-1] for run in later.values()]
assert min(at_end) == at_end[2]

# %% [markdown]
# The schedule wins on the validation set. Now the test set, for the first and only time. The choice was made by other
# data, so this is a fair estimate, though 15 flowers make it a coarse one.

# %%
final = MLP(4, [6, 3], activation="tanh", rng=1)
sgd = SGD(final.parameters(), schedules.step_decay(1.0, every=60, factor=0.3))
fit(final, (x, train.y), cross_entropy, sgd, 20, 10, seed=0, progress=False)


def accuracy(model, rows, labels):
    """The share of rows whose greatest output is that of the right class."""
    guesses = [np.argmax([float(y) for y in model(row)]) for row in rows]
    return np.mean([guess == label for guess, label in zip(guesses, labels)])


right = accuracy(final, scale.transform(test.x), test.y)
print(f"test set: {right * len(test.y):.0f} of {len(test.y)} right")
assert right >= 0.8

# %% [markdown]
# ## Enough units to overfit, then regularise
#
# How large should the network be? Advice from the same course (J10): first so large that it *can* learn the training set by
# heart, so that size is not what limits it. Then **regularise**, that is, hold it back from doing so. The two moons again, but
# so noisy that they overlap, with 30 points to train on and 60 to validate.

# %%
small, held_out = toys.moons(30, noise=0.3, rng=3), toys.moons(60, noise=0.3, rng=103)
unseen = toys.moons(200, noise=0.3, rng=203)


def moons_run(units, epochs=100, **options):
    decay = options.pop("weight_decay", 0.0)
    model = MLP(2, [units, 1], activation="tanh", rng=1)
    adam = Adam(model.parameters(), 0.05, weight_decay=decay)  # a step size of its own for each weight
    loss = binary_cross_entropy_from_logit
    history = fit(model, small, loss, adam, epochs, validation=held_out, progress=False, **options)
    return model, history


tiny_model, tiny = moons_run(1)
large_model, large = moons_run(12)
for name, run in {"1 hidden unit": tiny, "12 hidden units": large}.items():
    print(f"{name:15} training loss {run.loss[-1]:.3f}, validation loss {run.validation_loss[-1]:.3f}")
assert large.loss[-1] < 0.05 and tiny.loss[-1] > 0.4
large.plot()

# %% [markdown]
# One unit cannot fit even the training data; it **underfits**. Twelve units fit them nearly perfectly, and the two curves
# part: while the training loss goes on falling, the validation loss turns and rises. That is **overfitting**. The
# network learns the noise of these 30 points. Two remedies:
#
# - **Weight decay** adds $\tfrac{\lambda}{2}\lVert w \rVert^2$ to the loss, so that large weights have to pay for themselves.
# - **Early stopping** ends the training when the validation loss has not improved for some epochs, the *patience*, and takes
#   the weights of the best epoch.

# %%
decayed_model, decayed = moons_run(12, weight_decay=0.01)
stopped_model, stopped = moons_run(12, patience=10)
print(f"early stopping: {stopped.stopped}")

curves = {"12 units": large, "with weight decay": decayed, "with early stopping": stopped}
figure = learning_curves({name: run.validation_loss for name, run in curves.items()})
figure.axes[0].set_ylabel("validation loss")
figure


# %%
def on_unseen(model):
    """Mean loss and share of right answers on the 200 new points."""
    scores = [model(row) for row in unseen.x]
    losses = [binary_cross_entropy_from_logit(score, label).data for score, label in zip(scores, unseen.y)]
    return np.mean(losses), np.mean([(float(score) > 0) == label for score, label in zip(scores, unseen.y)])


models = {"1 unit": tiny_model, "12 units": large_model}
models |= {"weight decay": decayed_model, "early stopping": stopped_model}
found = {name: on_unseen(model) for name, model in models.items()}
for name, (loss, share) in found.items():
    print(f"{name:15} on 200 new points: loss {loss:.3f}, right {share:.1%}")

assert max(found["weight decay"][0], found["early stopping"][0]) < found["12 units"][0]
assert found["1 unit"][1] < 0.7 < 0.85 < found["12 units"][1]

# %% [markdown]
# On points that played no part at all, both remedies lower the loss by much and the number of errors by little. An
# overfitted network is above all too *sure*, and the loss charges for confident errors.

# %% [markdown]
# ## Curves from three units
#
# Regression with one input and one output lets you watch hidden units at work. The DTU sheet (D-regression)
# takes this from Bishop's figure 5.3: three tanh hidden units, a linear output, and four target curves over
# $-1 \dots 1$: $x^2$, a sine, $|x|$ and the Heaviside step.
#
# First a detail. The figure's caption and the sheet say $\sin x$. But over $-1 \dots 1$ that is almost a straight
# line, while the panel shows a full wave. It must be $\sin \pi x$:

# %%
line = np.linspace(-1, 1, 201)
for name, curve in {"sin x": np.sin(line), "sin πx": np.sin(np.pi * line)}.items():
    slope = (line @ curve) / (line @ line)
    print(f"{name:7} greatest distance from the best straight line {abs(curve - slope * line).max():.3f}")
assert abs(np.sin(line) - (line @ np.sin(line)) / (line @ line) * line).max() < 0.07

# %%
fits = {}
for name in toys.CURVES:
    data = toys.bishop_curve(name, 25)
    model = MLP(1, [3, 1], activation="tanh", rng=0)
    adam = Adam(model.parameters(), 0.1)
    history = fit(model, data, squared_error, adam, 400, progress=False, compiled=False)  # op by op: see notebook 13
    fits[name] = model, data
    print(f"{name:10} mean squared error {history.loss[-1]:.5f}")
    assert history.loss[-1] < 0.01


def show(name):
    model, data = fits[name]
    figure = plots.hidden_units(model, np.linspace(-1, 1, 101).tolist(), data.x, data.y)
    figure.set_size_inches(8, 3)
    figure.axes[1].legend(loc="center left", bbox_to_anchor=(1, 0.5))  # beside the curves
    return figure


show("square")

# %% [markdown]
# On the right stands what each hidden unit gives, on the left their weighted sum. A parabola is made of two units that bend
# in opposite directions, added with the right signs. Before you look at the next one: how would you make a sine of three
# S-shaped curves?

# %%
show("sin")

# %%
show("abs")

# %%
show("heaviside")

# %% [markdown]
# The corner of $|x|$ comes out rounded and the jump of the Heaviside step comes out as a steep slope, since tanh units
# are smooth. A single very steep unit could make the jump alone. Gradient descent found two that are moderately steep, and
# from these come the small overshoots beside it.

# %% [markdown]
# ## Digits, a slice
#
# All of it together on pictures (J4, J10): handwritten digits of 8×8 pixels. We take the first 300 of 1797, because our engine
# is slow on large inputs. 64 inputs, 12 ReLU units, ten logits, pixels scaled to $0 \dots 1$ (all have the same unit and
# range, so one number for all of them does), mini-batches of 10.

# %%
digits = datasets.digits()
pixels = [[p / 16 for p in row] for row in digits.x[:300]]
d_train, d_validation, d_test = split(pixels, digits.y[:300], rng=0, stratify=True)
reader = MLP(64, [12, 10], activation="relu", rng=0)
sgd = SGD(reader.parameters(), 0.2)
history = fit(reader, d_train, cross_entropy, sgd, 10, 10, d_validation, seed=0, progress=False)
print(reader)
print(f"validation loss {history.validation_loss[0]:.3f} → {history.validation_loss[-1]:.3f}")

# %%
right = accuracy(reader, d_test.x, d_test.y)
print(f"test set: {right * len(d_test.y):.0f} of {len(d_test.y)} right")
assert right >= 0.8 and round(0.95**30, 1) == 0.2

figure = new_figure(7, 2.4)
for axes, row, label in zip(figure.subplots(2, 6).flat, d_test.x, d_test.y):
    probabilities = [p.data for p in softmax(reader(row))]
    guess = int(np.argmax(probabilities))
    axes.imshow(np.reshape(row, (8, 8)), cmap="gray_r")
    color = "#222222" if guess == label else "#d55e00"
    axes.set_title(f"{guess}  ({probabilities[guess]:.0%})", fontsize=9, color=color)
    axes.axis("off")
figure

# %% [markdown]
# Above each picture stands the network's answer and how probable it finds it. With 240 digits to learn from this is a good
# result and no more than that: a network that is right on 95 % of all digits also gets 30 out of 30 in one case out of five.

# %% [markdown]
# ## Exercises
#
# Cells with a solution stand before a cell that checks it. Try first on paper.
#
# **1.** A model with one weight, $y = w x$, at $w = 1$, and two samples, $(x, t) = (1, 2)$ and $(3, 1)$. The loss is
# $\tfrac12 \sum_n (w x_n - t_n)^2$. Fill in the derivative: one product for each sample (which is what an online step
# would use), and the full gradient.

# %%
w = Value(1.0, "w")
L = 0.5 * (w * 1 - 2) ** 2 + 0.5 * (w * 3 - 1) ** 2
L.name = "L"
sheet = worksheet(L, [w], blanks=["products", "totals"])
sheet

# %% tags=["solution"]
answers_1 = [-1, "(3 - 1) * 3", 5]

# %%
sheet.check(globals().get("answers_1", [..., ..., ...]))

# %% [markdown]
# **2.** 1000 training samples, mini-batches of 32. How many steps has an epoch, and how many samples has its last batch? How
# many steps are taken in 50 epochs?

# %% tags=["solution"]
steps_per_epoch, last_batch, steps_in_all = 32, 8, 1600  # 31 · 32 = 992

# %%
sizes = [len(batch.y) for batch in minibatches(range(1000), range(1000), 32, rng=0)]
for name, truth, hint in (
    ("steps_per_epoch", len(sizes), "the last batch may be smaller, and it counts"),
    ("last_batch", sizes[-1], "what is left over after the whole batches"),
    ("steps_in_all", 50 * len(sizes), "fifty times the first answer"),
):
    answer = globals().get(name, ...)
    if answer is None or answer is ...:
        print(f"{name}: not answered yet")
    else:
        print(f"{name}:", "right" if answer == truth else f"off; {hint}")

# %% [markdown]
# **3.** Write `standardized(train, other)`: rows of both, standardised with the statistics of `train` alone. A column that is
# constant in `train` should become its distance from that constant (dividing by 0 is no option).


# %% tags=["solution"]
def standardized(train, other):
    means = [sum(column) / len(column) for column in zip(*train)]
    spreads = [
        math.sqrt(sum((v - m) ** 2 for v in column) / len(column)) or 1.0 for column, m in zip(zip(*train), means)
    ]

    def scaled(rows):
        return [[(v - m) / s for v, m, s in zip(row, means, spreads)] for row in rows]

    return scaled(train), scaled(other)


# %%
def judge_standardized(mine):
    first, second = [[1.0, 5.0, 2.0], [3.0, 5.0, 4.0], [5.0, 5.0, 9.0]], [[3.0, 6.0, 5.0]]
    try:
        found = mine(first, second)
    except ZeroDivisionError:
        return "off: it divides by 0 where a column is constant"
    if found in (None, ...):
        return "not answered yet: return both lists of rows"
    truth = Standardizer().fit(first)
    if not np.allclose(found[0], truth.transform(first)):
        return "off: the training rows should get mean 0 and (population) variance 1"
    if not np.allclose(found[1], truth.transform(second)):
        return "off: the other rows are to be scaled with the training rows' statistics"
    return "right"


if "standardized" in globals():
    print(judge_standardized(standardized))
else:
    print("not answered yet: define standardized")

# %% [markdown]
# **4.** By the formula above, how many of 120 samples must a batch have for its error to be half that of a batch of 10?
# (Solve $\frac1m (1 - \frac{m}{120}) = \frac14 \cdot \frac1{10} (1 - \frac{10}{120})$ for $m$ and round up.)

# %% tags=["solution"]
batch_for_half = 32  # 1/m = 1/120 + (1/40)(110/120), so m = 32


# %%
def squared_error_of(m):
    return (1 - m / 120) / m


answer = globals().get("batch_for_half", ...)
truth = next(m for m in range(1, 121) if squared_error_of(m) <= squared_error_of(10) / 4 + 1e-12)
if answer is None or answer is ...:
    print("not answered yet: define batch_for_half")
else:
    print("right" if answer == truth else "off; divide out: 1/m - 1/120 = (1/10 - 1/120)/4")

# %% [markdown]
# ## Summary
#
# - Train on one part, choose by a second, and look at the third once.
# - Standardise inputs with the training set's statistics; write categories one-hot.
# - A random batch of $m$ gives on average $m/N$ of the full gradient; its error falls with $\sqrt m$ only.
# - Small batches take many cheap steps; online is the extreme, full batch the other.
# - Find the learning rate on a grid, go beyond the grid if its edge wins, and decrease the rate later.
# - First overfit, then regularise: weight decay, or stopping when the validation loss turns.
# - A few smooth units draw curves by adding up bends.
#
# Next: [11 · Cost and memory](11_cost_and_memory.ipynb).
