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
# # 12 · Gaussian units
#
# Backpropagation does not care what a unit computes, as long as it has a derivative. This notebook takes a network whose
# first layer has no weights at all: its units sit at places in the input space, and learning moves them about.
#
# After this notebook you can …
#
# - say what a **Gaussian unit** responds to, and where its derivative is large;
# - derive the δ rule for a layer of a new kind, here for the **centres** of Gaussian units;
# - write the whole backward pass of such a network by hand, in ten lines, and test it against the engine;
# - find and correct a misprint in a published solution by computing every reading of it;
# - watch centres travel to the data, and see why some never set out.
#
# **Needed beforehand:** δ and its recursion ([4 · Delta errors](04_delta_errors.ipynb)). Allow about 15 minutes.
#
# **Source:** Gerstner, *Artificial Neural Networks*, solutions for week 5, exercise 4 (a problem of the 2018 exam).

# %%
# %matplotlib inline
import math
import random

from autograd import Value, check_gradients, count_paths, diagram, exp, gradient, worksheet
from nn import SGD, Adam, GaussianLayer, Layer, Sequential, fit, half_squared_error
from nn import learning_curves, uniform
from nn.boundary import draw_boundary
from nn.plots import CLASSES, DASHES, grid, new_figure


# %% [markdown]
# ## A unit that sits at a place
#
# An ordinary unit asks on which side of a line its input lies: $z = w \cdot x + b$ grows without end in one direction. A
# **Gaussian unit** asks how near the input is to its **centre** $c$, a point in the same space:
#
# $$a = \exp\!\left(-\tfrac12 \|x - c\|^2\right), \qquad \|x - c\|^2 = \sum_i (x_i - c_i)^2 .$$
#
# It is 1 at the centre and falls off on all sides alike, to 0.61 at distance 1 and to 0.01 at distance 3. Read
# $z = -\tfrac12 \|x - c\|^2$ as its pre-activation and $\varphi = \exp$ as its activation, and it fits the pattern of all
# other units.

# %%
x1, x2 = Value(2.0, "x1"), Value(0.5, "x2")
c1, c2 = Value(1.0, "c1"), Value(-0.5, "c2")
a = exp(-0.5 * ((x1 - c1) ** 2 + (x2 - c2) ** 2))
a.name = "a"
a.backward()
diagram(a, engine="builtin")

# %% [markdown]
# Follow the path from $c_1$: its local derivatives are $-1$, then $2(x_1 - c_1)$, $1$, $-\tfrac12$ and $a$. Their product is
#
# $$\frac{\partial a}{\partial c_i} = a\,(x_i - c_i).$$
#
# To make the unit respond more, move its centre towards the input. No surprise; what matters is the factor $a$.

# %%
assert math.isclose(c1.grad, a.data * (2.0 - 1.0))
assert math.isclose(c2.grad, a.data * (0.5 + 0.5))
assert [round(math.exp(-(d**2) / 2), 2) for d in (1, 3)] == [0.61, 0.01]

# %% [markdown]
# ### Far away, nothing moves
#
# At distance $d$ from the input the derivative has the length $d \cdot \mathrm{e}^{-d^2/2}$. It is 0 at the centre (the unit
# is where it should be), largest at distance 1, and practically 0 beyond 4: there a small move of the centre changes
# nothing, whichever way it goes.

# %%
distances = grid(0.0, 5.0, 200)
values, slopes = [], []
for d in distances:
    center = Value(0.0)
    unit = exp(-0.5 * (d - center) ** 2)
    values.append(unit.data)
    slopes.append(gradient(unit, center))

figure = new_figure(7, 3.2)
axes = figure.subplots()
axes.plot(distances, values, DASHES[0], color=CLASSES[0][1], label="activation a")
axes.plot(distances, slopes, DASHES[1], color=CLASSES[1][1], label="length of its derivative by c")
axes.set(xlabel="distance between input and centre", ylim=(0, 1.05))
axes.grid(alpha=0.3)
axes.legend()
figure

# %%
steepest = distances[slopes.index(max(slopes))]
print(f"steepest at a distance of {steepest:.2f}, {max(slopes):.3f}; at 4 it is {4 * math.exp(-8):.4f}")
assert abs(steepest - 1) < 0.03 and round(max(slopes), 3) == round(math.exp(-0.5), 3)

# %% [markdown]
# ## The network of the exam
#
# (Gerstner, the 2018 exam: G4.) The network has a first hidden layer of Gaussian units, a second one of sigmoid units, and
# a linear output:
#
# $$x^{(1)}_j = \mathrm{e}^{-\frac12 \|x - c_j\|^2}, \qquad
# z_k = \sum_j w^{(2)}_{kj} x^{(1)}_j, \quad x^{(2)}_k = \sigma(z_k), \qquad
# \hat y_m = \sum_k w^{(3)}_{mk} x^{(2)}_k, \qquad
# E = \tfrac12 \sum_m (t_m - \hat y_m)^2 .$$
#
# (Our layers add a bias to $z_k$ and $\hat y_m$; it changes nothing in what follows.) The exam asks for an efficient way
# to compute how each centre should move. Here is a small one, with every unit as one box that shows $z$, $a$ and
# $\delta = \partial E/\partial z$ (the 1 on an arrow into a Gaussian unit is that of the difference $x_i - c_{ji}$ inside;
# the square after it is folded away):

# %%
small = Sequential(
    GaussianLayer(2, 3, rng=0),
    Layer(3, 2, activation="sigmoid", rng=1),
    Layer(2, 1, activation="linear", rng=2),
)
E = half_squared_error(small([Value(0.3, "x1"), Value(0.1, "x2")]), 1.0)
E.name = "E"
E.backward()
diagram(E, model=small, fold="neuron", engine="builtin", playable=False)

# %% [markdown]
# ## Deltas down to the centres
#
# (G4, the backward pass.) Start at the output and go down, one layer at a time. The first two lines are those of any
# network:
#
# $$\delta^{(3)}_m = -(t_m - \hat y_m), \qquad
# \delta^{(2)}_k = \sigma'(z_k) \sum_m w^{(3)}_{mk}\, \delta^{(3)}_m .$$
#
# The third is too, once the exponential is read as an activation. Since $\exp' = \exp$, its derivative at $z_j$ is the
# unit's own output $x^{(1)}_j$, which is known from the forward pass:
#
# $$\delta^{(1)}_j = x^{(1)}_j \sum_k w^{(2)}_{kj}\, \delta^{(2)}_k .$$
#
# What is new is the last step, from $z_j = -\frac12 \sum_i (x_i - c_{ji})^2$ to the parameters. In an ordinary layer
# $\partial z_j/\partial w_{ji} = x_i$. Here $\partial z_j/\partial c_{ji} = x_i - c_{ji}$, so
#
# $$\frac{\partial E}{\partial c_{ji}} = \delta^{(1)}_j\,(x_i - c_{ji}), \qquad
# \Delta c_{ji} = -\eta\, \delta^{(1)}_j\,(x_i - c_{ji}).$$
#
# In words: a centre moves along the line between itself and the input, towards it if the error would shrink with more of
# this unit ($\delta^{(1)}_j < 0$), away from it otherwise.

# %% [markdown]
# ## By hand beside the engine
#
# (G4 in code.) The formulas as they stand, with plain lists and numbers:


# %%
def deltas_by_hand(x, t, c, w2, b2, w3, b3):
    """δ of the three layers, outputs last."""
    x1 = [math.exp(-0.5 * sum((xi - ci) ** 2 for xi, ci in zip(x, cj))) for cj in c]
    z = [sum(w * a for w, a in zip(row, x1)) + b for row, b in zip(w2, b2)]
    x2 = [1 / (1 + math.exp(-zk)) for zk in z]
    y = [sum(w * a for w, a in zip(row, x2)) + b for row, b in zip(w3, b3)]
    d3 = [-(tm - ym) for tm, ym in zip(t, y)]
    d2 = [a * (1 - a) * sum(row[k] * d for row, d in zip(w3, d3)) for k, a in enumerate(x2)]
    d1 = [a * sum(row[j] * d for row, d in zip(w2, d2)) for j, a in enumerate(x1)]
    return d1, d2, d3


def center_gradients(x, c, d1):
    """∂E/∂c_ji, a row for each centre."""
    return [[d * (xi - ci) for xi, ci in zip(x, cj)] for cj, d in zip(c, d1)]


# %% [markdown]
# A network with 5 inputs, 5 Gaussian units, 3 sigmoid units and 2 outputs, at one pattern. The engine knows nothing of
# these formulas; it records `exp`, squares and sums, and multiplies along the edges.

# %%
gaussian = GaussianLayer(5, 5, rng=1)
hidden, out = Layer(5, 3, activation="sigmoid", rng=2), Layer(3, 2, activation="linear", rng=3)
model = Sequential(gaussian, hidden, out)
x, t = [0.3, -0.8, 0.5, 0.1, -0.4], [1.0, -1.0]
E = half_squared_error(model(x), t)
E.backward()

c = [[v.data for v in center] for center in gaussian.centers]
biases = [[n.b.data for n in layer.neurons] for layer in (hidden, out)]
d1, d2, d3 = deltas_by_hand(x, t, c, hidden.weights, biases[0], out.weights, biases[1])
by_hand = center_gradients(x, c, d1)
print("centre   δ by hand   ∂E/∂c_j1 by hand   by the engine")
for j, center in enumerate(gaussian.centers):
    print(f"{j + 1:6}   {d1[j]:9.6f}   {by_hand[j][0]:16.8f}   {center[0].grad:13.8f}")

assert all(
    math.isclose(v.grad, mine, rel_tol=1e-12)
    for center, row in zip(gaussian.centers, by_hand)
    for v, mine in zip(center, row)
)

# %% [markdown]
# All 25 derivatives agree to twelve digits. Finite differences, which know neither the graph nor the formulas, say the
# same:

# %%
report = check_gradients(lambda: half_squared_error(model(x), t), gaussian.parameters())
assert report and len(report.rows) == 25
print(f"{len(report.rows)} derivatives checked, all right: {bool(report)}")

# %% [markdown]
# ### What makes it efficient
#
# The formula could be written out for each coordinate on its own, as a sum over all ways from $c_{ji}$ to $E$. Each way
# goes through one of 3 sigmoid units and one of 2 outputs:

# %%
ways = [count_paths(E, v) for center in gaussian.centers for v in center]
print(f"{ways[0]} paths from a coordinate, {sum(ways)} from all {len(ways)}")
assert ways == [3 * 2] * 25

# %% [markdown]
# That would be 150 products, and in a network with hundreds of units in each layer tens of thousands for every coordinate.
# With δ, the sums over $m$ and $k$ are done once for each *unit* and then shared: by all centres that feed a sigmoid unit,
# and by all coordinates of a centre. What remains for each coordinate is a single multiplication, since $x_i - c_{ji}$ is
# left over from the forward pass. As in [notebook 11](11_cost_and_memory.ipynb), the cost is linear in the number of
# parameters.

# %% [markdown]
# ## A misprint, found by trying every reading
#
# (G4, the printed solution.) Written out for one coordinate, the fifth of the fourth centre, the derivative is
#
# $$\frac{\partial E}{\partial c_{45}} = \Big[\sum_k w^{(2)}_{k4}\,\sigma'(z_k) \sum_m w^{(3)}_{mk}\,\delta^{(3)}_m\Big]
# \cdot \mathrm{e}^{-\frac12 \|x - c_4\|^2} \cdot (x_5 - c_{45}).$$
#
# The printed line has $c_j$ in the exponent where $c_4$ should be. Nothing in it says what $j$ is, so take it at its word
# and try all five:

# %%
engine = gaussian.centers[3][4]
assert engine.name == "c45"
bracket = sum(hidden.weights[k][3] * d2[k] for k in range(3))

matches = []
for j in range(5):
    factor = math.exp(-0.5 * sum((xi - ci) ** 2 for xi, ci in zip(x, c[j])))
    reading = bracket * factor * (x[4] - c[3][4])
    matches.append(math.isclose(reading, engine.grad, rel_tol=1e-12))
    print(f"with c_{j + 1} in the exponent {reading:11.8f}   {'agrees' if matches[-1] else 'differs'}")
print(f"{'by the engine':24} {engine.grad:11.8f}")
assert matches == [False, False, False, True, False]

# %% [markdown]
# Only $c_4$ gives the derivative. It could not be otherwise: the only path from $c_{45}$ into the rest of the network leads
# through the fourth Gaussian unit, so no other centre's distance can be a factor on it. The reading is a slip of one index,
# easy to make and easy to copy. In code it would not crash. Each reading has the right sign and only
# the wrong size, since an exponential is always positive; training would still go downhill, slower or faster than it
# should, and nobody would notice without a check.

# %%
assert all(math.exp(-0.5 * sum((xi - ci) ** 2 for xi, ci in zip(x, cj))) > 0 for cj in c)

# %% [markdown]
# ## Centres that find the data
#
# Now let it learn. The data are three round clusters of class 1 with class 0 all around them, a task that suits units which
# mark places. Three Gaussian units should do, if each finds a cluster. We record the centres after each epoch.

# %%
CLUSTERS = [(-2, -1), (2, -1), (0, 2)]


def samples(rng):
    """60 points within 0.8 of a cluster's middle, and 60 that are at least 1.4 away from all."""
    kept = {0: [], 1: []}
    while len(kept[0]) < 60 or len(kept[1]) < 60:
        point = [rng.uniform(-4, 4), rng.uniform(-3.5, 4)]
        nearest = min(math.dist(point, middle) for middle in CLUSTERS)
        kind = 1 if nearest <= 0.8 else 0 if nearest >= 1.4 else None
        if kind is not None and len(kept[kind]) < 60:
            kept[kind].append(point)
    return kept[0] + kept[1], [0] * 60 + [1] * 60


def trained(seed, points, classes):
    """A 2 → 3 Gaussian → 3 sigmoid → 1 linear network, its history and the way of each centre."""
    centers = GaussianLayer(2, 3, rng=seed, init=uniform(-2, 2))
    network = Sequential(
        centers, Layer(3, 3, activation="sigmoid", rng=seed), Layer(3, 1, activation="linear", rng=seed)
    )
    ways = [[[v.data for v in center]] for center in centers.centers]

    def record(epoch, network, history):
        for way, center in zip(ways, centers.centers):
            way.append([v.data for v in center])

    adam = Adam(network.parameters(), 0.05)
    history = fit(network, (points, classes), half_squared_error, adam, 100, callbacks=record, progress=False)
    return network, history, ways


points, classes = samples(random.Random(4))
runs = {seed: trained(seed, points, classes) for seed in (1, 5)}

# %%
right = {}
for seed, (network, history, ways) in runs.items():
    right[seed] = sum((network(point).data > 0.5) == kind for point, kind in zip(points, classes))
    ends = ", ".join(f"({round(way[-1][0], 1) + 0.0:.1f}, {round(way[-1][1], 1) + 0.0:.1f})" for way in ways)
    print(f"start {seed}: loss {history.loss[-1]:.3f}, {right[seed]} of 120 right, centres at {ends}")

assert right[1] == 120 and right[5] < 100

# %%
figure = new_figure(7.4, 3.9)
for axes, (seed, (network, _, ways)) in zip(figure.subplots(1, 2), runs.items()):
    draw_boundary(axes, network, points, classes, cells=40, threshold=0.5)
    for way in ways:
        axes.plot(*zip(*way), "-", color="#222222", linewidth=1.5)
        axes.plot(*way[0], "o", color="white", markeredgecolor="#222222")
        axes.plot(*way[-1], "*", color="#f0e442", markeredgecolor="#222222", markersize=15)
    axes.get_legend().remove()
    axes.set(title=f"start {seed}: {right[seed]} of 120 right", aspect="equal")
figure

# %% [markdown]
# Circles are class 0, triangles class 1. Each black line is the way of a centre from its start (white dot) to its end (star).
# From start 1 each centre found a cluster of its own, and came to rest within 0.2 of its middle. From start 5 two of them
# went to the same cluster. The third cluster has no unit near it, and as the derivative dies out with distance, nothing
# pulls one there.


# %%
def nearest_clusters(ways):
    return [min(range(3), key=lambda i: math.dist(way[-1], CLUSTERS[i])) for way in ways]


assert sorted(nearest_clusters(runs[1][2])) == [0, 1, 2]
assert all(min(math.dist(way[-1], middle) for middle in CLUSTERS) < 0.2 for way in runs[1][2])
assert len(set(nearest_clusters(runs[5][2]))) == 2

figure = learning_curves({f"start {seed}": history.loss for seed, (_, history, _) in runs.items()})
figure.set_size_inches(7, 3.2)
figure

# %% [markdown]
# So the starting point decides. What people do: begin with more units than clusters, or put the
# first centres on samples of the data, so that none begins where nothing is.

# %% [markdown]
# ## Exercises
#
# Write your answer into the cell that holds the solution, and run the cell below it.
#
# ### 1 · One unit on paper
#
# One input $x = 2$, centre $c = 1$, and the loss $E = a \cdot w$ with $w = -3$. One path leads from each of the
# three to $E$; what does it carry? (Decimals and expressions such as `3 * exp(-0.5)` both count. The sheet calls the loss
# $f$.)

# %%
x, c, w = Value(2.0, "x"), Value(1.0, "c"), Value(-3.0, "w")
unit = exp(-0.5 * (x - c) ** 2)
sheet_1 = worksheet(unit * w, [x, c, w], "totals")
sheet_1

# %% tags=["solution"]
answers_1 = ["3 * exp(-0.5)", "-3 * exp(-0.5)", "exp(-0.5)"]

# %%
sheet_1.check(globals().get("answers_1", []))

# %% [markdown]
# ### 2 · Where is it steepest?
#
# The derivative by the centre has the length $s(d) = d\,\mathrm{e}^{-d^2/2}$ at distance $d$. Differentiate $s$ on paper and
# find the $d$ where it is largest. The checker asks the engine for $s'$ at your answer.

# %% tags=["solution"]
answer_2 = 1  # s' = (1 - d²) exp(-d²/2)

# %%
answer = globals().get("answer_2", ...)
if answer is ...:
    print("not answered yet")
else:
    d = Value(float(answer))
    slope = gradient(d * exp(-(d**2) / 2), d)
    right = abs(slope) < 1e-9 and d > 0
    print("right" if right else f"off: there s' is {slope:.3f}, so s still changes")

# %% [markdown]
# ### 3 · A width that learns
#
# Give the unit a **width** $s$: $a = \exp(-\|x - c\|^2 / (2 s^2))$. Write `wide_unit(x, c, s)` with the library's `exp`, for
# lists `x` and `c`, and `slope_by_hand(x, c, s, a)`, the derivative $\partial a/\partial s$ as you find it on paper.


# %% tags=["solution"]
def wide_unit(x, c, s):
    return exp(-sum((xi - ci) ** 2 for xi, ci in zip(x, c)) / (2 * s**2))


def slope_by_hand(x, c, s, a):
    return a * sum((xi - ci) ** 2 for xi, ci in zip(x, c)) / s**3


# %%
if not {"wide_unit", "slope_by_hand"} <= set(globals()):
    print("not answered yet")
else:
    x, c, s = [1.0, -0.5], [0.2, 0.3], Value(1.5)
    a = wide_unit(x, c, s)
    wanted = math.exp(-1.28 / 4.5)
    mine, engines = slope_by_hand(x, c, 1.5, float(a)), gradient(a, s)
    for name, found, number in (("wide_unit", float(a), wanted), ("slope_by_hand", mine, engines)):
        right = math.isclose(found, number)
        print(f"{name}: {'right' if right else f'off, {found:.4f} instead of {number:.4f}'}")

# %% [markdown]
# ### 4 · Move the centres
#
# Write `moved(c, x, d1, eta)`: the centres after one step of gradient descent, from the old ones, the input, the δ of each
# Gaussian unit and the learning rate. The checker lets the library's `SGD` take the same step.


# %% tags=["solution"]
def moved(c, x, d1, eta):
    return [[ci - eta * d * (xi - ci) for xi, ci in zip(x, cj)] for cj, d in zip(c, d1)]


# %%
x, t = [0.3, -0.8, 0.5, 0.1, -0.4], [1.0, -1.0]
c = [[v.data for v in center] for center in gaussian.centers]
optimizer = SGD(gaussian.parameters(), learning_rate=0.5)
optimizer.zero_grad()
half_squared_error(model(x), t).backward()
optimizer.step()
after = [[v.data for v in center] for center in gaussian.centers]
for center, row in zip(gaussian.centers, c):
    for v, number in zip(center, row):
        v.data = number  # back to where they were, so that this cell can run again

if "moved" not in globals():
    print("not answered yet")
else:
    mine = moved(c, x, d1, 0.5)
    close = [math.isclose(a, b, rel_tol=1e-9) for p, q in zip(mine, after) for a, b in zip(p, q)]
    off = close.count(False)
    print("right" if not off else f"off: {off} of 25 coordinates differ; which way is downhill?")

# %% [markdown]
# ## Summary
#
# - A **Gaussian unit** has a centre instead of weights and responds to inputs near it.
# - With $z_j = -\frac12\|x - c_j\|^2$ and $\varphi = \exp$ the usual recursion for δ holds; the factor $\varphi'$ is the unit's own
#   output.
# - The gradient by a centre is $\delta^{(1)}_j (x_i - c_{ji})$: one multiplication for each coordinate, all sums being shared.
# - A formula can be tested by computing it: the printed $\partial E/\partial c_{45}$ needs $c_4$ in its exponent.
# - A centre feels only inputs nearby. Where it starts decides what it finds.
#
# Next: [13 · The tape](13_the_tape.ipynb).
